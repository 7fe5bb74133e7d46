package dev.customrag.privacy;

import dev.customrag.http.Problem;
import dev.customrag.identity.CurrentUser;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/**
 * All that is stored about somebody, for themselves. Not for programs: it has what an API key may not read, such as sign-ins
 * and security events. Contract: docs/api.md, section "Privacy".
 */
@Path("/privacy/export")
@RolesAllowed(CurrentUser.SIGNED_IN)
@RunOnVirtualThread
class ExportResource {

    private static final String ZIP = "application/zip";

    private final CurrentUser user;
    private final DataExport export;
    private final Clock clock;

    ExportResource(CurrentUser user, DataExport export, Clock clock) {
        this.user = user;
        this.export = export;
        this.clock = clock;
    }

    @GET
    @Operation(summary = "All that is stored about you, as a zip of JSON and of your files")
    @APIResponse(
            responseCode = "200",
            description = "The zip, which is written while it is sent; its length is not known before",
            content = @Content(mediaType = ZIP, schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(responseCode = "409", description = "Another export of yours is under way")
    public Response get(@Context Request request, @Context HttpServerRequest client) {
        ResponseBuilder answer = Response.ok()
                .type(ZIP)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + filename() + "\"");
        if (request.getMethod().equals(HttpMethod.HEAD)) {
            return answer.build();
        }
        BooleanSupplier signedIn = user.stillSignedIn();
        UUID person = user.id();
        DataExport.Begun begun = export.begin(person, user.sessionId());
        StreamingOutput zip = out -> {
            try {
                export.write(
                        begun,
                        new GuardedOutput(
                                out, client.response()::closed, () -> signedIn.getAsBoolean() && export.keep(begun)));
            } catch (Problem e) {
                breakOff(client);
                throw e;
            }
        };
        return answer.entity(zip).build();
    }

    /**
     * Ends a response that has begun so that nobody takes it for whole. The framework does so too, but writes the problem to
     * it at the same time, and perhaps the last chunk with it; so this is done before it learns of one.
     */
    private static void breakOff(HttpServerRequest client) {
        if (!client.response().headWritten()) {
            return;
        }
        if (client.version() == HttpVersion.HTTP_2) {
            client.response().reset();
        } else {
            client.connection()
                    .close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
    }

    private String filename() {
        return "customrag-export-" + LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC) + ".zip";
    }
}
