import { css, html, nothing, type PropertyValues } from 'lit';
import { get } from '../../../api/http';
import type { Page, Passage, StoredDocument } from '../../../api/types';
import { LightElement } from '../../../components/element';
import { failure, notice, skeleton } from '../../../components/feedback';
import { icon, type IconName } from '../../../components/icons';
import { formatNumber, strings } from '../../../i18n/language';
import { Loading } from '../../../state/loading';
import { AROUND, type Excerpt, excerpt, isSame } from './excerpt';
import { meter } from './meter';
import type { UndrawableEvent } from './pdf-page';
import type { Shown } from './shown';

const PDF = 'application/pdf';

/** More than stand in what is shown of the text around a place. */
const NEIGHBOURS = 12;

const ICONS: Record<'verified' | 'weak' | 'missing', IconName> = { verified: 'check', weak: 'info', missing: 'alert' };
const BADGES = { verified: 'good', weak: 'doubtful', missing: 'bad' };

/** How a PDF was looked at last: so is the next. */
let view: 'page' | 'text' = 'page';

/** A place in a document: where it is, what it says and what stands around it. */
class Source extends LightElement {
    static override properties = {
        shown: { attribute: false },
        view: { state: true },
        undrawable: { state: true },
        drawing: { state: true },
    };

    static override styles = css`
        cra-source {
            display: flex;
            flex-direction: column;
            gap: var(--space-3);
            min-block-size: 100%;

            & .where h3 {
                font-size: var(--text-m);
            }

            & .where p {
                color: var(--text-muted);
                font-size: var(--text-s);
            }

            & .judged {
                display: grid;
                grid-template-columns: auto minmax(0, 1fr);
                align-items: start;
                gap: var(--space-1) var(--space-2);
                font-size: var(--text-s);
            }

            & .judged .badge {
                white-space: nowrap;
            }

            & .found {
                display: flex;
                align-items: center;
                gap: var(--space-2);
                color: var(--text-muted);
                font-size: var(--text-s);
            }

            & .found .meter {
                flex: 0 1 5rem;
            }

            & cra-tabs,
            & [role='tabpanel'],
            & .reading {
                display: flex;
                flex: 1;
                flex-direction: column;
                min-block-size: 0;
            }

            & [role='tablist'] {
                margin-block-end: var(--space-2);
            }

            & [role='tab'] {
                min-block-size: 2.25rem;
                font-size: var(--text-s);
            }

            & .reading {
                gap: var(--space-3);
            }

            /* As high as there is room, and never so low that nothing can be read: then the panel scrolls. */
            & .text {
                flex: 1 1 0;
                min-block-size: 16rem;
                padding: var(--space-3) var(--space-4);
                border: 1px solid var(--border);
                border-radius: var(--radius-m);
                background: var(--surface);
                overflow-y: auto;
                overflow-wrap: anywhere;
                overscroll-behavior: contain;
                /* Each paragraph in its own direction. */
                unicode-bidi: plaintext;
            }

            & .text > span {
                white-space: pre-wrap;
            }

            & .text:focus-visible {
                outline-offset: -2px;
            }

            & .around {
                color: var(--text-muted);
            }

            & mark {
                padding-block: 0.1em;
                border-radius: 2px;
                background: var(--mark);
                color: var(--text);
                box-decoration-break: clone;
            }

            & blockquote {
                margin: 0;
                padding-inline-start: var(--space-4);
                border-inline-start: 3px solid var(--border);
                overflow-wrap: anywhere;
                unicode-bidi: plaintext;
                white-space: pre-wrap;
            }

            & cra-pdf-page {
                min-block-size: 20rem;
            }

            & .failure {
                margin-block: var(--space-5);
            }
        }
    `;

    declare shown: Shown;
    declare view: 'page' | 'text';
    /** Why the page of the PDF cannot be shown. */
    declare undrawable: UndrawableEvent['reason'] | 'failed' | undefined;
    /** Whether what draws pages is there. */
    declare drawing: boolean;
    /** Where the text is to be brought to the quote. */
    #turnTo = true;

