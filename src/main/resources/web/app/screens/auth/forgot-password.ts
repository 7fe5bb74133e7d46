import { html, nothing } from 'lit';
import { post } from '../../api/http';
import { Screen } from '../../components/element';
import { notice, spinner } from '../../components/feedback';
import { describe, strings } from '../../i18n/language';
import { Form } from '../../state/form';
import { check, checks } from './checks';
import { entrance } from './frame';
import { typed } from './typed';

/** Has a link sent to choose a new password with. */
class ForgotPassword extends Screen {
    static override properties = { sentTo: { state: true } };

    declare sentTo: string;
    readonly #form = new Form(this);

    constructor() {
        super();
        this.sentTo = '';
    }

    protected override render() {
        const form = this.#form;
        return entrance(
            strings().auth.forgotTitle,
            html`<p>${strings().auth.forgotText}</p>
                ${this.sentTo === '' ? nothing : notice('plain', strings().auth.mailSentIfAny(this.sentTo))}
                <form class="stack" novalidate @submit=${this.#send}>
                    ${form.problem && !form.isAboutFields ? notice('bad', describe(form.problem)) : nothing}
                    <cra-text-field
                        name="email"
                        type="email"
                        autocomplete="username"
                        required
                        .label=${strings().auth.email}
                        .value=${typed.email}
                        .error=${form.error('email')}
                        @input=${(event: Event) => {
                            typed.email = (event.target as HTMLInputElement).value;
                        }}
                    ></cra-text-field>
                    <button class="button primary wide" type="submit" aria-disabled=${form.busy}>
                        ${form.busy ? spinner() : nothing}
                        ${this.sentTo === '' ? strings().auth.sendLink : strings().auth.sendAgain}
                    </button>
                </form>
                <p><a href="/sign-in">${strings().auth.toSignIn}</a></p>`,
        );
    }

    async #send(event: SubmitEvent): Promise<void> {
        this.sentTo = '';
        await this.#form.submit(
            event,
            async (values) => {
                const email = values['email']!.trim();
                await post('/auth/password/forgot', { email }, { anonymous: true });
                this.sentTo = email;
            },
            check({ email: checks.email }),
        );
    }
}

customElements.define('cra-forgot-password', ForgotPassword);
