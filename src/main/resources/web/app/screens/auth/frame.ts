import { html, nothing } from 'lit';
import { icon } from '../../components/icons';
import { LANGUAGES, language, type LanguageCode, strings } from '../../i18n/language';

/** What stands around the screens before the sign-in; its styles are in styles/entrance.css. */
export function entrance(heading: string, content: unknown, options: { text?: string } = {}) {
    return html`<div class="entrance">
        <p class="entrance-brand"><img src="/icon.svg" alt="" width="40" height="40" />${strings().common.appName}</p>
        <p class="entrance-tagline muted">${strings().auth.tagline}</p>
        <div class="card stack">
            <h1>${heading}</h1>
            ${options.text ? html`<p>${options.text}</p>` : nothing} ${content}
        </div>
        <cra-menu
            .label=${strings().common.language}
            .trigger=${html`${icon('globe')}<span>${LANGUAGES[language.state.code].title}</span>`}
            .items=${Object.entries(LANGUAGES).map(([code, { title }]) => ({
                label: title,
                checked: language.state.code === code,
                run: () => void language.choose(code as LanguageCode),
            }))}
        ></cra-menu>
    </div>`;
}
