import { css, html, nothing } from 'lit';
import { reachability } from '../api/reachability';
import { asProblem, type Problem } from '../api/problem';
import { session } from '../api/session';
import { LightElement } from '../components/element';
import { emptyState, failure, spinner } from '../components/feedback';
import { icon } from '../components/icons';
import type { MenuItem } from '../components/menu';
import { forgetToasts } from '../components/toasts';
import { LANGUAGES, language, type LanguageCode, strings } from '../i18n/language';
import type { Route } from '../routing/route';
import { router } from '../routing/router';
import { find, navigation } from '../routing/routes';
import { signOut } from '../state/sign-out';
import { Watching } from '../state/store';
import { theme, type ThemeChoice } from '../state/theme';
import './work';

/**
 * The frame of the app: navigation, the screen of the address, toasts, and the way back in when a sign-in has ended. Where
 * the navigation is in a drawer, the event `open-navigation` of the document opens that.
 */
class App extends LightElement {
    static override properties = { drawer: { state: true }, problem: { state: true } };

    static override styles = css`
        cra-app {
            display: block;
            min-block-size: 100dvh;

            & .skip {
                position: fixed;
                inset-block-start: var(--space-2);
                inset-inline-start: var(--space-2);
                z-index: 90;
                translate: 0 -200%;
            }

            & .skip:focus {
                translate: none;
            }

            & .frame {
                display: grid;
                grid-template-columns: var(--sidebar-width) minmax(0, 1fr);
                min-block-size: 100dvh;
            }

            & .frame.alone {
                grid-template-columns: minmax(0, 1fr);
            }

            & .sidebar {
                position: sticky;
                inset-block-start: 0;
                display: flex;
                flex-direction: column;
                gap: var(--space-3);
                block-size: 100dvh;
                padding: var(--space-4) var(--space-3);
                border-inline-end: 1px solid var(--border);
                background: var(--surface-sunken);
            }

            & .brand {
                display: flex;
                align-items: center;
                gap: var(--space-2);
                padding-inline: var(--space-2);
                color: inherit;
                font-weight: var(--weight-strong);
                text-decoration: none;
            }

            & .sidebar nav ul {
                display: grid;
                gap: var(--space-1);
                list-style: none;
            }

            & .sidebar nav a {
                display: flex;
                align-items: center;
                gap: var(--space-3);
                min-block-size: var(--control-height);
                padding: var(--space-1) var(--space-3);
                border-radius: var(--radius-m);
                color: inherit;
                text-decoration: none;
            }

            & .sidebar nav a:hover {
                background: var(--surface-hover);
            }

            & .sidebar nav a[aria-current] {
                background: var(--surface-selected);
                font-weight: var(--weight-medium);
            }

            & .sidebar .own {
                flex: 1;
                min-block-size: 0;
                margin-inline: calc(-1 * var(--space-3));
                padding-inline: var(--space-3);
                overflow: auto;
                overscroll-behavior: contain;
            }

            & .you .button {
                justify-content: start;
                inline-size: 100%;
            }

            & .you cra-menu {
                display: block;
            }

            & .you .name {
                overflow: hidden;
                text-overflow: ellipsis;
                white-space: nowrap;
            }

            & .bar {
                display: none;
            }

            & main {
                min-inline-size: 0;
                padding: var(--space-6) var(--space-6) var(--space-8);
            }

            & main.full {
                display: flex;
                flex-direction: column;
                block-size: 100dvh;
                padding: 0;
            }

            & main.full > :not(.offline) {
                flex: 1;
                min-block-size: 0;
            }

            & .waiting {
                display: grid;
                place-items: center;
                min-block-size: 50dvh;
            }

            & .offline {
                position: sticky;
                inset-block-start: var(--space-2);
                z-index: 30;
                margin-block-end: var(--space-4);
                box-shadow: var(--shadow-1);
            }

            & main.full .offline {
                margin: var(--space-2);
            }

            & .drawer {
                inset-block: 0;
                inset-inline: 0 auto;
                block-size: 100dvh;
                max-block-size: none;
                inline-size: min(20rem, 85vw);
                margin: 0;
                padding: 0;
                border: 0;
                background: var(--surface-sunken);
                color: inherit;
            }

            & .drawer::backdrop {
                background: var(--backdrop);
            }

            & .drawer .sidebar {
                border: 0;
            }
        }

        @media (width < 52rem) {
            cra-app {
                & .frame {
                    display: flex;
                    flex-direction: column;
                }

                & .frame > .sidebar {
                    display: none;
                }

                & .bar {
                    position: sticky;
                    inset-block-start: 0;
                    z-index: 20;
                    display: flex;
                    align-items: center;
                    gap: var(--space-2);
                    min-block-size: var(--bar-height);
                    padding-inline: var(--space-2);
                    border-block-end: 1px solid var(--border);
                    background: var(--surface-sunken);
                }

                & main {
                    flex: 1;
                    padding: var(--space-4) var(--space-4) var(--space-7);
                }

                & main.full {
                    block-size: calc(100dvh - var(--bar-height));
                    flex: none;
                }
            }
        }
    `;

