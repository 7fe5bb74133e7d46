import { routes as account } from '../screens/account/routes';
import { routes as admin } from '../screens/admin/routes';
import { routes as assistants } from '../screens/assistants/routes';
import { routes as auth } from '../screens/auth/routes';
import { routes as chat } from '../screens/chat/routes';
import { routes as documents } from '../screens/documents/routes';
import { matches, type Route } from './route';

/** All screens; each folder of screens lists its own. */
export const routes: readonly Route[] = [...auth, ...chat, ...documents, ...assistants, ...account, ...admin];

export function find(path: string): { route: Route; params: Record<string, string> } | null {
    for (const route of routes) {
        const params = matches(route, path);
        if (params) {
            return { route, params };
        }
    }
    return null;
}

/** The main navigation, in its order. */
export function navigation(admin: boolean): Route[] {
    return routes
        .filter((route) => route.navigation && (admin || route.access !== 'admin'))
        .sort((one, other) => one.navigation!.order - other.navigation!.order);
}
