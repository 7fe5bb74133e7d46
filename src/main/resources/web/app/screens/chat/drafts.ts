import { session } from '../../api/session';

/** What was typed and not sent, by conversation; `''` is the one that is to be begun. In memory only. */
class Drafts {
    readonly #texts = new Map<string, string>();

    constructor() {
        session.listen(() => {
            if (session.state.status === 'signed-out') {
                this.#texts.clear();
            }
        });
    }

    of(conversation: string): string {
        return this.#texts.get(conversation) ?? '';
    }

    keep(conversation: string, text: string): void {
        if (text === '') {
            this.#texts.delete(conversation);
        } else {
            this.#texts.set(conversation, text);
        }
    }

    /** Puts back what could not be sent, before what was typed since. */
    restore(conversation: string, text: string): void {
        const since = this.of(conversation);
        this.keep(conversation, since === '' ? text : `${text}\n\n${since}`);
    }
}

export const drafts = new Drafts();
