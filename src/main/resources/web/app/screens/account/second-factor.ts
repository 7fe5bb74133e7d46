import { css, html, nothing } from 'lit';
import { del, get, post } from '../../api/http';
import { asProblem } from '../../api/problem';
import type { Enrolment, RecoveryCodes, SecondFactorState } from '../../api/types';
import { LightElement } from '../../components/element';
import { failure, notice, skeleton, spinner } from '../../components/feedback';
import { icon } from '../../components/icons';
import type { TextField } from '../../components/text-field';
import { toast } from '../../components/toasts';
import { describe, formatDate, strings } from '../../i18n/language';
import { Form } from '../../state/form';
import { Loading } from '../../state/loading';
import { check, checks } from '../auth/checks';
import { Action } from './action';
import './copy';
import { recently } from './recent-sign-in';
import { saveFile } from './save-file';

/** With so few codes left, it is time for new ones. */
const FEW = 3;

/** The authenticator app: set up, its recovery codes, turned off. */
class SecondFactor extends LightElement {
    static override properties = {
        enrolment: { state: true },
        codes: { state: true },
        asking: { state: true },
    };

    static override styles = css`
        cra-account-second-factor {
            & .qr {
                inline-size: 12rem;
                block-size: 12rem;
                border-radius: var(--radius-m);
            }

            & .set-up {
                display: grid;
                grid-template-columns: auto minmax(0, 1fr);
                gap: var(--space-5);
                align-items: start;
            }

            & .codes {
                display: grid;
                grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr));
                gap: var(--space-1) var(--space-4);
                padding: var(--space-3) var(--space-4);
                border-radius: var(--radius-m);
                background: var(--surface-sunken);
                font-family: var(--font-mono);
                list-style: none;
            }

            & .codes li {
                overflow-wrap: normal;
                white-space: nowrap;
            }
        }

        @media (width < 36rem) {
            cra-account-second-factor {
                & .set-up {
                    grid-template-columns: minmax(0, 1fr);
                }

                & .codes {
                    grid-template-columns: minmax(0, 1fr);
                    font-size: var(--text-xs);
                }
            }
        }
    `;

    /** The secret to put into the app, while that goes on. */
    declare enrolment: Enrolment | undefined;
    /** Recovery codes just made, which the service never tells again. */
    declare codes: string[] | undefined;
    declare asking: 'nothing' | 'new-codes' | 'removal';
    readonly #state = new Loading<SecondFactorState>(this, (signal) => get('/auth/mfa', { signal }));
    readonly #begin = new Action(this);
    readonly #form = new Form(this);

    constructor() {
        super();
        this.asking = 'nothing';
    }

    override connectedCallback(): void {
        super.connectedCallback();
        void this.#state.start();
    }

    protected override render() {
        const texts = strings().account.mfa;
        return html`<section class="card stack">
            <h3 tabindex="-1">${texts.title}</h3>
            ${this.codes
                ? this.#newCodes(this.codes)
                : this.#state.render({
                      waiting: () => skeleton(2),
                      failed: (problem) => failure(problem, () => void this.#state.start()),
                      ready: (state) => (state.totp ? this.#on(state) : this.#off()),
                  })}
        </section>`;
    }

