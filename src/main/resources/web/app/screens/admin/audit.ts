import { css, html, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { get } from '../../api/http';
import type { Page, RecordedEvent } from '../../api/types';
import { LightElement } from '../../components/element';
import { emptyState } from '../../components/feedback';
import { icon } from '../../components/icons';
import { listed } from '../../components/load-more';
import { formatDateTime, strings } from '../../i18n/language';
import { Paged } from '../../state/paged';
import { Names } from './names';
import type { PersonPicker } from './person-picker';
import './person-picker';
import { narrow, parameters } from './query';

/** What happened to everybody's security. */
class Audit extends LightElement {
    static override properties = { query: {} };

    static override styles = css`
        cra-admin-audit {
            display: block;

            & summary {
                display: grid;
                grid-template-columns: minmax(0, 11rem) minmax(0, 1fr) auto;
                gap: var(--space-1) var(--space-4);
                align-items: center;
                cursor: pointer;
                list-style: none;
            }

            & summary::-webkit-details-marker {
                display: none;
            }

            & summary:focus-visible {
                outline-offset: 4px;
            }

            & .what {
                display: flex;
                flex-wrap: wrap;
                align-items: center;
                gap: var(--space-1) var(--space-2);
                font-weight: var(--weight-medium);
            }

            & .whom {
                overflow-wrap: anywhere;
            }

            & summary > svg {
                color: var(--text-muted);
            }

            & details[open] > summary > svg {
                rotate: 180deg;
            }

            & dl {
                display: grid;
                grid-template-columns: minmax(0, 11rem) minmax(0, 1fr);
                gap: var(--space-1) var(--space-4);
                margin-block-start: var(--space-3);
                padding-block-start: var(--space-3);
                border-block-start: 1px dashed var(--border);
            }
        }

        @media (width < 40rem) {
            cra-admin-audit {
                & summary {
                    grid-template-columns: minmax(0, 1fr) auto;
                }

                & time {
                    grid-column: 1 / -1;
                }

                & dl {
                    grid-template-columns: minmax(0, 1fr);
                }

                & dd + dt {
                    margin-block-start: var(--space-1);
                }
            }
        }
    `;

    declare query: string;

    readonly #names = new Names(this);
    readonly #list = new Paged<RecordedEvent>(this, async (cursor, signal) => {
        const { user_id, type, outcome, from, to } = parameters(this.query);
        const page = await get<Page<RecordedEvent>>('/admin/audit-events', {
            query: { user_id, type, outcome, from: instant(from), to: instant(to), cursor },
            signal,
        });
        this.#names.want(page.items.flatMap(({ actor_id, subject_id }) => [actor_id, subject_id]));
        return page;
    });

    constructor() {
        super();
        this.query = '';
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has('query')) {
            this.#names.want([parameters(this.query)['user_id'] ?? null]);
            void this.#list.start();
        }
    }

    protected override render() {
        const texts = strings().admin;
        const { user_id = '', type = '', outcome = '', from = '', to = '' } = parameters(this.query);
        const list = this.#list;
        const filtered = user_id || type || outcome || from || to;
        return html`<p class="muted">${texts.auditText}</p>
            <div class="filters" role="search">
                <label>
                    ${texts.event}
                    <select @change=${this.#chosen('type')}>
                        <option value="" ?selected=${type === ''}>${texts.anyEvent}</option>
                        ${Object.entries(texts.events)
                            .sort(([, one], [, other]) => one.localeCompare(other))
                            .map(
                                ([each, label]) =>
                                    html`<option value=${each} ?selected=${each === type}>${label}</option>`,
                            )}
                    </select>
                </label>
                <label>
                    ${texts.outcome}
                    <select @change=${this.#chosen('outcome')}>
                        <option value="" ?selected=${outcome === ''}>${texts.anyOutcome}</option>
                        <option value="success" ?selected=${outcome === 'success'}>${texts.success}</option>
                        <option value="failure" ?selected=${outcome === 'failure'}>${texts.failure}</option>
                    </select>
                </label>
                <cra-person-picker
                    class="wide"
                    .name=${user_id === '' ? '' : this.#name(user_id)}
                    @change=${(event: Event) => {
                        const { chosen } = event.target as PersonPicker;
                        if (chosen) {
                            this.#names.keep(chosen);
                        }
                        narrow('audit', this.query, { user_id: chosen?.id ?? '' });
                    }}
                ></cra-person-picker>
                <label class="wide">
                    ${texts.from}
                    <input type="datetime-local" .value=${from} @change=${this.#chosen('from')} />
                </label>
                <label class="wide">
                    ${texts.to}
                    <input type="datetime-local" .value=${to} @change=${this.#chosen('to')} />
                </label>
                ${filtered
                    ? html`<a class="button quiet wide" href="/admin/audit">${icon('close', 16)}${texts.clearFilters}</a>`
                    : nothing}
            </div>
            ${listed(list, {
                lines: 8,
                empty: () => emptyState({ icon: 'shield', heading: texts.noEvents, text: texts.noEventsText }),
                ready: (items) =>
                    html`<ul class="rows" aria-busy=${list.running}>
                        ${repeat(
                            items,
                            ({ id }) => id,
                            (event) => html`<li>${this.#event(event)}</li>`,
                        )}
                    </ul>`,
            })}`;
    }

    #event(event: RecordedEvent) {
        const texts = strings().admin;
        const { subject_id, actor_id } = event;
        return html`<details>
            <summary>
                <time class="small muted" datetime=${event.occurred_at}>${formatDateTime(event.occurred_at)}</time>
                <span class="whom">
                    <span class="what">
                        ${texts.events[event.type] ?? event.type}
                        ${event.outcome === 'failure'
                            ? html`<span class="badge bad">${texts.failure}</span>`
                            : nothing}
                        ${event.reason
                            ? html`<span class="small muted">${texts.reasons[event.reason] ?? event.reason}</span>`
                            : nothing}
                    </span>
                    <span class="small">
                        <bdi>${subject_id === null ? texts.noAccount : this.#name(subject_id)}</bdi>
                        ${actor_id !== null && actor_id !== subject_id
                            ? html` · ${texts.by} <bdi>${this.#name(actor_id)}</bdi>`
                            : nothing}
                    </span>
                </span>
                ${icon('chevron-down', 18)}
            </summary>
            <dl class="small">
                ${this.#detail(texts.account, this.#account(subject_id))}
                ${this.#detail(texts.doneBy, this.#account(actor_id))}
                ${this.#detail(texts.address, event.address_prefix)}
                ${this.#detail(texts.device, event.user_agent)}
                ${this.#detail(texts.session, event.session_id)} ${this.#detail(texts.object, event.object_id)}
                ${this.#detail(texts.request, event.request_id)}
            </dl>
        </details>`;
    }

    #detail(label: string, value: unknown) {
        return value ? html`<dt class="muted">${label}</dt><dd dir="auto">${value}</dd>` : nothing;
    }

    #name(id: string): string {
        const account = this.#names.of(id);
        if (account === null) {
            return strings().admin.deletedAccount;
        }
        return account ? `${account.first_name} ${account.last_name}` : id;
    }

    #account(id: string | null): string {
        const account = id === null ? null : this.#names.of(id);
        return account ? `${account.first_name} ${account.last_name}, ${account.email}, ${id}` : (id ?? '');
    }

    #chosen(name: string) {
        return (event: Event) => narrow('audit', this.query, { [name]: (event.target as HTMLInputElement).value });
    }
}

/** A time of day as it was chosen here, as an instant. */
function instant(local: string | undefined): string | undefined {
    const time = new Date(local ?? '');
    return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

customElements.define('cra-admin-audit', Audit);
