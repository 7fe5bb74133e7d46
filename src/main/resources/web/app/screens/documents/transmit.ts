import { Problem } from '../../api/problem';
import { reachability } from '../../api/reachability';
import { session } from '../../api/session';
import type { StoredDocument } from '../../api/types';

/** How long nothing may go out, in milliseconds. */
const STALLED = 60_000;
/** How long the service may look at what it has got: as long as it may take to hand a file on to its storage. */
const CHECKED = 600_000;

export interface Transmission {
    method: 'POST' | 'PUT';
    path: string;
    file: File;
    signal: AbortSignal;
    /** Told how much has gone out, from 0 to 1. */
    onSent: (share: number) => void;
}

/**
 * Sends a file as the part `file` of a form. With XMLHttpRequest, as fetch does not tell how far a body is.
 *
 * @returns the document, and whether the service has taken something new
 * @throws Problem as other calls do; DOMException `AbortError` if the signal says so
 */
export async function transmit(transmission: Transmission): Promise<{ document: StoredDocument; isNew: boolean }> {
    const token = await session.token();
    let response = await send(transmission, token);
    if (response.status === 401) {
        response = await send(transmission, await session.renew(token));
    }
    if (!response.ok) {
        throw await Problem.read(response);
    }
    try {
        return { document: (await response.json()) as StoredDocument, isNew: response.status === 202 };
    } catch {
        throw Problem.local('unreadable');
    }
}

function send({ method, path, file, signal, onSent }: Transmission, token: string): Promise<Response> {
    return new Promise((resolve, reject) => {
        if (signal.aborted) {
            reject(aborted());
            return;
        }
        const request = new XMLHttpRequest();
        let timer: ReturnType<typeof setTimeout> | undefined;
        let late = false;
        const patience = (millis: number) => {
            clearTimeout(timer);
            timer = setTimeout(() => {
                late = true;
                request.abort();
            }, millis);
        };
        const abort = () => request.abort();
        request.open(method, path);
        request.setRequestHeader('Accept', 'application/json');
        request.setRequestHeader('Authorization', `Bearer ${token}`);
        request.upload.onprogress = (event) => {
            patience(STALLED);
            onSent(event.total > 0 ? event.loaded / event.total : 0);
        };
        request.upload.onload = () => {
            patience(CHECKED);
            onSent(1);
        };
        request.onload = () => {
            reachability.reached();
            resolve(new Response(request.responseText, { status: request.status, headers: headersOf(request) }));
        };
        request.onerror = () => {
            reachability.missed();
            reject(Problem.local('network'));
        };
        request.onabort = () => reject(late ? Problem.local('timeout') : aborted());
        request.onloadend = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', abort);
        };
        signal.addEventListener('abort', abort);
        patience(STALLED);
        const form = new FormData();
        form.append('file', file, file.name);
        request.send(form);
    });
}

function headersOf(request: XMLHttpRequest): Headers {
    const headers = new Headers();
    for (const name of ['Content-Type', 'Retry-After']) {
        const value = request.getResponseHeader(name);
        if (value !== null) {
            headers.set(name, value);
        }
    }
    return headers;
}

function aborted(): DOMException {
    return new DOMException('Aborted', 'AbortError');
}
