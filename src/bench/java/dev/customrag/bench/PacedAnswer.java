package dev.customrag.bench;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * An answer on its way, known beforehand: when the model sent each of its tokens, and when whoever asked had heard it. Both
 * by the one clock of this process, which plays the model and listens.
 */
final class PacedAnswer {

    private static final int TOKENS_OF_SENTENCE = 18;
    private static final int SENTENCES_OF_PARAGRAPH = 5;

    private final List<String> tokens;
    private final String text;
    /** Where each token ends in the text. */
    private final int[] ends;

    private final AtomicLongArray sentAt;
    private final long[] heardAt;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final StringBuilder heard = new StringBuilder();
    private final AtomicInteger heardTokens = new AtomicInteger();
    private volatile long askedAt;

    /**
     * @param seed of its words: another answer is none of its own
     * @param length in tokens
     */
    PacedAnswer(long seed, int length) {
        tokens = tokens(new Random(seed), length);
        text = String.join("", tokens);
        ends = new int[length];
        int end = 0;
        for (int i = 0; i < length; i++) {
            end += tokens.get(i).length();
            ends[i] = end;
        }
        sentAt = new AtomicLongArray(length);
        heardAt = new long[length];
    }

    /** Words with the space before them, as models write; sentences that end with a mark, in paragraphs. */
    private static List<String> tokens(Random random, int length) {
        var tokens = new ArrayList<String>();
        boolean begins = true;
        while (tokens.size() < length) {
            int place = tokens.size() % TOKENS_OF_SENTENCE;
            boolean last = tokens.size() / TOKENS_OF_SENTENCE % SENTENCES_OF_PARAGRAPH == SENTENCES_OF_PARAGRAPH - 1;
            switch (place) {
                case TOKENS_OF_SENTENCE - 2 -> tokens.add(" [1]");
                case TOKENS_OF_SENTENCE - 1 -> tokens.add(last ? ".\n\n" : ".");
                default -> tokens.add((begins ? "" : " ") + Texts.word(random));
            }
            begins = tokens.getLast().endsWith("\n");
        }
        return tokens;
    }

    /** Gives its tokens to be sent, and notes when. */
    Iterator<String> sending() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < tokens.size();
            }

            @Override
            public String next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                sentAt.set(next, System.nanoTime());
                return tokens.get(next++);
            }
        };
    }

    void asked() {
        askedAt = System.nanoTime();
    }

    /** The next piece arrived: one token, or several, or a part. */
    void hear(String piece) {
        long now = System.nanoTime();
        heard.append(piece);
        int count = heardTokens.get();
        while (count < ends.length && ends[count] <= heard.length()) {
            heardAt[count++] = now;
        }
        heardTokens.set(count);
        begun.countDown();
    }

    /** Tokens that were heard so far. */
    int heardTokens() {
        return heardTokens.get();
    }

    /** Characters that were heard so far. */
    int heardLength() {
        return heard.length();
    }

    String text() {
        return text;
    }

    int length() {
        return tokens.size();
    }

    /** Waits for the first token. */
    void awaitBeginning() throws InterruptedException {
        if (!begun.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("An answer did not begin");
        }
    }

    /**
     * Each token once and in order: the words of an answer are its own, so the text says it.
     *
     * @throws IllegalStateException if it is not so
     */
    void requireWhole() {
        if (!text.contentEquals(heard)) {
            throw new IllegalStateException("Of %d characters %d arrived, the same up to %d"
                    .formatted(
                            text.length(),
                            heard.length(),
                            IntStream.range(0, Math.min(text.length(), heard.length()))
                                    .filter(i -> text.charAt(i) != heard.charAt(i))
                                    .findFirst()
                                    .orElse(Math.min(text.length(), heard.length()))));
        }
    }

    /** From when the first token was sent until it was heard, in milliseconds. */
    double firstTokenMillis() {
        return millis(0);
    }

    /** From when it was asked for until the first token was heard, in milliseconds. */
    double untilFirstTokenMillis() {
        return (heardAt[0] - askedAt) / 1e6;
    }

    /** The same as of the first token, of each from one to another. */
    double[] millis(int from, int to) {
        return IntStream.range(from, to).mapToDouble(this::millis).toArray();
    }

    private double millis(int token) {
        return (heardAt[token] - sentAt.get(token)) / 1e6;
    }
}
