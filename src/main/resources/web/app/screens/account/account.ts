import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { get } from '../../api/http';
import { asProblem } from '../../api/problem';
import { session } from '../../api/session';
import type { User } from '../../api/types';
import { Screen } from '../../components/element';
import { emptyState } from '../../components/feedback';
import { icon, type IconName } from '../../components/icons';
import { strings } from '../../i18n/language';
import type { Strings } from '../../i18n/en';
import { router } from '../../routing/router';
import './activity';
import './api-keys';
import './devices';
import './privacy';
import './profile';
import './security';
import './settings';
import './usage';

interface Section {
    id: string;
    icon: IconName;
    label: (strings: Strings) => string;
    content: () => TemplateResult;
}

const SECTIONS: readonly Section[] = [
    {
        id: 'profile',
        icon: 'person',
        label: (s) => s.account.profile.title,
        content: () => html`<cra-account-profile></cra-account-profile>`,
    },
    {
        id: 'security',
        icon: 'lock',
        label: (s) => s.account.security.title,
        content: () => html`<cra-account-security></cra-account-security>`,
    },
    {
        id: 'devices',
        icon: 'device',
        label: (s) => s.account.devices.title,
        content: () => html`<cra-account-devices></cra-account-devices>`,
    },
    {
        id: 'keys',
        icon: 'key',
        label: (s) => s.account.keys.title,
        content: () => html`<cra-account-keys></cra-account-keys>`,
    },
    {
        id: 'activity',
        icon: 'shield',
        label: (s) => s.account.activity.title,
        content: () => html`<cra-account-activity></cra-account-activity>`,
    },
    {
        id: 'usage',
        icon: 'chart',
        label: (s) => s.account.usage.title,
        content: () => html`<cra-account-usage></cra-account-usage>`,
    },
    {
        id: 'privacy',
        icon: 'archive',
        label: (s) => s.account.privacy.title,
        content: () => html`<cra-account-privacy></cra-account-privacy>`,
    },
    {
        id: 'settings',
        icon: 'settings',
        label: (s) => s.account.settings.title,
        content: () => html`<cra-account-settings></cra-account-settings>`,
    },
];

/** One's own account: a section at a time, each with an address. */
class Account extends Screen {
    /** What the sections have in common; each is an element of its own without styles. */
    static override styles = css`
        cra-account {
            display: grid;
            grid-template-columns: 15rem minmax(0, var(--content-width));
            grid-template-areas: 'title title' 'sections content';
            gap: var(--space-5) var(--space-6);
            max-inline-size: 64rem;
            margin-inline: auto;

            & > h1 {
                grid-area: title;
            }

            & .sections {
                grid-area: sections;
            }

            & .sections ul {
                position: sticky;
                inset-block-start: var(--space-5);
                display: grid;
                gap: var(--space-1);
                list-style: none;
            }

            & .sections a {
                display: flex;
                align-items: center;
                gap: var(--space-3);
                min-block-size: var(--control-height);
                padding: var(--space-1) var(--space-3);
                border-radius: var(--radius-m);
                color: inherit;
                text-decoration: none;
            }

            & .sections a:hover {
                background: var(--surface-hover);
            }

            & .sections a[aria-current] {
                background: var(--surface-selected);
                font-weight: var(--weight-medium);
            }

            & .sections svg {
                flex: none;
            }

            & .content {
                grid-area: content;
                min-inline-size: 0;
            }

            & .content > * {
                display: flex;
                flex-direction: column;
                gap: var(--space-5);
            }

            & :is(cra-account-second-factor, cra-account-providers) {
                display: contents;
            }

            & .content .empty-state {
                gap: var(--space-3);
            }

            & .two {
                display: grid;
                grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
                align-items: start;
                gap: var(--space-4) var(--space-3);
            }

            /* Headings get the focus when what had it is gone; they are no controls. */
            & :is(h2, h3, ol):focus-visible {
                outline: none;
            }

            & cra-load-more:not(:has(*)) {
                display: none;
            }

            & .label {
                display: block;
                margin-block-end: var(--space-1);
                font-weight: var(--weight-medium);
            }

            & .narrow {
                max-inline-size: 24rem;
            }

            & .rows {
                display: grid;
                list-style: none;
            }

            & .rows > li {
                display: grid;
                grid-template-columns: auto minmax(0, 1fr) auto;
                align-items: center;
                gap: var(--space-1) var(--space-3);
                padding-block: var(--space-3);
            }

            & .rows > li + li {
                border-block-start: 1px solid var(--border);
            }

            & .rows > li > svg {
                align-self: start;
                margin-block-start: 0.15rem;
                color: var(--text-muted);
            }

            & .rows > li:not(:has(.small)) > svg {
                align-self: center;
                margin: 0;
            }

            & .rows .name {
                display: flex;
                flex-wrap: wrap;
                align-items: center;
                gap: 0 var(--space-2);
                font-weight: var(--weight-medium);
            }

            & .rows .acts {
                display: flex;
                flex-wrap: wrap;
                gap: var(--space-2);
            }

            & .secret {
                padding: var(--space-2) var(--space-3);
                border-radius: var(--radius-m);
                background: var(--surface-sunken);
                font-family: var(--font-mono);
                overflow-wrap: anywhere;
                user-select: all;
            }

            & table {
                inline-size: 100%;
                border-collapse: collapse;
                font-size: var(--text-s);
            }

            & :is(th, td) {
                padding: var(--space-2) var(--space-3) var(--space-2) 0;
                border-block-end: 1px solid var(--border);
                text-align: start;
                vertical-align: top;
                overflow-wrap: normal;
            }

            & :is(th, td).number {
                text-align: end;
                font-variant-numeric: tabular-nums;
            }

            & .scrolls {
                overflow-x: auto;
            }

            & summary {
                inline-size: fit-content;
                cursor: pointer;
            }

            & details[open] > summary {
                margin-block-end: var(--space-3);
            }

            & .danger-zone {
                border-color: var(--danger);
            }
        }

        @media (width < 64rem) {
            cra-account {
                grid-template-columns: minmax(0, 1fr);
                grid-template-areas: 'title' 'sections' 'content';
                gap: var(--space-4);

                & .sections {
                    margin-inline: calc(-1 * var(--space-4));
                    padding: var(--space-1) var(--space-4);
                    overflow-x: auto;
                    scrollbar-width: thin;
                }

                & .sections ul {
                    position: static;
                    display: flex;
                    inline-size: max-content;
                }

                & .sections a {
                    gap: var(--space-2);
                    white-space: nowrap;
                }
            }
        }

        @media (width < 36rem) {
            cra-account {
                & .card {
                    padding: var(--space-4);
                }

                & .rows > li {
                    grid-template-columns: auto minmax(0, 1fr);
                }

                & .rows .acts {
                    grid-column: 2;
                }
            }
        }
    `;

