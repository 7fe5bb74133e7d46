import { css, html, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { patch, post } from '../../api/http';
import { asProblem, type Problem } from '../../api/problem';
import type { Conversation, Message } from '../../api/types';
import { Screen } from '../../components/element';
import { emptyState, failure, notice, skeleton } from '../../components/feedback';
import { icon } from '../../components/icons';
import type { MenuItem } from '../../components/menu';
import { tip } from '../../components/tip';
import { toast } from '../../components/toasts';
import { describe, strings } from '../../i18n/language';
import { router } from '../../routing/router';
import { find } from '../../routing/routes';
import { Watching } from '../../state/store';
import { catalog, scope } from './catalog';
import './composer';
import type { Composer } from './composer';
import './conversation-list';
import { conversations } from './conversations';
import { drafts, editOf } from './drafts';
import { explain } from './explain';
import './message';
import type { MessageEvent } from './message';
import { pendingQuestion, type RunningAnswer } from './running';
import { hearTabs, tellTabs } from './tabs';
import { thread, type Thread } from './thread';
import './welcome';

/** Messages that are rendered at first, and so many more each time one scrolls up to them. */
const WINDOW = 40;
/** Pixels from the top at which earlier messages are rendered. */
const NEAR_TOP = 900;
/** Pixels from the end that count as the end, and from which on there is a way back. */
const AT_END = 40;
const FAR = 240;

/** Questions and answers. */
class Chat extends Screen {
    static override properties = {
        ...Screen.properties,
        announcement: { state: true },
        rendered: { state: true },
        away: { state: true },
        problem: { state: true },
        edit: { state: true },
        first: { state: true },
        found: { state: true },
    };

    static override styles = css`
        cra-chat {
            display: flex;
            min-block-size: 0;

            & .thread {
                position: relative;
                display: flex;
                flex: 1;
                flex-direction: column;
                min-inline-size: 0;
                min-block-size: 0;
            }

            & .top {
                display: flex;
                align-items: center;
                gap: var(--space-2);
                min-block-size: 4rem;
                padding: var(--space-2) var(--space-4);
                border-block-end: 1px solid var(--border);
            }

            & .titles {
                flex: 1;
                min-inline-size: 0;
            }

            & h1 {
                overflow: hidden;
                padding-inline: var(--space-2);
                font-size: var(--text-m);
                text-overflow: ellipsis;
                white-space: nowrap;
            }

            & .titles cra-menu {
                display: block;
                max-inline-size: 100%;
            }

            & .titles cra-menu > .button {
                justify-content: start;
                max-inline-size: 100%;
                min-block-size: 1.75rem;
                padding-inline: var(--space-2);
                color: var(--text-muted);
                font-size: var(--text-s);
                font-weight: var(--weight-normal);
            }

            & .who {
                overflow: hidden;
                text-overflow: ellipsis;
                white-space: nowrap;
            }

            & .who b {
                color: var(--text);
                font-weight: var(--weight-medium);
            }

            & .log {
                flex: 1;
                min-block-size: 0;
                overflow-y: auto;
                overscroll-behavior: contain;
                scrollbar-gutter: stable;
            }

            & .log:focus-visible {
                outline-offset: -2px;
            }

            & .column {
                display: flex;
                flex-direction: column;
                max-inline-size: calc(var(--content-width) + 2 * var(--space-4));
                margin-inline: auto;
                padding-inline: var(--space-4);
            }

            & .log > .column {
                min-block-size: 100%;
                padding-block: var(--space-5);
            }

            & .log .skeleton {
                margin-block: var(--space-5);
            }

            /* What is far away is not laid out; its height is remembered. */
            & cra-message:nth-last-of-type(n + 5) {
                content-visibility: auto;
                contain-intrinsic-size: auto 12rem;
            }

            & cra-message.found {
                border-radius: var(--radius-m);
                background: var(--mark);
                outline: var(--space-2) solid var(--mark);
            }

            & .bottom {
                flex: none;
                padding-block: var(--space-2);
                /* As wide as what is above it. */
                overflow: hidden;
                scrollbar-gutter: stable;
            }

            & .way-back {
                position: relative;
                block-size: 0;
            }

            & .bottom .column {
                gap: var(--space-2);
            }

            & .to-end {
                position: absolute;
                inset-block-end: var(--space-2);
                inset-inline-start: calc(50% - 1.25rem);
                z-index: 10;
                border-radius: 50%;
                box-shadow: var(--shadow-2);
            }

            & .side {
                display: contents;
            }
        }
    `;

    declare announcement: string;
    /** How many of the last messages are rendered. */
    declare rendered: number;
    /** The end is out of sight. */
    declare away: boolean;
    /** Why the last wish came to nothing. */
    declare problem: Problem | undefined;
    declare edit: { id: string; text: string } | undefined;
    /** The first question, until its conversation is begun. */
    declare first: string | undefined;
    /** The message that a search has led to. */
    declare found: string | undefined;

    #thread: Thread | undefined;
    #end: (() => void) | undefined;
    #tabs: (() => void) | undefined;
    #answering: RunningAnswer | undefined;
    /** Stays at the end while the text grows. */
    #pinned = true;
    #lastTop = 0;
    #growing = false;
    readonly #sizes = new ResizeObserver(() => this.#keepAtEnd());
    readonly #escape = (event: KeyboardEvent) => {
        if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector(':popover-open:not(.tip), dialog[open]')) {
            void this.#stop();
        }
    };
    readonly #seen = () => {
        if (document.visibilityState === 'visible') {
            void this.#thread?.refresh();
        }
    };

    constructor() {
        super();
        this.announcement = '';
        this.rendered = WINDOW;
        this.away = false;
        new Watching(this, catalog, conversations);
    }

    override connectedCallback(): void {
        super.connectedCallback();
        document.addEventListener('keydown', this.#escape);
        document.addEventListener('visibilitychange', this.#seen);
        this.#tabs = hearTabs(({ kind, id }) => {
            if (this.#thread?.id === id) {
                if (kind === 'changed') {
                    void this.#thread.refresh();
                } else {
                    router.go('/chat');
                }
            }
        });
        void catalog.load();
        conversations.begin();
        if (this.#thread) {
            this.#enter(this.#thread);
        }
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        document.removeEventListener('keydown', this.#escape);
        document.removeEventListener('visibilitychange', this.#seen);
        this.#tabs?.();
        this.#sizes.disconnect();
        this.#leave();
    }

    get #log(): HTMLElement {
        return this.querySelector<HTMLElement>('.log')!;
    }

    get #composer(): Composer {
        return this.querySelector<Composer>('cra-composer')!;
    }

    // --- The conversation that is shown -----------------------------------------------------------------------------

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (!changed.has('params')) {
            return;
        }
        const id = this.params['id'];
        if (id !== this.#thread?.id) {
            this.#leave();
            this.#thread = undefined;
            this.problem = undefined;
            this.edit = undefined;
            this.found = undefined;
            this.rendered = WINDOW;
            this.#pinned = true;
            this.away = false;
            this.querySelector<HTMLElement & { close(): void }>('.side cra-panel[open]')?.close();
            if (id) {
                this.#thread = thread(id);
                this.#enter(this.#thread);
            }
        }
        const assistant = router.query('assistant');
        if (!id && assistant) {
            catalog.choose(assistant);
        }
        this.found = router.query('message') ?? undefined;
        if (this.found) {
            void this.#showFound(this.found);
        }
    }

    #enter(entered: Thread): void {
        this.#end?.();
        this.#answering = entered.state.running;
        this.#end = entered.listen(() => this.#changed());
        void entered.enter();
    }

    #leave(): void {
        this.#end?.();
        this.#end = undefined;
        this.#thread?.exit();
    }

    #changed(): void {
        const { running } = this.#thread!.state;
        if (running && !this.#answering) {
            this.announcement = strings().chat.answering;
        } else if (!running && this.#answering) {
            this.#answered();
        }
        this.#answering = running;
        this.requestUpdate();
    }

    #answered(): void {
        const { id, branch, state } = this.#thread!;
        const last = branch.at(-1);
        if (last) {
            this.announcement = ending(last);
        }
        if (!state.conversation?.ephemeral) {
            void (branch.length <= 2 ? conversations.awaitTitle(id) : conversations.look(id));
        }
    }

    protected override firstUpdated(): void {
        this.#sizes.observe(this.#log);
        this.#sizes.observe(this.#log.firstElementChild!);
        if (!onScreenKeyboard()) {
            this.#composer.focus();
        }
    }

    protected override updated(changed: PropertyValues<this>): void {
        router.title(this.#title);
        if (changed.has('params')) {
            this.#keepAtEnd();
            if (document.activeElement === document.body && !onScreenKeyboard()) {
                this.#composer.focus();
            }
        }
    }

    get #title(): string {
        return this.#thread?.state.conversation?.title ?? strings().chat.newChat;
    }

    // --- Where one reads --------------------------------------------------------------------------------------------

    #keepAtEnd(): void {
        const log = this.#log;
        if (this.#pinned && this.#messages.length > 0) {
            log.scrollTop = log.scrollHeight;
            this.#lastTop = log.scrollTop;
        }
        this.#look();
    }

    #scrolled(): void {
        const log = this.#log;
        const left = log.scrollHeight - log.scrollTop - log.clientHeight;
        if (log.scrollTop < this.#lastTop - 1 && left > 8) {
            this.#pinned = false;
        } else if (left < AT_END) {
            this.#pinned = true;
        }
        this.#lastTop = log.scrollTop;
        this.#look();
        if (log.scrollTop < NEAR_TOP) {
            void this.#grow();
        }
    }

    #look(): void {
        const log = this.#log;
        this.away = !this.#pinned && log.scrollHeight - log.scrollTop - log.clientHeight > FAR;
    }

    /** Renders earlier messages; what one reads stays where it is. */
    async #grow(): Promise<void> {
        if (this.#growing || !this.#thread || this.rendered >= this.#thread.branch.length) {
            return;
        }
        this.#growing = true;
        const first = this.querySelector('cra-message');
        const before = first?.getBoundingClientRect().top ?? 0;
        this.rendered += WINDOW;
        await this.updateComplete;
        if (first?.isConnected) {
            this.#log.scrollTop += first.getBoundingClientRect().top - before;
            this.#lastTop = this.#log.scrollTop;
        }
        this.#growing = false;
    }

    #toEnd(): void {
        this.#pinned = true;
        this.#keepAtEnd();
        this.#composer.focus();
    }

    async #showFound(id: string): Promise<void> {
        const shown = this.#thread;
        await shown?.refresh();
        if (!shown || shown !== this.#thread || this.found !== id || !shown.state.messages) {
            return;
        }
        const message = shown.state.messages.get(id);
        if (!message) {
            toast(strings().chat.messageGone);
            return;
        }
        if (!shown.branch.includes(message)) {
            await this.#try(() => shown.show(message));
        }
        const at = shown.branch.findIndex((each) => each.id === id);
        this.#pinned = false;
        this.rendered = Math.max(this.rendered, shown.branch.length - at + WINDOW / 2);
        this.requestUpdate();
        await this.updateComplete;
        // What is far away is not laid out until it is near: then its place is another.
        for (let frame = 0; frame < 3; frame++) {
            this.querySelector(`[data-message="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'center' });
            await new Promise(requestAnimationFrame);
        }
        this.#lastTop = this.#log.scrollTop;
        this.#look();
    }

    // --- What one wants ---------------------------------------------------------------------------------------------

    async #ask(text: string): Promise<void> {
        this.problem = undefined;
        this.#pinned = true;
        let asked = this.#thread;
        if (!asked) {
            asked = await this.#begin(text);
        } else if (!asked.state.messages) {
            await asked.refresh();
        }
        if (!asked?.state.messages) {
            this.#giveBack(this.params['id'] ?? '', text, asked?.state.problem);
            return;
        }
        conversations.keep(asked.id);
        const problem = await asked.ask(text);
        if (problem) {
            this.#giveBack(asked.id, text, problem);
        }
        void this.#touch(asked);
    }

    /** Begins a conversation and goes to it, unless somebody has gone elsewhere meanwhile. */
    async #begin(text: string): Promise<Thread | undefined> {
        if (this.first !== undefined) {
            return undefined;
        }
        this.first = text;
        const { chosen, ephemeral } = catalog.state;
        try {
            const conversation = await post<Conversation>('/sessions', { assistant_id: chosen ?? undefined, ephemeral });
            const begun = thread(conversation.id);
            begun.begin(conversation);
            if (this.isConnected && !this.params['id']) {
                // What was typed meanwhile is for this one.
                drafts.keep(conversation.id, drafts.of(''));
                drafts.keep('', '');
                router.go(`/chat/${conversation.id}`, { replace: true });
            }
            catalog.keepNowhere(false);
            return begun;
        } catch (thrown) {
            this.problem = asProblem(thrown);
            return undefined;
        } finally {
            this.first = undefined;
        }
    }

    /** What was typed goes back to where it was typed. */
    #giveBack(conversation: string, text: string, problem: Problem | undefined): void {
        drafts.restore(conversation, text);
        if (this.isConnected && (this.#thread?.id ?? '') === conversation) {
            this.#composer.reload();
            this.problem = problem ?? this.problem;
        }
    }

    /** The service names a conversation and moves it to the top when it has the question. */
    async #touch(asked: Thread): Promise<void> {
        if (!asked.state.conversation?.ephemeral) {
            await conversations.look(asked.id);
        }
    }

    #send(): void {
        const composer = this.#composer;
        const key = this.#thread?.id ?? '';
        const text = drafts.of(key).trim();
        if (text === '' || this.first !== undefined) {
            return;
        }
        drafts.keep(key, '');
        composer.reload();
        void this.#ask(text);
    }

    async #stop(): Promise<void> {
        const stopped = this.#try(async () => this.#thread?.stop());
        // It shows at once that it was heard.
        this.requestUpdate();
        await stopped;
        this.requestUpdate();
    }

    async #try(action: () => Promise<void>): Promise<void> {
        try {
            await action();
        } catch (thrown) {
            toast(describe(asProblem(thrown)));
        }
    }

    async #wished(event: MessageEvent): Promise<void> {
        const shown = this.#thread!;
        const { message, wish } = event;
        switch (wish.kind) {
            case 'again':
                await this.#again(shown, message);
                break;
            case 'edit':
                this.edit = { id: message.id, text: drafts.of(editOf(message.id)) || message.content };
                break;
            case 'leave-edit':
                drafts.keep(editOf(message.id), '');
                this.edit = undefined;
                await this.updateComplete;
                this.querySelector<HTMLElement>(`[data-message="${message.id}"] .actions .button`)?.focus();
                break;
            case 'ask-edited':
                await this.#again(shown, message, wish.text.trim());
                break;
            case 'show':
                this.#pinned = false;
                await this.#try(() => shown.show(wish.message));
                break;
            case 'go-on':
                await this.#ask(strings().chat.goOnQuestion);
                break;
            case 'trace':
                await this.#openSide(({ openTrace }) => openTrace(message));
                break;
        }
    }

    async #again(shown: Thread, message: Message, text?: string): Promise<void> {
        if (shown.state.running) {
            return;
        }
        conversations.keep(shown.id);
        this.problem = undefined;
        this.edit = undefined;
        this.#pinned = true;
        const taken = shown.again(message, text);
        this.#composer.focus();
        const problem = await taken;
        if (!problem) {
            drafts.keep(editOf(message.id), '');
        } else if (this.#thread === shown) {
            this.problem = problem;
            if (text !== undefined) {
                this.edit = { id: message.id, text };
            }
        }
    }

    /** Marks in the text, and the list of sources below it. */
    #clicked(event: MouseEvent): void {
        const mark = (event.target as Element).closest<HTMLElement>('[data-number]');
        const id = mark?.closest('[data-message]')?.getAttribute('data-message');
        const message = this.#messages.find((each) => each.id === id);
        if (mark && message) {
            // One that is on its way has got sources since it was rendered.
            const running = this.#thread?.state.running;
            const now = message.status === 'running' && running ? running.message : message;
            void this.#openSide(({ openSource }) => openSource(now, Number(mark.dataset['number'])));
        }
    }

    async #openSide(open: (side: typeof import('./sources/sources')) => void): Promise<void> {
        let side: typeof import('./sources/sources');
        try {
            side = await import('./sources/sources');
        } catch {
            toast(strings().common.screenFailed);
            return;
        }
        open(side);
    }

    async #chooseAssistant(id: string): Promise<void> {
        const shown = this.#thread;
        if (!shown) {
            catalog.choose(id);
            return;
        }
        await this.#try(async () => {
            const conversation = await patch<Conversation>(`/sessions/${shown.id}`, { assistant_id: id });
            shown.changed(conversation);
            conversations.put(conversation);
            tellTabs({ kind: 'changed', id: shown.id });
        });
    }

    // --- How it looks -----------------------------------------------------------------------------------------------

    get #messages(): Message[] {
        if (this.first !== undefined && !this.#thread) {
            return [pendingQuestion(this.first, null)];
        }
        const shown = this.#thread;
        const running = shown?.state.running;
        return shown ? [...shown.branch, ...(running ? [running.message] : [])] : [];
    }

    protected override render() {
        const { chat } = strings();
        const state = this.#thread?.state;
        const running = state?.running;
        const isMissing = state?.problem?.status === 404 && !state.messages;
        return html`<div class="thread">
                ${this.#top(state?.conversation)}
                <div
                    class="log"
                    tabindex="0"
                    role="region"
                    aria-label=${chat.messages}
                    @scroll=${this.#scrolled}
                    @click=${this.#clicked}
                    @message-wish=${(event: MessageEvent) => void this.#wished(event)}
                >
                    <div class="column">${isMissing ? this.#missing() : this.#content()}</div>
                </div>
                <div class="way-back">
                    ${this.away
                        ? html`<button
                              class="button icon to-end"
                              type="button"
                              aria-label=${chat.toEnd}
                              @click=${this.#toEnd}
                          >
                              ${icon('arrow-down')}
                          </button>`
                        : nothing}
                </div>
                <div class="bottom" ?hidden=${isMissing}>
                    <div class="column">
                        ${this.problem ? this.#notice(this.problem) : nothing}
                        <cra-composer
                            .conversation=${this.#thread?.id ?? ''}
                            .running=${running !== undefined}
                            .stopping=${running?.state.stopping ?? false}
                            @send=${this.#send}
                            @stop=${() => void this.#stop()}
                            @wait=${() => {
                                this.announcement = chat.waitOrStop;
                            }}
                        ></cra-composer>
                    </div>
                </div>
            </div>
            <div class="side"></div>
            <p class="visually-hidden" role="status">${this.announcement}</p>`;
    }

    #notice(problem: Problem) {
        return html`<div class="notice bad" role="alert">
            ${icon('alert')}
            <div>${explain(problem)} ${strings().chat.kept}</div>
        </div>`;
    }

    #missing() {
        const { chat } = strings();
        return emptyState({
            icon: 'chat',
            heading: chat.missingTitle,
            text: chat.missingText,
            action: html`<a class="button" href="/chat">${icon('plus')}${chat.newChat}</a>`,
        });
    }

    #top(conversation: Conversation | undefined) {
        const { chat, common } = strings();
        const assistant = catalog.of(conversation);
        return html`<header class="top">
            <div class="titles">
                <h1 title=${this.#title}><bdi>${this.#title}</bdi></h1>
                ${assistant
                    ? html`<cra-menu
                          .label=${chat.chooseAssistant(assistant.name)}
                          .trigger=${html`<span class="who">
                                  <b><bdi>${assistant.name}</bdi></b> · ${catalog.modelName(assistant.model_id)} ·
                                  ${scope(assistant)}
                              </span>
                              ${icon('chevron-down', 16)}`}
                          .items=${this.#assistants(assistant.id)}
                      ></cra-menu>`
                    : catalog.state.problem
                      ? html`<button class="button quiet small" type="button" @click=${() => void catalog.load()}>
                            ${icon('refresh', 16)}${chat.assistantsFailed}
                        </button>`
                      : nothing}
            </div>
            ${conversation?.ephemeral
                ? html`<span class="badge" ${tip(chat.keepNowhereHint)} tabindex="0">${chat.keptNowhere}</span>`
                : nothing}
            ${conversation
                ? html`<a class="button quiet icon" href="/chat" aria-label=${chat.newChat}>${icon('plus')}</a>
                      <cra-menu
                          kind="quiet icon"
                          .label=${chat.conversationActions}
                          .items=${[
                              {
                                  label: common.delete,
                                  icon: 'trash' as const,
                                  danger: true,
                                  run: () => conversations.remove(conversation),
                              },
                          ]}
                      ></cra-menu>`
                : nothing}
        </header>`;
    }

    #assistants(current: string): MenuItem[] {
        const all = (catalog.state.assistants ?? []).map((each) => ({
            label: each.name,
            checked: each.id === current,
            run: () => void this.#chooseAssistant(each.id),
        }));
        return find('/assistants')
            ? [
                  ...all,
                  { label: strings().chat.manageAssistants, icon: 'settings', run: () => router.go('/assistants') },
              ]
            : all;
    }

    #content() {
        const shown = this.#thread;
        const state = shown?.state;
        if (shown && !state?.messages) {
            return state?.problem ? failure(state.problem, () => void shown.refresh()) : skeleton(6);
        }
        const messages = this.#messages;
        if (messages.length === 0) {
            return html`<cra-welcome
                .assistant=${catalog.of(state?.conversation)}
                .ask=${(question: string) => void this.#ask(question)}
                .busy=${this.first !== undefined}
            ></cra-welcome>`;
        }
        const running = state?.running;
        const places = shown?.places();
        const last = messages.at(-1);
        return html`${repeat(
                messages.slice(-this.rendered),
                (message) => shown?.key(message) ?? message.id,
                (message) => html`<cra-message
                    data-message=${message.id}
                    class=${message.id === this.found ? 'found' : ''}
                    .message=${message}
                    .place=${places?.get(message.id)}
                    .running=${message.status === 'running' ? running : undefined}
                    .edited=${this.edit?.id === message.id ? this.edit.text : undefined}
                    .busy=${running !== undefined}
                    .last=${message === last}
                ></cra-message>`,
            )}
            ${state?.problem
                ? notice(
                      'doubtful',
                      html`${describe(state.problem)}
                          <button class="button small" type="button" @click=${() => void shown!.refresh()}>
                              ${strings().common.retry}
                          </button>`,
                  )
                : nothing}`;
    }
}

/** The keyboard on a screen would cover half of it at once. */
function onScreenKeyboard(): boolean {
    return matchMedia('(hover: none) and (pointer: coarse)').matches;
}

/** What to announce of an answer that has ended, or of a question without one. */
function ending(last: Message): string {
    const { chat } = strings();
    switch (last.status) {
        case 'unanswered':
            return chat.unanswered;
        case 'stopped':
            return chat.stopped;
        case 'failed':
            return chat.failed;
        case 'cut':
            return chat.cut;
        case 'filtered':
            return chat.filtered;
        default:
            return chat.answered(new Set(last.citations.map((each) => each.number)).size);
    }
}

customElements.define('cra-chat', Chat);
