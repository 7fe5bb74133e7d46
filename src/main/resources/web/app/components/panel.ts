import { css, html, type PropertyValues } from 'lit';
import { strings } from '../i18n/language';
import { ShadowElement, uniqueId } from './element';
import { icon } from './icons';

/** Where it is over the page, not beside it. */
const COVERS = matchMedia('(width < 60rem)');

/**
 * A panel at the side of a screen, such as the source of a citation; on a phone it covers the screen. Escape and its button
 * close it, and tell so with a `close` event; what had the focus before gets it back. What is in the slot `actions` stands
 * beside its heading; `--panel-width` makes it wider.
 */
export class Panel extends ShadowElement {
    static override properties = { heading: {}, open: { type: Boolean, reflect: true }, returnTo: { attribute: false } };

    static override styles = css`
        :host {
            display: none;
        }

        :host([open]) {
            display: flex;
            flex-direction: column;
            min-block-size: 0;
            inline-size: var(--panel-width, min(28rem, 40vw));
            border-inline-start: 1px solid var(--border);
            background: var(--surface-raised);
        }

        @media (width < 60rem) {
            :host([open]) {
                position: fixed;
                inset: 0;
                z-index: 40;
                inline-size: auto;
                border: 0;
            }
        }

        header {
            display: flex;
            align-items: center;
            justify-content: space-between;
            gap: var(--space-3);
            padding: var(--space-3) var(--space-4);
            border-block-end: 1px solid var(--border);
        }

        h2 {
            margin: 0;
            font-size: var(--text-l);
            line-height: var(--leading-tight);
            font-weight: var(--weight-strong);
            overflow-wrap: anywhere;
        }

        section {
            display: contents;
        }

        .tools {
            display: flex;
            flex: none;
            align-items: center;
            gap: var(--space-1);
        }

        h2:focus {
            outline: none;
        }

        button {
            display: grid;
            place-items: center;
            flex: none;
            inline-size: 2.5rem;
            block-size: 2.5rem;
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

        button:focus-visible,
        .content:focus-visible {
            outline: 2px solid var(--focus);
            outline-offset: -2px;
        }

        .content {
            flex: 1;
            min-block-size: 0;
            padding: var(--space-4);
            overflow: auto;
            overscroll-behavior: contain;
        }
    `;

    declare heading: string;
    declare open: boolean;
    /** What gets the focus when it closes, in place of what had it before. */
    declare returnTo: (() => HTMLElement | null) | undefined;
    readonly #id = uniqueId('panel');
    #before: HTMLElement | null = null;

    constructor() {
        super();
        this.heading = '';
        this.open = false;
        this.addEventListener('keydown', (event) => {
            if (event.key === 'Escape' && !event.defaultPrevented) {
                event.preventDefault();
                this.close();
            }
        });
    }

    override connectedCallback(): void {
        super.connectedCallback();
        document.addEventListener('focusin', this.#focused);
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        document.removeEventListener('focusin', this.#focused);
    }

    /** Where it covers the page, nothing behind it has the focus (WCAG 2.2, 2.4.11). */
    readonly #focused = (event: FocusEvent): void => {
        const target = event.target as HTMLElement;
        if (this.open && COVERS.matches && !target.closest('cra-panel, dialog, [popover], cra-dialog, cra-toasts')) {
            this.focusHeading();
        }
    };

    close(): void {
        this.open = false;
        this.dispatchEvent(new Event('close'));
        (this.returnTo?.() ?? this.#before)?.focus();
    }

    /** Takes the focus, as when it opens: what it shows is another thing now. */
    focusHeading(): void {
        this.renderRoot.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has('open') && this.open) {
            this.#before = document.activeElement as HTMLElement | null;
        }
    }

    protected override updated(changed: PropertyValues<this>): void {
        if (changed.has('open') && this.open) {
            this.focusHeading();
        }
    }

    protected override render() {
        return html`<section aria-labelledby=${this.#id}>
            <header>
                <h2 id=${this.#id} tabindex="-1">${this.heading}</h2>
                <div class="tools">
                    <slot name="actions"></slot>
                    <button type="button" aria-label=${strings().common.close} @click=${() => this.close()}>
                        ${icon('close')}
                    </button>
                </div>
            </header>
            <div class="content" tabindex="0"><slot></slot></div>
        </section>`;
    }
}

customElements.define('cra-panel', Panel);
