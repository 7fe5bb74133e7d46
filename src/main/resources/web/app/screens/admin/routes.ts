import type { Route } from '../../routing/route';

export const routes: Route[] = [
    {
        // people, audit or usage; nothing is people.
        path: '/admin/:section?',
        access: 'admin',
        title: (strings) => strings.admin.title,
        tag: 'cra-admin',
        load: () => import('./admin'),
        navigation: { order: 90, icon: 'shield', label: (strings) => strings.admin.title },
    },
];
