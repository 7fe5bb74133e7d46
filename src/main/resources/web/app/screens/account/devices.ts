import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { del, get, post } from '../../api/http';
import { asProblem } from '../../api/problem';
import { session } from '../../api/session';
import type { Page, SignInSession } from '../../api/types';
import { confirm } from '../../components/dialog';
import { LightElement } from '../../components/element';
import { icon } from '../../components/icons';
import { listed } from '../../components/load-more';
import { settle, toast } from '../../components/toasts';
import { formatAge, formatDateTime, strings } from '../../i18n/language';
import { router } from '../../routing/router';
import { Paged } from '../../state/paged';
import { signOut } from '../../state/sign-out';
import { Action } from './action';
import { isolate } from './isolate';

/** Where one is signed in; each can be signed out, and one that is a stranger's more than that. */
class Devices extends LightElement {
    readonly #devices = new Paged<SignInSession>(this, (cursor, signal) =>
        get<Page<SignInSession>>('/auth/sessions', { query: { cursor }, signal }),
    );
    readonly #action = new Action(this);

    override connectedCallback(): void {
        super.connectedCallback();
        void this.#devices.start();
    }

    protected override render() {
        const texts = strings().account.devices;
        return html`<h2>${texts.title}</h2>
            <section class="card stack">
                <p>${texts.text}</p>
                ${this.#action.failure()} ${this.#list()}
            </section>
            <section class="card stack">
                <h3>${texts.everywhere}</h3>
                <p>${texts.everywhereText}</p>
                <p>
                    <button
                        class="button danger"
                        type="button"
                        aria-disabled=${this.#action.busy}
                        @click=${() => void this.#endAll()}
                    >
                        ${icon('sign-out')}${texts.everywhere}
                    </button>
                </p>
            </section>`;
    }

    #list() {
        return listed(this.#devices, {
            lines: 4,
            ready: (devices) =>
                html`<ul class="rows">
                    ${repeat(
                        devices,
                        (device) => device.id,
                        (device) => this.#row(device),
                    )}
                </ul>`,
        });
    }

    #row(device: SignInSession) {
        const texts = strings().account.devices;
        return html`<li>
            ${icon('device')}
            <div>
                <p class="name">
                    <bdi>${device.device}</bdi>${device.current ? html`<span class="badge good">${texts.current}</span>` : nothing}
                </p>
                <p class="muted small">${texts.used(formatAge(device.last_used_at))} · <bdi>${device.address_prefix}</bdi></p>
                <p class="muted small">${texts.since(formatDateTime(device.created_at))}</p>
            </div>
            <div class="acts">
                ${device.current
                    ? nothing
                    : html`<button
                          class="button small"
                          type="button"
                          aria-label=${texts.notMeNamed(device.device)}
                          @click=${() => void this.#notMe(device)}
                      >
                          ${texts.notMe}
                      </button>`}
                <button
                    class="button small"
                    type="button"
                    aria-label=${texts.endNamed(device.device)}
                    aria-disabled=${this.#action.busy}
                    @click=${() => void this.#end(device)}
                >
                    ${strings().shell.signOut}
                </button>
            </div>
        </li>`;
    }

    async #end(device: SignInSession): Promise<void> {
        if (device.current) {
            await signOut();
        } else if (await this.#remove(device)) {
            toast(strings().account.devices.ended(isolate(device.device)));
        }
    }

    async #notMe(device: SignInSession): Promise<void> {
        const texts = strings().account.devices;
        const sure = await confirm({
            heading: texts.notMeTitle,
            text: texts.notMeText(isolate(device.device)),
            action: texts.notMeAction,
            danger: true,
        });
        if (sure && (await this.#remove(device))) {
            toast(texts.ended(isolate(device.device)));
            router.go('/account/security');
        }
    }

    /** @returns whether it is signed out */
    #remove(device: SignInSession): Promise<boolean> {
        return this.#action.run(async () => {
            try {
                await del(`/auth/sessions/${device.id}`);
            } catch (thrown) {
                // It may have been signed out elsewhere.
                const problem = asProblem(thrown);
                if (problem.status !== 404) {
                    throw problem;
                }
            }
            this.#devices.change((devices) => devices.filter((each) => each.id !== device.id));
        });
    }

    async #endAll(): Promise<void> {
        const texts = strings().account.devices;
        const sure = await confirm({
            heading: texts.everywhere,
            text: texts.everywhereSure,
            action: texts.everywhere,
            danger: true,
        });
        if (sure) {
            await this.#action.run(async () => {
                await settle();
                await post('/auth/logout-all');
                session.ended();
            });
        }
    }
}

customElements.define('cra-account-devices', Devices);
