import { session } from '../../api/session';

/** Where a question in other words is kept that is not asked yet. */
export function editOf(message: string): string {
    return `edit ${message}`;
}

/** What was typed and not sent, by conversation; `''` is the one that is to be begun. In memory only. */
class Drafts {
    readonly #texts = new Map<string, string>();
    /** The browser asks before what is typed goes with the page. */
    readonly #beforeLeaving = (event: Event): void => event.preventDefault();

    constructor() {
        session.listen(() => {
            if (session.state.status === 'signed-out') {
                this.#texts.clear();
                removeEventListener('beforeunload', this.#beforeLeaving);
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
        if (this.#texts.size > 0) {
            addEventListener('beforeunload', this.#beforeLeaving);
        } else {
            removeEventListener('beforeunload', this.#beforeLeaving);
        }
    }

    /** Puts back what could not be sent, before what was typed since. */
    restore(conversation: string, text: string): void {
        const since = this.of(conversation);
        this.keep(conversation, since === '' ? text : `${text}\n\n${since}`);
    }
}

export const drafts = new Drafts();
