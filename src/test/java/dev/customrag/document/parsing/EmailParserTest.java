package dev.customrag.document.parsing;

import static dev.customrag.document.parsing.Reading.blocks;
import static dev.customrag.document.parsing.Reading.detect;
import static dev.customrag.document.parsing.Reading.headings;
import static dev.customrag.document.parsing.Reading.read;
import static dev.customrag.document.parsing.Reading.unreadable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.SampleFiles;
import java.nio.charset.Charset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmailParserTest {

    private static final String HEADER = "From: Ada <ada@example.org>\nDate: Mon, 3 Mar 2025 10:00:00 +0100\n";

    @Test
    void theSubjectHeadsWhoWroteToWhomAndTheText() {
        ParsedDocument mail = read(FileType.EMAIL, SampleFiles.text("""
                Received: from mail.example.org by mx.example.org; Mon, 3 Mar 2025 10:00:01 +0100
                From: =?utf-8?Q?Ada_L=C3=B6velace?= <ada@example.org>
                To: "Hopper, Grace" <grace@example.org>,
                 Alan <alan@example.org>
                Cc: Mary <mary@example.org>
                Subject: =?utf-8?B?TWlldGUgZsO8ciBk?=
                 =?utf-8?B?YXMgQsO8cm8=?=
                Date: Mon, 3 Mar 2025 10:00:00 +0100
                MIME-Version: 1.0
                Content-Type: text/plain; charset=iso-8859-1
                Content-Transfer-Encoding: quoted-printable

                Die Miete betr=E4gt 950 =80 und ist am dritten=
                 Werktag f=E4llig.

                Ada
                """));

        assertThat(headings(mail)).containsExactly("Miete für das Büro");
        assertThat(blocks(mail))
                .containsExactly(
                        "Miete für das Büro", """
                        From: Ada Lövelace <ada@example.org>
                        To: "Hopper, Grace" <grace@example.org>, Alan <alan@example.org>
                        Cc: Mary <mary@example.org>
                        Date: Mon, 3 Mar 2025 10:00:00 +0100""", "Die Miete beträgt 950 € und ist am dritten Werktag fällig.", "Ada");
    }

    @Test
    void ofAlternativesThePlainOneIsReadUnlessItSaysNothing() {
        String mail = """
                Subject: Offer
                MIME-Version: 1.0
                Content-Type: multipart/alternative; boundary=b

                --b
                Content-Type: text/plain; charset=utf-8

                PLAIN
                --b
                Content-Type: multipart/related; boundary=r

                --r
                Content-Type: text/html; charset=utf-8

                <h2>Terms</h2><p>The <b>desk</b> costs 412 euros and is delivered in May.</p><p style="display:none">x</p>
                --r
                Content-Type: image/png; name=logo.png
                Content-Transfer-Encoding: base64

                iVBORw0KGgo=
                --r--
                --b--
                """;

        assertThat(blocks(read(FileType.EMAIL, mail(mail.replace("PLAIN", "The desk costs 412 euros, in May.")))))
                .contains("The desk costs 412 euros, in May.", "Attachments: logo.png")
                .doesNotContain("Terms");
        ParsedDocument html = read(FileType.EMAIL, mail(mail.replace("PLAIN", "See HTML.")));
        assertThat(headings(html)).containsExactly("Offer", "Terms");
        assertThat(blocks(html))
                .contains("The desk costs 412 euros and is delivered in May.")
                .doesNotContain("See HTML.");
    }

    @Test
    void attachedFilesAreNamedAndAttachedMessagesRead() {
        ParsedDocument mail = read(FileType.EMAIL, mail("""
                Subject: Fwd
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary="o u t"

                A preamble nobody sees.
                --o u t

                See below.
                --o u t
                Content-Type: message/rfc822

                From: Grace <grace@example.org>
                Subject: The inner one
                MIME-Version: 1.0
                Content-Type: text/html

                <p>The bug was a moth.</p>
                --o u t
                Content-Type: application/pdf
                Content-Disposition: attachment; filename*0*=UTF-8''Miet; filename*1*=vertrag%20K%C3%B6ln.pdf

                %PDF-
                --o u t
                Content-Type: text/plain; name="=?utf-8?Q?Gr=C3=BC=C3=9Fe.txt?="
                Content-Disposition: attachment

                not read
                --o u t--
                """));

        assertThat(headings(mail)).containsExactly("Fwd", "The inner one");
        assertThat(blocks(mail))
                .containsExactly(
                        "Fwd",
                        "From: Ada <ada@example.org>\nDate: Mon, 3 Mar 2025 10:00:00 +0100",
                        "See below.",
                        "Attachments: Mietvertrag Köln.pdf, Grüße.txt",
                        "The inner one",
                        "From: Grace <grace@example.org>",
                        "The bug was a moth.");
    }

    @Test
    void withoutADeclaredCharsetTheBytesTell() {
        String header = HEADER + "Subject: Договор аренды\nMIME-Version: 1.0\n";
        String body = "\nАрендная плата составляет тридцать тысяч рублей в месяц и вносится до пятого числа.\n";
        for (String charset : new String[] {"windows-1251", "KOI8-R", "UTF-8"}) {
            for (String declared : new String[] {"", "Content-Type: text/plain; charset=x-nonsense\n"}) {
                byte[] mail = (header + declared + body).getBytes(Charset.forName(charset));

                assertThat(detect(mail, "x.eml")).isEqualTo(FileType.EMAIL);
                assertThat(blocks(read(FileType.EMAIL, mail))).contains("Договор аренды", body.strip());
            }
        }
    }

    @Test
    void flowedLinesAreJoined() {
        assertThat(blocks(read(FileType.EMAIL, mail("""
                        Content-Type: text/plain; format=flowed

                        The notice period \s
                        is three months.
                        -- \s
                        Ada
                        """.replace(" \s", " ")))))
                .contains("The notice period is three months.\n--\nAda");
    }

    @Test
    void anEncryptedOrCutOffMessageSaysSo() {
        String multipart = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nThe first half\n--b\n\nthe sec";

        unreadable(FileType.EMAIL, mail("Content-Type: multipart/encrypted; boundary=b\n\n--b\n\nx\n--b--\n"))
                .withMessageContaining("encrypted");
        unreadable(FileType.EMAIL, mail("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx"))
                .withMessageContaining("encrypted");
        unreadable(FileType.EMAIL, mail(multipart)).withMessageContaining("damaged or incomplete");
    }

    @Test
    void nestingAndSizeAreBounded() {
        String message = "Subject: Deeper\nContent-Type: message/rfc822\n\n";

        assertThat(headings(read(FileType.EMAIL, mail(message.repeat(10) + "Subject: Bottom\n\nHere."))))
                .contains("Bottom");
        unreadable(FileType.EMAIL, mail(message.repeat(5_000))).withMessageContaining("nested more deeply");
        unreadable(
                        FileType.EMAIL,
                        mail("\n" + "x".repeat(2_000_000)),
                        Map.of("documents.parsing.max-markup-size", "1M"))
                .withMessageContaining("larger than 1 MB");
    }

    @Test
    void mailIsKnownByItsHeader() {
        assertThat(detect(mail("Message-ID: <1@example.org>\n\nText"), "message"))
                .isEqualTo(FileType.EMAIL);
        assertThat(detect(SampleFiles.text("X-Unsent: 1\nSubject: Draft\n\nText"), "draft.eml"))
                .isEqualTo(FileType.EMAIL);
        assertThat(detect(SampleFiles.text("From: me\nTo: you\nDate: today\nProject: secret\n\nA memo."), "note.txt"))
                .isEqualTo(FileType.TEXT);
        assertThat(detect(SampleFiles.text("Date: today\nNo header this\nFrom: x\n\n"), "note.eml"))
                .isEqualTo(FileType.TEXT);
        assertThat(detect(SampleFiles.text("---\nfrom: a\ndate: b\n---\n"), "note.md"))
                .isEqualTo(FileType.MARKDOWN);
    }

    @Test
    void whatStandsBeforeTheHeaderIsOverlooked() {
        for (String before : new String[] {
            "\uFEFF", "\r\n\n", "From ada@example.org Mon Mar  3 10:00:00 2025\r\n", "\uFEFF\nFrom ada Mon\n"
        }) {
            byte[] mail = SampleFiles.text(before + HEADER + "Subject: Desks\n\nOf oak.");

            assertThat(detect(mail, "a.eml")).isEqualTo(FileType.EMAIL);
            assertThat(headings(read(FileType.EMAIL, mail))).containsExactly("Desks");
            assertThat(blocks(read(FileType.EMAIL, mail))).hasSize(3).endsWith("Of oak.");
            assertThat(detect(mail, "a.txt")).isEqualTo(FileType.TEXT);
        }
        assertThat(detect(SampleFiles.text("From here on:\n\nnothing"), "a.eml"))
                .isEqualTo(FileType.TEXT);
    }

    private static byte[] mail(String rest) {
        return SampleFiles.text(HEADER + rest);
    }
}
