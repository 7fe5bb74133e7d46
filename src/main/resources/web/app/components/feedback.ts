import { html, nothing, type TemplateResult } from 'lit';
import type { Problem } from '../api/problem';
import { describe, strings } from '../i18n/language';
import { icon, type IconName } from './icons';

/* How waiting, nothing and failure look everywhere. Styles: feedback.css. */

/** Something goes on; the text is read out. */
export function spinner(text: string = strings().common.loading): TemplateResult {
    return html`<span class="spinner" role="status"><span class="visually-hidden">${text}</span></span>`;
}

/** The shape of what is to come. */
export function skeleton(lines = 3): TemplateResult {
    return html`<div class="skeleton" role="status">
        <span class="visually-hidden">${strings().common.loading}</span>
        ${Array.from({ length: lines }, () => html`<span class="skeleton-line" aria-hidden="true"></span>`)}
    </div>`;
}

/** There is nothing yet, and what one can do about it. */
export function emptyState(options: {
    icon: IconName;
    heading: string;
    text?: string;
    action?: unknown;
}): TemplateResult {
    return html`<div class="empty-state">
        <span class="empty-state-icon">${icon(options.icon, 28)}</span>
        <h2>${options.heading}</h2>
        ${options.text ? html`<p class="muted">${options.text}</p>` : nothing} ${options.action ?? nothing}
    </div>`;
}

/** A part of the page could not be had; the way to try again stands beside it. */
export function failure(problem: Problem, retry: () => void): TemplateResult {
    return html`<div class="failure" role="alert">
        <span class="failure-icon">${icon('alert', 24)}</span>
        <p>${describe(problem)}</p>
        <button class="button" type="button" @click=${() => retry()}>${icon('refresh')}${strings().common.retry}</button>
    </div>`;
}

/** A message in the page. Bad news is read out at once. */
export function notice(kind: 'plain' | 'bad' | 'doubtful', content: unknown): TemplateResult {
    return html`<div class="notice ${kind === 'plain' ? '' : kind}" role=${kind === 'bad' ? 'alert' : 'status'}>
        ${icon(kind === 'plain' ? 'info' : 'alert')}
        <div>${content}</div>
    </div>`;
}
