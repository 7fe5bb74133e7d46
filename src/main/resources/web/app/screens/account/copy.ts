import { html } from 'lit';
import { LightElement } from '../../components/element';
import { icon } from '../../components/icons';
import { toast } from '../../components/toasts';
import { strings } from '../../i18n/language';

/** A button that copies a text, and says so for a moment. */
class Copy extends LightElement {
    static override properties = { text: { attribute: false }, copied: { state: true } };

    declare text: string;
    declare copied: boolean;

    constructor() {
        super();
        this.text = '';
        this.copied = false;
    }

    protected override render() {
        return html`<button class="button small" type="button" @click=${() => void this.#copy()}>
            ${icon(this.copied ? 'check' : 'copy', 16)}
            <span aria-live="polite">${this.copied ? strings().common.copied : strings().common.copy}</span>
        </button>`;
    }

    async #copy(): Promise<void> {
        try {
            await navigator.clipboard.writeText(this.text);
        } catch {
            // Browsers may refuse it by their settings.
            toast(strings().account.notCopied);
            return;
        }
        this.copied = true;
        setTimeout(() => {
            this.copied = false;
        }, 2000);
    }
}

customElements.define('cra-copy', Copy);
