import type { LitElement } from 'lit';
import { asProblem, type Problem } from '../api/problem';
import { describeField } from '../i18n/language';

/**
 * One form of an element: sends it once at a time, keeps what was typed, and knows what the service said was wrong.
 *
 * ```ts
 * readonly #form = new Form(this);
 * html`<form @submit=${(event: SubmitEvent) => this.#form.submit(event, (values) => …)} novalidate>
 *     <cra-text-field name="email" .error=${this.#form.error('email')} …>`
 * ```
 */
export class Form {
    busy = false;
    problem: Problem | undefined;
    #errors = new Map<string, string>();
    readonly #host: LitElement;

    constructor(host: LitElement) {
        this.#host = host;
    }

    /** What is wrong with a field, by its name, which is that of the request's member. */
    error(name: string): string {
        return this.#errors.get(name) ?? '';
    }

    /** Whether the problem is about fields that are shown in the form. */
    get isAboutFields(): boolean {
        return this.#errors.size > 0;
    }

    /** Marks fields before anything is sent, and goes to the first of them. */
    async refuse(errors: Record<string, string>): Promise<void> {
        this.problem = undefined;
        await this.#unmark(new Map());
        this.#errors = new Map(Object.entries(errors));
        await this.#show();
    }

    /** Marks one field, as when somebody leaves it; the focus stays. An empty text takes its mark away. */
    async mark(name: string, error: string): Promise<void> {
        await this.#unmark(new Map([...this.#errors].filter(([field]) => field !== name)));
        if (error !== '') {
            this.#errors.set(name, error);
            this.#host.requestUpdate();
        }
    }

    /** A field forgets what was wrong with it when somebody types: the same words must be a change, to be shown again. */
    async #unmark(left: Map<string, string>): Promise<void> {
        this.#errors = left;
        this.#host.requestUpdate();
        await this.#host.updateComplete;
    }

    /**
     * Calls the action with the values by name; a {@link Problem} it throws is shown, its fields are marked, and the first
     * of them gets the focus. `check` gives what is wrong before that, by name.
     *
     * @returns whether it was sent and taken
     */
    async submit(
        event: Event,
        action: (values: Record<string, string>) => Promise<void>,
        check: (values: Record<string, string>) => Record<string, string> = () => ({}),
    ): Promise<boolean> {
        event.preventDefault();
        if (this.busy) {
            return false;
        }
        const form = event.currentTarget as HTMLFormElement;
        const values = Object.fromEntries(
            [...new FormData(form)].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
        ) as Record<string, string>;
        const wrong = check(values);
        if (Object.keys(wrong).length > 0) {
            await this.refuse(wrong);
            return false;
        }
        this.busy = true;
        this.problem = undefined;
        this.#errors = new Map();
        this.#host.requestUpdate();
        try {
            await action(values);
            return true;
        } catch (thrown) {
            this.problem = asProblem(thrown);
            const shown = new Set([...form.elements].map((control) => (control as HTMLInputElement).name));
            this.#errors = new Map(
                [...this.problem.fields]
                    .filter(([field]) => shown.has(field))
                    .map(([field, message]) => [field, describeField(message)]),
            );
            return false;
        } finally {
            this.busy = false;
            await this.#show();
        }
    }

    async #show(): Promise<void> {
        this.#host.requestUpdate();
        await this.#host.updateComplete;
        if (this.#errors.size > 0) {
            // Fields are elements of their own, which render after their host.
            await new Promise(requestAnimationFrame);
            this.#host.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
        }
    }
}
