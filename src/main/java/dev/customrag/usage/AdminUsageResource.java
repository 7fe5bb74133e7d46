package dev.customrag.usage;

import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.identity.CurrentUser;
import dev.customrag.tenancy.People;
import dev.customrag.usage.UsageResource.UsageDay;
import dev.customrag.usage.UsageResource.UsageTotal;
import dev.customrag.usage.UsageRows.Line;
import dev.customrag.usage.UsageRows.OfPerson;
import dev.customrag.usage.UsageRows.Order;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** What everybody's calls of models took, for administrators. Contract: docs/api.md, section "Administration". */
@Path("/admin/usage")
@RolesAllowed(CurrentUser.ADMIN)
@RunOnVirtualThread
class AdminUsageResource {

    private final UsageRows rows;
    private final People people;
    private final UsageConfig config;
    private final Clock clock;

    AdminUsageResource(UsageRows rows, People people, UsageConfig config, Clock clock) {
        this.rows = rows;
        this.people = people;
        this.config = config;
        this.clock = clock;
    }

    /** Of everybody together. */
    @Schema(name = "EverybodysUsage")
    record Report(String currency, LocalDate from, LocalDate to, UsageTotal total, List<UsageDay> days) {}

    /** Of one person. */
    record PersonUsage(
            UUID userId, String email, String firstName, String lastName, boolean isActive, UsageTotal total) {

        static PersonUsage of(People.Person person, Total total) {
            return new PersonUsage(
                    person.id(),
                    person.email(),
                    person.firstName(),
                    person.lastName(),
                    person.active(),
                    UsageTotal.of(total));
        }
    }

    @GET
    @Operation(summary = "What everybody's calls of models took, day by day")
    @APIResponse(responseCode = "422")
    @APIResponseSchema(Report.class)
    public Report usage(
            @QueryParam("from") @Schema(type = SchemaType.STRING, format = "date") String from,
            @QueryParam("to") @Schema(type = SchemaType.STRING, format = "date") String to) {
        UsageSpan span = UsageSpan.asked(from, to, clock);
        List<Line> lines = rows.everybodys(span);
        return new Report(config.currency(), span.from(), span.to(), UsageTotal.of(lines), UsageDay.of(lines));
    }

    @GET
    @Path("/people")
    @Operation(summary = "What each person's calls of models took, the greatest first")
    public Page<PersonUsage> people(
            @QueryParam("from") @Schema(type = SchemaType.STRING, format = "date") String from,
            @QueryParam("to") @Schema(type = SchemaType.STRING, format = "date") String to,
            @QueryParam("sort")
                    @DefaultValue("-cost")
                    @Pattern(regexp = "-cost|-tokens", message = "must be -cost or -tokens")
                    String sort,
            @BeanParam @Valid PageRequest page) {
        Order order = sort.equals("-tokens") ? Order.TOKENS : Order.COST;
        Page<OfPerson> found = rows.byPerson(UsageSpan.asked(from, to, clock), order, page);
        Map<UUID, People.Person> known =
                people.of(found.items().stream().map(OfPerson::person).toList());
        return new Page<>(
                found.items().stream()
                        // An account that was deleted a moment ago.
                        .filter(of -> known.containsKey(of.person()))
                        .map(of -> PersonUsage.of(known.get(of.person()), of.total()))
                        .toList(),
                found.nextCursor());
    }
}
