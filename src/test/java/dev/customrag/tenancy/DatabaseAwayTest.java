package dev.customrag.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAwayTest {

    @ParameterizedTest
    @ValueSource(strings = {"08001", "08003", "08006", "57P01", "57P02", "57P03", "53300", "40P01", "25006"})
    void whatPasses(String state) {
        assertThat(DatabaseAway.isBehind(new IllegalStateException(new SQLException("", state))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"22021", "23505", "42P01", "57014", "25P02"})
    void whatDoesNot(String state) {
        assertThat(DatabaseAway.isBehind(new IllegalStateException(new SQLException("", state))))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"08001", "57P03", "53300"})
    void noStatementWasTheCause(String state) {
        assertThat(DatabaseAway.isUnreachable(new IllegalStateException(new SQLException("", state))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "57P02", "53200", "40P01", "23505"})
    void aStatementMayHaveBeenTheCause(String state) {
        assertThat(DatabaseAway.isUnreachable(new IllegalStateException(new SQLException("", state))))
                .isFalse();
    }

    @Test
    void aPoolThatIsUsedUp() {
        assertThat(DatabaseAway.isUnreachable(new SQLException(new TimeoutException())))
                .isTrue();
        assertThat(DatabaseAway.isBehind(new SQLException(new TimeoutException())))
                .isTrue();
        assertThat(DatabaseAway.isBehind(new SQLException("Something else"))).isFalse();
    }

    @Test
    void aCommitThatIsCutOff() {
        var rollback = new IllegalStateException();
        rollback.addSuppressed(new IllegalStateException(new SQLException("", "08006")));

        assertThat(DatabaseAway.isBehind(rollback)).isTrue();
    }

    @Test
    void noFailureOfTheDatabaseAtAll() {
        assertThat(DatabaseAway.isBehind(new IllegalStateException(new TimeoutException())))
                .isFalse();
    }
}
