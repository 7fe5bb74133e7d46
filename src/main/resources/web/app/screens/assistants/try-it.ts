import { css, html, nothing, type PropertyValues } from 'lit';
import { stream } from '../../api/events';
import { del, post } from '../../api/http';
import { asProblem, isAbort, Problem } from '../../api/problem';
import type { Citation, Conversation, Message, ProblemDocument } from '../../api/types';
import { LightElement, uniqueId } from '../../components/element';
import { notice, spinner } from '../../components/feedback';
import { icon } from '../../components/icons';
import { describe, strings } from '../../i18n/language';
import '../chat/answer';

interface Turn {
    question: string;
    answer: string;
    citations: readonly Citation[];
    state: 'waiting' | 'writing' | 'done' | 'stopped';
    problem?: Problem;
}

/** How long an answer that is to stop may take to end by itself. */
const STOPS_WITHIN = 3000;

/**
 * Asks an assistant as it is saved, in a conversation that is written nowhere and ends with this element. Tells with `save`
 * that what is not saved yet is to be.
 */
export class TryIt extends LightElement {
    static override properties = {
        assistant: {},
        unsaved: { type: Boolean },
        saving: { type: Boolean },
        question: { state: true },
        turns: { state: true },
    };

    static override styles = css`
        cra-try-it {
            display: flex;
            flex-direction: column;
            gap: var(--space-3);
            min-block-size: 0;

            & .head {
                justify-content: space-between;
            }

            & .turns {
                display: flex;
                flex-direction: column;
                gap: var(--space-3);
                min-block-size: 4rem;
                max-block-size: 28rem;
                overflow: auto;
                overscroll-behavior: contain;
            }

            & .question {
                align-self: end;
                max-inline-size: 90%;
                padding: var(--space-2) var(--space-3);
                border-radius: var(--radius-m);
                background: var(--surface-selected);
            }

            & .question {
                white-space: pre-wrap;
                overflow-wrap: anywhere;
            }

            & .sources li:focus {
                outline: 2px solid var(--focus);
                outline-offset: 2px;
                border-radius: var(--radius-s);
            }

            & .sources ul {
                padding-inline-start: var(--space-4);
            }

            & form {
                display: flex;
                align-items: end;
                gap: var(--space-2);
            }

            & form textarea {
                max-block-size: 10rem;
                field-sizing: content;
                resize: none;
            }
        }
    `;

    /** Its id; empty for one that is not there yet. */
    declare assistant: string;
    declare unsaved: boolean;
    declare saving: boolean;
    declare question: string;
    declare turns: readonly Turn[];

    readonly #id = uniqueId('try');
    #session: Conversation | undefined;
    #call: AbortController | undefined;

    constructor() {
        super();
        this.assistant = '';
        this.unsaved = false;
        this.saving = false;
        this.question = '';
        this.turns = [];
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.#forget();
    }