    #shown: Section | undefined;
    readonly #resizes = new ResizeObserver(() => this.#reveal());

    override connectedCallback(): void {
        super.connectedCallback();
        void this.#lookAgain();
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.#resizes.disconnect();
    }

    protected override firstUpdated(): void {
        this.#resizes.observe(this.querySelector('.sections')!);
    }

    protected override render() {
        const id = this.params['section'] ?? 'profile';
        this.#shown = SECTIONS.find((section) => section.id === id);
        return html`<h1>${strings().account.title}</h1>
            <nav class="sections" aria-label=${strings().account.sections}>
                <ul>
                    ${SECTIONS.map(
                        (section) => html`<li>
                            <a
                                href="/account/${section.id}"
                                aria-current=${section === this.#shown ? 'page' : nothing}
                                >${icon(section.icon)}${section.label(strings())}</a
                            >
                        </li>`,
                    )}
                </ul>
            </nav>
            <div class="content">${this.#shown ? this.#shown.content() : this.#nothing()}</div>`;
    }

    #nothing() {
        return emptyState({
            icon: 'search',
            heading: strings().common.notFoundTitle,
            text: strings().common.notFoundText,
            action: html`<a class="button" href="/account">${strings().account.profile.title}</a>`,
        });
    }

    protected override updated(changed: PropertyValues<this>): void {
        if (this.#shown) {
            router.title(`${this.#shown.label(strings())} · ${strings().account.title}`);
        }
        if (changed.has('params')) {
            this.#reveal();
            // Not at first: then the heading of the screen has the focus.
            if (changed.get('params') !== undefined) {
                void this.#focusSection();
            }
        }
    }

    /** Where the sections are a row to scroll, the one that is shown must be seen. */
    #reveal(): void {
        const nav = this.querySelector<HTMLElement>('.sections')!;
        const here = nav.querySelector<HTMLElement>('[aria-current]');
        if (here && nav.scrollWidth > nav.clientWidth) {
            nav.scrollLeft = here.offsetLeft - nav.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
        }
    }

    async #focusSection(): Promise<void> {
        const section = this.querySelector('.content')!.firstElementChild as Screen | null;
        await section?.updateComplete;
        const heading = section?.querySelector<HTMLElement>('h2');
        if (heading) {
            heading.tabIndex = -1;
            heading.focus({ preventScroll: true });
            scrollTo(0, 0);
        }
    }

    /** The address may have been confirmed elsewhere since. */
    async #lookAgain(): Promise<void> {
        try {
            session.changed(await get<User>('/auth/me'));
        } catch (thrown) {
            // What is shown is what was known; the sections say themselves if the service is away.
            asProblem(thrown);
        }
    }
}

customElements.define('cra-account', Account);
