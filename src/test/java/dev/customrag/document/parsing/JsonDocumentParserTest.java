package dev.customrag.document.parsing;

import static dev.customrag.document.parsing.Reading.blocks;
import static dev.customrag.document.parsing.Reading.detect;
import static dev.customrag.document.parsing.Reading.read;
import static dev.customrag.document.parsing.Reading.unreadable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.SampleFiles;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonDocumentParserTest {

    @Test
    void eachValueIsALineWithItsPath() {
        assertThat(blocks(read(FileType.JSON, SampleFiles.text("""
                        {"name": "Ada", "born": 1815, "famous": true, "died": null, "note": "",
                         "address": {"city": "London", "post": {"code": "W1"}},
                         "tags": ["poet's daughter", "mathematician"], "grid": [[1, 2], [3.50]]}
                        """)))).containsExactly("""
                        name: Ada
                        born: 1815
                        famous: true
                        address.city: London
                        address.post.code: W1
                        tags: poet's daughter, mathematician
                        grid: 1, 2
                        grid: 3.50""");
    }

    @Test
    void eachObjectOfAnArrayIsABlock() {
        assertThat(blocks(read(FileType.JSON, SampleFiles.text("""
                        {"shop": "Harbour",
                         "orders": [
                           {"id": 7, "items": [{"name": "Desk"}, {"name": "Lamp"}], "to": {"city": "Bonn"}},
                           {"id": 8, "items": []}
                         ],
                         "open": false}
                        """))))
                .containsExactly(
                        "shop: Harbour",
                        "orders.id: 7\norders.items.name: Desk\norders.items.name: Lamp\norders.to.city: Bonn",
                        "orders.id: 8",
                        "open: false");
        assertThat(blocks(read(FileType.JSON, SampleFiles.text("[{\"a\": 1, \"b\": 2}, {\"a\": 3}]"))))
                .containsExactly("a: 1\nb: 2", "a: 3");
    }

    @Test
    void eachLineOfJsonLinesIsABlock() {
        byte[] lines = SampleFiles.text("{\"a\": 1, \"b\": [{\"c\": \"x\"}]}\n\n{\"a\": 2}\r\n");

        assertThat(detect(lines, "log.jsonl")).isEqualTo(FileType.JSON);
        assertThat(blocks(read(FileType.JSON, lines))).containsExactly("a: 1\nb.c: x", "a: 2");
    }

    @Test
    void aLineThatIsNoJsonStaysAsItIs() {
        byte[] log = SampleFiles.text("{\"event\": \"started\", \"port\": 80}\n".repeat(3_000)
                + "java.lang.IllegalStateException: no port\n\tat Server.start\n"
                + "{\"event\": \"stopped\"}\n{\"event\": \"star");

        assertThat(detect(log, "server.log")).isEqualTo(FileType.JSON);
        assertThat(blocks(read(FileType.JSON, log)))
                .hasSize(3_003)
                .endsWith(
                        "event: started\nport: 80",
                        "java.lang.IllegalStateException: no port\nat Server.start",
                        "event: stopped",
                        "{\"event\": \"star");
    }

    @Test
    void aDocumentThatIsCutStaysDamagedHoweverLongItIs() {
        byte[] json = SampleFiles.text("[\n" + "{\"a\": 1},\n".repeat(20_000));

        assertThat(detect(json, "x")).isEqualTo(FileType.JSON);
        unreadable(FileType.JSON, json).withMessageContaining("damaged");
    }

    @Test
    void jsonIsKnownByItsBytes() {
        assertThat(detect(SampleFiles.text("\n [1, {\"a\": \"b\"}]"), "x.txt")).isEqualTo(FileType.JSON);
        assertThat(detect("{\"ä\": 1}".getBytes(StandardCharsets.UTF_16LE), "x"))
                .isEqualTo(FileType.JSON);
        assertThat(detect(SampleFiles.text("{\"a\": \"" + "long ".repeat(20_000) + "\"}"), "x"))
                .isEqualTo(FileType.JSON);
        assertThat(detect(SampleFiles.text("{\"a\": [" + "true, ".repeat(20_000) + "1]}"), "x"))
                .isEqualTo(FileType.JSON);
        assertThat(detect(SampleFiles.text("[1] Lovelace, Notes. [2] Hopper."), "notes.json"))
                .isEqualTo(FileType.TEXT);
        assertThat(detect(SampleFiles.text("{curly} words"), "x.json")).isEqualTo(FileType.TEXT);
        assertThat(detect(SampleFiles.text("[".repeat(100_000)), "x.md")).isEqualTo(FileType.MARKDOWN);
        assertThat(detect(SampleFiles.text("[".repeat(100_000)), "x.txt")).isEqualTo(FileType.JSON);
        assertThat(detect(SampleFiles.text("[link](https://example.org)"), "x.md"))
                .isEqualTo(FileType.MARKDOWN);
    }

    @Test
    void aDamagedFileSaysSo() {
        byte[] json = SampleFiles.text("{\"name\": \"Ada\", \"address\": {\"city\": \"London\"}}");

        assertThat(detect(SampleFiles.truncated(json), "x.json")).isEqualTo(FileType.JSON);
        unreadable(FileType.JSON, SampleFiles.truncated(json)).withMessageContaining("damaged");
        unreadable(FileType.JSON, SampleFiles.text("{\"a\": 1} rubbish")).withMessageContaining("damaged");
        unreadable(FileType.JSON, SampleFiles.text("{\"a\": [null, {}]}")).withMessageContaining("No readable text");
    }

    @Test
    void nestingIsBounded() {
        String deep = "{\"a\":".repeat(400) + "\"bottom\"" + "}".repeat(400);

        assertThat(blocks(read(FileType.JSON, SampleFiles.text(deep))).getFirst())
                .endsWith(".a.a: bottom")
                .hasSizeLessThan(300);
        unreadable(FileType.JSON, SampleFiles.text("[".repeat(600))).withMessageContaining("nested more deeply");
        assertThat(detect(SampleFiles.text("[".repeat(100_000)), "x.json")).isEqualTo(FileType.JSON);
    }

    @Test
    void encodedBytesAreLeftOut() {
        String picture = "iVBORw0KGgo/AAA+".repeat(20);

        assertThat(blocks(read(FileType.JSON, SampleFiles.text("""
                        {"a": "%1$s", "b": "%2$s\\n", "c": "data:image/png;base64,iVBO", "d": ["x", "%1$s", "y"],
                         "sha512": "%3$s", "words": "%4$s", "e": "data: none"}
                        """.formatted(
                                picture, picture.replace("+", "+\\n"), "0123abcd".repeat(16), "long ".repeat(50)))))
                        .getFirst())
                .isEqualTo("d: x, y\nsha512: " + "0123abcd".repeat(16) + "\nwords: "
                        + "long ".repeat(50).strip() + "\ne: data: none");
    }

    @Test
    void linesOfANotebookStayLines() {
        assertThat(blocks(read(FileType.JSON, SampleFiles.text("""
                        {"cells": [{"cell_type": "code", "source": ["import os\\n", "\\n", "print(os.name)"]},
                                   {"cell_type": "markdown", "source": ["One, "], "tags": ["a", "b"]}]}
                        """))))
                .containsExactly(
                        "cells.cell_type: code\ncells.source: import os\nprint(os.name)",
                        "cells.cell_type: markdown\ncells.source: One,\ncells.tags: a, b");
    }

    @Test
    void longArraysAndLongObjectsAreSeveralBlocks() {
        assertThat(blocks(read(FileType.JSON, SampleFiles.text("{\"n\": [" + "1234567, ".repeat(10_000) + "1]}"))))
                .hasSizeGreaterThan(40)
                .allSatisfy(block -> assertThat(block).startsWith("n: 1").hasSizeLessThan(2_100));
    }
}
