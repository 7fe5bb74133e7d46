package dev.customrag.document.parsing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.customrag.document.parsing.ParsedDocument.Block;
import dev.customrag.document.parsing.ParsedDocument.Section;
import dev.customrag.testing.Settings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is taken of the replies of a process that may be in foreign hands. */
class ParserWireTest {

    private final ParsingConfig limits =
            Settings.with(ParsingConfig.class, Map.of("documents.parsing.max-characters", "100"));

    @Test
    void blocksAreTakenInTheirOrderAlone() throws Exception {
        var good = document(section("a", block(0, 2), block(2, 4)), section(null, block(5, 9)));
        assertThat(sent(good)).isEqualTo(good);

        refused(document(section("a", block(0, 2), block(0, 2))));
        refused(document(section("a", block(4, 6)), section("b", block(0, 2))));
        refused(document(section("a", block(0, 6), block(5, 9))));
        refused(document(section("a", block(2, 2))));
        refused(document(section("a", block(8, 11))));
    }

    @Test
    void sectionsHaveBlocksAndTitlesALimitTogether() throws Exception {
        refused(document());
        refused(document(section("a")));
        refused(document(section("a", block(0, 1)), section("b")));
        var long200 = "t".repeat(200);
        var twice = document(section(long200, block(0, 1)), section(long200, block(1, 2)));
        assertThat(sent(twice)).isEqualTo(twice);
        refused(document(section(long200, block(0, 1)), section(long200, block(1, 2)), section(long200, block(2, 3))));
        refused(new ParsedDocument("text", Collections.nCopies(5, section("a", block(0, 1))), null, List.of()));
    }

    @Test
    void namesOfHiddenClassesAreNamesToo() throws Exception {
        var bytes = new ByteArrayOutputStream();
        var damaged = new ParserWire.Damaged(List.of("a.B$$Lambda/0x00007f0001", "java.io.IOException"));
        ParserWire.write(damaged, new DataOutputStream(bytes));

        var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        assertThat(ParserWire.readReply(in, limits)).isEqualTo(damaged);
    }

    private void refused(ParsedDocument document) {
        assertThatExceptionOfType(StreamCorruptedException.class).isThrownBy(() -> sent(document));
    }

    private ParsedDocument sent(ParsedDocument document) throws IOException {
        var bytes = new ByteArrayOutputStream();
        ParserWire.write(new ParserWire.Text(document), new DataOutputStream(bytes));
        var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        return ((ParserWire.Text) ParserWire.readReply(in, limits)).document();
    }

    private static ParsedDocument document(Section... sections) {
        return new ParsedDocument("ten letter", List.of(sections), null, List.of());
    }

    private static Section section(String heading, Block... blocks) {
        return new Section(heading, List.of(blocks));
    }

    private static Block block(int start, int end) {
        return new Block(start, end, null);
    }
}
