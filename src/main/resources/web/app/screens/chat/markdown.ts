import DOMPurify, { type Config } from 'dompurify';
import { html, render } from 'lit';
import { Marked, type Token } from 'marked';
import type { Citation } from '../../api/types';
import { icon } from '../../components/icons';
import { tip } from '../../components/tip';
import { toast } from '../../components/toasts';
import { strings } from '../../i18n/language';

/*
 * Answers as Markdown. What a model writes is never trusted: HTML in it is shown as text, images are too, links lead to the
 * web or to a mail, and all that comes out goes through DOMPurify, which lets these few elements through and no more.
 */

const ADDRESS = /^(?:https?:\/\/|mailto:)/i;

/** Tags that stand in for what Markdown cannot say, and can do nothing. */
const HARMLESS_TAG = /^<(?:br ?\/?|\/?su[bp])>$/i;

const CLEAN: Config = {
    ALLOWED_TAGS: [
        ...['p', 'br', 'hr', 'strong', 'em', 'del', 'sub', 'sup', 'a', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li'],
        ...['h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
    ],
    ALLOWED_ATTR: ['href', 'start', 'align', 'data-cite', 'data-language'],
    ADD_URI_SAFE_ATTR: ['start', 'align', 'data-cite', 'data-language'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: ADDRESS,
    RETURN_DOM_FRAGMENT: true,
};

/** A mark of the service, as chat.AnswerMarks leaves them: `[1]`, `[1, 2]`, `[[1]]`. */
const MARK = /^\[\[?\d{1,3}(?: ?, ?\d{1,3})*\]?\](?![(:])/;

const marked = new Marked({
    gfm: true,
    renderer: {
        html: ({ text }) => (HARMLESS_TAG.test(text.trim()) ? text : escaped(text)),
        image: ({ raw }) => escaped(raw),
        link({ href, tokens }) {
            const text = this.parser.parseInline(tokens);
            return ADDRESS.test(href) ? `<a href="${escaped(href)}">${text}</a>` : text;
        },
        // The screen has the first heading, each message the second.
        heading({ depth, tokens }) {
            const level = Math.min(6, depth + 2);
            return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
        },
        checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
        code: ({ text, lang }) => {
            const language = (lang ?? '').trim().split(/\s/)[0] ?? '';
            return `<pre data-language="${escaped(language)}"><code>${escaped(text)}</code></pre>`;
        },
    },
    extensions: [
        {
            name: 'mark',
            level: 'inline',
            start: (source) => source.match(/\[\[?\d/)?.index,
            tokenizer(source) {
                const raw = this.lexer.state.inLink ? undefined : MARK.exec(source)?.[0];
                return raw === undefined ? undefined : { type: 'mark', raw };
            },
            renderer: ({ raw }) => `<sup data-cite="${raw.match(/\d+/g)!.join(' ')}">${escaped(raw)}</sup>`,
        },
    ],
});

function escaped(text: string): string {
    return text
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;');
}

interface Block {
    raw: string;
    /** Of what else it was made: the language, the state of what it cites. */
    look: string;
    element: HTMLElement | undefined;
}

/** The last blocks of a text that goes on may become something else; those before them stay as they are. */
const UNDECIDED = 3;

/**
 * A text that grows, as elements below a root. Only blocks (paragraphs, lists, tables) that are other than before are made
 * anew, so that what is read, selected or focused stays.
 */
export class MarkdownView {
    readonly #root: HTMLElement;
    #text = '';
    #look = '';
    #blocks: Block[] = [];

    constructor(root: HTMLElement) {
        this.#root = root;
    }

    /**
     * @param text Markdown
     * @param citations what its marks stand for, by their numbers
     * @param language of what is written around it
     */
    show(text: string, citations: ReadonlyMap<number, Citation>, language: string): void {
        const whole = text.replace(/\r\n?/g, '\n');
        const look = `${language} ${[...citations.values()].map((each) => `${each.number}${each.state}`).join()}`;
        const goesOn = whole.startsWith(this.#text) && look === this.#look;
        const kept = goesOn ? Math.max(0, this.#blocks.length - UNDECIDED) : 0;
        const before = this.#blocks.slice(0, kept).reduce((length, block) => length + block.raw.length, 0);
        const tokens = marked.lexer(whole.slice(before));
        tokens.forEach((token, index) => this.#put(kept + index, token, citations, language));
        this.#blocks.splice(kept + tokens.length).forEach((block) => block.element?.remove());
        this.#text = whole;
        this.#look = look;
    }

    #put(at: number, token: Token, citations: ReadonlyMap<number, Citation>, language: string): void {
        const former = this.#blocks[at];
        const cited = [...token.raw.matchAll(/\d+/g)].map(([number]) => citations.get(Number(number))?.state);
        const look = `${language} ${cited.join()}`;
        if (former?.raw === token.raw && former.look === look) {
            return;
        }
        const element = token.type === 'space' ? undefined : block(token, citations);
        if (former?.element && element) {
            former.element.replaceWith(element);
        } else if (element) {
            this.#root.insertBefore(element, this.#nextElement(at));
        } else {
            former?.element?.remove();
        }
        this.#blocks[at] = { raw: token.raw, look, element };
    }

    #nextElement(at: number): HTMLElement | null {
        return this.#blocks.slice(at + 1).find((block) => block.element)?.element ?? null;
    }
}

function block(token: Token, citations: ReadonlyMap<number, Citation>): HTMLElement {
    const element = document.createElement('div');
    element.className = 'block';
    element.dir = 'auto';
    const content = DOMPurify.sanitize(marked.parser([token]), CLEAN) as unknown as DocumentFragment;
    content.querySelectorAll('a').forEach(outside);
    content.querySelectorAll<HTMLElement>('[data-cite]').forEach((mark) => cite(mark, citations));
    content.querySelectorAll('pre').forEach(withCopy);
    content.querySelectorAll('table').forEach(scrollable);
    element.append(content);
    return element;
}

function outside(link: HTMLAnchorElement): void {
    if (link.hasAttribute('href')) {
        link.target = '_blank';
        link.rel = 'noopener noreferrer nofollow';
        // Where it leads may not be what it says.
        link.title = link.href;
    }
}

/** A mark becomes buttons, one for each source; where there is none, it is text. */
function cite(mark: HTMLElement, citations: ReadonlyMap<number, Citation>): void {
    const numbers = mark.dataset['cite']!.split(' ').map(Number);
    if (!numbers.every((number) => citations.has(number))) {
        mark.replaceWith(mark.textContent ?? '');
        return;
    }
    mark.textContent = '';
    mark.className = 'marks';
    render(
        numbers.map((number) => citationButton(citations.get(number)!)),
        mark,
    );
}

const LONGEST_TIP = 280;

function citationButton(citation: Citation) {
    return html`<button
        type="button"
        class="citation ${citation.state ?? 'unjudged'}"
        data-number=${citation.number}
        aria-label=${strings().chat.citation(citation.number, place(citation), citation.state)}
        ${tip(quoted(citation))}
    >${citation.number}</button>`;
}

/** The quote, or its beginning, and where it stands. */
export function quoted(citation: Citation): string {
    const quote = citation.quote.replace(/\s+/g, ' ').trim();
    const shown = quote.length > LONGEST_TIP ? `${quote.slice(0, LONGEST_TIP)}…` : quote;
    return strings().chat.quoteOf(shown, place(citation));
}

/** Where a quote stands, such as `contract.pdf, page 3`. */
export function place(citation: Citation): string {
    return citation.page === null ? citation.filename : strings().chat.onPage(citation.filename, citation.page);
}

function withCopy(code: HTMLPreElement): void {
    const { chat, common } = strings();
    const language = code.dataset['language'] ?? '';
    const frame = document.createElement('div');
    frame.className = 'code';
    code.replaceWith(frame);
    code.tabIndex = 0;
    code.role = 'region';
    code.ariaLabel = chat.code(language);
    code.dir = 'ltr';
    const bar = document.createElement('div');
    bar.className = 'code-bar';
    render(
        html`<span>${language}</span>
            <button type="button" class="button quiet small" @click=${() => copy(code.textContent ?? '')}>
                ${icon('copy', 16)}${common.copy}
            </button>`,
        bar,
    );
    frame.append(bar, code);
}

function scrollable(table: HTMLTableElement): void {
    const frame = document.createElement('div');
    frame.className = 'table';
    frame.tabIndex = 0;
    frame.role = 'region';
    frame.ariaLabel = strings().chat.table;
    table.replaceWith(frame);
    frame.append(table);
}

/** Puts a text into the clipboard, and says so. */
export async function copy(text: string): Promise<void> {
    try {
        await navigator.clipboard.writeText(text);
        toast(strings().common.copied);
    } catch (thrown) {
        if (!(thrown instanceof DOMException)) {
            throw thrown;
        }
        toast(strings().chat.notCopied);
    }
}
