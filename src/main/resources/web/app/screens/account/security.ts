import { html, nothing } from 'lit';
import { post } from '../../api/http';
import { session } from '../../api/session';
import { LightElement } from '../../components/element';
import { notice, spinner } from '../../components/feedback';
import { toast } from '../../components/toasts';
import { describe, strings } from '../../i18n/language';
import { Form } from '../../state/form';
import { check, checkOnLeaving, checks } from '../auth/checks';
import '../auth/send-mail';
import { emptyFields } from './empty-fields';
import { blamePassword } from './profile';
import './providers';
import './second-factor';

const RULES = { current_password: checks.required, new_password: checks.newPassword };

/** How one signs in: the password, the second step, providers. */
class AccountSecurity extends LightElement {
    readonly #form = new Form(this);

    protected override render() {
        return html`<h2>${strings().account.security.title}</h2>
            ${this.#password()}
            <cra-account-second-factor></cra-account-second-factor>
            <cra-account-providers></cra-account-providers>`;
    }

    #password() {
        const texts = strings().account.security;
        const form = this.#form;
        const email = session.state.user?.email ?? '';
        return html`<section class="card stack">
            <h3>${strings().auth.password}</h3>
            <form class="stack narrow" novalidate @submit=${this.#change} @focusout=${checkOnLeaving(form, RULES)}>
                ${form.problem && !form.isAboutFields ? notice('bad', describe(form.problem)) : nothing}
                <input hidden type="email" autocomplete="username" .value=${email} readonly />
                <cra-text-field
                    name="current_password"
                    type="password"
                    autocomplete="current-password"
                    required
                    .label=${strings().account.currentPassword}
                    .error=${form.error('current_password')}
                ></cra-text-field>
                <cra-text-field
                    name="new_password"
                    type="password"
                    autocomplete="new-password"
                    required
                    .label=${strings().auth.newPassword}
                    .hint=${strings().auth.passwordHint}
                    .error=${form.error('new_password')}
                ></cra-text-field>
                <p>
                    <button class="button primary" type="submit" aria-disabled=${form.busy}>
                        ${form.busy ? spinner() : nothing}${texts.change}
                    </button>
                </p>
            </form>
            <details>
                <summary>${texts.noPassword}</summary>
                <div class="stack">
                    <p>${texts.noPasswordText}</p>
                    <cra-send-mail mail="password" .email=${email} .label=${strings().auth.sendLink}></cra-send-mail>
                </div>
            </details>
        </section>`;
    }

    async #change(event: SubmitEvent): Promise<void> {
        const form = event.currentTarget as HTMLFormElement;
        const done = await this.#form.submit(
            event,
            async ({ current_password, new_password }) => {
                await post('/auth/password/change', { current_password, new_password }).catch(
                    blamePassword('current_password'),
                );
            },
            check(RULES),
        );
        if (done) {
            emptyFields(form);
            toast(strings().account.security.changed);
        }
    }
}

customElements.define('cra-account-security', AccountSecurity);
