package dev.customrag.document.parsing;

import static dev.customrag.document.parsing.Reading.detect;
import static dev.customrag.document.parsing.Reading.read;
import static dev.customrag.document.parsing.Reading.unreadable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.SampleFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextEncodingTest {

    private static final String RUSSIAN =
            "Договор аренды квартиры на Садовой улице. Арендная плата составляет тридцать "
                    + "тысяч рублей в месяц и вносится до пятого числа. Срок предупреждения о расторжении три месяца.";
    private static final String JAPANESE = "港町のアパートの賃貸借契約書です。家賃は月額九万五千円で、毎月三営業日までに支払うものとします。" + "解約の予告期間は三か月です。";
    private static final String SIMPLIFIED = "海港街公寓的租赁合同。租金为每月九百五十元，应在每月第三个工作日之前支付。解除合同的通知期限为三个月。";
    private static final String TRADITIONAL = "海港街公寓的租賃合約。租金為每月九百五十元，應在每月第三個工作日之前支付。解除合約的通知期限為三個月。";
    private static final String KOREAN = "항구 거리 아파트의 임대차 계약서입니다. 임대료는 매월 구십오만 원이며 매달 셋째 영업일까지 지급해야 합니다.";
    private static final String CZECH =
            "Smlouva o nájmu bytu v Přístavní ulici. Nájemné činí devět set padesát eur a je splatné třetí "
                    + "pracovní den v měsíci. Výpovědní lhůta je tři měsíce. Nájemce je povinen udržovat byt v čistotě, šetřit a "
                    + "žádat o svolení.";
    private static final String POLISH =
            "Umowa najmu mieszkania przy ulicy Portowej. Czynsz wynosi dziewięćset pięćdziesiąt euro i jest "
                    + "płatny trzeciego dnia roboczego miesiąca. Najemca jest zobowiązany utrzymywać mieszkanie w czystości, także "
                    + "wspólną łazienkę, oraz zgłaszać usterki właścicielowi.";
    private static final String HUNGARIAN =
            "A Kikötő utcai lakás bérleti szerződése. A bérleti díj kilencszázötven euró, amelyet a "
                    + "hónap harmadik munkanapján kell megfizetni. A felmondási idő három hónap.";
    private static final String GREEK =
            "Μισθωτήριο του διαμερίσματος στην οδό Λιμανιού. Το ενοίκιο είναι εννιακόσια πενήντα ευρώ και "
                    + "καταβάλλεται την τρίτη εργάσιμη ημέρα του μήνα.";
    private static final String TURKISH =
            "Liman Caddesi'ndeki dairenin kira sözleşmesi. Kira bedeli dokuz yüz elli avrodur ve ayın "
                    + "üçüncü iş gününde ödenir. Fesih bildirim süresi üç aydır. Kiracı daireyi temiz tutmakla yükümlüdür.";
    private static final String HEBREW =
            "חוזה שכירות של הדירה ברחוב הנמל. דמי השכירות הם תשע מאות וחמישים אירו וישולמו ביום העבודה השלישי.";
    private static final String ARABIC =
            "عقد إيجار الشقة في شارع الميناء. الإيجار تسعمائة وخمسون يورو ويدفع في يوم العمل الثالث من الشهر.";
    private static final String GERMAN =
            "Mietvertrag über die Wohnung in der Hafenstraße. Die Miete beträgt 950 Euro und ist am dritten "
                    + "Werktag fällig. Größere Schäden sind sofort zu melden.";
    private static final String FRENCH =
            "Le loyer de l’appartement est de 950 € et payable le troisième jour ouvré. Le préavis est de "
                    + "trois mois – à la fin du mois; voilà ce qui a été décidé à Genève.";

    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("Russian", RUSSIAN),
            Map.entry("Japanese", JAPANESE),
            Map.entry("Simplified", SIMPLIFIED),
            Map.entry("Traditional", TRADITIONAL),
            Map.entry("Korean", KOREAN),
            Map.entry("Czech", CZECH),
            Map.entry("Polish", POLISH),
            Map.entry("Hungarian", HUNGARIAN),
            Map.entry("Greek", GREEK),
            Map.entry("Turkish", TURKISH),
            Map.entry("Hebrew", HEBREW),
            Map.entry("Arabic", ARABIC),
            Map.entry("German", GERMAN),
            Map.entry("French", FRENCH));

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "Russian, windows-1251",
        "Russian, KOI8-R",
        "Russian, IBM866",
        "Russian, ISO-8859-5",
        "Japanese, Shift_JIS",
        "Japanese, EUC-JP",
        "Japanese, ISO-2022-JP",
        "Simplified, GB18030",
        "Simplified, GBK",
        "Traditional, Big5",
        "Korean, EUC-KR",
        "Korean, x-windows-949",
        "Czech, windows-1250",
        "Czech, ISO-8859-2",
        "Polish, windows-1250",
        "Polish, ISO-8859-2",
        "Hungarian, windows-1250",
        "Hungarian, ISO-8859-2",
        "Turkish, windows-1254",
        "Greek, windows-1253",
        "Greek, ISO-8859-7",
        "Hebrew, windows-1255",
        "Hebrew, ISO-8859-8",
        "Arabic, windows-1256",
        "Arabic, ISO-8859-6",
        "German, windows-1252",
        "German, ISO-8859-1",
        "French, windows-1252"
    })
    void textIsReadInWhateverEncodingItIsWritten(String language, String charset) {
        String text = TEXTS.get(language);
        byte[] bytes = text.getBytes(Charset.forName(charset));

        assertThat(detect(bytes, "notes.txt")).isEqualTo(FileType.TEXT);
        assertThat(read(FileType.TEXT, bytes).text()).isEqualTo(text);
        // The first accent comes after much that says nothing.
        byte[] late =
                concatenated("plain words and no more\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII), bytes);
        if (!charset.startsWith("ISO-2022")) {
            assertThat(read(FileType.TEXT, late).text()).endsWith(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void unicodeIsReadWithAndWithoutAMark(String charset) {
        for (String text : TEXTS.values()) {
            String lines = text + "\n" + text;
            for (String mark : new String[] {"", "\uFEFF"}) {
                byte[] bytes = (mark + lines).getBytes(Charset.forName(charset));

                assertThat(detect(bytes, "x.txt")).isEqualTo(FileType.TEXT);
                assertThat(read(FileType.TEXT, bytes).text()).isEqualTo(lines);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Größe: 5 €",
                "Café",
                "Grüße aus Köln – schön",
                "Müller;Köln;50667\nJäger;Zürich;8001\nWeiß;Düsseldorf;40210",
                "Señor Muñoz, ¿cómo está?",
                "créée à l’été",
                "Smörgåsbord på Åland, øl i København",
                "São Paulo não é a capital; a informação está na página três.",
                "Perché la città è più bella così? È già lunedì.",
                "ÄÖÜ ÄÖÜß ÜBERSICHT DER GRÖSSEN, STRASSEN UND MÄRKTE",
                "// größe\nint a = 5; // für alle\nString s = \"§ 5\";"
            })
    void fewWesternWordsAreEnough(String text) {
        assertThat(read(FileType.TEXT, SampleFiles.windows1252(text)).text()).isEqualTo(text);
    }

    @Test
    void oneBrokenCharacterDoesNotSpoilAFileInUtf8() {
        byte[] bytes = concatenated(RUSSIAN.getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 0xFF, '\n'});

        assertThat(read(FileType.TEXT, bytes).text()).startsWith(RUSSIAN);
    }

    @Test
    void aLargeFileIsReadNoFurtherThanItsTextMayGo() throws IOException {
        Path file = folder.resolve("large.txt");
        try (var out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < 200; i++) {
                out.write(" ".repeat(500_000) + "\nx\n");
            }
        }

        assertThat(read(FileType.TEXT, file, Map.of()).text()).hasSize(599 - 1);
        unreadable(
                        FileType.TEXT,
                        SampleFiles.text("word ".repeat(300_000)),
                        Map.of("documents.parsing.max-characters", "1000"))
                .withMessageContaining("1,000 characters");
        unreadable(
                        FileType.MARKDOWN,
                        SampleFiles.text("word ".repeat(300_000)),
                        Map.of("documents.parsing.max-characters", "1000"))
                .withMessageContaining("1,000 characters");
        unreadable(
                        FileType.HTML,
                        SampleFiles.text("<p>" + "word ".repeat(300_000)),
                        Map.of("documents.parsing.max-markup-size", "1M"))
                .withMessageContaining("larger than 1 MB");
    }

    private static byte[] concatenated(byte[]... parts) {
        var bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }
}
