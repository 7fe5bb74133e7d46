import { get } from '../../api/http';
import { asProblem, type Problem } from '../../api/problem';
import { session } from '../../api/session';
import type { Assistant, Conversation, Model, Page } from '../../api/types';
import { strings } from '../../i18n/language';
import { Store } from '../../state/store';

interface CatalogState {
    /** Undefined until they were read. */
    assistants: readonly Assistant[] | undefined;
    /** Names of models by their ids, as far as the provider tells them. */
    models: ReadonlyMap<string, string>;
    problem: Problem | undefined;
    /** Who is to answer in the conversation to be begun; null for the default. */
    chosen: string | null;
    /** Whether that one is to be kept nowhere. */
    ephemeral: boolean;
}

const EMPTY: CatalogState = {
    assistants: undefined,
    models: new Map(),
    problem: undefined,
    chosen: null,
    ephemeral: false,
};

/** The assistants there are to choose from, and what is chosen for the next conversation. */
class Catalog extends Store<CatalogState> {
    constructor() {
        super(EMPTY);
        session.listen(() => {
            if (session.state.status === 'signed-out') {
                this.set(EMPTY);
            }
        });
    }

    /** Reads them, also again: they are changed on screens of their own. */
    async load(): Promise<void> {
        this.set({ problem: undefined });
        const models = this.state.models.size === 0 ? this.#loadModels() : undefined;
        try {
            const assistants: Assistant[] = [];
            let cursor: string | null = null;
            do {
                const page: Page<Assistant> = await get('/assistants', { query: { limit: 100, cursor } });
                assistants.push(...page.items);
                cursor = page.next_cursor;
            } while (cursor);
            this.set({ assistants });
        } catch (thrown) {
            this.set({ problem: asProblem(thrown) });
        }
        await models;
    }

    async #loadModels(): Promise<void> {
        try {
            const { items } = await get<Page<Model>>('/models');
            this.set({ models: new Map(items.map((model) => [model.id, model.name])) });
        } catch (thrown) {
            // Their ids say enough.
            asProblem(thrown);
        }
    }

    choose(assistant: string): void {
        this.set({ chosen: assistant });
    }

    keepNowhere(ephemeral: boolean): void {
        this.set({ ephemeral });
    }

    /** Who answers in a conversation, or in the one to be begun. */
    of(conversation: Conversation | undefined): Assistant | undefined {
        const wanted = conversation ? conversation.assistant_id : this.state.chosen;
        const { assistants } = this.state;
        return assistants?.find((each) => each.id === wanted) ?? assistants?.find((each) => each.is_default);
    }

    modelName(id: string | null): string {
        return id === null ? strings().chat.defaultModel : (this.state.models.get(id) ?? id);
    }
}

export const catalog = new Catalog();

/** Which documents an assistant looks into, in a few words. */
export function scope(assistant: Assistant): string {
    const { chat } = strings();
    if (!assistant.retrieval.enabled) {
        return chat.scopeNone;
    }
    return assistant.all_documents ? chat.scopeAll : chat.scopeSome(assistant.document_ids.length);
}
