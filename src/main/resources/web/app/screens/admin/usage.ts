import { css, html, nothing, type PropertyValues } from 'lit';
import { get } from '../../api/http';
import type { EverybodysUsage, Page, PersonUsage, UsageDay, UsageTotal } from '../../api/types';
import { LightElement } from '../../components/element';
import { emptyState, failure, notice, skeleton } from '../../components/feedback';
import { listed } from '../../components/load-more';
import { styled } from '../../components/styled';
import { formatDate, formatMoney, formatNumber, strings } from '../../i18n/language';
import { Loading } from '../../state/loading';
import { Paged } from '../../state/paged';
import { narrow, parameters } from './query';

const SPANS = [7, 30, 90];
const USUAL = 30;
const DAY = 86_400_000;

/** What everybody's calls of models took. */
class AdminUsage extends LightElement {
    static override properties = { query: {} };

    static override styles = css`
        cra-admin-usage {
            display: block;

            & .sections {
                display: grid;
                grid-template-columns: minmax(0, 1fr);
                gap: var(--space-5);
            }

            & .totals {
                display: grid;
                grid-template-columns: repeat(auto-fit, minmax(min(100%, 9rem), 1fr));
                gap: var(--space-3);
            }

            & .totals > div {
                display: flex;
                flex-direction: column-reverse;
                justify-content: end;
                padding: var(--space-4);
                border: 1px solid var(--border);
                border-radius: var(--radius-l);
                background: var(--surface-raised);
            }

            & .totals dd {
                font-size: var(--text-xl);
                font-weight: var(--weight-strong);
                font-variant-numeric: tabular-nums;
            }

            & .chart {
                display: flex;
                align-items: end;
                gap: 2px;
                block-size: 10rem;
                margin-block-start: var(--space-3);
                border-block-end: 1px solid var(--border);
            }

            & .chart span {
                flex: 1;
                min-inline-size: 1px;
                block-size: var(--share);
                border-start-start-radius: 2px;
                border-start-end-radius: 2px;
                background: var(--accent);
            }

            & .ends {
                display: flex;
                justify-content: space-between;
            }

            & .scroll {
                overflow-x: auto;
            }

            & .scroll:focus-visible {
                outline-offset: -2px;
            }

            & table {
                inline-size: 100%;
                border-collapse: collapse;
                font-variant-numeric: tabular-nums;
            }

            & :is(th, td) {
                padding: var(--space-2) var(--space-3);
                border-block-end: 1px solid var(--border);
                text-align: end;
                white-space: nowrap;
            }

            & :is(th, td):first-child {
                min-inline-size: 9rem;
                padding-inline-start: 0;
                text-align: start;
                white-space: normal;
            }

            & thead th {
                color: var(--text-muted);
                font-size: var(--text-s);
                font-weight: var(--weight-medium);
            }

            & tbody th {
                font-weight: var(--weight-normal);
            }

            & th bdi {
                display: block;
            }

            & .heads {
                justify-content: space-between;
                margin-block-end: var(--space-2);
            }
        }
    `;

    declare query: string;

