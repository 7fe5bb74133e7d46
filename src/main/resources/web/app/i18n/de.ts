/** Deutsch. Was zu tun ist, steht in ./en. */
import type { Strings } from './en';
import { plural } from './plural';

export const de: Strings = {
    // --- Everywhere -------------------------------------------------------------------------------------------------

    common: {
        appName: 'CustomRAGAssistant',
        loading: 'Wird geladen …',
        retry: 'Nochmals versuchen',
        reload: 'Seite neu laden',
        close: 'Schließen',
        cancel: 'Abbrechen',
        save: 'Speichern',
        delete: 'Löschen',
        undo: 'Rückgängig',
        back: 'Zurück',
        loadMore: 'Mehr laden',
        more: 'Mehr',
        copy: 'Kopieren',
        copied: 'Kopiert',
        yes: 'Ja',
        no: 'Nein',
        optional: 'freiwillig',
        showPassword: 'Passwort anzeigen',
        hidePassword: 'Passwort verbergen',
        notFoundTitle: 'Nicht gefunden',
        notFoundText: 'Unter dieser Adresse gibt es nichts. Vielleicht wurde es gelöscht.',
        notAllowedTitle: 'Nicht erlaubt',
        notAllowedText: 'Diese Seite ist für die Verwaltung.',
        home: 'Zum Anfang',
        failedTitle: 'Das hat nicht geklappt',
        screenFailed: 'Diese Seite konnte nicht geladen werden.',
        language: 'Sprache',
        theme: 'Erscheinungsbild',
        themeSystem: 'Wie das System',
        themeLight: 'Hell',
        themeDark: 'Dunkel',
        seconds: (count: number) => plural('de', count, { one: '1 Sekunde', other: `${count} Sekunden` }),
    },

    // --- The frame around the screens -------------------------------------------------------------------------------

    shell: {
        skip: 'Zum Inhalt springen',
        navigation: 'Hauptnavigation',
        openNavigation: 'Navigation öffnen',
        closeNavigation: 'Navigation schließen',
        you: 'Sie',
        signOut: 'Abmelden',
        offline: 'Der Dienst ist nicht erreichbar. Was Sie geschrieben haben, bleibt hier; wir versuchen es weiter.',
        expiredTitle: 'Erneut anmelden',
        expiredText: 'Ihre Anmeldung ist abgelaufen. Melden Sie sich an, um weiterzumachen; nichts geht verloren.',
        startFailed: 'Die App erreicht den Dienst nicht.',
    },

    // --- Problems, by their kind; others are shown in the words of the service --------------------------------------

    problems: {
        network: 'Der Dienst ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es nochmals.',
        timeout: 'Der Dienst hat zu lange nicht geantwortet. Versuchen Sie es nochmals.',
        unreadable: 'Die Antwort des Dienstes war nicht lesbar. Versuchen Sie es nochmals.',
        'signed-out': 'Ihre Anmeldung ist abgelaufen. Melden Sie sich erneut an.',
        'internal-error': 'Bei uns ist etwas schiefgegangen. Versuchen Sie es später nochmals.',
        'not-found': 'Das gibt es nicht, oder nicht mehr.',
        'incorrect-credentials': 'Die E-Mail-Adresse oder das Passwort stimmt nicht.',
        'incorrect-code': 'Dieser Code stimmt nicht oder wurde schon benutzt.',
        'too-many-requests': 'Zu viele Versuche. Warten Sie etwas und versuchen Sie es nochmals.',
        busy: 'Der Dienst ist ausgelastet. Versuchen Sie es gleich nochmals.',
        validation: 'Berichtigen Sie die markierten Felder und versuchen Sie es nochmals.',
        'mfa-required':
            'Dieses Konto verlangt einen zweiten Schritt. Melden Sie sich nochmals an.',
        'invalid-mfa-token':
            'Das hat zu lange gedauert oder zu viele Versuche gebraucht. Melden Sie sich nochmals an.',
        'invalid-token': 'Dieser Link ist verbraucht oder zu alt.',
        'email-not-verified':
            'Bestätigen Sie erst Ihre E-Mail-Adresse: Öffnen Sie den Link in der Mail, die Sie bekommen haben.',
        'email-already-registered': 'Es gibt schon ein Konto mit dieser E-Mail-Adresse.',
        'account-inactive': 'Dieses Konto ist stillgelegt. Wenden Sie sich an die Verwaltung.',
        'sign-in-too-old':
            'Dafür müssen Sie sich vor Kurzem angemeldet haben. Versuchen Sie es nochmals, und melden Sie sich an, wenn Sie gefragt werden.',
        'second-factor-exists': 'Der zweite Schritt ist schon eingeschaltet.',
        'no-enrolment': 'Das Einrichten muss von vorn beginnen.',
        'too-many-api-keys':
            'Sie haben so viele API-Schlüssel, wie es geben darf. Widerrufen Sie einen, den Sie nicht mehr brauchen.',
        'last-way-to-sign-in':
            'Anders können Sie sich nicht anmelden. Legen Sie erst ein Passwort fest oder verbinden Sie einen anderen Anbieter.',
        'export-running':
            'Ihre Daten werden schon zusammengestellt. Warten Sie, bis das zu Ende ist.',
        'social-state-invalid':
            'Diese Anmeldung wurde nicht hier begonnen oder hat zu lange gedauert. Beginnen Sie von vorn.',
        'social-code-refused': 'Der Anbieter kennt diese Anmeldung nicht mehr. Beginnen Sie von vorn.',
        'social-token-refused':
            'Der Antwort des Anbieters war nicht zu trauen. Beginnen Sie von vorn, oder melden Sie sich anders an.',
        'social-access-denied':
            'Der Anbieter durfte nicht sagen, wer Sie sind. Beginnen Sie von vorn und stimmen Sie zu, oder melden Sie sich anders an.',
        'social-email-unverified':
            'Der Anbieter bestätigt Ihre E-Mail-Adresse nicht. Bestätigen Sie sie dort, oder melden Sie sich mit einem Passwort an und verbinden Sie den Anbieter in Ihrem Konto.',
        'social-account-not-linked':
            'Es gibt ein Konto mit dieser E-Mail-Adresse, die noch nicht bestätigt ist. Melden Sie sich mit dem Passwort an, und verbinden Sie den Anbieter dann in Ihrem Konto.',
        'social-identity-taken':
            'Dieses Konto beim Anbieter ist hier mit einem anderen Konto verbunden. Trennen Sie es dort zuerst.',
        'social-provider-failed':
            'Der Anbieter hat versagt. Versuchen Sie es später nochmals, oder melden Sie sich anders an.',
        'social-provider-timeout':
            'Der Anbieter antwortet nicht. Versuchen Sie es später nochmals, oder melden Sie sich anders an.',
    },

    problemWait: (wait: string) => `Versuchen Sie es in ${wait} nochmals.`,

    // What the service says about fields, in its words, and how it is said here

    fieldProblems: {
        'must not be null':
            'Bitte ausfüllen.',
        'must be an e-mail address of at most 254 characters':
            'Geben Sie eine E-Mail-Adresse ein, etwa name@example.org.',
        'must be 1 to 100 characters on one line':
            'Schreiben Sie 1 bis 100 Zeichen.',
        'must be 8 to 72 bytes long in UTF-8 (a letter outside of ASCII takes 2 to 4)':
            'Passwörter haben 8 bis 72 Zeichen; Umlaute und andere besondere Zeichen zählen als 2 bis 4.',
        'is one that many people use, and that attackers try first. Choose another, for example four or more words that have nothing to do with each other':
            'Dieses Passwort benutzen viele, und Angreifer versuchen es zuerst. Wählen Sie ein anderes, etwa vier Wörter, die nichts miteinander zu tun haben.',
        'consists mostly of your name, your e-mail address or the name of this service, which attackers try first. Choose another, for example four or more words that have nothing to do with each other':
            'Das besteht vor allem aus Ihrem Namen, Ihrer Adresse oder dem Namen dieses Dienstes, und Angreifer versuchen es zuerst. Wählen Sie ein anderes, etwa vier Wörter, die nichts miteinander zu tun haben.',
        'is the address of your account already':
            'Das ist schon die Adresse Ihres Kontos.',
        'must be in the future, and before the year 10000':
            'Wählen Sie einen Tag, der noch kommt.',
    },

    // --- Accounts: sign in, register, verify, forgot, reset, second factor ------------------------------------------

    auth: {
        signInTitle: 'Anmelden',
        signIn: 'Anmelden',
        signingIn: 'Anmeldung läuft …',
        email: 'E-Mail-Adresse',
        password: 'Passwort',
        noAccount: 'Noch kein Konto?',
        register: 'Konto anlegen',
        forgot: 'Passwort vergessen?',
        tagline: 'Antworten aus Ihren eigenen Dokumenten, mit Quellen.',
        missing: 'Bitte ausfüllen.',
        or: 'oder',
        goOnWith: (title: string) => `Weiter mit ${title}`,
        providerFailed:
            'Die Anmeldung beim Anbieter hat nicht geklappt. Versuchen Sie es nochmals, oder melden Sie sich anders an.',
        goOn: 'Weiter',
        toSignIn: 'Zurück zur Anmeldung',
        codeText: 'Öffnen Sie Ihre Authenticator-App, und geben Sie den Code ein, den sie für dieses Konto zeigt.',
        code: '6-stelliger Code',
        useRecoveryCode: 'Wiederherstellungscode benutzen',
        recoveryText:
            'Geben Sie einen der Wiederherstellungscodes ein, die Sie beim Einschalten des zweiten Schritts aufbewahrt haben. Jeder gilt einmal.',
        recoveryCode: 'Wiederherstellungscode',
        useApp: 'Authenticator-App benutzen',
        registerTitle: 'Konto anlegen',
        firstName: 'Vorname',
        lastName: 'Nachname',
        haveAccount: 'Sie haben schon ein Konto?',
        passwordHint:
            '8 Zeichen oder mehr. Vier Wörter, die nichts miteinander zu tun haben, sind leicht zu merken und schwer zu erraten.',
        passwordTooShort: 'Zu kurz: Nehmen Sie 8 Zeichen oder mehr.',
        passwordTooLong:
            'Zu lang: Es ist Platz für 72 Zeichen; Umlaute und andere besondere Zeichen brauchen 2 bis 4.',
        checkMailTitle: 'Sehen Sie in Ihre Mail',
        checkMailText: (email: string) =>
            `Wir haben eine Mail an ${email} geschickt. Öffnen Sie den Link darin, um zu bestätigen, dass die Adresse Ihre ist. Inzwischen können Sie weitermachen.`,
        sendAgain: 'Nochmals schicken',
        sendConfirmation: 'Neuen Link schicken',
        mailSent: (email: string) =>
            `Eine Mail an ${email} ist unterwegs. Das kann eine Minute dauern; sehen Sie auch im Spam nach.`,
        mailSentIfAny: (email: string) =>
            `Wenn ${email} damit etwas anfangen kann, ist eine Mail mit einem Link unterwegs. Das kann eine Minute dauern; sehen Sie auch im Spam nach.`,
        verifyTitle: 'E-Mail-Adresse bestätigen',
        verifyText:
            'Sie haben den Link geöffnet, den wir Ihnen geschickt haben. Bestätigen Sie, dass die Adresse Ihre ist, wenn Sie selbst darum gebeten haben.',
        verify: 'Adresse bestätigen',
        verifiedTitle: 'Ihre Adresse ist bestätigt',
        verifiedText: 'Vielen Dank. Mails zu Ihrem Konto gehen von nun an dorthin.',
        linkSpentTitle: 'Dieser Link gilt nicht mehr',
        linkSpentText:
            'Links gelten einmal und nur eine Zeit lang. Vielleicht ist Ihre Adresse schon bestätigt; sonst lassen Sie sich einen neuen Link schicken.',
        forgotTitle: 'Neues Passwort wählen',
        forgotText:
            'Geben Sie die Adresse Ihres Kontos ein. Wir schicken Ihnen einen Link, mit dem Sie ein neues Passwort wählen können; er gilt 30 Minuten.',
        sendLink: 'Link schicken',
        resetTitle: 'Ihr neues Passwort',
        resetText: 'Wählen Sie ein Passwort für Ihr Konto. Danach sind Sie auf allen Geräten abgemeldet.',
        newPassword: 'Neues Passwort',
        reset: 'Passwort festlegen',
        resetDoneTitle: 'Ihr Passwort ist festgelegt',
        resetDoneText: 'Melden Sie sich jetzt damit an. Auf allen Geräten wurden Sie abgemeldet.',
        resetSpentText:
            'Links für ein neues Passwort gelten einmal und 30 Minuten lang. Lassen Sie sich einen neuen schicken.',
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
