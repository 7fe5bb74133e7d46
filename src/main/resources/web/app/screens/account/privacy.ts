import { css, html, nothing } from 'lit';
import { del, get } from '../../api/http';
import { asProblem, isAbort, type Problem } from '../../api/problem';
import { session } from '../../api/session';
import type { Retention } from '../../api/types';
import { LightElement } from '../../components/element';
import { failure, notice, skeleton, spinner } from '../../components/feedback';
import { icon } from '../../components/icons';
import { toast } from '../../components/toasts';
import { describe, formatBytes, formatDateTime, strings } from '../../i18n/language';
import { Form } from '../../state/form';
import { Loading } from '../../state/loading';
import { check, checks } from '../auth/checks';
import { exportData } from './export-data';
import { blamePassword } from './profile';

/** What is kept where, all of it to take along, and the end of the account. */
class Privacy extends LightElement {
    static override properties = {
        received: { state: true },
        problem: { state: true },
        deleting: { state: true },
    };

    static override styles = css`
        cra-account-privacy {
            & .kept {
                display: grid;
            }

            & .kept > div {
                display: grid;
                grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
                gap: 0 var(--space-4);
                padding-block: var(--space-3);
                border-block-start: 1px solid var(--border);
            }

            & .kept dt {
                font-weight: var(--weight-medium);
            }
        }

        @media (width < 36rem) {
            cra-account-privacy .kept > div {
                grid-template-columns: minmax(0, 1fr);
            }
        }
    `;

    /** Bytes of the export that have come; undefined while there is none. */
    declare received: number | undefined;
    declare problem: Problem | undefined;
    declare deleting: boolean;
    #export: AbortController | undefined;
    readonly #retention = new Loading<Retention>(this, (signal) => get('/privacy/retention', { signal }));
    readonly #form = new Form(this);

    constructor() {
        super();
        this.deleting = false;
    }

    override connectedCallback(): void {
        super.connectedCallback();
        void this.#retention.start();
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.#export?.abort();
    }

    protected override render() {
        return html`<h2>${strings().account.privacy.title}</h2>
            ${this.#exporting()}
            ${this.#retention.render({
                waiting: () => html`<section class="card">${skeleton(6)}</section>`,
                failed: (problem) => html`<section class="card">${failure(problem, () => void this.#retention.start())}</section>`,
                ready: (retention) => html`${this.#provider(retention.model_provider)} ${this.#kept(retention.kept)}`,
            })}
            ${this.#end()}`;
    }

    #exporting() {
        const texts = strings().account.privacy;
        const running = this.received !== undefined;
        return html`<section class="card stack">
            <h3>${texts.export}</h3>
            <p>${texts.exportText}</p>
            ${this.problem ? notice('bad', describe(this.problem)) : nothing}
            <div class="row">
                <button class="button primary" type="button" aria-disabled=${running} @click=${() => void this.#save()}>
                    ${running ? spinner() : icon('download')}${texts.exportAction}
                </button>
                ${running
                    ? html`<button class="button" type="button" @click=${() => this.#export?.abort()}>
                              ${strings().common.cancel}
                          </button>
                          <span class="muted">${texts.received(formatBytes(this.received ?? 0))}</span>`
                    : nothing}
            </div>
        </section>`;
    }

