import { Store } from '../state/store';

const LOOK_AGAIN = 3000;

/** Whether the service answers, as far as the latest call and the browser know. While it does not, it is tried. */
class Reachability extends Store<{ online: boolean }> {
    #timer: ReturnType<typeof setInterval> | undefined;

    constructor() {
        super({ online: true });
        addEventListener('offline', () => this.missed());
        addEventListener('online', () => void this.#look());
    }

    reached(): void {
        clearInterval(this.#timer);
        this.#timer = undefined;
        this.set({ online: true });
    }

    missed(): void {
        this.#timer ??= setInterval(() => void this.#look(), LOOK_AGAIN);
        this.set({ online: false });
    }

    async #look(): Promise<void> {
        try {
            await fetch('/icon.svg', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(LOOK_AGAIN) });
            this.reached();
        } catch {
            this.missed();
        }
    }
}

export const reachability = new Reachability();
