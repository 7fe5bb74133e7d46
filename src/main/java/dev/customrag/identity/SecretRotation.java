package dev.customrag.identity;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.customrag.jobs.JobQueue;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Encrypts anew what previous keys encrypted, in the background of a start that has such keys. */
@ApplicationScoped
class SecretRotation {

    private static final TaskDescriptor<String> TASK = TaskDescriptor.of("rotate-secrets", String.class);

    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private static final int BATCH = 100;

    private final EncryptionKeys keys;
    private final SecretCipher cipher;
    private final JobQueue jobs;

    SecretRotation(EncryptionKeys keys, SecretCipher cipher, JobQueue jobs) {
        this.keys = keys;
        this.cipher = cipher;
        this.jobs = jobs;
    }

    void begin(@Observes StartupEvent event) {
        if (!keys.previous().isEmpty()) {
            String name = currentKey();
            QuarkusTransaction.requiringNew()
                    .run(() -> jobs.add(
                            BackgroundJobs.TABLE, TASK.instance(name).data(name).build()));
        }
    }

    Task<String> task() {
        return Tasks.oneTime(TASK).execute((name, context) -> {
            if (!name.getData().equals(currentKey())) {
                // A process that began before the key changed would go the other way. The engine tries again elsewhere.
                throw new IllegalStateException("Not the key of this process");
            }
            rotate();
        });
    }

    private String currentKey() {
        return Long.toHexString(keys.current());
    }

    /** Goes through all that is left. May run beside itself, and beside people who use their second factor. */
    void rotate() {
        Optional<UUID> last = Optional.of(BEFORE_ALL);
        while (last.isPresent()) {
            UUID after = last.get();
            last = QuarkusTransaction.requiringNew().call(() -> rotateBatch(after));
        }
    }

    private Optional<UUID> rotateBatch(UUID after) {
        Set<Long> previous = keys.previous();
        List<SecondFactor> batch = previous.isEmpty() ? List.of() : SecondFactor.encryptedWith(previous, after, BATCH);
        for (SecondFactor factor : batch) {
            cipher.decrypt(factor.secret, factor.userId)
                    .ifPresent(secret -> factor.secret = cipher.encrypt(secret, factor.userId));
        }
        return batch.isEmpty() ? Optional.empty() : Optional.of(batch.getLast().userId);
    }
}
