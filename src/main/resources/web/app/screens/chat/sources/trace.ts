import { css, html, nothing } from 'lit';
import type { Trace, TracedPassage } from '../../../api/types';
import { LightElement } from '../../../components/element';
import { icon } from '../../../components/icons';
import { formatNumber, strings } from '../../../i18n/language';
import { Watching } from '../../../state/store';
import { catalog } from '../catalog';
import { meter } from './meter';

/** Somebody wants to see a passage that the model was given. */
export class PassageEvent extends Event {
    constructor(readonly passage: TracedPassage) {
        super('passage');
    }
}

/** How an answer came about: what was searched for, what was found, what the model was asked. */
class TraceView extends LightElement {
    static override properties = { trace: { attribute: false }, cited: { attribute: false } };

    static override styles = css`
        cra-trace {
            display: flex;
            flex-direction: column;
            gap: var(--space-5);

            & section {
                display: flex;
                flex-direction: column;
                gap: var(--space-2);
            }

            & h3 {
                font-size: var(--text-m);
            }

            & blockquote {
                margin: 0;
                padding-inline-start: var(--space-4);
                border-inline-start: 3px solid var(--accent);
                overflow-wrap: anywhere;
            }

            & .similarity {
                display: grid;
                grid-template-columns: auto minmax(0, 1fr) auto;
                align-items: center;
                gap: var(--space-1) var(--space-3);
                font-size: var(--text-s);
                font-variant-numeric: tabular-nums;
            }

            & ol {
                display: grid;
                gap: var(--space-2);
                padding: 0;
                list-style: none;
            }

            & .passage {
                display: grid;
                grid-template-columns: 1.25rem minmax(0, 1fr) auto;
                align-items: baseline;
                gap: var(--space-1) var(--space-2);
                inline-size: 100%;
                padding: var(--space-2) var(--space-3);
                border: 1px solid var(--border);
                border-radius: var(--radius-m);
                background: none;
                text-align: start;
                cursor: pointer;
            }

            & .passage:hover {
                background: var(--surface-hover);
            }

            & .passage .number {
                color: var(--accent);
                font-weight: var(--weight-medium);
            }

            & .passage.uncited .number {
                color: var(--text-muted);
            }

            & .passage .name {
                overflow-wrap: anywhere;
            }

            & .passage .scores {
                display: flex;
                grid-column: 2 / -1;
                flex-wrap: wrap;
                align-items: center;
                gap: 0 var(--space-3);
                color: var(--text-muted);
                font-size: var(--text-xs);
                font-variant-numeric: tabular-nums;
            }

            & .passage .match {
                display: flex;
                align-items: center;
                gap: var(--space-2);
            }

            & .passage .meter {
                inline-size: 4rem;
            }

            & dl {
                display: grid;
                grid-template-columns: minmax(6rem, auto) minmax(0, 1fr);
                gap: var(--space-2) var(--space-4);
                font-size: var(--text-s);
            }

            & dt {
                color: var(--text-muted);
            }

            & dd small {
                display: block;
                color: var(--text-muted);
                font-size: var(--text-xs);
            }
        }
    `;

    declare trace: Trace;
    /** The numbers of the sources that the answer cites. */
    declare cited: ReadonlySet<number>;

    constructor() {
        super();
        this.cited = new Set();
        new Watching(this, catalog);
    }

    protected override render() {
        const { sources } = strings();
        const { trace } = this;
        return html`${this.#search()} ${trace.retrieval ? this.#passages() : nothing}
            <section>
                <h3>${sources.asked}</h3>
                ${trace.model_id === null ? html`<p class="small">${sources.noModel}</p>` : nothing}
                <dl>${this.#facts()}</dl>
            </section>`;
    }

