import { noChange } from 'lit';
import { AsyncDirective, directive } from 'lit/async-directive.js';
import type { ElementPart } from 'lit';
import { uniqueId } from './element';

/**
 * A few words about a control, shown while it has the pointer or the focus (WCAG 2.2, 1.4.13: Escape hides them):
 * `<button ${tip('Copies the answer')}>`. A name that is not shown otherwise belongs into `aria-label`.
 */
class TipDirective extends AsyncDirective {
    #element: HTMLElement | undefined;
    #text = '';
    #tip: HTMLElement | undefined;
    #timer: ReturnType<typeof setTimeout> | undefined;
    readonly #scrolled = () => this.#hide();
    readonly #escaped = (event: KeyboardEvent) => {
        if (event.key === 'Escape') {
            this.#hide();
        }
    };

    override render(_text: string) {
        return noChange;
    }

    override update(part: ElementPart, [text]: [string]) {
        this.#text = text;
        if (this.#tip) {
            this.#tip.textContent = text;
        }
        if (!this.#element) {
            this.#element = part.element as HTMLElement;
            this.#listen();
        }
        return noChange;
    }

    protected override disconnected(): void {
        this.#hide();
    }

    #listen(): void {
        const element = this.#element!;
        element.addEventListener('pointerenter', (event) => {
            // A finger that touches it wants what it does.
            if (event.pointerType !== 'touch') {
                this.#timer = setTimeout(() => this.#show(), 500);
            }
        });
        element.addEventListener('pointerleave', () => this.#hideSoon());
        element.addEventListener('focusin', () => {
            if (element.matches(':focus-visible')) {
                this.#show();
            }
        });
        element.addEventListener('focusout', () => this.#hide());
        element.addEventListener('click', () => this.#hide());
    }

    #show(): void {
        clearTimeout(this.#timer);
        if (this.#tip || !this.isConnected || !this.#element!.isConnected) {
            return;
        }
        const tip = document.createElement('div');
        tip.className = 'tip';
        tip.id = uniqueId('tip');
        tip.role = 'tooltip';
        tip.popover = 'manual';
        tip.dir = 'auto';
        tip.textContent = this.#text;
        // Beside its control, so that it is on top of a dialog as well.
        this.#element!.after(tip);
        tip.showPopover();
        const target = this.#element!.getBoundingClientRect();
        const size = tip.getBoundingClientRect();
        const above = target.top - size.height - 6 >= 4;
        const middle = target.left + target.width / 2 - size.width / 2;
        tip.style.left = `${Math.max(4, Math.min(middle, innerWidth - size.width - 4))}px`;
        tip.style.top = `${above ? target.top - size.height - 6 : target.bottom + 6}px`;
        this.#element!.setAttribute('aria-describedby', tip.id);
        // The pointer may go to it, to read it or to select in it.
        tip.addEventListener('pointerenter', () => clearTimeout(this.#timer));
        tip.addEventListener('pointerleave', () => this.#hideSoon());
        this.#tip = tip;
        document.addEventListener('keydown', this.#escaped, { capture: true });
        // It would stay where the control was.
        document.addEventListener('scroll', this.#scrolled, { capture: true });
    }

    #hideSoon(): void {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#hide(), 150);
    }

    #hide(): void {
        clearTimeout(this.#timer);
        if (this.#tip) {
            document.removeEventListener('keydown', this.#escaped, { capture: true });
            document.removeEventListener('scroll', this.#scrolled, { capture: true });
            this.#element!.removeAttribute('aria-describedby');
            this.#tip.remove();
            this.#tip = undefined;
        }
    }
}

export const tip = directive(TipDirective);
