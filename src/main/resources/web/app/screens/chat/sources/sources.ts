import { css, html, nothing, render, type PropertyValues } from 'lit';
import { get } from '../../../api/http';
import type { Message, Trace, TracedPassage } from '../../../api/types';
import { LightElement } from '../../../components/element';
import { failure, notice, skeleton } from '../../../components/feedback';
import { icon } from '../../../components/icons';
import type { Panel } from '../../../components/panel';
import { strings } from '../../../i18n/language';
import { Loading } from '../../../state/loading';
import { shownSource } from '../shown-source';
import { knownThread, type Thread } from '../thread';
import { cited, type Shown } from './shown';
import './source';
import './trace';
import type { PassageEvent } from './trace';

/** Shows what a mark of an answer stands for, at the side. */
export function openSource(message: Message, number: number): void {
    panel()?.open(message, number);
}

/** Shows how an answer came about, at the side. */
export function openTrace(message: Message): void {
    panel()?.open(message, undefined);
}

/** The panel beside the conversation, made when it is first needed. */
function panel(): Sources | null {
    const place = document.querySelector<HTMLElement>('cra-chat .side');
    if (place && !place.firstElementChild) {
        render(html`<cra-sources></cra-sources>`, place);
    }
    return place?.querySelector<Sources>('cra-sources') ?? null;
}

/** What an answer rests on: one of its sources after the other, and how it came about. */
class Sources extends LightElement {
    static override properties = {
        message: { state: true },
        number: { state: true },
        uncited: { state: true },
        fromTrace: { state: true },
        opened: { state: true },
        announcement: { state: true },
    };

    static override styles = css`
        cra-sources {
            display: contents;

            & cra-panel {
                --panel-width: min(40rem, 38vw);
            }

            & .walk {
                display: flex;
                align-items: center;
                gap: var(--space-1);
                color: var(--text-muted);
                font-size: var(--text-s);
                font-variant-numeric: tabular-nums;
                white-space: nowrap;
            }

            & .back {
                align-self: start;
                margin-block-end: var(--space-2);
                padding-inline: var(--space-2);
                color: var(--text-muted);
            }

            & .inside {
                display: flex;
                flex-direction: column;
                min-block-size: 100%;
            }

            & cra-source {
                flex: 1;
                min-block-size: 0;
            }

            & .meter {
                position: relative;
                display: inline-block;
                block-size: 0.5rem;
                border-radius: var(--radius-round);
                background: var(--surface-hover);
                overflow: hidden;
            }

            & .meter::before {
                content: '';
                position: absolute;
                inset-block: 0;
                inset-inline-start: 0;
                inline-size: var(--share);
                background: var(--accent);
            }

            & .meter.with-line::after {
                content: '';
                position: absolute;
                inset-block: 0;
                inset-inline-start: var(--line);
                inline-size: 2px;
                background: var(--text);
            }
        }
    `;

    /** The answer, as it was when it was opened. */
    declare message: Message | undefined;
    /** Of the source that is shown; undefined for how the answer came about. */
    declare number: number | undefined;
    /** What is shown in place of a source: a passage that is not cited. */
    declare uncited: TracedPassage | undefined;
    /** Whether there is a way back to how the answer came about. */
    declare fromTrace: boolean;
    declare opened: boolean;
    declare announcement: string;

