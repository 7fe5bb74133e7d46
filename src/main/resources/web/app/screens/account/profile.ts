import { html, nothing } from 'lit';
import { patch, post } from '../../api/http';
import { asProblem } from '../../api/problem';
import { session } from '../../api/session';
import type { User } from '../../api/types';
import { LightElement } from '../../components/element';
import { notice, spinner } from '../../components/feedback';
import { toast } from '../../components/toasts';
import { describe, formatDate, strings } from '../../i18n/language';
import { Form } from '../../state/form';
import { Watching } from '../../state/store';
import { check, checkOnLeaving, checks } from '../auth/checks';
import '../auth/send-mail';
import { emptyFields } from './empty-fields';

const NAMES = { first_name: checks.name, last_name: checks.name };
const ADDRESS = { email: checks.email, password: checks.required };

/** The name, and the e-mail address with its confirmation. */
class AccountProfile extends LightElement {
    static override properties = { sentTo: { state: true } };

    /** The new address that a link was sent to. */
    declare sentTo: string;
    readonly #names = new Form(this);
    readonly #address = new Form(this);

    constructor() {
        super();
        this.sentTo = '';
        new Watching(this, session);
    }

    protected override render() {
        const user = session.state.user;
        if (!user) {
            return nothing;
        }
        return html`<h2>${strings().account.profile.title}</h2>
            ${this.#name(user)} ${this.#email(user)}
            <p class="muted small">${strings().account.profile.since(formatDate(user.created_at))}</p>`;
    }

    #name(user: User) {
        const form = this.#names;
        return html`<form class="card stack" novalidate @submit=${this.#rename} @focusout=${checkOnLeaving(form, NAMES)}>
            <h3>${strings().account.profile.name}</h3>
            ${form.problem && !form.isAboutFields ? notice('bad', describe(form.problem)) : nothing}
            <div class="two">
                <cra-text-field
                    name="first_name"
                    autocomplete="given-name"
                    required
                    .label=${strings().auth.firstName}
                    .value=${user.first_name}
                    .error=${form.error('first_name')}
                ></cra-text-field>
                <cra-text-field
                    name="last_name"
                    autocomplete="family-name"
                    required
                    .label=${strings().auth.lastName}
                    .value=${user.last_name}
                    .error=${form.error('last_name')}
                ></cra-text-field>
            </div>
            <p>
                <button class="button primary" type="submit" aria-disabled=${form.busy}>
                    ${form.busy ? spinner() : nothing}${strings().common.save}
                </button>
            </p>
        </form>`;
    }

    #email(user: User) {
        const texts = strings().account.profile;
        const form = this.#address;
        return html`<section class="card stack">
            <h3>${texts.email}</h3>
            <p class="row">
                <strong>${user.email}</strong>
                ${user.email_verified
                    ? html`<span class="badge good">${texts.confirmed}</span>`
                    : html`<span class="badge doubtful">${texts.unconfirmed}</span>`}
            </p>
            ${user.email_verified
                ? nothing
                : html`<p>${texts.unconfirmedText}</p>
                      <cra-send-mail .email=${user.email} .label=${strings().auth.sendConfirmation}></cra-send-mail>`}
        </section>
        <section class="card stack">
            <h3>${texts.move}</h3>
            <form
                class="stack narrow"
                novalidate
                @submit=${this.#move}
                @focusout=${checkOnLeaving(form, { email: checks.email })}
            >
                ${this.sentTo === '' ? nothing : notice('plain', texts.moveSent(this.sentTo))}
                ${form.problem && !form.isAboutFields ? notice('bad', describe(form.problem)) : nothing}
                <cra-text-field
                    name="email"
                    type="email"
                    autocomplete="email"
                    required
                    .label=${texts.newEmail}
                    .hint=${texts.newEmailHint}
                    .error=${form.error('email')}
                ></cra-text-field>
                <cra-text-field
                    name="password"
                    type="password"
                    autocomplete="current-password"
                    required
                    .label=${strings().account.currentPassword}
                    .error=${form.error('password')}
                ></cra-text-field>
                <p>
                    <button class="button" type="submit" aria-disabled=${form.busy}>
                        ${form.busy ? spinner() : nothing}${texts.move}
                    </button>
                </p>
            </form>
        </section>`;
    }

    async #rename(event: SubmitEvent): Promise<void> {
        const done = await this.#names.submit(
            event,
            async (values) => {
                session.changed(
                    await patch<User>('/auth/me', {
                        first_name: values['first_name']!.trim(),
                        last_name: values['last_name']!.trim(),
                    }),
                );
            },
            check(NAMES),
        );
        if (done) {
            toast(strings().account.saved);
        }
    }

    async #move(event: SubmitEvent): Promise<void> {
        const form = event.currentTarget as HTMLFormElement;
        this.sentTo = '';
        await this.#address.submit(
            event,
            async (values) => {
                const email = values['email']!.trim();
                await post('/auth/email/change', { email, password: values['password'] }).catch(blamePassword());
                this.sentTo = email;
                emptyFields(form);
            },
            check(ADDRESS),
        );
    }
}

/** Throws a refusal of the password as one that is told at its field; other failures as they are. */
export function blamePassword(field = 'password'): (thrown: unknown) => never {
    return (thrown) => {
        const problem = asProblem(thrown);
        throw problem.kind === 'incorrect-credentials' ? problem.blame(field, strings().account.wrongPassword) : problem;
    };
}

customElements.define('cra-account-profile', AccountProfile);
