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
    },

    problemWait: (wait: string) => `Versuchen Sie es in ${wait} nochmals.`,

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
