import { stream } from '../../api/events';
import { del, get, patch, pause } from '../../api/http';
import { asProblem, isAbort, type Problem } from '../../api/problem';
import { session } from '../../api/session';
import type { AskRequest, Conversation, Message, Page } from '../../api/types';
import { Store } from '../../state/store';
import { pendingQuestion, RunningAnswer } from './running';
import { tellTabs } from './tabs';

interface ThreadState {
    conversation: Conversation | undefined;
    /** All that was said, on all branches; undefined until it was read. */
    messages: ReadonlyMap<string, Message> | undefined;
    /** Why it could not be read. */
    problem: Problem | undefined;
    running: RunningAnswer | undefined;
}

const MOST_PER_PAGE = 100;
const LONGEST_PAUSE = 10_000;

/** One conversation, as this tab sees it: what was said, and the answer on its way, which it follows while it is shown. */
export class Thread extends Store<ThreadState> {
    #reading: Promise<void> | undefined;
    /** When the conversation had last changed at the last reading. */
    #readOf = '';
    #shown = false;
    /** Counts what this tab asks and hears answered: what is read meanwhile may be older. */
    #turn = 0;
    readonly #keys = new Map<string, string>();

    constructor(readonly id: string) {
        super({ conversation: undefined, messages: undefined, problem: undefined, running: undefined });
    }

    /** What stands for a message in the page: the same before and after the service told of its id. */
    key(message: Message): string {
        return this.#keys.get(message.id) ?? message.id;
    }

    /** It has just been begun: nothing is said yet. */
    begin(conversation: Conversation): void {
        this.#shown = true;
        this.set({ conversation, messages: new Map() });
    }

    /** It is shown from now on: reads it, and follows the answer on its way, if there is one. */
    enter(): Promise<void> {
        this.#shown = true;
        return this.refresh();
    }

    /** It is not shown any more. The answer on its way is made to its end without us. */
    exit(): void {
        this.#shown = false;
        const running = this.state.running;
        // A request that has not arrived must not be given up: the question is in it.
        if (running?.begun) {
            running.leave.abort();
            this.set({ running: undefined });
        }
    }

    /** Reads what is new, unless an answer is on its way here. */
    async refresh(): Promise<void> {
        if (this.state.running) {
            return;
        }
        try {
            await this.#read();
        } catch (thrown) {
            this.set({ problem: asProblem(thrown) });
            return;
        }
        this.#followWhatRuns();
    }

