import type { Route } from '../../routing/route';

export const routes: Route[] = [
    {
        path: '/account/:section?',
        access: 'signed-in',
        title: (strings) => strings.account.title,
        tag: 'cra-account',
        load: () => import('./account'),
    },
];
