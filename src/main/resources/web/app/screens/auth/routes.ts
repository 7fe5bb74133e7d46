import type { Route } from '../../routing/route';

export const routes: Route[] = [
    {
        path: '/sign-in',
        access: 'signed-out',
        title: (strings) => strings.auth.signInTitle,
        tag: 'cra-sign-in',
        load: () => import('./sign-in'),
    },
];
