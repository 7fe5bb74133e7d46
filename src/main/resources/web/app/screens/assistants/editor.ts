import { css, html, nothing, type PropertyValues } from 'lit';
import { get, patch, post } from '../../api/http';
import { asProblem, Problem } from '../../api/problem';
import type { Assistant } from '../../api/types';
import { Screen } from '../../components/element';
import { emptyState, failure, notice, skeleton, spinner } from '../../components/feedback';
import { icon } from '../../components/icons';
import type { MenuItem } from '../../components/menu';
import { toast } from '../../components/toasts';
import { describe, formatNumber, strings } from '../../i18n/language';
import { router } from '../../routing/router';
import { Form } from '../../state/form';
import { Loading } from '../../state/loading';
import { Unsaved } from '../../state/unsaved';
import { chatAddress, duplicate, editAddress, exportFile, isToGo, remove } from './actions';
import type { DocumentChoice } from './document-choice';
import './document-choice';
import {
    changes,
    check,
    type Draft,
    draftOf,
    emptyDraft,
    LONGEST_DESCRIPTION,
    LONGEST_INSTRUCTIONS,
    LONGEST_NAME,
    whole,
} from './draft';
import type { ModelPicker } from './model-picker';
import './model-picker';
import './try-it';

const NEW = 'new';

/** Problems that are about the model that was chosen, though the service names no field. */
const OF_MODEL = new Set(['unknown-model', 'model-denied', 'retention-not-proven', 'model-unavailable', 'model-timeout']);

type TextMember = 'name' | 'description' | 'instructions' | 'temperature' | 'topP' | 'maxTokens' | 'limit';

/** Makes an assistant, or changes one, and lets one try it beside. */
class AssistantEditor extends Screen {
    static override properties = { draft: { state: true }, problem: { state: true } };

    static override styles = css`
        cra-assistant-editor {
            display: block;
            max-inline-size: 80rem;
            margin-inline: auto;

            & .back {
                display: inline-flex;
                align-items: center;
                gap: var(--space-1);
                margin-block-end: var(--space-2);
            }

            & .heading {
                display: flex;
                align-items: start;
                justify-content: space-between;
                gap: var(--space-3);
                margin-block-end: var(--space-5);
            }

            & .heading h1 {
                min-inline-size: 0;
            }

            & .heading .row {
                flex: none;
            }

            & .to-try {
                display: none;
            }

            & .columns {
                display: grid;
                grid-template-columns: minmax(0, 1fr) minmax(0, 24rem);
                gap: var(--space-5);
                align-items: start;
            }

            & cra-try-it {
                position: sticky;
                inset-block-start: var(--space-4);
            }

            & .sections {
                display: flex;
                flex-direction: column;
                gap: var(--space-5);
                min-inline-size: 0;
            }

            & .choices {
                display: grid;
                gap: var(--space-1);
            }

            & legend {
                padding: 0;
            }

            & .choice {
                display: flex;
                gap: var(--space-3);
                padding: var(--space-2);
                border-radius: var(--radius-m);
                cursor: pointer;
            }

            & .choice:hover {
                background: var(--surface-hover);
            }

            & .choice input {
                flex: none;
                margin: 0.25em 0 0;
            }

            & .choice > span > span {
                display: block;
            }

            & .choice .name {
                font-weight: var(--weight-medium);
            }

            & .numbers {
                display: grid;
                grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr));
                gap: var(--space-4);
            }

            & .limit {
                max-inline-size: 22rem;
            }

            & .count {
                margin-block-start: calc(-1 * var(--space-3));
                text-align: end;
            }

            & .count.over {
                color: var(--danger);
                font-weight: var(--weight-medium);
            }

            & .save {
                position: sticky;
                inset-block-end: 0;
                z-index: 10;
                display: flex;
                flex-wrap: wrap;
                align-items: center;
                gap: var(--space-2) var(--space-3);
                margin-block-end: calc(-1 * var(--space-3));
                padding-block: var(--space-3);
                border-block-start: 1px solid var(--border);
                background: var(--surface);
            }

            & .save .state {
                margin-inline-start: auto;
            }
        }

        @media (width < 72rem) {
            cra-assistant-editor {
                & .columns {
                    grid-template-columns: minmax(0, 1fr);
                }

                & cra-try-it {
                    position: static;
                    scroll-margin-block-start: calc(var(--bar-height) + var(--space-3));
                }

                & .to-try {
                    display: inline-flex;
                }
            }
        }
    `;

