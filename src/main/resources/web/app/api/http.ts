import { reachability } from './reachability';
import { Problem } from './problem';
import { session } from './session';

/** What goes with a call beside its body. */
export interface CallOptions {
    /** Parameters; those that are undefined, null or empty are left out. */
    query?: Record<string, string | number | boolean | null | undefined>;
    signal?: AbortSignal;
    /** Milliseconds until the call is given up; 30 s by default. */
    timeout?: number;
    headers?: Record<string, string>;
    /** Without the access token, for public calls. */
    anonymous?: boolean;
    /** Goes on when the page is left; for small bodies only (Fetch standard: 64 KiB). */
    keepalive?: boolean;
}

const TIMEOUT = 30_000;
/** For the bytes of a file, in milliseconds. */
const TRANSFER = 600_000;

/** Pauses before the tries that follow a network failure, in milliseconds; only of calls that change nothing. */
const PAUSES = [300, 1000];

export function get<T>(path: string, options: CallOptions = {}): Promise<T> {
    return call<T>('GET', path, undefined, options);
}

export function post<T = void>(path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
    return call<T>('POST', path, body, options);
}

export function put<T = void>(path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
    return call<T>('PUT', path, body, options);
}

export function patch<T = void>(path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
    return call<T>('PATCH', path, body, options);
}

export function del<T = void>(path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
    return call<T>('DELETE', path, body, options);
}

/** The answer as bytes with their type, such as a file to show or to save. */
export async function getBlob(path: string, options: CallOptions = {}): Promise<Blob> {
    const response = await respond('GET', path, undefined, options);
    return whole(response.blob(), options.timeout ?? TRANSFER);
}

/**
 * The answer as bytes, which may be many. A network that is silent for as long as a call may take is a failure.
 *
 * @param options `size`: how many bytes there will be; `onProgress` hears the share of them that has come, from 0 to 1
 * @throws Problem; DOMException `AbortError` if `options.signal` says so
 */
export async function getBytes(
    path: string,
    options: CallOptions & { size: number; onProgress?: (share: number) => void },
): Promise<Uint8Array> {
    const silence = new AbortController();
    const signals = options.signal ? [options.signal, silence.signal] : [silence.signal];
    const response = await respond('GET', path, undefined, { ...options, signal: AbortSignal.any(signals) });
    let bytes = new Uint8Array(options.size);
    let length = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
        const reader = response.body!.getReader();
        for (;;) {
            timer = setTimeout(() => silence.abort(), options.timeout ?? TIMEOUT);
            const { done, value } = await reader.read();
            clearTimeout(timer);
            if (done) {
                return bytes.subarray(0, length);
            }
            if (length + value.length > bytes.length) {
                const longer = new Uint8Array(2 * (length + value.length));
                longer.set(bytes);
                bytes = longer;
            }
            bytes.set(value, length);
            length += value.length;
            options.onProgress?.(Math.min(1, length / bytes.length));
        }
    } catch (thrown) {
        if (options.signal?.aborted) {
            throw thrown;
        }
        throw Problem.local(silence.signal.aborted ? 'timeout' : 'network');
    } finally {
        clearTimeout(timer);
    }
}

async function call<T>(method: string, path: string, body: unknown, options: CallOptions): Promise<T> {
    const response = await respond(method, path, body, options);
    if (response.status === 204 || response.headers.get('Content-Length') === '0') {
        return undefined as T;
    }
    const text = await whole(response.text(), options.timeout);
    try {
        return (text === '' ? undefined : JSON.parse(text)) as T;
    } catch {
        throw Problem.local('unreadable');
    }
}

/**
 * The response, which is a success. A network failure of a GET is tried again; an access token that is no longer taken is
 * renewed, once.
 *
 * @throws Problem for everything else; DOMException `AbortError` if `options.signal` says so
 */
export async function respond(method: string, path: string, body: unknown, options: CallOptions): Promise<Response> {
    for (let tries = 0; ; tries++) {
        try {
            return await authorized(method, path, body, options);
        } catch (thrown) {
            const again =
                method === 'GET' && thrown instanceof Problem && thrown.kind === 'network' && tries < PAUSES.length;
            if (!again) {
                throw thrown;
            }
            await pause(PAUSES[tries]!, options.signal);
        }
    }
}

async function authorized(method: string, path: string, body: unknown, options: CallOptions): Promise<Response> {
    if (options.anonymous) {
        return checked(await send(method, path, body, options, null));
    }
    const token = await session.token();
    const response = await send(method, path, body, options, token);
    if (response.status !== 401) {
        return checked(response);
    }
    const problem = await Problem.read(response);
    // A 401 may also be about a password that was typed.
    if (problem.kind !== 'invalid-token' && problem.kind !== 'unauthorized') {
        throw problem;
    }
    return checked(await send(method, path, body, options, await session.renew(token)));
}

async function checked(response: Response): Promise<Response> {
    if (!response.ok) {
        throw await Problem.read(response);
    }
    return response;
}

/** The body of a response. One that breaks off, or does not come in time, is a failure of the network like any other. */
export async function whole<T>(reading: Promise<T>, millis = TIMEOUT): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(Problem.local('timeout')), millis);
    });
    try {
        return await Promise.race([reading, late]);
    } catch (thrown) {
        throw thrown instanceof TypeError ? Problem.local('network') : thrown;
    } finally {
        clearTimeout(timer);
    }
}

/** One request; only what does not reach the service is a failure here. */
export async function send(
    method: string,
    path: string,
    body: unknown,
    options: CallOptions,
    token: string | null,
): Promise<Response> {
    const headers = new Headers({ Accept: 'application/json', ...options.headers });
    if (token) {
        headers.set('Authorization', `Bearer ${token}`);
    }
    let payload: BodyInit | undefined;
    if (body instanceof FormData) {
        payload = body;
    } else if (body !== undefined) {
        payload = JSON.stringify(body);
        headers.set('Content-Type', 'application/json');
    }
    const clock = new AbortController();
    const timer = setTimeout(() => clock.abort(), options.timeout ?? TIMEOUT);
    const signals = options.signal ? [options.signal, clock.signal] : [clock.signal];
    try {
        const response = await fetch(address(path, options.query), {
            method,
            headers,
            body: payload,
            signal: AbortSignal.any(signals),
            keepalive: options.keepalive ?? false,
            credentials: 'same-origin',
            // Pages of the app share addresses with calls; the browser must not show one for the other.
            cache: 'no-store',
        });
        reachability.reached();
        return response;
    } catch (thrown) {
        if (options.signal?.aborted) {
            throw thrown;
        }
        reachability.missed();
        throw Problem.local(clock.signal.aborted ? 'timeout' : 'network');
    } finally {
        clearTimeout(timer);
    }
}

function address(path: string, query: CallOptions['query']): string {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query ?? {})) {
        if (value !== undefined && value !== null && value !== '') {
            parameters.set(name, String(value));
        }
    }
    const text = parameters.toString();
    return text === '' ? path : `${path}?${text}`;
}

/** Waits; ends early, with an AbortError, if the signal says so. */
export function pause(millis: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
        const aborted = () => {
            clearTimeout(timer);
            reject(new DOMException('Aborted', 'AbortError'));
        };
        const timer = setTimeout(() => {
            signal?.removeEventListener('abort', aborted);
            resolve();
        }, millis);
        if (signal?.aborted) {
            aborted();
        }
        signal?.addEventListener('abort', aborted, { once: true });
    });
}