    #off() {
        const texts = strings().account.mfa;
        if (this.enrolment) {
            return this.#setUp(this.enrolment);
        }
        return html`<p>${texts.offText}</p>
            ${this.#begin.failure()}
            <p>
                <button class="button" type="button" aria-disabled=${this.#begin.busy} @click=${() => void this.#enrol()}>
                    ${this.#begin.busy ? spinner() : icon('shield')}${texts.setUp}
                </button>
            </p>`;
    }

    #setUp(enrolment: Enrolment) {
        const texts = strings().account.mfa;
        const form = this.#form;
        return html`<div class="set-up">
            <img
                class="qr"
                alt=${texts.qr}
                src="data:image/svg+xml,${encodeURIComponent(enrolment.qr_svg)}"
                width="192"
                height="192"
            />
            <div class="stack">
                <p>${texts.scan}</p>
                <details>
                    <summary>${texts.cannotScan}</summary>
                    <div class="stack">
                        <p>${texts.typeSecret}</p>
                        <p class="secret">${enrolment.secret.replace(/(.{4})(?=.)/g, '$1 ')}</p>
                        <div class="row">
                            <cra-copy .text=${enrolment.secret}></cra-copy>
                            ${enrolment.otpauth_uri.startsWith('otpauth:')
                                ? html`<a class="button small" href=${enrolment.otpauth_uri}
                                      >${icon('external', 16)}${texts.openApp}</a
                                  >`
                                : nothing}
                        </div>
                    </div>
                </details>
                <form class="stack" novalidate @submit=${this.#confirm}>
                    ${form.problem && !form.isAboutFields ? notice('bad', describe(form.problem)) : nothing}
                    <cra-text-field
                        name="code"
                        autocomplete="one-time-code"
                        inputmode="numeric"
                        required
                        .label=${texts.confirmCode}
                        .error=${form.error('code')}
                    ></cra-text-field>
                    <div class="row">
                        <button class="button primary" type="submit" aria-disabled=${form.busy}>
                            ${form.busy ? spinner() : nothing}${texts.turnOn}
                        </button>
                        <button class="button quiet" type="button" @click=${() => this.#leave()}>
                            ${strings().common.cancel}
                        </button>
                    </div>
                </form>
            </div>
        </div>`;
    }

    #newCodes(codes: string[]) {
        const texts = strings().account.mfa;
        return html`${notice('doubtful', texts.codesText)}
            <ol class="codes" tabindex="-1" aria-label=${texts.codes}>
                ${codes.map((code) => html`<li>${code}</li>`)}
            </ol>
            <div class="row">
                <cra-copy .text=${codes.join('\n')}></cra-copy>
                <button
                    class="button small"
                    type="button"
                    @click=${() =>
                        saveFile(
                            new Blob([`${texts.codesFile}\n\n${codes.join('\n')}\n`], { type: 'text/plain' }),
                            'customrag-recovery-codes.txt',
                        )}
                >
                    ${icon('download', 16)}${texts.download}
                </button>
            </div>
            <p>
                <button
                    class="button primary"
                    type="button"
                    @click=${() => {
                        this.codes = undefined;
                        this.#land('h3');
                    }}
                >
                    ${texts.stored}
                </button>
            </p>`;
    }

    #on(state: SecondFactorState) {
        const texts = strings().account.mfa;
        return html`<p class="row">
                <span class="badge good">${texts.on}</span>
                ${state.confirmed_at ? html`<span class="muted small">${texts.since(formatDate(state.confirmed_at))}</span>` : nothing}
            </p>
            <p>${texts.onText}</p>
            ${state.recovery_codes_left <= FEW
                ? notice('doubtful', texts.codesLeft(state.recovery_codes_left))
                : html`<p class="muted">${texts.codesLeft(state.recovery_codes_left)}</p>`}
            ${this.asking === 'nothing' ? this.#choices() : this.#ask(this.asking)}`;
    }

    #choices() {
        const texts = strings().account.mfa;
        return html`<div class="row">
            <button class="button" type="button" @click=${() => this.#open('new-codes')}>${texts.newCodes}</button>
            <button class="button danger" type="button" @click=${() => this.#open('removal')}>${texts.turnOff}</button>
        </div>`;
    }

    #ask(asking: 'new-codes' | 'removal') {
        const texts = strings().account.mfa;
        const form = this.#form;
        return html`<form class="stack narrow" novalidate @submit=${asking === 'removal' ? this.#remove : this.#renew}>
            <p>${asking === 'removal' ? texts.turnOffText : texts.newCodesText}</p>
            ${form.problem && !form.isAboutFields ? notice('bad', describe(form.problem)) : nothing}
            ${asking === 'removal'
                ? html`<cra-text-field
                      name="password"
                      type="password"
                      autocomplete="current-password"
                      .label=${strings().account.currentPassword}
                      .hint=${texts.passwordHint}
                      .error=${form.error('password')}
                  ></cra-text-field>`
                : nothing}
            <cra-text-field
                name="code"
                autocomplete="one-time-code"
                required
                .label=${texts.anyCode}
                .error=${form.error('code')}
            ></cra-text-field>
            <div class="row">
                <button
                    class="button ${asking === 'removal' ? 'danger' : 'primary'}"
                    type="submit"
                    aria-disabled=${form.busy}
                >
                    ${form.busy ? spinner() : nothing}${asking === 'removal' ? texts.turnOff : texts.newCodes}
                </button>
                <button class="button quiet" type="button" @click=${() => this.#leave()}>
                    ${strings().common.cancel}
                </button>
            </div>
        </form>`;
    }

    async #enrol(): Promise<void> {
        const begun = await this.#begin.run(async () => {
            this.enrolment = await recently(() => post<Enrolment>('/auth/mfa/totp'));
        });
        if (begun) {
            await this.#focus('code');
        } else if (this.#begin.problem?.kind === 'second-factor-exists') {
            // Turned on in another tab.
            void this.#state.start();
        }
    }

    async #confirm(event: SubmitEvent): Promise<void> {
        const confirmed = await this.#form.submit(
            event,
            async ({ code }) => {
                const made = await post<RecoveryCodes>('/auth/mfa/totp/confirm', { code }).catch(
                    blameCode(strings().account.mfa.wrongCode),
                );
                this.codes = made.recovery_codes;
                this.enrolment = undefined;
            },
            check({ code: checks.required }),
        );
        if (confirmed) {
            this.#land('.codes');
            await this.#state.start();
        }
    }

    async #renew(event: SubmitEvent): Promise<void> {
        const renewed = await this.#form.submit(
            event,
            async ({ code }) => {
                const made = await post<RecoveryCodes>('/auth/mfa/recovery-codes', { code }).catch(
                    blameCode(strings().problems['incorrect-code']!),
                );
                this.codes = made.recovery_codes;
                this.asking = 'nothing';
            },
            check({ code: checks.required }),
        );
        if (renewed) {
            this.#land('.codes');
            await this.#state.start();
        }
    }

    async #remove(event: SubmitEvent): Promise<void> {
        const removed = await this.#form.submit(
            event,
            async ({ code, password }) => {
                // Accounts without a password have none to send.
                await recently(() => del('/auth/mfa/totp', { code, password: password === '' ? undefined : password }));
                this.asking = 'nothing';
            },
            check({ code: checks.required }),
        );
        if (removed) {
            toast(strings().account.mfa.turnedOff);
            await this.#state.start();
            this.#land('h3');
        }
    }

    #open(asking: 'new-codes' | 'removal'): void {
        this.asking = asking;
        void this.#focus(asking === 'removal' ? 'password' : 'code');
    }

    #leave(): void {
        this.asking = 'nothing';
        this.enrolment = undefined;
        this.#form.problem = undefined;
    }

    /** What had the focus is gone. */
    #land(selector: string): void {
        this.querySelector<HTMLElement>(selector)?.focus();
    }

    async #focus(name: string): Promise<void> {
        await this.updateComplete;
        const field = this.querySelector<TextField>(`cra-text-field[name="${name}"]`);
        await field?.updateComplete;
        field?.focus();
    }
}

/** Throws a refusal of the code as one that is told at its field; other failures as they are. */
function blameCode(text: string): (thrown: unknown) => never {
    return (thrown) => {
        const problem = asProblem(thrown);
        throw problem.kind === 'incorrect-code' ? problem.blame('code', text) : problem;
    };
}

customElements.define('cra-account-second-factor', SecondFactor);
