import { html, nothing, render } from 'lit';
import { live } from 'lit/directives/live.js';
import { get } from '../../../api/http';
import { asProblem } from '../../../api/problem';
import type { Citation, Message, Trace } from '../../../api/types';
import { failure, skeleton } from '../../../components/feedback';
import type { Panel } from '../../../components/panel';
import { formatNumber, strings } from '../../../i18n/language';

/** Shows what a mark of an answer stands for, at the side. */
export function openSource(message: Message, number: number): void {
    const citation = message.citations.find((each) => each.number === number);
    if (citation) {
        show(strings().chat.source(number), source(citation));
    }
}

/** Shows how an answer came about, at the side. */
export function openTrace(message: Message): void {
    const heading = strings().chat.why;
    const session = location.pathname.split('/')[2];
    const load = (): void => {
        show(heading, skeleton(6));
        get<Trace>(`/sessions/${session}/messages/${message.id}/trace`).then(
            (found) => fill(heading, trace(found)),
            (thrown: unknown) => fill(heading, failure(asProblem(thrown), load)),
        );
    };
    load();
}

function source(citation: Citation) {
    const { chat } = strings();
    return html`<div class="stack">
        <blockquote dir="auto">${citation.quote}</blockquote>
        <p><bdi>${citation.filename}</bdi>${citation.page === null ? nothing : html`, ${chat.page(citation.page)}`}</p>
        ${citation.heading ? html`<p class="muted" dir="auto">${citation.heading}</p>` : nothing}
        ${citation.state ? html`<p>${chat.states[citation.state]}</p>` : nothing}
    </div>`;
}

function trace(found: Trace) {
    const { chat } = strings();
    return html`<div class="stack">
        <p>${chat.searchedFor} <q dir="auto">${found.question}</q></p>
        <ol>
            ${found.passages.map(
                (each) => html`<li>
                    <bdi>${each.filename}</bdi> (${formatNumber(each.fused, { maximumFractionDigits: 3 })})
                </li>`,
            )}
        </ol>
    </div>`;
}

/** Unless it was closed meanwhile, or shows something else. */
function fill(heading: string, content: unknown): void {
    const panel = document.querySelector<Panel>('cra-chat .side cra-panel');
    if (panel?.open && panel.heading === heading) {
        show(heading, content);
    }
}

function show(heading: string, content: unknown): void {
    const place = document.querySelector<HTMLElement>('cra-chat .side');
    if (place) {
        render(html`<cra-panel .heading=${heading} .open=${live(true)}>${content}</cra-panel>`, place);
    }
}
