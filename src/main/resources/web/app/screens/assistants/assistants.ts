import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { get, patch } from '../../api/http';
import { asProblem, type Problem } from '../../api/problem';
import type { Assistant, Model, Page } from '../../api/types';
import { Screen } from '../../components/element';
import { emptyState, failure, notice, skeleton, spinner } from '../../components/feedback';
import { icon } from '../../components/icons';
import type { MenuItem } from '../../components/menu';
import { toast } from '../../components/toasts';
import { describe, strings } from '../../i18n/language';
import { router } from '../../routing/router';
import { Loading } from '../../state/loading';
import { chatAddress, duplicate, editAddress, exportFile, isToGo, remove, scope } from './actions';
import { importFile, type Outcome } from './import';

/** From so many on there is a field to find one. */
const MANY = 7;
const MISSING_SHOWN = 8;

/** One's assistants as cards. Files of assistants may be dropped anywhere on it. */
class Assistants extends Screen {
    static override properties = {
        filter: { state: true },
        problem: { state: true },
        outcomes: { state: true },
        importing: { state: true },
        dragging: { state: true },
        busy: { state: true },
    };

    static override styles = css`
        cra-assistants {
            display: flex;
            flex-direction: column;
            gap: var(--space-5);
            max-inline-size: 80rem;
            min-block-size: 70dvh;
            margin-inline: auto;

            & header {
                display: flex;
                flex-wrap: wrap;
                align-items: end;
                justify-content: space-between;
                gap: var(--space-4);
            }

            & header > div:first-child {
                flex: 1 1 20rem;
                max-inline-size: var(--content-width);
            }

            & h1 {
                margin-block-end: var(--space-1);
            }

            & .cards {
                display: grid;
                grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr));
                gap: var(--space-4);
                list-style: none;
            }

            & .cards .card {
                display: flex;
                flex-direction: column;
                gap: var(--space-3);
                min-inline-size: 0;
                padding: var(--space-4) var(--space-4) var(--space-4) var(--space-5);
            }

            & .card .top {
                display: flex;
                align-items: start;
                gap: var(--space-2);
            }

            & .card h2 {
                flex: 1;
                min-inline-size: 0;
                padding-block-start: var(--space-2);
                font-size: var(--text-l);
            }

            & .card h2 a {
                display: -webkit-box;
                -webkit-box-orient: vertical;
                -webkit-line-clamp: 2;
                overflow: hidden;
                color: inherit;
                text-decoration: none;
            }

            & .card h2 a:hover {
                text-decoration: underline;
            }

            & .description {
                display: -webkit-box;
                -webkit-box-orient: vertical;
                -webkit-line-clamp: 3;
                overflow: hidden;
                padding-inline-end: var(--space-2);
            }

            & .facts {
                display: grid;
                gap: var(--space-1);
                margin-block-start: auto;
                padding-inline-end: var(--space-2);
            }

            & .facts div {
                display: flex;
                align-items: center;
                gap: var(--space-2);
                min-inline-size: 0;
            }

            & .facts svg {
                flex: none;
            }

            & .facts dd {
                overflow: hidden;
                text-overflow: ellipsis;
                white-space: nowrap;
            }

            & .filter {
                max-inline-size: 24rem;
            }

            & .outcomes {
                display: grid;
                gap: var(--space-3);
            }

            & .outcomes ul {
                padding-inline-start: var(--space-5);
            }

            & .outcomes .notice > div {
                flex: 1;
                min-inline-size: 0;
            }

            & .drop {
                position: fixed;
                inset: var(--space-3);
                z-index: 60;
                display: grid;
                place-items: center;
                border: 2px dashed var(--accent);
                border-radius: var(--radius-l);
                background: color-mix(in srgb, var(--surface) 90%, transparent);
                font-size: var(--text-xl);
                text-align: center;
                pointer-events: none;
            }
        }
    `;

