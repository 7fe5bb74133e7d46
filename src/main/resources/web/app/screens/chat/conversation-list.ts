import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { asProblem } from '../../api/problem';
import type { Conversation, ConversationMatch } from '../../api/types';
import { LightElement } from '../../components/element';
import { failure, skeleton } from '../../components/feedback';
import { icon } from '../../components/icons';
import { toast } from '../../components/toasts';
import { describe, formatAge, strings } from '../../i18n/language';
import { router } from '../../routing/router';
import { Watching } from '../../state/store';
import { conversations } from './conversations';
import { period } from './periods';

const LONGEST_TITLE = 200;

/** The conversations of the side bar: by time, or what a search finds in them. */
class ConversationList extends LightElement {
    static override styles = css`
        cra-conversations {
            display: flex;
            flex-direction: column;
            gap: var(--space-3);
            padding-block: 3px;

            & .search {
                position: relative;
            }

            & .search svg {
                position: absolute;
                inset-block-start: 0.6875rem;
                inset-inline-start: var(--space-3);
                color: var(--text-muted);
                pointer-events: none;
            }

            & .search input {
                padding-inline-start: 2.25rem;
                font-size: var(--text-s);
            }

            & h2 {
                margin-block: var(--space-3) var(--space-1);
                padding-inline: var(--space-3);
                color: var(--text-muted);
                font-size: var(--text-xs);
                font-weight: var(--weight-medium);
            }

            & section:first-of-type h2 {
                margin-block-start: 0;
            }

            & ul {
                list-style: none;
            }

            & .entry {
                display: grid;
                grid-template-columns: minmax(0, 1fr) auto;
                align-items: center;
                border-radius: var(--radius-m);
            }

            & .entry:hover,
            & .entry:focus-within {
                background: var(--surface-hover);
            }

            & .entry.current {
                background: var(--surface-selected);
            }

            & .entry a {
                padding: var(--space-2) var(--space-3);
                border-radius: var(--radius-m);
                overflow: hidden;
                color: inherit;
                font-size: var(--text-s);
                text-decoration: none;
                text-overflow: ellipsis;
                white-space: nowrap;
            }

            & .entry input {
                grid-column: 1 / -1;
                font-size: var(--text-s);
            }

            & .entry cra-menu > .button {
                min-block-size: 2rem;
                min-inline-size: 2rem;
                padding: 0;
            }

            @media (hover: hover) {
                & .entry cra-menu > .button {
                    opacity: 0;
                }

                & .entry:hover cra-menu > .button,
                & .entry:focus-within cra-menu > .button,
                & .entry cra-menu > .button[aria-expanded='true'] {
                    opacity: 1;
                }
            }

            & .match a {
                display: block;
                padding: var(--space-2) var(--space-3);
                border-radius: var(--radius-m);
                color: inherit;
                text-decoration: none;
                font-size: var(--text-s);
            }

            & .match a:hover {
                background: var(--surface-hover);
            }

            & .match .name {
                display: flex;
                justify-content: space-between;
                gap: var(--space-2);
                font-weight: var(--weight-medium);
            }

            & .match .name bdi {
                overflow: hidden;
                text-overflow: ellipsis;
                white-space: nowrap;
            }

            & .match .age {
                flex: none;
                color: var(--text-muted);
                font-size: var(--text-xs);
                font-weight: var(--weight-normal);
                line-height: 1.8;
            }

            & .snippet {
                display: -webkit-box;
                overflow: hidden;
                color: var(--text-muted);
                overflow-wrap: anywhere;
                -webkit-box-orient: vertical;
                -webkit-line-clamp: 2;
            }

            & .hint {
                padding-inline: var(--space-3);
                color: var(--text-muted);
                font-size: var(--text-s);
            }

            & .failure {
                margin-block: var(--space-4);
            }
        }
    `;

    constructor() {
        super();
        new Watching(this, conversations, router);
    }

    override connectedCallback(): void {
        super.connectedCallback();
        conversations.begin();
    }

    protected override render() {
        const { query } = conversations.state;
        return html`<a class="button small" href="/chat">${icon('plus', 18)}${strings().chat.newChat}</a>
            <div class="search" role="search">
                ${icon('search', 18)}
                <input
                    type="search"
                    autocomplete="off"
                    maxlength="500"
                    aria-label=${strings().chat.search}
                    placeholder=${strings().chat.searchPlaceholder}
                    aria-keyshortcuts="Control+K Meta+K"
                    .value=${query}
                    @input=${(event: Event) => conversations.search((event.target as HTMLInputElement).value)}
                    @keydown=${this.#searchKey}
                />
            </div>
            ${query.trim() === '' ? this.#groups() : this.#matches(query.trim())}`;
    }