    readonly #report = new Loading<EverybodysUsage>(this, (signal) =>
        get<EverybodysUsage>('/admin/usage', { query: this.#span, signal }),
    );
    readonly #people = new Paged<PersonUsage>(this, (cursor, signal) =>
        get<Page<PersonUsage>>('/admin/usage/people', { query: { ...this.#span, sort: this.#sort, cursor }, signal }),
    );

    constructor() {
        super();
        this.query = '';
    }

    get #days(): number {
        const days = Number(parameters(this.query)['days']);
        return SPANS.includes(days) ? days : USUAL;
    }

    get #sort(): string {
        return parameters(this.query)['sort'] === '-tokens' ? '-tokens' : '-cost';
    }

    /** Days of UTC, as the service counts them. */
    get #span(): { from: string; to: string } {
        return { from: day(Date.now() - (this.#days - 1) * DAY), to: day(Date.now()) };
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (!changed.has('query')) {
            return;
        }
        const before = parameters(changed.get('query') ?? '');
        const now = parameters(this.query);
        if (!this.#report.value || before['days'] !== now['days']) {
            void this.#report.start();
        }
        void this.#people.start();
    }

    protected override render() {
        const texts = strings().admin;
        return html`<p class="muted">${texts.usageText}</p>
            <div class="filters">
                <label>
                    ${texts.span}
                    <select
                        @change=${(event: Event) =>
                            narrow('usage', this.query, { days: (event.target as HTMLSelectElement).value })}
                    >
                        ${SPANS.map(
                            (days) =>
                                html`<option value=${days} ?selected=${days === this.#days}>
                                    ${texts.lastDays(days)}
                                </option>`,
                        )}
                    </select>
                </label>
            </div>
            ${this.#report.problem && this.#report.value
                ? failure(this.#report.problem, () => void this.#report.start())
                : nothing}
            ${this.#report.render({
                waiting: () => skeleton(8),
                failed: (problem) => failure(problem, () => void this.#report.start()),
                ready: (report) => this.#shown(report),
            })}`;
    }

    #shown(report: EverybodysUsage) {
        const texts = strings().admin;
        const { total } = report;
        if (total.calls === 0) {
            return emptyState({ icon: 'chart', heading: texts.noUsage, text: texts.noUsageText });
        }
        return html`<div class="sections">
            <dl class="totals">
                ${this.#total(texts.cost, this.#money(total, report.currency))}
                ${this.#total(texts.calls, formatNumber(total.calls))}
                ${this.#total(texts.tokensRead, compact(read(total)))}
                ${this.#total(texts.tokensWritten, compact(total.output_tokens))}
            </dl>
            ${total.unpriced_tokens > 0
                ? notice('plain', texts.unpriced(formatNumber(total.unpriced_tokens)))
                : nothing}
            ${this.#chart(report)} ${this.#models(report)} ${this.#persons(report.currency)}
        </div>`;
    }

    #total(label: string, value: string) {
        return html`<div><dt class="small muted">${label}</dt><dd>${value}</dd></div>`;
    }

    #money(total: UsageTotal, currency: string): string {
        return total.cost === null ? strings().admin.costUnknown : formatMoney(total.cost, currency);
    }

    #chart(report: EverybodysUsage) {
        const texts = strings().admin;
        const byDay = new Map(report.days.map((each) => [each.date, tokens(each.total)]));
        const dates: string[] = [];
        for (let time = Date.parse(report.from); time <= Date.parse(report.to); time += DAY) {
            dates.push(day(time));
        }
        const most = Math.max(1, ...byDay.values());
        const [busiest, highest] = [...byDay].reduce((one, other) => (other[1] > one[1] ? other : one));
        return html`<section class="card">
            <h2>${texts.tokensByDay}</h2>
            <div
                class="chart"
                role="img"
                aria-label=${texts.chartText(compact(highest), formatDate(busiest))}
            >
                ${dates.map((date) => {
                    const count = byDay.get(date) ?? 0;
                    return html`<span
                        title="${formatDate(date)}: ${formatNumber(count)}"
                        ${styled({ '--share': `${(count / most) * 100}%` })}
                    ></span>`;
                })}
            </div>
            <p class="ends small muted">
                <span>${formatDate(report.from)}</span><span>${formatDate(report.to)}</span>
            </p>
            <p class="small muted">${texts.chartText(compact(highest), formatDate(busiest))}</p>
        </section>`;
    }

    #models(report: EverybodysUsage) {
        const texts = strings().admin;
        return html`<section class="card">
            <h2>${texts.byModel}</h2>
            <div class="scroll" tabindex="0" role="region" aria-label=${texts.byModel}>
                <table>
                    ${this.#head(texts.model)}
                    <tbody>
                        ${byModel(report.days).map(
                            ([model, purpose, total]) =>
                                html`<tr>
                                    <th scope="row">
                                        <bdi>${model}</bdi>
                                        <span class="small muted">${texts.purposes[purpose] ?? purpose}</span>
                                    </th>
                                    ${this.#cells(total, report.currency)}
                                </tr>`,
                        )}
                    </tbody>
                </table>
            </div>
        </section>`;
    }

