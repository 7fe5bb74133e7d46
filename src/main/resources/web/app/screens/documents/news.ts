import { follow } from '../../api/events';
import { pause } from '../../api/http';
import { asProblem, isAbort } from '../../api/problem';
import { session } from '../../api/session';
import type { StoredDocument } from '../../api/types';

export type DocumentNews =
    | { kind: 'changed'; document: StoredDocument }
    | { kind: 'deleted'; id: string }
    | { kind: 'reload' };

const TRY_AGAIN = 30_000;

/** What this tab has heard of documents: from the stream of their events, and from the answers to its own calls. */
class News {
    readonly #listeners = new Set<(news: DocumentNews) => void>();
    /** As each was when we last heard of it; null for those that are gone. */
    #latest = new Map<string, StoredDocument | null>();

    constructor() {
        session.listen(() => {
            if (session.state.status === 'signed-out') {
                this.#latest = new Map();
            }
        });
    }

    /** @returns what ends the listening */
    listen(listener: (news: DocumentNews) => void): () => void {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    changed(document: StoredDocument): void {
        if (this.latest(document) === document) {
            this.#latest.set(document.id, document);
            this.#tell({ kind: 'changed', document });
        }
    }

    deleted(id: string): void {
        this.#latest.set(id, null);
        this.#tell({ kind: 'deleted', id });
    }

    /** The newer of this and what was heard; null if it is gone. What a list says may be older than an event. */
    latest(document: StoredDocument): StoredDocument | null {
        const known = this.#latest.get(document.id);
        if (known === undefined || known === null) {
            return known === null ? null : document;
        }
        return Date.parse(known.updated_at) > Date.parse(document.updated_at) ? known : document;
    }

    /**
     * Hears the stream until the signal ends it, beyond the end of a sign-in too.
     *
     * @param onState told whether the stream is open
     */
    async follow(signal: AbortSignal, onState: (open: boolean) => void): Promise<void> {
        while (!signal.aborted) {
            try {
                await follow('/documents/events', { signal, onState, onEvent: (event) => this.#hear(event.name, event.data) });
            } catch (thrown) {
                const problem = asProblem(thrown);
                onState(false);
                const ended = problem.status === 401 && session.state.status !== 'signed-in';
                await (ended ? signedIn(signal) : waited(signal));
            }
        }
    }

    #hear(name: string, data: string): void {
        switch (name) {
            case 'document':
                this.changed(JSON.parse(data) as StoredDocument);
                break;
            case 'deleted':
                this.deleted((JSON.parse(data) as { id: string }).id);
                break;
            case 'reload':
                this.#tell({ kind: 'reload' });
                break;
        }
    }

    #tell(news: DocumentNews): void {
        this.#listeners.forEach((listener) => listener(news));
    }
}

async function waited(signal: AbortSignal): Promise<void> {
    try {
        await pause(TRY_AGAIN, signal);
    } catch (thrown) {
        if (!isAbort(thrown)) {
            throw thrown;
        }
    }
}

function signedIn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
        const look = () => {
            if (signal.aborted || session.state.status === 'signed-in') {
                stop();
                signal.removeEventListener('abort', look);
                resolve();
            }
        };
        const stop = session.listen(look);
        signal.addEventListener('abort', look);
        look();
    });
}

export const news = new News();
