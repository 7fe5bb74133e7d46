import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { get } from '../../api/http';
import { Problem } from '../../api/problem';
import type { Account } from '../../api/types';

/** So many are asked for at a time. */
const AT_A_TIME = 6;

/** Names of people by their ids, read as they are needed; of who is gone there is none. */
export class Names implements ReactiveController {
    readonly #host: ReactiveControllerHost;
    readonly #known = new Map<string, Account | null>();
    readonly #wanted = new Set<string>();
    #running = 0;
    #here = false;

    constructor(host: ReactiveControllerHost) {
        this.#host = host;
        host.addController(this);
    }

    hostConnected(): void {
        this.#here = true;
    }

    hostDisconnected(): void {
        this.#here = false;
    }

    /** The account; null if there is none any more, undefined while that is not known. */
    of(id: string): Account | null | undefined {
        return this.#known.get(id);
    }

    keep(account: Account): void {
        this.#known.set(account.id, account);
    }

    want(ids: Iterable<string | null>): void {
        for (const id of ids) {
            if (id !== null && !this.#known.has(id)) {
                this.#wanted.add(id);
            }
        }
        while (this.#running < AT_A_TIME && this.#wanted.size > 0) {
            void this.#read();
        }
    }

    async #read(): Promise<void> {
        this.#running++;
        try {
            for (const id of this.#wanted) {
                if (!this.#here) {
                    break;
                }
                this.#wanted.delete(id);
                this.#known.set(id, await account(id));
                this.#host.requestUpdate();
            }
        } catch (thrown) {
            if (!(thrown instanceof Problem)) {
                throw thrown;
            }
            // The id stands in place of the name.
            this.#wanted.clear();
        } finally {
            this.#running--;
        }
    }
}

async function account(id: string): Promise<Account | null> {
    try {
        return await get<Account>(`/admin/users/${encodeURIComponent(id)}`);
    } catch (thrown) {
        if (thrown instanceof Problem && thrown.status === 404) {
            return null;
        }
        throw thrown;
    }
}
