import { css, html, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { get, patch } from '../../api/http';
import { asProblem, type Problem } from '../../api/problem';
import { session } from '../../api/session';
import type { Account, Page } from '../../api/types';
import { confirm } from '../../components/dialog';
import { LightElement } from '../../components/element';
import { emptyState, notice, spinner } from '../../components/feedback';
import { listed } from '../../components/load-more';
import type { MenuItem } from '../../components/menu';
import { toast } from '../../components/toasts';
import { describe, formatAge, formatDate, formatDateTime, strings } from '../../i18n/language';
import { router } from '../../routing/router';
import { Paged } from '../../state/paged';
import { narrow, parameters } from './query';

const ADMIN = 'admin';
/** Milliseconds after a key until it is searched for. */
const TYPING = 300;

/** Everybody's accounts: who may come in, and who administers. */
class People extends LightElement {
    static override properties = {
        query: {},
        busy: { state: true },
        failed: { state: true },
    };

    static override styles = css`
        cra-admin-people {
            display: block;

            & .person {
                display: grid;
                grid-template-columns: minmax(0, 1fr) minmax(0, 13rem) auto;
                gap: var(--space-1) var(--space-4);
                align-items: center;
            }

            & .who p {
                overflow-wrap: anywhere;
            }

            & .name {
                display: flex;
                flex-wrap: wrap;
                align-items: center;
                gap: var(--space-1) var(--space-2);
                font-weight: var(--weight-medium);
            }

            & .person .notice {
                grid-column: 1 / -1;
            }

            & .off .name > bdi {
                color: var(--text-muted);
            }
        }

        @media (width < 40rem) {
            cra-admin-people {
                & .person {
                    grid-template-columns: minmax(0, 1fr) auto;
                }

                & .times {
                    grid-row: 2;
                    grid-column: 1 / -1;
                }
            }
        }
    `;

    declare query: string;
    /** Whose account is being changed. */
    declare busy: string;
    /** What was refused, and for whom. */
    declare failed: { id: string; problem: Problem } | undefined;
    #timer: ReturnType<typeof setTimeout> | undefined;

    readonly #list = new Paged<Account>(this, (cursor, signal) => {
        const { q, is_active, role } = parameters(this.query);
        return get<Page<Account>>('/admin/users', { query: { q, is_active, role, cursor }, signal });
    });

    constructor() {
        super();
        this.query = '';
        this.busy = '';
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        clearTimeout(this.#timer);
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has('query')) {
            void this.#list.start();
        }
    }

    protected override render() {
        const texts = strings().admin;
        const { q = '', is_active = '', role = '' } = parameters(this.query);
        const list = this.#list;
        return html`<p class="muted">${texts.peopleText}</p>
            <div class="filters" role="search">
                <cra-text-field
                    class="wide"
                    type="search"
                    .label=${texts.findPerson}
                    .maxlength=${254}
                    .value=${q}
                    @input=${(event: Event) => this.#typed((event.target as HTMLInputElement).value)}
                ></cra-text-field>
                <label>
                    ${texts.state}
                    <select @change=${this.#chosen('is_active')}>
                        <option value="" ?selected=${is_active === ''}>${texts.anyState}</option>
                        <option value="true" ?selected=${is_active === 'true'}>${texts.active}</option>
                        <option value="false" ?selected=${is_active === 'false'}>${texts.deactivated}</option>
                    </select>
                </label>
                <label>
                    ${texts.role}
                    <select @change=${this.#chosen('role')}>
                        <option value="" ?selected=${role === ''}>${texts.anyRole}</option>
                        <option value=${ADMIN} ?selected=${role === ADMIN}>${texts.administrators}</option>
                    </select>
                </label>
            </div>
            ${listed(list, {
                lines: 8,
                empty: () => emptyState({ icon: 'people', heading: texts.nobody, text: texts.nobodyText }),
                ready: (items) =>
                    html`<ul class="rows" aria-busy=${list.running}>
                        ${repeat(
                            items,
                            ({ id }) => id,
                            (account) => this.#person(account),
                        )}
                    </ul>`,
            })}`;
    }

    #person(account: Account) {
        const texts = strings().admin;
        const name = nameOf(account);
        return html`<li class="person ${account.is_active ? '' : 'off'}">
            <div class="who">
                <p class="name">
                    <bdi>${name}</bdi>
                    ${isYou(account) ? html`<span class="badge">${strings().shell.you}</span>` : nothing}
                    ${isAdmin(account) ? html`<span class="badge good">${texts.administrator}</span>` : nothing}
                    ${account.is_active ? nothing : html`<span class="badge bad">${texts.deactivated}</span>`}
                    ${account.email_verified
                        ? nothing
                        : html`<span class="badge doubtful">${texts.unverified}</span>`}
                </p>
                <p class="small muted"><bdi>${account.email}</bdi></p>
            </div>
            <div class="times small muted">
                <p title=${account.last_sign_in_at ? formatDateTime(account.last_sign_in_at) : nothing}>
                    ${account.last_sign_in_at
                        ? texts.lastSignIn(formatAge(account.last_sign_in_at))
                        : texts.neverSignedIn}
                </p>
                <p>${texts.since(formatDate(account.created_at))}</p>
            </div>
            <div class="row">
                ${this.busy === account.id ? spinner() : nothing}
                <cra-menu
                    kind="quiet icon"
                    .label=${strings().assistants.actionsOf(name)}
                    .items=${this.#choices(account)}
                ></cra-menu>
            </div>
            ${this.failed?.id === account.id ? notice('bad', describe(this.failed.problem)) : nothing}
        </li>`;
    }

    #choices(account: Account): MenuItem[] {
        const texts = strings().admin;
        return [
            {
                label: texts.itsEvents,
                icon: 'shield',
                run: () => router.go(`/admin/audit?user_id=${encodeURIComponent(account.id)}`),
            },
            isAdmin(account)
                ? { label: texts.revoke, icon: 'key', run: () => void this.#revoke(account) }
                : { label: texts.grant, icon: 'key', run: () => void this.#grant(account) },
            account.is_active
                ? { label: texts.deactivate, icon: 'lock', danger: true, run: () => void this.#deactivate(account) }
                : {
                      label: texts.activate,
                      icon: 'check',
                      run: () => void this.#change(account, { is_active: true }, texts.activated(nameOf(account))),
                  },
        ];
    }

    async #deactivate(account: Account): Promise<void> {
        const texts = strings().admin;
        const name = nameOf(account);
        const sure = await confirm({
            heading: texts.deactivateTitle(name),
            text: texts.deactivateText,
            action: texts.deactivate,
            danger: true,
        });
        if (sure) {
            await this.#change(account, { is_active: false }, texts.deactivatedNow(name));
        }
    }

    async #grant(account: Account): Promise<void> {
        const texts = strings().admin;
        const name = nameOf(account);
        const sure = await confirm({
            heading: texts.grantTitle(name),
            text: texts.grantText,
            action: texts.grant,
        });
        if (sure) {
            await this.#change(account, { roles: [...account.roles, ADMIN] }, texts.granted(name));
        }
    }

    async #revoke(account: Account): Promise<void> {
        const texts = strings().admin;
        const name = nameOf(account);
        const sure = await confirm({
            heading: isYou(account) ? texts.revokeOwnTitle : texts.revokeTitle(name),
            text: isYou(account) ? texts.revokeOwnText : texts.revokeText,
            action: texts.revoke,
            danger: true,
        });
        if (sure) {
            const roles = account.roles.filter((role) => role !== ADMIN);
            await this.#change(account, { roles }, texts.revoked(name));
        }
    }

    async #change(account: Account, change: { is_active?: boolean; roles?: string[] }, done: string): Promise<void> {
        if (this.busy) {
            return;
        }
        this.busy = account.id;
        this.failed = undefined;
        try {
            const changed = await patch<Account>(`/admin/users/${account.id}`, change);
            this.#list.change((items) => items.map((each) => (each.id === changed.id ? changed : each)));
            toast(done);
            if (isYou(changed) && !isAdmin(changed)) {
                // The token of before still says that one is.
                await session.renew(await session.token());
                router.go('/');
            }
        } catch (thrown) {
            this.failed = { id: account.id, problem: asProblem(thrown) };
        } finally {
            this.busy = '';
        }
    }

    #chosen(name: string) {
        return (event: Event) => narrow('people', this.query, { [name]: (event.target as HTMLSelectElement).value });
    }

    #typed(q: string): void {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => narrow('people', this.query, { q: q.trim() }), TYPING);
    }
}

function nameOf(account: Account): string {
    return `${account.first_name} ${account.last_name}`;
}

function isAdmin(account: Account): boolean {
    return account.roles.includes(ADMIN);
}

function isYou(account: Account): boolean {
    return account.id === session.state.user?.id;
}

customElements.define('cra-admin-people', People);
