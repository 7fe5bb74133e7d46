import { html, nothing } from 'lit';
import { post } from '../../api/http';
import { session } from '../../api/session';
import { Screen } from '../../components/element';
import { notice, spinner } from '../../components/feedback';
import { describe, strings } from '../../i18n/language';
import { Form } from '../../state/form';
import { check, checkOnLeaving, checks } from './checks';
import { entrance } from './frame';
import { LinkToken } from './link-token';

const RULES = { new_password: checks.newPassword };

/** Where the link leads that a new password is chosen with. */
class ResetPassword extends Screen {
    static override properties = { done: { state: true } };

    declare done: boolean;
    readonly #form = new Form(this);
    readonly #token = new LinkToken(this, () => {
        this.done = false;
        this.#form.problem = undefined;
    });

    constructor() {
        super();
        this.done = false;
    }

    protected override render() {
        const form = this.#form;
        if (this.done) {
            return entrance(
                strings().auth.resetDoneTitle,
                html`<p>${strings().auth.resetDoneText}</p>
                    <a class="button primary wide" href="/sign-in">${strings().auth.signIn}</a>`,
            );
        }
        if (this.#token.value === '' || form.problem?.kind === 'invalid-token') {
            return entrance(
                strings().auth.linkSpentTitle,
                html`<p>${strings().auth.resetSpentText}</p>
                    <a class="button primary wide" href="/forgot-password">${strings().auth.sendLink}</a>
                    <p><a href="/sign-in">${strings().auth.toSignIn}</a></p>`,
            );
        }
        return entrance(
            strings().auth.resetTitle,
            html`<p>${strings().auth.resetText}</p>
                <form class="stack" novalidate @submit=${this.#send} @focusout=${checkOnLeaving(form, RULES)}>
                    ${form.problem && !form.isAboutFields ? notice('bad', describe(form.problem)) : nothing}
                    <cra-text-field
                        name="new_password"
                        type="password"
                        autocomplete="new-password"
                        required
                        .label=${strings().auth.newPassword}
                        .hint=${strings().auth.passwordHint}
                        .error=${form.error('new_password')}
                    ></cra-text-field>
                    <button class="button primary wide" type="submit" aria-disabled=${form.busy}>
                        ${form.busy ? spinner() : nothing}${strings().auth.reset}
                    </button>
                </form>`,
        );
    }

    async #send(event: SubmitEvent): Promise<void> {
        await this.#form.submit(
            event,
            async (values) => {
                await post(
                    '/auth/password/reset',
                    { token: this.#token.value, new_password: values['new_password'] },
                    { anonymous: true },
                );
                this.#token.spent();
                this.done = true;
                if (session.state.status !== 'signed-out') {
                    session.ended();
                }
            },
            check(RULES),
        );
    }
}

customElements.define('cra-reset-password', ResetPassword);