    #provider(provider: Retention['model_provider']) {
        const texts = strings().account.privacy;
        return html`<section class="card stack">
            <h3>${texts.provider}</h3>
            <p class="row">
                ${provider.leaves_service
                    ? html`<span class="badge doubtful">${texts.leaves}</span>`
                    : html`<span class="badge good">${texts.stays}</span>`}
                ${provider.leaves_service
                    ? provider.proven
                        ? html`<span class="badge good">${texts.proven}</span>`
                        : html`<span class="badge bad">${texts.notProven}</span>`
                    : nothing}
            </p>
            <p lang="en">${provider.enforced}</p>
            ${provider.required ? html`<p>${texts.required}</p>` : nothing}
            ${provider.regions.length > 0
                ? html`<ul class="rows">
                      ${provider.regions.map(
                          (region) => html`<li>
                              ${icon(region.problem ? 'alert' : 'globe')}
                              <div>
                                  <p class="name">${region.region}</p>
                                  <p class="muted small">
                                      ${region.mode ?? texts.unknown} ·
                                      ${region.checked_at ? texts.checked(formatDateTime(region.checked_at)) : texts.neverChecked}
                                  </p>
                                  ${region.problem ? html`<p class="small" lang="en">${region.problem}</p>` : nothing}
                              </div>
                          </li>`,
                      )}
                  </ul>`
                : nothing}
            ${provider.unproven_models.length > 0
                ? html`<details>
                      <summary>${texts.unproven(provider.unproven_models.length)}</summary>
                      <ul class="rows">
                          ${provider.unproven_models.map(
                              ({ model_id, reason }) => html`<li>
                                  ${icon('info')}
                                  <div>
                                      <p class="name">${model_id}</p>
                                      <p class="muted small" lang="en">${reason}</p>
                                  </div>
                              </li>`,
                          )}
                      </ul>
                  </details>`
                : nothing}
        </section>`;
    }

    #kept(kept: Retention['kept']) {
        const texts = strings().account.privacy;
        return html`<section class="card stack">
            <h3>${texts.kept}</h3>
            <p>${texts.keptText}</p>
            <dl class="kept" lang="en">
                ${kept.map(
                    ({ what, where, until }) => html`<div>
                        <dt>${what}</dt>
                        <dd>
                            <p>${until}</p>
                            <p class="muted small">${where}</p>
                        </dd>
                    </div>`,
                )}
            </dl>
        </section>`;
    }

    #end() {
        const texts = strings().account.privacy;
        const form = this.#form;
        const email = session.state.user?.email ?? '';
        return html`<section class="card stack danger-zone">
            <h3>${texts.end}</h3>
            <p>${texts.endText}</p>
            <p>
                <button
                    class="button danger"
                    type="button"
                    @click=${() => {
                        this.deleting = true;
                    }}
                >
                    ${texts.endBegin}
                </button>
            </p>
            <cra-dialog
                .heading=${texts.end}
                .open=${this.deleting}
                @close=${() => {
                    this.deleting = false;
                }}
            >
                <form class="stack" novalidate @submit=${this.#delete}>
                    <p>${texts.endSure}</p>
                    ${form.problem && !form.isAboutFields ? notice('bad', describe(form.problem)) : nothing}
                    <cra-text-field
                        name="confirmation"
                        type="email"
                        autocomplete="off"
                        required
                        .label=${texts.typeAddress(email)}
                        .error=${form.error('confirmation')}
                    ></cra-text-field>
                    <cra-text-field
                        name="password"
                        type="password"
                        autocomplete="current-password"
                        required
                        .label=${strings().account.currentPassword}
                        .error=${form.error('password')}
                    ></cra-text-field>
                    <p class="muted small">${texts.endNoPassword}</p>
                    <div class="row">
                        <button class="button danger" type="submit" aria-disabled=${form.busy}>
                            ${form.busy ? spinner() : nothing}${texts.endAction}
                        </button>
                        <button
                            class="button"
                            type="button"
                            @click=${() => {
                                this.deleting = false;
                            }}
                        >
                            ${strings().common.cancel}
                        </button>
                    </div>
                </form>
            </cra-dialog>
        </section>`;
    }

    async #save(): Promise<void> {
        if (this.received !== undefined) {
            return;
        }
        this.problem = undefined;
        this.received = 0;
        this.#export = new AbortController();
        try {
            const saved = await exportData(this.#export.signal, (bytes) => {
                this.received = bytes;
            });
            if (saved) {
                toast(strings().account.privacy.exported);
            }
        } catch (thrown) {
            if (!isAbort(thrown)) {
                this.problem = asProblem(thrown);
            }
        } finally {
            this.received = undefined;
        }
    }

    async #delete(event: SubmitEvent): Promise<void> {
        const email = session.state.user?.email ?? '';
        const same = (typed: string) =>
            typed.trim().toLowerCase() === email.toLowerCase() ? '' : strings().account.privacy.otherAddress;
        await this.#form.submit(
            event,
            async ({ password }) => {
                await del('/auth/me', { password }).catch(blamePassword());
                session.ended();
                toast(strings().account.privacy.ended);
            },
            check({ confirmation: same, password: checks.required }),
        );
    }
}

customElements.define('cra-account-privacy', Privacy);
