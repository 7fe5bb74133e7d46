import { html, type TemplateResult } from 'lit';
import { styled } from '../../../components/styled';

/**
 * A bar for a share from 0 to 1, with a line at another where that is given. The number stands beside it in words. Styles:
 * ./sources.ts.
 */
export function meter(share: number, line?: number): TemplateResult {
    return html`<span
        class="meter ${line === undefined ? '' : 'with-line'}"
        aria-hidden="true"
        ${styled({ '--share': percent(share), '--line': percent(line ?? 0) })}
    ></span>`;
}

function percent(share: number): string {
    return `${100 * Math.min(1, Math.max(0, share))}%`;
}
