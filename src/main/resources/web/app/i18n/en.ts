/**
 * All texts of the app. A language is a file like this one; the compiler finds what is missing there. Each screen has a
 * block of its own, so that several people can write at the same time. What needs a number or a name is a function;
 * `plural` of ./language knows the rules.
 */
import { plural } from './plural';

export const en = {
    // --- Everywhere -------------------------------------------------------------------------------------------------

    common: {
        appName: 'CustomRAGAssistant',
        loading: 'Loading…',
        retry: 'Try again',
        reload: 'Reload the page',
        close: 'Close',
        cancel: 'Cancel',
        save: 'Save',
        delete: 'Delete',
        undo: 'Undo',
        back: 'Back',
        loadMore: 'Load more',
        more: 'More',
        copy: 'Copy',
        copied: 'Copied',
        yes: 'Yes',
        no: 'No',
        optional: 'optional',
        showPassword: 'Show password',
        hidePassword: 'Hide password',
        notFoundTitle: 'Not found',
        notFoundText: 'There is nothing at this address. It may have been deleted.',
        notAllowedTitle: 'Not allowed',
        notAllowedText: 'This page is for administrators.',
        home: 'Go to the start',
        failedTitle: 'That did not work',
        screenFailed: 'This page could not be loaded.',
        language: 'Language',
        theme: 'Appearance',
        themeSystem: 'As the system',
        themeLight: 'Light',
        themeDark: 'Dark',
        seconds: (count: number) => plural('en', count, { one: '1 second', other: `${count} seconds` }),
    },

    // --- The frame around the screens -------------------------------------------------------------------------------

    shell: {
        skip: 'Skip to the content',
        navigation: 'Main navigation',
        openNavigation: 'Open navigation',
        closeNavigation: 'Close navigation',
        you: 'You',
        signOut: 'Sign out',
        offline: 'The service cannot be reached. What you typed stays here; we keep trying.',
        expiredTitle: 'Sign in again',
        expiredText: 'Your sign-in has ended. Sign in to go on; nothing you typed is lost.',
        startFailed: 'The app cannot reach the service.',
    },

    // --- Problems, by their kind; others are shown in the words of the service --------------------------------------

    problems: {
        network: 'The service cannot be reached. Check your connection and try again.',
        timeout: 'The service took too long to answer. Try again.',
        unreadable: 'The answer of the service could not be read. Try again.',
        'signed-out': 'Your sign-in has ended. Sign in again.',
        'internal-error': 'Something went wrong on our side. Try again later.',
        'not-found': 'It is not there, or no longer.',
        'incorrect-credentials': 'The e-mail address or the password is not right.',
        'incorrect-code': 'That code is not right, or was used before.',
        'too-many-requests': 'Too many tries. Wait a while and try again.',
        busy: 'The service is busy. Try again in a moment.',
        validation: 'Correct the marked fields and try again.',
    } as Record<string, string>,

    problemWait: (wait: string) => `Try again in ${wait}.`,

    // --- Accounts: sign in, register, verify, forgot, reset, second factor ------------------------------------------

    auth: {
        signInTitle: 'Sign in',
        signIn: 'Sign in',
        signingIn: 'Signing in…',
        email: 'E-mail address',
        password: 'Password',
        noAccount: 'No account yet?',
        register: 'Create an account',
        forgot: 'Forgot your password?',
        tagline: 'Answers from your own documents, with their sources.',
        missing: 'Fill this in.',
    },

    // --- Chat and sources -------------------------------------------------------------------------------------------

    chat: {
        // Texts of the chat screens.
    },

    // --- Documents --------------------------------------------------------------------------------------------------

    documents: {
        // Texts of the documents screens.
    },

    // --- Assistants -------------------------------------------------------------------------------------------------

    assistants: {
        // Texts of the assistants screens.
    },

    // --- Account ----------------------------------------------------------------------------------------------------

    account: {
        // Texts of the account screens.
    },

    // --- Administration ---------------------------------------------------------------------------------------------

    admin: {
        // Texts of the administration screens.
    },
};

/** What every language has. */
export type Strings = typeof en;
