import type { ReactiveController, ReactiveControllerHost, TemplateResult } from 'lit';
import { asProblem, isAbort, type Problem } from '../api/problem';

/** What to show while something is read, once it is there, and if it failed. */
export interface LoadingViews<T> {
    waiting: () => unknown;
    failed: (problem: Problem) => unknown;
    ready: (value: T) => unknown;
}

/**
 * Something that an element reads from the service: at most one call under way, which ends with the element. What was there
 * stays shown while it is read again.
 */
export class Loading<T> implements ReactiveController {
    value: T | undefined;
    problem: Problem | undefined;
    running = false;
    readonly #host: ReactiveControllerHost;
    readonly #read: (signal: AbortSignal) => Promise<T>;
    #call: AbortController | undefined;

    constructor(host: ReactiveControllerHost, read: (signal: AbortSignal) => Promise<T>) {
        this.#host = host;
        this.#read = read;
        host.addController(this);
    }

    hostDisconnected(): void {
        this.#call?.abort();
    }

    /** Reads it, or reads it again; a call under way is given up. */
    async start(): Promise<void> {
        this.#call?.abort();
        const call = new AbortController();
        this.#call = call;
        this.running = true;
        this.problem = undefined;
        this.#host.requestUpdate();
        try {
            const value = await this.#read(call.signal);
            if (!call.signal.aborted) {
                this.value = value;
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

    /** Changes the value here, as after a change that the service has accepted. */
    change(change: (value: T) => T): void {
        if (this.value !== undefined) {
            this.value = change(this.value);
            this.#host.requestUpdate();
        }
    }

    render(views: LoadingViews<T>): TemplateResult | unknown {
        if (this.value !== undefined) {
            return views.ready(this.value);
        }
        return this.problem ? views.failed(this.problem) : views.waiting();
    }
}
