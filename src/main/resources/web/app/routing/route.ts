import type { IconName } from '../components/icons';
import type { Strings } from '../i18n/en';

/** Who may see a screen; `signed-out` is for those that make no sense to somebody who is signed in. */
export type Access = 'anyone' | 'signed-out' | 'signed-in' | 'admin';

export interface Route {
    /** Such as `/chat/:id`; a last part with `?` may be absent. Its first part is known to the server's AppPages. */
    path: string;
    access: Access;
    title: (strings: Strings) => string;
    /** The screen's element, a `Screen` of components/element.ts, and what loads its module. */
    tag: string;
    load: () => Promise<unknown>;
    /** Where it stands in the main navigation, if it does. */
    navigation?: { order: number; icon: IconName; label: (strings: Strings) => string };
    /** An element, defined by the same module, for the side bar below the main navigation; there is one at a time. */
    sidebar?: string;
    /** The screen fills the height of the window and scrolls by itself, as a chat does. */
    full?: boolean;
}

/** The parts of an address by their names, if it is one of the route's. */
export function matches(route: Route, path: string): Record<string, string> | null {
    const wanted = route.path.split('/').filter(Boolean);
    const given = path.split('/').filter(Boolean);
    if (given.length > wanted.length) {
        return null;
    }
    const params: Record<string, string> = {};
    for (const [index, part] of wanted.entries()) {
        const value = given[index];
        if (part.startsWith(':')) {
            if (value !== undefined) {
                const decoded = decode(value);
                if (decoded === null) {
                    return null;
                }
                params[part.slice(1).replace('?', '')] = decoded;
            } else if (!part.endsWith('?')) {
                return null;
            }
        } else if (part !== value) {
            return null;
        }
    }
    return params;
}

function decode(part: string): string | null {
    try {
        return decodeURIComponent(part);
    } catch {
        // Not written as an address is: there is no such thing.
        return null;
    }
}
