package dev.customrag.testing;

import dev.customrag.system.RestartablePostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Replicas of the packaged service on a database and a model provider of a test's own, all of which may fail. */
public final class Cluster {

    /** Documents each replica has in work at a time. */
    public static final int WORKERS = 3;

    /** More than processes are killed with the same document in work. */
    public static final int MAX_FAULTS = 10;

    /** Who waits for something in a test has no time. */
    private static final Map<String, String> IMPATIENT = Map.ofEntries(
            Map.entry("jobs.poll-interval", "300ms"),
            Map.entry("jobs.heartbeat", "1s"),
            Map.entry("documents.ingestion.workers", Integer.toString(WORKERS)),
            Map.entry("documents.ingestion.max-faults", Integer.toString(MAX_FAULTS)),
            Map.entry("documents.ingestion.backoff", "100ms"),
            Map.entry("documents.ingestion.max-backoff", "1s"),
            Map.entry("documents.ingestion.max-provider-failures", "1000"),
            Map.entry("model.bedrock.embedding-timeout", "2m"),
            Map.entry("model.bedrock.max-retries", "0"),
            Map.entry("chat.model-titles", "false"),
            Map.entry("chat.longest-silence", "2s"),
            Map.entry("quarkus.datasource.jdbc.additional-jdbc-properties.socketTimeout", "5"),
            Map.entry("quarkus.shutdown.delay", "100ms"),
            Map.entry("quarkus.shutdown.timeout", "2s"));

    private static Cluster shared;

    private final RestartablePostgres database;
    private final FakeBedrock bedrock;
    private final Map<String, String> settings = new HashMap<>();
    private final List<ServiceProcess> replicas = new ArrayList<>();
    private final String name;

    /** @param name of its files below {@code target} */
    private Cluster(String name) {
        this.name = name;
        Path target = Path.of("target").toAbsolutePath();
        database = RestartablePostgres.start(target.resolve(name + "-postgres"));
        bedrock = FakeBedrock.start();
        settings.putAll(IMPATIENT);
        settings.putAll(database.settings());
        settings.put(
                "identity.signing-key-file",
                SigningKeyFile.write(target.resolve(name + "-signing-key.pem")).toString());
        settings.put(
                "identity.encryption-key-file",
                EncryptionKeyFile.write(target.resolve(name + "-encryption-key"))
                        .toString());
        settings.put("model.bedrock.region", FakeBedrock.REGION);
        settings.put("model.bedrock.endpoint-override", bedrock.endpoint().toString());
        settings.put(
                "model.bedrock.control-endpoint-override", bedrock.endpoint().toString());
        settings.put(
                "model.bedrock.control-endpoint-overrides." + BedrockLists.OTHER_REGION,
                bedrock.endpoint().toString());
        settings.put("aws.accessKeyId", FakeBedrock.ACCESS_KEY);
        settings.put("aws.secretAccessKey", FakeBedrock.SECRET_KEY);
        settings.put("limits.exempt", "127.0.0.0/8");
    }

    /**
     * The cluster that all tests of this JVM share, since starting one takes seconds, with or without replicas by now. It ends
     * with the JVM.
     */
    public static synchronized Cluster shared() {
        if (shared == null) {
            shared = new Cluster("cluster-" + ProcessHandle.current().pid());
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    public RestartablePostgres database() {
        return database;
    }

    public FakeBedrock bedrock() {
        return bedrock;
    }

    /** A setting of the replicas that are still to be started. */
    public void set(String key, String value) {
        settings.put(key, value);
    }

    /** Makes sure that so many run, and that they are ready; RestAssured talks to the first. */
    public List<ServiceProcess> replicas(int wanted) {
        replicas.removeIf(replica -> !replica.isAlive());
        while (replicas.size() > wanted) {
            replicas.removeLast().close();
        }
        while (replicas.size() < wanted) {
            starting();
        }
        replicas.forEach(ServiceProcess::ready);
        replicas.getFirst().addressed();
        return List.copyOf(replicas);
    }

    /** Starts one more and does not wait until it is ready. */
    public ServiceProcess starting() {
        var replica = ServiceProcess.start(name, settings);
        replicas.add(replica);
        return replica;
    }

    private void close() {
        replicas.forEach(ServiceProcess::close);
        bedrock.close();
        database.close();
    }
}
