import { css, html, nothing, type PropertyValues } from 'lit';
import { asProblem, Problem } from '../../api/problem';
import { session } from '../../api/session';
import { LightElement } from '../../components/element';
import { notice, spinner } from '../../components/feedback';
import type { TextField } from '../../components/text-field';
import { describe, strings } from '../../i18n/language';
import { Form } from '../../state/form';
import { check, checks } from './checks';
import './send-mail';
import { typed } from './typed';

/**
 * Address and password, and a code where the account asks for one: on the sign-in screen and in dialogs for a sign-in that
 * has ended or is too old. Tells with `signed-in` when it is done, and with `step` when another step begins.
 */
export class SignInForm extends LightElement {
    static override properties = { email: {}, mfaToken: { attribute: false }, recovery: { state: true } };

    static override styles = css`
        cra-sign-in-form {
            display: block;
        }
    `;

    /** The address to begin with. */
    declare email: string;
    /** Not empty in the second step: what the first step ended with, here or at a provider. */
    declare mfaToken: string;
    /** Whether a recovery code is typed in place of one of the authenticator app. */
    declare recovery: boolean;
    readonly #form = new Form(this);
    readonly #code = new Form(this);

    constructor() {
        super();
        this.email = typed.email;
        this.mfaToken = '';
        this.recovery = false;
    }

    protected override async firstUpdated(): Promise<void> {
        if (this.mfaToken !== '') {
            await this.#focus('code');
        } else if (this.email !== '') {
            await this.#focus('password');
        }
    }

    protected override updated(changed: PropertyValues<this>): void {
        if (changed.has('mfaToken')) {
            this.dispatchEvent(new Event('step'));
        }
    }

    protected override render() {
        return html`${this.#passwordStep()} ${this.mfaToken !== '' ? this.#codeStep() : nothing}`;
    }

    /** Stays while the code is asked for, so that nothing has to be typed again if that comes to nothing. */
    #passwordStep() {
        const form = this.#form;
        return html`<form class="stack" novalidate ?hidden=${this.mfaToken !== ''} @submit=${this.#send}>
            ${form.problem && !form.isAboutFields ? notice('bad', describe(form.problem)) : nothing}
            ${form.problem?.kind === 'email-not-verified'
                ? html`<cra-send-mail .email=${this.email} .label=${strings().auth.sendConfirmation}></cra-send-mail>`
                : nothing}
            <cra-text-field
                name="email"
                type="email"
                autocomplete="username"
                required
                .label=${strings().auth.email}
                .value=${this.email}
                .error=${form.error('email')}
                @input=${(event: Event) => {
                    typed.email = (event.target as HTMLInputElement).value;
                }}
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

    #codeStep() {
        const form = this.#code;
        return html`<form class="stack" novalidate @submit=${this.#verify}>
            <p>${this.recovery ? strings().auth.recoveryText : strings().auth.codeText}</p>
            ${form.problem && !form.isAboutFields ? notice('bad', describe(form.problem)) : nothing}
            <cra-text-field
                name="code"
                autocomplete="one-time-code"
                inputmode=${this.recovery ? 'text' : 'numeric'}
                required
                .label=${this.recovery ? strings().auth.recoveryCode : strings().auth.code}
                .error=${form.error('code')}
            ></cra-text-field>
            <button class="button primary wide" type="submit" aria-disabled=${form.busy}>
                ${form.busy ? html`${spinner(strings().auth.signingIn)}` : nothing}${strings().auth.goOn}
            </button>
            <div class="row">
                <button
                    class="button quiet small"
                    type="button"
                    @click=${() => {
                        this.recovery = !this.recovery;
                        void this.#focus('code');
                    }}
                >
                    ${this.recovery ? strings().auth.useApp : strings().auth.useRecoveryCode}
                </button>
                <button class="button quiet small" type="button" @click=${() => void this.#backToPassword()}>
                    ${strings().common.back}
                </button>
            </div>
        </form>`;
    }

    async #send(event: SubmitEvent): Promise<void> {
        const done = await this.#form.submit(
            event,
            async (values) => {
                this.email = values['email']!.trim();
                try {
                    await session.signIn(this.email, values['password']!);
                } catch (thrown) {
                    this.mfaToken = secondStep(asProblem(thrown));
                }
            },
            check({ email: checks.required, password: checks.required }),
        );
        if (done && this.mfaToken !== '') {
            await this.#focus('code');
        } else if (done) {
            typed.email = '';
            this.dispatchEvent(new Event('signed-in'));
        }
    }

    async #verify(event: SubmitEvent): Promise<void> {
        const done = await this.#code.submit(
            event,
            (values) => this.#try(values['code']!),
            check({ code: checks.required }),
        );
        if (done) {
            typed.email = '';
            this.dispatchEvent(new Event('signed-in'));
        } else if (this.#code.problem?.kind === 'invalid-mfa-token') {
            this.#form.problem = this.#code.problem;
            await this.#backToPassword();
        }
    }

    async #try(code: string): Promise<void> {
        try {
            await session.verify(this.mfaToken, code);
        } catch (thrown) {
            const problem = asProblem(thrown);
            throw problem.kind === 'incorrect-code' ? problem.blame('code', describe(problem)) : problem;
        }
    }

    async #backToPassword(): Promise<void> {
        this.mfaToken = '';
        this.recovery = false;
        await this.#focus('password');
    }

    async #focus(name: string): Promise<void> {
        await this.updateComplete;
        const field = this.querySelector<TextField>(`cra-text-field[name="${name}"]`);
        await field?.updateComplete;
        field?.focus();
    }
}

/** What the second step is done with. @throws Problem that asks for none */
function secondStep(problem: Problem): string {
    const token = problem.document?.['mfa_token'];
    if (problem.kind !== 'mfa-required' || typeof token !== 'string') {
        throw problem;
    }
    return token;
}

customElements.define('cra-sign-in-form', SignInForm);
