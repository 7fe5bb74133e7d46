import type { ProblemDocument } from './types';

/** Kinds of problems that never left the browser; their status is 0. */
export type LocalKind = 'network' | 'timeout' | 'unreadable';

/** A call that failed: what the service said (RFC 9457), or that it could not be reached. */
export class Problem extends Error {
    readonly status: number;
    /** The last part of `type`, such as `email-already-registered`. */
    readonly kind: string;
    /** Seconds after which it may be tried again; null if nobody knows. */
    readonly retryAfter: number | null;
    /** Messages by the path of the field in the request, in the words of the service. */
    readonly fields: ReadonlyMap<string, string>;
    readonly document: ProblemDocument | null;

    constructor(status: number, kind: string, detail: string, document: ProblemDocument | null, retryAfter: number | null) {
        super(detail);
        this.name = 'Problem';
        this.status = status;
        this.kind = kind;
        this.document = document;
        this.retryAfter = retryAfter;
        this.fields = new Map((document?.errors ?? []).map((error) => [error.field, error.message]));
    }

    /** Nothing of the service answered. */
    static local(kind: LocalKind): Problem {
        return new Problem(0, kind, kind, null, null);
    }

    /** As an `error` event or a message carries it. */
    static of(document: ProblemDocument, retryAfter: number | null = null): Problem {
        const wait = typeof document['retry_after'] === 'number' ? document['retry_after'] : retryAfter;
        const kind = String(document.type ?? '').split(':').pop() ?? '';
        return new Problem(document.status, kind, document.detail ?? document.title, document, wait);
    }

    static async read(response: Response): Promise<Problem> {
        const wait = Number.parseInt(response.headers.get('Retry-After') ?? '', 10);
        const retryAfter = Number.isFinite(wait) ? wait : null;
        try {
            if (response.headers.get('Content-Type')?.includes('json')) {
                return Problem.of((await response.json()) as ProblemDocument, retryAfter);
            }
        } catch {
            // What stands between us and the service may answer in its own way; the status is all there is then.
        }
        return new Problem(response.status, 'unreadable', `HTTP ${response.status}`, null, retryAfter);
    }

    /** The same, told at a field: a 401 about a password does not say in which field that was typed. */
    blame(field: string, message: string): Problem {
        const document = { ...this.document!, errors: [{ field, message }] };
        return new Problem(this.status, this.kind, this.message, document, this.retryAfter);
    }

    /** Whether the same call may well succeed later, without anybody changing anything. */
    get passing(): boolean {
        return this.status === 0 || this.status === 429 || this.status >= 500;
    }
}

/** What was thrown, as a problem; an abort and a fault of the program are thrown on. */
export function asProblem(thrown: unknown): Problem {
    if (thrown instanceof Problem) {
        return thrown;
    }
    throw thrown;
}

/** Whether somebody cancelled the call. */
export function isAbort(thrown: unknown): boolean {
    return thrown instanceof DOMException && thrown.name === 'AbortError';
}
