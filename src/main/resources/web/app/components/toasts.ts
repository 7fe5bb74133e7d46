import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { strings } from '../i18n/language';
import { Store, Watching } from '../state/store';
import { LightElement } from './element';
import { icon } from './icons';

interface Toast {
    id: number;
    text: string;
    action?: { label: string; run: () => void };
}

const STAYS = 6000;
/** Of those without an action, besides the newest. */
const MOST_PLAIN = 2;
/** Who is to act needs more time: WCAG 2.2, 2.2.1. */
const STAYS_WITH_ACTION = 10_000;

class Toasts extends Store<{ toasts: readonly Toast[] }> {
    #last = 0;
    #timers = new Map<number, ReturnType<typeof setTimeout>>();
    #ends = new Map<number, () => Promise<void>>();

    constructor() {
        super({ toasts: [] });
    }

    show(text: string, options: { action?: Toast['action']; onGone?: () => Promise<void> } = {}): number {
        const id = ++this.#last;
        if (options.onGone) {
            this.#ends.set(id, options.onGone);
        }
        const { toasts } = this.state;
        const plain = toasts.filter((each) => !each.action);
        const kept = toasts.filter((each) => each.action || plain.indexOf(each) >= plain.length - MOST_PLAIN);
        this.set({ toasts: [...kept, { id, text, action: options.action }] });
        this.resume(id);
        return id;
    }

    /** Stays while somebody points at it or is in it. */
    hold(id: number): void {
        clearTimeout(this.#timers.get(id));
    }

    resume(id: number): void {
        const toast = this.state.toasts.find((each) => each.id === id);
        clearTimeout(this.#timers.get(id));
        this.#timers.set(id, setTimeout(() => this.remove(id), toast?.action ? STAYS_WITH_ACTION : STAYS));
    }

    act(id: number): void {
        const toast = this.state.toasts.find((each) => each.id === id);
        this.#ends.delete(id);
        this.remove(id);
        toast?.action?.run();
    }

    remove(id: number): void {
        void this.#remove(id);
    }

    /** Does all that could still be taken back. */
    async settle(): Promise<void> {
        await Promise.all([...this.#ends.keys()].map((id) => this.#remove(id)));
    }

    /** Takes all of them away, and does nothing. */
    forget(): void {
        this.#timers.forEach((timer) => clearTimeout(timer));
        this.#timers.clear();
        this.#ends.clear();
        this.set({ toasts: [] });
    }

    async #remove(id: number): Promise<void> {
        clearTimeout(this.#timers.get(id));
        this.#timers.delete(id);
        this.set({ toasts: this.state.toasts.filter((toast) => toast.id !== id) });
        const end = this.#ends.get(id);
        this.#ends.delete(id);
        await end?.();
    }
}

const toasts = new Toasts();

/** Does at once what would be done when its way back is gone, before somebody signs out. */
export function settle(): Promise<void> {
    return toasts.settle();
}

/** What was told to somebody is not for the next one. */
export function forgetToasts(): void {
    toasts.forget();
}

/** Says something for a moment, such as that a thing was saved. Bad news belongs into the page. */
export function toast(text: string, action?: { label: string; run: () => void }): void {
    toasts.show(text, { action });
}

/**
 * Tells that something is gone, with a way back for some seconds.
 *
 * @param undo puts it back where it was shown
 * @param commit really does it: called when the time is over, or the page is left
 * @returns what takes it back, as the button does
 */
export function undoable(text: string, undo: () => void, commit: () => Promise<void>): () => void {
    let decided = false;
    const once = (decision: () => void | Promise<void>) => async () => {
        if (!decided) {
            decided = true;
            removeEventListener('pagehide', end);
            await decision();
        }
    };
    const end = once(commit);
    addEventListener('pagehide', end);
    const id = toasts.show(text, { action: { label: strings().common.undo, run: once(undo) }, onGone: end });
    return () => toasts.act(id);
}

/** Where toasts appear; the shell has one. */
class ToastList extends LightElement {
    constructor() {
        super();
        new Watching(this, toasts);
    }

    protected override render() {
        return html`<div class="toasts" role="status" aria-live="polite">
            ${repeat(
                toasts.state.toasts,
                (toast) => toast.id,
                (toast) => html`<div
                    class="toast"
                    @pointerenter=${() => toasts.hold(toast.id)}
                    @pointerleave=${() => toasts.resume(toast.id)}
                    @focusin=${() => toasts.hold(toast.id)}
                    @focusout=${() => toasts.resume(toast.id)}
                >
                    <span>${toast.text}</span>
                    ${toast.action
                        ? html`<button class="button small act" type="button" @click=${() => toasts.act(toast.id)}>
                              ${toast.action.label}
                          </button>`
                        : nothing}
                    <button
                        class="button icon small"
                        type="button"
                        aria-label=${strings().common.close}
                        @click=${() => toasts.remove(toast.id)}
                    >
                        ${icon('close', 16)}
                    </button>
                </div>`,
            )}
        </div>`;
    }
}

customElements.define('cra-toasts', ToastList);
