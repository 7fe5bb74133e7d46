import { css, type PropertyValues } from 'lit';
import type { Citation } from '../../api/types';
import { LightElement } from '../../components/element';
import { language } from '../../i18n/language';
import { MarkdownView } from './markdown';
import type { RunningAnswer } from './running';

/** The text of an answer, with its marks: one that is over, or one on its way, which grows with the frames of the screen. */
class Answer extends LightElement {
    static override properties = {
        text: {},
        citations: { attribute: false },
        running: { attribute: false },
        current: { type: Number },
    };

    static override styles = css`
        cra-answer {
            display: block;
            overflow-wrap: anywhere;

            & .block + .block {
                margin-block-start: var(--space-4);
            }

            & :is(h3, h4, h5, h6) {
                margin: 0;
                font-size: var(--text-m);
                font-weight: var(--weight-strong);
                line-height: var(--leading-tight);
            }

            & h3 {
                font-size: var(--text-l);
            }

            & .block + .block:has(> :is(h3, h4)) {
                margin-block-start: var(--space-5);
            }

            & :is(ul, ol) {
                padding-inline-start: var(--space-5);
            }

            & li + li,
            & li > :is(ul, ol) {
                margin-block-start: var(--space-1);
            }

            & li > p + p,
            & blockquote > * + * {
                margin-block-start: var(--space-2);
            }

            & blockquote {
                margin: 0;
                padding-inline-start: var(--space-4);
                border-inline-start: 3px solid var(--border);
                color: var(--text-muted);
            }

            & hr {
                border: 0;
                border-block-start: 1px solid var(--border);
            }

            & :not(pre) > code {
                padding: 0.1em 0.35em;
                border-radius: var(--radius-s);
                background: var(--surface-hover);
                overflow-wrap: anywhere;
            }

            & .code {
                border: 1px solid var(--border);
                border-radius: var(--radius-m);
                background: var(--surface-sunken);
                overflow: hidden;
            }

            & .code-bar {
                display: flex;
                align-items: center;
                justify-content: space-between;
                padding-inline: var(--space-4) var(--space-1);
                border-block-end: 1px solid var(--border);
                color: var(--text-muted);
                font-size: var(--text-s);
            }

            & .code-bar .button {
                color: inherit;
                font-weight: var(--weight-normal);
            }

            & pre {
                margin: 0;
                padding: var(--space-3) var(--space-4);
                overflow-x: auto;
                overflow-wrap: normal;
                white-space: pre;
                tab-size: 4;
            }

            & pre:focus-visible,
            & .table:focus-visible {
                outline-offset: -2px;
            }

            & .table {
                inline-size: fit-content;
                max-inline-size: 100%;
                border: 1px solid var(--border);
                border-radius: var(--radius-m);
                overflow-x: auto;
            }

            & table {
                border-collapse: collapse;
                font-size: var(--text-s);
            }

            & :is(th, td) {
                min-inline-size: 5rem;
                max-inline-size: 24rem;
                padding: var(--space-2) var(--space-3);
                text-align: start;
                vertical-align: top;
                overflow-wrap: break-word;
            }

            & :is(th, td)[align='right'] {
                text-align: end;
            }

            & :is(th, td)[align='center'] {
                text-align: center;
            }

            & thead {
                background: var(--surface-sunken);
            }

            & tbody tr {
                border-block-start: 1px solid var(--border);
            }

            & .marks {
                white-space: nowrap;
                line-height: 1;
            }

            & .citation {
                display: inline-block;
                min-inline-size: 1.25rem;
                margin-inline-start: 0.125rem;
                padding: 0.125rem 0.3125rem;
                border: 1px solid transparent;
                border-radius: var(--radius-s);
                background: var(--accent-quiet);
                color: var(--accent);
                font-size: var(--text-xs);
                font-weight: var(--weight-medium);
                line-height: 1.2;
                cursor: pointer;
            }

            & .citation:hover,
            & .citation[aria-current] {
                border-color: currentcolor;
            }

            & .citation.weak {
                background: var(--warning-quiet);
                color: var(--warning);
            }

            & .citation.missing {
                background: var(--danger-quiet);
                color: var(--danger);
            }

            & .citation.unjudged {
                background: var(--surface-hover);
                color: var(--text);
            }

            /* The one that is shown beside the conversation. */
            & .citation[aria-current] {
                background: var(--mark);
                color: var(--text);
            }

            &.running > .block:last-child > :is(p, h3, h4, h5, h6):last-child::after {
                content: '▍' / '';
                margin-inline-start: 0.125em;
                color: var(--accent);
            }
        }
    `;

    declare text: string;
    declare citations: readonly Citation[];
    /** The answer on its way, in place of text and citations. */
    declare running: RunningAnswer | undefined;
    /** The number of the source that is shown, if it is one of this answer. */
    declare current: number | undefined;
    #view: MarkdownView | undefined;
    #followed: RunningAnswer | undefined;
    #end: (() => void) | undefined;
    #frame = 0;

    constructor() {
        super();
        this.text = '';
        this.citations = [];
    }

    override connectedCallback(): void {
        super.connectedCallback();
        this.#follow();
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.#end?.();
        this.#end = undefined;
        this.#followed = undefined;
        cancelAnimationFrame(this.#frame);
        this.#frame = 0;
    }

    protected override updated(_changed: PropertyValues<this>): void {
        this.#follow();
        this.#show();
    }

    #follow(): void {
        if (this.#followed !== this.running) {
            this.#end?.();
            this.#followed = this.running;
            this.#end = this.running?.listen(() => {
                this.#frame ||= requestAnimationFrame(() => this.#show());
            });
        }
    }

    #show(): void {
        cancelAnimationFrame(this.#frame);
        this.#frame = 0;
        const { text, sources } = this.running?.state ?? { text: this.text, sources: this.citations };
        this.classList.toggle('running', this.running !== undefined);
        this.#view ??= new MarkdownView(this);
        this.#view.show(text, new Map(sources.map((each) => [each.number, each])), language.state.code);
        this.#markCurrent();
    }

    #markCurrent(): void {
        const before = this.querySelectorAll('.citation[aria-current]');
        if (before.length === 0 && this.current === undefined) {
            return;
        }
        before.forEach((mark) => mark.removeAttribute('aria-current'));
        this.querySelectorAll(`.citation[data-number="${this.current}"]`).forEach((mark) =>
            mark.setAttribute('aria-current', 'true'),
        );
    }
}

customElements.define('cra-answer', Answer);
