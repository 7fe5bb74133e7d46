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
        goOnWith: (title: string) => `Continue with ${title}`,
        providerFailed: 'The sign-in through the provider did not work. Try again, or sign in another way.',
        goOn: 'Continue',
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
            `We sent a mail to ${email}. Open the link in it to confirm that the address is yours. You can begin in the meantime.`,
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
        title: 'Account',
        sections: 'Parts of your account',
        saved: 'Saved',
        notCopied: 'The browser did not allow copying. Select the text and copy it yourself.',
        currentPassword: 'Your password',
        wrongPassword: 'That is not your password.',
        signInAgainTitle: 'Is it you?',
        signInAgainText: 'You signed in a while ago. Sign in once more; what you asked for goes on after that.',
        profile: {
            title: 'Profile',
            name: 'Name',
            email: 'E-mail address',
            confirmed: 'confirmed',
            unconfirmed: 'not confirmed',
            unconfirmedText: 'Open the link in the mail that we sent you, to show that the address is yours.',
            newEmail: 'New address',
            newEmailHint: 'We send a link there. Your address changes when you open it.',
            move: 'Change the address',
            moveSent: (email: string) =>
                `A mail is on its way to ${email}. Your address changes when you open the link in it, within an hour.`,
            since: (date: string) => `Your account exists since ${date}.`,
        },
        security: {
            title: 'Sign-in and security',
            change: 'Change the password',
            changed: 'Password changed. All your other devices are signed out.',
            noPassword: 'You forgot it, or never had one?',
            noPasswordText:
                'Who signs in through a provider has no password at first. We send you a link to choose one with.',
        },
        mfa: {
            title: 'Second step',
            offText:
                'With a second step, a stolen password is not enough: after it you type a code that an app on your phone shows. Any authenticator app will do.',
            setUp: 'Set up',
            qr: 'QR code for your authenticator app',
            scan: 'Scan the picture with your authenticator app. Then type the code that it shows.',
            cannotScan: 'You cannot scan it?',
            typeSecret: 'Type this key into the app by hand (time-based, 6 digits).',
            openApp: 'Open the app on this device',
            confirmCode: 'Code of the app',
            wrongCode: 'That is not the code of this moment. Is the clock of your phone right?',
            turnOn: 'Turn on',
            codes: 'Recovery codes',
            codesText:
                'Store these recovery codes now: they are shown this once. Each gets you in one time if you lose your phone.',
            codesFile: 'Recovery codes of CustomRAGAssistant. Each works once.',
            download: 'Download',
            stored: 'I have stored them',
            on: 'on',
            since: (date: string) => `since ${date}`,
            onText: 'When you sign in, you are asked for a code of your authenticator app.',
            codesLeft: (count: number) =>
                plural('en', count, {
                    one: 'One recovery code is left.',
                    other: count === 0 ? 'No recovery codes are left. Make new ones.' : `${count} recovery codes are left.`,
                }),
            newCodes: 'New recovery codes',
            newCodesText: 'You get ten new codes. Those that you have do not work any more then.',
            turnOff: 'Turn off',
            turnOffText: 'After that your password is enough to sign in.',
            passwordHint: 'Leave it empty if you sign in through a provider and have none.',
            anyCode: 'Code of the app, or a recovery code',
            turnedOff: 'The second step is off.',
        },
        providers: {
            title: 'Sign-in providers',
            text: 'Accounts elsewhere that get you in here without a password.',
            since: (date: string) => `connected since ${date}`,
            connect: 'Connect',
            connectNamed: (title: string) => `Connect ${title}`,
            connectedNow: 'The provider is connected.',
            disconnect: 'Disconnect',
            disconnectNamed: (title: string) => `Disconnect ${title}`,
            disconnectText: (title: string) =>
                `You cannot sign in through ${title} any more then. Your account there stays as it is.`,
            failed: 'The provider could not be connected. Try again.',
        },
        devices: {
            title: 'Devices',
            text: 'Where you are signed in now. Is one of them not yours? Then sign it out, and change your password.',
            current: 'this device',
            used: (age: string) => `Last used ${age}`,
            since: (date: string) => `Signed in on ${date}`,
            endNamed: (device: string) => `Sign out: ${device}`,
            ended: (device: string) => `${device} is signed out.`,
            notMe: 'Not you?',
            notMeNamed: (device: string) => `Not you? ${device}`,
            notMeTitle: 'Somebody else was in your account?',
            notMeText: (device: string) =>
                `We sign out ${device} at once. Whoever used it may know your password, so change it next. That signs out all other devices, too.`,
            notMeAction: 'Sign it out and change my password',
            everywhere: 'Sign out everywhere',
            everywhereText: 'Ends all your sign-ins, also this one. API keys go on working.',
            everywhereSure: 'You are signed out on all devices, also here, and have to sign in again.',
        },
        keys: {
            title: 'API keys',
            text: 'With a key, a program does in your name what you can do here, except changing your account.',
            newKey: 'New key',
            name: 'Name',
            nameHint: 'What it is for, such as the program that uses it.',
            until: 'Good for',
            days: (count: number) =>
                count === 365 ? 'one year' : plural('en', count, { one: 'one day', other: `${count} days` }),
            forEver: 'as long as I do not revoke it',
            date: 'until a day of my choice',
            lastDay: 'Last day',
            make: 'Make a key',
            once: (name: string) => `This is the key “${name}”. Copy it now: it is shown this once.`,
            stored: 'I have stored it',
            yours: 'Your keys',
            none: 'No keys yet',
            noneText: 'Make one for a program that is to work with your documents and assistants.',
            over: 'expired',
            used: (age: string) => `last used ${age}`,
            neverUsed: 'never used',
            made: (date: string) => `made on ${date}`,
            ends: (date: string) => `good until ${date}`,
            endsNever: 'does not expire',
            revoke: 'Revoke',
            revokeNamed: (name: string) => `Revoke ${name}`,
            revokeText: 'Programs that use this key are refused at once. It cannot be brought back.',
        },
        activity: {
            title: 'My activity',
            text: 'What happened to your account. Do you see something that was not you? Look here:',
            none: 'Nothing has happened yet',
            times: (count: number) => `${count} times`,
            refused: 'refused',
            byAdministrator: 'by an administrator',
            types: {
                registration: 'Account opened',
                'sign-in': 'Sign-in',
                'second-factor-asked': 'Second step asked for',
                'second-factor-check': 'Code of the second step',
                refresh: 'Stayed signed in',
                'refresh-token-reuse': 'Sign-in ended, because it was used from two places',
                'sign-out': 'Sign-out',
                'sign-out-everywhere': 'Sign-out everywhere',
                'session-ended': 'Device signed out',
                'password-change': 'Password changed',
                'password-reset-request': 'Link for a new password asked for',
                'password-reset': 'New password chosen by a link',
                'email-verification': 'E-mail address confirmed',
                'email-change-request': 'Change of the e-mail address asked for',
                'email-change': 'E-mail address changed',
                'second-factor-added': 'Second step turned on',
                'second-factor-removed': 'Second step turned off',
                'recovery-codes-renewed': 'New recovery codes made',
                'recovery-code-used': 'Recovery code used',
                'api-key-created': 'API key made',
                'api-key-revoked': 'API key revoked',
                'api-key-use': 'API key used',
                'provider-linked': 'Sign-in provider connected',
                'provider-unlinked': 'Sign-in provider disconnected',
                'account-deactivated': 'Account deactivated',
                'account-reactivated': 'Account activated again',
                'account-deleted': 'Account deleted',
                'role-granted': 'Role given',
                'role-revoked': 'Role taken away',
                'data-export': 'Data exported',
                'data-erasure': 'Data erased',
            } as Record<string, string>,
            reasons: {
                password: 'with the password',
                provider: 'through a provider',
                'password+totp': 'with password and app',
                'password+recovery-code': 'with password and recovery code',
                'provider+totp': 'through a provider, with app',
                'provider+recovery-code': 'through a provider, with recovery code',
                'wrong-password': 'wrong password',
                'wrong-code': 'wrong code',
                'expired-token': 'too late',
                'spent-token': 'used before',
                'unusable-token': 'too late, or too many tries',
                'invalid-token': 'link not good any more',
                limited: 'too many tries',
                'unverified-address': 'address not confirmed',
                'inactive-account': 'account deactivated',
                'address-taken': 'address of another account',
                'address-proven': 'because the address was proven for the first time',
                admin: 'administrator',
            } as Record<string, string>,
        },
        usage: {
            title: 'Usage and budget',
            today: 'Today',
            month: 'This month',
            tokens: 'Tokens',
            tokensIn: (calls: number) => plural('en', calls, { one: 'tokens in 1 call', other: `tokens in ${calls} calls` }),
            noPrice: 'no price known',
            unpriced: (tokens: string) => `${tokens} tokens have no price and are not in it.`,
            budgets: 'Budgets',
            noBudgets: 'Nobody has set a limit for you.',
            tokensPerDay: 'Tokens per day',
            tokensPerMonth: 'Tokens per month',
            moneyPerDay: 'Money per day',
            moneyPerMonth: 'Money per month',
            left: (used: string, limit: string, left: string) => `${used} of ${limit} used, ${left} left`,
            resets: (date: string) => `Begins anew on ${date}`,
            days: 'Tokens in the last 30 days',
            most: (tokens: string) => `Most in a day: ${tokens}`,
            asTable: 'As a table',
            none: 'Nothing was used in these days.',
            day: 'Day',
            calls: 'Calls',
            cost: 'Cost',
            models: 'What they went into',
            purpose: 'For',
            model: 'Model',
            purposes: {
                answer: 'Answers',
                title: 'Titles of conversations',
                condensing: 'Understanding follow-up questions',
                summary: 'Summaries',
                question_embedding: 'Searching',
                passage_embedding: 'Reading documents in',
            } as Record<string, string>,
        },
        privacy: {
            title: 'Data and privacy',
            export: 'Take your data along',
            exportText:
                'A zip with everything that is stored about you: your documents as you uploaded them, conversations, assistants, usage and activity. It can take some minutes if you have many documents.',
            exportAction: 'Export my data',
            exported: 'Your data is saved.',
            received: (size: string) => `${size} so far`,
            provider: 'Language models',
            leaves: 'questions go to a model provider',
            stays: 'nothing leaves this service',
            proven: 'proven: nothing is kept there',
            notProven: 'not proven that nothing is kept there',
            required: 'Models are called only where it is proven that nothing is kept.',
            unknown: 'unknown',
            checked: (date: string) => `checked on ${date}`,
            neverChecked: 'could not be checked yet',
            unproven: (count: number) =>
                plural('en', count, {
                    one: 'One model for which it is not proven',
                    other: `${count} models for which it is not proven`,
                }),
            kept: 'What is kept, where, and for how long',
            keptText: 'All that this service stores about you.',
            end: 'Delete my account',
            endText: 'Your account goes with everything in it: documents, conversations, assistants, keys. Nobody can bring it back.',
            endBegin: 'Delete my account…',
            endSure: 'This deletes everything at once and cannot be taken back. Export your data first if you want to keep it.',
            typeAddress: (email: string) => `To be sure, type your address: ${email}`,
            otherAddress: 'That is not the address of your account.',
            endNoPassword: 'You have no password? Choose one under “Sign-in and security” first.',
            endAction: 'Delete everything',
            ended: 'Your account and everything in it is deleted.',
        },
        settings: {
            title: 'Language and appearance',
            text: 'For this browser only.',
        },
    },

    // --- Administration ---------------------------------------------------------------------------------------------

    admin: {
        // Texts of the administration screens.
    },
};

/** What every language has. */
export type Strings = typeof en;