    declare draft: Draft;
    /** Of what was done beside saving. */
    declare problem: Problem | undefined;

    #before: Draft = emptyDraft();
    readonly #form = new Form(this);
    readonly #saved = new Loading<Assistant>(this, (signal) =>
        get<Assistant>(`/assistants/${encodeURIComponent(this.params['id']!)}`, { signal }),
    );
    readonly #unsaved = new Unsaved(this, () => this.#isChanged);

    constructor() {
        super();
        this.draft = emptyDraft();
    }

    get #isNew(): boolean {
        return this.params['id'] === NEW;
    }

    get #isChanged(): boolean {
        return Object.keys(changes(this.draft, this.#before)).length > 0;
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has('params') && this.#saved.value?.id !== this.params['id']) {
            this.#saved.value = undefined;
            this.#take(emptyDraft());
            if (!this.#isNew) {
                void this.#load();
            }
        }
    }

    protected override updated(): void {
        const name = this.#saved.value?.name;
        if (name) {
            router.title(name);
        } else if (this.#isNew) {
            router.title(strings().assistants.newTitle);
        }
    }

    async #load(): Promise<void> {
        await this.#saved.start();
        if (this.#saved.value) {
            this.#take(draftOf(this.#saved.value));
        }
    }

    #take(draft: Draft): void {
        this.#before = draft;
        this.draft = draft;
    }

    protected override render() {
        const texts = strings().assistants;
        const saved = this.#saved.value;
        return html`<a class="back" href="/assistants">${icon('chevron-left', 16)}${texts.title}</a>
            <div class="heading">
                <h1 dir="auto">${saved?.name ?? (this.#isNew ? texts.newTitle : texts.editTitle)}</h1>
                ${saved
                    ? html`<div class="row">
                          <a class="button to-try" href="#try-it">${icon('chat', 18)}${texts.tryIt}</a>
                          <cra-menu
                              kind="icon"
                              .label=${texts.actionsOf(saved.name)}
                              .items=${this.#choices(saved)}
                          ></cra-menu>
                      </div>`
                    : nothing}
            </div>
            ${this.problem ? notice('bad', describe(this.problem)) : nothing}
            ${this.#isNew
                ? this.#columns()
                : this.#saved.render({
                      waiting: () => skeleton(8),
                      failed: (problem) => this.#failed(problem),
                      ready: () => this.#columns(),
                  })}`;
    }

    #failed(problem: Problem) {
        const texts = strings().assistants;
        return problem.status === 404
            ? emptyState({
                  icon: 'assistant',
                  heading: texts.goneTitle,
                  text: texts.goneText,
                  action: html`<a class="button" href="/assistants">${texts.title}</a>`,
              })
            : failure(problem, () => void this.#load());
    }

    #columns() {
        return html`<div class="columns">
            ${this.#fields()}
            <cra-try-it
                class="card"
                id="try-it"
                .assistant=${this.#saved.value?.id ?? ''}
                .unsaved=${this.#isChanged}
                .saving=${this.#form.busy}
                @save=${() => this.querySelector('form')!.requestSubmit()}
            ></cra-try-it>
        </div>`;
    }

    #fields() {
        const { draft } = this;
        const form = this.#form;
        const texts = strings().assistants;
        return html`<form class="sections" novalidate @submit=${this.#save}>
            ${form.problem && !form.isAboutFields ? notice('bad', describe(form.problem)) : nothing}
            <section class="card stack">
                <cra-text-field
                    name="name"
                    required
                    .label=${texts.name}
                    .maxlength=${LONGEST_NAME}
                    .value=${draft.name}
                    .error=${form.error('name')}
                    @input=${this.#typed('name')}
                ></cra-text-field>
                <cra-text-field
                    name="description"
                    type="multiline"
                    optional
                    .rows=${2}
                    .label=${texts.description}
                    .hint=${texts.descriptionHint}
                    .maxlength=${LONGEST_DESCRIPTION}
                    .value=${draft.description}
                    .error=${form.error('description')}
                    @input=${this.#typed('description')}
                ></cra-text-field>
                ${this.#default()}
            </section>
            <section class="card stack">
                <h2>${texts.how}</h2>
                <input type="hidden" name="model_id" />
                <cra-model-picker
                    .value=${draft.modelId}
                    .error=${form.error('model_id')}
                    @change=${(event: Event) => {
                        this.draft = { ...this.draft, modelId: (event.target as ModelPicker).value };
                    }}
                ></cra-model-picker>
                <cra-text-field
                    name="instructions"
                    type="multiline"
                    optional
                    .rows=${10}
                    .label=${texts.instructions}
                    .hint=${texts.instructionsHint}
                    .value=${draft.instructions}
                    .error=${form.error('instructions')}
                    @input=${this.#typed('instructions')}
                ></cra-text-field>
                ${this.#count(draft.instructions.length)}
            </section>
            <section class="card stack">
                <h2>${texts.knowledge}</h2>
                ${this.#retrieval()}
            </section>
            <section class="card stack">
                <h2>${texts.settings}</h2>
                <p class="muted">${texts.settingsText}</p>
                <div class="numbers">
                    ${this.#number('temperature', 'temperature', texts.temperature, texts.temperatureHint, 'decimal')}
                    ${this.#number('top_p', 'topP', texts.topP, texts.topPHint, 'decimal')}
                    ${this.#number('max_tokens', 'maxTokens', texts.maxTokens, texts.maxTokensHint, 'numeric')}
                </div>
            </section>
            <div class="save">
                <button class="button primary" type="submit" aria-disabled=${form.busy}>
                    ${form.busy ? spinner(texts.saving) : nothing}${this.#isNew ? texts.create : strings().common.save}
                </button>
                ${this.#isChanged && !this.#isNew
                    ? html`<button class="button quiet" type="button" @click=${() => this.#discard()}>
                          ${texts.discard}
                      </button>`
                    : nothing}
                <span class="state small muted" role="status">
                    ${this.#isChanged ? texts.unsaved : this.#isNew ? nothing : texts.allSaved}
                </span>
            </div>
        </form>`;
    }

    #default() {
        const texts = strings().assistants;
        return html`<label class="choice">
            <input
                type="checkbox"
                .checked=${this.draft.isDefault}
                ?disabled=${this.#before.isDefault}
                @change=${(event: Event) => {
                    this.draft = { ...this.draft, isDefault: (event.target as HTMLInputElement).checked };
                }}
            />
            <span>
                <span class="name">${texts.defaultAssistant}</span>
                <span class="small muted">
                    ${this.#before.isDefault ? texts.defaultChosenText : texts.defaultText}
                </span>
            </span>
        </label>`;
    }

    #count(length: number) {
        const over = length > LONGEST_INSTRUCTIONS;
        return html`<p class="count small ${over ? 'over' : 'muted'}" role=${over ? 'status' : nothing}>
            ${strings().assistants.characters(formatNumber(length), formatNumber(LONGEST_INSTRUCTIONS))}
        </p>`;
    }

    #retrieval() {
        const { draft } = this;
        const texts = strings().assistants;
        return html`<label class="choice">
                <input
                    type="checkbox"
                    .checked=${draft.retrieval}
                    @change=${(event: Event) => {
                        this.draft = { ...this.draft, retrieval: (event.target as HTMLInputElement).checked };
                    }}
                />
                <span>
                    <span class="name">${texts.retrieval}</span>
                    <span class="small muted">${texts.retrievalText}</span>
                </span>
            </label>
            <div class="stack" ?hidden=${!draft.retrieval}>
                <div>
                    <h3>${texts.documents}</h3>
                    <input type="hidden" name="document_ids" />
                    <cra-document-choice
                        .all=${draft.allDocuments}
                        .ids=${draft.documentIds}
                        .error=${this.#form.error('document_ids')}
                        @change=${(event: Event) => {
                            const { all, ids } = event.target as DocumentChoice;
                            this.draft = { ...this.draft, allDocuments: all, documentIds: ids };
                        }}
                    ></cra-document-choice>
                </div>
                <div class="limit">
                    ${this.#number('retrieval.limit', 'limit', texts.limit, texts.limitHint, 'numeric')}
                </div>
                <fieldset class="choices">
                    <legend><h3>${texts.answersFrom}</h3></legend>
                    ${this.#answersFrom('documents', texts.fromDocuments, texts.fromDocumentsText)}
                    ${this.#answersFrom('documents_and_knowledge', texts.fromKnowledge, texts.fromKnowledgeText)}
                </fieldset>
            </div>`;
    }

    #answersFrom(value: Draft['answersFrom'], label: string, text: string) {
        return html`<label class="choice">
            <input
                type="radio"
                name="answers_from"
                .checked=${this.draft.answersFrom === value}
                @change=${() => {
                    this.draft = { ...this.draft, answersFrom: value };
                }}
            />
            <span><span class="name">${label}</span><span class="small muted">${text}</span></span>
        </label>`;
    }

    #number(name: string, member: TextMember, label: string, hint: string, inputmode: string) {
        return html`<cra-text-field
            .name=${name}
            .inputmode=${inputmode}
            autocomplete="off"
            .label=${label}
            .hint=${hint}
            .value=${this.draft[member]}
            .error=${this.#form.error(name)}
            @input=${this.#typed(member)}
        ></cra-text-field>`;
    }

    #typed(member: TextMember) {
        return (event: Event) => {
            this.draft = { ...this.draft, [member]: (event.target as HTMLInputElement).value };
        };
    }

    #discard(): void {
        this.draft = this.#before;
        this.#form.refuse({});
    }

    async #save(event: Event): Promise<void> {
        const sent = this.draft;
        await this.#form.submit(
            event,
            async () => {
                const assistant = await this.#send(sent);
                // What was typed meanwhile is still to be saved.
                const untouched = this.draft === sent;
                this.#before = draftOf(assistant);
                if (untouched) {
                    this.draft = this.#before;
                }
                this.#saved.value = assistant;
                if (this.#isNew) {
                    router.go(editAddress(assistant), { replace: true });
                }
            },
            () => check(sent),
        );
    }

    async #send(draft: Draft): Promise<Assistant> {
        try {
            return this.#isNew
                ? await post<Assistant>('/assistants', whole(draft))
                : await patch<Assistant>(`/assistants/${this.params['id']}`, changes(draft, this.#before));
        } catch (thrown) {
            throw atModel(asProblem(thrown));
        }
    }

    // --- Other things to do with it ---

    #choices(assistant: Assistant): MenuItem[] {
        const texts = strings().assistants;
        return [
            { label: texts.chat, icon: 'chat', run: () => router.go(chatAddress(assistant)) },
            { label: texts.duplicate, icon: 'copy', run: () => void this.#duplicate(assistant) },
            { label: texts.export, icon: 'download', run: () => void this.#do(() => exportFile(assistant)) },
            {
                label: assistant.is_default ? texts.defaultStays : strings().common.delete,
                icon: 'trash',
                danger: !assistant.is_default,
                disabled: assistant.is_default,
                run: () => void this.#delete(assistant),
            },
        ];
    }

    #duplicate(assistant: Assistant): Promise<void> {
        return this.#do(async () => {
            if (await this.#unsaved.mayGo()) {
                const copy = await duplicate(assistant);
                this.draft = this.#before;
                router.go(editAddress(copy));
                toast(strings().assistants.duplicated(copy.name));
            }
        });
    }

    #delete(assistant: Assistant): Promise<void> {
        return this.#do(async () => {
            if (await isToGo(assistant)) {
                await remove(assistant);
                this.draft = this.#before;
                router.go('/assistants');
                toast(strings().assistants.deleted(assistant.name));
            }
        });
    }

    async #do(action: () => Promise<void>): Promise<void> {
        this.problem = undefined;
        try {
            await action();
        } catch (thrown) {
            this.problem = asProblem(thrown);
        }
    }
}

/** The same, shown at the model, where it is the model's. */
function atModel(problem: Problem): Problem {
    if (!OF_MODEL.has(problem.kind) || !problem.document) {
        return problem;
    }
    const errors = [{ field: 'model_id', message: describe(problem) }];
    return new Problem(problem.status, problem.kind, problem.message, { ...problem.document, errors }, problem.retryAfter);
}

customElements.define('cra-assistant-editor', AssistantEditor);
