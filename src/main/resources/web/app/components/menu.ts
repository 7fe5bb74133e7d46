import { css, html, nothing } from 'lit';
import { LightElement, uniqueId } from './element';
import { icon, type IconName } from './icons';

export interface MenuItem {
    label: string;
    icon?: IconName;
    danger?: boolean;
    disabled?: boolean;
    /** For one of several to choose from. */
    checked?: boolean;
    run: () => void;
}

/**
 * A button that opens a menu (WAI-ARIA Authoring Practices, "Menu Button"): arrows, Home, End, Escape and letters work.
 * `trigger` is what the button shows; without words it needs a `label`.
 */
export class Menu extends LightElement {
    static override properties = {
        label: {},
        trigger: { attribute: false },
        kind: {},
        items: { attribute: false },
        open: { state: true },
    };

    static override styles = css`
        cra-menu {
            display: inline-block;
            position: relative;

            & .menu {
                position: fixed;
                inset: auto;
                inline-size: max-content;
                min-inline-size: 11rem;
                max-inline-size: min(20rem, calc(100vw - 1rem));
                max-block-size: calc(100dvh - 1rem);
                margin: 0;
                padding: var(--space-1);
                border: 1px solid var(--border);
                border-radius: var(--radius-m);
                background: var(--surface-raised);
                color: var(--text);
                box-shadow: var(--shadow-2);
                overflow: auto;
            }

            & [role^='menuitem'] {
                display: flex;
                align-items: center;
                gap: var(--space-3);
                inline-size: 100%;
                min-block-size: 2.25rem;
                padding: var(--space-1) var(--space-3);
                border: 0;
                border-radius: var(--radius-s);
                background: none;
                text-align: start;
                cursor: pointer;
            }

            & [role^='menuitem']:hover,
            & [role^='menuitem']:focus-visible {
                background: var(--surface-hover);
                outline-offset: -2px;
            }

            & [role^='menuitem'][aria-disabled='true'] {
                color: var(--text-muted);
                cursor: not-allowed;
            }

            & .danger {
                color: var(--danger);
            }

            & .tick {
                margin-inline-start: auto;
            }
        }
    `;

    declare label: string;
    declare trigger: unknown;
    /** Classes of the button beside `button`. */
    declare kind: string;
    declare items: MenuItem[];
    declare open: boolean;
    readonly #id = uniqueId('menu');

    constructor() {
        super();
        this.label = '';
        this.trigger = nothing;
        this.kind = 'quiet';
        this.items = [];
        this.open = false;
    }

    protected override render() {
        return html`<button
                class="button ${this.kind}"
                type="button"
                aria-haspopup="menu"
                aria-expanded=${this.open}
                aria-controls=${this.#id}
                aria-label=${this.label || nothing}
                popovertarget=${this.#id}
                @keydown=${(event: KeyboardEvent) => {
                    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
                        event.preventDefault();
                        this.#menu.showPopover();
                        // At once, as the next key may be on its way.
                        this.#options.at(event.key === 'ArrowUp' ? -1 : 0)?.focus();
                    }
                }}
            >
                ${this.trigger === nothing ? icon('more') : this.trigger}
            </button>
            <div
                class="menu"
                id=${this.#id}
                role="menu"
                popover="auto"
                aria-label=${this.label || nothing}
                @beforetoggle=${this.#place}
                @toggle=${this.#toggled}
                @keydown=${this.#key}
            >
                ${this.items.map(
                    (item) => html`<button
                        type="button"
                        role=${item.checked === undefined ? 'menuitem' : 'menuitemradio'}
                        aria-checked=${item.checked ?? nothing}
                        aria-disabled=${item.disabled ? 'true' : nothing}
                        class=${item.danger ? 'danger' : ''}
                        tabindex="-1"
                        @click=${() => this.#choose(item)}
                    >
                        ${item.icon ? icon(item.icon) : nothing}<span>${item.label}</span>${item.checked
                            ? html`<span class="tick">${icon('check', 16)}</span>`
                            : nothing}
                    </button>`,
                )}
            </div>`;
    }

    get #menu(): HTMLElement {
        return this.querySelector<HTMLElement>('.menu')!;
    }

    get #options(): HTMLElement[] {
        return [...this.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
    }

    #choose(item: MenuItem): void {
        if (!item.disabled) {
            this.#menu.hidePopover();
            item.run();
        }
    }

    #place(event: ToggleEvent): void {
        if (event.newState === 'open') {
            requestAnimationFrame(() => this.#moveBesideButton());
        }
    }

    #moveBesideButton(): void {
        const button = this.querySelector('button')!.getBoundingClientRect();
        const menu = this.#menu.getBoundingClientRect();
        const below = button.bottom + 4 + menu.height <= innerHeight || button.top < menu.height + 4;
        const start = getComputedStyle(this).direction === 'rtl' ? button.right - menu.width : button.left;
        const left = Math.max(8, Math.min(start, innerWidth - menu.width - 8));
        const top = below ? button.bottom + 4 : button.top - menu.height - 4;
        this.#menu.style.left = `${left}px`;
        this.#menu.style.top = `${Math.max(8, Math.min(top, innerHeight - menu.height - 8))}px`;
    }

    #toggled(event: ToggleEvent): void {
        this.open = event.newState === 'open';
        if (this.open && !this.#menu.contains(document.activeElement)) {
            this.#options[0]?.focus();
        }
    }

    #key(event: KeyboardEvent): void {
        const options = this.#options;
        const at = options.indexOf(document.activeElement as HTMLElement);
        const moves: Record<string, number> = {
            ArrowDown: (at + 1) % options.length,
            ArrowUp: (at - 1 + options.length) % options.length,
            Home: 0,
            End: options.length - 1,
        };
        const next = moves[event.key];
        if (next !== undefined) {
            event.preventDefault();
            options[next]?.focus();
        } else if (event.key === 'Tab') {
            this.#menu.hidePopover();
        } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && event.key !== ' ') {
            const letter = event.key.toLowerCase();
            const after = [...options.slice(at + 1), ...options.slice(0, at + 1)];
            after.find((option) => option.textContent!.trim().toLowerCase().startsWith(letter))?.focus();
        }
    }
}

customElements.define('cra-menu', Menu);
