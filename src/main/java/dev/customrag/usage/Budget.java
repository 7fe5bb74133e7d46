package dev.customrag.usage;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What a person may use up in a day or a month. */
record Budget(Unit unit, Period period, BigDecimal limit) {

    /** What is counted. */
    enum Unit {
        /** Of all kinds, read and written. */
        TOKENS,
        /** In the configured currency. */
        MONEY
    }

    /** In UTC. */
    enum Period {
        DAY {
            @Override
            LocalDate begin(LocalDate day) {
                return day;
            }

            @Override
            LocalDate next(LocalDate day) {
                return day.plusDays(1);
            }
        },
        MONTH {
            @Override
            LocalDate begin(LocalDate day) {
                return day.withDayOfMonth(1);
            }

            @Override
            LocalDate next(LocalDate day) {
                return begin(day).plusMonths(1);
            }
        };

        /** The first day of the period that a day is in. */
        abstract LocalDate begin(LocalDate day);

        /** The first day of the period after it. */
        abstract LocalDate next(LocalDate day);
    }

    /** Tokens and money of one thing. */
    record Amount(BigDecimal tokens, BigDecimal money) {

        static final Amount NONE = new Amount(BigDecimal.ZERO, BigDecimal.ZERO);

        BigDecimal in(Unit unit) {
            return switch (unit) {
                case TOKENS -> tokens;
                case MONEY -> money;
            };
        }
    }

    /** Amounts of a day, and of the month up to it. */
    record Spans(Amount day, Amount month) {

        static final Spans NONE = new Spans(Amount.NONE, Amount.NONE);

        BigDecimal in(Budget budget) {
            return switch (budget.period()) {
                case DAY -> day.in(budget.unit());
                case MONTH -> month.in(budget.unit());
            };
        }
    }

    /**
     * What a person has used up by a day.
     *
     * @param reserved for calls under way
     */
    record Spent(LocalDate day, Spans used, Spans reserved) {}

    /** What is left of it; less than nothing where calls took more than was expected of them. */
    BigDecimal left(Spent spent) {
        return limit.subtract(spent.used().in(this)).subtract(spent.reserved().in(this));
    }

    /** When it begins anew. */
    Instant resetsAt(LocalDate day) {
        return period.next(day).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
