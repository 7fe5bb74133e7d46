import type { Route } from '../../routing/route';

/** The links in mails lead to /verify-email and /reset-password: identity/MailWriter.java. */
export const routes: Route[] = [
    {
        path: '/sign-in',
        access: 'signed-out',
        title: (strings) => strings.auth.signInTitle,
        tag: 'cra-sign-in',
        load: () => import('./sign-in'),
    },
    {
        path: '/register',
        access: 'signed-out',
        title: (strings) => strings.auth.registerTitle,
        tag: 'cra-register',
        load: () => import('./register'),
    },
    {
        path: '/verify-email',
        access: 'anyone',
        title: (strings) => strings.auth.verifyTitle,
        tag: 'cra-verify-email',
        load: () => import('./verify-email'),
    },
    {
        path: '/forgot-password',
        access: 'signed-out',
        title: (strings) => strings.auth.forgotTitle,
        tag: 'cra-forgot-password',
        load: () => import('./forgot-password'),
    },
    {
        path: '/reset-password',
        access: 'anyone',
        title: (strings) => strings.auth.resetTitle,
        tag: 'cra-reset-password',
        load: () => import('./reset-password'),
    },
];
