package dev.customrag.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What somebody got who asked for all that is stored about them. */
public final class ExportedZip {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, byte[]> files = new LinkedHashMap<>();

    private ExportedZip(byte[] zip) throws IOException {
        try (var in = new ZipInputStream(new ByteArrayInputStream(zip), StandardCharsets.UTF_8)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (files.put(entry.getName(), in.readAllBytes()) != null) {
                    throw new AssertionError(entry.getName() + " is there twice");
                }
            }
        }
    }

    /** Reads one. */
    public static ExportedZip of(byte[] zip) {
        try {
            return new ExportedZip(zip);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A person's. */
    public static ExportedZip of(Person person) {
        return of(person.request()
                .get("/privacy/export")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray());
    }

    /** In the order in which they were written. */
    public List<String> paths() {
        return List.copyOf(files.keySet());
    }

    public byte[] bytes(String path) {
        if (!files.containsKey(path)) {
            throw new AssertionError(path + " is not among " + paths());
        }
        return files.get(path);
    }

    public String text(String path) {
        return new String(bytes(path), StandardCharsets.UTF_8);
    }

    public JsonNode json(String path) {
        return read(text(path));
    }

    /** The values of a file that has one in each line. */
    public List<JsonNode> lines(String path) {
        return text(path).lines().map(ExportedZip::read).toList();
    }

    /** All of it, paths included, one file after the other. */
    public String whole() {
        return files.entrySet().stream()
                .map(file -> file.getKey() + "\n" + new String(file.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("\n"));
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
