import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { del, get, post } from '../../api/http';
import { asProblem } from '../../api/problem';
import type { ApiKey, Page } from '../../api/types';
import { confirm } from '../../components/dialog';
import { LightElement, uniqueId } from '../../components/element';
import { emptyState, notice, spinner } from '../../components/feedback';
import { icon } from '../../components/icons';
import { listed } from '../../components/load-more';
import { describe, formatAge, formatDate, strings } from '../../i18n/language';
import { Form } from '../../state/form';
import { Paged } from '../../state/paged';
import { check, checkOnLeaving, checks } from '../auth/checks';
import { Action } from './action';
import './copy';
import { emptyFields } from './empty-fields';
import { isolate } from './isolate';
import { recently } from './recent-sign-in';

const RULES = { name: checks.name };
const DAY = 86_400_000;

/** Days that a new key may be good for; 0 is for ever. */
const LIVES = [30, 90, 365, 0];

/** Keys for programs: made, shown once, revoked. */
class ApiKeys extends LightElement {
    static override properties = { made: { state: true }, until: { state: true } };

    /** The key just made, with its text. */
    declare made: ApiKey | undefined;
    /** Of the select: days, or `date`. */
    declare until: string;
    readonly #keys = new Paged<ApiKey>(this, (cursor, signal) =>
        get<Page<ApiKey>>('/auth/api-keys', { query: { cursor }, signal }),
    );
    readonly #form = new Form(this);
    readonly #action = new Action(this);
    readonly #id = uniqueId('until');

    constructor() {
        super();
        this.until = '90';
    }

    override connectedCallback(): void {
        super.connectedCallback();
        void this.#keys.start();
    }

    protected override render() {
        const texts = strings().account.keys;
        return html`<h2>${texts.title}</h2>
            <section class="card stack">
                <h3>${texts.newKey}</h3>
                <p>${texts.text}</p>
                ${this.#make()} ${this.made ? this.#shown(this.made) : nothing}
            </section>
            <section class="card stack">
                <h3>${texts.yours}</h3>
                ${this.#action.failure()} ${this.#list()}
            </section>`;
    }

    #make() {
        const texts = strings().account.keys;
        const form = this.#form;
        return html`<form class="stack" novalidate @submit=${this.#create} @focusout=${checkOnLeaving(form, RULES)}>
            ${form.problem && !form.isAboutFields ? notice('bad', describe(form.problem)) : nothing}
            <div class="two">
                <cra-text-field
                    name="name"
                    autocomplete="off"
                    required
                    .label=${texts.name}
                    .hint=${texts.nameHint}
                    .error=${form.error('name')}
                ></cra-text-field>
                <div>
                    <label class="label" for=${this.#id}>${texts.until}</label>
                    <select
                        id=${this.#id}
                        .value=${this.until}
                        @change=${(event: Event) => {
                            this.until = (event.target as HTMLSelectElement).value;
                        }}
                    >
                        ${LIVES.map(
                            (days) => html`<option value=${days} ?selected=${this.until === String(days)}>
                                ${days === 0 ? texts.forEver : texts.days(days)}
                            </option>`,
                        )}
                        <option value="date" ?selected=${this.until === 'date'}>${texts.date}</option>
                    </select>
                </div>
            </div>
            ${this.until === 'date'
                ? html`<cra-text-field
                      class="narrow"
                      name="expires_at"
                      type="date"
                      required
                      .label=${texts.lastDay}
                      .error=${form.error('expires_at')}
                  ></cra-text-field>`
                : nothing}
            <p>
                <button class="button primary" type="submit" aria-disabled=${form.busy}>
                    ${form.busy ? spinner() : icon('plus')}${texts.make}
                </button>
            </p>
        </form>`;
    }

    #shown(key: ApiKey) {
        const texts = strings().account.keys;
        return html`<div class="stack made" role="status">
            ${notice('doubtful', texts.once(isolate(key.name)))}
            <p class="secret">${key.key}</p>
            <div class="row">
                <cra-copy .text=${key.key ?? ''}></cra-copy>
                <button
                    class="button small"
                    type="button"
                    @click=${() => {
                        this.made = undefined;
                    }}
                >
                    ${texts.stored}
                </button>
            </div>
        </div>`;
    }

    #list() {
        const { none, noneText } = strings().account.keys;
        return listed(this.#keys, {
            lines: 3,
            empty: () => emptyState({ icon: 'key', heading: none, text: noneText }),
            ready: (keys) =>
                html`<ul class="rows">
                    ${repeat(
                        keys,
                        (key) => key.id,
                        (key) => this.#row(key),
                    )}
                </ul>`,
        });
    }

    #row(key: ApiKey) {
        const texts = strings().account.keys;
        const over = key.expires_at !== null && new Date(key.expires_at).getTime() <= Date.now();
        return html`<li>
            ${icon('key')}
            <div>
                <p class="name">
                    <bdi>${key.name}</bdi>${over ? html`<span class="badge bad">${texts.over}</span>` : nothing}
                </p>
                <p class="muted small">
                    <code>${key.hint}…</code> ·
                    ${key.last_used_at ? texts.used(formatAge(key.last_used_at)) : texts.neverUsed}
                </p>
                <p class="muted small">
                    ${texts.made(formatDate(key.created_at))} ·
                    ${key.expires_at ? texts.ends(formatDate(key.expires_at)) : texts.endsNever}
                </p>
            </div>
            <div class="acts">
                <button
                    class="button small danger"
                    type="button"
                    aria-label=${texts.revokeNamed(key.name)}
                    aria-disabled=${this.#action.busy}
                    @click=${() => void this.#revoke(key)}
                >
                    ${texts.revoke}
                </button>
            </div>
        </li>`;
    }

    async #create(event: SubmitEvent): Promise<void> {
        const form = event.currentTarget as HTMLFormElement;
        const byDate = this.until === 'date';
        await this.#form.submit(
            event,
            async (values) => {
                const expires = byDate ? endOfDay(values['expires_at']!) : inDays(Number(this.until));
                const body = { name: values['name']!.trim(), expires_at: expires };
                this.made = await recently(() => post<ApiKey>('/auth/api-keys', body));
                emptyFields(form);
                await this.#keys.start();
            },
            check(byDate ? { ...RULES, expires_at: checks.required } : RULES),
        );
    }

    async #revoke(key: ApiKey): Promise<void> {
        const texts = strings().account.keys;
        const sure = await confirm({
            heading: texts.revokeNamed(isolate(key.name)),
            text: texts.revokeText,
            action: texts.revoke,
            danger: true,
        });
        if (sure) {
            await this.#action.run(async () => {
                try {
                    await del(`/auth/api-keys/${key.id}`);
                } catch (thrown) {
                    // It may have been revoked elsewhere.
                    const problem = asProblem(thrown);
                    if (problem.status !== 404) {
                        throw problem;
                    }
                }
                this.#keys.change((keys) => keys.filter((each) => each.id !== key.id));
                if (this.made?.id === key.id) {
                    this.made = undefined;
                }
            });
        }
    }
}

function inDays(days: number): string | null {
    return days === 0 ? null : new Date(Date.now() + days * DAY).toISOString();
}

/** The last day counts, where the person is. */
function endOfDay(date: string): string {
    return new Date(`${date}T23:59:59`).toISOString();
}

customElements.define('cra-account-keys', ApiKeys);
