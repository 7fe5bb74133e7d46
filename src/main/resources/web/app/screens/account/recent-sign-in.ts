import { html, render } from 'lit';
import { del, get } from '../../api/http';
import { asProblem } from '../../api/problem';
import { session } from '../../api/session';
import type { Page, SignInSession } from '../../api/types';
import type { Dialog } from '../../components/dialog';
import { strings } from '../../i18n/language';
import '../auth/sign-in-form';
import '../auth/sign-in-providers';

/**
 * Does what takes a recent sign-in. Where the service says that it was too long ago, it is asked for, and then the same is
 * done again.
 */
export async function recently<T>(action: () => Promise<T>): Promise<T> {
    try {
        return await action();
    } catch (thrown) {
        const problem = asProblem(thrown);
        if (problem.kind !== 'sign-in-too-old' || !(await signInAgain())) {
            throw problem;
        }
        return action();
    }
}

/** @returns whether they did */
async function signInAgain(): Promise<boolean> {
    const before = await currentSession();
    const done = await ask();
    if (done && before) {
        // The new sign-in takes the place of this one, or the same device would be listed twice.
        await del(`/auth/sessions/${before}`).catch(asProblem);
    }
    return done;
}

async function currentSession(): Promise<string | undefined> {
    const sessions = await get<Page<SignInSession>>('/auth/sessions', { query: { limit: 100 } });
    return sessions.items.find((each) => each.current)?.id;
}

function ask(): Promise<boolean> {
    return new Promise((resolve) => {
        const place = document.createElement('div');
        document.body.append(place);
        let done = false;
        render(
            html`<cra-dialog
                .heading=${strings().account.signInAgainTitle}
                .open=${true}
                @close=${() => {
                    place.remove();
                    resolve(done);
                }}
            >
                <div class="stack">
                    <p>${strings().account.signInAgainText}</p>
                    <cra-sign-in-form
                        .email=${session.state.user?.email ?? ''}
                        @signed-in=${() => {
                            done = true;
                            place.querySelector<Dialog>('cra-dialog')!.close();
                        }}
                    ></cra-sign-in-form>
                    <cra-sign-in-providers .back=${location.pathname}></cra-sign-in-providers>
                </div>
            </cra-dialog>`,
            place,
        );
    });
}
