import { session } from '../../api/session';
import type { Route } from '../../routing/route';

export const routes: Route[] = [
    {
        path: '/chat/:id?',
        access: 'signed-in',
        title: (strings) => strings.chat.title,
        tag: 'cra-chat',
        load: () => import('./chat'),
        navigation: { order: 10, icon: 'chat', label: (strings) => strings.chat.title },
        sidebar: 'cra-conversations',
        full: true,
    },
];

// Wherever one is, as the search is for all that was said.
addEventListener('keydown', (event) => {
    const wanted = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k';
    if (wanted && session.state.status === 'signed-in') {
        event.preventDefault();
        void import('./search-key').then(({ focusSearch }) => focusSearch());
    }
});
