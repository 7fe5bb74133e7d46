import { pause, respond } from './http';
import { asProblem, isAbort, Problem } from './problem';

/** One event of a stream (WHATWG HTML, "Server-sent events"). */
export interface ServerEvent {
    name: string;
    data: string;
    /** The id the stream is at, to come back with. */
    id: string;
}

export interface StreamOptions {
    method?: 'GET' | 'POST';
    body?: unknown;
    lastEventId?: string;
    signal?: AbortSignal;
    /** Milliseconds of silence, comments included, after which the stream counts as broken; 60 s by default. */
    idle?: number;
    onEvent: (event: ServerEvent) => void;
    /** The response has begun. */
    onOpen?: () => void;
}

/** Where a stream that has ended may be taken up again. */
export interface StreamEnd {
    lastEventId: string;
    /** Milliseconds the service asks to wait before that. */
    retry: number;
}

const IDLE = 60_000;
const LONGEST_PAUSE = 30_000;

/**
 * Reads a stream of events to its end. Unlike an `EventSource` it sends the access token, and may POST.
 *
 * @throws Problem as any call, `network` if the stream breaks off, `timeout` if nothing comes for too long
 */
export async function stream(path: string, options: StreamOptions): Promise<StreamEnd> {
    const watchdog = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, watchdog.signal]) : watchdog.signal;
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (options.lastEventId) {
        headers['Last-Event-ID'] = options.lastEventId;
    }
    const end: StreamEnd = { lastEventId: options.lastEventId ?? '', retry: 1000 };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
        clearTimeout(timer);
        timer = setTimeout(() => watchdog.abort(), options.idle ?? IDLE);
    };
    try {
        alive();
        const response = await respond(options.method ?? 'GET', path, options.body, { headers, signal });
        options.onOpen?.();
        const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
        const parser = new Parser(end, options.onEvent);
        for (;;) {
            alive();
            const { done, value } = await reader.read();
            if (done) {
                return end;
            }
            parser.take(value);
        }
    } catch (thrown) {
        if (options.signal?.aborted || thrown instanceof Problem) {
            throw thrown;
        }
        if (watchdog.signal.aborted) {
            throw Problem.local('timeout');
        }
        if (thrown instanceof TypeError) {
            throw Problem.local('network');
        }
        throw thrown;
    } finally {
        clearTimeout(timer);
    }
}

/**
 * Follows a stream for as long as the signal lets it: comes back with the last id after each end and each failure that may
 * pass, ever more slowly while it fails.
 *
 * @param onState told `true` when the stream is open and `false` when it is not
 * @throws Problem that will not pass
 */
export async function follow(
    path: string,
    options: StreamOptions & { signal: AbortSignal; onState?: (open: boolean) => void },
): Promise<void> {
    let lastEventId = options.lastEventId ?? '';
    let failures = 0;
    for (;;) {
        let wait = 1000;
        try {
            const end = await stream(path, {
                ...options,
                lastEventId,
                onOpen: () => {
                    failures = 0;
                    options.onState?.(true);
                },
                onEvent: (event) => {
                    lastEventId = event.id;
                    options.onEvent(event);
                },
            });
            lastEventId = end.lastEventId;
            wait = end.retry;
        } catch (thrown) {
            if (options.signal.aborted || isAbort(thrown)) {
                return;
            }
            const problem = asProblem(thrown);
            if (!problem.passing) {
                throw problem;
            }
            failures++;
            wait = problem.retryAfter ? problem.retryAfter * 1000 : Math.min(LONGEST_PAUSE, 500 * 2 ** failures);
        }
        options.onState?.(false);
        try {
            await pause(wait * (0.8 + 0.4 * Math.random()), options.signal);
        } catch (thrown) {
            if (isAbort(thrown)) {
                return;
            }
            throw thrown;
        }
    }
}

/** Lines end with CR, LF or both; an empty one dispatches what was collected. */
class Parser {
    #rest = '';
    #name = '';
    #data: string[] = [];

    constructor(
        readonly end: StreamEnd,
        readonly dispatch: (event: ServerEvent) => void,
    ) {}

    take(text: string): void {
        this.#rest += text;
        // A CR at the very end may be half of a line end.
        for (let match = LINE_END.exec(this.#rest); match; match = LINE_END.exec(this.#rest)) {
            const line = this.#rest.slice(0, match.index);
            this.#rest = this.#rest.slice(match.index + match[0].length);
            this.#line(line);
        }
    }

    #line(line: string): void {
        if (line === '') {
            if (this.#data.length > 0) {
                this.dispatch({ name: this.#name || 'message', data: this.#data.join('\n'), id: this.end.lastEventId });
            }
            this.#name = '';
            this.#data = [];
            return;
        }
        const colon = line.indexOf(':');
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        switch (field) {
            case 'event':
                this.#name = value;
                break;
            case 'data':
                this.#data.push(value);
                break;
            case 'id':
                this.end.lastEventId = value;
                break;
            case 'retry':
                if (/^\d+$/.test(value)) {
                    this.end.retry = Number(value);
                }
                break;
        }
    }
}

const LINE_END = /\r\n|\n|\r(?=[^\n])/;
