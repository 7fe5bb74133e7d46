import { html, nothing } from 'lit';
import { Problem } from '../../api/problem';
import { Screen } from '../../components/element';
import { notice } from '../../components/feedback';
import { describe, strings } from '../../i18n/language';
import { router } from '../../routing/router';
import { entrance } from './frame';
import type { SignInForm } from './sign-in-form';
import './sign-in-form';
import './sign-in-providers';

class SignIn extends Screen {
    static override properties = { secondStep: { state: true } };

    /** Then there is no other way to go on. */
    declare secondStep: boolean;
    /** What came of a sign-in at a provider: docs/api.md, "Sign-in through a provider". */
    #problem: Problem | null = null;
    #mfaToken = '';

    constructor() {
        super();
        this.secondStep = false;
    }

    override connectedCallback(): void {
        super.connectedCallback();
        const kind = router.query('sign_in_error');
        if (kind !== null) {
            this.#mfaToken = new URLSearchParams(location.hash.slice(1)).get('mfa_token') ?? '';
            this.#problem = this.#mfaToken === '' ? new Problem(0, kind, strings().auth.providerFailed, null, null) : null;
            // A token is nothing for the history, and a failure is not told twice.
            history.replaceState(history.state, '', '/sign-in');
        }
    }

    protected override render() {
        const back = router.query('to');
        return entrance(
            strings().auth.signInTitle,
            html`${this.#problem ? notice('bad', describe(this.#problem)) : nothing}
                <cra-sign-in-form
                    .mfaToken=${this.#mfaToken}
                    @step=${(event: Event) => {
                        this.secondStep = (event.target as SignInForm).mfaToken !== '';
                    }}
                ></cra-sign-in-form>
                ${this.secondStep
                    ? nothing
                    : html`<cra-sign-in-providers .back=${back}></cra-sign-in-providers>
                          <p><a href="/forgot-password">${strings().auth.forgot}</a></p>
                          <p>${strings().auth.noAccount} <a href="/register">${strings().auth.register}</a></p>`}`,
        );
    }
}

customElements.define('cra-sign-in', SignIn);
