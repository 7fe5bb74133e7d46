import { type CSSResult, LitElement, type PropertyDeclarations } from 'lit';
import { language } from '../i18n/language';
import { Watching } from '../state/store';

/**
 * An element with a shadow root: for what holds content of others in slots (a dialog, a panel). It renders again when the
 * language changes.
 */
export abstract class ShadowElement extends LitElement {
    constructor() {
        super();
        new Watching(this, language);
    }
}

const adopted = new Set<unknown>();

/**
 * An element in the light DOM, as all screens and most components are: there labels find their fields, password managers
 * their forms, and `styles/base.css` holds. Its `static styles` go to the document once, as a constructable style sheet, so
 * that each rule must begin with the element's own tag.
 */
export abstract class LightElement extends LitElement {
    constructor() {
        super();
        new Watching(this, language);
    }

    protected override createRenderRoot(): HTMLElement {
        const styles = (this.constructor as typeof LitElement).elementStyles as CSSResult[];
        for (const { styleSheet } of styles) {
            if (styleSheet && !adopted.has(styleSheet)) {
                adopted.add(styleSheet);
                document.adoptedStyleSheets.push(styleSheet);
            }
        }
        return this;
    }
}

/** A screen: what the router shows. */
export abstract class Screen extends LightElement {
    static override properties: PropertyDeclarations = { params: { attribute: false } };

    /** Parts of the address, by the names in the route's path. */
    declare params: Record<string, string>;

    constructor() {
        super();
        this.params = {};
    }
}

let ids = 0;

/** An id that nothing else in the page has. */
export function uniqueId(prefix: string): string {
    ids++;
    return `${prefix}-${ids}`;
}
