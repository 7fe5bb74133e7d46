package dev.customrag.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A slow test class that neither needs the running service nor anything that another class changes: it runs while those
 * that share the service run one after the other. One such class at a time, its tests in turn: what is locked is locked for
 * the whole of it (JUnit user guide, "Parallel Execution").
 */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(BesideOthers.LOCK)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface BesideOthers {

    /** Held while one of them runs; a class that locks it too has the machine to itself. */
    String LOCK = "what runs beside others";
}
