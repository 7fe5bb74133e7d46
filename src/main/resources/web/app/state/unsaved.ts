import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { session } from '../api/session';
import { confirm } from '../components/dialog';
import { strings } from '../i18n/language';
import { router } from '../routing/router';

/** Asks before a screen is left whose text would be lost: within the app in its own words, else in the browser's. */
export class Unsaved implements ReactiveController {
    readonly #isThere: () => boolean;
    #end: (() => void) | undefined;
    #asking = false;

    constructor(host: ReactiveControllerHost, isThere: () => boolean) {
        this.#isThere = isThere;
        host.addController(this);
    }

    hostConnected(): void {
        this.#end = router.guard(() => this.mayGo());
        addEventListener('beforeunload', this.#beforeUnload);
    }

    hostDisconnected(): void {
        this.#end?.();
        removeEventListener('beforeunload', this.#beforeUnload);
    }

    /** Whether there is nothing to lose, or the person gives it up. Who is being asked goes nowhere meanwhile. */
    async mayGo(): Promise<boolean> {
        if (!this.#isThere()) {
            return true;
        }
        if (this.#asking) {
            return false;
        }
        this.#asking = true;
        try {
            return await confirm({
                heading: strings().common.unsavedTitle,
                text: strings().common.unsavedText,
                action: strings().common.leave,
                danger: true,
            });
        } finally {
            this.#asking = false;
        }
    }

    readonly #beforeUnload = (event: Event): void => {
        // What was written by somebody who is not here any more is nothing to ask the next one about.
        if (this.#isThere() && session.state.status !== 'signed-out') {
            event.preventDefault();
        }
    };
}
