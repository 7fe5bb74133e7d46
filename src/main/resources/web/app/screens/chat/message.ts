import { css, html, nothing, type PropertyValues } from 'lit';
import { Problem } from '../../api/problem';
import type { Citation, Message } from '../../api/types';
import { LightElement } from '../../components/element';
import { notice, spinner } from '../../components/feedback';
import { icon, type IconName } from '../../components/icons';
import { tip } from '../../components/tip';
import { formatDateTime, strings } from '../../i18n/language';
import { Watching } from '../../state/store';
import './answer';
import { catalog } from './catalog';
import { explain } from './explain';
import { drafts, editOf } from './drafts';
import { copy, place, quoted } from './markdown';
import { isPending, type RunningAnswer } from './running';
import { shownSource } from './shown-source';

export type MessageWish =
    | { kind: 'again' }
    | { kind: 'edit' }
    | { kind: 'ask-edited'; text: string }
    | { kind: 'leave-edit' }
    | { kind: 'show'; message: Message }
    | { kind: 'go-on' }
    | { kind: 'trace' };

/** What somebody wants to be done about a message. */
export class MessageEvent extends Event {
    constructor(
        readonly message: Message,
        readonly wish: MessageWish,
    ) {
        super('message-wish', { bubbles: true });
    }
}

/** Where a message stands among those that say it otherwise. */
export interface Place {
    at: number;
    of: readonly Message[];
}

/** One question or one answer. */
class MessageView extends LightElement {
    static override properties = {
        message: { attribute: false },
        place: { attribute: false },
        running: { attribute: false },
        edited: { attribute: false },
        busy: { type: Boolean },
        last: { type: Boolean },
        current: { state: true },
    };

    static override styles = css`
        cra-message {
            display: block;
            padding-block: var(--space-2);

            & .question {
                display: flex;
                flex-direction: column;
                align-items: end;
            }

            & .bubble {
                max-inline-size: min(100%, 38rem);
                padding: var(--space-2) var(--space-4);
                border-radius: var(--radius-l);
                background: var(--surface-selected);
                overflow-wrap: anywhere;
                white-space: pre-wrap;
                unicode-bidi: plaintext;
            }

            & .actions {
                display: flex;
                flex-wrap: wrap;
                align-items: center;
                gap: var(--space-1);
                min-block-size: 2rem;
                margin-block-start: var(--space-1);
                color: var(--text-muted);
            }

            & .actions .button {
                color: inherit;
            }

            & .actions .by {
                padding-inline: var(--space-2);
                overflow: hidden;
                font-size: var(--text-xs);
                text-overflow: ellipsis;
                white-space: nowrap;
            }

            & .versions {
                display: flex;
                align-items: center;
                font-size: var(--text-s);
                font-variant-numeric: tabular-nums;
            }

            @media (hover: hover) {
                & .question .actions .button.when-wanted {
                    opacity: 0;
                }

                &:hover .question .actions .button.when-wanted,
                & .question .actions:focus-within .button.when-wanted {
                    opacity: 1;
                }
            }

            & .notice {
                margin-block-start: var(--space-3);
            }

            & .question .notice {
                align-self: stretch;
            }

            & .notice .row {
                margin-block-start: var(--space-2);
            }

            & .sources {
                display: flex;
                flex-wrap: wrap;
                gap: var(--space-2);
                margin-block-start: var(--space-4);
                list-style: none;
            }

            & .source {
                display: flex;
                align-items: center;
                gap: var(--space-2);
                max-inline-size: 16rem;
                min-block-size: 2rem;
                padding: var(--space-1) var(--space-3);
                border: 1px solid var(--border);
                border-radius: var(--radius-round);
                background: none;
                font-size: var(--text-s);
                cursor: pointer;
            }

            & .source:hover {
                background: var(--surface-hover);
            }

            & .source[aria-current] {
                border-color: var(--border-control);
                background: var(--mark);
            }

            & .source[aria-current] :is(.number, .page) {
                color: inherit;
            }

            & .source .number {
                color: var(--accent);
                font-weight: var(--weight-medium);
            }

            & .source.weak .number {
                color: var(--warning);
            }

            & .source.missing .number {
                color: var(--danger);
            }

            & .source bdi {
                overflow: hidden;
                text-overflow: ellipsis;
                white-space: nowrap;
            }

            & .source .page {
                flex: none;
                color: var(--text-muted);
            }

            & .thinking {
                display: flex;
                align-items: center;
                gap: var(--space-3);
                color: var(--text-muted);
            }

            & .edit {
                inline-size: min(100%, 38rem);
            }

            & .edit textarea {
                field-sizing: content;
                max-block-size: 50dvh;
            }

            & .edit .row {
                justify-content: end;
                margin-block-start: var(--space-2);
            }
        }
    `;

