import type { Route } from '../../routing/route';

export const routes: Route[] = [
    {
        path: '/assistants',
        access: 'signed-in',
        title: (strings) => strings.assistants.title,
        tag: 'cra-assistants',
        load: () => import('./assistants'),
        navigation: { order: 30, icon: 'assistant', label: (strings) => strings.assistants.title },
    },
    {
        // `new` for one that is not there yet.
        path: '/assistants/:id',
        access: 'signed-in',
        title: (strings) => strings.assistants.editTitle,
        tag: 'cra-assistant-editor',
        load: () => import('./editor'),
    },
];
