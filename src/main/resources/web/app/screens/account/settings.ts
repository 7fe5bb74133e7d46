import { css, html } from 'lit';
import { LightElement } from '../../components/element';
import { LANGUAGES, language, type LanguageCode, strings } from '../../i18n/language';
import { Watching } from '../../state/store';
import { theme, type ThemeChoice } from '../../state/theme';

/** Language and appearance, of this browser. */
class Settings extends LightElement {
    static override styles = css`
        cra-account-settings {
            & legend {
                margin-block-end: var(--space-3);
                padding: 0;
                /* Not on the border of its card. */
                float: inline-start;
                inline-size: 100%;
                font-size: var(--text-l);
                font-weight: var(--weight-strong);
            }

            & label {
                display: flex;
                clear: both;
                align-items: center;
                gap: var(--space-3);
                min-block-size: var(--control-height);
                cursor: pointer;
            }
        }
    `;

    constructor() {
        super();
        new Watching(this, theme);
    }

    protected override render() {
        const themes: [ThemeChoice, string][] = [
            ['system', strings().common.themeSystem],
            ['light', strings().common.themeLight],
            ['dark', strings().common.themeDark],
        ];
        return html`<h2>${strings().account.settings.title}</h2>
            <p class="muted">${strings().account.settings.text}</p>
            <fieldset class="card">
                <legend>${strings().common.language}</legend>
                ${Object.entries(LANGUAGES).map(
                    ([code, { title }]) => html`<label lang=${code}>
                        <input
                            type="radio"
                            name="language"
                            .checked=${language.state.code === code}
                            @change=${() => void language.choose(code as LanguageCode)}
                        />
                        ${title}
                    </label>`,
                )}
            </fieldset>
            <fieldset class="card">
                <legend>${strings().common.theme}</legend>
                ${themes.map(
                    ([choice, label]) => html`<label>
                        <input
                            type="radio"
                            name="theme"
                            .checked=${theme.state.choice === choice}
                            @change=${() => theme.choose(choice)}
                        />
                        ${label}
                    </label>`,
                )}
            </fieldset>`;
    }
}

customElements.define('cra-account-settings', Settings);
