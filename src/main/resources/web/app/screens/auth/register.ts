import { css, html, nothing } from 'lit';
import { post } from '../../api/http';
import { asProblem, type Problem } from '../../api/problem';
import { session } from '../../api/session';
import { Screen } from '../../components/element';
import { notice, spinner } from '../../components/feedback';
import { describe, strings } from '../../i18n/language';
import { Form } from '../../state/form';
import { check, checkOnLeaving, checks } from './checks';
import { entrance } from './frame';
import './send-mail';
import './sign-in-providers';
import { typed } from './typed';

const RULES = {
    first_name: checks.name,
    last_name: checks.name,
    email: checks.email,
    password: checks.newPassword,
};

/** Opens an account; then asks to confirm its address, and goes on without that where the service lets people. */
class Register extends Screen {
    static override properties = { opened: { state: true }, entering: { state: true } };

    static override styles = css`
        cra-register {
            & .names {
                display: grid;
                grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
                gap: var(--space-4) var(--space-3);
            }
        }
    `;

    /** The address and the password of the account that was opened. */
    declare opened: { email: string; password: string } | undefined;
    declare entering: boolean;
    readonly #form = new Form(this);
    #problem: Problem | undefined;

    constructor() {
        super();
        this.entering = false;
    }

    protected override render() {
        return this.opened ? this.#confirm(this.opened.email) : this.#ask();
    }

    #ask() {
        const form = this.#form;
        return entrance(
            strings().auth.registerTitle,
            html`<form class="stack" novalidate @submit=${this.#send} @focusout=${checkOnLeaving(form, RULES)}>
                    ${form.problem && !form.isAboutFields ? notice('bad', this.#told(form.problem)) : nothing}
                    <div class="names">
                        <cra-text-field
                            name="first_name"
                            autocomplete="given-name"
                            required
                            .label=${strings().auth.firstName}
                            .error=${form.error('first_name')}
                        ></cra-text-field>
                        <cra-text-field
                            name="last_name"
                            autocomplete="family-name"
                            required
                            .label=${strings().auth.lastName}
                            .error=${form.error('last_name')}
                        ></cra-text-field>
                    </div>
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
                    <cra-text-field
                        name="password"
                        type="password"
                        autocomplete="new-password"
                        required
                        .label=${strings().auth.password}
                        .hint=${strings().auth.passwordHint}
                        .error=${form.error('password')}
                    ></cra-text-field>
                    <button class="button primary wide" type="submit" aria-disabled=${form.busy}>
                        ${form.busy ? spinner() : nothing}${strings().auth.register}
                    </button>
                </form>
                <cra-sign-in-providers></cra-sign-in-providers>
                <p>${strings().auth.haveAccount} <a href="/sign-in">${strings().auth.signIn}</a></p>`,
        );
    }

    #told(problem: Problem) {
        return problem.kind === 'email-already-registered'
            ? html`${describe(problem)} <a href="/sign-in">${strings().auth.signIn}</a> ·
                  <a href="/forgot-password">${strings().auth.forgot}</a>`
            : describe(problem);
    }

    #confirm(email: string) {
        return entrance(
            strings().auth.checkMailTitle,
            html`<p>${strings().auth.checkMailText(email)}</p>
                ${this.#problem ? notice('bad', describe(this.#problem)) : nothing}
                <button
                    class="button primary wide"
                    type="button"
                    aria-disabled=${this.entering}
                    @click=${() => void this.#enter()}
                >
                    ${this.entering ? spinner(strings().auth.signingIn) : nothing}${strings().auth.goOn}
                </button>
                <cra-send-mail .email=${email} .label=${strings().auth.sendAgain}></cra-send-mail>`,
        );
    }

    async #send(event: SubmitEvent): Promise<void> {
        const done = await this.#form.submit(
            event,
            async (values) => {
                const email = values['email']!.trim();
                await post(
                    '/auth/register',
                    {
                        email,
                        first_name: values['first_name']!.trim(),
                        last_name: values['last_name']!.trim(),
                        password: values['password'],
                    },
                    { anonymous: true },
                );
                this.opened = { email, password: values['password']! };
            },
            check(RULES),
        );
        if (done) {
            await this.updateComplete;
            const heading = this.querySelector('h1')!;
            heading.tabIndex = -1;
            heading.focus();
        }
    }

    async #enter(): Promise<void> {
        if (this.entering || !this.opened) {
            return;
        }
        this.entering = true;
        this.#problem = undefined;
        try {
            await session.signIn(this.opened.email, this.opened.password);
            typed.email = '';
        } catch (thrown) {
            this.#problem = asProblem(thrown);
        } finally {
            this.entering = false;
        }
    }
}

customElements.define('cra-register', Register);
