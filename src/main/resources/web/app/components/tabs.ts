import { css, html } from 'lit';
import { LightElement, uniqueId } from './element';

export interface Tab {
    id: string;
    label: string;
    content: () => unknown;
}

/** Tabs (WAI-ARIA Authoring Practices, automatic activation). Tells with `change` when `selected` is another. */
export class Tabs extends LightElement {
    static override properties = { label: {}, tabs: { attribute: false }, selected: {} };

    static override styles = css`
        cra-tabs {
            display: block;

            & [role='tablist'] {
                display: flex;
                gap: var(--space-1);
                margin-block-end: var(--space-4);
                border-block-end: 1px solid var(--border);
                overflow-x: auto;
            }

            & [role='tab'] {
                flex: none;
                min-block-size: var(--control-height);
                padding: var(--space-1) var(--space-3);
                border: 0;
                border-block-end: 3px solid transparent;
                background: none;
                color: var(--text-muted);
                cursor: pointer;
            }

            & [role='tab']:hover {
                color: var(--text);
            }

            & [role='tab'][aria-selected='true'] {
                border-color: var(--accent);
                color: var(--text);
                font-weight: var(--weight-medium);
            }

            & [role='tab']:focus-visible {
                outline-offset: -2px;
            }
        }
    `;

    declare label: string;
    declare tabs: Tab[];
    declare selected: string;
    readonly #id = uniqueId('tabs');

    constructor() {
        super();
        this.label = '';
        this.tabs = [];
        this.selected = '';
    }

    protected override render() {
        const current = this.tabs.find((tab) => tab.id === this.selected) ?? this.tabs[0];
        return html`<div role="tablist" aria-label=${this.label} @keydown=${this.#key}>
                ${this.tabs.map(
                    (tab) => html`<button
                        type="button"
                        role="tab"
                        id="${this.#id}-${tab.id}"
                        aria-selected=${tab === current}
                        aria-controls="${this.#id}-panel"
                        tabindex=${tab === current ? 0 : -1}
                        @click=${() => this.#select(tab.id)}
                    >
                        ${tab.label}
                    </button>`,
                )}
            </div>
            <div role="tabpanel" id="${this.#id}-panel" tabindex="0" aria-labelledby="${this.#id}-${current?.id}">
                ${current?.content()}
            </div>`;
    }

    #select(id: string): void {
        this.selected = id;
        this.dispatchEvent(new Event('change'));
    }

    async #key(event: KeyboardEvent): Promise<void> {
        const at = Math.max(
            0,
            this.tabs.findIndex((tab) => tab.id === this.selected),
        );
        const step = getComputedStyle(this).direction === 'rtl' ? -1 : 1;
        const moves: Record<string, number> = {
            ArrowRight: at + step,
            ArrowLeft: at - step,
            Home: 0,
            End: this.tabs.length - 1,
        };
        const next = moves[event.key];
        if (next !== undefined) {
            event.preventDefault();
            this.#select(this.tabs[(next + this.tabs.length) % this.tabs.length]!.id);
            await this.updateComplete;
            this.querySelector<HTMLElement>('[aria-selected="true"]')!.focus();
        }
    }
}

customElements.define('cra-tabs', Tabs);
