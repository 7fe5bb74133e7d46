import { css, html, nothing } from 'lit';
import { session } from '../../api/session';
import { LightElement } from '../../components/element';
import { notice, spinner } from '../../components/feedback';
import type { TextField } from '../../components/text-field';
import { describe, strings } from '../../i18n/language';
import { Form } from '../../state/form';

/** Address and password, here and in the dialog for a sign-in that has ended. */
class SignInForm extends LightElement {
    static override properties = { email: {} };

    static override styles = css`
        cra-sign-in-form {
            display: block;
        }
    `;

    /** The address to begin with. */
    declare email: string;
    readonly #form = new Form(this);

    constructor() {
        super();
        this.email = '';
    }

    protected override async firstUpdated(): Promise<void> {
        if (this.email !== '') {
            const password = this.querySelector<TextField>('[name="password"]')!;
            await password.updateComplete;
            password.focus();
        }
    }

    protected override render() {
        const form = this.#form;
        return html`<form class="stack" novalidate @submit=${this.#send}>
            ${form.problem && !form.isAboutFields ? notice('bad', describe(form.problem)) : nothing}
            <cra-text-field
                name="email"
                type="email"
                autocomplete="username"
                required
                .label=${strings().auth.email}
                .value=${this.email}
                .error=${form.error('email')}
            ></cra-text-field>
            <cra-text-field
                name="password"
                type="password"
                autocomplete="current-password"
                required
                .label=${strings().auth.password}
                .error=${form.error('password')}
            ></cra-text-field>
            <button class="button primary wide" type="submit" aria-disabled=${form.busy}>
                ${form.busy ? html`${spinner(strings().auth.signingIn)}` : nothing}${strings().auth.signIn}
            </button>
        </form>`;
    }

    async #send(event: SubmitEvent): Promise<void> {
        await this.#form.submit(
            event,
            (values) => session.signIn(values['email']!.trim(), values['password']!),
            (values) =>
                Object.fromEntries(
                    ['email', 'password']
                        .filter((name) => values[name]!.trim() === '')
                        .map((name) => [name, strings().auth.missing]),
                ),
        );
    }
}

customElements.define('cra-sign-in-form', SignInForm);
