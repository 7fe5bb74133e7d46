import { html, nothing } from 'lit';
import { post } from '../../api/http';
import { asProblem, type Problem } from '../../api/problem';
import { LightElement } from '../../components/element';
import { notice, spinner } from '../../components/feedback';
import { describe, strings } from '../../i18n/language';

/** A button that has a mail with a link sent to an address: to confirm it, or to choose a new password. */
class SendMail extends LightElement {
    static override properties = { email: {}, mail: {}, label: {}, busy: { state: true }, sent: { state: true } };

    declare email: string;
    declare mail: 'confirmation' | 'password';
    declare label: string;
    declare busy: boolean;
    declare sent: boolean;
    #problem: Problem | undefined;

    constructor() {
        super();
        this.email = '';
        this.mail = 'confirmation';
        this.label = '';
        this.busy = false;
        this.sent = false;
    }

    protected override render() {
        return html`<div class="stack">
            ${this.#problem ? notice('bad', describe(this.#problem)) : nothing}
            ${this.sent && !this.#problem ? notice('plain', strings().auth.mailSent(this.email)) : nothing}
            <p>
                <button class="button" type="button" aria-disabled=${this.busy} @click=${() => void this.#send()}>
                    ${this.busy ? spinner() : nothing}${this.sent ? strings().auth.sendAgain : this.label}
                </button>
            </p>
        </div>`;
    }

    async #send(): Promise<void> {
        if (this.busy) {
            return;
        }
        this.busy = true;
        this.#problem = undefined;
        try {
            const path = this.mail === 'password' ? '/auth/password/forgot' : '/auth/email/resend';
            await post(path, { email: this.email }, { anonymous: true });
            this.sent = true;
        } catch (thrown) {
            this.#problem = asProblem(thrown);
        } finally {
            this.busy = false;
        }
    }
}

customElements.define('cra-send-mail', SendMail);
