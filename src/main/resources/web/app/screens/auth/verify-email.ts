import { html, nothing } from 'lit';
import { get, post } from '../../api/http';
import { asProblem, type Problem } from '../../api/problem';
import { session } from '../../api/session';
import type { User } from '../../api/types';
import { Screen } from '../../components/element';
import { notice, spinner } from '../../components/feedback';
import { describe, strings } from '../../i18n/language';
import { Form } from '../../state/form';
import { check, checks } from './checks';
import { entrance } from './frame';
import { LinkToken } from './link-token';
import { typed } from './typed';

/**
 * Where the link leads that confirms an address. It asks to press a button: what opens links before people do, such as
 * scanners of mail, some of which run scripts, must not confirm for somebody that an account is theirs.
 */
class VerifyEmail extends Screen {
    static override properties = { state: { state: true }, sentTo: { state: true } };

    declare state: 'asked' | 'busy' | 'done';
    declare sentTo: string;
    #problem: Problem | undefined;
    readonly #token = new LinkToken(this, () => {
        this.state = 'asked';
        this.#problem = undefined;
    });
    readonly #again = new Form(this);

    constructor() {
        super();
        this.state = 'asked';
        this.sentTo = '';
    }

    protected override render() {
        if (this.state === 'done') {
            return entrance(
                strings().auth.verifiedTitle,
                html`<p>${strings().auth.verifiedText}</p>
                    ${session.state.status === 'signed-in'
                        ? html`<a class="button primary wide" href="/">${strings().auth.goOn}</a>`
                        : html`<a class="button primary wide" href="/sign-in">${strings().auth.signIn}</a>`}`,
            );
        }
        if (this.#token.value === '' || this.#problem?.kind === 'invalid-token') {
            return this.#newLink();
        }
        return entrance(
            strings().auth.verifyTitle,
            html`<p>${strings().auth.verifyText}</p>
                ${this.#problem ? notice('bad', describe(this.#problem)) : nothing}
                <button
                    class="button primary wide"
                    type="button"
                    aria-disabled=${this.state === 'busy'}
                    @click=${() => void this.#confirm()}
                >
                    ${this.state === 'busy' ? spinner() : nothing}${strings().auth.verify}
                </button>`,
        );
    }

    #newLink() {
        const form = this.#again;
        return entrance(
            strings().auth.linkSpentTitle,
            html`<p>${strings().auth.linkSpentText}</p>
                ${this.sentTo === '' ? nothing : notice('plain', strings().auth.mailSentIfAny(this.sentTo))}
                <form class="stack" novalidate @submit=${this.#sendAgain}>
                    ${form.problem && !form.isAboutFields ? notice('bad', describe(form.problem)) : nothing}
                    <cra-text-field
                        name="email"
                        type="email"
                        autocomplete="username"
                        required
                        .label=${strings().auth.email}
                        .value=${session.state.user?.email ?? typed.email}
                        .error=${form.error('email')}
                    ></cra-text-field>
                    <button class="button primary wide" type="submit" aria-disabled=${form.busy}>
                        ${form.busy ? spinner() : nothing}${strings().auth.sendConfirmation}
                    </button>
                </form>
                ${session.state.status === 'signed-out'
                    ? html`<p><a href="/sign-in">${strings().auth.toSignIn}</a></p>`
                    : nothing}`,
        );
    }

    async #confirm(): Promise<void> {
        if (this.state !== 'asked') {
            return;
        }
        this.state = 'busy';
        this.#problem = undefined;
        try {
            await post('/auth/email/verify', { token: this.#token.value }, { anonymous: true });
            this.#token.spent();
            this.state = 'done';
            if (session.state.status === 'signed-in') {
                session.changed(await get<User>('/auth/me'));
            }
        } catch (thrown) {
            const problem = asProblem(thrown);
            // That it is confirmed is true even where the account cannot be shown as it is now.
            if (this.state === 'busy') {
                this.#problem = problem;
                this.state = 'asked';
            }
        }
    }

    async #sendAgain(event: SubmitEvent): Promise<void> {
        this.sentTo = '';
        await this.#again.submit(
            event,
            async (values) => {
                const email = values['email']!.trim();
                await post('/auth/email/resend', { email }, { anonymous: true });
                this.sentTo = email;
            },
            check({ email: checks.email }),
        );
    }
}

customElements.define('cra-verify-email', VerifyEmail);
