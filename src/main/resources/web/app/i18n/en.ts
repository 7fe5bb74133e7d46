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
        'mfa-required': 'This account asks for a second step. Sign in once more.',
        'invalid-mfa-token': 'That took too long, or too many tries. Sign in again.',
        'invalid-token': 'This link is used up or too old.',
        'email-not-verified': 'Confirm your e-mail address first: open the link in the mail you got.',
        'email-already-registered': 'There is an account with this e-mail address already.',
        'account-inactive': 'This account is deactivated. Ask an administrator.',
        'sign-in-too-old':
            'For this you must have signed in a short while ago. Try again, and sign in when you are asked to.',
        'second-factor-exists': 'The second step is on already.',
        'no-enrolment': 'The set-up has to begin anew.',
        'too-many-api-keys':
            'You have as many API keys as one may have. Revoke one that you no longer need.',
        'last-way-to-sign-in':
            'This is the only way to sign in to your account. Set a password or connect another provider first.',
        'export-running': 'Another export of your data is under way. Wait until it has ended.',
        'social-state-invalid': 'This sign-in was not begun here, or took too long. Begin it again.',
        'social-code-refused': 'The provider no longer knows this sign-in. Begin it again.',
        'social-token-refused':
            'What the provider said could not be trusted. Begin again, or sign in another way.',
        'social-access-denied':
            'The provider was not allowed to say who you are. Begin again and agree, or sign in another way.',
        'social-email-unverified':
            'The provider does not confirm your e-mail address. Verify it there, or sign in with a password and connect the provider in your account.',
        'social-account-not-linked':
            'There is an account with this e-mail address, which is not confirmed yet. Sign in with its password, and then connect the provider in your account.',
        'social-identity-taken':
            'This account at the provider is connected to another account here. Disconnect it there first.',
        'social-provider-failed': 'The provider failed. Try again later, or sign in another way.',
        'social-provider-timeout': 'The provider does not answer. Try again later, or sign in another way.',
    } as Record<string, string>,

    problemWait: (wait: string) => `Try again in ${wait}.`,

    // What the service says about fields, in its words, and how it is said here

    fieldProblems: {
        'must not be null':
            'Fill this in.',
        'must be an e-mail address of at most 254 characters':
            'Write an e-mail address, such as name@example.org.',
        'must be 1 to 100 characters on one line':
            'Write 1 to 100 characters.',
        'must be 8 to 72 bytes long in UTF-8 (a letter outside of ASCII takes 2 to 4)':
            'Passwords have 8 to 72 characters; letters with accents and other signs count as 2 to 4.',
        'is one that many people use, and that attackers try first. Choose another, for example four or more words that have nothing to do with each other':
            'Many people use this password, and attackers try it first. Choose another, such as four words that have nothing to do with each other.',
        'consists mostly of your name, your e-mail address or the name of this service, which attackers try first. Choose another, for example four or more words that have nothing to do with each other':
            'This is mostly your name, your address or the name of this service, which attackers try first. Choose another, such as four words that have nothing to do with each other.',
        'is the address of your account already':
            'That is the address of your account already.',
        'must be in the future, and before the year 10000':
            'Choose a day that is to come.',
    } as Record<string, string>,

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
        or: 'or',
        goOnWith: (title: string) => `Go on with ${title}`,
        providerFailed: 'The sign-in through the provider did not work. Try again, or sign in another way.',
        goOn: 'Go on',
        toSignIn: 'Back to the sign-in',
        codeText: 'Open your authenticator app, and type the code it shows for this account.',
        code: '6-digit code',
        useRecoveryCode: 'Use a recovery code',
        recoveryText:
            'Type one of the recovery codes that you stored when you turned the second step on. Each works once.',
        recoveryCode: 'Recovery code',
        useApp: 'Use the authenticator app',
        registerTitle: 'Create an account',
        firstName: 'First name',
        lastName: 'Last name',
        haveAccount: 'You have an account already?',
        passwordHint:
            '8 characters or more. Four words that have nothing to do with each other are easy to keep in mind and hard to guess.',
        passwordTooShort: 'Too short: take 8 characters or more.',
        passwordTooLong:
            'Too long: there is room for 72 characters; letters with accents and other signs take 2 to 4.',
        checkMailTitle: 'Look into your mail',
        checkMailText: (email: string) =>
            `We sent a mail to ${email}. Open the link in it to confirm that the address is yours. You can go on in the meantime.`,
        sendAgain: 'Send it again',
        sendConfirmation: 'Send a new link',
        mailSent: (email: string) =>
            `A mail is on its way to ${email}. It can take a minute; look among the spam, too.`,
        mailSentIfAny: (email: string) =>
            `If ${email} can use one, a mail with a link is on its way. It can take a minute; look among the spam, too.`,
        verifyTitle: 'Confirm your e-mail address',
        verifyText:
            'You opened the link that we sent you. Confirm that the address is yours, if it was you who asked for it.',
        verify: 'Confirm the address',
        verifiedTitle: 'Your address is confirmed',
        verifiedText: 'Thank you. Mails about your account go there from now on.',
        linkSpentTitle: 'This link does not work any more',
        linkSpentText:
            'Links work once, and for a limited time. Perhaps your address is confirmed already; else have a new link sent to you.',
        forgotTitle: 'Choose a new password',
        forgotText:
            'Type the address of your account. We send you a link to choose a new password with, which works for 30 minutes.',
        sendLink: 'Send me a link',
        resetTitle: 'Your new password',
        resetText: 'Choose a password for your account. You are signed out on all devices then.',
        newPassword: 'New password',
        reset: 'Set the password',
        resetDoneTitle: 'Your password is set',
        resetDoneText: 'Sign in with it now. You were signed out on all devices.',
        resetSpentText: 'Links to choose a password with work once, and for 30 minutes. Have a new one sent to you.',
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
