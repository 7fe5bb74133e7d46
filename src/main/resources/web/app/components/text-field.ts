import { css, html, nothing, type PropertyValues } from 'lit';
import { live } from 'lit/directives/live.js';
import { strings } from '../i18n/language';
import { LightElement, uniqueId } from './element';
import { icon } from './icons';

/**
 * A labelled field of a form. The `<input>` stands in the light DOM under its `name`, so that the form has its value and
 * password managers find it. `value` follows what is typed; `input` events come from the input itself.
 */
export class TextField extends LightElement {
    static override properties = {
        name: {},
        label: {},
        type: {},
        value: {},
        autocomplete: {},
        hint: {},
        error: {},
        inputmode: {},
        maxlength: { type: Number },
        rows: { type: Number },
        required: { type: Boolean },
        optional: { type: Boolean },
        disabled: { type: Boolean },
        revealed: { state: true },
    };

    static override styles = css`
        cra-text-field {
            display: block;

            & label {
                display: flex;
                gap: var(--space-2);
                margin-block-end: var(--space-1);
                font-weight: var(--weight-medium);
            }

            & .control {
                position: relative;
            }

            & .control.with-button input {
                padding-inline-end: 3rem;
            }

            & .control .button {
                position: absolute;
                inset-block-start: 0.25rem;
                inset-inline-end: 0.25rem;
            }

            & .hint,
            & .error {
                margin-block-start: var(--space-1);
                font-size: var(--text-s);
            }

            & .hint {
                color: var(--text-muted);
            }

            & .error {
                color: var(--danger);
            }
        }
    `;

    declare name: string;
    declare label: string;
    /** As of an `<input>`; `multiline` is a `<textarea>`. */
    declare type: string;
    declare value: string;
    declare autocomplete: string;
    declare hint: string;
    /** What is wrong with the value; empty if nothing is. */
    declare error: string;
    declare inputmode: string;
    declare maxlength: number | undefined;
    declare rows: number;
    declare required: boolean;
    /** Says so beside the label. */
    declare optional: boolean;
    declare disabled: boolean;
    declare revealed: boolean;

    readonly #id = uniqueId('field');

    constructor() {
        super();
        this.name = '';
        this.label = '';
        this.type = 'text';
        this.value = '';
        this.autocomplete = '';
        this.hint = '';
        this.error = '';
        this.inputmode = '';
        this.rows = 4;
        this.required = false;
        this.optional = false;
        this.disabled = false;
        this.revealed = false;
    }

    get control(): HTMLInputElement | HTMLTextAreaElement | null {
        return this.querySelector('input, textarea');
    }

    override focus(): void {
        this.control?.focus();
    }

    protected override updated(changed: PropertyValues<this>): void {
        // What a password manager filled in before we were there.
        if (changed.has('name') && this.value === '' && this.control?.value) {
            this.value = this.control.value;
        }
    }

    protected override render() {
        const password = this.type === 'password';
        return html`
            <label for=${this.#id}>
                ${this.label}
                ${this.optional ? html`<span class="muted small">${strings().common.optional}</span>` : nothing}
            </label>
            <div class="control ${password ? 'with-button' : ''}">
                ${this.type === 'multiline' ? this.#textarea() : this.#input()}
                ${password
                    ? html`<button
                          class="button quiet icon small"
                          type="button"
                          aria-label=${this.revealed ? strings().common.hidePassword : strings().common.showPassword}
                          aria-controls=${this.#id}
                          @click=${() => {
                              this.revealed = !this.revealed;
                          }}
                      >
                          ${icon(this.revealed ? 'eye-off' : 'eye')}
                      </button>`
                    : nothing}
            </div>
            ${this.error ? html`<p class="error" id="${this.#id}-error">${this.error}</p>` : nothing}
            ${this.hint ? html`<p class="hint" id="${this.#id}-hint">${this.hint}</p>` : nothing}
        `;
    }

    get #described(): string | typeof nothing {
        const ids = [this.error && `${this.#id}-error`, this.hint && `${this.#id}-hint`].filter(Boolean);
        return ids.length > 0 ? ids.join(' ') : nothing;
    }

    #input() {
        return html`<input
            id=${this.#id}
            name=${this.name}
            type=${this.type === 'password' && this.revealed ? 'text' : this.type}
            autocomplete=${this.autocomplete || nothing}
            inputmode=${this.inputmode || nothing}
            maxlength=${this.maxlength ?? nothing}
            autocapitalize=${this.type === 'text' ? nothing : 'none'}
            spellcheck=${this.type === 'text' ? nothing : 'false'}
            .value=${live(this.value)}
            aria-required=${this.required}
            aria-invalid=${this.error !== ''}
            aria-describedby=${this.#described}
            ?disabled=${this.disabled}
            @input=${this.#typed}
            @change=${this.#typed}
        />`;
    }

    #textarea() {
        return html`<textarea
            id=${this.#id}
            name=${this.name}
            rows=${this.rows}
            dir="auto"
            maxlength=${this.maxlength ?? nothing}
            .value=${live(this.value)}
            aria-required=${this.required}
            aria-invalid=${this.error !== ''}
            aria-describedby=${this.#described}
            ?disabled=${this.disabled}
            @input=${this.#typed}
        ></textarea>`;
    }

    #typed(event: Event): void {
        this.value = (event.target as HTMLInputElement).value;
        // What was wrong with the former value need not be wrong with this one.
        this.error = '';
    }
}

customElements.define('cra-text-field', TextField);
