package dev.customrag.testing;

import dev.customrag.system.RestartablePostgres;
import io.restassured.RestAssured;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Replicas of the packaged service on a database and a model provider of a test's own, all of which may fail. */
public final class Cluster implements AutoCloseable {

    private final RestartablePostgres database;
    private final FakeBedrock bedrock;
    private final Map<String, String> settings = new HashMap<>();
    private final List<ServiceProcess> replicas = new ArrayList<>();
    private final String name;

    private Cluster(String name) {
        this.name = name;
        Path target = Path.of("target").toAbsolutePath();
        database = RestartablePostgres.start(target.resolve(name + "-postgres"));
        bedrock = FakeBedrock.start();
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
        settings.put("aws.accessKeyId", FakeBedrock.ACCESS_KEY);
        settings.put("aws.secretAccessKey", FakeBedrock.SECRET_KEY);
        settings.put("limits.exempt", "127.0.0.0/8");
    }

    /**
     * A cluster without replicas yet.
     *
     * @param name of its files below {@code target}
     * @param settings of every replica, beside those that it cannot do without
     */
    public static Cluster start(String name, Map<String, String> settings) {
        var cluster = new Cluster(name);
        cluster.settings.putAll(settings);
        return cluster;
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

    @Override
    public void close() {
        RestAssured.reset();
        replicas.forEach(ServiceProcess::close);
        bedrock.close();
        database.close();
    }
}
