import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** The token of a link in a mail, which stands in the fragment of the address; also of a link that is opened after another. */
export class LinkToken implements ReactiveController {
    readonly #host: ReactiveControllerHost;
    readonly #changed: () => void;

    /** @param changed called when there is another */
    constructor(host: ReactiveControllerHost, changed: () => void) {
        this.#host = host;
        this.#changed = () => {
            changed();
            this.#host.requestUpdate();
        };
        host.addController(this);
    }

    /** Empty if the link has none. */
    get value(): string {
        return new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
    }

    /** It has served: the history need not keep it. */
    spent(): void {
        history.replaceState(history.state, '', location.pathname);
    }

    hostConnected(): void {
        addEventListener('hashchange', this.#changed);
    }

    hostDisconnected(): void {
        removeEventListener('hashchange', this.#changed);
    }
}
