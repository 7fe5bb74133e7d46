package dev.customrag.system;

/** The private PostgreSQL of dev and test cannot be had; the message says what to do about it. */
class LocalPostgresException extends RuntimeException {

    static final String ALTERNATIVE = "Set QUARKUS_DATASOURCE_JDBC_URL to use a database of your own.";

    private static final long serialVersionUID = 1;

    LocalPostgresException(String message) {
        super(message);
    }

    LocalPostgresException(String message, Throwable cause) {
        super(message, cause);
    }
}
