package dev.customrag.document.parsing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A parser's process: reads the files that its standard input names, writes what came of each to its standard output, and
 * ends with its standard input, even while it reads a file: so it does not outlive the process that started it, however
 * that ends. Its one argument is the folder of its temporary files, which it removes at the end.
 */
public final class ParserChild {

    /** The argument that makes the service's executable a parser. */
    public static final String ARGUMENT = "read-files";

    /** How the name of the folder begins, so that none of a person's own is taken for it. */
    static final String FOLDER_PREFIX = "parser-files-";

    /** Started in another way than by the service. */
    private static final int MISUSED = 2;

    /** What the JVM ends with by {@code -XX:+ExitOnOutOfMemoryError}. */
    static final int OUT_OF_MEMORY = 3;

    private ParserChild() {}

    /** Does not return. */
    public static void main(String... arguments) throws InterruptedException {
        if (arguments.length != 1 || !isFolder(Path.of(arguments[0]))) {
            System.err.println("A process for reading files is started by the service, with a folder of its own");
            Runtime.getRuntime().halt(MISUSED);
        }
        Path folder = Path.of(arguments[0]);
        var in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        var out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        // The libraries quote what they read, and the standard output speaks a protocol.
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        // Whoever stops the service by a signal may send it to its processes too: the files at work are finished.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(ParserChild::stay));
        var requests = new SynchronousQueue<ParserWire.Request>();
        Thread.ofPlatform().daemon().name("parser").start(() -> serve(requests, out, folder));
        try {
            while (true) {
                requests.put(ParserWire.readRequest(in));
            }
        } catch (EOFException e) {
            end(0, folder);
        } catch (IOException | RuntimeException e) {
            end(1, folder);
        }
    }

    /** What ends a JVM in order waits for its hooks, so that only {@link #end} does. */
    private static void stay() {
        while (true) {
            LockSupport.park();
        }
    }

    private static boolean isFolder(Path folder) {
        return folder.isAbsolute()
                && folder.getFileName() != null
                && folder.getFileName().toString().startsWith(FOLDER_PREFIX)
                && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
    }

    private static void serve(SynchronousQueue<ParserWire.Request> requests, DataOutputStream out, Path folder) {
        try {
            out.writeByte(ParserWire.LISTENING);
            out.flush();
            while (true) {
                ParserWire.write(read(requests.take()), out);
                // What one file took is given back to the machine before the next.
                System.gc();
            }
        } catch (OutOfMemoryError e) {
            end(OUT_OF_MEMORY, folder);
        } catch (IOException | InterruptedException | RuntimeException e) {
            end(1, folder);
        }
    }

    private static ParserWire.Reply read(ParserWire.Request request) {
        try {
            return new ParserWire.Text(TextCollector.collect(request.parser(), request.path(), request.limits()));
        } catch (UnreadableDocument e) {
            return new ParserWire.Unreadable(e.getMessage());
        } catch (StackOverflowError e) {
            return new ParserWire.Unreadable(UnreadableDocument.tooDeep().getMessage());
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable e) {
            return new ParserWire.Damaged(classNames(e));
        }
    }

    private static List<String> classNames(Throwable exception) {
        return Stream.iterate(exception, Objects::nonNull, Throwable::getCause)
                .limit(ParserWire.MOST_CLASS_NAMES)
                .map(cause -> cause.getClass().getName())
                .toList();
    }

    /** Leaves no temporary file behind, as nobody else may be left to remove them. */
    private static void end(int status, Path folder) {
        try {
            TemporaryFolder.delete(folder);
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }
}
