import type { ServerEvent } from '../../api/events';
import type { Citation, Message } from '../../api/types';
import { Store } from '../../state/store';

interface Progress {
    text: string;
    sources: readonly Citation[];
    /** Whether the stream has broken off and is being taken up again. */
    lost: boolean;
    stopping: boolean;
}

/** An answer on its way, as it comes. It tells of its text itself, so that nothing around it has to render for a token. */
export class RunningAnswer extends Store<Progress> {
    readonly leave = new AbortController();
    /** Where the stream is, to take it up there. */
    lastEventId = '';
    /** The service has begun: it has the question. */
    begun = false;
    /** Stands for the answer's id until that is known. */
    readonly key = `answer-${++begun}`;
    /** How it ended: with this message, or in a failure. */
    ending: Message | 'failed' | undefined;

    /**
     * @param question as it is shown; a {@link pendingQuestion} until the service has told of it
     * @param id of the answer, where it is known
     */
    constructor(
        readonly question: Message,
        public id?: string,
    ) {
        super({ text: '', sources: [], lost: false, stopping: false });
    }

    take(event: ServerEvent): void {
        this.lastEventId = event.id;
        const data = JSON.parse(event.data) as { text: string; citations: Citation[]; message: Message };
        switch (event.name) {
            case 'sources':
                this.set({ sources: data.citations });
                break;
            case 'token':
                this.set({ text: this.state.text + data.text });
                break;
            case 'done':
                this.ending = data.message;
                break;
            case 'error':
                this.ending = 'failed';
                break;
        }
    }

    lost(lost: boolean): void {
        this.set({ lost });
    }

    stopping(stopping: boolean): void {
        this.set({ stopping });
    }

    /** The answer as a message, as far as it is. */
    get message(): Message {
        return {
            id: this.id ?? this.key,
            parent_id: this.question.id,
            role: 'assistant',
            status: 'running',
            content: this.state.text,
            citations: [...this.state.sources],
            model_id: null,
            usage: null,
            created_at: this.question.created_at,
        };
    }
}

let begun = 0;

const PENDING = 'question-';

/** A question on its way to the service, with an id of our own. */
export function pendingQuestion(content: string, parent: string | null): Message {
    return {
        id: `${PENDING}${++begun}`,
        parent_id: parent,
        role: 'user',
        status: 'complete',
        content,
        citations: [],
        model_id: null,
        usage: null,
        created_at: new Date().toISOString(),
    };
}

/** Whether the service has not told of it yet. */
export function isPending(question: Message): boolean {
    return question.id.startsWith(PENDING);
}