    /** The conversation as it is known elsewhere: renamed, or with another assistant. */
    changed(conversation: Conversation): void {
        this.set({ conversation: { ...conversation, current_message_id: this.#current } });
    }

    get #current(): string | null {
        return this.state.conversation?.current_message_id ?? null;
    }

    /** What is shown, oldest first, without the answer on its way. */
    get branch(): Message[] {
        const { messages, running } = this.state;
        if (!messages) {
            return [];
        }
        const question = running?.question;
        const branch = this.#upFrom(question ? question.parent_id : this.#current);
        return question ? [...branch, question] : branch;
    }

    #upFrom(end: string | null): Message[] {
        const branch: Message[] = [];
        for (let id = end; id; ) {
            const message = this.state.messages!.get(id);
            if (!message) {
                break;
            }
            branch.push(message);
            id = message.parent_id;
        }
        return branch.reverse();
    }

    /** Those with the same parent as each message, oldest first, and which of them it is, by its id. */
    places(): Map<string, { at: number; of: readonly Message[] }> {
        const siblings = new Map<string | null, Message[]>();
        for (const message of this.state.messages?.values() ?? []) {
            const those = siblings.get(message.parent_id);
            if (those) {
                those.push(message);
            } else {
                siblings.set(message.parent_id, [message]);
            }
        }
        const places = new Map<string, { at: number; of: readonly Message[] }>();
        for (const of of siblings.values()) {
            of.forEach((message, at) => places.set(message.id, { at, of }));
        }
        return places;
    }

    /**
     * Asks the next question.
     *
     * @returns why the service did not take it; null if it did, whatever becomes of the answer
     */
    ask(content: string): Promise<Problem | null> {
        const question = pendingQuestion(content, this.#current);
        return this.#run(new RunningAnswer(question), '/messages', { content, background: true });
    }

    /** Answers a question again, or one in other words beside it. @returns as {@link ask} */
    again(message: Message, content?: string): Promise<Problem | null> {
        const asked = message.role === 'user' ? message : this.state.messages!.get(message.parent_id!)!;
        const question =
            content === undefined || content === asked.content
                ? { ...asked, status: 'complete' as const, error: undefined }
                : pendingQuestion(content, asked.parent_id);
        return this.#run(new RunningAnswer(question), `/messages/${message.id}/regenerate`, { content, background: true });
    }

    /** Ends the answer on its way; what there is of it stays. @throws Problem */
    async stop(): Promise<void> {
        const running = this.state.running;
        if (!running || running.state.stopping) {
            return;
        }
        running.stopping(true);
        try {
            // What is not begun cannot be stopped; it soon is.
            for (let tries = 0; this.state.running === running && !running.ending; tries++) {
                try {
                    await del(`/sessions/${this.id}/messages/current`);
                    return;
                } catch (thrown) {
                    if (asProblem(thrown).status !== 404 || running.begun) {
                        throw thrown;
                    }
                }
                await pause(Math.min(1000, 100 * 2 ** tries));
            }
        } catch (thrown) {
            const problem = asProblem(thrown);
            if (problem.status !== 404) {
                running.stopping(false);
                throw problem;
            }
        }
    }

    /** Shows the branch of that message. @throws Problem */
    async show(message: Message): Promise<void> {
        const conversation = await patch<Conversation>(`/sessions/${this.id}`, { current_message_id: message.id });
        if (!this.state.messages?.has(conversation.current_message_id ?? '')) {
            await this.#read();
        } else {
            this.set({ conversation });
        }
        tellTabs({ kind: 'changed', id: this.id });
    }

    /** Asks, and follows the answer to its end. */
    async #run(
        running: RunningAnswer,
        path: string,
        body: Partial<AskRequest>,
    ): Promise<Problem | null> {
        this.#turn++;
        this.set({ running });
        const taken = new Promise<Problem | null>((resolve) => {
            stream(`/sessions/${this.id}${path}`, {
                method: 'POST',
                body,
                signal: running.leave.signal,
                onEvent: (event) => running.take(event),
                onOpen: () => {
                    this.#begun(running);
                    resolve(null);
                },
            })
                .then(
                    () => undefined,
                    (thrown: unknown) => (isAbort(thrown) ? undefined : asProblem(thrown)),
                )
                .then(async (problem) => {
                    if (running.leave.signal.aborted) {
                        return;
                    }
                    if (problem && !running.begun) {
                        resolve(await this.#refused(running, problem));
                    } else {
                        await this.#concluded(running);
                    }
                })
                .catch(reportError);
        });
        return taken;
    }

    #begun(running: RunningAnswer): void {
        running.begun = true;
        tellTabs({ kind: 'changed', id: this.id });
        if (!this.#shown) {
            this.exit();
        }
    }

    /** The call failed before the answer began; what the service made of the question, only reading tells. */
    async #refused(running: RunningAnswer, problem: Problem): Promise<Problem | null> {
        try {
            await this.#readAnew();
        } catch (thrown) {
            asProblem(thrown);
            this.set({ running: undefined });
            return problem;
        }
        this.set({ running: undefined });
        if (this.#shown) {
            this.#followWhatRuns();
        }
        tellTabs({ kind: 'changed', id: this.id });
        // Kept by the service, as unanswered, or on its way after all.
        const asked = this.branch.findLast((message) => message.role === 'user');
        const kept =
            problem.kind !== 'answer-running' &&
            asked?.content === running.question.content &&
            (asked.status === 'unanswered' || this.state.running !== undefined);
        return kept ? null : problem;
    }

