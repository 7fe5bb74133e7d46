package dev.customrag.document;

import dev.customrag.http.Problem;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Names of files as people give them: any script, but one line, no path, and no tricks with the writing direction. */
final class Filename {

    private static final int MAX_LENGTH = 255;
    private static final int MAX_EXTENSION = 20;
    private static final String NAMELESS = "document";

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final Pattern PATH = Pattern.compile("^.*[/\\\\]", Pattern.DOTALL);
    private static final Pattern UNWANTED = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}]");
    private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}]+");

    private Filename() {}

    /** What to store for the name a client sent. */
    static String clean(String sent) {
        String name = shortened(tidy(sent));
        return isNone(name) ? NAMELESS : name;
    }

    /**
     * What to store for a name that somebody chose, who is told if it does not do.
     *
     * @throws Problem 422 if nothing is left of it, or too much
     */
    static String chosen(String sent) {
        String name = tidy(sent);
        if (isNone(name)) {
            throw Problem.invalid("filename", "must be a name");
        }
        if (name.length() > MAX_LENGTH) {
            throw Problem.invalid("filename", "must be at most " + MAX_LENGTH + " characters long");
        }
        return name;
    }

    private static String tidy(String sent) {
        String name = PATH.matcher(sent == null ? "" : sent).replaceFirst("");
        name = SPACES.matcher(name).replaceAll(" ");
        name = UNWANTED.matcher(name).replaceAll("").strip();
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    private static boolean isNone(String name) {
        return name.isEmpty() || name.equals(".") || name.equals("..");
    }

    /** {@code Content-Disposition} for a download: RFC 6266, with the plain form for clients that know no other. */
    static String attachment(String name) {
        String plain = name.replaceAll("[^ -~]", "_").replaceAll("[\"\\\\%]", "_");
        return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + percentEncoded(name);
    }

    /** The end goes, but not the extension. */
    private static String shortened(String name) {
        if (name.length() <= MAX_LENGTH) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String extension = dot > 0 && name.length() - dot <= MAX_EXTENSION ? name.substring(dot) : "";
        int end = MAX_LENGTH - extension.length();
        return name.substring(0, Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1 : end) + extension;
    }

    /** RFC 8187, section 3.2.1. */
    private static String percentEncoded(String name) {
        var encoded = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            if (b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || "-._~".indexOf(b) >= 0) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }
}
