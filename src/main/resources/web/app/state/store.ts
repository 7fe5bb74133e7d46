import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A state that elements follow: {@link Watching} renders its host again when it changes. */
export class Store<S extends object> {
    #state: Readonly<S>;
    readonly #listeners = new Set<() => void>();

    constructor(initial: S) {
        this.#state = initial;
    }

    get state(): Readonly<S> {
        return this.#state;
    }

    /** Changes these members, and tells if any is another than before. */
    protected set(changes: Partial<S>): void {
        const changed = Object.entries(changes).some(([name, value]) => this.#state[name as keyof S] !== value);
        if (changed) {
            this.#state = { ...this.#state, ...changes };
            this.#listeners.forEach((listener) => listener());
        }
    }

    /** @returns what ends the listening */
    listen(listener: () => void): () => void {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }
}

/** Renders an element again whenever one of the stores changes, as long as it is in the page. */
export class Watching implements ReactiveController {
    readonly #host: ReactiveControllerHost;
    readonly #stores: Pick<Store<object>, 'listen'>[];
    #ends: (() => void)[] = [];

    constructor(host: ReactiveControllerHost, ...stores: Pick<Store<object>, 'listen'>[]) {
        this.#host = host;
        this.#stores = stores;
        host.addController(this);
    }

    hostConnected(): void {
        this.#ends = this.#stores.map((store) => store.listen(() => this.#host.requestUpdate()));
    }

    hostDisconnected(): void {
        this.#ends.forEach((end) => end());
        this.#ends = [];
    }
}
