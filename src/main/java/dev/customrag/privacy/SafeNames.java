package dev.customrag.privacy;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Paths for what people named. Whatever the name, a path stays in its folder, can be written on Linux, macOS and Windows,
 * and differs from all others in more than case and forms of letters, which some of these take for the same.
 */
final class SafeNames {

    private static final String NAMELESS = "file";

    /** A name may have 255 bytes on Linux; with room for a number. */
    private static final int MOST_BYTES = 200;

    private static final int LONGEST_EXTENSION = 20;

    /** Letters that are not seen, which also hide the end of a name or its direction. */
    private static final Pattern INVISIBLE = Pattern.compile("\\p{Cf}");

    /** What Windows refuses, slashes included, and what is no character. */
    private static final Pattern FORBIDDEN =
            Pattern.compile("[\"*/:<>?\\\\|\\p{Cc}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}]");

    /** Windows drops them at the end; dots alone would be a way out of the folder. */
    private static final Pattern EDGES = Pattern.compile("^\\p{Z}+|[.\\p{Z}]+$");

    /** Windows has devices of these names, with whatever extension. */
    private static final Pattern DEVICE =
            Pattern.compile("(con|prn|aux|nul|(com|lpt)[0-9¹²³])\\s*(\\..*)?", Pattern.CASE_INSENSITIVE);

    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> times = new HashMap<>();

    /** A path of the folder, which ends with a slash. The second of the same name gets a number, and so on. */
    String path(String folder, String name) {
        String safe = safe(name);
        String wanted = folded(folder + safe);
        String path;
        do {
            int number = times.merge(wanted, 1, Integer::sum);
            path = folder + (number == 1 ? safe : numbered(safe, number));
        } while (!taken.add(folded(path)));
        return path;
    }

    private static String safe(String name) {
        String safe = INVISIBLE
                .matcher(Normalizer.normalize(name, Normalizer.Form.NFC))
                .replaceAll("");
        safe = FORBIDDEN.matcher(safe).replaceAll("_");
        safe = EDGES.matcher(shortened(EDGES.matcher(safe).replaceAll(""))).replaceAll("");
        if (safe.isEmpty()) {
            return NAMELESS;
        }
        return DEVICE.matcher(safe).matches() ? "_" + safe : safe;
    }

    /** The end goes, but not the extension. */
    private static String shortened(String name) {
        if (bytes(name) <= MOST_BYTES) {
            return name;
        }
        String extension = name.substring(extensionOf(name));
        if (bytes(extension) > LONGEST_EXTENSION) {
            extension = "";
        }
        var kept = new StringBuilder();
        int left = MOST_BYTES - bytes(extension);
        for (int character : name.codePoints().toArray()) {
            left -= bytes(Character.toString(character));
            if (left < 0) {
                break;
            }
            kept.appendCodePoint(character);
        }
        return kept + extension;
    }

    private static String numbered(String name, int number) {
        int end = extensionOf(name);
        return name.substring(0, end) + " (" + number + ")" + name.substring(end);
    }

    /** Where it begins; the end of the name where there is none. */
    private static int extensionOf(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? dot : name.length();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String folded(String path) {
        return Normalizer.normalize(path, Normalizer.Form.NFKC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }
}
