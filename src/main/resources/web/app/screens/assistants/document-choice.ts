import { css, html, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { get } from '../../api/http';
import { Problem } from '../../api/problem';
import type { Page, StoredDocument } from '../../api/types';
import { LightElement, uniqueId } from '../../components/element';
import { failure, notice, skeleton } from '../../components/feedback';
import { formatNumber, strings } from '../../i18n/language';
import { Paged } from '../../state/paged';
import { MOST_DOCUMENTS } from './draft';

const PAGE = 20;
/** Milliseconds after a key until it is searched for. */
const TYPING = 250;

/** Which documents an assistant knows: all, or those with a tick. Tells with `change` when that is another. */
export class DocumentChoice extends LightElement {
    static override properties = {
        all: { type: Boolean },
        ids: { attribute: false },
        error: {},
        words: { state: true },
        chosenOnly: { state: true },
    };

    static override styles = css`
        cra-document-choice {
            display: flex;
            flex-direction: column;
            gap: var(--space-3);

            & .some {
                display: flex;
                flex-direction: column;
                gap: var(--space-3);
                padding: var(--space-4);
                border: 1px solid var(--border);
                border-radius: var(--radius-m);
            }

            & .tools {
                justify-content: space-between;
            }

            & ul {
                max-block-size: 22rem;
                overflow: auto;
                list-style: none;
            }

            & li label {
                display: flex;
                gap: var(--space-3);
                padding: var(--space-2);
                border-radius: var(--radius-s);
                cursor: pointer;
            }

            & li label:hover {
                background: var(--surface-hover);
            }

            & li input {
                flex: none;
                margin: 0.25em 0 0;
            }

            & li .name {
                flex: 1;
                min-inline-size: 0;
                overflow-wrap: anywhere;
            }

            & .error {
                color: var(--danger);
            }
        }
    `;

    declare all: boolean;
    declare ids: readonly string[];
    declare error: string;
    declare words: string;
    declare chosenOnly: boolean;

    readonly #id = uniqueId('documents');
    readonly #known = new Map<string, StoredDocument>();
    /** In the order in which they are shown where only those are: one that loses its tick stays in sight. */
    #shownIds: readonly string[] = [];
    #timer: ReturnType<typeof setTimeout> | undefined;
    readonly #list = new Paged<StoredDocument>(this, async (cursor, signal) => {
        const page = this.chosenOnly ? await this.#chosen(cursor, signal) : await this.#search(cursor, signal);
        page.items.forEach((document) => this.#known.set(document.id, document));
        return page;
    });

    constructor() {
        super();
        this.all = true;
        this.ids = [];
        this.error = '';
        this.words = '';
        this.chosenOnly = false;
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        clearTimeout(this.#timer);
    }

    protected override updated(changed: PropertyValues<this>): void {
        if (changed.has('all') && !this.all && !this.#list.begun && !this.#list.running) {
            void this.#list.start();
        }
    }

    protected override render() {
        const texts = strings().assistants;
        return html`<fieldset class="choices">
                <legend class="visually-hidden">${texts.documents}</legend>
                ${this.#radio(true, texts.documentsAll, texts.documentsAllText)}
                ${this.#radio(false, texts.documentsSome, texts.documentsSomeText)}
            </fieldset>
            ${this.error ? html`<p class="error small" role="alert">${this.error}</p>` : nothing}
            ${this.all ? nothing : this.#some()}`;
    }

    #radio(all: boolean, label: string, text: string) {
        return html`<label class="choice">
            <input
                type="radio"
                name=${this.#id}
                .checked=${this.all === all}
                @change=${(event: Event) => {
                    event.stopPropagation();
                    this.#tell(all, this.ids);
                }}
            />
            <span><span class="name">${label}</span><span class="small muted">${text}</span></span>
        </label>`;
    }

    #some() {
        const texts = strings().assistants;
        const list = this.#list;
        const full = this.ids.length >= MOST_DOCUMENTS;
        return html`<div class="some">
            <cra-text-field
                type="search"
                .label=${texts.findDocument}
                .value=${this.words}
                ?hidden=${this.chosenOnly}
                @input=${this.#typed}
                @change=${(event: Event) => event.stopPropagation()}
                @keydown=${(event: KeyboardEvent) => {
                    // Not for the form around it.
                    if (event.key === 'Enter') {
                        event.preventDefault();
                    }
                }}
            ></cra-text-field>
            <div class="row tools">
                <label class="row">
                    <input
                        type="checkbox"
                        .checked=${this.chosenOnly}
                        @change=${(event: Event) => {
                            event.stopPropagation();
                            this.chosenOnly = !this.chosenOnly;
                            this.#shownIds = this.ids;
                            void list.start();
                        }}
                    />
                    ${texts.chosenOnly}
                </label>
                <span class="small muted" role="status">
                    ${texts.chosen(formatNumber(this.ids.length), formatNumber(MOST_DOCUMENTS))}
                </span>
            </div>
            ${full ? notice('plain', texts.tooManyDocuments(MOST_DOCUMENTS)) : nothing}
            ${!list.begun
                ? list.problem
                    ? failure(list.problem, () => void list.start())
                    : skeleton(4)
                : list.items.length === 0
                  ? this.#none()
                  : html`<ul tabindex="0" aria-label=${texts.documents}>
                        ${repeat(
                            list.items,
                            ({ id }) => id,
                            (document) => this.#document(document, full),
                        )}
                    </ul>`}
            <div class="row">
                <cra-load-more .list=${list} .running=${list.running}></cra-load-more>
                ${list.items.length > 0
                    ? html`<button class="button quiet small" type="button" @click=${() => this.#chooseShown()}>
                              ${texts.chooseShown}
                          </button>
                          <button
                              class="button quiet small"
                              type="button"
                              ?disabled=${this.ids.length === 0}
                              @click=${() => this.#tell(false, [])}
                          >
                              ${texts.chooseNone}
                          </button>`
                    : nothing}
            </div>
        </div>`;
    }

    #document(document: StoredDocument, full: boolean) {
        const chosen = this.ids.includes(document.id);
        return html`<li>
            <label>
                <input
                    type="checkbox"
                    .checked=${chosen}
                    ?disabled=${full && !chosen}
                    @change=${(event: Event) => {
                        event.stopPropagation();
                        this.#tell(
                            false,
                            chosen ? this.ids.filter((id) => id !== document.id) : [...this.ids, document.id],
                        );
                    }}
                />
                <span class="name"><bdi>${document.filename}</bdi></span>
                ${document.status === 'ready'
                    ? nothing
                    : html`<span class="badge ${document.status === 'failed' ? 'bad' : 'doubtful'}"
                          >${document.status === 'failed'
                              ? strings().assistants.documentFailed
                              : strings().assistants.documentInWork}</span
                      >`}
            </label>
        </li>`;
    }

    #none() {
        const texts = strings().assistants;
        if (this.chosenOnly || this.words.trim() !== '') {
            return html`<p class="muted">${this.chosenOnly ? texts.noneChosen : texts.noDocumentFound}</p>`;
        }
        return html`<p class="muted">${texts.noDocuments} <a href="/documents">${texts.toDocuments}</a></p>`;
    }

    #chooseShown(): void {
        const ids = new Set(this.ids);
        for (const { id } of this.#list.items) {
            if (ids.size < MOST_DOCUMENTS) {
                ids.add(id);
            }
        }
        this.#tell(false, [...ids]);
    }

    #tell(all: boolean, ids: readonly string[]): void {
        this.all = all;
        this.ids = ids;
        this.error = '';
        this.dispatchEvent(new Event('change'));
    }

    #typed(event: Event): void {
        event.stopPropagation();
        this.words = (event.target as HTMLInputElement).value;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => void this.#list.start(), TYPING);
    }

    #search(cursor: string | undefined, signal: AbortSignal): Promise<Page<StoredDocument>> {
        const query = { q: this.words.trim(), sort: 'filename', limit: PAGE, cursor };
        return get<Page<StoredDocument>>('/documents', { query, signal });
    }

    /** The cursor is the place in the list of ids. Those that were deleted meanwhile are left out. */
    async #chosen(cursor: string | undefined, signal: AbortSignal): Promise<Page<StoredDocument>> {
        const begin = Number(cursor ?? 0);
        const end = begin + PAGE;
        const found = await Promise.all(
            this.#shownIds.slice(begin, end).map(async (id) => {
                try {
                    return this.#known.get(id) ?? (await get<StoredDocument>(`/documents/${id}`, { signal }));
                } catch (thrown) {
                    if (thrown instanceof Problem && thrown.status === 404) {
                        return null;
                    }
                    throw thrown;
                }
            }),
        );
        return {
            items: found.filter((document) => document !== null),
            next_cursor: end < this.#shownIds.length ? String(end) : null,
        };
    }
}

customElements.define('cra-document-choice', DocumentChoice);
