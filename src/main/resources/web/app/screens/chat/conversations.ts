import type { ReactiveControllerHost } from 'lit';
import { del, get, patch, post } from '../../api/http';
import { asProblem } from '../../api/problem';
import { session } from '../../api/session';
import type { Conversation, ConversationMatch, Page } from '../../api/types';
import { toast, undoable } from '../../components/toasts';
import { describe, strings } from '../../i18n/language';
import { router } from '../../routing/router';
import { Paged } from '../../state/paged';
import { Store } from '../../state/store';
import { hearTabs, tellTabs } from './tabs';
import { knownThread } from './thread';

interface ListState {
    /** What is looked for; empty for the list. */
    query: string;
    /** Which one is being renamed. */
    renaming: string | null;
    /** Those that are deleted as soon as nobody can take it back any more. */
    gone: ReadonlySet<string>;
    /** Counts changes of the pages. */
    turn: number;
}

const PER_PAGE = 40;
const UNTIL_SEARCH = 250;
/** When a model may have named a conversation, in milliseconds after its first answer. */
const UNTIL_TITLE = [1500, 5000];

/** The conversations at the side, in all places where it is shown. */
class Conversations extends Store<ListState> {
    readonly #host = {
        addController: () => undefined,
        removeController: () => undefined,
        requestUpdate: () => this.set({ turn: this.state.turn + 1 }),
        updateComplete: Promise.resolve(true),
    } satisfies ReactiveControllerHost;

    readonly list = new Paged<Conversation>(this.#host, (cursor, signal) =>
        get<Page<Conversation>>('/sessions', { query: { limit: PER_PAGE, cursor }, signal }),
    );

    readonly matches = new Paged<ConversationMatch>(this.#host, (cursor, signal) =>
        post<Page<ConversationMatch>>('/sessions/search', { query: this.state.query.trim(), cursor }, { signal }),
    );

    #searching: ReturnType<typeof setTimeout> | undefined;

    constructor() {
        super({ query: '', renaming: null, gone: new Set(), turn: 0 });
        session.listen(() => {
            if (session.state.status === 'signed-out') {
                this.list.begun = false;
                this.list.change(() => []);
                this.matches.change(() => []);
                this.set({ query: '', renaming: null, gone: new Set() });
            }
        });
        hearTabs(({ kind, id }) => {
            if (kind === 'deleted') {
                this.list.change((items) => items.filter((each) => each.id !== id));
            } else {
                void this.look(id);
            }
        });
    }

    /** Reads the list if nobody has yet. */
    begin(): void {
        if (!this.list.begun && !this.list.running) {
            void this.list.start();
        }
    }

    /** Those to show, the one used last first. */
    get shown(): Conversation[] {
        const byId = new Map(this.list.items.map((each) => [each.id, each]));
        return [...byId.values()]
            .filter((each) => !this.state.gone.has(each.id))
            .sort((one, other) => other.updated_at.localeCompare(one.updated_at));
    }

    /** It is new, or another than before. */
    put(conversation: Conversation): void {
        if (!conversation.ephemeral) {
            this.list.change((items) => [conversation, ...items.filter((each) => each.id !== conversation.id)]);
        }
    }

    /** Reads one again that may have changed. */
    async look(id: string): Promise<void> {
        try {
            const conversation = await get<Conversation>(`/sessions/${id}`);
            this.put(conversation);
            knownThread(id)?.changed(conversation);
        } catch (thrown) {
            // The list is right at the next reading.
            asProblem(thrown);
        }
    }

    /** A first answer is there: the conversation may get a better name than the question. */
    async awaitTitle(id: string): Promise<void> {
        for (const wait of UNTIL_TITLE) {
            await new Promise((resolve) => setTimeout(resolve, wait));
            await this.look(id);
        }
    }

    /** What takes deletions back that are under way, by conversation. */
    readonly #undos = new Map<string, () => void>();

    search(query: string): void {
        this.set({ query });
        clearTimeout(this.#searching);
        if (query.trim() !== '') {
            this.#searching = setTimeout(() => void this.matches.start(), UNTIL_SEARCH);
        } else {
            this.matches.begun = false;
            this.matches.change(() => []);
        }
    }

    rename(id: string | null): void {
        this.set({ renaming: id });
    }

    /** Gives it that title. @throws Problem */
    async renameTo(id: string, title: string): Promise<void> {
        const conversation = await patch<Conversation>(`/sessions/${id}`, { title });
        this.put(conversation);
        knownThread(id)?.changed(conversation);
        tellTabs({ kind: 'changed', id });
    }

    /** Takes it away, with a way back for some seconds. */
    remove(conversation: Conversation): void {
        const { id } = conversation;
        const address = `/chat/${id}`;
        const wasShown = location.pathname === address;
        this.#gone(id, true);
        if (wasShown) {
            router.go('/chat');
        }
        const undo = undoable(
            strings().chat.deleted(conversation.title ?? strings().chat.untitled),
            () => {
                this.#gone(id, false);
                if (wasShown && location.pathname !== address) {
                    router.go(address);
                }
            },
            () => this.#delete(id),
        );
        this.#undos.set(id, undo);
    }

    /** Takes a deletion back that is not done yet: whoever goes on asking wants the conversation. */
    keep(id: string): void {
        this.#undos.get(id)?.();
    }

    async #delete(id: string): Promise<void> {
        this.#undos.delete(id);
        try {
            await del(`/sessions/${id}`, undefined, { keepalive: true });
        } catch (thrown) {
            const problem = asProblem(thrown);
            if (problem.status !== 404) {
                this.#gone(id, false);
                toast(describe(problem));
                return;
            }
        }
        this.list.change((items) => items.filter((each) => each.id !== id));
        this.matches.change((items) => items.filter((each) => each.session_id !== id));
        tellTabs({ kind: 'deleted', id });
    }

    #gone(id: string, gone: boolean): void {
        const all = new Set(this.state.gone);
        if (gone) {
            all.add(id);
        } else {
            all.delete(id);
        }
        this.set({ gone: all });
    }
}

export const conversations = new Conversations();
