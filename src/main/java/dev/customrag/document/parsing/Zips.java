package dev.customrag.document.parsing;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** What files that are zips have in common. The records and their fields: PKWARE APPNOTE.TXT 6.3.10, section 4.3. */
final class Zips {

    /** Bytes of the directory, which the library keeps in memory. A large book has some 100 KB. */
    private static final int MAX_DIRECTORY = 4 * 1024 * 1024;

    private static final int MAX_ENTRIES = 65_535;

    /** The directory's end, section 4.3.16, and what stands for a number that only the longer record can hold. */
    private static final int END = 0x06054b50;

    private static final int END_LENGTH = 22;
    private static final int LONGEST_COMMENT = 65_535;
    private static final int LARGE_COUNT = 0xFFFF;
    private static final long LARGE_SIZE = 0xFFFFFFFFL;

    /** The longer record and what tells where it is: sections 4.3.14 and 4.3.15. */
    private static final int LARGE_END = 0x06064b50;

    private static final int LARGE_END_LENGTH = 56;
    private static final int LOCATOR = 0x07064b50;
    private static final int LOCATOR_LENGTH = 20;

    private Zips() {}

    /**
     * Opens a zip. Names that are not UTF-8, as old programs write them in the code page of their country, are misread
     * rather than refused: those that matter are ASCII.
     *
     * @throws ZipException if it is damaged, or its directory is larger than that of any document
     */
    static ZipFile open(Path file) throws IOException {
        checkDirectory(file);
        try {
            return new ZipFile(file.toFile());
        } catch (ZipException e) {
            return new ZipFile(file.toFile(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Which of several ends is the right one is for the library to say, so none may tell of too large a directory. */
    private static void checkDirectory(Path path) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            int length = (int) Math.min(file.length(), END_LENGTH + LONGEST_COMMENT);
            long start = file.length() - length;
            ByteBuffer tail = record(file, start, length);
            for (int at = 0; at <= length - END_LENGTH; at++) {
                if (tail.getInt(at) == END) {
                    checkEnd(file, start + at, tail.slice(at, END_LENGTH).order(ByteOrder.LITTLE_ENDIAN));
                }
            }
        }
    }

    private static void checkEnd(RandomAccessFile file, long position, ByteBuffer end) throws IOException {
        long entries = Short.toUnsignedInt(end.getShort(10));
        long size = Integer.toUnsignedLong(end.getInt(12));
        if (entries == LARGE_COUNT || size == LARGE_SIZE) {
            ByteBuffer locator = record(file, position - LOCATOR_LENGTH, LOCATOR_LENGTH);
            if (locator != null && locator.getInt(0) == LOCATOR) {
                ByteBuffer large = record(file, locator.getLong(8), LARGE_END_LENGTH);
                if (large != null && large.getInt(0) == LARGE_END) {
                    entries = large.getLong(32);
                    size = large.getLong(40);
                }
            }
        }
        if (entries < 0 || entries > MAX_ENTRIES || size < 0 || size > MAX_DIRECTORY) {
            throw new ZipException("The directory is too large");
        }
    }

    /** Bytes of a file, null if they are not within it. */
    private static ByteBuffer record(RandomAccessFile file, long position, int length) throws IOException {
        if (position < 0 || position > file.length() - length) {
            return null;
        }
        byte[] bytes = new byte[length];
        file.seek(position);
        file.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The name in the zip of what a file there refers to. No path of this machine: those may not hold every character.
     *
     * @param from the name of the file that refers to it
     * @param reference relative to that file's folder, or to the zip if it begins with a slash
     */
    static String resolved(String from, String reference) {
        String folder = from.substring(0, from.lastIndexOf('/') + 1);
        String path = reference.startsWith("/") ? reference : folder + reference;
        var steps = new ArrayDeque<String>();
        for (String step : path.split("/")) {
            switch (step) {
                case "", "." -> {}
                case ".." -> steps.pollLast();
                default -> steps.addLast(step);
            }
        }
        return String.join("/", steps);
    }
}
