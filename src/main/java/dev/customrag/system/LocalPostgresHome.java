package dev.customrag.system;

import dev.customrag.system.LocalPostgres.Lifetime;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The folder of a private cluster, and the system user it belongs to. PostgreSQL refuses to run as root, so under root
 * that is the distribution's {@code postgres} user, who gets another folder where it cannot reach the wanted one (below
 * {@code /root}, typically).
 *
 * @param folder where the cluster is, closed to everybody but its user
 * @param runAs what to put before a command so that it runs as that user
 */
record LocalPostgresHome(Path folder, List<String> runAs) {

    private static final String SERVER_USER = "postgres";
    private static final List<String> AS_SERVER_USER =
            List.of("setpriv", "--reuid=" + SERVER_USER, "--regid=" + SERVER_USER, "--init-groups");

    /** Makes a folder ready for a cluster, unless it already is. */
    static LocalPostgresHome prepare(Path wanted, Lifetime lifetime, Consumer<String> progress) {
        try {
            if (!isRoot()) {
                Files.createDirectories(wanted);
                Files.setPosixFilePermissions(wanted, PosixFilePermissions.fromString("rwx------"));
                return new LocalPostgresHome(wanted, List.of());
            }
            Path folder = wanted;
            if (!isReachable(wanted.getParent())) {
                folder = reachable(wanted, lifetime);
                progress.accept("The user " + SERVER_USER + " may not enter " + wanted.getParent()
                        + ", so PostgreSQL's data are in " + folder);
            }
            giveToServerUser(folder);
            return new LocalPostgresHome(folder, AS_SERVER_USER);
        } catch (IOException e) {
            throw new LocalPostgresException("Cannot make a folder for PostgreSQL at " + wanted, e);
        }
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    /** Asks the nearest folder that exists first, so as to leave no empty ones behind where the answer is no. */
    private static boolean isReachable(Path parent) throws IOException {
        Path existing = parent;
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (!mayEnter(existing)) {
            return false;
        }
        Files.createDirectories(parent);
        return mayEnter(parent);
    }

    private static boolean mayEnter(Path folder) throws IOException {
        var command = new ArrayList<>(AS_SERVER_USER);
        command.addAll(List.of("test", "-x", folder.toString()));
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalPostgresException("Interrupted while preparing a folder for PostgreSQL", e);
        }
    }

    /** Data to keep do not go to /var/tmp, where the system deletes what has not been touched for a month. */
    private static Path reachable(Path wanted, Lifetime lifetime) {
        String name =
                "custom-rag-assistant-" + Integer.toHexString(wanted.toString().hashCode());
        return switch (lifetime) {
            case KEEP -> Path.of("/var/lib", name);
            case DISCARD -> Path.of("/var/tmp", name);
        };
    }

    /**
     * Creates the folder and hands it over. One that is already there must be the server user's own directory: in
     * /var/tmp anybody could have put a link to something else, for root to give away.
     */
    private static void giveToServerUser(Path folder) throws IOException {
        var owner = folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(SERVER_USER);
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.setOwner(folder, owner);
        } catch (FileAlreadyExistsException e) {
            var found = Files.getFileAttributeView(folder, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
            if (!found.isDirectory() || !found.owner().equals(owner)) {
                throw new LocalPostgresException(
                        folder + " is in the way: it should be a directory of the user " + SERVER_USER + ".", e);
            }
        }
    }
}