    #thread: Thread | undefined;
    #end: (() => void) | undefined;
    /** Of which answer there is a trace. */
    #traced = '';
    readonly #trace = new Loading<Trace>(this, (signal) =>
        get<Trace>(`/sessions/${encodeURIComponent(this.#thread!.id)}/messages/${encodeURIComponent(this.#traced)}/trace`, {
            signal,
        }),
    );
    readonly #escape = (event: KeyboardEvent) => this.#escaped(event);

    constructor() {
        super();
        this.opened = false;
        this.fromTrace = false;
        this.announcement = '';
    }

    override connectedCallback(): void {
        super.connectedCallback();
        document.addEventListener('keydown', this.#escape);
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        document.removeEventListener('keydown', this.#escape);
        this.#close();
    }

    /** @param number of the source; undefined for how the answer came about */
    open(message: Message, number: number | undefined): void {
        this.#follow(knownThread(location.pathname.split('/')[2] ?? ''));
        this.message = message;
        this.number = number;
        this.uncited = undefined;
        this.fromTrace = false;
        if (this.opened) {
            this.querySelector<Panel>('cra-panel')!.focusHeading();
            this.#announce();
        }
        this.opened = true;
    }

    #follow(thread: Thread | undefined): void {
        this.#end?.();
        this.#thread = thread;
        this.#end = thread?.listen(() => this.requestUpdate());
    }

    #close(): void {
        this.opened = false;
        this.#end?.();
        this.#end = undefined;
        shownSource.clear();
        // Only if it was ever needed.
        if (customElements.get('cra-pdf-page')) {
            void import('./pdf-file').then(({ closePdf }) => closePdf());
        }
    }

    /** The answer as it is now: it may have been on its way when it was opened. */
    get #answer(): Message {
        const opened = this.message!;
        const running = this.#thread?.state.running;
        if (running && (running.key === opened.id || running.id === opened.id)) {
            return running.message;
        }
        const thread = this.#thread;
        return (
            thread?.state.messages?.get(opened.id) ??
            thread?.branch.find((each) => thread.key(each) === opened.id) ??
            opened
        );
    }

    protected override willUpdate(_changed: PropertyValues<this>): void {
        if (!this.opened) {
            return;
        }
        const { id, status } = this.#answer;
        if (status !== 'running' && this.#traced !== id && this.#thread) {
            this.#traced = id;
            this.#trace.value = undefined;
            void this.#trace.start();
        }
    }

    protected override updated(): void {
        if (this.opened) {
            shownSource.show(this.#answer.id, this.uncited ? undefined : this.number);
        }
    }

    #announce(): void {
        const { chat, sources } = strings();
        this.announcement =
            this.number === undefined ? chat.why : sources.nowShown(this.number, this.#shown()?.filename ?? '');
    }

    // --- From one to the other --------------------------------------------------------------------------------------

    get #numbers(): number[] {
        return cited(this.#answer.citations).map((each) => each.number);
    }

    #step(by: number): void {
        const numbers = this.#numbers;
        const next = numbers[numbers.indexOf(this.number!) + by];
        if (next === undefined || this.uncited) {
            return;
        }
        this.number = next;
        this.#announce();
        this.#mark()?.scrollIntoView({ block: 'nearest' });
    }

    #walked(event: KeyboardEvent): void {
        const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };
        const step = steps[event.key];
        const target = event.target as HTMLElement;
        const isOthers =
            target.closest('input, [role=tab]') !== null ||
            (target.matches('.view') && target.scrollWidth > target.clientWidth) ||
            event.altKey ||
            event.ctrlKey ||
            event.metaKey ||
            event.shiftKey;
        if (step !== undefined && this.number !== undefined && !isOthers && !event.defaultPrevented) {
            event.preventDefault();
            this.#step(getComputedStyle(this).direction === 'rtl' ? -step : step);
        }
    }

    /** Also where the focus is in the conversation; what is open above both is closed first, and an answer is stopped. */
    #escaped(event: KeyboardEvent): void {
        const isOthers =
            event.defaultPrevented ||
            this.#thread?.state.running !== undefined ||
            (event.target as HTMLElement).closest('input, textarea, dialog') !== null ||
            document.querySelector(':popover-open:not(.tip), dialog[open]') !== null;
        if (event.key === 'Escape' && this.opened && !isOthers) {
            this.querySelector<Panel>('cra-panel')!.close();
        }
    }

    /** What the panel is about, in the conversation. */
    #mark(): HTMLElement | null {
        const message = document.querySelector(`cra-chat [data-message="${CSS.escape(this.#answer.id)}"]`);
        return (
            message?.querySelector<HTMLElement>(
                this.number === undefined || this.fromTrace ? '.why' : `[data-number="${this.number}"]`,
            ) ?? null
        );
    }

    #toPassage(passage: TracedPassage): void {
        const isCited = this.#numbers.includes(passage.number);
        this.fromTrace = true;
        this.number = passage.number;
        this.uncited = isCited ? undefined : passage;
        this.#announce();
        this.querySelector<Panel>('cra-panel')!.focusHeading();
    }

    #toTrace(): void {
        this.fromTrace = false;
        this.number = undefined;
        this.uncited = undefined;
        this.#announce();
        this.querySelector<Panel>('cra-panel')!.focusHeading();
    }

    // --- How it looks -----------------------------------------------------------------------------------------------

    protected override render() {
        if (!this.message) {
            return nothing;
        }
        const { chat, sources } = strings();
        const { number } = this;
        return html`<cra-panel
                .heading=${number === undefined ? chat.why : this.uncited ? sources.passage(number) : chat.source(number)}
                .open=${this.opened}
                .returnTo=${() => this.#mark()}
                @close=${() => this.#close()}
                @keydown=${this.#walked}
            >
                ${this.opened ? html`${this.#walk()}<div class="inside">${this.#content()}</div>` : nothing}
            </cra-panel>
            <p class="visually-hidden" role="status">${this.announcement}</p>`;
    }

    #walk() {
        const numbers = this.#numbers;
        const at = this.uncited || this.number === undefined ? -1 : numbers.indexOf(this.number);
        if (at < 0 || numbers.length < 2) {
            return nothing;
        }
        const { sources } = strings();
        const button = (by: number, name: 'chevron-left' | 'chevron-right', label: string) => html`<button
            class="button quiet icon small"
            type="button"
            aria-label=${label}
            title=${label}
            aria-disabled=${numbers[at + by] === undefined}
            @click=${() => this.#step(by)}
        >
            ${icon(name, 18)}
        </button>`;
        return html`<div slot="actions" class="walk" role="group" aria-label=${sources.walk}>
            ${button(-1, 'chevron-left', sources.previous)}
            <span>${sources.at(at + 1, numbers.length)}</span>
            ${button(1, 'chevron-right', sources.next)}
        </div>`;
    }

    #content() {
        if (this.number === undefined) {
            return this.#why();
        }
        const shown = this.#shown();
        return html`${this.fromTrace
            ? html`<button class="button quiet small back" type="button" @click=${() => this.#toTrace()}>
                  ${icon('chevron-left', 16)}${strings().chat.why}
              </button>`
            : nothing}
        ${shown ? html`<cra-source .shown=${shown}></cra-source>` : nothing}`;
    }

    #shown(): Shown | undefined {
        const traced = this.#trace.value?.passages.find((each) => each.number === this.number);
        if (this.uncited) {
            return { ...this.uncited, quote: null, state: null, traced };
        }
        const isThis = (each: { number: number }) => each.number === this.number;
        // What an answer on its way may have cited, it may not cite in the end.
        const citation = this.#answer.citations.find(isThis) ?? this.message!.citations.find(isThis);
        return citation && { ...citation, traced };
    }

    #why() {
        const { sources } = strings();
        if (this.#answer.status === 'running') {
            return notice('plain', sources.notYet);
        }
        return this.#trace.render({
            waiting: () => skeleton(8),
            failed: (problem) =>
                problem.status === 404
                    ? notice('plain', sources.noTrace)
                    : failure(problem, () => void this.#trace.start()),
            ready: (trace) => html`<cra-trace
                .trace=${trace}
                .cited=${new Set(this.#numbers)}
                @passage=${(event: PassageEvent) => this.#toPassage(event.passage)}
            ></cra-trace>`,
        });
    }
}

customElements.define('cra-sources', Sources);
