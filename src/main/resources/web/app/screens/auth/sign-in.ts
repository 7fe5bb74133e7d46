import { html, nothing } from 'lit';
import { Screen } from '../../components/element';
import { strings } from '../../i18n/language';
import { find } from '../../routing/routes';
import { entrance } from './frame';
import './sign-in-form';

class SignIn extends Screen {
    protected override render() {
        return entrance(
            strings().auth.signInTitle,
            html`<cra-sign-in-form></cra-sign-in-form>
                ${find('/forgot-password') ? html`<p><a href="/forgot-password">${strings().auth.forgot}</a></p>` : nothing}
                ${find('/register')
                    ? html`<p>${strings().auth.noAccount} <a href="/register">${strings().auth.register}</a></p>`
                    : nothing}`,
        );
    }
}

customElements.define('cra-sign-in', SignIn);
