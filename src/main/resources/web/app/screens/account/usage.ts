import { css, html, nothing } from 'lit';
import { get } from '../../api/http';
import type { Budget, UsageDay, UsageReport, UsageTotal } from '../../api/types';
import { LightElement } from '../../components/element';
import { failure, skeleton } from '../../components/feedback';
import { styled } from '../../components/styled';
import { formatDate, formatDateTime, formatMoney, formatNumber, formatShare, strings } from '../../i18n/language';
import { Loading } from '../../state/loading';

const DAYS = 30;
const DAY = 86_400_000;

/** What one's calls of models took, and what is left of the budgets. Days are those of UTC, as the service counts. */
class Usage extends LightElement {
    static override styles = css`
        cra-account-usage {
            & .totals {
                display: grid;
                grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr));
                gap: var(--space-4);
            }

            & .figure {
                font-size: var(--text-2xl);
                font-weight: var(--weight-strong);
                line-height: var(--leading-tight);
                font-variant-numeric: tabular-nums;
            }

            & .bars {
                display: grid;
                grid-auto-columns: minmax(0, 1fr);
                grid-auto-flow: column;
                grid-template-rows: 100%;
                align-items: end;
                gap: 3px;
                block-size: 9rem;
                border-block-end: 1px solid var(--border-control);
            }

            & .bars span {
                block-size: calc(var(--share) * 100%);
                min-block-size: 2px;
                border-radius: var(--radius-s) var(--radius-s) 0 0;
                background: var(--accent);
            }

            & .bars .none {
                background: var(--border);
            }

            & .axis {
                display: flex;
                justify-content: space-between;
                color: var(--text-muted);
                font-size: var(--text-s);
            }

            & progress {
                block-size: 0.625rem;
            }

            & .budgets {
                display: grid;
                gap: var(--space-5);
            }
        }
    `;

    readonly #usage = new Loading<UsageReport>(this, (signal) => get('/usage', { signal }));

    override connectedCallback(): void {
        super.connectedCallback();
        void this.#usage.start();
    }

