import type { Route } from '../../routing/route';

export const routes: Route[] = [
    {
        path: '/documents/:id?',
        access: 'signed-in',
        title: (strings) => strings.documents.title,
        tag: 'cra-documents',
        load: () => import('./documents'),
        navigation: { order: 20, icon: 'document', label: (strings) => strings.documents.title },
        full: true,
    },
];
