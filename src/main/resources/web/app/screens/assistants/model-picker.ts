import { css, html, nothing } from 'lit';
import { get } from '../../api/http';
import type { Model, Page } from '../../api/types';
import { LightElement, uniqueId } from '../../components/element';
import { failure, notice, skeleton } from '../../components/feedback';
import { icon } from '../../components/icons';
import { formatMoney, strings } from '../../i18n/language';
import { Loading } from '../../state/loading';

/** Chooses a chat model, or leaves the choice to the service. Tells with `change` when `value` is another. */
export class ModelPicker extends LightElement {
    static override properties = {
        value: {},
        error: {},
        open: { state: true },
        words: { state: true },
        marked: { state: true },
    };

    static override styles = css`
        cra-model-picker {
            display: block;

            & .chosen {
                display: flex;
                align-items: center;
                gap: var(--space-3);
                inline-size: 100%;
                min-block-size: 3.5rem;
                padding: var(--space-2) var(--space-3);
                border: 1px solid var(--border-control);
                border-radius: var(--radius-m);
                background: var(--surface-raised);
                text-align: start;
                cursor: pointer;
            }

            & .chosen:hover {
                background: var(--surface-hover);
            }

            & .chosen.wrong {
                border-color: var(--danger);
            }

            & .chosen > span {
                flex: 1;
                min-inline-size: 0;
            }

            & .name {
                display: block;
                font-weight: var(--weight-medium);
                overflow-wrap: anywhere;
            }

            & .note {
                display: block;
            }

            & .label {
                margin-block-end: var(--space-1);
                font-weight: var(--weight-medium);
            }

            & .error {
                margin-block-start: var(--space-1);
                color: var(--danger);
            }

            & .list {
                display: grid;
                gap: var(--space-4);
                max-block-size: 50dvh;
                margin-block-start: var(--space-3);
                padding-inline-end: var(--space-2);
                overflow: auto;
            }

            & legend {
                margin-block-end: var(--space-1);
                padding: 0;
                color: var(--text-muted);
                font-size: var(--text-s);
                font-weight: var(--weight-medium);
            }

            & .option {
                display: flex;
                gap: var(--space-3);
                padding: var(--space-2) var(--space-3);
                border-radius: var(--radius-m);
                cursor: pointer;
            }

            & .option:hover {
                background: var(--surface-hover);
            }

            & .option:has(:checked) {
                background: var(--surface-selected);
            }

            & .option input {
                flex: none;
                margin: 0.25em 0 0;
            }

            & .option > span {
                flex: 1;
                min-inline-size: 0;
            }

            & .option code {
                overflow-wrap: anywhere;
            }
        }
    `;

    /** Null for the model of the service. */
    declare value: string | null;
    declare error: string;
    declare open: boolean;
    declare words: string;
    declare marked: string | null;

