import { css, html, nothing } from 'lit';
import type { StoredDocument } from '../../api/types';
import { LightElement } from '../../components/element';
import { icon } from '../../components/icons';
import { strings } from '../../i18n/language';
import { Watching } from '../../state/store';
import { actions, isInWork } from './actions';
import { factsOf, pagesWithoutText, stageOf } from './document-text';

/** One document of the list. Tells with `pick`, `rename` and `remove` what the person wants to do with it. */
export class DocumentRow extends LightElement {
    static override properties = {
        document: { attribute: false },
        address: {},
        selected: { type: Boolean },
        current: { type: Boolean, reflect: true },
    };

    static override styles = css`
        cra-document {
            display: grid;
            grid-template-columns: auto minmax(0, 1fr) auto;
            gap: var(--space-1) var(--space-3);
            align-items: start;
            padding: var(--space-3) var(--space-2);
            border-radius: var(--radius-m);

            &:hover {
                background: var(--surface-hover);
            }

            &[current] {
                background: var(--surface-selected);
            }

            & input {
                margin: 0.2rem 0 0;
            }

            & .name {
                color: var(--text);
                font-weight: var(--weight-medium);
                text-decoration: none;
                overflow-wrap: anywhere;
            }

            & .name:hover {
                text-decoration: underline;
            }

            & .about {
                display: grid;
                gap: var(--space-1);
            }

            & .facts,
            & .trouble {
                display: flex;
                flex-wrap: wrap;
                align-items: center;
                gap: var(--space-1) var(--space-2);
            }

            & .line {
                display: flex;
                gap: var(--space-2);
                align-items: start;
                font-size: var(--text-s);
            }

            & .line > svg {
                flex: none;
                margin-block-start: 0.15em;
            }

            & .bad {
                color: var(--danger);
            }

            & .doubtful {
                color: var(--warning);
            }

            & progress {
                max-inline-size: 20rem;
            }

            & cra-menu {
                margin-block-start: -0.25rem;
            }
        }

        @media (width < 40rem) {
            cra-document {
                padding-inline: 0;
            }
        }
    `;

    declare document: StoredDocument;
    /** Of what the assistant sees of it. */
    declare address: string;
    declare selected: boolean;
    /** Shown beside the list. */
    declare current: boolean;

    constructor() {
        super();
        this.address = '';
        this.selected = false;
        this.current = false;
        new Watching(this, actions);
    }

    protected override render() {
        const { document } = this;
        const texts = strings().documents;
        return html`<input
                type="checkbox"
                aria-label=${texts.select(document.filename)}
                .checked=${this.selected}
                @change=${() => this.#tell('pick')}
            />
            <div class="about">
                <a class="name" href=${this.address} aria-current=${this.current ? 'true' : nothing}>
                    <bdi>${document.filename}</bdi>
                </a>
                <p class="facts small muted">${this.#badge()}<span>${factsOf(document)}</span></p>
                ${actions.state.downloading.has(document.id)
                    ? html`<p class="small muted" role="status">${texts.downloading}</p>`
                    : nothing}
                ${this.#more()}
            </div>
            <cra-menu
                .label=${texts.actionsFor(document.filename)}
                .kind=${'quiet icon small'}
                .items=${actions.menu(
                    document,
                    () => this.#tell('rename'),
                    () => this.#tell('remove'),
                )}
            ></cra-menu>`;
    }

    #badge() {
        const { status } = this.document;
        const looks = { ready: 'good', failed: 'bad', queued: '', parsing: '', embedding: '' };
        const texts = strings().documents;
        const text = isInWork(this.document) ? texts.states.working : texts.status[status];
        return html`<span class="badge ${looks[status]}">${text}</span>`;
    }

    /** What goes on, what is wrong, and what to do about it. */
    #more() {
        const { document } = this;
        const texts = strings().documents;
        if (isInWork(document)) {
            return html`<progress max="1" .value=${document.progress} aria-label=${document.filename}></progress>
                <p class="small muted">${stageOf(document)}</p>
                ${document.passage_count > 0 ? html`<p class="small muted">${texts.replacing}</p>` : nothing}`;
        }
        if (document.status === 'failed') {
            return html`<p class="line bad" lang="en">${icon('alert', 16)}<span>${document.error}</span></p>
                <div class="trouble">
                    <button class="button small" type="button" @click=${() => actions.replace(document)}>
                        ${icon('upload', 16)}${texts.replaceFile}
                    </button>
                    <button class="button small" type="button" @click=${() => this.#reread()}>
                        ${icon('refresh', 16)}${texts.readAgain}
                    </button>
                </div>`;
        }
        const pages = pagesWithoutText(document);
        return pages === ''
            ? nothing
            : html`<p class="line doubtful">
                  ${icon('alert', 16)}<span>${texts.withoutText(document.pages_without_text.length, pages)}</span>
              </p>`;
    }

    #reread(): void {
        // The button is about to go.
        this.querySelector<HTMLElement>('.name')!.focus();
        void actions.reread(this.document);
    }

    #tell(what: 'pick' | 'rename' | 'remove'): void {
        this.dispatchEvent(new Event(what));
    }
}

customElements.define('cra-document', DocumentRow);
