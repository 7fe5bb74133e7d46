package dev.customrag.document.parsing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Valid files made a little, or much, less valid. The same random numbers make the same file. */
final class Mutations {

    private static final int LARGEST = 2 * 1024 * 1024;
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern TAG = Pattern.compile("<[^>]{0,200}>");
    private static final List<String> NUMBERS =
            List.of("0", "-1", "1", "255", "65536", "2147483647", "2147483648", "9999999999999999999", "1e308", "NaN");
    private static final List<String> INTRUDERS = List.of(
            "\u0000",
            "\uFEFF",
            "\u202E",
            "&#0;",
            "&#xD800;",
            "&nope;",
            "]]>",
            "<![CDATA[",
            "<!--",
            "<!DOCTYPE a [<!ENTITY b \"c\">]>",
            "endobj",
            "endstream",
            "\\u",
            "{\\",
            "\"",
            "\r\n\r\n--",
            "\t,;|");

    private final RandomGenerator random;
    private final List<byte[]> others;

    /**
     * @param others what parts are spliced in from
     */
    Mutations(RandomGenerator random, List<byte[]> others) {
        this.random = random;
        this.others = others;
    }

    /** One to four changes after one another. */
    byte[] of(byte[] file) {
        byte[] mutated = file;
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            mutated = isZip(mutated) && random.nextInt(4) > 0 ? insideZip(mutated) : once(mutated);
            if (mutated.length > LARGEST) {
                mutated = Arrays.copyOf(mutated, LARGEST);
            }
        }
        return mutated;
    }

    private byte[] once(byte[] file) {
        return switch (random.nextInt(10)) {
            case 0, 1 -> flipped(file);
            case 2 -> Arrays.copyOf(file, random.nextInt(file.length + 1));
            case 3 -> without(file);
            case 4 -> spliced(file);
            case 5 -> repeated(file);
            case 6 -> replaced(file, NUMBER, NUMBERS.get(random.nextInt(NUMBERS.size())));
            case 7 -> intruded(file, INTRUDERS.get(random.nextInt(INTRUDERS.size())));
            case 8 -> swappedTags(file);
            default -> replaced(file, TAG, random.nextBoolean() ? "" : "<x>".repeat(random.nextInt(1, 2_000)));
        };
    }

    private byte[] flipped(byte[] file) {
        byte[] flipped = file.clone();
        for (int i = flipped.length == 0 ? 0 : random.nextInt(1, 20); i > 0; i--) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private byte[] without(byte[] file) {
        int from = random.nextInt(file.length + 1);
        int to = from + random.nextInt(Math.min(512, file.length - from + 1));
        return joined(Arrays.copyOf(file, from), Arrays.copyOfRange(file, to, file.length));
    }

    private byte[] spliced(byte[] file) {
        byte[] other = others.get(random.nextInt(others.size()));
        int from = random.nextInt(other.length + 1);
        int to = from + random.nextInt(other.length - from + 1);
        int at = random.nextInt(file.length + 1);
        return joined(
                Arrays.copyOf(file, at),
                Arrays.copyOfRange(other, from, to),
                Arrays.copyOfRange(file, random.nextBoolean() ? at : file.length, file.length));
    }

    private byte[] repeated(byte[] file) {
        int from = random.nextInt(file.length + 1);
        int to = from + random.nextInt(Math.min(2_000, file.length - from + 1));
        byte[] part = Arrays.copyOfRange(file, from, to);
        var repeated = new ByteArrayOutputStream();
        repeated.write(file, 0, to);
        for (int i = random.nextInt(1, 200); i > 0; i--) {
            repeated.writeBytes(part);
        }
        repeated.write(file, to, file.length - to);
        return repeated.toByteArray();
    }

    private byte[] intruded(byte[] file, String intruder) {
        int at = random.nextInt(file.length + 1);
        return joined(
                Arrays.copyOf(file, at),
                intruder.getBytes(StandardCharsets.UTF_8),
                Arrays.copyOfRange(file, at, file.length));
    }

    private byte[] replaced(byte[] file, Pattern pattern, String replacement) {
        String text = latin(file);
        List<MatchResult> found = pattern.matcher(text).results().toList();
        if (found.isEmpty()) {
            return flipped(file);
        }
        MatchResult one = found.get(random.nextInt(found.size()));
        return latin(text.substring(0, one.start()) + replacement + text.substring(one.end()));
    }

    private byte[] swappedTags(byte[] file) {
        String text = latin(file);
        List<MatchResult> found = TAG.matcher(text).results().toList();
        if (found.size() < 2) {
            return flipped(file);
        }
        int first = random.nextInt(found.size() - 1);
        MatchResult one = found.get(first);
        MatchResult two = found.get(random.nextInt(first + 1, found.size()));
        return latin(text.substring(0, one.start())
                + two.group()
                + text.substring(one.end(), two.start())
                + one.group()
                + text.substring(two.end()));
    }

    /** Changes one entry, leaves one out or adds one, in an archive that is whole. */
    private byte[] insideZip(byte[] archive) {
        try {
            Map<String, byte[]> entries = entries(archive);
            if (entries.isEmpty()) {
                return once(archive);
            }
            var names = new ArrayList<>(entries.keySet());
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(8)) {
                case 0 -> entries.remove(name);
                case 1 -> entries.put(name + random.nextInt(10), entries.get(name));
                case 2 -> entries.put("../" + name, entries.remove(name));
                default -> entries.put(name, once(entries.get(name)));
            }
            return zip(entries);
        } catch (IOException | IllegalArgumentException notWholeAnyMore) {
            return once(archive);
        }
    }

    private static Map<String, byte[]> entries(byte[] archive) throws IOException {
        var entries = new LinkedHashMap<String, byte[]>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readNBytes(LARGEST));
            }
        } catch (ZipException brokenOff) {
            // What comes before is as good as any.
        }
        return entries;
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static boolean isZip(byte[] file) {
        return file.length > 4 && file[0] == 'P' && file[1] == 'K' && file[2] == 3 && file[3] == 4;
    }

    private static byte[] joined(byte[]... parts) {
        var joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
