import { css, html, nothing } from 'lit';
import { LightElement } from '../components/element';
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
        }

        .bar cra-work {
            max-inline-size: 50%;
            margin-inline-start: auto;

            & a {
                padding-block: var(--space-1);
                font-size: var(--text-xs);
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
            <span>${work.text()}</span>
            <progress max="1" .value=${work.share} aria-label=${work.text()}></progress>
        </a>`;
    }
}

customElements.define('cra-work', Work);