    #searchKey(event: KeyboardEvent): void {
        if (event.key === 'Escape' && conversations.state.query !== '') {
            event.preventDefault();
            event.stopPropagation();
            conversations.search('');
        } else if (event.key === 'ArrowDown') {
            event.preventDefault();
            this.querySelector<HTMLElement>('.match a, .entry a')?.focus();
        }
    }

    #groups() {
        const { list, shown } = conversations;
        if (!list.begun) {
            return list.problem ? failure(list.problem, () => void list.start()) : skeleton(5);
        }
        if (shown.length === 0) {
            return html`<p class="hint">${strings().chat.noConversations}</p>`;
        }
        const groups = Map.groupBy(shown, (conversation) => period(conversation.updated_at));
        return html`<div>
                ${repeat(
                    groups,
                    ([name]) => name,
                    ([name, those]) => html`<section aria-label=${name}>
                        <h2>${name}</h2>
                        <ul>
                            ${repeat(
                                those,
                                (each) => each.id,
                                (each) => html`<li>${this.#entry(each)}</li>`,
                            )}
                        </ul>
                    </section>`,
                )}
            </div>
            <cra-load-more .list=${list} .running=${list.running}></cra-load-more>`;
    }

    #entry(conversation: Conversation) {
        const { id } = conversation;
        const title = conversation.title ?? strings().chat.untitled;
        const current = router.state.path === `/chat/${id}`;
        if (conversations.state.renaming === id) {
            return html`<div class="entry">${this.#titleField(conversation)}</div>`;
        }
        return html`<div class="entry ${current ? 'current' : ''}" data-id=${id}>
            <a href="/chat/${id}" aria-current=${current ? 'page' : nothing} title=${title}><bdi>${title}</bdi></a>
            <cra-menu
                .label=${strings().chat.actionsOf(title)}
                .items=${[
                    { label: strings().chat.rename, icon: 'edit' as const, run: () => void this.#rename(id) },
                    {
                        label: strings().common.delete,
                        icon: 'trash' as const,
                        danger: true,
                        run: () => this.#remove(conversation),
                    },
                ]}
            ></cra-menu>
        </div>`;
    }

    #titleField({ id, title }: Conversation) {
        return html`<input
            type="text"
            maxlength=${LONGEST_TITLE}
            aria-label=${strings().chat.newTitle}
            .value=${title ?? ''}
            @blur=${(event: Event) => void this.#renamed(id, event.target as HTMLInputElement)}
            @keydown=${(event: KeyboardEvent) => {
                const field = event.target as HTMLInputElement;
                if (event.key === 'Enter' && !event.isComposing) {
                    event.preventDefault();
                    field.blur();
                } else if (event.key === 'Escape') {
                    event.preventDefault();
                    event.stopPropagation();
                    field.value = title ?? '';
                    field.blur();
                }
            }}
        />`;
    }

    async #rename(id: string): Promise<void> {
        conversations.rename(id);
        await this.updateComplete;
        const field = this.querySelector<HTMLInputElement>('.entry input');
        field?.focus();
        field?.select();
    }

    async #renamed(id: string, field: HTMLInputElement): Promise<void> {
        if (conversations.state.renaming !== id) {
            return;
        }
        const before = conversations.list.items.find((each) => each.id === id)?.title ?? '';
        const title = field.value.trim();
        try {
            if (title !== '' && title !== before) {
                await conversations.renameTo(id, title);
            }
            conversations.rename(null);
        } catch (thrown) {
            // The field stays, with what was typed.
            toast(describe(asProblem(thrown)));
            return;
        }
        await this.updateComplete;
        if (document.activeElement === document.body) {
            this.querySelector<HTMLElement>(`[data-id="${id}"] a`)?.focus();
        }
    }

    #remove(conversation: Conversation): void {
        const links = [...this.querySelectorAll<HTMLElement>('.entry a')];
        const at = links.findIndex((link) => link.closest('[data-id]')!.getAttribute('data-id') === conversation.id);
        conversations.remove(conversation);
        (links[at + 1] ?? links[at - 1] ?? this.querySelector('input'))?.focus();
    }

    #matches(query: string) {
        const { matches, state } = conversations;
        const named = conversations.shown.filter((each) => each.title?.toLowerCase().includes(query.toLowerCase()));
        const found = matches.items.filter((match) => !state.gone.has(match.session_id));
        return html`${named.length > 0
                ? html`<section aria-label=${strings().chat.titles}>
                      <h2>${strings().chat.titles}</h2>
                      <ul>
                          ${named.slice(0, 5).map((each) => html`<li>${this.#entry(each)}</li>`)}
                      </ul>
                  </section>`
                : nothing}
            ${found.length > 0
                ? html`<section aria-label=${strings().chat.messages}>
                      <h2>${strings().chat.messages}</h2>
                      <ul>
                          ${repeat(
                              found,
                              (match) => match.message_id,
                              (match) => html`<li class="match">${this.#match(match)}</li>`,
                          )}
                      </ul>
                  </section>`
                : nothing}
            ${matches.begun
                ? html`<p class=${found.length + named.length > 0 ? 'visually-hidden' : 'hint'} role="status">
                      ${strings().chat.found(found.length + named.length)}
                  </p>`
                : nothing}
            ${matches.begun || matches.problem === undefined
                ? nothing
                : failure(matches.problem, () => void matches.start())}
            ${!matches.begun && matches.problem === undefined ? skeleton(3) : nothing}
            <cra-load-more .list=${matches} .running=${matches.running}></cra-load-more>`;
    }

    #match(match: ConversationMatch) {
        return html`<a href="/chat/${match.session_id}?message=${match.message_id}">
            <span class="name">
                <bdi>${match.title ?? strings().chat.untitled}</bdi>
                <span class="age">${formatAge(match.created_at)}</span>
            </span>
            <span class="snippet" dir="auto">${match.snippet}</span>
        </a>`;
    }
}

customElements.define('cra-conversations', ConversationList);
