package dev.customrag.document;

/** A job broke off because this process stops: its work goes on elsewhere at once. */
final class ProcessStops extends RuntimeException {

    private static final long serialVersionUID = 1L;
}
