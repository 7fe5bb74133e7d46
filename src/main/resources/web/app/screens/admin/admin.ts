import { css, html, nothing } from 'lit';
import { Screen } from '../../components/element';
import { emptyState } from '../../components/feedback';
import { icon, type IconName } from '../../components/icons';
import { strings } from '../../i18n/language';
import { router } from '../../routing/router';
import './audit';
import './people';
import './usage';

interface Section {
    icon: IconName;
    title: string;
    content: () => unknown;
}

/** What administrators see of everybody. Filters stand in the address, so that a view can be kept and sent. */
class Admin extends Screen {
    static override styles = css`
        cra-admin {
            display: block;
            max-inline-size: 72rem;
            margin-inline: auto;

            & nav {
                display: flex;
                gap: var(--space-1);
                margin-block-end: var(--space-5);
                border-block-end: 1px solid var(--border);
                overflow-x: auto;
            }

            & nav a {
                display: flex;
                flex: none;
                align-items: center;
                gap: var(--space-2);
                min-block-size: var(--control-height);
                padding: var(--space-1) var(--space-3);
                border-block-end: 3px solid transparent;
                color: var(--text-muted);
                text-decoration: none;
            }

            & nav a:hover {
                color: var(--text);
            }

            & nav a[aria-current] {
                border-color: var(--accent);
                color: var(--text);
                font-weight: var(--weight-medium);
            }

            & nav a:focus-visible {
                outline-offset: -2px;
            }

            & h1 {
                margin-block-end: var(--space-2);
            }

            & .filters {
                display: grid;
                grid-template-columns: repeat(auto-fill, minmax(min(100%, 9.5rem), 1fr));
                gap: var(--space-3);
                align-items: end;
                margin-block: var(--space-4);
            }

            & .filters > * {
                min-inline-size: 0;
            }

            & .filters > .wide {
                grid-column: span 2;
            }

            & .filters :is(input, select, .choice .button) {
                block-size: 2.75rem;
            }

            & .filters :is(input, select) {
                min-inline-size: 0;
            }

            & .filters label:not(cra-text-field label) {
                display: grid;
                gap: var(--space-1);
                font-weight: var(--weight-medium);
            }

            & .filters label > :is(input, select) {
                font-weight: var(--weight-normal);
            }

            & .rows {
                border: 1px solid var(--border);
                border-radius: var(--radius-l);
                background: var(--surface-raised);
                list-style: none;
            }

            & .rows > li {
                padding: var(--space-3) var(--space-4);
            }

            & .rows > li + li {
                border-block-start: 1px solid var(--border);
            }
        }
    `;

    #before = '';

    protected override updated(): void {
        const section = this.#sections[this.#section];
        if (section) {
            router.title(section.title);
        }
        if (this.#before !== '' && this.#before !== this.#section && !this.contains(document.activeElement)) {
            // What led here was in the section before, as the menu of a person is.
            scrollTo(0, 0);
            this.querySelector<HTMLElement>('h1')!.focus({ preventScroll: true });
        }
        this.#before = this.#section;
    }

    get #section(): string {
        return this.params['section'] ?? 'people';
    }

    get #sections(): Record<string, Section> {
        const texts = strings().admin;
        return {
            people: {
                icon: 'people',
                title: texts.people,
                content: () => html`<cra-admin-people .query=${location.search}></cra-admin-people>`,
            },
            audit: {
                icon: 'shield',
                title: texts.audit,
                content: () => html`<cra-admin-audit .query=${location.search}></cra-admin-audit>`,
            },
            usage: {
                icon: 'chart',
                title: texts.usage,
                content: () => html`<cra-admin-usage .query=${location.search}></cra-admin-usage>`,
            },
        };
    }

    protected override render() {
        const sections = this.#sections;
        const shown = Object.hasOwn(sections, this.#section) ? sections[this.#section] : undefined;
        return html`<h1 tabindex="-1">${shown?.title ?? strings().common.notFoundTitle}</h1>
            <nav aria-label=${strings().admin.title}>
                ${Object.entries(sections).map(
                    ([id, section]) =>
                        html`<a href="/admin/${id}" aria-current=${section === shown ? 'page' : nothing}>
                            ${icon(section.icon, 18)}${section.title}
                        </a>`,
                )}
            </nav>
            ${shown
                ? shown.content()
                : emptyState({
                      icon: 'search',
                      heading: strings().common.notFoundTitle,
                      text: strings().common.notFoundText,
                  })}`;
    }
}

customElements.define('cra-admin', Admin);
