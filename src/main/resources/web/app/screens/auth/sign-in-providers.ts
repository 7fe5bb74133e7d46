import { css, html, nothing } from 'lit';
import { get } from '../../api/http';
import { session } from '../../api/session';
import type { Page, SignInProvider } from '../../api/types';
import { LightElement } from '../../components/element';
import { icon } from '../../components/icons';
import { strings } from '../../i18n/language';
import { Loading } from '../../state/loading';

/** The ways in by an account elsewhere; nothing where there are none, or none can be told: passwords work all the same. */
class SignInProviders extends LightElement {
    static override properties = { back: {} };

    static override styles = css`
        cra-sign-in-providers {
            display: contents;

            & .or {
                display: flex;
                align-items: center;
                gap: var(--space-3);
                color: var(--text-muted);
            }

            & .or::before,
            & .or::after {
                content: '';
                flex: 1;
                border-block-start: 1px solid var(--border);
            }

            & ul {
                display: grid;
                gap: var(--space-2);
                list-style: none;
            }
        }
    `;

    /** The address to go on at. */
    declare back: string | null;
    readonly #providers = new Loading<Page<SignInProvider>>(this, (signal) =>
        get('/auth/oauth', { anonymous: true, signal }),
    );

    constructor() {
        super();
        this.back = null;
    }

    override connectedCallback(): void {
        super.connectedCallback();
        void this.#providers.start();
    }

    protected override render() {
        const providers = this.#providers.value?.items ?? [];
        if (providers.length === 0) {
            return nothing;
        }
        return html`<p class="or">${strings().auth.or}</p>
            <ul>
                ${providers.map(
                    ({ name, title }) => html`<li>
                        <button class="button wide" type="button" @click=${() => session.leaveForProvider(name, this.back)}>
                            ${icon('external')}${strings().auth.goOnWith(title)}
                        </button>
                    </li>`,
                )}
            </ul>`;
    }
}

customElements.define('cra-sign-in-providers', SignInProviders);
