package dev.customrag.http;

import com.fasterxml.jackson.databind.JsonMappingException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.Router;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.event.Observes;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.InternalServerErrorException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** Calls that go wrong in every way, for tests only. */
@Path("/faulty")
@RunOnVirtualThread
@PermitAll
class FaultyResource {

    static final String SECRET = "secret-of-the-exception";

    private final DataSource database;

    FaultyResource(DataSource database) {
        this.database = database;
    }

    void outsideOfRest(@Observes Router router) {
        router.get("/faulty-route").handler(context -> {
            throw new IllegalStateException(SECRET);
        });
    }

    record Line(@NotNull @Size(max = 5) String productName, Integer howMany) {}

    record Order(
            @NotNull String customerName, @NotNull @Valid List<@NotNull @Valid Line> orderLines, UUID orderId) {}

    @GET
    @Path("/exception")
    public String exception() {
        throw new IllegalStateException(SECRET, new IOException(SECRET));
    }

    @GET
    @Path("/error")
    public String error() {
        throw new StackOverflowError(SECRET);
    }

    @GET
    @Path("/sql")
    public String sql() throws Exception {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement("SELECT '" + SECRET + "' FROM no_such_table")) {
            return statement.executeQuery().toString();
        }
    }

    @GET
    @Path("/framework")
    public String framework() {
        throw new InternalServerErrorException(SECRET, new IOException(SECRET));
    }

    /** A view that cannot be written. */
    record Unwritable(String name) {

        public String getDetail() {
            throw new IllegalStateException(SECRET);
        }
    }

    @GET
    @Path("/unwritable")
    @Produces(MediaType.APPLICATION_JSON)
    public Unwritable unwritable() {
        return new Unwritable("name");
    }

    @GET
    @Path("/json")
    public String json() throws JsonMappingException {
        throw new JsonMappingException(null, SECRET);
    }

    @GET
    @Path("/problem")
    public String problem() {
        throw Problem.conflict("busy", "Wait a moment.").with("hint", 1).header("Retry-After", "3");
    }

    @GET
    @Path("/admins")
    @RolesAllowed("admin")
    public String admins() {
        return SECRET;
    }

    @GET
    @Path("/things/{id}")
    public String thing(UUID id) {
        return id.toString();
    }

    @GET
    @Path("/things")
    @Produces(MediaType.APPLICATION_JSON)
    public Map<String, Object> things(
            @BeanParam @Valid PageRequest page, @QueryParam("owner_id") UUID owner, @QueryParam("day") Integer day) {
        return Map.of("limit", page.limit);
    }

    @POST
    @Path("/orders")
    public Order order(@Valid Order order) {
        return order;
    }

    /** Says nothing about who may call it. */
    @Path("/forgetful")
    static class Forgetful {

        @GET
        public String get() {
            return "for people who signed in";
        }
    }
}