    declare drawer: boolean;
    declare problem: Problem | undefined;
    #own: HTMLElement | undefined;
    readonly #openNavigation = () => {
        if (!this.drawer && this.querySelector<HTMLElement>('.bar')?.offsetParent) {
            void this.#openDrawer();
        }
    };

    constructor() {
        super();
        this.drawer = false;
        new Watching(this, session, router, reachability, theme);
        session.listen(() => {
            if (session.state.status === 'signed-out') {
                forgetToasts();
            }
        });
    }

    override connectedCallback(): void {
        super.connectedCallback();
        document.addEventListener('open-navigation', this.#openNavigation);
        void this.#begin();
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        document.removeEventListener('open-navigation', this.#openNavigation);
    }

    async #begin(): Promise<void> {
        this.problem = undefined;
        try {
            await session.begin();
            router.begin();
        } catch (thrown) {
            this.problem = asProblem(thrown);
        }
    }

    protected override render() {
        const { status } = session.state;
        if (this.problem) {
            return html`<main>${failure(this.problem, () => void this.#begin())}</main>`;
        }
        if (status === 'unknown') {
            return html`<main><div class="waiting">${spinner()}</div></main>`;
        }
        return html`<a class="skip button primary" href="#content">${strings().shell.skip}</a>
            ${status === 'signed-out' ? html`<div class="frame alone">${this.#main()}</div>` : this.#inside()}
            <cra-toasts></cra-toasts>
            ${status === 'expired' ? this.#signInAgain() : nothing}`;
    }

    #inside() {
        return html`<div class="frame">
                <div class="sidebar">${this.drawer ? nothing : this.#sidebar()}</div>
                <header class="bar">
                    <button
                        class="button quiet icon"
                        type="button"
                        aria-label=${strings().shell.openNavigation}
                        aria-expanded=${this.drawer}
                        @click=${() => this.#openDrawer()}
                    >
                        ${icon('menu')}
                    </button>
                    <a class="brand" href="/">${strings().common.appName}</a>
                    <cra-work></cra-work>
                </header>
                ${this.#main()}
            </div>
            <dialog
                class="drawer"
                aria-label=${strings().shell.navigation}
                @close=${() => {
                    this.drawer = false;
                }}
                @click=${(event: MouseEvent) => this.#clickedDrawer(event)}
            >
                ${this.drawer ? html`<div class="sidebar">${this.#sidebar()}</div>` : nothing}
            </dialog>`;
    }

    #sidebar() {
        const view = router.state.view;
        const own = view.kind === 'screen' ? view.route.sidebar : undefined;
        return html`<a class="brand" href="/">
                <img src="/icon.svg" alt="" width="28" height="28" />${strings().common.appName}
            </a>
            <nav aria-label=${strings().shell.navigation}>
                <ul>
                    ${navigation(session.state.admin).map((route) => html`<li>${this.#link(route)}</li>`)}
                </ul>
            </nav>
            <div class="own">${own ? this.#sidebarElement(own) : nothing}</div>
            <cra-work></cra-work>
            <div class="you">
                <cra-menu
                    .trigger=${html`${icon('person')}<span class="name">${this.#name}</span>`}
                    .items=${this.#choices()}
                ></cra-menu>
            </div>`;
    }

    /** The same as before, wherever it is shown: it may have the focus. */
    #sidebarElement(tag: string): HTMLElement {
        if (this.#own?.localName !== tag) {
            this.#own = document.createElement(tag);
        }
        return this.#own;
    }

    get #name(): string {
        const user = session.state.user;
        return user ? `${user.first_name} ${user.last_name}` : strings().shell.you;
    }

    #link(route: Route) {
        const base = route.path.replace(/\/:.*$/, '');
        const here = router.state.path === base || router.state.path.startsWith(`${base}/`);
        return html`<a href=${base} aria-current=${here ? 'page' : nothing}>
            ${icon(route.navigation!.icon)}${route.navigation!.label(strings())}
        </a>`;
    }

    #choices(): MenuItem[] {
        const themes: [ThemeChoice, string][] = [
            ['system', strings().common.themeSystem],
            ['light', strings().common.themeLight],
            ['dark', strings().common.themeDark],
        ];
        const account = find('/account')?.route;
        return [
            ...(account
                ? [{ label: account.title(strings()), icon: 'settings' as const, run: () => router.go('/account') }]
                : []),
            ...themes.map(([choice, label]) => ({
                label: `${strings().common.theme}: ${label}`,
                checked: theme.state.choice === choice,
                run: () => theme.choose(choice),
            })),
            ...Object.entries(LANGUAGES).map(([code, { title }]) => ({
                label: title,
                checked: language.state.code === code,
                run: () => void language.choose(code as LanguageCode),
            })),
            { label: strings().shell.signOut, icon: 'sign-out' as const, run: () => void signOut() },
        ];
    }

    #main() {
        const view = router.state.view;
        const full = view.kind === 'screen' && view.route.full;
        return html`<main id="content" tabindex="-1" class=${full ? 'full' : ''}>
            ${reachability.state.online
                ? nothing
                : html`<div class="notice doubtful offline" role="status">${icon('alert')}${strings().shell.offline}</div>`}
            ${this.#view()}
        </main>`;
    }

    #view() {
        const view = router.state.view;
        switch (view.kind) {
            case 'nothing':
                return html`<h1 class="visually-hidden">${strings().common.appName}</h1>`;
            case 'loading':
                return html`<div class="waiting">${spinner()}</div>`;
            case 'screen':
                return view.element;
            case 'failed':
                return emptyState({
                    icon: 'alert',
                    heading: strings().common.failedTitle,
                    text: strings().common.screenFailed,
                    action: html`<button class="button" type="button" @click=${() => router.reload()}>
                        ${strings().common.reload}
                    </button>`,
                });
            case 'missing':
                return this.#nowhere(strings().common.notFoundTitle, strings().common.notFoundText);
            case 'forbidden':
                return this.#nowhere(strings().common.notAllowedTitle, strings().common.notAllowedText);
        }
    }

    #nowhere(heading: string, text: string) {
        return html`<div class="empty-state">
            <h1>${heading}</h1>
            <p class="muted">${text}</p>
            <a class="button" href="/">${strings().common.home}</a>
        </div>`;
    }

    /** The first focus goes to the text: whoever was typing must not press a button. */
    #signInAgain() {
        void import('../screens/auth/sign-in-form');
        void import('../screens/auth/sign-in-providers');
        return html`<cra-dialog .heading=${strings().shell.expiredTitle} .open=${true} .locked=${true}>
            <div class="stack">
                <p tabindex="-1" autofocus>${strings().shell.expiredText}</p>
                <cra-sign-in-form .email=${session.state.user?.email ?? ''}></cra-sign-in-form>
                <cra-sign-in-providers .back=${location.pathname}></cra-sign-in-providers>
                <p><button class="button quiet" type="button" @click=${() => session.ended()}>
                    ${strings().shell.signOut}
                </button></p>
            </div>
        </cra-dialog>`;
    }

    async #openDrawer(): Promise<void> {
        this.drawer = true;
        await this.updateComplete;
        this.querySelector<HTMLDialogElement>('.drawer')!.showModal();
    }

    /** A way to somewhere closes it, and so does a click beside it. */
    #clickedDrawer(event: MouseEvent): void {
        const drawer = event.currentTarget as HTMLDialogElement;
        const target = event.target as Element;
        if (target === drawer || target.closest('a')) {
            drawer.close();
        }
    }
}

customElements.define('cra-app', App);