    get #running(): boolean {
        const state = this.turns.at(-1)?.state;
        return state === 'waiting' || state === 'writing';
    }

    protected override updated(changed: PropertyValues<this>): void {
        if (changed.has('assistant') && changed.get('assistant')) {
            this.#clear();
        }
        if (changed.has('turns')) {
            const turns = this.querySelector('.turns');
            turns?.scrollTo(0, turns.scrollHeight);
        }
    }

    protected override render() {
        const texts = strings().assistants;
        return html`<div class="row head">
                <h2>${texts.tryIt}</h2>
                ${this.turns.length > 0
                    ? html`<button class="button quiet small" type="button" @click=${() => this.#clear()}>
                          ${icon('refresh', 16)}${texts.tryAnew}
                      </button>`
                    : nothing}
            </div>
            ${this.assistant === '' ? html`<p class="muted">${texts.tryNew}</p>` : this.#conversation()}`;
    }

    #conversation() {
        const texts = strings().assistants;
        const empty = this.question.trim() === '';
        return html`${this.unsaved
                ? notice(
                      'doubtful',
                      html`<p>${texts.tryUnsaved}</p>
                          <p>
                              <button
                                  class="button small"
                                  type="button"
                                  aria-disabled=${this.saving}
                                  @click=${() => this.dispatchEvent(new Event('save'))}
                              >
                                  ${texts.saveNow}
                              </button>
                          </p>`,
                  )
                : nothing}
            ${this.turns.length === 0
                ? html`<p class="muted">${texts.tryText}</p>`
                : html`<div
                      class="turns"
                      tabindex="0"
                      role="log"
                      aria-label=${texts.tryIt}
                      aria-busy=${this.#running}
                  >
                      ${this.turns.map((turn) => this.#turn(turn))}
                  </div>`}
            <form @submit=${(event: Event) => void this.#ask(event)}>
                <label class="visually-hidden" for=${this.#id}>${texts.question}</label>
                <textarea
                    id=${this.#id}
                    rows="1"
                    dir="auto"
                    maxlength="32000"
                    placeholder=${texts.question}
                    .value=${this.question}
                    @input=${(event: Event) => {
                        this.question = (event.target as HTMLTextAreaElement).value;
                    }}
                    @keydown=${this.#key}
                ></textarea>
                ${this.#running
                    ? html`<button
                          class="button icon"
                          type="button"
                          aria-label=${texts.stop}
                          @click=${() => void this.#stop()}
                      >
                          ${icon('stop')}
                      </button>`
                    : html`<button
                          class="button primary icon"
                          type="submit"
                          aria-label=${texts.ask}
                          aria-disabled=${empty}
                      >
                          ${icon('send')}
                      </button>`}
            </form>`;
    }

    #turn(turn: Turn) {
        const texts = strings().assistants;
        return html`<p class="question" dir="auto">${turn.question}</p>
            ${turn.state === 'waiting' ? html`<p>${spinner(texts.answering)}</p>` : nothing}
            ${turn.answer
                ? html`<cra-answer
                      class="answer"
                      .text=${turn.answer}
                      .citations=${turn.citations}
                      @click=${this.#toSource}
                  ></cra-answer>`
                : nothing}
            ${turn.state === 'stopped' ? html`<p class="small muted">${texts.stopped}</p>` : nothing}
            ${turn.problem ? notice('bad', describe(turn.problem)) : nothing}
            ${turn.state === 'done' && turn.citations.length > 0
                ? html`<div class="sources small muted">
                      <p>${texts.sources}</p>
                      <ul>
                          ${turn.citations.map(
                              ({ number, filename, page }) => html`<li data-number=${number} tabindex="-1">
                                  [${number}] <bdi>${filename}</bdi>${page === null
                                      ? nothing
                                      : `, ${texts.page(page)}`}
                              </li>`,
                          )}
                      </ul>
                  </div>`
                : nothing}`;
    }

    /** A mark in an answer leads to its line below. */
    #toSource(event: Event): void {
        const mark = (event.target as Element).closest<HTMLElement>('.citation');
        const list = (event.currentTarget as Element).nextElementSibling;
        list?.querySelector<HTMLElement>(`[data-number="${mark?.dataset['number']}"]`)?.focus();
    }

    #key(event: KeyboardEvent): void {
        if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            (event.currentTarget as HTMLTextAreaElement).form!.requestSubmit();
        } else if (event.key === 'Escape' && this.#running) {
            event.preventDefault();
            void this.#stop();
        }
    }

    async #ask(event: Event): Promise<void> {
        event.preventDefault();
        const question = this.question.trim();
        if (question === '' || this.#running) {
            return;
        }
        const call = new AbortController();
        this.#call = call;
        this.question = '';
        this.turns = [...this.turns, { question, answer: '', citations: [], state: 'waiting' }];
        try {
            const asked = await this.#begun(call.signal);
            await stream(`/sessions/${asked.id}/messages`, {
                method: 'POST',
                body: { content: question },
                signal: call.signal,
                onEvent: ({ name, data }) => this.#hear(name, data),
            });
            if (this.#call === call && this.#running) {
                throw Problem.local('network');
            }
        } catch (thrown) {
            if (this.#call !== call) {
                // Another conversation has begun.
                return;
            }
            if (call.signal.aborted || isAbort(thrown)) {
                this.#change({ state: 'stopped' });
                return;
            }
            const problem = asProblem(thrown);
            if (problem.status === 404) {
                // Such a conversation is gone when the process it was in is.
                this.#session = undefined;
            }
            this.#change({ state: 'done', problem });
            // What was asked is not lost.
            this.question ||= question;
        }
    }

    async #begun(signal: AbortSignal): Promise<Conversation> {
        this.#session ??= await post<Conversation>(
            '/sessions',
            { assistant_id: this.assistant, ephemeral: true },
            { signal },
        );
        return this.#session;
    }

    #hear(name: string, data: string): void {
        switch (name) {
            case 'token':
                this.#change({
                    state: 'writing',
                    answer: this.turns.at(-1)!.answer + (JSON.parse(data) as { text: string }).text,
                });
                break;
            case 'done': {
                const { message } = JSON.parse(data) as { message: Message };
                this.#change({
                    state: message.status === 'stopped' ? 'stopped' : 'done',
                    answer: message.content,
                    citations: message.citations,
                    ...(message.error ? { problem: Problem.of(message.error) } : {}),
                });
                break;
            }
            case 'error':
                throw Problem.of(JSON.parse(data) as ProblemDocument);
        }
    }

    #change(changes: Partial<Turn>): void {
        const last = this.turns.at(-1);
        if (last) {
            this.turns = [...this.turns.slice(0, -1), { ...last, ...changes }];
        }
    }

    /** What there is of the answer stays; where the service cannot be told, the stream is left. */
    async #stop(): Promise<void> {
        const call = this.#call;
        const session = this.#session;
        setTimeout(() => call?.abort(), STOPS_WITHIN);
        if (!session) {
            call?.abort();
            return;
        }
        try {
            await del(`/sessions/${session.id}/messages/current`);
        } catch (thrown) {
            asProblem(thrown);
            call?.abort();
        }
    }

    #clear(): void {
        this.#forget();
        this.turns = [];
        this.querySelector('textarea')?.focus();
    }

    #forget(): void {
        this.#call?.abort();
        this.#call = undefined;
        if (this.#session) {
            // If that fails it ends by itself before long.
            del(`/sessions/${this.#session.id}`).catch(asProblem);
            this.#session = undefined;
        }
    }
}

customElements.define('cra-try-it', TryIt);
