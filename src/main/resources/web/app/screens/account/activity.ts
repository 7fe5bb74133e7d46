import { css, html, nothing } from 'lit';
import { get } from '../../api/http';
import type { Page, SecurityEvent } from '../../api/types';
import { LightElement } from '../../components/element';
import { emptyState } from '../../components/feedback';
import { icon } from '../../components/icons';
import { listed } from '../../components/load-more';
import { formatDate, locale, strings } from '../../i18n/language';
import { Paged } from '../../state/paged';
import { deviceName } from './device-name';

/** Events that tell the same, one after the other, such as the renewals of a sign-in all day long. */
interface Entry {
    event: SecurityEvent;
    times: number;
}

/** What happened to the security of the account, in plain words, by days. */
class Activity extends LightElement {
    static override styles = css`
        cra-account-activity {
            & .rows > li {
                grid-template-columns: auto minmax(0, 1fr) auto;
                align-items: start;
            }

            & time {
                color: var(--text-muted);
                font-size: var(--text-s);
                font-variant-numeric: tabular-nums;
            }
        }
    `;

    readonly #events = new Paged<SecurityEvent>(this, (cursor, signal) =>
        get<Page<SecurityEvent>>('/auth/events', { query: { cursor, limit: 50 }, signal }),
    );

    override connectedCallback(): void {
        super.connectedCallback();
        void this.#events.start();
    }

    protected override render() {
        const texts = strings().account.activity;
        return html`<h2>${texts.title}</h2>
            <p>
                ${texts.text} <a href="/account/devices">${strings().account.devices.title}</a> ·
                <a href="/account/security">${strings().account.security.title}</a>
            </p>
            ${this.#days()}`;
    }

    #days() {
        return listed(this.#events, {
            lines: 6,
            empty: () => emptyState({ icon: 'shield', heading: strings().account.activity.none }),
            ready: (events) =>
                [...Map.groupBy(entries(events), ({ event }) => formatDate(event.occurred_at))].map(
                    ([day, entriesOfDay]) => html`<section class="card">
                        <h3>${day}</h3>
                        <ul class="rows">
                            ${entriesOfDay.map((entry) => this.#row(entry))}
                        </ul>
                    </section>`,
                ),
        });
    }

    #row({ event, times }: Entry) {
        const texts = strings().account.activity;
        const failed = event.outcome === 'failure';
        const where = [event.user_agent ? deviceName(event.user_agent) : '', event.address_prefix ?? ''].filter(Boolean);
        return html`<li>
            ${icon(failed ? 'alert' : 'check')}
            <div>
                <p class="name">
                    ${told(event)}${times > 1 ? html`<span class="badge">${texts.times(times)}</span>` : nothing}${failed
                        ? html`<span class="badge bad">${texts.refused}</span>`
                        : nothing}${event.by_administrator
                        ? html`<span class="badge doubtful">${texts.byAdministrator}</span>`
                        : nothing}
                </p>
                <p class="muted small">${where.map((part, index) => html`${index > 0 ? ' · ' : ''}<bdi>${part}</bdi>`)}</p>
            </div>
            <time datetime=${event.occurred_at}>
                ${new Intl.DateTimeFormat(locale(), { timeStyle: 'short' }).format(new Date(event.occurred_at))}
            </time>
        </li>`;
    }
}

/** What happened, and why, if that is known in words. */
function told(event: SecurityEvent): string {
    const texts = strings().account.activity;
    const what = texts.types[event.type] ?? event.type;
    const why = event.reason ? texts.reasons[event.reason] : undefined;
    return why ? `${what} (${why})` : what;
}

function entries(events: readonly SecurityEvent[]): Entry[] {
    const result: Entry[] = [];
    for (const event of events) {
        const last = result.at(-1);
        if (last && sayTheSame(last.event, event)) {
            last.times++;
        } else {
            result.push({ event, times: 1 });
        }
    }
    return result;
}

function sayTheSame(one: SecurityEvent, other: SecurityEvent): boolean {
    return (
        one.type === other.type &&
        one.outcome === other.outcome &&
        one.reason === other.reason &&
        one.user_agent === other.user_agent &&
        one.address_prefix === other.address_prefix &&
        one.by_administrator === other.by_administrator &&
        formatDate(one.occurred_at) === formatDate(other.occurred_at)
    );
}

customElements.define('cra-account-activity', Activity);
