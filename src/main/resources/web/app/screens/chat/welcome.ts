import { css, html, nothing, type PropertyValues } from 'lit';
import { get } from '../../api/http';
import { asProblem } from '../../api/problem';
import type { Assistant, DocumentUsage, Page, StoredDocument } from '../../api/types';
import { LightElement } from '../../components/element';
import { notice, skeleton } from '../../components/feedback';
import { icon } from '../../components/icons';
import { describe, strings } from '../../i18n/language';
import { Loading } from '../../state/loading';
import { Watching } from '../../state/store';
import { catalog } from './catalog';

interface Knowledge {
    /** How many documents it looks into. */
    count: number;
    /** How many there are beside them: not read yet, or not readable. */
    unread: number;
    /** Names of the latest. */
    names: string[];
}

const MOST_NAMES = 3;
/** Beyond so many, those that are not read do not matter to the number. */
const COUNTED = 100;

/** Before the first question: what the assistant knows, and what one may ask. `ask` is called with a question. */
class Welcome extends LightElement {
    static override properties = { assistant: { attribute: false }, ask: { attribute: false }, busy: { type: Boolean } };

    static override styles = css`
        cra-welcome {
            display: flex;
            flex-direction: column;
            gap: var(--space-5);
            margin-block: auto;

            & .about {
                display: flex;
                flex-direction: column;
                gap: var(--space-2);
            }

            & .about h2 {
                font-size: var(--text-2xl);
            }

            & .names {
                color: var(--text-muted);
            }

            & .skeleton {
                inline-size: min(100%, 24rem);
            }

            & .starters {
                display: grid;
                grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr));
                gap: var(--space-3);
                list-style: none;
            }

            & .starter {
                inline-size: 100%;
                block-size: 100%;
                padding: var(--space-3) var(--space-4);
                border: 1px solid var(--border);
                border-radius: var(--radius-m);
                background: var(--surface-raised);
                text-align: start;
                cursor: pointer;
                transition: border-color var(--quick), background var(--quick);
            }

            & .starter:hover {
                border-color: var(--accent);
                background: var(--accent-quiet);
            }

            & .keep {
                display: flex;
                align-items: start;
                gap: var(--space-3);
            }

            & .keep input {
                flex: none;
                margin-block-start: 0.25rem;
            }

            & .keep label {
                cursor: pointer;
            }
        }
    `;

    declare assistant: Assistant | undefined;
    declare ask: (question: string) => void;
    declare busy: boolean;

    readonly #knowledge = new Loading<Knowledge>(this, (signal) => known(this.assistant!, signal));

    constructor() {
        super();
        this.busy = false;
        new Watching(this, catalog);
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has('assistant') && this.assistant) {
            void this.#knowledge.start();
        }
    }

    protected override render() {
        const { chat } = strings();
        const { assistant } = this;
        return html`<div class="about">
                <h2>${chat.welcome}</h2>
                ${assistant?.description ? html`<p dir="auto">${assistant.description}</p>` : nothing}
                ${assistant ? this.#known() : skeleton(2)}
            </div>
            ${assistant ? this.#starters() : nothing}
            <div class="keep">
                <input
                    id="keep-nowhere"
                    type="checkbox"
                    aria-describedby="keep-nowhere-hint"
                    .checked=${catalog.state.ephemeral}
                    @change=${(event: Event) => catalog.keepNowhere((event.target as HTMLInputElement).checked)}
                />
                <div>
                    <label for="keep-nowhere">${chat.keepNowhere}</label>
                    <p class="muted small" id="keep-nowhere-hint">${chat.keepNowhereHint}</p>
                </div>
            </div>`;
    }

    #known() {
        const { chat } = strings();
        if (!this.assistant!.retrieval.enabled) {
            return html`<p class="names">${chat.knowsNoDocuments}</p>`;
        }
        return this.#knowledge.render({
            waiting: () => skeleton(1),
            failed: (problem) =>
                notice(
                    'doubtful',
                    html`${describe(problem)}
                        <button class="button small" type="button" @click=${() => void this.#knowledge.start()}>
                            ${strings().common.retry}
                        </button>`,
                ),
            ready: ({ count, unread, names }) =>
                count === 0
                    ? this.#nothing(unread)
                    : html`<p class="names">
                          ${chat.knows(count)}
                          ${names.map((name, index) => html`${index > 0 ? ', ' : ''}<bdi>${name}</bdi>`)}${count > names.length
                              ? chat.andMore(count - names.length)
                              : nothing}
                      </p>`,
        });
    }

    #nothing(unread: number) {
        const { chat } = strings();
        if (!this.assistant!.all_documents) {
            return html`<p>${chat.nothingChosen}</p>
                <p><a class="button" href="/assistants">${icon('assistant')}${chat.chooseDocuments}</a></p>`;
        }
        return unread > 0
            ? html`<p>${chat.nothingRead(unread)}</p>
                  <p><a class="button" href="/documents">${icon('document')}${chat.seeDocuments}</a></p>`
            : html`<p>${chat.nothingYet}</p>
                  <p><a class="button" href="/documents">${icon('upload')}${chat.addDocuments}</a></p>`;
    }

    #starters() {
        const { chat } = strings();
        const looks = this.assistant!.retrieval.enabled;
        const knowledge = this.#knowledge.value;
        if (looks && (!knowledge || knowledge.count === 0)) {
            return nothing;
        }
        const [first, second] = knowledge?.names ?? [];
        const questions = looks
            ? [
                  ...(first ? [chat.starterAbout(first), chat.starterPoints(second ?? first)] : []),
                  chat.starterDates,
                  chat.starterAmounts,
              ]
            : [chat.starterExplain, chat.starterDraft];
        return html`<div>
            <h3 class="visually-hidden">${chat.starters}</h3>
            <ul class="starters">
                ${questions.map(
                    (question) => html`<li>
                        <button
                            class="starter"
                            type="button"
                            dir="auto"
                            aria-disabled=${this.busy}
                            @click=${() => this.ask(question)}
                        >
                            ${question}
                        </button>
                    </li>`,
                )}
            </ul>
        </div>`;
    }
}

async function known(assistant: Assistant, signal: AbortSignal): Promise<Knowledge> {
    if (!assistant.retrieval.enabled) {
        return { count: 0, unread: 0, names: [] };
    }
    if (assistant.all_documents) {
        const [usage, latest] = await Promise.all([
            get<DocumentUsage>('/documents/usage', { signal }),
            get<Page<StoredDocument>>('/documents', {
                query: { status: 'ready', sort: '-created_at', limit: COUNTED },
                signal,
            }),
        ]);
        const count = latest.next_cursor === null ? latest.items.length : usage.documents;
        return {
            count,
            unread: usage.documents - count,
            names: latest.items.slice(0, MOST_NAMES).map((each) => each.filename),
        };
    }
    const names = await Promise.all(
        assistant.document_ids.slice(0, MOST_NAMES).map(async (id) => {
            try {
                return (await get<StoredDocument>(`/documents/${id}`, { signal })).filename;
            } catch (thrown) {
                if (asProblem(thrown).status === 404) {
                    return null;
                }
                throw thrown;
            }
        }),
    );
    return { count: assistant.document_ids.length, unread: 0, names: names.filter((name) => name !== null) };
}

customElements.define('cra-welcome', Welcome);