    #persons(currency: string) {
        const texts = strings().admin;
        const list = this.#people;
        return html`<section class="card">
            <div class="row heads">
                <h2>${texts.byPerson}</h2>
                <label class="row small">
                    ${texts.sortBy}
                    <select
                        @change=${(event: Event) =>
                            narrow('usage', this.query, { sort: (event.target as HTMLSelectElement).value })}
                    >
                        <option value="" ?selected=${this.#sort === '-cost'}>${texts.cost}</option>
                        <option value="-tokens" ?selected=${this.#sort === '-tokens'}>${texts.tokens}</option>
                    </select>
                </label>
            </div>
            ${listed(list, {
                lines: 4,
                ready: (items) =>
                    html`<div class="scroll" tabindex="0" role="region" aria-label=${texts.byPerson}>
                        <table>
                            ${this.#head(texts.person)}
                            <tbody>
                                ${items.map(
                                    (person) =>
                                        html`<tr>
                                            <th scope="row">
                                                <bdi>${person.first_name} ${person.last_name}</bdi>
                                                <bdi class="small muted">${person.email}</bdi>
                                            </th>
                                            ${this.#cells(person.total, currency)}
                                        </tr>`,
                                )}
                            </tbody>
                        </table>
                    </div>`,
            })}
        </section>`;
    }

    #head(first: string) {
        const texts = strings().admin;
        return html`<thead>
            <tr>
                <th scope="col">${first}</th>
                <th scope="col">${texts.calls}</th>
                <th scope="col">${texts.tokensRead}</th>
                <th scope="col">${texts.tokensWritten}</th>
                <th scope="col">${texts.cost}</th>
            </tr>
        </thead>`;
    }

    #cells(total: UsageTotal, currency: string) {
        return html`<td>${formatNumber(total.calls)}</td>
            <td>${formatNumber(read(total))}</td>
            <td>${formatNumber(total.output_tokens)}</td>
            <td>${this.#money(total, currency)}</td>`;
    }
}

function day(time: number): string {
    return new Date(time).toISOString().slice(0, 10);
}

/** Also what came from the provider's cache or went there. */
function read(total: UsageTotal): number {
    return total.input_tokens + total.cache_read_tokens + total.cache_write_tokens;
}

function tokens(total: UsageTotal): number {
    return read(total) + total.output_tokens;
}

function compact(value: number): string {
    return formatNumber(value, { notation: 'compact', maximumFractionDigits: 1 });
}

/** Model, purpose and what they took in all days, the most tokens first. */
function byModel(days: readonly UsageDay[]): [string, string, UsageTotal][] {
    const sums = new Map<string, [string, string, UsageTotal]>();
    for (const { model_id, purpose, total } of days.flatMap(({ lines }) => lines)) {
        const key = `${model_id} ${purpose}`;
        const sum = sums.get(key);
        sums.set(key, [model_id, purpose, sum ? plus(sum[2], total) : total]);
    }
    return [...sums.values()].sort(([, , one], [, , other]) => tokens(other) - tokens(one));
}

function plus(one: UsageTotal, other: UsageTotal): UsageTotal {
    return {
        calls: one.calls + other.calls,
        input_tokens: one.input_tokens + other.input_tokens,
        output_tokens: one.output_tokens + other.output_tokens,
        cache_read_tokens: one.cache_read_tokens + other.cache_read_tokens,
        cache_write_tokens: one.cache_write_tokens + other.cache_write_tokens,
        unpriced_tokens: one.unpriced_tokens + other.unpriced_tokens,
        // Shown with four places, so that a sum of floating point numbers is exact enough.
        cost: one.cost === null && other.cost === null ? null : String(Number(one.cost ?? 0) + Number(other.cost ?? 0)),
    };
}

customElements.define('cra-admin-usage', AdminUsage);
