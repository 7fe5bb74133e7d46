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
            `Wir haben eine Mail an ${email} geschickt. Öffnen Sie den Link darin, um zu bestätigen, dass die Adresse Ihre ist. Inzwischen können Sie schon anfangen.`,
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
        title: 'Dokumente',
        add: 'Dateien hinzufügen',
        dropHere: 'Dateien hier loslassen',
        dropFor: 'Auch ganze Ordner',
        noFiles: 'Darin war keine Datei.',
        emptyTitle: 'Fügen Sie Ihre ersten Dokumente hinzu',
        emptyText:
            'Ziehen Sie Dateien oder Ordner irgendwo auf diese Seite, oder wählen Sie sie aus. Ihre Assistenten antworten aus deren Inhalt und zeigen Ihnen die Stelle.',
        choose: 'Dateien auswählen',
        kindsTaken:
            'PDF, Word, Excel, PowerPoint, OpenDocument, RTF, EPUB, HTML, Markdown, E-Mail, CSV, JSON und jeder reine Text',
        sizeTaken: (size: string) => `Bis zu ${size} je Datei`,
        stayPrivate: 'Nur Sie können Ihre Dateien sehen, durchsuchen und zitieren.',
        retained: 'Was wo aufbewahrt wird',
        search: 'Nach Namen suchen',
        state: 'Zustand',
        states: { all: 'Alle Zustände', ready: 'Bereit', working: 'In Arbeit', failed: 'Fehlgeschlagen' },
        order: 'Reihenfolge',
        orders: {
            '-created_at': 'Neueste zuerst',
            created_at: 'Älteste zuerst',
            filename: 'Name, A bis Z',
            '-filename': 'Name, Z bis A',
            '-size_bytes': 'Größte zuerst',
            size_bytes: 'Kleinste zuerst',
        },
        nothingFound: 'Nichts gefunden',
        nothingFoundText: 'Kein Dokument hat das im Namen und ist in diesem Zustand.',
        showAll: 'Alle Dokumente zeigen',
        shown: (count: number, more: boolean) =>
            more
                ? `${count} Dokumente angezeigt, es gibt mehr.`
                : plural('de', count, { one: '1 Dokument angezeigt.', other: `${count} Dokumente angezeigt.` }),
        list: 'Ihre Dokumente',
        usage: (documents: string, count: number, bytes: string, most: string) =>
            `${plural('de', count, { one: '1 Dokument', other: `${documents} Dokumente` })}, ${bytes} von ${most}`,
        usageLabel: 'Belegter Platz',
        almostFull: 'Ihr Platz ist fast aufgebraucht. Löschen Sie Dokumente, die Sie nicht brauchen.',
        status: {
            queued: 'Wartet auf das Lesen',
            parsing: 'Text wird gelesen',
            embedding: 'Wird durchsuchbar gemacht',
            ready: 'Bereit',
            failed: 'Fehlgeschlagen',
        },
        replacing: 'Eine neuere Datei wird gelesen; bis sie bereit ist, gilt die frühere Fassung.',
        downloading: 'Wird heruntergeladen …',
        pages: (count: number, number: string) => plural('de', count, { one: '1 Seite', other: `${number} Seiten` }),
        passages: (count: number, number: string) =>
            plural('de', count, { one: '1 Abschnitt', other: `${number} Abschnitte` }),
        added: (age: string) => `hinzugefügt ${age}`,
        withoutText: (count: number, pages: string) =>
            plural('de', count, {
                one: `Seite ${pages} enthält keinen lesbaren Text; was darauf steht, wird nicht gefunden.`,
                other: `Die Seiten ${pages} enthalten keinen lesbaren Text; was darauf steht, wird nicht gefunden.`,
            }),
        withoutTextAdvice:
            'Wenn sie eingescannt sind: Lassen Sie eine Texterkennung (OCR) über die Datei laufen, und ersetzen Sie sie durch das Ergebnis.',
        select: (name: string) => `${name} auswählen`,
        selectAll: 'Alle angezeigten auswählen',
        selected: (count: number) => `${count} ausgewählt`,
        clearSelection: 'Auswahl aufheben',
        deleteSelected: 'Löschen',
        actionsFor: (name: string) => `Aktionen für ${name}`,
        show: 'Zeigen, was der Assistent sieht',
        rename: 'Umbenennen',
        replace: 'Durch neuere Datei ersetzen',
        replaceFile: 'Datei ersetzen',
        download: 'Original herunterladen',
        readAgain: 'Nochmals lesen',
        tryAgain: 'Nochmals lesen',
        delete: 'Löschen',
        deleted: (name: string) => `„${name}“ wurde gelöscht.`,
        deletedSeveral: (count: number) => `${count} Dokumente wurden gelöscht.`,
        renameTitle: 'Dokument umbenennen',
        name: 'Name',
        nameMissing: 'Geben Sie einen Namen ein.',
        nameTooLong: 'Höchstens 255 Zeichen.',
        renamed: 'Der neue Name ist gespeichert.',
        queuedAgain: (name: string) => `„${name}“ wird nochmals gelesen.`,
        nowReady: (name: string) => `${name} ist bereit.`,
        nowFailed: (name: string) => `${name} konnte nicht gelesen werden.`,
        trouble: {
            download: (name: string) => `„${name}“ konnte nicht heruntergeladen werden.`,
            reread: (name: string) => `„${name}“ wird nicht nochmals gelesen.`,
            delete: (count: number) =>
                plural('de', count, {
                    one: 'Das Dokument konnte nicht gelöscht werden und ist noch da.',
                    other: `${count} Dokumente konnten nicht gelöscht werden und sind noch da.`,
                }),
        },
        dismiss: 'Ausblenden',
        uploads: 'Hochladen',
        uploadsRunning: (count: number) =>
            plural('de', count, { one: '1 Datei wird hochgeladen', other: `${count} Dateien werden hochgeladen` }),
        uploadsStopped: (count: number) =>
            plural('de', count, { one: '1 Datei braucht Ihre Aufmerksamkeit', other: `${count} Dateien brauchen Ihre Aufmerksamkeit` }),
        uploaded: (count: number) =>
            plural('de', count, { one: '1 Datei wurde hochgeladen.', other: `${count} Dateien wurden hochgeladen.` }),
        showThem: 'Zeigen',
        waiting: 'Wartet',
        moreWaiting: (count: number) => plural('de', count, { one: '1 weitere wartet.', other: `${count} weitere warten.` }),
        sending: (share: string) => `Wird hochgeladen, ${share}`,
        checking: 'Wird geprüft …',
        replaces: (name: string) => `ersetzt ${name}`,
        known: 'Diese Datei haben Sie schon:',
        unchanged: 'Das Dokument hat schon genau diesen Inhalt:',
        cancelUpload: (name: string) => `Hochladen von ${name} abbrechen`,
        retryUpload: (name: string) => `${name} nochmals hochladen`,
        dismissUpload: (name: string) => `${name} ausblenden`,
        retryAll: 'Alle nochmals versuchen',
        dismissAll: 'Alle ausblenden',
        refusals: {
            empty: 'Die Datei ist leer.',
            large: (size: string) => `Die Datei ist größer als ${size}. Verkleinern oder teilen Sie sie.`,
            room: (left: string) => `Dafür ist kein Platz: ${left} sind frei. Löschen Sie Dokumente, die Sie nicht brauchen.`,
            many: (most: string) => `Sie können ${most} Dokumente haben. Löschen Sie eines, das Sie nicht brauchen.`,
            office:
                'Das ist eine Office-Datei im Format von vor 2007. Speichern Sie sie als DOCX, XLSX oder PPTX, und fügen Sie diese hinzu.',
            picture: 'Bilder enthalten keinen Text. Lassen Sie eine Texterkennung (OCR) laufen, und fügen Sie das PDF hinzu.',
            media: 'Ton und Video können nicht gelesen werden. Fügen Sie eine Abschrift hinzu.',
            archive: 'Archive können nicht gelesen werden. Entpacken Sie es, und fügen Sie die Dateien darin hinzu.',
            program: 'Programme enthalten keinen Text zum Lesen.',
            foreign:
                'Dieses Format kann nicht gelesen werden. Exportieren Sie es als PDF, Word oder reinen Text, und fügen Sie das hinzu.',
            vanished:
                'Die Datei kann nicht mehr gelesen werden: Sie wurde geändert, verschoben oder gelöscht. Wählen Sie sie neu aus.',
        },
        problems: {
            'too-large': 'Die Datei ist zu groß. Verkleinern oder teilen Sie sie.',
            'quota-exceeded': 'Dafür ist kein Platz. Löschen Sie Dokumente, die Sie nicht brauchen.',
            'unsupported-file':
                'Der Inhalt dieser Datei kann nicht gelesen werden, oder sie ist geschützt. Entfernen Sie das Passwort, oder exportieren Sie sie als PDF, Word oder reinen Text.',
            'already-uploaded': 'Ein anderes Ihrer Dokumente hat denselben Inhalt oder wird ihn haben.',
            'ingestion-running': 'Das Dokument wird gerade gelesen. Warten Sie, bis es bereit ist, und versuchen Sie es nochmals.',
        },
        kind: {
            'application/pdf': 'PDF',
            'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'Word',
            'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'Excel',
            'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'PowerPoint',
            'application/vnd.oasis.opendocument.text': 'OpenDocument-Text',
            'application/vnd.oasis.opendocument.spreadsheet': 'OpenDocument-Tabelle',
            'application/vnd.oasis.opendocument.presentation': 'OpenDocument-Präsentation',
            'application/rtf': 'RTF',
            'application/epub+zip': 'EPUB',
            'text/html': 'HTML',
            'text/markdown': 'Markdown',
            'message/rfc822': 'E-Mail',
            'text/csv': 'Tabelle (CSV)',
            'application/json': 'JSON',
            'text/plain': 'Text',
        },
        facts: {
            kind: 'Art',
            size: 'Größe',
            pages: 'Seiten',
            passages: 'Abschnitte',
            added: 'Hinzugefügt',
            read: 'Zuletzt gelesen',
        },
        seenTitle: 'Was der Assistent sieht',
        seenText:
            'Der Text der Datei in den Abschnitten, die durchsucht und zitiert werden. Benachbarte können sich um ein paar Sätze überschneiden.',
        nothingSeen: 'Noch nichts: Die Datei ist noch nicht gelesen.',
        nothingSeenFailed: 'Nichts: Die Datei konnte nicht gelesen werden.',
        page: (page: string) => `Seite ${page}`,
    },

    // --- Assistants -------------------------------------------------------------------------------------------------

    assistants: {
        // Texts of the assistants screens.
    },

    // --- Account ----------------------------------------------------------------------------------------------------

    account: {
        title: 'Konto',
        sections: 'Teile Ihres Kontos',
        saved: 'Gespeichert',
        notCopied: 'Der Browser hat das Kopieren nicht erlaubt. Markieren und kopieren Sie den Text selbst.',
        currentPassword: 'Ihr Passwort',
        wrongPassword: 'Das ist nicht Ihr Passwort.',
        signInAgainTitle: 'Sind Sie es?',
        signInAgainText:
            'Ihre Anmeldung ist eine Weile her. Melden Sie sich noch einmal an; danach geht weiter, was Sie vorhatten.',
        profile: {
            title: 'Profil',
            name: 'Name',
            email: 'E-Mail-Adresse',
            confirmed: 'bestätigt',
            unconfirmed: 'nicht bestätigt',
            unconfirmedText:
                'Öffnen Sie den Link in der Mail, die wir Ihnen geschickt haben, und zeigen Sie so, dass die Adresse Ihre ist.',
            newEmail: 'Neue Adresse',
            newEmailHint: 'Wir schicken einen Link dorthin. Ihre Adresse ändert sich, wenn Sie ihn öffnen.',
            move: 'Adresse ändern',
            moveSent: (email: string) =>
                `Eine Mail an ${email} ist unterwegs. Ihre Adresse ändert sich, wenn Sie den Link darin innerhalb einer Stunde öffnen.`,
            since: (date: string) => `Ihr Konto gibt es seit ${date}.`,
        },
        security: {
            title: 'Anmeldung und Sicherheit',
            change: 'Passwort ändern',
            changed: 'Passwort geändert. Alle Ihre anderen Geräte sind abgemeldet.',
            noPassword: 'Vergessen, oder nie eines gehabt?',
            noPasswordText:
                'Wer sich über einen Anbieter anmeldet, hat zunächst kein Passwort. Wir schicken Ihnen einen Link, mit dem Sie eines wählen.',
        },
        mfa: {
            title: 'Zweiter Schritt',
            offText:
                'Mit einem zweiten Schritt genügt ein gestohlenes Passwort nicht: Danach geben Sie einen Code ein, den eine App auf Ihrem Telefon zeigt. Jede Authenticator-App ist geeignet.',
            setUp: 'Einrichten',
            qr: 'QR-Code für Ihre Authenticator-App',
            scan: 'Scannen Sie das Bild mit Ihrer Authenticator-App. Geben Sie dann den Code ein, den sie zeigt.',
            cannotScan: 'Sie können es nicht scannen?',
            typeSecret: 'Geben Sie diesen Schlüssel von Hand in die App ein (zeitbasiert, 6 Ziffern).',
            openApp: 'App auf diesem Gerät öffnen',
            confirmCode: 'Code der App',
            wrongCode: 'Das ist nicht der Code dieses Augenblicks. Geht die Uhr Ihres Telefons richtig?',
            turnOn: 'Einschalten',
            codes: 'Wiederherstellungscodes',
            codesText:
                'Bewahren Sie diese Wiederherstellungscodes jetzt auf: Sie werden nur dieses Mal gezeigt. Mit jedem kommen Sie einmal herein, wenn Sie Ihr Telefon verlieren.',
            codesFile: 'Wiederherstellungscodes von CustomRAGAssistant. Jeder gilt einmal.',
            download: 'Herunterladen',
            stored: 'Ich habe sie aufbewahrt',
            on: 'eingeschaltet',
            since: (date: string) => `seit ${date}`,
            onText: 'Wenn Sie sich anmelden, werden Sie nach einem Code Ihrer Authenticator-App gefragt.',
            codesLeft: (count: number) =>
                plural('de', count, {
                    one: 'Ein Wiederherstellungscode ist übrig.',
                    other:
                        count === 0
                            ? 'Es sind keine Wiederherstellungscodes übrig. Erstellen Sie neue.'
                            : `${count} Wiederherstellungscodes sind übrig.`,
                }),
            newCodes: 'Neue Wiederherstellungscodes',
            newCodesText: 'Sie bekommen zehn neue Codes. Die, die Sie haben, gelten dann nicht mehr.',
            turnOff: 'Ausschalten',
            turnOffText: 'Danach genügt Ihr Passwort, um sich anzumelden.',
            passwordHint: 'Lassen Sie es leer, wenn Sie sich über einen Anbieter anmelden und keines haben.',
            anyCode: 'Code der App oder ein Wiederherstellungscode',
            turnedOff: 'Der zweite Schritt ist ausgeschaltet.',
        },
        providers: {
            title: 'Anmeldung über Anbieter',
            text: 'Konten anderswo, mit denen Sie hier ohne Passwort hereinkommen.',
            since: (date: string) => `verbunden seit ${date}`,
            connect: 'Verbinden',
            connectNamed: (title: string) => `${title} verbinden`,
            connectedNow: 'Der Anbieter ist verbunden.',
            disconnect: 'Trennen',
            disconnectNamed: (title: string) => `${title} trennen`,
            disconnectText: (title: string) =>
                `Über ${title} können Sie sich dann nicht mehr anmelden. Ihr Konto dort bleibt, wie es ist.`,
            failed: 'Der Anbieter konnte nicht verbunden werden. Versuchen Sie es nochmals.',
        },
        devices: {
            title: 'Geräte',
            text: 'Wo Sie jetzt angemeldet sind. Ist eines davon nicht Ihres? Dann melden Sie es ab, und ändern Sie Ihr Passwort.',
            current: 'dieses Gerät',
            used: (age: string) => `Zuletzt benutzt ${age}`,
            since: (date: string) => `Angemeldet am ${date}`,
            endNamed: (device: string) => `Abmelden: ${device}`,
            ended: (device: string) => `${device} ist abgemeldet.`,
            notMe: 'Nicht Sie?',
            notMeNamed: (device: string) => `Nicht Sie? ${device}`,
            notMeTitle: 'War jemand anders in Ihrem Konto?',
            notMeText: (device: string) =>
                `Wir melden ${device} sofort ab. Wer es benutzt hat, kennt vielleicht Ihr Passwort; ändern Sie es deshalb gleich. Damit werden auch alle anderen Geräte abgemeldet.`,
            notMeAction: 'Abmelden und Passwort ändern',
            everywhere: 'Überall abmelden',
            everywhereText: 'Beendet alle Ihre Anmeldungen, auch diese. API-Schlüssel gelten weiter.',
            everywhereSure: 'Sie werden auf allen Geräten abgemeldet, auch hier, und müssen sich neu anmelden.',
        },
        keys: {
            title: 'API-Schlüssel',
            text: 'Mit einem Schlüssel tut ein Programm in Ihrem Namen, was Sie hier tun können; nur Ihr Konto ändern kann es nicht.',
            newKey: 'Neuer Schlüssel',
            name: 'Name',
            nameHint: 'Wofür er ist, etwa das Programm, das ihn benutzt.',
            until: 'Gilt',
            days: (count: number) =>
                count === 365 ? 'ein Jahr' : plural('de', count, { one: 'einen Tag', other: `${count} Tage` }),
            forEver: 'bis ich ihn widerrufe',
            date: 'bis zu einem Tag meiner Wahl',
            lastDay: 'Letzter Tag',
            make: 'Schlüssel erstellen',
            once: (name: string) => `Das ist der Schlüssel „${name}“. Kopieren Sie ihn jetzt: Er wird nur dieses Mal gezeigt.`,
            stored: 'Ich habe ihn aufbewahrt',
            yours: 'Ihre Schlüssel',
            none: 'Noch keine Schlüssel',
            noneText: 'Erstellen Sie einen für ein Programm, das mit Ihren Dokumenten und Assistenten arbeiten soll.',
            over: 'abgelaufen',
            used: (age: string) => `zuletzt benutzt ${age}`,
            neverUsed: 'nie benutzt',
            made: (date: string) => `erstellt am ${date}`,
            ends: (date: string) => `gilt bis ${date}`,
            endsNever: 'läuft nicht ab',
            revoke: 'Widerrufen',
            revokeNamed: (name: string) => `${name} widerrufen`,
            revokeText: 'Programme mit diesem Schlüssel werden sofort abgewiesen. Er lässt sich nicht zurückholen.',
        },
        activity: {
            title: 'Meine Aktivität',
            text: 'Was mit Ihrem Konto geschehen ist. Sehen Sie etwas, das Sie nicht waren? Dann sehen Sie hier nach:',
            none: 'Noch ist nichts geschehen',
            times: (count: number) => `${count}-mal`,
            refused: 'abgewiesen',
            byAdministrator: 'durch die Verwaltung',
            types: {
                registration: 'Konto angelegt',
                'sign-in': 'Anmeldung',
                'second-factor-asked': 'Nach dem zweiten Schritt gefragt',
                'second-factor-check': 'Code des zweiten Schritts',
                refresh: 'Angemeldet geblieben',
                'refresh-token-reuse': 'Anmeldung beendet, weil sie von zwei Stellen aus benutzt wurde',
                'sign-out': 'Abmeldung',
                'sign-out-everywhere': 'Abmeldung überall',
                'session-ended': 'Gerät abgemeldet',
                'password-change': 'Passwort geändert',
                'password-reset-request': 'Link für ein neues Passwort angefordert',
                'password-reset': 'Neues Passwort über einen Link gewählt',
                'email-verification': 'E-Mail-Adresse bestätigt',
                'email-change-request': 'Änderung der E-Mail-Adresse angefordert',
                'email-change': 'E-Mail-Adresse geändert',
                'second-factor-added': 'Zweiter Schritt eingeschaltet',
                'second-factor-removed': 'Zweiter Schritt ausgeschaltet',
                'recovery-codes-renewed': 'Neue Wiederherstellungscodes erstellt',
                'recovery-code-used': 'Wiederherstellungscode benutzt',
                'api-key-created': 'API-Schlüssel erstellt',
                'api-key-revoked': 'API-Schlüssel widerrufen',
                'api-key-use': 'API-Schlüssel benutzt',
                'provider-linked': 'Anbieter verbunden',
                'provider-unlinked': 'Anbieter getrennt',
                'account-deactivated': 'Konto stillgelegt',
                'account-reactivated': 'Konto wieder freigegeben',
                'account-deleted': 'Konto gelöscht',
                'role-granted': 'Rolle gegeben',
                'role-revoked': 'Rolle genommen',
                'data-export': 'Daten exportiert',
                'data-erasure': 'Daten gelöscht',
            },
            reasons: {
                password: 'mit dem Passwort',
                provider: 'über einen Anbieter',
                'password+totp': 'mit Passwort und App',
                'password+recovery-code': 'mit Passwort und Wiederherstellungscode',
                'provider+totp': 'über einen Anbieter, mit App',
                'provider+recovery-code': 'über einen Anbieter, mit Wiederherstellungscode',
                'wrong-password': 'falsches Passwort',
                'wrong-code': 'falscher Code',
                'expired-token': 'zu spät',
                'spent-token': 'schon benutzt',
                'unusable-token': 'zu spät, oder zu viele Versuche',
                'invalid-token': 'Link gilt nicht mehr',
                limited: 'zu viele Versuche',
                'unverified-address': 'Adresse nicht bestätigt',
                'inactive-account': 'Konto stillgelegt',
                'address-taken': 'Adresse eines anderen Kontos',
                'address-proven': 'weil die Adresse zum ersten Mal nachgewiesen wurde',
                admin: 'Verwaltung',
            },
        },
        usage: {
            title: 'Verbrauch und Budget',
            today: 'Heute',
            month: 'Dieser Monat',
            tokens: 'Tokens',
            tokensIn: (calls: number) => plural('de', calls, { one: 'Tokens in 1 Aufruf', other: `Tokens in ${calls} Aufrufen` }),
            noPrice: 'kein Preis bekannt',
            unpriced: (tokens: string) => `${tokens} Tokens haben keinen Preis und sind nicht dabei.`,
            budgets: 'Budgets',
            noBudgets: 'Niemand hat Ihnen eine Grenze gesetzt.',
            tokensPerDay: 'Tokens am Tag',
            tokensPerMonth: 'Tokens im Monat',
            moneyPerDay: 'Geld am Tag',
            moneyPerMonth: 'Geld im Monat',
            left: (used: string, limit: string, left: string) => `${used} von ${limit} verbraucht, ${left} übrig`,
            resets: (date: string) => `Beginnt neu am ${date}`,
            days: 'Tokens der letzten 30 Tage',
            most: (tokens: string) => `Höchstens an einem Tag: ${tokens}`,
            asTable: 'Als Tabelle',
            none: 'In diesen Tagen wurde nichts verbraucht.',
            day: 'Tag',
            calls: 'Aufrufe',
            cost: 'Kosten',
            models: 'Wofür sie gebraucht wurden',
            purpose: 'Für',
            model: 'Modell',
            purposes: {
                answer: 'Antworten',
                title: 'Titel von Gesprächen',
                condensing: 'Verstehen von Rückfragen',
                summary: 'Zusammenfassungen',
                question_embedding: 'Suchen',
                passage_embedding: 'Einlesen von Dokumenten',
            },
        },
        privacy: {
            title: 'Daten und Privatsphäre',
            export: 'Ihre Daten mitnehmen',
            exportText:
                'Ein Zip mit allem, was über Sie gespeichert ist: Ihre Dokumente, wie Sie sie hochgeladen haben, Gespräche, Assistenten, Verbrauch und Aktivität. Bei vielen Dokumenten kann es einige Minuten dauern.',
            exportAction: 'Meine Daten exportieren',
            exported: 'Ihre Daten sind gespeichert.',
            received: (size: string) => `bisher ${size}`,
            provider: 'Sprachmodelle',
            leaves: 'Fragen gehen an einen Modellanbieter',
            stays: 'nichts verlässt diesen Dienst',
            proven: 'nachgewiesen: dort wird nichts aufbewahrt',
            notProven: 'nicht nachgewiesen, dass dort nichts aufbewahrt wird',
            required: 'Modelle werden nur dort aufgerufen, wo nachgewiesen ist, dass nichts aufbewahrt wird.',
            unknown: 'unbekannt',
            checked: (date: string) => `geprüft am ${date}`,
            neverChecked: 'konnte noch nicht geprüft werden',
            unproven: (count: number) =>
                plural('de', count, {
                    one: 'Ein Modell, für das es nicht nachgewiesen ist',
                    other: `${count} Modelle, für die es nicht nachgewiesen ist`,
                }),
            kept: 'Was aufbewahrt wird, wo und wie lange',
            keptText: 'Alles, was dieser Dienst über Sie speichert, in den Worten des Dienstes.',
            end: 'Mein Konto löschen',
            endText:
                'Ihr Konto verschwindet mit allem darin: Dokumenten, Gesprächen, Assistenten, Schlüsseln. Niemand kann es zurückholen.',
            endBegin: 'Mein Konto löschen …',
            endSure:
                'Damit wird alles sofort gelöscht, und das lässt sich nicht zurücknehmen. Exportieren Sie vorher Ihre Daten, wenn Sie sie behalten wollen.',
            typeAddress: (email: string) => `Geben Sie zur Sicherheit Ihre Adresse ein: ${email}`,
            otherAddress: 'Das ist nicht die Adresse Ihres Kontos.',
            endNoPassword: 'Sie haben kein Passwort? Wählen Sie erst eines unter „Anmeldung und Sicherheit“.',
            endAction: 'Alles löschen',
            ended: 'Ihr Konto und alles darin ist gelöscht.',
        },
        settings: {
            title: 'Sprache und Erscheinungsbild',
            text: 'Nur für diesen Browser.',
        },
    },

    // --- Administration ---------------------------------------------------------------------------------------------

    admin: {
        // Texts of the administration screens.
    },
};
