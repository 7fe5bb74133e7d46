import { session } from '../api/session';
import type { Screen } from '../components/element';
import { language, strings } from '../i18n/language';
import { Store } from '../state/store';
import type { Route } from './route';
import { find, navigation } from './routes';

export type View =
    | { kind: 'nothing' }
    | { kind: 'loading'; route: Route }
    | { kind: 'screen'; route: Route; element: Screen }
    | { kind: 'failed'; route: Route }
    | { kind: 'missing' }
    | { kind: 'forbidden' };

const SIGN_IN = '/sign-in';

/** Asked before another screen takes the place of this one; gives whether it may. */
export type Guard = () => Promise<boolean>;

/** Shows the screen of the address (History API) and moves the focus to its heading. */
class Router extends Store<{ view: View; path: string }> {
    #turn = 0;
    #title = '';
    #guard: Guard | undefined;
    /** Which entry of the history this is, counted from where the app was opened. */
    #entry = 0;
    #address = '';
    /** Told of the next move, which is the router's own. */
    #arrived: (() => void) | undefined;

    constructor() {
        super({ view: { kind: 'nothing' }, path: '' });
    }

    begin(): void {
        this.#entry = entryOf(history.state) ?? 0;
        history.replaceState({ entry: this.#entry }, '');
        addEventListener('popstate', (event) => void this.#moved(entryOf(event.state)));
        document.addEventListener('click', (event) => this.#clicked(event));
        let status = session.state.status;
        session.listen(() => {
            if (session.state.status !== status) {
                const before = status;
                status = session.state.status;
                // Somebody who signs in again stays where they are, with all they typed.
                if (!(before === 'signed-in' && status === 'expired') && !(before === 'expired' && status === 'signed-in')) {
                    void this.#show(true);
                }
            }
        });
        language.listen(() => this.#retitle());
        void this.#show(false);
    }

    /** Goes to an address of the app; one that is to take the place of this one asks no guard. */
    go(address: string, options: { replace?: boolean } = {}): void {
        if (options.replace) {
            history.replaceState({ entry: this.#entry }, '', address);
            void this.#show(true);
        } else {
            void this.#leaveFor(address);
        }
    }

    /**
     * Asks before the screen is left, until what this gives is called. For text that is not saved yet: state/unsaved.ts.
     */
    guard(guard: Guard): () => void {
        this.#guard = guard;
        return () => {
            if (this.#guard === guard) {
                this.#guard = undefined;
            }
        };
    }

    /** Loads the screen again that could not be loaded; a browser remembers modules that failed, so the page goes too. */
    reload(): void {
        location.reload();
    }

    /** A title that says more than the route's, such as the name of what is shown. */
    title(text: string): void {
        this.#title = text;
        this.#retitle();
    }

    /** A parameter of the address, after `?`. */
    query(name: string): string | null {
        return new URLSearchParams(location.search).get(name);
    }

    /** Whether the screen that is shown may be left; asks the person where it takes that. */
    async mayLeave(): Promise<boolean> {
        return !this.#guard || (await this.#guard());
    }

    async #leaveFor(address: string): Promise<void> {
        if (address !== location.pathname + location.search + location.hash) {
            if (!(await this.mayLeave())) {
                return;
            }
            this.#entry++;
            history.pushState({ entry: this.#entry }, '', address);
        }
        await this.#show(true);
    }

    /** The browser has gone back or forward already; who is to stay is brought back, and asked. */
    async #moved(entry: number | undefined): Promise<void> {
        if (this.#arrived) {
            this.#arrived();
            return;
        }
        if (entry === undefined) {
            // The browser made it, for a place in this page such as where the skip link leads.
            this.#entry++;
            history.replaceState({ entry: this.#entry }, '');
        } else {
            const steps = entry - this.#entry;
            if (this.#guard && steps !== 0 && location.pathname + location.search !== this.#address) {
                await this.#step(-steps);
                if (!(await this.#guard())) {
                    return;
                }
                await this.#step(steps);
            }
            this.#entry = entry;
        }
        await this.#show(false);
    }

    /** Goes so many steps in the history without showing what is there. */
    async #step(steps: number): Promise<void> {
        await new Promise<void>((resolve) => {
            this.#arrived = resolve;
            history.go(steps);
        });
        this.#arrived = undefined;
    }

    #retitle(): void {
        const view = this.state.view;
        const own =
            this.#title || ('route' in view ? view.route.title(strings()) : strings().common.notFoundTitle);
        document.title = `${own} · ${strings().common.appName}`;
    }

    async #show(moved: boolean): Promise<void> {
        const path = location.pathname;
        if (session.state.status === 'unknown' || this.#redirected(path)) {
            return;
        }
        const turn = ++this.#turn;
        this.#address = path + location.search;
        const found = find(path);
        this.#title = '';
        if (!found) {
            // Where nothing is in the navigation, the start has nothing to show.
            this.set({ view: { kind: path === '/' ? 'nothing' : 'missing' }, path });
            this.#retitle();
            return;
        }
        const { route, params } = found;
        if (route.access === 'admin' && !session.state.admin) {
            this.set({ view: { kind: 'forbidden' }, path });
            this.#retitle();
            return;
        }
        const shown = this.state.view;
        if (shown.kind === 'screen' && shown.route === route) {
            shown.element.params = params;
            this.set({ path });
            this.#retitle();
            return;
        }
        if (!customElements.get(route.tag)) {
            this.set({ view: { kind: 'loading', route }, path });
            try {
                await route.load();
            } catch {
                // The network, or a newer version of the app has taken the place of this one.
                if (turn === this.#turn) {
                    this.set({ view: { kind: 'failed', route }, path });
                }
                return;
            }
            if (turn !== this.#turn) {
                return;
            }
        }
        const element = document.createElement(route.tag) as Screen;
        element.params = params;
        this.set({ view: { kind: 'screen', route, element }, path });
        this.#retitle();
        scrollTo(0, 0);
        if (moved) {
            await element.updateComplete;
            focusHeading(element);
        }
    }

    /** Sends people to where they may be; gives whether it did. */
    #redirected(path: string): boolean {
        const { status, admin } = session.state;
        const route = find(path)?.route;
        const here = location.pathname + location.search + location.hash;
        if (status === 'signed-out') {
            if (path === '/') {
                this.go(SIGN_IN + location.search + location.hash, { replace: true });
                return true;
            }
            if (route?.access === 'signed-in' || route?.access === 'admin') {
                this.go(`${SIGN_IN}?to=${encodeURIComponent(here)}`, { replace: true });
                return true;
            }
            return false;
        }
        if (route?.access === 'signed-out') {
            this.go(inside(this.query('to')) ?? '/', { replace: true });
            return true;
        }
        const after = path === '/' ? this.#afterProvider() : null;
        if (after) {
            this.go(after, { replace: true });
            return true;
        }
        const first = navigation(admin)[0];
        if (path === '/' && first) {
            this.go(first.path.replace(/\/:.*$/, '') + location.search + location.hash, { replace: true });
            return true;
        }
        return false;
    }

    /** Providers send everybody to the start: those who connected one came from their account, others know where to. */
    #afterProvider(): string | null {
        const back = session.backFromProvider();
        if (this.query('connected') !== null || this.query('sign_in_error') !== null) {
            return `/account/security${location.search}`;
        }
        return inside(back);
    }

    #clicked(event: MouseEvent): void {
        if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
            return;
        }
        const link = event
            .composedPath()
            .find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement && node.href !== '');
        if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) {
            return;
        }
        if (link.pathname === location.pathname && link.hash !== '') {
            return;
        }
        if (link.pathname === '/' || find(link.pathname)) {
            event.preventDefault();
            this.go(link.pathname + link.search + link.hash);
        }
    }
}

function entryOf(state: unknown): number | undefined {
    return (state as { entry?: number } | null)?.entry;
}

/** An address of this app and of no other site. */
function inside(address: string | null): string | null {
    if (!address?.startsWith('/')) {
        return null;
    }
    const url = new URL(address, location.origin);
    // The history takes `//` for another site.
    return url.origin === location.origin && !url.pathname.startsWith('//') ? url.pathname + url.search + url.hash : null;
}

/** The focus follows the eye, so that who listens knows that there is another screen. */
function focusHeading(element: HTMLElement): void {
    const heading = element.querySelector<HTMLElement>('h1');
    if (heading && !element.contains(document.activeElement)) {
        heading.tabIndex = -1;
        heading.focus({ preventScroll: true });
    }
}

export const router = new Router();
