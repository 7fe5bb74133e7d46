import { css, html, nothing, render, type PropertyValues } from 'lit';
import { strings } from '../i18n/language';
import { ShadowElement, uniqueId } from './element';
import { icon } from './icons';

/**
 * A modal dialog. Content goes into it, buttons into the slot `actions`. Escape and the button close it, and tell so with
 * a `close` event; the element that had the focus gets it back.
 */
export class Dialog extends ShadowElement {
    static override properties = {
        heading: {},
        open: { type: Boolean, reflect: true },
        locked: { type: Boolean },
    };

    static override styles = css`
        dialog {
            inline-size: min(32rem, calc(100vw - 2rem));
            max-block-size: calc(100dvh - 2rem);
            box-sizing: border-box;
            padding: 0;
            border: 1px solid var(--border);
            border-radius: var(--radius-l);
            background: var(--surface-raised);
            color: var(--text);
            box-shadow: var(--shadow-2);
            overflow: auto;
        }

        :host([size='large']) dialog {
            inline-size: min(56rem, calc(100vw - 2rem));
        }

        dialog::backdrop {
            background: var(--backdrop);
        }

        header {
            display: flex;
            align-items: start;
            justify-content: space-between;
            gap: var(--space-3);
            padding: var(--space-5) var(--space-5) 0;
        }

        h2 {
            margin: 0;
            font-size: var(--text-xl);
            line-height: var(--leading-tight);
            font-weight: var(--weight-strong);
            overflow-wrap: anywhere;
        }

        button {
            display: grid;
            place-items: center;
            flex: none;
            inline-size: 2rem;
            block-size: 2rem;
            padding: 0;
            border: 0;
            border-radius: var(--radius-s);
            background: none;
            color: inherit;
            cursor: pointer;
        }

        button:hover {
            background: var(--surface-hover);
        }

        button:focus-visible {
            outline: 2px solid var(--focus);
            outline-offset: 2px;
        }

        .content {
            padding: var(--space-4) var(--space-5) var(--space-5);
        }

        slot[name='actions'] {
            display: flex;
            flex-wrap: wrap;
            justify-content: end;
            gap: var(--space-2);
            padding: 0 var(--space-5) var(--space-5);
        }

        slot[name='actions'].empty {
            display: none;
        }
    `;

    declare heading: string;
    declare open: boolean;
    /** Cannot be closed but by what is in it. */
    declare locked: boolean;
    readonly #id = uniqueId('dialog');

    constructor() {
        super();
        this.heading = '';
        this.open = false;
        this.locked = false;
    }

    get #dialog(): HTMLDialogElement {
        return this.renderRoot.querySelector('dialog')!;
    }

    /** Closes it and tells so. */
    close(): void {
        this.open = false;
    }

    protected override updated(changed: PropertyValues<this>): void {
        if (!changed.has('open')) {
            return;
        }
        if (this.open && !this.#dialog.open) {
            this.#dialog.showModal();
            this.querySelector<HTMLElement>('[autofocus], input:not([type="hidden"]), textarea, select')?.focus();
        } else if (!this.open && this.#dialog.open) {
            this.#dialog.close();
        }
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.open = false;
    }

    protected override render() {
        return html`<dialog
            aria-labelledby=${this.#id}
            @cancel=${(event: Event) => {
                if (this.locked) {
                    event.preventDefault();
                }
            }}
            @close=${() => {
                this.open = false;
                this.dispatchEvent(new Event('close'));
            }}
            @keydown=${(event: KeyboardEvent) => {
                // Chromium closes at the second Escape whatever "cancel" says.
                if (this.locked && event.key === 'Escape') {
                    event.preventDefault();
                }
            }}
        >
            <header>
                <h2 id=${this.#id}>${this.heading}</h2>
                ${this.locked
                    ? nothing
                    : html`<button type="button" aria-label=${strings().common.close} @click=${() => this.close()}>
                          ${icon('close')}
                      </button>`}
            </header>
            <div class="content"><slot></slot></div>
            <slot
                name="actions"
                class="empty"
                @slotchange=${(event: Event) => {
                    const slot = event.target as HTMLSlotElement;
                    slot.classList.toggle('empty', slot.assignedElements().length === 0);
                }}
            ></slot>
        </dialog>`;
    }
}

customElements.define('cra-dialog', Dialog);

/** Asks before something that cannot be taken back; gives whether to do it. */
export function confirm(options: { heading: string; text: string; action: string; danger?: boolean }): Promise<boolean> {
    return new Promise((resolve) => {
        const place = document.createElement('div');
        document.body.append(place);
        let answer = false;
        const decide = (decision: boolean) => {
            answer = decision;
            place.querySelector<Dialog>('cra-dialog')!.close();
        };
        const show = (open: boolean) =>
            render(
                html`<cra-dialog
                    .heading=${options.heading}
                    .open=${open}
                    @close=${() => {
                        place.remove();
                        resolve(answer);
                    }}
                >
                    <p>${options.text}</p>
                    <button slot="actions" class="button" type="button" autofocus @click=${() => decide(false)}>
                        ${strings().common.cancel}
                    </button>
                    <button
                        slot="actions"
                        class="button ${options.danger ? 'danger' : 'primary'}"
                        type="button"
                        @click=${() => decide(true)}
                    >
                        ${options.action}
                    </button>
                </cra-dialog>`,
                place,
            );
        show(true);
    });
}