    declare message: Message;
    declare place: Place | undefined;
    /** The answer on its way, if this is its message. */
    declare running: RunningAnswer | undefined;
    /** What is typed in the question's place; undefined while it is not edited. */
    declare edited: string | undefined;
    /** An answer is on its way: nothing else can be asked. */
    declare busy: boolean;
    declare last: boolean;
    /** The number of the source that is shown, if it is one of this answer. */
    declare current: number | undefined;
    #endShown: (() => void) | undefined;
    #end: (() => void) | undefined;

    constructor() {
        super();
        this.busy = false;
        this.last = false;
        new Watching(this, catalog);
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.#end?.();
        this.#end = undefined;
        this.#endShown?.();
    }

    override connectedCallback(): void {
        super.connectedCallback();
        this.#follow();
        this.#endShown = shownSource.listen(() => {
            this.current = shownSource.of(this.message.id);
        });
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has('running')) {
            this.#follow();
        }
        if (changed.has('message')) {
            this.current = shownSource.of(this.message.id);
        }
    }

    protected override updated(changed: PropertyValues<this>): void {
        if (changed.has('edited') && this.edited !== undefined && changed.get('edited') === undefined) {
            const field = this.querySelector('textarea')!;
            field.focus();
            field.setSelectionRange(field.value.length, field.value.length);
        }
    }

    /** Renders when the first word comes, and when the stream is lost or stops; not for each token. */
    #follow(): void {
        this.#end?.();
        const { running } = this;
        let before = '';
        this.#end = running?.listen(() => {
            const { text, lost, stopping } = running.state;
            const now = `${text !== ''} ${lost} ${stopping}`;
            if (now !== before) {
                before = now;
                this.requestUpdate();
            }
        });
    }

    #wish(wish: MessageWish): void {
        this.dispatchEvent(new MessageEvent(this.message, wish));
    }

    protected override render() {
        return this.message.role === 'user' ? this.#question() : this.#answer();
    }

    #question() {
        const { message } = this;
        const { chat } = strings();
        return html`<div class="question">
            <h2 class="visually-hidden">${chat.you}</h2>
            ${this.edited === undefined
                ? html`<div class="bubble" dir="auto">${message.content}</div>
                      ${message.status === 'unanswered' ? this.#unanswered() : nothing}
                      <div class="actions">
                          ${this.#button('copy', strings().common.copy, () => void copy(message.content), 'when-wanted')}
                          ${isPending(message)
                              ? nothing
                              : this.#button('edit', chat.edit, () => this.#wish({ kind: 'edit' }), 'when-wanted')}
                          ${this.#versions()}
                      </div>`
                : this.#editor(this.edited)}
        </div>`;
    }

    #editor(text: string) {
        const { chat, common } = strings();
        return html`<form
            class="edit"
            @submit=${(event: Event) => {
                event.preventDefault();
                this.#askEdited();
            }}
        >
            <textarea
                rows="2"
                dir="auto"
                maxlength="32000"
                aria-label=${chat.editQuestion}
                .value=${text}
                @input=${(event: Event) =>
                    drafts.keep(editOf(this.message.id), (event.target as HTMLTextAreaElement).value)}
                @keydown=${(event: KeyboardEvent) => {
                    if (event.key === 'Escape') {
                        event.preventDefault();
                        this.#wish({ kind: 'leave-edit' });
                    } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
                        event.preventDefault();
                        this.#askEdited();
                    }
                }}
            ></textarea>
            <div class="row">
                <button class="button small" type="button" @click=${() => this.#wish({ kind: 'leave-edit' })}>
                    ${common.cancel}
                </button>
                <button class="button primary small" type="submit" aria-disabled=${this.busy}>${chat.askEdited}</button>
            </div>
        </form>`;
    }

    #askEdited(): void {
        const text = this.querySelector('textarea')!.value;
        if (text.trim() !== '' && !this.busy) {
            this.#wish({ kind: 'ask-edited', text });
        }
    }

    #unanswered() {
        const { error } = this.message;
        return notice(
            'bad',
            html`<p>${error ? explain(Problem.of(error)) : strings().chat.unanswered}</p>
                ${this.#retry()}`,
        );
    }

    #retry(label: string = strings().common.retry) {
        return html`<div class="row">
            <button
                class="button small"
                type="button"
                aria-disabled=${this.busy}
                @click=${() => this.#wish({ kind: 'again' })}
            >
                ${icon('refresh', 16)}${label}
            </button>
        </div>`;
    }

    #answer() {
        const { message, running } = this;
        const { chat } = strings();
        return html`<div class="answer">
            <h2 class="visually-hidden">${chat.assistant}</h2>
            <cra-answer
                .running=${running}
                .text=${message.content}
                .citations=${message.citations}
                .current=${this.current}
            ></cra-answer>
            ${running ? this.#progress(running) : html`${this.#sources()}${this.#status()}${this.#actions()}`}
        </div>`;
    }

    #progress(running: RunningAnswer) {
        const { text, lost, stopping } = running.state;
        const { chat } = strings();
        if (lost) {
            return html`<p class="thinking" role="status">${spinner(chat.reconnecting)}${chat.reconnecting}</p>`;
        }
        if (stopping) {
            return html`<p class="thinking">${spinner(chat.stopping)}${chat.stopping}</p>`;
        }
        return text === '' ? html`<p class="thinking">${spinner(chat.reading)}${chat.reading}</p>` : nothing;
    }

    /** What it cites, once each. */
    #sources() {
        const cited = [...new Map(this.message.citations.map((each) => [each.number, each])).values()];
        if (cited.length === 0) {
            return nothing;
        }
        cited.sort((one, other) => one.number - other.number);
        return html`<ul class="sources" aria-label=${strings().chat.sources}>
            ${cited.map((each) => html`<li>${this.#source(each)}</li>`)}
        </ul>`;
    }

    #source(citation: Citation) {
        const { chat } = strings();
        return html`<button
            type="button"
            class="source ${citation.state ?? ''}"
            data-number=${citation.number}
            aria-label=${chat.citation(citation.number, place(citation), citation.state)}
            aria-current=${citation.number === this.current ? 'true' : nothing}
            ${tip(quoted(citation))}
        >
            <span class="number">${citation.number}</span><bdi>${citation.filename}</bdi>
            ${citation.page === null ? nothing : html`<span class="page">${chat.page(citation.page)}</span>`}
        </button>`;
    }

    #status() {
        const { chat } = strings();
        const { message } = this;
        switch (message.status) {
            case 'cut':
                return notice(
                    'doubtful',
                    html`<p>${chat.cut}</p>
                        ${this.last
                            ? html`<div class="row">
                                  <button
                                      class="button small"
                                      type="button"
                                      aria-disabled=${this.busy}
                                      @click=${() => this.#wish({ kind: 'go-on' })}
                                  >
                                      ${chat.goOn}
                                  </button>
                              </div>`
                            : nothing}`,
                );
            case 'stopped':
                return notice('plain', html`<p>${chat.stopped}</p>`);
            case 'filtered':
                return notice('doubtful', html`<p>${chat.filtered}</p>`);
            case 'failed':
                return notice(
                    'bad',
                    html`<p>${chat.failed} ${message.error ? explain(Problem.of(message.error)) : nothing}</p>
                        ${this.#retry()}`,
                );
            case 'running':
                return html`<p class="thinking">${spinner(chat.reading)}${chat.reading}</p>`;
            default:
                return nothing;
        }
    }

    #actions() {
        const { chat } = strings();
        const { message } = this;
        return html`<div class="actions">
            ${this.#button('copy', chat.copyAnswer, () => void copy(message.content))}
            ${this.#button('refresh', chat.again, () => this.#wish({ kind: 'again' }))}
            ${this.#button('info', chat.why, () => this.#wish({ kind: 'trace' }), 'why')} ${this.#versions()}
            <span class="by" title=${formatDateTime(message.created_at)}>
                ${message.model_id === null ? nothing : catalog.modelName(message.model_id)}
            </span>
        </div>`;
    }

    #button(name: IconName, label: string, run: () => void, kind = '') {
        return html`<button class="button quiet icon small ${kind}" type="button" aria-label=${label} ${tip(label)} @click=${run}>
            ${icon(name, 18)}
        </button>`;
    }

    #versions() {
        const { place } = this;
        if (!place || place.of.length < 2) {
            return nothing;
        }
        const { chat } = strings();
        const step = (to: number, name: IconName, label: string) => html`<button
            class="button quiet icon small"
            type="button"
            aria-label=${label}
            aria-disabled=${this.busy || place.of[to] === undefined}
            @click=${() => {
                const message = place.of[to];
                if (message && !this.busy) {
                    this.#wish({ kind: 'show', message });
                }
            }}
        >
            ${icon(name, 16)}
        </button>`;
        return html`<span class="versions" role="group" aria-label=${chat.versions}>
            ${step(place.at - 1, 'chevron-left', chat.earlierVersion)}
            <span aria-label=${chat.version(place.at + 1, place.of.length)} role="img">${place.at + 1}/${place.of.length}</span>
            ${step(place.at + 1, 'chevron-right', chat.laterVersion)}
        </span>`;
    }
}

customElements.define('cra-message', MessageView);
