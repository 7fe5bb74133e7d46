import { css, html, nothing } from 'lit';
import { get } from '../../api/http';
import type { Account, Page } from '../../api/types';
import { LightElement, uniqueId } from '../../components/element';
import { icon } from '../../components/icons';
import { listed } from '../../components/load-more';
import { strings } from '../../i18n/language';
import { Paged } from '../../state/paged';

const TYPING = 300;

/** Chooses a person. Tells with `change` when `chosen` is somebody else, or nobody any more. */
export class PersonPicker extends LightElement {
    static override properties = {
        name: {},
        chosen: { attribute: false },
        open: { state: true },
        words: { state: true },
    };

    static override styles = css`
        cra-person-picker {
            display: block;

            & .label {
                display: block;
                margin-block-end: var(--space-1);
                font-weight: var(--weight-medium);
            }

            & .choice {
                display: flex;
                gap: var(--space-1);
                min-inline-size: 0;
            }

            & .choice .button:first-child {
                flex: 1;
                justify-content: start;
                min-inline-size: 0;
                padding-inline: var(--space-3);
                background: var(--surface-raised);
                font-weight: var(--weight-normal);
            }

            & .choice bdi {
                overflow: hidden;
                text-overflow: ellipsis;
                white-space: nowrap;
            }

            & ul {
                max-block-size: 50dvh;
                margin-block-start: var(--space-3);
                overflow: auto;
                list-style: none;
            }

            & .person {
                display: block;
                inline-size: 100%;
                padding: var(--space-2) var(--space-3);
                border: 0;
                border-radius: var(--radius-m);
                background: none;
                text-align: start;
                overflow-wrap: anywhere;
                cursor: pointer;
            }

            & .person:hover {
                background: var(--surface-hover);
            }

            & .person:focus-visible {
                outline-offset: -2px;
            }

            & .person bdi {
                display: block;
            }
        }
    `;

    /** What the button shows for the person; empty for anybody. */
    declare name: string;
    declare chosen: Account | null;
    declare open: boolean;
    declare words: string;

    readonly #id = uniqueId('person');
    #timer: ReturnType<typeof setTimeout> | undefined;
    readonly #list = new Paged<Account>(this, (cursor, signal) =>
        get<Page<Account>>('/admin/users', { query: { q: this.words.trim(), cursor }, signal }),
    );

    constructor() {
        super();
        this.name = '';
        this.chosen = null;
        this.open = false;
        this.words = '';
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        clearTimeout(this.#timer);
    }

    protected override render() {
        const texts = strings().admin;
        return html`<span class="label" id="${this.#id}-label">${texts.person}</span>
            <div class="choice">
                <button
                    class="button"
                    type="button"
                    id="${this.#id}-button"
                    aria-haspopup="dialog"
                    aria-labelledby="${this.#id}-label ${this.#id}-button"
                    @click=${() => this.#begin()}
                >
                    <bdi>${this.name || texts.anybody}</bdi>
                </button>
                ${this.name
                    ? html`<button
                          class="button icon"
                          type="button"
                          aria-label=${texts.clearPerson}
                          @click=${() => this.#choose(null)}
                      >
                          ${icon('close', 16)}
                      </button>`
                    : nothing}
            </div>
            <cra-dialog
                .heading=${texts.choosePerson}
                .open=${this.open}
                @close=${(event: Event) => {
                    event.stopPropagation();
                    this.open = false;
                }}
            >
                ${this.open ? this.#content() : nothing}
            </cra-dialog>`;
    }

    #content() {
        const texts = strings().admin;
        const list = this.#list;
        return html`<cra-text-field
                type="search"
                .label=${texts.findPerson}
                .maxlength=${254}
                .value=${this.words}
                @input=${(event: Event) => {
                    this.words = (event.target as HTMLInputElement).value;
                    clearTimeout(this.#timer);
                    this.#timer = setTimeout(() => void list.start(), TYPING);
                }}
                @change=${(event: Event) => event.stopPropagation()}
            ></cra-text-field>
            ${listed(list, {
                lines: 4,
                empty: () => html`<p class="muted" role="status">${texts.nobody}</p>`,
                ready: (items) =>
                    html`<ul>
                        ${items.map(
                            (account) =>
                                html`<li>
                                    <button class="person" type="button" @click=${() => this.#choose(account)}>
                                        <bdi>${account.first_name} ${account.last_name}</bdi>
                                        <bdi class="small muted">${account.email}</bdi>
                                    </button>
                                </li>`,
                        )}
                    </ul>`,
            })}`;
    }

    #begin(): void {
        this.words = '';
        this.open = true;
        void this.#list.start();
    }

    #choose(account: Account | null): void {
        this.open = false;
        this.chosen = account;
        this.dispatchEvent(new Event('change'));
    }
}

customElements.define('cra-person-picker', PersonPicker);
