package dev.customrag.tenancy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Iterator;

/**
 * The files that a person gets who asks for all that is stored about them. They leave one after the other while they are
 * written, to a client that may be slow: who writes holds no connection to the database meanwhile, and no more in memory
 * than a page of rows or a piece of a file. An exception ends the export, which is then none that looks whole.
 */
public interface Export {

    /** A file with one JSON value. */
    void json(String path, Object value) throws IOException;

    /**
     * A file with a JSON value in each line.
     *
     * @param values asked for one by one, as they are written
     */
    void lines(String path, Iterator<?> values) throws IOException;

    /**
     * A path for what a person named: of the folder, and of nothing else in the export, whatever the name. It can be
     * unpacked on any system.
     *
     * @param folder ends with a slash
     */
    String path(String folder, String name);

    /**
     * A file of these bytes. An exception of theirs comes through, and who catches it may go on: if it was the first read
     * that failed, without the file, else with as much of it as there was.
     */
    void file(String path, Instant modified, InputStream bytes) throws IOException;

    /** Tells the person of a file that is missing or not whole, in a sentence. */
    void notice(String path, String sentence);
}
