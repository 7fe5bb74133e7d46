import { Store } from '../state/store';
import { pause, send, whole } from './http';
import { asProblem, Problem } from './problem';
import type { Tokens, User } from './types';

/**
 * - `unknown`: the page has just been opened
 * - `signed-out`: nobody is
 * - `signed-in`: there is a user, and an access token or a way to one
 * - `expired`: the sign-in has ended while the page was in use; what was typed is still there
 */
export type SessionStatus = 'unknown' | 'signed-out' | 'signed-in' | 'expired';

interface SessionState {
    status: SessionStatus;
    user: User | null;
    admin: boolean;
}

/** An access token as tabs hand it on; it is written nowhere. */
interface Access {
    token: string;
    /** Milliseconds since 1970. */
    expires: number;
    issued: number;
}

type Word = { kind: 'access'; access: Access } | { kind: 'ask' } | { kind: 'signed-out' } | { kind: 'user'; user: User };

/** Whether somebody has signed in with this browser, so that a refresh is worth a try. No secret. */
const HINT = 'signed-in';
/** Set while somebody is at a sign-in provider: the cookie they come back with is the only other sign of it. */
const LEFT_FOR_PROVIDER = 'left-for-provider';
/** Set while the service is still to be told of a sign-out; until then the cookie would sign in again. */
const SIGN_OUT_DUE = 'sign-out-due';
/** Where to go on after the provider. */
const BACK_TO = 'back-to';
const COOKIE = { 'X-Refresh-Cookie': '1' };
/** A token is renewed when so much of its time is left. */
const MARGIN = 60_000;
/** How long a new tab waits for the token of another. */
const PATIENCE = 150;

/**
 * Who is signed in, in all tabs of this browser together. The access token is in memory only; the refresh token is a cookie
 * that no script can read. Tabs take turns to refresh (Web Locks) and hand each other the result (BroadcastChannel).
 */
class Session extends Store<SessionState> {
    #access: Access | null = null;
    #renewal: Promise<string> | null = null;
    #timer: ReturnType<typeof setTimeout> | undefined;
    readonly #tabs = new BroadcastChannel('session');

    constructor() {
        super({ status: 'unknown', user: null, admin: false });
        this.#tabs.onmessage = (event: MessageEvent<Word>) => this.#hear(event.data);
        document.addEventListener('visibilitychange', () => this.#renewIfDue());
        addEventListener('online', () => {
            this.#renewIfDue();
            if (this.state.status === 'signed-out') {
                void this.#makeGood();
            }
        });
        // A page that the browser kept as it was may be of somebody who has signed out since.
        addEventListener('pageshow', (event) => {
            if (event.persisted && this.state.user && localStorage.getItem(HINT) === null) {
                location.reload();
            }
        });
    }

    /** Finds out who is signed in. @throws Problem if the service does not say; to be called again then */
    async begin(): Promise<void> {
        if (!(await this.#makeGood())) {
            this.set({ status: 'signed-out' });
            return;
        }
        if (localStorage.getItem(HINT) === null && sessionStorage.getItem(LEFT_FOR_PROVIDER) === null) {
            this.set({ status: 'signed-out' });
            return;
        }
        await this.#askTabs();
        try {
            await this.#enter();
        } catch (thrown) {
            if (asProblem(thrown).passing) {
                throw thrown;
            }
            this.#forget('signed-out');
        }
        sessionStorage.removeItem(LEFT_FOR_PROVIDER);
    }

    /** Leaves for a sign-in provider, `name` of `GET /auth/oauth`; the browser comes back to `/`, and goes on to `back`. */
    leaveForProvider(name: string, back: string | null = null): void {
        sessionStorage.setItem(LEFT_FOR_PROVIDER, name);
        if (back !== null) {
            sessionStorage.setItem(BACK_TO, back);
        }
        void this.#makeGood().then(() => {
            // Who comes back has another sign-in, and another cookie.
            localStorage.removeItem(SIGN_OUT_DUE);
            location.assign(`/auth/oauth/${encodeURIComponent(name)}`);
        });
    }

