import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { asProblem, isAbort, type Problem } from '../api/problem';
import type { Page } from '../api/types';

/** A list that is read page by page. `<cra-load-more .list=${…}>` shows the way to the next. */
export class Paged<T> implements ReactiveController {
    items: T[] = [];
    problem: Problem | undefined;
    running = false;
    /** Whether the first page has come. */
    begun = false;
    readonly #host: ReactiveControllerHost;
    readonly #read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>;
    #next: string | null = null;
    /** What is being read, or was to be when it failed. */
    #wanted: string | undefined;
    #call: AbortController | undefined;

    constructor(
        host: ReactiveControllerHost,
        read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
    ) {
        this.#host = host;
        this.#read = read;
        host.addController(this);
    }

    hostDisconnected(): void {
        this.#call?.abort();
    }

    get hasMore(): boolean {
        return this.#next !== null;
    }

    /** Reads the first page; what was shown stays until it is there. */
    start(): Promise<void> {
        return this.#load(undefined);
    }

    /** Reads the next page, or again the one that failed. */
    more(): Promise<void> {
        if (this.running) {
            return Promise.resolve();
        }
        return this.#load(this.problem ? this.#wanted : (this.#next ?? undefined));
    }

    /** Changes the list here, as after a change that the service has accepted. */
    change(change: (items: T[]) => T[]): void {
        this.items = change(this.items);
        this.#host.requestUpdate();
    }

    async #load(cursor: string | undefined): Promise<void> {
        this.#call?.abort();
        const call = new AbortController();
        this.#call = call;
        this.#wanted = cursor;
        this.running = true;
        this.problem = undefined;
        this.#host.requestUpdate();
        try {
            const page = await this.#read(cursor, call.signal);
            if (!call.signal.aborted) {
                this.items = cursor === undefined ? page.items : [...this.items, ...page.items];
                this.#next = page.next_cursor;
                this.begun = true;
            }
        } catch (thrown) {
            if (!call.signal.aborted && !isAbort(thrown)) {
                this.problem = asProblem(thrown);
            }
        } finally {
            if (this.#call === call) {
                this.running = false;
                this.#host.requestUpdate();
            }
        }
    }
}
