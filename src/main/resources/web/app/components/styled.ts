import { noChange } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';

/**
 * Properties of an element's own style, through the CSSOM: `<div ${styled({ '--share': '40%' })}>`. A `style` attribute, as
 * Lit's `styleMap` writes one at first, is refused by the content security policy.
 */
class StyledDirective extends Directive {
    override render(_values: Record<string, string>) {
        return noChange;
    }

    override update(part: ElementPart, [values]: [Record<string, string>]) {
        const { style } = part.element as HTMLElement;
        for (const [name, value] of Object.entries(values)) {
            style.setProperty(name, value);
        }
        return noChange;
    }
}

export const styled = directive(StyledDirective);