    /** The stream has ended: with the answer, or in between. */
    async #concluded(running: RunningAnswer): Promise<void> {
        if (running.ending === undefined || running.ending === 'failed') {
            await this.#takeUp(running);
        } else {
            this.#settle(running, running.ending);
        }
        tellTabs({ kind: 'changed', id: this.id });
    }

    #settle(running: RunningAnswer, answer: Message): void {
        this.#turn++;
        const messages = new Map(this.state.messages);
        const question = { ...running.question, id: answer.parent_id! };
        this.#known(running, answer);
        messages.set(question.id, question);
        messages.set(answer.id, answer);
        const conversation = { ...this.state.conversation!, current_message_id: answer.id };
        this.set({ running: undefined, messages, conversation });
    }

    #known(running: RunningAnswer, answer: Message): void {
        if (running.id === undefined) {
            running.id = answer.id;
            this.#keys.set(answer.id, running.key);
            this.#keys.set(answer.parent_id!, this.#keys.get(running.question.id) ?? running.question.id);
        }
    }

    /** Reads how far it is and goes on from there, until it is over. */
    async #takeUp(running: RunningAnswer): Promise<void> {
        const signal = running.leave.signal;
        try {
            for (let failures = 0; ; failures++) {
                try {
                    await this.#readAnew();
                    const answer = this.#onItsWay();
                    if (signal.aborted) {
                        return;
                    }
                    if (!answer || running.ending || !this.#isOf(running, answer)) {
                        this.set({ running: undefined });
                        this.#followWhatRuns();
                        return;
                    }
                    this.#known(running, answer);
                    await this.#follow(running);
                    if (running.ending && running.ending !== 'failed') {
                        this.#settle(running, running.ending);
                        return;
                    }
                } catch (thrown) {
                    if (signal.aborted) {
                        return;
                    }
                    const problem = asProblem(thrown);
                    if (!problem.passing) {
                        this.set({ running: undefined, problem });
                        return;
                    }
                    running.lost(true);
                }
                await pause(Math.min(LONGEST_PAUSE, 250 * 2 ** failures), signal);
            }
        } catch (thrown) {
            if (!isAbort(thrown)) {
                throw thrown;
            }
        }
    }

    /** @throws Problem if the stream breaks off; not if there is no such answer any more */
    async #follow(running: RunningAnswer): Promise<void> {
        try {
            await stream(`/sessions/${this.id}/messages/${running.id}`, {
                lastEventId: running.lastEventId,
                signal: running.leave.signal,
                onOpen: () => running.lost(false),
                onEvent: (event) => running.take(event),
            });
        } catch (thrown) {
            if (isAbort(thrown) || asProblem(thrown).status !== 404) {
                throw thrown;
            }
        }
    }

    #isOf(running: RunningAnswer, answer: Message): boolean {
        if (running.id) {
            return running.id === answer.id;
        }
        const question = this.state.messages!.get(answer.parent_id!);
        return question?.id === running.question.id || question?.content === running.question.content;
    }

    #onItsWay(): Message | undefined {
        return this.#upFrom(this.#current).findLast((message) => message.status === 'running');
    }

    #followWhatRuns(): void {
        const answer = this.#onItsWay();
        const question = answer && this.state.messages!.get(answer.parent_id!);
        if (!this.#shown || this.state.running || !question) {
            return;
        }
        const running = new RunningAnswer(question, answer.id);
        running.begun = true;
        this.set({ running });
        this.#follow(running)
            .catch((thrown: unknown) => {
                if (!isAbort(thrown)) {
                    asProblem(thrown);
                    running.lost(true);
                }
            })
            .then(() => (running.leave.signal.aborted ? undefined : this.#concluded(running)))
            .catch(reportError);
    }

    #read(): Promise<void> {
        this.#reading ??= this.#readAll().finally(() => {
            this.#reading = undefined;
        });
        return this.#reading;
    }

    /** Not what a call under way is about to answer: it may have been asked too early. */
    async #readAnew(): Promise<void> {
        await this.#reading?.catch(() => undefined);
        await this.#read();
    }

    async #readAll(): Promise<void> {
        const turn = this.#turn;
        const conversation = await get<Conversation>(`/sessions/${this.id}`);
        if (turn !== this.#turn && this.state.messages) {
            return;
        }
        if (this.state.messages && this.#readOf === conversation.updated_at && !this.state.running) {
            this.set({ conversation, problem: undefined });
            return;
        }
        const messages = new Map<string, Message>();
        let cursor: string | null = null;
        do {
            const page: Page<Message> = await get(`/sessions/${this.id}/messages`, {
                query: { limit: MOST_PER_PAGE, cursor },
            });
            page.items.forEach((message) => messages.set(message.id, this.#asBefore(message)));
            cursor = page.next_cursor;
        } while (cursor);
        if (turn !== this.#turn && this.state.messages) {
            return;
        }
        this.#readOf = conversation.updated_at;
        this.set({ conversation, messages, problem: undefined });
    }

    /** The object that is shown already if it says the same, so that it is not rendered again. */
    #asBefore(message: Message): Message {
        const before = this.state.messages?.get(message.id);
        return before && before.status === message.status && before.content === message.content ? before : message;
    }
}

const MOST_KEPT = 6;
const kept = new Map<string, Thread>();

session.listen(() => {
    if (session.state.status === 'signed-out') {
        kept.forEach((thread) => thread.exit());
        kept.clear();
    }
});

/** The conversation with that id. Those shown lately are as they were left. */
export function thread(id: string): Thread {
    const found = kept.get(id) ?? new Thread(id);
    kept.delete(id);
    kept.set(id, found);
    if (kept.size > MOST_KEPT) {
        kept.delete(kept.keys().next().value!);
    }
    return found;
}

/** The same, if it was shown lately. */
export function knownThread(id: string): Thread | undefined {
    return kept.get(id);
}
