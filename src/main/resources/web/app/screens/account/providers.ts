import { html, nothing } from 'lit';
import { del, get, post } from '../../api/http';
import { Problem } from '../../api/problem';
import type { ConnectedIdentity, Page, SignInProvider } from '../../api/types';
import { confirm } from '../../components/dialog';
import { LightElement } from '../../components/element';
import { failure, notice, skeleton } from '../../components/feedback';
import { icon } from '../../components/icons';
import { toast } from '../../components/toasts';
import { describe, formatDate, strings } from '../../i18n/language';
import { router } from '../../routing/router';
import { Loading } from '../../state/loading';
import { Action } from './action';
import { recently } from './recent-sign-in';

interface Connections {
    providers: SignInProvider[];
    identities: ConnectedIdentity[];
}

/** Accounts elsewhere that one can sign in with; nothing where the service knows no provider. */
class Providers extends LightElement {
    readonly #connections = new Loading<Connections>(this, async (signal) => {
        const [providers, identities] = await Promise.all([
            get<Page<SignInProvider>>('/auth/oauth', { anonymous: true, signal }),
            get<Page<ConnectedIdentity>>('/auth/identities', { query: { limit: 100 }, signal }),
        ]);
        return { providers: providers.items, identities: identities.items };
    });
    readonly #action = new Action(this);
    /** What came of connecting one: docs/api.md, "Sign-in through a provider". */
    #refused: Problem | undefined;

    override connectedCallback(): void {
        super.connectedCallback();
        const refused = router.query('sign_in_error');
        if (refused !== null) {
            this.#refused = new Problem(0, refused, strings().account.providers.failed, null, null);
        } else if (router.query('connected') !== null) {
            toast(strings().account.providers.connectedNow);
        }
        if (location.search !== '') {
            history.replaceState(history.state, '', location.pathname);
        }
        void this.#connections.start();
    }

    protected override render() {
        return this.#connections.render({
            waiting: () => this.#card(skeleton(2)),
            failed: (problem) => this.#card(failure(problem, () => void this.#connections.start())),
            ready: (connections) =>
                connections.providers.length + connections.identities.length === 0
                    ? nothing
                    : this.#card(this.#list(connections)),
        });
    }

    #card(content: unknown) {
        return html`<section class="card stack">
            <h3>${strings().account.providers.title}</h3>
            <p>${strings().account.providers.text}</p>
            ${this.#refused ? notice('bad', describe(this.#refused)) : nothing} ${this.#action.failure()} ${content}
        </section>`;
    }

    #list({ providers, identities }: Connections) {
        const texts = strings().account.providers;
        const titles = new Map(providers.map(({ name, title }) => [name, title]));
        const connected = new Set(identities.map((identity) => identity.provider));
        return html`<ul class="rows">
            ${identities.map((identity) => {
                const title = titles.get(identity.provider) ?? identity.provider;
                return html`<li>
                    ${icon('check')}
                    <div>
                        <p class="name">${title}</p>
                        <p class="muted small">${texts.since(formatDate(identity.created_at))}</p>
                    </div>
                    <div class="acts">
                        <button
                            class="button small"
                            type="button"
                            aria-label=${texts.disconnectNamed(title)}
                            aria-disabled=${this.#action.busy}
                            @click=${() => void this.#disconnect(identity, title)}
                        >
                            ${texts.disconnect}
                        </button>
                    </div>
                </li>`;
            })}
            ${providers
                .filter(({ name }) => !connected.has(name))
                .map(
                    ({ name, title }) => html`<li>
                        ${icon('external')}
                        <p class="name">${title}</p>
                        <div class="acts">
                            <button
                                class="button small"
                                type="button"
                                aria-label=${texts.connectNamed(title)}
                                aria-disabled=${this.#action.busy}
                                @click=${() => void this.#connect(name)}
                            >
                                ${texts.connect}
                            </button>
                        </div>
                    </li>`,
                )}
        </ul>`;
    }

    async #connect(name: string): Promise<void> {
        await this.#action.run(async () => {
            const { authorization_url } = await recently(() =>
                post<{ authorization_url: string }>(`/auth/oauth/${encodeURIComponent(name)}`),
            );
            if (/^https?:/.test(authorization_url)) {
                location.assign(authorization_url);
            }
        });
    }

    async #disconnect(identity: ConnectedIdentity, title: string): Promise<void> {
        const texts = strings().account.providers;
        const sure = await confirm({
            heading: texts.disconnectNamed(title),
            text: texts.disconnectText(title),
            action: texts.disconnect,
            danger: true,
        });
        if (sure) {
            await this.#action.run(async () => {
                await recently(() => del(`/auth/identities/${identity.id}`));
                this.#connections.change((before) => ({
                    ...before,
                    identities: before.identities.filter((each) => each.id !== identity.id),
                }));
            });
        }
    }
}

customElements.define('cra-account-providers', Providers);
