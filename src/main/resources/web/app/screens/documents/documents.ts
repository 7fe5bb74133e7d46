import { css, html, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { get } from '../../api/http';
import { asProblem, isAbort } from '../../api/problem';
import type { DocumentUsage, Page, StoredDocument } from '../../api/types';
import { Screen } from '../../components/element';
import { emptyState, failure, notice, skeleton, spinner } from '../../components/feedback';
import { icon } from '../../components/icons';
import { tip } from '../../components/tip';
import { toast } from '../../components/toasts';
import { formatBytes, formatNumber, strings } from '../../i18n/language';
import { router } from '../../routing/router';
import { find } from '../../routing/routes';
import { Loading } from '../../state/loading';
import { Paged } from '../../state/paged';
import { Watching } from '../../state/store';
import { actions, chooseFiles, isInWork } from './actions';
import type { DocumentPanel } from './document-panel';
import './document-panel';
import './document-row';
import { explain } from './document-text';
import { droppedFiles } from './dropped';
import { belongs, isSame, placeOf, readView, type State, STATES, statusesOf, type View, viewQuery } from './view';
import { type DocumentNews, news } from './news';
import { removed } from './removed';
import './rename-dialog';
import './upload-list';
import { uploads } from './uploads';

const PAGE = 50;
const TYPING = 250;
/** How long the list waits for the stream of events, which is to begin first so that nothing is missed. */
const PATIENCE = 1500;
/** How often documents in work are looked at while there is no stream. */
const LOOK = 5000;
const MOST_LOOKED_AT = 10;
/** How often usage is asked for at most. */
const USAGE = 700;
const ALMOST_FULL = 0.9;
const RETAINED = '/account/privacy';

/** A person's documents: adding, watching, finding, changing and deleting them. */
class Documents extends Screen {
    static override properties = {
        ...Screen.properties,
        typed: { state: true },
        selected: { state: true },
        dragging: { state: true },
        renaming: { state: true },
        said: { state: true },
        refused: { state: true },
        uploading: { state: true },
    };

    static override styles = css`
        cra-documents {
            display: flex;
            min-inline-size: 0;

            & > .scroller {
                flex: 1;
                min-inline-size: 0;
                overflow: auto;
                overscroll-behavior: contain;
            }

            & .content {
                display: flex;
                flex-direction: column;
                gap: var(--space-4);
                max-inline-size: 64rem;
                margin-inline: auto;
                padding: var(--space-6) var(--space-6) var(--space-8);
            }

            & .head {
                display: flex;
                flex-wrap: wrap;
                align-items: center;
                justify-content: space-between;
                gap: var(--space-2) var(--space-4);
            }

            & .usage {
                display: grid;
                gap: var(--space-1);
                max-inline-size: 24rem;
            }

            & .tools {
                display: grid;
                grid-template-columns: minmax(12rem, 1fr) auto auto;
                gap: var(--space-2);
            }

            & .search {
                position: relative;
            }

            & .search svg {
                position: absolute;
                inset-block-start: 0.625rem;
                inset-inline-start: var(--space-3);
                color: var(--text-muted);
                pointer-events: none;
            }

            & .search input {
                padding-inline-start: 2.5rem;
            }

            & .tools select {
                padding-inline: var(--space-2);
            }

            & .bulk {
                display: flex;
                flex-wrap: wrap;
                align-items: center;
                gap: var(--space-2) var(--space-3);
                min-block-size: 2.5rem;
                margin-block: calc(-1 * var(--space-2));
                padding-inline: var(--space-2);
            }

            & .bulk label {
                display: flex;
                align-items: center;
                gap: var(--space-3);
                color: var(--text-muted);
                font-size: var(--text-s);
            }

            & .bulk input {
                margin: 0;
            }

            & .bulk .busy {
                margin-inline-start: auto;
            }

            & .documents {
                display: grid;
                list-style: none;
            }

            & .documents > li + li {
                border-block-start: 1px solid var(--border);
            }

            & .invitation {
                padding: var(--space-4);
                border: 2px dashed var(--border-control);
                border-radius: var(--radius-l);
            }

            & .invitation .empty-state {
                margin-block: var(--space-6);
            }

            & .overlay {
                position: fixed;
                inset: var(--space-3);
                z-index: 60;
                display: grid;
                place-content: center;
                justify-items: center;
                gap: var(--space-2);
                padding: var(--space-5);
                text-align: center;
                border: 3px dashed var(--accent);
                border-radius: var(--radius-l);
                background: color-mix(in srgb, var(--accent-quiet) 92%, transparent);
                color: var(--text);
                pointer-events: none;
            }
        }

        @media (width < 52rem) {
            cra-documents {
                & .content {
                    padding: var(--space-4) var(--space-4) var(--space-8);
                }
            }
        }

        @media (width < 40rem) {
            cra-documents {
                & .tools {
                    grid-template-columns: 1fr 1fr;
                }

                & .search {
                    grid-column: 1 / -1;
                }

                & .bulk {
                    padding-inline: 0;
                }
            }
        }
    `;

    /** What stands in the field of the search, which is looked for a little later. */
    declare typed: string;
    declare selected: ReadonlySet<string>;
    declare dragging: boolean;
    declare renaming: StoredDocument | null;
    /** Read out, seen by nobody. */
    declare said: string;
    /** The list as it is to be now could not be read. */
    declare refused: boolean;
    /** Files are on their way. */
    declare uploading: boolean;

    #view: View = readView(location.search);
    readonly #list = new Paged<StoredDocument>(this, (cursor, signal) => this.#read(cursor, signal));
    readonly #usage = new Loading<DocumentUsage>(this, async (signal) => {
        const usage = await get<DocumentUsage>('/documents/usage', { signal });
        uploads.limit(usage);
        return usage;
    });
    #here: AbortController | undefined;
    #begun = false;
    #timers: Partial<Record<'typing' | 'usage' | 'patience' | 'look', ReturnType<typeof setTimeout>>> = {};

    constructor() {
        super();
        this.typed = this.#view.q;
        this.selected = new Set();
        this.dragging = false;
        this.renaming = null;
        this.said = '';
        this.refused = false;
        this.uploading = false;
        new Watching(this, actions, removed);
    }

    override connectedCallback(): void {
        super.connectedCallback();
        const here = new AbortController();
        this.#here = here;
        const { signal } = here;
        const end = news.listen((each) => this.#hear(each));
        const endOfUploads = uploads.listen(() => {
            this.uploading = uploads.isUnderWay;
        });
        this.uploading = uploads.isUnderWay;
        signal.addEventListener('abort', () => {
            end();
            endOfUploads();
        });
        addEventListener('dragenter', (event) => this.#dragged(event), { signal });
        addEventListener('dragover', (event) => this.#dragged(event), { signal });
        addEventListener('dragleave', (event) => this.#left(event), { signal });
        addEventListener('drop', (event) => void this.#dropped(event), { signal });
        this.#timers.patience = setTimeout(() => this.#begin(), PATIENCE);
        void news.follow(signal, (open) => {
            this.#begin();
            clearInterval(this.#timers.look);
            if (!open && !signal.aborted) {
                this.#timers.look = setInterval(() => void this.#look(), LOOK);
            }
        });
        void this.#usage.start();
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.#here?.abort();
        Object.values(this.#timers).forEach(clearTimeout);
        this.#begun = false;
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has('params')) {
            const view = readView(location.search);
            if (!isSame(view, this.#view)) {
                // What is typed may end with the space before the next word.
                if (view.q !== this.typed.trim()) {
                    this.typed = view.q;
                }
                this.#view = view;
                this.selected = new Set();
                if (this.#begun) {
                    void this.#start();
                }
            }
        }
    }

    // --- What is there ----------------------------------------------------------------------------------------------

    #begin(): void {
        if (!this.#begun) {
            this.#begun = true;
            clearTimeout(this.#timers.patience);
            void this.#start();
        }
    }

    async #start(): Promise<void> {
        this.refused = false;
        const view = this.#view;
        await this.#list.start();
        if (view === this.#view) {
            this.refused = this.#list.problem !== undefined;
        }
    }

    async #read(cursor: string | undefined, signal: AbortSignal): Promise<Page<StoredDocument>> {
        const { q, state, order } = this.#view;
        const page = await get<Page<StoredDocument>>('/documents', {
            query: { q, status: statusesOf(state).join(','), sort: order, limit: PAGE, cursor },
            signal,
        });
        return { ...page, items: page.items.flatMap((document) => news.latest(document) ?? []) };
    }

    get #shown(): StoredDocument[] {
        return this.#list.items.filter((document) => !removed.has(document.id));
    }

    get #chosen(): StoredDocument[] {
        return this.#shown.filter((document) => this.selected.has(document.id));
    }

    #hear(each: DocumentNews): void {
        if (each.kind === 'reload') {
            void this.#start();
        } else if (each.kind === 'deleted') {
            this.#list.change((items) => items.filter((document) => document.id !== each.id));
        } else {
            this.#take(each.document);
        }
        if (each.kind !== 'changed' || !isInWork(each.document) || each.document.progress === 0) {
            clearTimeout(this.#timers.usage);
            this.#timers.usage = setTimeout(() => void this.#usage.start(), USAGE);
        }
    }

    #take(document: StoredDocument): void {
        const before = this.#list.items.find((each) => each.id === document.id);
        if (before) {
            this.#list.change((items) => items.map((each) => (each === before ? document : each)));
            if (isInWork(before) && !isInWork(document)) {
                const texts = strings().documents;
                this.said = (document.status === 'ready' ? texts.nowReady : texts.nowFailed)(document.filename);
            }
        } else if (this.#list.begun && belongs(document, this.#view)) {
            const at = placeOf(document, this.#list.items, this.#view.order);
            // What stands further down comes with its page.
            if (at < this.#list.items.length || !this.#list.hasMore) {
                this.#list.change((items) => items.toSpliced(at, 0, document));
            }
        }
    }

    /** Without the stream, what is in work is asked for one by one. */
    async #look(): Promise<void> {
        for (const { id } of this.#list.items.filter(isInWork).slice(0, MOST_LOOKED_AT)) {
            try {
                news.changed(await get<StoredDocument>(`/documents/${id}`, { signal: this.#here!.signal }));
            } catch (thrown) {
                if (isAbort(thrown)) {
                    return;
                }
                if (asProblem(thrown).status === 404) {
                    news.deleted(id);
                }
            }
        }
    }

    // --- What the person does ---------------------------------------------------------------------------------------

    #add(files: File[]): void {
        // Who adds files wants to see them: the newest come first, whatever was looked for before.
        const shows = this.#view.order === '-created_at' && this.#view.q === '' && this.#view.state === 'all';
        uploads.add(files);
        if (!shows && files.length > 0) {
            this.#go({ q: '', state: 'all', order: '-created_at' });
        }
    }

    #dragged(event: DragEvent): void {
        if (event.dataTransfer?.types.includes('Files')) {
            event.preventDefault();
            event.dataTransfer.dropEffect = 'copy';
            this.dragging = true;
        }
    }

    #left(event: DragEvent): void {
        if (event.relatedTarget === null) {
            this.dragging = false;
        }
    }

    async #dropped(event: DragEvent): Promise<void> {
        this.dragging = false;
        if (!event.dataTransfer?.types.includes('Files')) {
            return;
        }
        event.preventDefault();
        const files = await droppedFiles(event.dataTransfer);
        if (files.length === 0) {
            toast(strings().documents.noFiles);
        }
        this.#add(files);
    }

    #type(text: string): void {
        this.typed = text;
        clearTimeout(this.#timers.typing);
        this.#timers.typing = setTimeout(() => this.#go({ q: text.trim() }), TYPING);
    }

    #go(change: Partial<View>): void {
        router.go(this.#address(this.params['id'], { ...this.#view, ...change }), { replace: true });
    }

    #address(id: string | undefined, view = this.#view): string {
        return `/documents${id ? `/${id}` : ''}${viewQuery(view)}`;
    }

    #pick(document: StoredDocument): void {
        const selected = new Set(this.selected);
        if (!selected.delete(document.id)) {
            selected.add(document.id);
        }
        this.selected = selected;
    }

    async #remove(documents: StoredDocument[]): Promise<void> {
        const gone = new Set(documents.map(({ id }) => id));
        const shown = this.#shown;
        const last = shown.findLastIndex(({ id }) => gone.has(id));
        const next =
            shown.slice(last + 1).find(({ id }) => !gone.has(id)) ?? shown.filter(({ id }) => !gone.has(id)).at(-1);
        actions.remove(documents);
        this.selected = new Set([...this.selected].filter((id) => !gone.has(id)));
        const open = this.params['id'];
        if (open && gone.has(open)) {
            router.go(this.#address(undefined));
        }
        await this.updateComplete;
        const place = next ? this.querySelector<HTMLElement>(`li[data-id="${next.id}"] .name`) : null;
        (place ?? this.querySelector<HTMLElement>('.add'))?.focus();
    }

    // --- What is seen -----------------------------------------------------------------------------------------------

    protected override render() {
        const texts = strings().documents;
        const open = this.params['id'];
        return html`<div class="scroller">
                <div class="content">
                    <div class="head">
                        <h1>${texts.title}</h1>
                        <button
                            class="button primary add"
                            type="button"
                            ${tip(this.#taken)}
                            @click=${() => chooseFiles(true, (files) => this.#add(files))}
                        >
                            ${icon('upload')}${texts.add}
                        </button>
                    </div>
                    ${this.#usage.value && this.#usage.value.documents > 0 ? this.#room(this.#usage.value) : nothing}
                    ${actions.state.troubles.map(
                        (trouble) =>
                            html`${notice(
                                'bad',
                                html`<p>${trouble.text()} ${explain(trouble.problem)}</p>
                                    <p class="row">
                                        <button class="button small" type="button" @click=${() => trouble.retry()}>
                                            ${strings().common.retry}
                                        </button>
                                        <button
                                            class="button small quiet"
                                            type="button"
                                            @click=${() => actions.dismiss(trouble)}
                                        >
                                            ${texts.dismiss}
                                        </button>
                                    </p>`,
                            )}`,
                    )}
                    <cra-uploads></cra-uploads>
                    ${this.#documents()}
                    <p class="visually-hidden" role="status">${this.said}</p>
                </div>
            </div>
            ${open
                ? html`<cra-document-panel
                      .documentId=${open}
                      @close=${() => router.go(this.#address(undefined))}
                      @rename=${(event: Event) => {
                          this.renaming = (event.target as DocumentPanel).shown ?? null;
                      }}
                      @remove=${(event: Event) => {
                          const document = (event.target as DocumentPanel).shown;
                          void this.#remove(document ? [document] : []);
                      }}
                  ></cra-document-panel>`
                : nothing}
            <cra-rename-document
                .document=${this.renaming}
                @close=${() => {
                    this.renaming = null;
                }}
            ></cra-rename-document>
            ${this.dragging
                ? html`<div class="overlay">
                      ${icon('upload', 40)}
                      <p><strong>${texts.dropHere}</strong></p>
                      <p class="muted">${texts.dropFor}</p>
                      <p class="small muted">${this.#taken}</p>
                  </div>`
                : nothing}`;
    }

    #room(usage: DocumentUsage) {
        const texts = strings().documents;
        const share = usage.max_bytes > 0 ? usage.bytes / usage.max_bytes : 1;
        const full = share > ALMOST_FULL || usage.documents > ALMOST_FULL * usage.max_documents;
        const text = texts.usage(
            formatNumber(usage.documents),
            usage.documents,
            formatBytes(usage.bytes),
            formatBytes(usage.max_bytes),
        );
        return html`<div class="usage">
            <p class="small muted">${text}</p>
            <progress max="1" .value=${share} aria-label=${texts.usageLabel}></progress>
            ${full ? html`<p class="small">${texts.almostFull}</p>` : nothing}
        </div>`;
    }

    #documents() {
        const list = this.#list;
        if (this.refused && list.problem) {
            return html`${this.#narrowed ? this.#tools() : nothing}${failure(list.problem, () => void this.#start())}`;
        }
        if (!list.begun) {
            return skeleton(9);
        }
        const shown = this.#shown;
        if (shown.length === 0 && !this.#narrowed && !list.hasMore) {
            return this.uploading ? nothing : this.#invitation();
        }
        return html`${this.#tools()}
            ${shown.length === 0 && !list.hasMore
                ? emptyState({
                      icon: 'search',
                      heading: strings().documents.nothingFound,
                      text: strings().documents.nothingFoundText,
                      action: html`<button
                          class="button"
                          type="button"
                          @click=${() => this.#go({ q: '', state: 'all' })}
                      >
                          ${strings().documents.showAll}
                      </button>`,
                  })
                : this.#rows(shown)}`;
    }

    get #narrowed(): boolean {
        return this.#view.q !== '' || this.#view.state !== 'all';
    }

    /** What kinds of files, and how large. */
    get #taken(): string {
        const texts = strings().documents;
        const usage = this.#usage.value;
        return `${texts.kindsTaken}. ${usage ? `${texts.sizeTaken(formatBytes(usage.max_file_bytes))}.` : ''}`;
    }

    #invitation() {
        const texts = strings().documents;
        return html`<div class="invitation">
            ${emptyState({
                icon: 'upload',
                heading: texts.emptyTitle,
                text: texts.emptyText,
                action: html`<button
                        class="button"
                        type="button"
                        @click=${() => chooseFiles(true, (files) => this.#add(files))}
                    >
                        ${texts.choose}
                    </button>
                    <p class="small muted">${this.#taken}</p>
                    <p class="small muted">
                        ${texts.stayPrivate}
                        ${find(RETAINED) ? html`<a href=${RETAINED}>${texts.retained}</a>` : nothing}
                    </p>`,
            })}
        </div>`;
    }

    #tools() {
        const texts = strings().documents;
        const { state, order } = this.#view;
        return html`<div class="tools" role="search">
            <div class="search">
                ${icon('search')}
                <input
                    type="search"
                    aria-label=${texts.search}
                    placeholder=${texts.search}
                    maxlength="255"
                    autocomplete="off"
                    .value=${this.typed}
                    @input=${(event: Event) => this.#type((event.target as HTMLInputElement).value)}
                />
            </div>
            <select
                aria-label=${texts.state}
                @change=${(event: Event) => this.#go({ state: (event.target as HTMLSelectElement).value as State })}
            >
                ${STATES.map(
                    (each) => html`<option value=${each} ?selected=${each === state}>${texts.states[each]}</option>`,
                )}
            </select>
            <select
                aria-label=${texts.order}
                @change=${(event: Event) =>
                    this.#go({ order: (event.target as HTMLSelectElement).value as View['order'] })}
            >
                ${Object.entries(texts.orders).map(
                    ([each, label]) => html`<option value=${each} ?selected=${each === order}>${label}</option>`,
                )}
            </select>
        </div>`;
    }

    #rows(shown: StoredDocument[]) {
        const list = this.#list;
        const texts = strings().documents;
        const chosen = this.#chosen;
        return html`<div class="bulk">
                <label>
                    <input
                        type="checkbox"
                        aria-label=${texts.selectAll}
                        .checked=${chosen.length > 0 && chosen.length === shown.length}
                        .indeterminate=${chosen.length > 0 && chosen.length < shown.length}
                        @change=${() => {
                            this.selected =
                                chosen.length === shown.length ? new Set() : new Set(shown.map(({ id }) => id));
                        }}
                    />
                    <span>${chosen.length > 0 ? texts.selected(chosen.length) : texts.selectAll}</span>
                </label>
                ${chosen.length > 0
                    ? html`<button class="button small danger" type="button" @click=${() => void this.#remove(chosen)}>
                              ${icon('trash', 16)}${texts.deleteSelected}
                          </button>
                          <button
                              class="button small quiet"
                              type="button"
                              @click=${() => {
                                  this.selected = new Set();
                              }}
                          >
                              ${texts.clearSelection}
                          </button>`
                    : nothing}
                ${list.running ? html`<span class="busy">${spinner()}</span>` : nothing}
                <span class="visually-hidden" role="status">${texts.shown(shown.length, list.hasMore)}</span>
            </div>
            <ul class="documents" aria-label=${texts.list} aria-busy=${list.running}>
                ${repeat(
                    shown,
                    ({ id }) => id,
                    (document) => html`<li data-id=${document.id}>
                        <cra-document
                            .document=${document}
                            .address=${this.#address(document.id)}
                            .selected=${this.selected.has(document.id)}
                            .current=${this.params['id'] === document.id}
                            @pick=${() => this.#pick(document)}
                            @rename=${() => {
                                this.renaming = document;
                            }}
                            @remove=${() => void this.#remove([document])}
                        ></cra-document>
                    </li>`,
                )}
            </ul>
            <cra-load-more .list=${list} .running=${list.running}></cra-load-more>`;
    }
}

customElements.define('cra-documents', Documents);
