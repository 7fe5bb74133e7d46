import { css, html, nothing, type PropertyValues } from 'lit';
import { asProblem, isAbort, type Problem } from '../../../api/problem';
import type { StoredDocument } from '../../../api/types';
import { LightElement, uniqueId } from '../../../components/element';
import { failure, notice } from '../../../components/feedback';
import { icon, type IconName } from '../../../components/icons';
import { formatBytes, formatNumber, formatShare, strings } from '../../../i18n/language';
import { findQuote } from './find-quote';
import { type Drawn, openPdf, type PdfFile, Undrawable } from './pdf-file';

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];
const FIT = ZOOMS.indexOf(1);
/** Bytes that are not fetched unless somebody wants it. */
const LARGE = 25 * 2 ** 20;

/** Tells why a PDF cannot be shown. */
export class UndrawableEvent extends Event {
    constructor(readonly reason: Undrawable['reason']) {
        super('undrawable');
    }
}

/** A page of a PDF with the quote marked on it, and the ways to the other pages. */
class PdfPage extends LightElement {
    static override properties = {
        stored: { attribute: false },
        cited: { type: Number },
        quote: {},
        lead: {},
        page: { state: true },
        zoom: { state: true },
        pages: { state: true },
        share: { state: true },
        drawn: { state: true },
        marked: { state: true },
        problem: { state: true },
        wanted: { state: true },
    };

    static override styles = css`
        cra-pdf-page {
            display: flex;
            flex: 1;
            flex-direction: column;
            gap: var(--space-2);
            min-block-size: 0;

            & .controls {
                display: flex;
                flex-wrap: wrap;
                align-items: center;
                justify-content: space-between;
                gap: var(--space-1) var(--space-3);
                font-size: var(--text-s);
                font-variant-numeric: tabular-nums;
            }

            & .controls > span {
                display: flex;
                align-items: center;
                gap: var(--space-1);
            }

            & .controls input {
                inline-size: 3rem;
                min-block-size: 2rem;
                padding: 0 var(--space-2);
                text-align: end;
                appearance: textfield;
            }

            & .controls input::-webkit-inner-spin-button {
                appearance: none;
            }

            & .view {
                position: relative;
                flex: 1 1 0;
                min-block-size: 16rem;
                padding: var(--space-2) var(--space-1);
                border: 1px solid var(--border);
                border-radius: var(--radius-m);
                background: var(--surface-sunken);
                overflow: auto;
                overscroll-behavior: contain;
                scrollbar-gutter: stable both-edges;
            }

            & .view:focus-visible {
                outline-offset: -2px;
            }

            /* Paper is white, whatever the theme. */
            & .sheet {
                position: relative;
                margin-inline: auto;
                background: white;
                box-shadow: var(--shadow-1);
                color-scheme: light;
                direction: ltr;
            }

            & canvas {
                display: block;
                inline-size: 100%;
                block-size: 100%;
            }

            & .hits {
                position: absolute;
                inset: 0;
                mix-blend-mode: multiply;
                pointer-events: none;
            }

            & .hit {
                position: absolute;
                border-radius: 2px;
                background: var(--mark);
                outline: 2px solid var(--mark);
            }

            & .text-layer {
                position: absolute;
                inset: 0;
                overflow: clip;
                line-height: 1;
                text-align: initial;
                text-size-adjust: none;
                transform-origin: 0 0;
                forced-color-adjust: none;
            }

            & .text-layer :is(span, br) {
                position: absolute;
                color: transparent;
                white-space: pre;
                cursor: text;
                transform-origin: 0 0;
            }

            & .text-layer ::selection {
                background: rgb(20 86 184 / 30%);
            }

            & .text-layer[data-main-rotation='90'] {
                transform: rotate(90deg) translateY(-100%);
            }

            & .text-layer[data-main-rotation='180'] {
                transform: rotate(180deg) translate(-100%, -100%);
            }

            & .text-layer[data-main-rotation='270'] {
                transform: rotate(270deg) translateX(-100%);
            }

            & .coming {
                display: flex;
                flex-direction: column;
                align-items: center;
                justify-content: center;
                gap: var(--space-3);
                padding: var(--space-6) var(--space-4);
                text-align: center;
            }

            & .coming progress {
                max-inline-size: 14rem;
            }

            & .notice {
                padding: var(--space-2) var(--space-3);
                font-size: var(--text-s);
            }
        }

        /* What PDF.js measures letters with. */
        .hiddenCanvasElement {
            display: none;
        }
    `;

    declare stored: StoredDocument;
    /** The page with the quote, from 1. */
    declare cited: number;
    declare quote: string;
    /** What stands before the quote. */
    declare lead: string;
    declare page: number;
    /** A place in {@link ZOOMS}. */
    declare zoom: number;
    declare pages: number;
    /** How much of the file has come. */
    declare share: number;
    declare drawn: Drawn | undefined;
    /** Whether the quote was found on its page; undefined on others. */
    declare marked: boolean | undefined;
    declare problem: Problem | undefined;
    /** Whether the file is to be fetched, however large. */
    declare wanted: boolean;