    #search() {
        const { sources } = strings();
        const { question, retrieval } = this.trace;
        return html`<section>
            <h3>${sources.searched}</h3>
            ${retrieval && question !== null
                ? html`<p class="small muted">${sources.searchedHint}</p>
                      <blockquote dir="auto">${question}</blockquote>`
                : html`<p class="small">${sources.notSearched}</p>`}
            ${this.#similarity()}
        </section>`;
    }

    #similarity() {
        const { sources } = strings();
        const { best_similarity: best, threshold } = this.trace;
        if (best === null || threshold === null) {
            return nothing;
        }
        return html`<p class="similarity">
                <span>${sources.nearest}</span>${meter(best, threshold)}<span>${score(best)}</span>
            </p>
            <p class="small muted">
                ${best >= threshold ? sources.nearEnough(score(threshold)) : sources.tooFar(score(threshold))}
            </p>`;
    }

    #passages() {
        const { sources } = strings();
        const { passages } = this.trace;
        return html`<section>
            <h3>${sources.given(passages.length)}</h3>
            ${passages.length === 0
                ? html`<p class="small muted">${sources.noneGiven}</p>`
                : html`<p class="small muted">${sources.givenHint}</p>
                      <ol>
                          ${passages.map((each) => html`<li>${this.#passage(each)}</li>`)}
                      </ol>`}
        </section>`;
    }

    #passage(passage: TracedPassage) {
        const { chat, sources } = strings();
        const isCited = this.cited.has(passage.number);
        return html`<button
            class="passage ${isCited ? '' : 'uncited'}"
            type="button"
            @click=${() => this.dispatchEvent(new PassageEvent(passage))}
        >
            <span class="number">${passage.number}</span>
            <span class="name" title=${passage.filename}
                ><bdi>${passage.filename}</bdi>${passage.page === null ? nothing : `, ${chat.page(passage.page)}`}</span
            >
            <span class="badge ${isCited ? 'good' : ''}"
                >${isCited ? html`${icon('check', 12)}${sources.isCited}` : sources.isNotCited}</span
            >
            <span class="scores">
                <span class="match">${meter(passage.fused)} ${sources.matchOf(score(passage.fused))}</span>
                ${passage.dense === null ? nothing : html`<span>${sources.meaningOf(score(passage.dense))}</span>`}
                <span
                    >${passage.text === null
                        ? sources.noWords
                        : sources.wordsOf(formatNumber(passage.text, { maximumFractionDigits: 1 }))}</span
                >
            </span>
        </button>`;
    }

    #facts() {
        const { sources } = strings();
        const { trace } = this;
        const { tokens, parameters } = trace;
        const fact = (name: string, value: unknown, hint?: string) => html`<dt>${name}</dt>
            <dd>${value}${hint ? html`<small>${hint}</small>` : nothing}</dd>`;
        return [
            trace.model_id === null ? nothing : fact(sources.model, html`<bdi>${catalog.modelName(trace.model_id)}</bdi>`),
            trace.region === null ? nothing : fact(sources.region, trace.region, sources.regionHint),
            parameters && trace.model_id !== null ? this.#parameters(parameters, fact) : nothing,
            trace.model_id === null
                ? nothing
                : fact(sources.history, sources.turns(trace.history_turns), trace.history_turns > 0 ? sources.historyHint : undefined),
            tokens
                ? fact(
                      sources.tokens,
                      sources.tokensOf(formatNumber(tokens.input), formatNumber(tokens.output)),
                      tokens.cache_read + tokens.cache_write > 0
                          ? sources.cacheOf(formatNumber(tokens.cache_read), formatNumber(tokens.cache_write))
                          : sources.tokensHint,
                  )
                : nothing,
            trace.total_millis === null
                ? nothing
                : fact(
                      sources.time,
                      seconds(trace.total_millis),
                      trace.first_token_millis === null ? undefined : sources.firstWord(seconds(trace.first_token_millis)),
                  ),
            trace.stop_reason === null
                ? nothing
                : fact(sources.ended, known(sources.stopReasons, trace.stop_reason) ?? trace.stop_reason),
            trace.guardrail === null ? nothing : fact(sources.guardrail, trace.guardrail, sources.guardrailHint),
        ];
    }

    #parameters(
        parameters: NonNullable<Trace['parameters']>,
        fact: (name: string, value: unknown, hint?: string) => unknown,
    ) {
        const { sources } = strings();
        const told = (value: number | null) => (value === null ? sources.leftToModel : formatNumber(value));
        return [
            fact(sources.temperature, told(parameters.temperature), sources.temperatureHint),
            parameters.top_p === null ? nothing : fact(sources.topP, told(parameters.top_p), sources.topPHint),
            fact(sources.maxTokens, told(parameters.max_tokens), sources.maxTokensHint),
        ];
    }
}

function score(value: number): string {
    return formatNumber(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function seconds(millis: number): string {
    return formatNumber(millis / 1000, { style: 'unit', unit: 'second', maximumFractionDigits: millis < 10_000 ? 2 : 0 });
}

function known(texts: Record<string, string>, name: string): string | undefined {
    return Object.hasOwn(texts, name) ? texts[name] : undefined;
}

customElements.define('cra-trace', TraceView);