    /** Where somebody wanted to go on who left for a provider; once. */
    backFromProvider(): string | null {
        const back = sessionStorage.getItem(BACK_TO);
        sessionStorage.removeItem(BACK_TO);
        return back;
    }

    /** Signs in with a password. @throws Problem, among them `mfa-required` */
    async signIn(email: string, password: string): Promise<void> {
        await this.#enterWith('/auth/login', { email, password });
    }

    /** The second step of a sign-in. */
    async verify(mfaToken: string, code: string): Promise<void> {
        await this.#enterWith('/auth/mfa/verify', { mfa_token: mfaToken, code });
    }

    /**
     * Ends the sign-in here and in all tabs, also where the service cannot be told; it is as soon as it can be.
     *
     * @returns whether it was told
     */
    async signOut(): Promise<boolean> {
        localStorage.setItem(SIGN_OUT_DUE, '1');
        try {
            return await this.#makeGood();
        } finally {
            this.ended();
        }
    }

    /** Tells the service of a sign-out that it was not told of. @returns whether there is none left */
    async #makeGood(): Promise<boolean> {
        if (localStorage.getItem(SIGN_OUT_DUE) === null) {
            return true;
        }
        try {
            const { ok, status } = await send('POST', '/auth/logout', undefined, { headers: COOKIE, timeout: 5000 }, null);
            // What it does not take for a sign-in any more is over.
            if (ok || status === 401) {
                localStorage.removeItem(SIGN_OUT_DUE);
                return true;
            }
        } catch (thrown) {
            asProblem(thrown);
        }
        return false;
    }

    /** All sign-ins have ended, this one among them, or the account is gone. */
    ended(): void {
        this.#tell({ kind: 'signed-out' });
        this.#forget('signed-out');
    }

    /** The account as it is now: a name was changed. */
    changed(user: User): void {
        this.set({ user });
        this.#tell({ kind: 'user', user });
    }

    /** An access token that is good for a while. @throws Problem `signed-out` if there is none to be had */
    async token(): Promise<string> {
        if (this.#access && this.#access.expires > Date.now() + 5000) {
            return this.#access.token;
        }
        return this.renew(this.#access?.token ?? null);
    }

    /** Another access token than this one, which was refused or is about to expire. */
    renew(spent: string | null): Promise<string> {
        if (this.#access && this.#access.token !== spent) {
            return Promise.resolve(this.#access.token);
        }
        this.#renewal ??= this.#refreshInTurn(spent).finally(() => {
            this.#renewal = null;
        });
        return this.#renewal;
    }

    async #refreshInTurn(spent: string | null): Promise<string> {
        if (this.state.status === 'signed-out' || this.state.status === 'expired') {
            throw signedOut();
        }
        return navigator.locks.request('refresh', async () => {
            // Whoever had the lock before may have refreshed, and its word may still be on the way.
            await pause(0);
            if (this.#access && this.#access.token !== spent) {
                return this.#access.token;
            }
            return this.#refresh();
        });
    }

    async #refresh(): Promise<string> {
        const response = await send('POST', '/auth/refresh', undefined, { headers: COOKIE }, null);
        if (response.ok) {
            const tokens = (await whole(response.json())) as Tokens;
            return this.#isOfAnother(tokens.access_token) ? this.#handOver() : this.#keep(tokens);
        }
        const problem = await Problem.read(response);
        if (response.status === 401) {
            this.#forget(this.state.status === 'signed-in' ? 'expired' : 'signed-out');
            throw signedOut();
        }
        throw problem;
    }

    async #enterWith(path: string, body: object): Promise<void> {
        const response = await send('POST', path, body, { headers: COOKIE }, null);
        if (!response.ok) {
            throw await Problem.read(response);
        }
        const tokens = (await whole(response.json())) as Tokens;
        localStorage.removeItem(SIGN_OUT_DUE);
        if (this.#isOfAnother(tokens.access_token)) {
            await this.#handOver();
        }
        this.#keep(tokens);
        await this.#enter();
    }

    #isOfAnother(token: string): boolean {
        const here = this.state.user?.id;
        return here !== undefined && here !== claims(token)['sub'];
    }

    /** Loads the page anew: nothing of the one who was here before may be seen, or done, as another. Never comes back. */
    async #handOver(): Promise<never> {
        this.#forget('signed-out');
        localStorage.setItem(HINT, '1');
        location.replace('/');
        return new Promise<never>(() => undefined);
    }

    async #enter(): Promise<void> {
        let response = await send('GET', '/auth/me', undefined, {}, await this.token());
        if (response.status === 401) {
            response = await send('GET', '/auth/me', undefined, {}, await this.renew(this.#access?.token ?? null));
        }
        if (!response.ok) {
            throw await Problem.read(response);
        }
        const user = (await whole(response.json())) as User;
        localStorage.setItem(HINT, '1');
        this.set({ status: 'signed-in', user, admin: isAdmin(this.#access?.token) });
    }

    #keep(tokens: Tokens): string {
        const now = Date.now();
        const access = { token: tokens.access_token, issued: now, expires: now + tokens.expires_in * 1000 };
        this.#take(access);
        this.#tell({ kind: 'access', access });
        return access.token;
    }

    #take(access: Access): void {
        this.#access = access;
        if (this.state.status === 'signed-in') {
            this.set({ admin: isAdmin(access.token) });
        }
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#renewIfDue(), Math.max(1000, access.expires - MARGIN - Date.now()));
    }

    #renewIfDue(): void {
        const due = this.#access && this.#access.expires - MARGIN <= Date.now() && this.state.status === 'signed-in';
        if (due && document.visibilityState === 'visible') {
            // A failure shows when a call needs the token.
            this.renew(this.#access!.token).catch(() => undefined);
        }
    }

    #forget(status: 'signed-out' | 'expired'): void {
        clearTimeout(this.#timer);
        this.#access = null;
        localStorage.removeItem(HINT);
        this.set(status === 'expired' ? { status, admin: false } : { status, user: null, admin: false });
    }

    #tell(word: Word): void {
        this.#tabs.postMessage(word);
    }

    #hear(word: Word): void {
        switch (word.kind) {
            case 'access':
                this.#hearAccess(word.access);
                break;
            case 'ask':
                if (this.#access && this.#access.expires > Date.now() + MARGIN) {
                    this.#tell({ kind: 'access', access: this.#access });
                }
                break;
            case 'signed-out':
                this.#forget('signed-out');
                break;
            case 'user':
                if (this.state.user?.id === word.user.id) {
                    this.set({ user: word.user });
                }
                break;
        }
    }

    #hearAccess(access: Access): void {
        if (this.#isOfAnother(access.token)) {
            void this.#handOver();
        } else if (!this.#access || access.issued > this.#access.issued) {
            this.#take(access);
            if (this.state.status === 'signed-out' || this.state.status === 'expired') {
                this.#enter().catch(() => undefined);
            }
        }
    }

    async #askTabs(): Promise<void> {
        this.#tell({ kind: 'ask' });
        const end = Date.now() + PATIENCE;
        while (!this.#access && Date.now() < end) {
            await pause(10);
        }
    }
}

function signedOut(): Problem {
    return new Problem(401, 'signed-out', 'signed-out', null, null);
}

function isAdmin(token: string | undefined): boolean {
    const groups = token ? claims(token)['groups'] : undefined;
    return Array.isArray(groups) && groups.includes('admin');
}

/** What an access token says. It decides what is shown; what is allowed, the service decides. */
function claims(token: string): Record<string, unknown> {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), (char) => char.charCodeAt(0)))) as Record<
        string,
        unknown
    >;
}

export const session = new Session();