    readonly #id = uniqueId('page');
    #call: AbortController | undefined;
    /** The page that was last brought to the quote. */
    #shown = '';
    #width = 0;
    #timer: ReturnType<typeof setTimeout> | undefined;
    readonly #sizes = new ResizeObserver(() => this.#resized());

    constructor() {
        super();
        this.quote = '';
        this.lead = '';
        this.page = 1;
        this.zoom = FIT;
        this.pages = 0;
        this.share = 0;
        this.wanted = false;
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.#call?.abort();
        this.#sizes.disconnect();
        clearTimeout(this.#timer);
    }

    override connectedCallback(): void {
        super.connectedCallback();
        if (this.hasUpdated) {
            this.#sizes.observe(this.#view);
            void this.#draw();
        }
    }

    get #view(): HTMLElement {
        return this.querySelector<HTMLElement>('.view')!;
    }

    get #isQuoteInView(): boolean {
        const view = this.#view.getBoundingClientRect();
        return [...this.querySelectorAll('.hit')].some((hit) => {
            const { top, bottom } = hit.getBoundingClientRect();
            return top >= view.top && bottom <= view.bottom;
        });
    }

    get #sheet(): HTMLElement {
        return this.querySelector<HTMLElement>('.sheet')!;
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has('stored') && changed.get('stored')?.sha256 !== this.stored.sha256) {
            this.pages = 0;
            this.share = 0;
            this.drawn = undefined;
            this.wanted = this.stored.size_bytes <= LARGE;
        }
        if (changed.has('cited') || changed.has('quote')) {
            this.page = this.cited;
            this.#shown = '';
        }
    }

    protected override firstUpdated(): void {
        this.#sizes.observe(this.#view);
    }

    protected override updated(changed: PropertyValues<this>): void {
        const isOther = ['stored', 'cited', 'quote', 'page', 'zoom', 'wanted'].some((name) =>
            (changed as ReadonlyMap<unknown, unknown>).has(name),
        );
        if (isOther) {
            void this.#draw();
        } else if (changed.has('lead') && this.drawn) {
            this.#mark(this.drawn);
        }
    }

    #resized(): void {
        const width = this.#view.clientWidth;
        if (this.#width > 0 && Math.abs(width - this.#width) > 1) {
            clearTimeout(this.#timer);
            this.#timer = setTimeout(() => void this.#draw(), 150);
        }
    }

    async #draw(): Promise<void> {
        this.#call?.abort();
        if (!this.wanted) {
            return;
        }
        const call = new AbortController();
        this.#call = call;
        this.problem = undefined;
        try {
            const file = await openPdf(this.stored, (share) => {
                this.share = share;
            });
            if (!call.signal.aborted) {
                await this.#drawOf(file, call.signal);
            }
        } catch (thrown) {
            if (call.signal.aborted || isAbort(thrown)) {
                return;
            }
            if (thrown instanceof Undrawable) {
                this.dispatchEvent(new UndrawableEvent(thrown.reason));
            } else {
                this.problem = asProblem(thrown);
            }
        }
    }

    async #drawOf(file: PdfFile, signal: AbortSignal): Promise<void> {
        this.pages = file.pages;
        this.page = Math.min(this.page, file.pages);
        const view = this.#view;
        const { paddingLeft, paddingRight } = getComputedStyle(view);
        this.#width = view.clientWidth;
        const room = Math.max(100, this.#width - parseFloat(paddingLeft) - parseFloat(paddingRight));
        const number = this.page;
        const before = this.drawn;
        const isRead = this.#isQuoteInView;
        const drawn = await file.draw(number, room, ZOOMS[this.zoom]!, signal);
        this.drawn = drawn;
        await this.updateComplete;
        if (signal.aborted) {
            return;
        }
        this.#put(drawn);
        const hits = this.#mark(drawn);
        const shown = `${number} ${this.quote}`;
        const [hit] = hits;
        if (this.#shown !== shown || (hit && isRead)) {
            this.#shown = shown;
            view.scrollTo({
                top: hit ? hit.offsetTop - view.clientHeight / 3 : 0,
                left: hit ? hit.offsetLeft - view.clientWidth / 3 : 0,
            });
        } else if (before && before.scale !== drawn.scale) {
            // What was in the middle stays there.
            const grown = drawn.scale / before.scale;
            view.scrollTo({
                top: (view.scrollTop + view.clientHeight / 2) * grown - view.clientHeight / 2,
                left: (view.scrollLeft + view.clientWidth / 2) * grown - view.clientWidth / 2,
            });
        }
    }

    /** The page takes the place of the one before at once, so that nothing blinks. */
    #put(drawn: Drawn): void {
        const sheet = this.#sheet;
        sheet.style.setProperty('--scale-factor', String(drawn.scale));
        sheet.style.inlineSize = `${drawn.width}px`;
        sheet.style.blockSize = `${drawn.height}px`;
        drawn.canvas.setAttribute('aria-hidden', 'true');
        sheet.replaceChildren(drawn.canvas, drawn.layer);
    }

    /** @returns the marks of the quote, one for each line of it or more */
    #mark(drawn: Drawn): HTMLElement[] {
        const sheet = this.#sheet;
        sheet.querySelector('.hits')?.remove();
        if (drawn.number !== this.cited || this.quote === '') {
            this.marked = undefined;
            return [];
        }
        const marks = document.createElement('div');
        marks.className = 'hits';
        const frame = sheet.getBoundingClientRect();
        for (const piece of findQuote(drawn.texts, this.quote, this.lead)) {
            const words = drawn.elements[piece.text]?.firstChild;
            if (!words) {
                continue;
            }
            const range = document.createRange();
            range.setStart(words, piece.start);
            range.setEnd(words, piece.end);
            const place = range.getBoundingClientRect();
            const hit = document.createElement('div');
            hit.className = 'hit';
            hit.style.left = `${(100 * (place.left - frame.left)) / frame.width}%`;
            hit.style.top = `${(100 * (place.top - frame.top)) / frame.height}%`;
            hit.style.width = `${(100 * place.width) / frame.width}%`;
            hit.style.height = `${(100 * place.height) / frame.height}%`;
            marks.append(hit);
        }
        drawn.canvas.after(marks);
        this.marked = marks.childElementCount > 0;
        return [...marks.children] as HTMLElement[];
    }

    protected override render() {
        const { sources } = strings();
        return html`${this.#bar()}
            ${this.marked === false ? notice('plain', sources.notMarked) : nothing}
            ${this.drawn && !this.drawn.whole ? notice('doubtful', sources.picturesMissing) : nothing}
            <div
                class="view"
                tabindex="0"
                role="region"
                aria-label=${sources.pageOf(this.page, this.stored.filename)}
                aria-busy=${!this.drawn && !this.problem && this.wanted}
            >
                ${this.drawn ? html`<div class="sheet"></div>` : this.#instead()}
            </div>`;
    }

    #bar() {
        const { sources } = strings();
        const there = this.pages > 0;
        return html`<div class="controls">
            <span>
                ${this.#button('chevron-left', sources.pageBefore, there && this.page > 1, () => this.#turn(this.page - 1))}
                <label class="visually-hidden" for=${this.#id}>${sources.pageNumber}</label>
                <input
                    id=${this.#id}
                    type="number"
                    inputmode="numeric"
                    min="1"
                    max=${there ? this.pages : nothing}
                    .value=${String(this.page)}
                    @change=${(event: Event) => this.#typed(event.target as HTMLInputElement)}
                />
                <span>${there ? sources.ofPages(formatNumber(this.pages)) : nothing}</span>
                ${this.#button('chevron-right', sources.pageAfter, there && this.page < this.pages, () =>
                    this.#turn(this.page + 1),
                )}
            </span>
            <span>
                ${this.#button('minus', sources.smaller, there && this.zoom > 0, () => {
                    this.zoom--;
                })}
                <button
                    class="button quiet small"
                    type="button"
                    aria-label=${sources.fitWidth}
                    aria-disabled=${!there}
                    @click=${() => {
                        this.zoom = FIT;
                    }}
                >
                    ${formatShare(ZOOMS[this.zoom]!)}
                </button>
                ${this.#button('plus', sources.larger, there && this.zoom < ZOOMS.length - 1, () => {
                    this.zoom++;
                })}
            </span>
        </div>`;
    }

    #button(name: IconName, label: string, can: boolean, run: () => void) {
        return html`<button
            class="button quiet icon small"
            type="button"
            aria-label=${label}
            title=${label}
            aria-disabled=${!can}
            @click=${() => {
                if (can) {
                    run();
                }
            }}
        >
            ${icon(name, 18)}
        </button>`;
    }

    #turn(page: number): void {
        this.page = page;
        this.marked = undefined;
    }

    #typed(field: HTMLInputElement): void {
        const page = Math.round(field.valueAsNumber);
        if (page >= 1 && page <= this.pages) {
            this.#turn(page);
        }
        field.value = String(this.page);
    }

    #instead() {
        const { sources } = strings();
        if (this.problem) {
            return failure(this.problem, () => void this.#draw());
        }
        if (!this.wanted) {
            return html`<div class="coming">
                <p>${sources.largeFile(formatBytes(this.stored.size_bytes))}</p>
                <button
                    class="button"
                    type="button"
                    @click=${() => {
                        this.wanted = true;
                    }}
                >
                    ${sources.fetchIt}
                </button>
            </div>`;
        }
        return html`<div class="coming">
            <p role="status">${sources.fetching}</p>
            <progress max="1" .value=${this.share} aria-label=${sources.fetching}></progress>
        </div>`;
    }
}

customElements.define('cra-pdf-page', PdfPage);
