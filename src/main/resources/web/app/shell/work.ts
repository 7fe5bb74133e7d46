import { css, html, nothing } from 'lit';
import { LightElement } from '../components/element';
import { icon } from '../components/icons';
import { router } from '../routing/router';
import { background } from '../state/background';
import { Watching } from '../state/store';

/** What goes on in the background, with the way to its screen. */
class Work extends LightElement {
    static override styles = css`
        cra-work {
            display: block;

            & a {
                display: grid;
                gap: var(--space-1);
                padding: var(--space-2) var(--space-3);
                border-radius: var(--radius-m);
                background: var(--accent-quiet);
                color: inherit;
                font-size: var(--text-s);
                text-decoration: none;
            }

            & .what {
                display: flex;
                align-items: center;
                gap: var(--space-2);
            }
        }

        /* There is room for a sign only. */
        .bar cra-work {
            margin-inline: auto var(--space-2);

            & a {
                justify-items: center;
                inline-size: 4rem;
                padding: var(--space-1) var(--space-2);
            }

            & .what span {
                position: absolute;
                inline-size: 1px;
                block-size: 1px;
                overflow: hidden;
                clip-path: inset(50%);
                white-space: nowrap;
            }
        }
    `;

    constructor() {
        super();
        new Watching(this, background, router);
    }

    protected override render() {
        const work = background.state.work;
        if (!work || router.state.path.startsWith(work.address)) {
            return nothing;
        }
        return html`<a href=${work.address}>
            <span class="what">${icon('upload', 16)}<span>${work.text()}</span></span>
            <progress max="1" .value=${work.share} aria-hidden="true"></progress>
        </a>`;
    }
}

customElements.define('cra-work', Work);