    readonly #document = new Loading<StoredDocument>(this, (signal) =>
        get<StoredDocument>(`/documents/${encodeURIComponent(this.shown.document_id)}`, { signal }),
    );
    readonly #passages = new Loading<Passage[]>(this, async (signal) => {
        const { document_id, start, end } = this.shown;
        const { items } = await get<Page<Passage>>(`/documents/${encodeURIComponent(document_id)}/passages`, {
            query: { from: Math.max(0, start - 2 * AROUND), limit: NEIGHBOURS },
            signal,
        });
        return items.filter((each) => each.start < end + 2 * AROUND);
    });

    constructor() {
        super();
        this.view = view;
        this.drawing = false;
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        const before = changed.get('shown') as Shown | undefined;
        if (!changed.has('shown') || (before && isSamePlace(before, this.shown))) {
            return;
        }
        this.#turnTo = true;
        this.#passages.value = undefined;
        void this.#passages.start();
        if (before?.document_id !== this.shown.document_id) {
            this.#document.value = undefined;
            this.undrawable = undefined;
            void this.#document.start();
        }
    }

    protected override updated(): void {
        const text = this.querySelector<HTMLElement>('.text');
        if (this.#turnTo && text) {
            this.#turnTo = false;
            const quote = text.querySelector<HTMLElement>('mark, .passage');
            text.scrollTop = quote ? quote.offsetTop - text.offsetTop - text.clientHeight / 4 : 0;
        }
        if (this.#isPaged && this.view === 'page' && !this.drawing && !this.undrawable) {
            void this.#fetchDrawing();
        }
    }

    async #fetchDrawing(): Promise<void> {
        try {
            await import('./pdf-page');
            this.drawing = true;
        } catch {
            this.undrawable = 'failed';
        }
    }

    get #isPaged(): boolean {
        return this.#document.value?.media_type === PDF && this.shown.page !== null;
    }

    protected override render() {
        const { sources } = strings();
        const { shown } = this;
        const isGone = this.#document.problem?.status === 404;
        return html`<div class="where">
                <h3><bdi>${shown.filename}</bdi></h3>
                ${this.#place()}
            </div>
            ${this.#judged()} ${this.#found()}
            ${isGone
                ? html`${notice('plain', sources.gone)}${this.#quote()}`
                : html`${this.#content()}
                      <div class="row">
                          <a class="button small" href="/documents/${encodeURIComponent(shown.document_id)}">
                              ${icon('document', 16)}${sources.openDocument}
                          </a>
                      </div>`}`;
    }

    #place() {
        const { chat } = strings();
        const { page, heading } = this.shown;
        if (page === null && !heading) {
            return nothing;
        }
        return html`<p>
            ${page === null ? nothing : html`<span>${capitalized(chat.page(page))}</span>`}
            ${page !== null && heading ? '· ' : nothing}${heading ? html`<bdi>${heading}</bdi>` : nothing}
        </p>`;
    }

    #judged() {
        const { chat, sources } = strings();
        const { state, quote } = this.shown;
        if (quote === null) {
            return html`<p class="small muted">${sources.notCited}</p>`;
        }
        if (state === null) {
            return html`<p class="small muted">${sources.notCompared}</p>`;
        }
        return html`<p class="judged">
            <span class="badge ${BADGES[state]}">${icon(ICONS[state], 14)}${sources.states[state]}</span>
            <span>${chat.states[state]}</span>
        </p>`;
    }

    #found() {
        const { traced } = this.shown;
        const { sources } = strings();
        return traced
            ? html`<p class="found" title=${sources.matchHint}>
                  ${sources.match} ${meter(traced.fused)} ${formatNumber(traced.fused, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}
              </p>`
            : nothing;
    }

    #quote() {
        const { quote } = this.shown;
        return quote === null ? nothing : html`<blockquote>${quote}</blockquote>`;
    }

    #content() {
        const { sources } = strings();
        if (!this.#document.value) {
            return this.#document.problem
                ? html`${this.#quote()}${failure(this.#document.problem, () => void this.#document.start())}`
                : skeleton(8);
        }
        if (!this.#isPaged) {
            return html`<div class="reading">${this.#text()}</div>`;
        }
        return html`<cra-tabs
            .label=${sources.views}
            .selected=${this.view}
            .tabs=${[
                { id: 'page', label: sources.viewPage, content: () => this.#page() },
                { id: 'text', label: sources.viewText, content: () => html`<div class="reading">${this.#text()}</div>` },
            ]}
            @change=${(event: Event) => {
                view = (event.target as HTMLElement & { selected: 'page' | 'text' }).selected;
                this.view = view;
                this.#turnTo = true;
            }}
        ></cra-tabs>`;
    }

    #page() {
        const { sources } = strings();
        const { shown } = this;
        if (this.undrawable) {
            return html`<div class="reading">
                ${notice('doubtful', sources.undrawable[this.undrawable])} ${this.#text()}
            </div>`;
        }
        if (!this.drawing) {
            return skeleton(8);
        }
        const found = this.#excerpt;
        return html`<cra-pdf-page
            .stored=${this.#document.value!}
            .cited=${shown.page!}
            .quote=${shown.quote ?? found?.quote ?? ''}
            .lead=${found?.passage.before ?? ''}
            @undrawable=${(event: UndrawableEvent) => {
                this.undrawable = event.reason;
                this.#turnTo = true;
            }}
        ></cra-pdf-page>`;
    }

    get #excerpt(): Excerpt | undefined {
        const { value } = this.#passages;
        return value && excerpt(value, this.shown);
    }

    #text() {
        const { sources } = strings();
        if (!this.#passages.value) {
            return this.#passages.problem
                ? html`${this.#quote()}${failure(this.#passages.problem, () => void this.#passages.start())}`
                : skeleton(8);
        }
        const found = this.#excerpt;
        const { quote } = this.shown;
        if (!found || (quote !== null && !isSame(found.quote, quote))) {
            return html`${notice('plain', sources.changed)}${this.#quote()}`;
        }
        const { around, passage } = found;
        // No white space but theirs: it is shown as it is.
        return html`<div class="text" tabindex="0" role="region" aria-label=${sources.viewText}>
            <span class="around">${found.begins ? '… ' : ''}${around.before}</span
            ><span class="passage">${passage.before}${quote === null ? found.quote : html`<mark>${found.quote}</mark>`}${passage.after}</span
            ><span class="around">${around.after}${found.ends ? ' …' : ''}</span>
        </div>`;
    }
}

function isSamePlace(one: Shown, other: Shown): boolean {
    return one.document_id === other.document_id && one.start === other.start && one.end === other.end;
}

function capitalized(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}

customElements.define('cra-source', Source);
