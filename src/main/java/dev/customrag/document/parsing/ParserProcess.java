package dev.customrag.document.parsing;

import dev.customrag.http.Faults;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** One parser's process, seen from this one. Reads one file at a time; not for several threads at once. */
final class ParserProcess {

    private static final Logger LOG = Logger.getLogger(ParserProcess.class);

    /** A machine may be that busy; a process that listens no sooner never will. */
    private static final Duration START_LIMIT = Duration.ofMinutes(1);

    /** How often the disk is looked at meanwhile. */
    private static final Duration WATCH = Duration.ofMillis(100);

    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    /** The status of a process that a signal ends is 128 and the signal's number. */
    private static final int SIGNALLED = 128;

    /** SIGKILL: by the kernel, when the machine's memory runs out, as we never ask for the status of what we kill. */
    private static final int KILLED = SIGNALLED + 9;

    /** The signals of a crash: SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS. */
    private static final Set<Integer> CRASHES = Set.of(
            SIGNALLED + 4, SIGNALLED + 5, SIGNALLED + 6, SIGNALLED + 7, SIGNALLED + 8, SIGNALLED + 11, SIGNALLED + 31);

    private static final int LONGEST_COMPLAINT = 2000;

    private final ReaderConfig config;
    private final MeterRegistry metrics;
    private final Path folder;
    private final Process process;
    private final DataOutputStream requests;
    private final DataInputStream replies;
    private int files;
    private boolean good = true;

    private ParserProcess(ReaderConfig config, MeterRegistry metrics, Path folder, Process process) {
        this.config = config;
        this.metrics = metrics;
        this.folder = folder;
        this.process = process;
        requests = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        replies = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    }

    /**
     * A new process that listens.
     *
     * @throws IllegalStateException if there is none to be had
     */
    static ParserProcess start(ReaderConfig config, MeterRegistry metrics) throws InterruptedException {
        Path folder = null;
        try {
            folder = Files.createTempDirectory(ParserChild.FOLDER_PREFIX).toAbsolutePath();
            Path complaints = folder.resolve("stderr");
            var builder = new ProcessBuilder(ParserCommand.of(config, folder))
                    .directory(folder.toFile())
                    .redirectError(complaints.toFile());
            // Keys and passwords of the service are none of the parser's business.
            builder.environment().clear();
            // Without it the JVM takes paths to be ASCII.
            builder.environment().put("LC_ALL", "C.UTF-8");
            Process process = builder.start();
            offerToTheKernel(process);
            var started = new ParserProcess(config, metrics, folder, process);
            started.awaitListening(complaints);
            return started;
        } catch (IOException e) {
            if (folder != null) {
                TemporaryFolder.delete(folder);
            }
            throw new IllegalStateException("A process for reading files could not be started", e);
        }
    }

    /** When memory runs out, Linux kills the process with the highest score, and that shall not be the service. */
    private static void offerToTheKernel(Process process) {
        try {
            Files.writeString(Path.of("/proc", String.valueOf(process.pid()), "oom_score_adj"), "1000");
        } catch (IOException e) {
            LOG.debug("The kernel takes no advice on whom to kill when memory runs out");
        }
    }

    private void awaitListening(Path complaints) throws InterruptedException {
        var listening = run(() -> replies.readByte() == ParserWire.LISTENING);
        boolean listens = false;
        try {
            listens = listening.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Before the first file it can speak of nobody's.
            LOG.error("A process for reading files does not start: " + beginning(complaints));
        } finally {
            if (!listens) {
                kill();
                close();
            }
        }
        if (!listens) {
            throw new IllegalStateException("A process for reading files does not start");
        }
    }

    private static String beginning(Path complaints) {
        try (var in = Files.newInputStream(complaints)) {
            return new String(in.readNBytes(LONGEST_COMPLAINT), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "it left no word";
        }
    }

    /**
     * The text of a file.
     *
     * @throws UnreadableDocument if it has none that can be got at within the limits
     * @throws IllegalStateException if the machine's memory ran out, perhaps by this file, perhaps by others
     * @throws UncheckedIOException if something else outside ended the process
     * @throws InterruptedException if this thread is to end; the process is ended then
     */
    ParsedDocument read(FileType type, Path file, ParsingConfig limits) throws InterruptedException {
        files++;
        boolean answered = false;
        try {
            ParserWire.Reply reply = reply(ParserWire.Request.of(type, file, limits));
            answered = true;
            return switch (reply) {
                case ParserWire.Text text -> text.document();
                case ParserWire.Unreadable unreadable -> throw new UnreadableDocument(unreadable.message());
                case ParserWire.Damaged damaged -> {
                    LOG.info("A file could not be read: " + String.join(", caused by ", damaged.classNames()));
                    throw UnreadableDocument.damaged();
                }
            };
        } finally {
            if (!answered) {
                kill();
            }
        }
    }

    private ParserWire.Reply reply(ParserWire.Request request) throws InterruptedException {
        var reply = run(() -> {
            ParserWire.write(request, requests);
            return ParserWire.readReply(replies, request.limits());
        });
        long deadline = System.nanoTime()
                + request.limits().timeLimit().plus(config.grace()).toNanos();
        while (true) {
            try {
                return reply.get(WATCH.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (System.nanoTime() - deadline > 0) {
                    countKilled("time");
                    throw UnreadableDocument.tooSlow();
                }
                if (TemporaryFolder.size(folder) > config.disk().asLongValue()) {
                    countKilled("disk");
                    throw UnreadableDocument.tooLargeUnpacked();
                }
            } catch (ExecutionException e) {
                throw withoutReply(e.getCause());
            }
        }
    }

    /** It ended, or talks nonsense. */
    private RuntimeException withoutReply(Throwable cause) throws InterruptedException {
        boolean ended = !(cause instanceof StreamCorruptedException)
                && process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        int status = ended ? process.exitValue() : 0;
        if (status == ParserChild.OUT_OF_MEMORY) {
            countKilled("memory");
            return UnreadableDocument.tooMuchMemory();
        }
        if (status == KILLED) {
            countKilled("kernel");
            return new IllegalStateException("A process for reading files was killed, as memory runs out");
        }
        if (status > SIGNALLED && !CRASHES.contains(status)) {
            countKilled("signal");
            return new UncheckedIOException(
                    new IOException("A process for reading files was asked to end by signal " + (status - SIGNALLED)));
        }
        String end = ended ? "broke off with status " + status : "makes no sense";
        LOG.warn("A process for reading files " + end + ": " + Faults.describe(cause));
        countKilled("crash");
        return UnreadableDocument.damaged();
    }

    private void countKilled(String reason) {
        metrics.counter("documents.parsing.killed", "reason", reason).increment();
    }

    /** Whether it can read one more file. */
    boolean isGood() {
        return good && files < config.filesPerProcess() && process.isAlive();
    }

    private void kill() {
        good = false;
        process.destroyForcibly();
    }

    /** Ends it and removes what it left on the disk. */
    void close() {
        try {
            requests.close();
        } catch (IOException alreadyGone) {
            // What matters is that it ends.
        }
        try {
            process.onExit().get(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Then it has to be ended the hard way.
        } finally {
            process.destroyForcibly();
            TemporaryFolder.delete(folder);
        }
    }

    /** Waiting for another process cannot be interrupted, so another thread waits. */
    private static <T> FutureTask<T> run(Callable<T> work) {
        var task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name("parser-process").start(task);
        return task;
    }
}
