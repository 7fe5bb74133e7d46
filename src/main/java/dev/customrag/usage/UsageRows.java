package dev.customrag.usage;

import dev.customrag.http.Cursor;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Place;
import dev.customrag.model.TokenCounts;
import dev.customrag.tenancy.OwnedRows;
import dev.customrag.usage.Budget.Amount;
import dev.customrag.usage.Budget.Period;
import dev.customrag.usage.Budget.Spans;
import dev.customrag.usage.Budget.Spent;
import dev.customrag.usage.Reservation.Call;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The tables {@code model_calls}, {@code usage_totals} and {@code usage_reservations}, which no other class knows. */
@ApplicationScoped
class UsageRows {

    /** The decisions about one person, of all processes, one after the other. */
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('budgets of ' || ?, 0))";

    /**
     * In one statement, as calls are settled meanwhile: one is seen as reserved or as used, never as both or neither. Of
     * the month up to the day; later days are of a process whose clock is ahead.
     */
    private static final String SPENT = """
            SELECT reserved,
                   coalesce(sum(tokens) FILTER (WHERE day = ?), 0) AS day_tokens,
                   coalesce(sum(cost) FILTER (WHERE day = ?), 0) AS day_cost,
                   sum(tokens) AS month_tokens,
                   sum(cost) AS month_cost
            FROM (
                SELECT false AS reserved, day,
                       input_tokens + output_tokens + cache_read_tokens + cache_write_tokens AS tokens, cost
                FROM usage_totals WHERE owner_id = ? AND day BETWEEN ? AND ?
                UNION ALL
                SELECT true, day, tokens, cost
                FROM usage_reservations WHERE owner_id = ? AND day BETWEEN ? AND ? AND expires_at > ?
            ) amounts
            GROUP BY reserved
            """;

    /** Of an account that is still there; it is locked first, as who deletes it does. */
    private static final String PERSON = """
            WITH person AS (SELECT id FROM users WHERE id = ? FOR KEY SHARE)
            """;

    private static final String RESERVE = PERSON + """
            INSERT INTO usage_reservations (id, owner_id, day, tokens, cost, expires_at)
            SELECT ?, person.id, ?, ?, ?, ? FROM person
            """;

    private static final String RELEASE = PERSON + """
            DELETE FROM usage_reservations r USING person WHERE r.owner_id = person.id AND r.id = ?
            """;

    private static final String WRITE = PERSON + """
            , settled AS (DELETE FROM usage_reservations r USING person WHERE r.owner_id = person.id AND r.id = ?)
            , made AS (
                INSERT INTO model_calls (id, owner_id, purpose, model_id, input_tokens, output_tokens,
                                         cache_read_tokens, cache_write_tokens, cost, made_at)
                SELECT ?, person.id, ?, ?, ?, ?, ?, ?, ?::numeric, ? FROM person
                ON CONFLICT (id) DO NOTHING
                RETURNING *
            )
            INSERT INTO usage_totals AS kept (owner_id, day, purpose, model_id, calls, input_tokens, output_tokens,
                                              cache_read_tokens, cache_write_tokens, unpriced_tokens, cost)
            SELECT owner_id, (made_at AT TIME ZONE 'UTC')::date, purpose, model_id, 1, input_tokens, output_tokens,
                   cache_read_tokens, cache_write_tokens,
                   CASE WHEN cost IS NULL
                        THEN input_tokens::bigint + output_tokens + cache_read_tokens + cache_write_tokens ELSE 0 END,
                   coalesce(cost, 0)
            FROM made
            ON CONFLICT (owner_id, day, purpose, model_id) DO UPDATE
            SET calls = kept.calls + excluded.calls,
                input_tokens = kept.input_tokens + excluded.input_tokens,
                output_tokens = kept.output_tokens + excluded.output_tokens,
                cache_read_tokens = kept.cache_read_tokens + excluded.cache_read_tokens,
                cache_write_tokens = kept.cache_write_tokens + excluded.cache_write_tokens,
                unpriced_tokens = kept.unpriced_tokens + excluded.unpriced_tokens,
                cost = kept.cost + excluded.cost
            """;

    private static final String LINES = """
            SELECT day, purpose, model_id, calls, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
                   unpriced_tokens, cost
            FROM usage_totals WHERE owner_id = ? AND day BETWEEN ? AND ?
            ORDER BY day DESC, model_id, purpose
            """;

    /** Along the primary key. */
    private static final String ALL_LINES = """
            SELECT day, purpose, model_id, calls, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
                   unpriced_tokens, cost
            FROM usage_totals WHERE owner_id = ? AND (day, purpose, model_id) > (?::date, ?, ?)
            ORDER BY day, purpose, model_id
            LIMIT ?
            """;

    private static final String CALLS = """
            SELECT id, purpose, model_id, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost, made_at
            FROM model_calls WHERE owner_id = ? AND (made_at, id) < (coalesce(?, 'infinity'::timestamptz), ?)
            ORDER BY made_at DESC, id DESC
            LIMIT ?
            """;

    private static final String EVERYBODYS = "SELECT * FROM usage_of_everybody(?, ?)";

    private static final String BY_PERSON = "SELECT * FROM usage_by_person(?, ?, ?, ?, ?, ?, ?)";

    private static final UUID LAST = new UUID(-1, -1);

    private final OwnedRows rows;
    private final DataSource dataSource;

    UsageRows(OwnedRows rows, DataSource dataSource) {
        this.rows = rows;
        this.dataSource = dataSource;
    }

    /** What a person's calls of one purpose and model took on one day. */
    record Line(LocalDate day, String purpose, String modelId, Total total) {}

    /** One call, or a batch of them. */
    record MadeCall(UUID id, String purpose, String modelId, TokenCounts tokens, BigDecimal cost, Instant madeAt) {}

    /**
     * Reserves for a call, unless {@code check} refuses.
     *
     * @param check given what the person has used up so far; throws if that is too much
     */
    void reserve(Call call, Amount most, Instant expiresAt, Consumer<Spent> check) {
        rows.of(call.owner(), connection -> {
            try (PreparedStatement lock = prepare(connection, LOCK, call.owner().toString())) {
                lock.execute();
            }
            LocalDate day = day(call.madeAt());
            check.accept(spent(connection, call.owner(), day, call.madeAt()));
            update(connection, RESERVE, call.owner(), call.id(), day, most.tokens(), most.money(), expiresAt);
            return null;
        });
    }

    /** What a person has used up. */
    Spent spent(UUID owner, Instant now) {
        return rows.of(owner, connection -> spent(connection, owner, day(now), now));
    }

    void release(Call call) {
        rows.of(call.owner(), connection -> update(connection, RELEASE, call.owner(), call.id()));
    }

    /**
     * Records a call, and gives back what was reserved for it.
     *
     * @return false if it is recorded already, or there is no such person any more
     */
    boolean write(Call call, TokenCounts tokens, Optional<BigDecimal> cost) {
        return rows.of(
                        call.owner(),
                        connection -> update(
                                connection,
                                WRITE,
                                call.owner(),
                                call.id(),
                                call.id(),
                                call.purpose().label(),
                                call.modelId(),
                                tokens.input(),
                                tokens.output(),
                                tokens.cacheRead(),
                                tokens.cacheWrite(),
                                cost.orElse(null),
                                call.madeAt()))
                > 0;
    }

    /** The latest first. */
    List<Line> lines(UUID owner, UsageSpan span) {
        return query(owner, LINES, UsageRows::line, owner, span.from(), span.to());
    }

    /** All that is kept, a page of it, the earliest first. */
    Page<Line> lines(UUID owner, PageRequest page) {
        String list = "usage by day";
        Place after = page.after(list).orElse(Place.after("-infinity", "", ""));
        List<Line> found = query(
                owner, ALL_LINES, UsageRows::line, owner, after.text(0), after.text(1), after.text(2), page.limit + 1);
        return Page.of(found, page.limit, list, last -> Place.after(last.day(), last.purpose(), last.modelId()));
    }

    /** The latest first. */
    Page<MadeCall> calls(UUID owner, PageRequest page) {
        Optional<Cursor> after = page.after();
        List<MadeCall> found = query(
                owner,
                CALLS,
                UsageRows::call,
                owner,
                after.map(Cursor::at).orElse(null),
                after.map(Cursor::id).orElse(LAST),
                page.limit + 1);
        return Page.of(found, page.limit, call -> new Cursor(call.madeAt(), call.id()));
    }

    /** What comes first in a list of people; the other one where it is the same. */
    enum Order {
        COST,
        TOKENS
    }

    /** What somebody's calls took together. */
    record OfPerson(UUID person, Total total) {}

    /** What all people's calls took together, the latest day first. */
    List<Line> everybodys(UsageSpan span) {
        return everybody(EVERYBODYS, UsageRows::line, span.from(), span.to());
    }

    /** What each person's calls took, of those who made any, the greatest first. */
    Page<OfPerson> byPerson(UsageSpan span, Order order, PageRequest page) {
        record Ranked(OfPerson of, BigDecimal worth, BigDecimal other) {}

        String list = "usage of people " + span + order;
        Optional<Place> after = page.after(list);
        List<Ranked> found = everybody(
                BY_PERSON,
                row -> new Ranked(
                        new OfPerson(row.getObject("person", UUID.class), total(row)),
                        row.getBigDecimal("worth"),
                        row.getBigDecimal("other")),
                span.from(),
                span.to(),
                order == Order.TOKENS,
                after.map(last -> last.decimal(0)).orElse(null),
                after.map(last -> last.decimal(1)).orElse(null),
                after.map(last -> last.id(2)).orElse(null),
                page.limit + 1);
        return Page.of(
                        found,
                        page.limit,
                        list,
                        last -> Place.after(
                                last.worth().toPlainString(),
                                last.other().toPlainString(),
                                last.of().person()))
                .map(Ranked::of);
    }

    /** By functions that see everybody's rows, and give sums. */
    private <T> List<T> everybody(String sql, Row<T> reader, Object... parameters) {
        try (Connection connection = dataSource.getConnection()) {
            return read(connection, sql, reader, parameters);
        } catch (SQLException e) {
            throw new IllegalStateException("What everybody's calls took could not be read", e);
        }
    }

    /** Forgets calls, whoever's; of those {@code most} at a time. */
    int forgetCalls(Instant before, int most) {
        return forget("SELECT forget_model_calls(?, ?)", before, most);
    }

    /** Forgets what they add up to. */
    int forgetTotals(Instant before, int most) {
        return forget("SELECT forget_usage_totals(?, ?)", day(before), most);
    }

    /** Gives back what calls have reserved that must be over, as their process is. */
    int forgetReservations(Instant now, int most) {
        return forget("SELECT forget_usage_reservations(?, ?)", now, most);
    }

    private int forget(String sql, Object before, int most) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement forget = prepare(connection, sql, before, most);
                ResultSet row = forget.executeQuery()) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException("What the ledger is to forget could not be removed", e);
        }
    }

    private static Spent spent(Connection connection, UUID owner, LocalDate day, Instant now) throws SQLException {
        LocalDate month = Period.MONTH.begin(day);
        Spans used = Spans.NONE;
        Spans reserved = Spans.NONE;
        try (PreparedStatement select =
                        prepare(connection, SPENT, day, day, owner, month, day, owner, month, day, now);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                var spans = new Spans(
                        new Amount(row.getBigDecimal("day_tokens"), row.getBigDecimal("day_cost")),
                        new Amount(row.getBigDecimal("month_tokens"), row.getBigDecimal("month_cost")));
                if (row.getBoolean("reserved")) {
                    reserved = spans;
                } else {
                    used = spans;
                }
            }
        }
        return new Spent(day, used, reserved);
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    private static Line line(ResultSet row) throws SQLException {
        return new Line(
                row.getObject("day", LocalDate.class), row.getString("purpose"), row.getString("model_id"), total(row));
    }

    private static Total total(ResultSet row) throws SQLException {
        return new Total(
                row.getLong("calls"),
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                row.getLong("cache_read_tokens"),
                row.getLong("cache_write_tokens"),
                row.getLong("unpriced_tokens"),
                row.getBigDecimal("cost"));
    }

    private static MadeCall call(ResultSet row) throws SQLException {
        return new MadeCall(
                row.getObject("id", UUID.class),
                row.getString("purpose"),
                row.getString("model_id"),
                new TokenCounts(
                        row.getInt("input_tokens"),
                        row.getInt("output_tokens"),
                        row.getInt("cache_read_tokens"),
                        row.getInt("cache_write_tokens")),
                row.getBigDecimal("cost"),
                row.getObject("made_at", OffsetDateTime.class).toInstant());
    }

    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(UUID owner, String sql, Row<T> reader, Object... parameters) {
        return rows.of(owner, connection -> read(connection, sql, reader, parameters));
    }

    private static <T> List<T> read(Connection connection, String sql, Row<T> reader, Object... parameters)
            throws SQLException {
        try (PreparedStatement select = prepare(connection, sql, parameters);
                ResultSet row = select.executeQuery()) {
            var read = new ArrayList<T>();
            while (row.next()) {
                read.add(reader.read(row));
            }
            return read;
        }
    }

    private static int update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            switch (parameters[i]) {
                case Instant time -> statement.setObject(i + 1, time.atOffset(ZoneOffset.UTC));
                case null -> statement.setNull(i + 1, Types.NULL);
                default -> statement.setObject(i + 1, parameters[i]);
            }
        }
        return statement;
    }
}
