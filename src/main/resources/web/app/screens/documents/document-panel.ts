import { css, html, nothing, type PropertyValues } from 'lit';
import { get } from '../../api/http';
import type { Page, Passage, StoredDocument } from '../../api/types';
import { LightElement } from '../../components/element';
import { failure, notice, skeleton } from '../../components/feedback';
import { icon } from '../../components/icons';
import { formatBytes, formatDateTime, formatNumber, strings } from '../../i18n/language';
import { Loading } from '../../state/loading';
import { Paged } from '../../state/paged';
import { Watching } from '../../state/store';
import { actions, isInWork } from './actions';
import { explain, kindOf, pagesWithoutText, stageOf } from './document-text';
import { type DocumentNews, news } from './news';

const PASSAGES = 50;

/**
 * A document beside the list: its facts, and its text as the assistant has it. Tells with `rename`, `remove` and `close` what
 * the person wants.
 */
export class DocumentPanel extends LightElement {
    static override properties = { documentId: {} };

    static override styles = css`
        cra-document-panel {
            display: contents;

            & .facts {
                display: grid;
                grid-template-columns: auto minmax(0, 1fr);
                gap: var(--space-1) var(--space-4);
                font-size: var(--text-s);
            }

            & .facts dt {
                color: var(--text-muted);
            }

            & h3 {
                font-size: var(--text-m);
            }

            & .passages {
                display: grid;
                gap: var(--space-3);
                list-style: none;
            }

            & .passages li {
                padding: var(--space-3) var(--space-4);
                border: 1px solid var(--border);
                border-radius: var(--radius-m);
                background: var(--surface);
            }

            & .where {
                display: flex;
                flex-wrap: wrap;
                justify-content: space-between;
                gap: 0 var(--space-3);
                margin-block-end: var(--space-1);
                color: var(--text-muted);
                font-size: var(--text-xs);
            }

            & .text {
                font-size: var(--text-s);
                white-space: pre-wrap;
            }
        }
    `;

    declare documentId: string;
    readonly #document = new Loading<StoredDocument>(this, (signal) =>
        get<StoredDocument>(`/documents/${encodeURIComponent(this.documentId)}`, { signal }),
    );
    readonly #passages = new Paged<Passage>(this, (cursor, signal) =>
        get<Page<Passage>>(`/documents/${encodeURIComponent(this.documentId)}/passages`, {
            query: { cursor, limit: PASSAGES },
            signal,
        }),
    );
    #ends: () => void = () => undefined;

    constructor() {
        super();
        this.documentId = '';
        new Watching(this, actions);
    }

    override connectedCallback(): void {
        super.connectedCallback();
        this.#ends = news.listen((each) => this.#hear(each));
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.#ends();
    }

    /** The document that is shown, once it is known. */
    get shown(): StoredDocument | undefined {
        return this.#document.value?.id === this.documentId ? this.#document.value : undefined;
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has('documentId')) {
            this.#document.value = undefined;
            this.#passages.begun = false;
            this.#passages.items = [];
            void this.#document.start();
            void this.#passages.start();
        }
    }

    #hear(each: DocumentNews): void {
        if (each.kind === 'changed' && each.document.id === this.documentId) {
            const before = this.#document.value;
            this.#document.value = each.document;
            this.#document.problem = undefined;
            this.requestUpdate();
            const { ready_at, filename } = each.document;
            if (before && ready_at !== null && (ready_at !== before.ready_at || filename !== before.filename)) {
                void this.#passages.start();
            }
        } else if (each.kind === 'deleted' && each.id === this.documentId) {
            this.#document.value = undefined;
            void this.#document.start();
        } else if (each.kind === 'reload') {
            void this.#document.start();
            void this.#passages.start();
        }
    }

    protected override render() {
        const document = this.#document;
        return html`<cra-panel
            .heading=${document.value?.filename ?? strings().documents.seenTitle}
            .open=${true}
            @close=${() => this.dispatchEvent(new Event('close'))}
        >
            ${document.render({
                waiting: () => skeleton(8),
                failed: (problem) =>
                    problem.status === 404
                        ? notice('plain', explain(problem))
                        : failure(problem, () => void document.start()),
                ready: (value) => this.#content(value),
            })}
        </cra-panel>`;
    }

    #content(document: StoredDocument) {
        const texts = strings().documents;
        return html`<div class="stack">
            <div class="row">
                <button class="button small" type="button" @click=${() => void actions.download(document)}>
                    ${icon('download', 16)}${actions.state.downloading.has(document.id)
                        ? texts.downloading
                        : texts.download}
                </button>
                <cra-menu
                    .label=${texts.actionsFor(document.filename)}
                    .kind=${'icon small'}
                    .items=${actions
                        .menu(
                            document,
                            () => this.dispatchEvent(new Event('rename')),
                            () => this.dispatchEvent(new Event('remove')),
                        )
                        .slice(1)}
                ></cra-menu>
            </div>
            ${this.#condition(document)}
            <dl class="facts">
                <dt>${texts.facts.kind}</dt>
                <dd>${kindOf(document)}</dd>
                <dt>${texts.facts.size}</dt>
                <dd>${formatBytes(document.size_bytes)}</dd>
                ${document.page_count === null
                    ? nothing
                    : html`<dt>${texts.facts.pages}</dt>
                          <dd>${formatNumber(document.page_count)}</dd>`}
                <dt>${texts.facts.passages}</dt>
                <dd>${formatNumber(document.passage_count)}</dd>
                <dt>${texts.facts.added}</dt>
                <dd>${formatDateTime(document.created_at)}</dd>
                ${document.ready_at === null
                    ? nothing
                    : html`<dt>${texts.facts.read}</dt>
                          <dd>${formatDateTime(document.ready_at)}</dd>`}
            </dl>
            <div>
                <h3>${texts.seenTitle}</h3>
                <p class="small muted">${texts.seenText}</p>
            </div>
            ${this.#seen(document)}
        </div>`;
    }

    /** What goes on, or is wrong. */
    #condition(document: StoredDocument) {
        const texts = strings().documents;
        if (isInWork(document)) {
            return html`<div>
                <progress max="1" .value=${document.progress} aria-label=${document.filename}></progress>
                <p class="small muted">${stageOf(document)}</p>
            </div>`;
        }
        if (document.status === 'failed') {
            return notice('bad', html`<span lang="en">${document.error}</span>`);
        }
        const pages = pagesWithoutText(document);
        return pages === ''
            ? nothing
            : notice(
                  'doubtful',
                  `${texts.withoutText(document.pages_without_text.length, pages)} ${texts.withoutTextAdvice}`,
              );
    }

    #seen(document: StoredDocument) {
        const list = this.#passages;
        const texts = strings().documents;
        if (!list.begun) {
            return list.problem ? failure(list.problem, () => void list.start()) : skeleton(6);
        }
        if (list.items.length === 0) {
            return html`<p class="muted">
                ${document.status === 'failed' ? texts.nothingSeenFailed : texts.nothingSeen}
            </p>`;
        }
        return html`<ol class="passages">
                ${list.items.map(
                    (passage, index) => html`<li>
                        <p class="where">
                            <span>
                                ${[passage.page === null ? '' : texts.page(formatNumber(passage.page)), passage.heading]
                                    .filter(Boolean)
                                    .join(' · ')}
                            </span>
                            <span>${formatNumber(index + 1)}</span>
                        </p>
                        <p class="text" dir="auto">${passage.text}</p>
                    </li>`,
                )}
            </ol>
            <cra-load-more .list=${list} .running=${list.running}></cra-load-more>`;
    }
}

customElements.define('cra-document-panel', DocumentPanel);