    protected override render() {
        return html`<h2>${strings().account.usage.title}</h2>
            ${this.#usage.render({
                waiting: () => skeleton(8),
                failed: (problem) => failure(problem, () => void this.#usage.start()),
                ready: (report) =>
                    html`${this.#totals(report)} ${this.#budgets(report)} ${this.#chart(report)} ${this.#models(report)}`,
            })}`;
    }

    #totals(report: UsageReport) {
        const texts = strings().account.usage;
        return html`<div class="totals">
            ${this.#total(texts.today, report.today, report.currency)}
            ${this.#total(texts.month, report.month, report.currency)}
        </div>`;
    }

    #total(heading: string, total: UsageTotal, currency: string) {
        const texts = strings().account.usage;
        return html`<section class="card">
            <h3>${heading}</h3>
            <p class="figure">${formatNumber(tokens(total))}</p>
            <p class="muted">${texts.tokensIn(total.calls)}</p>
            <p>${cost(total, currency)}</p>
            ${total.unpriced_tokens > 0 && total.cost !== null
                ? html`<p class="muted small">${texts.unpriced(formatNumber(total.unpriced_tokens))}</p>`
                : nothing}
        </section>`;
    }

    #budgets({ budgets, currency }: UsageReport) {
        const texts = strings().account.usage;
        const count = (value: number) => formatNumber(value);
        const money = (value: string) => formatMoney(value, currency);
        const shown = [
            budget(texts.tokensPerDay, budgets.tokens_per_day, count),
            budget(texts.tokensPerMonth, budgets.tokens_per_month, count),
            budget(texts.moneyPerDay, budgets.money_per_day, money),
            budget(texts.moneyPerMonth, budgets.money_per_month, money),
        ].filter((each) => each !== nothing);
        return html`<section class="card stack">
            <h3>${texts.budgets}</h3>
            ${shown.length === 0 ? html`<p class="muted">${texts.noBudgets}</p>` : html`<div class="budgets">${shown}</div>`}
        </section>`;
    }

    #chart(report: UsageReport) {
        const texts = strings().account.usage;
        const days = withoutGaps(report.days);
        const most = Math.max(1, ...days.map((day) => tokens(day.total)));
        const used = report.days.length > 0;
        return html`<section class="card stack">
            <h3>${texts.days}</h3>
            ${used
                ? html`<div aria-hidden="true">
                          <p class="axis"><span>${texts.most(formatNumber(most))}</span></p>
                          <div class="bars">
                              ${days.map((day) => {
                                  const share = tokens(day.total) / most;
                                  return html`<span
                                      class=${share === 0 ? 'none' : ''}
                                      ${styled({ '--share': share.toFixed(4) })}
                                  ></span>`;
                              })}
                          </div>
                          <p class="axis">
                              <span>${formatDate(days[0]!.date)}</span><span>${formatDate(days.at(-1)!.date)}</span>
                          </p>
                      </div>
                      <details>
                          <summary>${texts.asTable}</summary>
                          ${this.#table(report.days, report.currency)}
                      </details>`
                : html`<p class="muted">${texts.none}</p>`}
        </section>`;
    }

    #table(days: UsageDay[], currency: string) {
        const texts = strings().account.usage;
        return html`<div class="scrolls" tabindex="0" role="region" aria-label=${texts.days}>
            <table>
                <thead>
                    <tr>
                        <th scope="col">${texts.day}</th>
                        <th scope="col" class="number">${texts.calls}</th>
                        <th scope="col" class="number">${texts.tokens}</th>
                        <th scope="col" class="number">${texts.cost}</th>
                    </tr>
                </thead>
                <tbody>
                    ${days.map(
                        (day) => html`<tr>
                            <th scope="row">${formatDate(day.date)}</th>
                            <td class="number">${formatNumber(day.total.calls)}</td>
                            <td class="number">${formatNumber(tokens(day.total))}</td>
                            <td class="number">${cost(day.total, currency)}</td>
                        </tr>`,
                    )}
                </tbody>
            </table>
        </div>`;
    }

    /** What the tokens of all the days went into, the most first. */
    #models(report: UsageReport) {
        const texts = strings().account.usage;
        const lines = Map.groupBy(
            report.days.flatMap((day) => day.lines),
            (line) => `${line.purpose} ${line.model_id}`,
        );
        const rows = [...lines.values()]
            .map((same) => ({
                ...same[0]!,
                calls: same.reduce((sum, line) => sum + line.total.calls, 0),
                tokens: same.reduce((sum, line) => sum + tokens(line.total), 0),
            }))
            .sort((one, other) => other.tokens - one.tokens);
        if (rows.length === 0) {
            return nothing;
        }
        return html`<section class="card stack">
            <h3>${texts.models}</h3>
            <div class="scrolls" tabindex="0" role="region" aria-label=${texts.models}>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">${texts.purpose}</th>
                            <th scope="col">${texts.model}</th>
                            <th scope="col" class="number">${texts.calls}</th>
                            <th scope="col" class="number">${texts.tokens}</th>
                        </tr>
                    </thead>
                    <tbody>
                        ${rows.map(
                            (row) => html`<tr>
                                <th scope="row">${texts.purposes[row.purpose] ?? row.purpose}</th>
                                <td>${row.model_id}</td>
                                <td class="number">${formatNumber(row.calls)}</td>
                                <td class="number">${formatNumber(row.tokens)}</td>
                            </tr>`,
                        )}
                    </tbody>
                </table>
            </div>
        </section>`;
    }
}

/** Of all kinds, as budgets count them. */
function tokens(total: UsageTotal): number {
    return total.input_tokens + total.output_tokens + total.cache_read_tokens + total.cache_write_tokens;
}

function cost(total: UsageTotal, currency: string): string {
    return total.cost === null ? strings().account.usage.noPrice : formatMoney(total.cost, currency);
}

function budget<T extends number | string>(label: string, one: Budget<T> | null, shown: (value: T) => string) {
    if (!one) {
        return nothing;
    }
    const texts = strings().account.usage;
    const share = Number(one.limit) === 0 ? 1 : Math.min(1, Number(one.used) / Number(one.limit));
    return html`<div>
        <p class="row"><strong>${label}</strong><span class="muted">${formatShare(share)}</span></p>
        <progress aria-label=${label} max="1" value=${share}></progress>
        <p class="small">${texts.left(shown(one.used), shown(one.limit), shown(one.left))}</p>
        <p class="muted small">${texts.resets(formatDateTime(one.resets_at))}</p>
    </div>`;
}

const EMPTY: UsageTotal = {
    calls: 0,
    input_tokens: 0,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    unpriced_tokens: 0,
    cost: '0',
};

/** The last days, the earliest first, also those without a call. */
function withoutGaps(days: UsageDay[]): UsageDay[] {
    const known = new Map(days.map((day) => [day.date, day]));
    const now = Date.now();
    return Array.from({ length: DAYS }, (_, index) => {
        const date = new Date(now - (DAYS - 1 - index) * DAY).toISOString().slice(0, 10);
        return known.get(date) ?? { date, total: EMPTY, lines: [] };
    });
}

customElements.define('cra-account-usage', Usage);