    declare filter: string;
    declare problem: Problem | undefined;
    declare outcomes: readonly Outcome[];
    declare importing: boolean;
    declare dragging: boolean;
    /** The one that something is being done to. */
    declare busy: string;

    readonly #list = new Loading<Assistant[]>(this, all);
    readonly #models = new Loading<Model[]>(
        this,
        async (signal) => (await get<Page<Model>>('/models', { signal })).items,
    );

    constructor() {
        super();
        this.filter = '';
        this.outcomes = [];
        this.importing = false;
        this.dragging = false;
        this.busy = '';
    }

    override connectedCallback(): void {
        super.connectedCallback();
        void this.#list.start();
        void this.#models.start();
        addEventListener('dragenter', this.#dragged);
        addEventListener('dragover', this.#dragged);
        addEventListener('dragleave', this.#dragLeft);
        addEventListener('drop', this.#dropped);
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        removeEventListener('dragenter', this.#dragged);
        removeEventListener('dragover', this.#dragged);
        removeEventListener('dragleave', this.#dragLeft);
        removeEventListener('drop', this.#dropped);
    }

    protected override render() {
        const texts = strings().assistants;
        return html`<header>
                <div>
                    <h1 tabindex="-1">${texts.title}</h1>
                    <p class="muted">${texts.intro}</p>
                </div>
                <div class="row">
                    <button class="button" type="button" aria-disabled=${this.importing} @click=${() => this.#pick()}>
                        ${this.importing ? spinner(texts.importing) : icon('file')}${texts.import}
                    </button>
                    <a class="button primary" href="/assistants/new">${icon('plus')}${texts.new}</a>
                </div>
            </header>
            <input
                type="file"
                hidden
                multiple
                accept=".json,application/json"
                aria-label=${texts.importPick}
                @change=${this.#picked}
            />
            ${this.problem ? notice('bad', describe(this.problem)) : nothing}
            ${this.outcomes.length > 0
                ? html`<div class="outcomes">${this.outcomes.map((outcome) => this.#outcome(outcome))}</div>`
                : nothing}
            ${this.#list.render({
                waiting: () => skeleton(6),
                failed: (problem) => failure(problem, () => void this.#list.start()),
                ready: (assistants) => this.#cards(assistants),
            })}
            ${this.dragging ? html`<div class="drop">${texts.dropHere}</div>` : nothing}`;
    }

    #cards(assistants: readonly Assistant[]) {
        const texts = strings().assistants;
        const words = this.filter.trim().toLocaleLowerCase();
        const shown = assistants.filter(({ name, description }) =>
            `${name}\n${description ?? ''}`.toLocaleLowerCase().includes(words),
        );
        return html`${assistants.length >= MANY
                ? html`<cra-text-field
                      class="filter"
                      type="search"
                      .label=${texts.find}
                      .value=${this.filter}
                      @input=${(event: Event) => {
                          this.filter = (event.target as HTMLInputElement).value;
                      }}
                  ></cra-text-field>`
                : nothing}
            ${shown.length === 0
                ? emptyState({ icon: 'search', heading: texts.noneFound, text: texts.noneFoundText })
                : html`<ul class="cards">
                      ${repeat(
                          shown,
                          ({ id }) => id,
                          (assistant) => this.#card(assistant),
                      )}
                  </ul>`}`;
    }

    #card(assistant: Assistant) {
        const texts = strings().assistants;
        return html`<li class="card">
            <div class="top">
                <h2><a href=${editAddress(assistant)} dir="auto" title=${assistant.name}>${assistant.name}</a></h2>
                ${this.busy === assistant.id ? spinner() : nothing}
                <cra-menu
                    kind="quiet icon"
                    .label=${texts.actionsOf(assistant.name)}
                    .items=${this.#choices(assistant)}
                ></cra-menu>
            </div>
            ${assistant.is_default
                ? html`<p><span class="badge good">${icon('check', 12)}${texts.default}</span></p>`
                : nothing}
            ${assistant.description
                ? html`<p class="description" dir="auto">${assistant.description}</p>`
                : html`<p class="muted">${texts.noDescription}</p>`}
            <dl class="facts small muted">
                <div>
                    <dt>${icon('settings', 16)}<span class="visually-hidden">${texts.model}</span></dt>
                    <dd title=${assistant.model_id ?? nothing}>${this.#model(assistant)}</dd>
                </div>
                <div>
                    <dt>${icon('document', 16)}<span class="visually-hidden">${texts.documents}</span></dt>
                    <dd>${scope(assistant)}</dd>
                </div>
            </dl>
            <div class="row">
                <a
                    class="button small"
                    href=${chatAddress(assistant)}
                    aria-label=${texts.chatWith(assistant.name)}
                    >${icon('chat', 16)}${texts.chat}</a
                >
            </div>
        </li>`;
    }

    #model(assistant: Assistant): string {
        if (assistant.model_id === null) {
            return strings().assistants.modelOfService;
        }
        return this.#models.value?.find(({ id }) => id === assistant.model_id)?.name ?? assistant.model_id;
    }

    #choices(assistant: Assistant): MenuItem[] {
        const texts = strings().assistants;
        return [
            { label: texts.edit, icon: 'edit', run: () => router.go(editAddress(assistant)) },
            ...(assistant.is_default
                ? []
                : [{ label: texts.makeDefault, icon: 'check' as const, run: () => void this.#makeDefault(assistant) }]),
            { label: texts.duplicate, icon: 'copy', run: () => void this.#duplicate(assistant) },
            {
                label: texts.export,
                icon: 'download',
                run: () => void this.#do(assistant, () => exportFile(assistant)),
            },
            {
                label: assistant.is_default ? texts.defaultStays : strings().common.delete,
                icon: 'trash',
                danger: !assistant.is_default,
                disabled: assistant.is_default,
                run: () => void this.#delete(assistant),
            },
        ];
    }

    #makeDefault(assistant: Assistant): Promise<void> {
        return this.#do(assistant, async () => {
            const changed = await patch<Assistant>(`/assistants/${assistant.id}`, { is_default: true });
            this.#list.change((list) =>
                list.map((each) => (each.id === changed.id ? changed : { ...each, is_default: false })),
            );
            toast(strings().assistants.isDefaultNow(changed.name));
        });
    }

    #duplicate(assistant: Assistant): Promise<void> {
        return this.#do(assistant, async () => {
            const copy = await duplicate(assistant);
            this.#list.change((list) => [copy, ...list]);
            toast(strings().assistants.duplicated(copy.name), {
                label: strings().assistants.edit,
                run: () => router.go(editAddress(copy)),
            });
        });
    }

    async #delete(assistant: Assistant): Promise<void> {
        if (!(await isToGo(assistant))) {
            return;
        }
        await this.#do(assistant, async () => {
            await remove(assistant);
            this.#list.change((list) => list.filter(({ id }) => id !== assistant.id));
            toast(strings().assistants.deleted(assistant.name));
            this.querySelector<HTMLElement>('h1')!.focus();
        });
    }

    /** One thing at a time; what fails is told above the cards, and one that is gone elsewhere goes here. */
    async #do(assistant: Assistant, action: () => Promise<void>): Promise<void> {
        if (this.busy) {
            return;
        }
        this.busy = assistant.id;
        this.problem = undefined;
        try {
            await action();
        } catch (thrown) {
            this.problem = asProblem(thrown);
            if (this.problem.status === 404) {
                this.#list.change((list) => list.filter(({ id }) => id !== assistant.id));
            }
            this.scrollIntoView({ block: 'start' });
        } finally {
            this.busy = '';
        }
    }

    // --- Files ---

    #pick(): void {
        if (!this.importing) {
            this.querySelector<HTMLInputElement>('input[type="file"]')!.click();
        }
    }

    #picked(event: Event): void {
        const input = event.target as HTMLInputElement;
        const files = [...input.files!];
        // So that the same file can be chosen again.
        input.value = '';
        void this.#import(files);
    }

    readonly #dragged = (event: DragEvent): void => {
        if (event.dataTransfer?.types.includes('Files')) {
            event.preventDefault();
            this.dragging = true;
        }
    };

    readonly #dragLeft = (event: DragEvent): void => {
        if (event.relatedTarget === null) {
            this.dragging = false;
        }
    };

    readonly #dropped = (event: DragEvent): void => {
        if (event.dataTransfer?.types.includes('Files')) {
            event.preventDefault();
            this.dragging = false;
            void this.#import([...event.dataTransfer.files]);
        }
    };

    async #import(files: readonly File[]): Promise<void> {
        if (this.importing) {
            return;
        }
        this.importing = true;
        this.problem = undefined;
        this.outcomes = [];
        for (const file of files) {
            const outcome = await importFile(file);
            this.outcomes = [...this.outcomes, outcome];
            const imported = outcome.imported?.assistant;
            if (imported) {
                this.#list.change((list) => [imported, ...list]);
            }
        }
        this.importing = false;
    }

    #outcome(outcome: Outcome) {
        const texts = strings().assistants;
        const { imported, problem } = outcome;
        if (!imported) {
            return notice(
                'bad',
                html`<p dir="auto">${texts.importFailed(outcome.file)}</p>
                    ${this.#reasons(problem!)}`,
            );
        }
        const missing = imported.missing_documents;
        const doubtful = missing.length > 0 || outcome.modelMissing;
        return notice(
            doubtful ? 'doubtful' : 'plain',
            html`<p>
                    ${texts.imported(imported.assistant.name)}
                    <a href=${editAddress(imported.assistant)}>${texts.openImported}</a>
                </p>
                ${outcome.modelMissing ? html`<p>${texts.importModelMissing}</p>` : nothing}
                ${missing.length > 0
                    ? html`<p>${texts.importDocumentsMissing(missing.length)}</p>
                          <ul>
                              ${missing
                                  .slice(0, MISSING_SHOWN)
                                  .map(({ filename }) => html`<li><bdi>${filename}</bdi></li>`)}
                              ${missing.length > MISSING_SHOWN
                                  ? html`<li>${texts.andMore(missing.length - MISSING_SHOWN)}</li>`
                                  : nothing}
                          </ul>`
                    : nothing}
                ${
                    // What the service has to say beyond what is said above in the reader's language.
                    imported.notices.length > Number(missing.length > 0) + Number(outcome.modelMissing ?? false)
                        ? imported.notices.map((told) => html`<p>${told}</p>`)
                        : nothing
                }`,
        );
    }

    #reasons(problem: Problem | 'not-a-file' | 'too-large') {
        const texts = strings().assistants;
        if (problem === 'not-a-file') {
            return html`<p>${texts.importNoFile}</p>`;
        }
        if (problem === 'too-large') {
            return html`<p>${texts.importTooLarge}</p>`;
        }
        if (problem.fields.size === 0) {
            return html`<p>${describe(problem)}</p>`;
        }
        return html`<p>${texts.importRefused}</p>
            <ul>
                ${[...problem.fields].map(([field, message]) => html`<li><code>${field}</code> ${message}</li>`)}
            </ul>`;
    }
}

/** All pages, as there are 200 at most unless the operator allows more; the default one first. */
async function all(signal: AbortSignal): Promise<Assistant[]> {
    const assistants: Assistant[] = [];
    let cursor: string | null = null;
    do {
        const page: Page<Assistant> = await get('/assistants', { query: { limit: 100, cursor }, signal });
        assistants.push(...page.items);
        cursor = page.next_cursor;
    } while (cursor !== null);
    return assistants.sort((one, other) => Number(other.is_default) - Number(one.is_default));
}

customElements.define('cra-assistants', Assistants);