    readonly #id = uniqueId('model');
    readonly #models = new Loading<Model[]>(this, async (signal) =>
        (await get<Page<Model>>('/models', { signal })).items.filter(({ kind }) => kind === 'chat'),
    );

    constructor() {
        super();
        this.value = null;
        this.error = '';
        this.open = false;
        this.words = '';
        this.marked = null;
    }

    override connectedCallback(): void {
        super.connectedCallback();
        void this.#models.start();
    }

    override focus(): void {
        this.querySelector<HTMLElement>('.chosen')!.focus();
    }

    protected override render() {
        const texts = strings().assistants;
        const models = this.#models.value;
        const model = models?.find(({ id }) => id === this.value);
        return html`<p class="label" id="${this.#id}-label">${texts.model}</p>
            <button
                class="chosen ${this.error ? 'wrong' : ''}"
                type="button"
                id="${this.#id}-chosen"
                aria-haspopup="dialog"
                aria-labelledby="${this.#id}-label ${this.#id}-chosen"
                aria-describedby=${this.error ? `${this.#id}-error` : nothing}
                @click=${() => this.#begin()}
            >
                <span>
                    <span class="name">
                        ${this.value === null ? texts.modelOfService : (model?.name ?? this.value)}
                    </span>
                    <span class="note small muted">
                        ${this.value === null ? texts.modelOfServiceText : model ? cost(model) : nothing}
                    </span>
                </span>
                ${icon('chevron-down')}
            </button>
            ${this.error ? html`<p class="error small" id="${this.#id}-error">${this.error}</p>` : nothing}
            ${this.value !== null && models && !model && !this.error
                ? html`<p class="error small">${texts.modelGone}</p>`
                : nothing}
            <cra-dialog
                size="large"
                .heading=${texts.chooseModel}
                .open=${this.open}
                @close=${(event: Event) => {
                    event.stopPropagation();
                    this.open = false;
                }}
                @keydown=${(event: KeyboardEvent) => {
                    // Not for the form around it.
                    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
                        event.preventDefault();
                        this.#choose();
                    }
                }}
            >
                ${this.open ? this.#content() : nothing}
                <button
                    slot="actions"
                    class="button"
                    type="button"
                    @click=${() => {
                        this.open = false;
                    }}
                >
                    ${strings().common.cancel}
                </button>
                <button slot="actions" class="button primary" type="button" @click=${() => this.#choose()}>
                    ${texts.useModel}
                </button>
            </cra-dialog>`;
    }

    #content() {
        const texts = strings().assistants;
        return html`<cra-text-field
                type="search"
                .label=${texts.findModel}
                .value=${this.words}
                @input=${(event: Event) => {
                    event.stopPropagation();
                    this.words = (event.target as HTMLInputElement).value;
                }}
                @change=${(event: Event) => event.stopPropagation()}
            ></cra-text-field>
            ${this.#models.render({
                waiting: () => html`<div class="list">${skeleton(4)}</div>`,
                failed: (problem) => failure(problem, () => void this.#models.start()),
                ready: (models) => this.#list(models),
            })}`;
    }

    #list(models: readonly Model[]) {
        const texts = strings().assistants;
        const words = this.words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
        const found = models.filter((model) => {
            const text = `${model.name} ${model.provider} ${model.id}`.toLocaleLowerCase();
            return words.every((word) => text.includes(word));
        });
        const providers = Map.groupBy(found, ({ provider }) => provider);
        return html`<div class="list">
                ${words.length === 0
                    ? this.#option(null, texts.modelOfService, html`${texts.modelOfServiceText}`)
                    : nothing}
                ${[...providers].map(
                    ([provider, offered]) =>
                        html`<fieldset>
                            <legend>${provider}</legend>
                            ${offered.map((model) =>
                                this.#option(
                                    model.id,
                                    model.name,
                                    html`${cost(model)} · ${place(model)}<br /><code>${model.id}</code>`,
                                ),
                            )}
                        </fieldset>`,
                )}
                ${found.length === 0 ? notice('plain', texts.noModelFound) : nothing}
            </div>
            <p class="visually-hidden" role="status">${texts.modelsFound(found.length)}</p>`;
    }

    #option(id: string | null, name: string, note: unknown) {
        return html`<label class="option" @dblclick=${() => this.#choose()}>
            <input
                type="radio"
                name=${this.#id}
                .checked=${this.marked === id}
                @change=${(event: Event) => {
                    event.stopPropagation();
                    this.marked = id;
                }}
            />
            <span><span class="name">${name}</span><span class="note small muted">${note}</span></span>
        </label>`;
    }

    #begin(): void {
        this.words = '';
        this.marked = this.value;
        this.open = true;
        if (this.#models.problem) {
            void this.#models.start();
        }
    }

    #choose(): void {
        this.open = false;
        if (this.marked !== this.value) {
            this.value = this.marked;
            this.error = '';
            this.dispatchEvent(new Event('change'));
        }
    }
}

/** What a million tokens of it cost. */
function cost({ price }: Model): string {
    const texts = strings().assistants;
    if (!price) {
        return texts.priceUnknown;
    }
    if (Number(price.input) === 0 && Number(price.output ?? 0) === 0) {
        return texts.priceNone;
    }
    return texts.price(
        formatMoney(price.input, price.currency),
        price.output === null ? null : formatMoney(price.output, price.currency),
    );
}

/** Where it works on what it is sent. */
function place({ regions }: Model): string {
    const texts = strings().assistants;
    if (regions.length === 0) {
        return texts.placeHere;
    }
    return regions.includes('*') ? texts.placeAnywhere : texts.placeRegions(regions.join(', '));
}

customElements.define('cra-model-picker', ModelPicker);
