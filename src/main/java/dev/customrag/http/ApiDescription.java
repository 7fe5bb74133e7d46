package dev.customrag.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;
import org.jboss.jandex.Type;
import org.jboss.resteasy.reactive.ResponseStatus;

/**
 * Makes the OpenAPI document say what the service does: the status that a method answers with, the failures that all
 * calls have in common, as problem details, who may call, and examples to try. It runs while the service is built.
 *
 * <p>What is particular to a call stands at its method: its summary, and an {@code @APIResponse} for each failure of
 * its own, which needs a description where {@link #COMMON} has none.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class ApiDescription implements OASFilter {

    private static final String SCHEMAS = "#/components/schemas/";

    /** What the extension writes into every call of a class that asks for a login, whether or not the method does. */
    private static final String NOT_AUTHORIZED = "Not Authorized";

    private static final String NOT_ALLOWED = "Not Allowed";

    private static final String TOO_MUCH = "must be less than or equal to 100";

    /** The failures that need no words at the method. */
    private static final Map<String, Common> COMMON = Map.of(
            "400", new Common("The body is not the JSON that this takes", ProblemMappers.notTheExpectedJson()),
            "401", new Common("No valid access token or API key", ProblemMappers.missingToken()),
            "403",
                    new Common(
                            "An API key where somebody has to sign in, or somebody who may not",
                            ProblemMappers.ofStatus(403)),
            "404", new Common("There is none, or it is somebody else's", Problem.notFound("Resource")),
            "422", new Common("Values are not acceptable", Problem.invalid("limit", TOO_MUCH)),
            "429",
                    new Common(
                            "Too often; Retry-After says when to try again", Problem.tooMany(Duration.ofSeconds(30))));

    private static final String ID = "0197a3c2-5b1e-7c40-9d2f-3e8a6b4c1d50";
    private static final String TIME = "2026-01-07T09:30:00Z";
    private static final String TOKEN = "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl";
    private static final String PASSWORD = "lantern otter 93 quill";

    /** By the name of a property, by schema and property where that means something else, or of a whole schema. */
    private static final Map<String, Object> EXAMPLES = Map.ofEntries(
            // Ids of what is not there would be refused.
            Map.entry(
                    "AssistantRequest",
                    Map.of("name", "Contracts", "instructions", "Answer in one sentence.", "temperature", 0.2)),
            Map.entry("AskRequest", Map.of("content", "Who wrote the first program?", "retrieval", true)),
            Map.entry("NewSession", Map.of("title", "The first program")),
            Map.entry("SearchRequest", Map.of("query", "first program", "limit", 5)),
            Map.entry("access_token", TOKEN),
            Map.entry("actor_id", ID),
            Map.entry("address_prefix", "203.0.113.0/24"),
            Map.entry("all_documents", false),
            Map.entry("answers_from", "documents"),
            Map.entry(
                    "AssistantFile.documents",
                    List.of(Map.of(
                            "filename",
                            "history.pdf",
                            "sha256",
                            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))),
            Map.entry("AssistantRequest.name", "Contracts"),
            Map.entry("Assistant.name", "Contracts"),
            Map.entry("assistant_id", ID),
            Map.entry("authorization_url", "https://github.com/login/oauth/authorize?client_id=example"),
            Map.entry("by_administrator", false),
            Map.entry("cache_read_tokens", 2048),
            Map.entry("cache_write_tokens", 0),
            Map.entry("calls", 3),
            Map.entry("code", "492039"),
            Map.entry("confirmed_at", TIME),
            Map.entry(
                    "ChatCompletionRequest.messages",
                    List.of(Map.of("role", "user", "content", "Who wrote the first program?"))),
            Map.entry("ChatCompletionMessage.role", "user"),
            Map.entry("ChatCompletionRequest.stream", false),
            Map.entry("content", "Ada Lovelace wrote it, in 1843 [1]."),
            Map.entry("cost", "0.00325"),
            Map.entry("created_at", TIME),
            Map.entry("currency", "USD"),
            Map.entry("current", true),
            Map.entry("current_password", PASSWORD),
            Map.entry("cursor", "AAAAAGlbVYA"),
            Map.entry("date", "2026-01-07"),
            Map.entry("deleted", List.of(ID)),
            Map.entry("description", "Knows the contracts"),
            Map.entry("detail", "Correct the fields listed in errors and try again."),
            Map.entry("device", "Firefox on Linux"),
            Map.entry("document_id", ID),
            Map.entry("document_ids", List.of(ID)),
            Map.entry("email", "ada@example.org"),
            Map.entry("email_verified", true),
            Map.entry("end", 36),
            Map.entry("ephemeral", false),
            Map.entry("expires_at", "2099-01-07T09:30:00Z"),
            Map.entry("expires_in", 1800),
            Map.entry("exported_at", TIME),
            Map.entry("field", "email"),
            Map.entry("filename", "history.pdf"),
            Map.entry("first_name", "Ada"),
            Map.entry("format", "customrag-assistant"),
            Map.entry("heading", "The first program"),
            Map.entry("hint", "cra_4fG7"),
            Map.entry("id", ID),
            Map.entry("ids", List.of(ID)),
            Map.entry("include_usage", true),
            Map.entry("input_tokens", 812),
            Map.entry("instructions", "Answer in one sentence."),
            Map.entry("is_active", true),
            Map.entry("is_default", false),
            Map.entry("key", "cra_and 49 letters and digits"),
            Map.entry("last_name", "Lovelace"),
            Map.entry("last_sign_in_at", TIME),
            Map.entry("last_used_at", TIME),
            Map.entry("left", 48_000),
            Map.entry("limit", 5),
            Map.entry("max_completion_tokens", 1000),
            Map.entry("max_tokens", 1000),
            Map.entry("made_at", TIME),
            Map.entry("media_type", "application/pdf"),
            Map.entry("message", "must not be null"),
            Map.entry("Message.message", "Successfully logged out"),
            Map.entry("mfa_token", TOKEN),
            Map.entry("MoneyBudget.left", "0.75"),
            Map.entry("MoneyBudget.limit", "1"),
            Map.entry("MoneyBudget.reserved", "0.05"),
            Map.entry("MoneyBudget.used", "0.2"),
            Map.entry("missing", List.of()),
            Map.entry("model", ID),
            Map.entry("model_id", "amazon.nova-lite-v1:0"),
            Map.entry("ModelView.id", "amazon.nova-lite-v1:0"),
            Map.entry("ModelView.name", "Nova Lite"),
            Map.entry("ModelView.provider", "Amazon"),
            Map.entry("n", 1),
            Map.entry("name", "Nightly report"),
            Map.entry("new_password", "granite heron 47 plume"),
            Map.entry("notices", List.of("The model of the file is not available here.")),
            Map.entry("number", 1),
            Map.entry("object_id", ID),
            Map.entry("occurred_at", TIME),
            Map.entry("otpauth_uri", "otpauth://totp/CustomRAGAssistant:ada%40example.org?secret=JBSWY3DPEHPK3PXP"),
            Map.entry("next_cursor", "b3BhcXVl"),
            Map.entry("outcome", "failure"),
            Map.entry("output_tokens", 64),
            Map.entry("page", 3),
            Map.entry("page_count", 12),
            Map.entry("pages_without_text", List.of(3)),
            Map.entry("passage_count", 42),
            Map.entry("passage_id", ID),
            Map.entry("password", PASSWORD),
            Map.entry("Problem.status", 422),
            Map.entry("Problem.title", "Validation failed"),
            Map.entry("Problem.type", "urn:customrag:problem:validation"),
            Map.entry("progress", 1.0),
            Map.entry("provider", "github"),
            Map.entry("ProviderView.name", "github"),
            Map.entry("ProviderView.title", "GitHub"),
            Map.entry("purpose", "answer"),
            Map.entry("qr_svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>"),
            Map.entry("query", "first program"),
            Map.entry("quote", "Ada Lovelace wrote the first program"),
            Map.entry("ready_at", TIME),
            Map.entry("reason", "wrong-password"),
            Map.entry("recovery_codes", List.of("7kq2m-x9d4t")),
            Map.entry("recovery_codes_left", 10),
            Map.entry("refresh_token", TOKEN),
            Map.entry("request_id", ID),
            Map.entry("reserved", 2_000),
            Map.entry("resets_at", "2026-01-08T00:00:00Z"),
            Map.entry("retrieval", true),
            Map.entry("role", "assistant"),
            Map.entry("roles", List.of("admin")),
            Map.entry("score", 0.83),
            Map.entry("secret", "JBSWY3DPEHPK3PXP"),
            Map.entry("session_id", ID),
            Map.entry("sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            Map.entry("size_bytes", 48213),
            Map.entry("source", "bedrock"),
            Map.entry("start", 0),
            Map.entry("status", "ready"),
            Map.entry("stop", "\n\n"),
            Map.entry("streaming", true),
            Map.entry("subject_id", ID),
            Map.entry("temperature", 0.2),
            Map.entry("text", "Ada Lovelace wrote the first program, in 1843."),
            Map.entry("background", false),
            Map.entry("current_message_id", ID),
            Map.entry("title", "The first program"),
            Map.entry("token", "dG9rZW4gb2YgdGhlIGxpbms"),
            Map.entry("token_type", "bearer"),
            Map.entry("top_p", 0.9),
            Map.entry("TokenBudget.limit", 100_000),
            Map.entry("totp", true),
            Map.entry("type", "sign-in"),
            Map.entry("unpriced_tokens", 0),
            Map.entry("updated_at", TIME),
            Map.entry("version", 1),
            Map.entry("used", 50_000),
            Map.entry("user_agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            Map.entry("user_id", ID));

    private final Map<String, MethodInfo> methods = new HashMap<>();

    private record Common(String description, Problem problem) {}

    /** Called by the extension, with the classes of the service. */
    public ApiDescription(IndexView index) {
        for (AnnotationInstance path : index.getAnnotations(Path.class)) {
            if (path.target().kind() == AnnotationTarget.Kind.CLASS) {
                var resource = path.target().asClass();
                for (MethodInfo method : resource.methods()) {
                    methods.put(resource.simpleName() + "_" + method.name(), method);
                }
            }
        }
    }

    /** Ids and times are strings in a form, not kinds of objects. */
    @Override
    public Schema filterSchema(Schema schema) {
        if ((SCHEMAS + "UUID").equals(schema.getRef())) {
            return string().format("uuid");
        }
        if ((SCHEMAS + "Instant").equals(schema.getRef())) {
            return string().format("date-time");
        }
        if ((SCHEMAS + "LocalDate").equals(schema.getRef())) {
            return string().format("date");
        }
        return schema;
    }

    @Override
    public void filterOpenAPI(OpenAPI api) {
        var components = api.getComponents();
        components.removeSchema("UUID");
        components.removeSchema("Instant");
        components.removeSchema("LocalDate");
        components.addSchema("Problem", problem());
        components.addSchema("OpenAiError", openAiError());
        components.getSchemas().forEach(ApiDescription::addExamples);
        api.getPaths()
                .getPathItems()
                .forEach((path, item) -> item.getOperations().values().forEach(operation -> {
                    describeSuccess(operation);
                    describeFailures(path, operation);
                }));
    }

    private void describeSuccess(Operation operation) {
        MethodInfo method = methods.get(operation.getOperationId());
        APIResponses responses = operation.getResponses();
        if (method == null) {
            return;
        }
        int status = status(method);
        String code = String.valueOf(status);
        if (!responses.hasAPIResponse(code)) {
            List<String> guesses = responses.getAPIResponses().keySet().stream()
                    .filter(guess -> guess.compareTo("400") < 0)
                    .toList();
            // There is no guess for a method that describes a failure, and a redirect is described.
            APIResponse success =
                    guesses.isEmpty() ? OASFactory.createAPIResponse() : responses.getAPIResponse(guesses.getFirst());
            if (guesses.isEmpty() || guesses.getFirst().startsWith("2")) {
                guesses.forEach(responses::removeAPIResponse);
                responses.addAPIResponse(
                        code,
                        success.description(
                                Response.Status.fromStatusCode(status).getReasonPhrase()));
            }
        }
        if (method.hasAnnotation(PermitAll.class)) {
            operation.setSecurity(null);
        }
    }

    /** As the framework decides. */
    private static int status(MethodInfo method) {
        AnnotationInstance said = method.annotation(ResponseStatus.class);
        if (said != null) {
            return said.value().asInt();
        }
        return method.returnType().kind() == Type.Kind.VOID ? 204 : 200;
    }

    private static void describeFailures(String path, Operation operation) {
        boolean openAi = OpenAiErrors.speakAt(path);
        APIResponses responses = operation.getResponses();
        boolean restricted = operation.getSecurity() != null
                && operation.getSecurity().stream().anyMatch(needed -> needed.getSchemes().values().stream()
                        .anyMatch(roles -> !roles.isEmpty()));
        Map.copyOf(responses.getAPIResponses()).forEach((status, response) -> {
            if (NOT_AUTHORIZED.equals(response.getDescription()) || NOT_ALLOWED.equals(response.getDescription())) {
                responses.removeAPIResponse(status);
            }
        });
        var expected = new ArrayList<String>();
        if (operation.getSecurity() != null) {
            expected.add("401");
        }
        if (restricted) {
            expected.add("403");
        }
        if (path.contains("{")) {
            expected.add("404");
        }
        if (operation.getRequestBody() != null) {
            boolean json = operation.getRequestBody().getContent().hasMediaType(MediaType.APPLICATION_JSON);
            expected.addAll(openAi ? List.of("400") : json ? List.of("400", "422") : List.of("422"));
        }
        if (isList(operation)) {
            expected.addAll(List.of("400", "422"));
        }
        for (String status : expected) {
            if (!responses.hasAPIResponse(status)) {
                responses.addAPIResponse(status, OASFactory.createAPIResponse());
            }
        }
        if (isList(operation)) {
            responses.getAPIResponse("400").setDescription("The cursor is none of ours");
        }
        responses.getAPIResponses().forEach((status, response) -> {
            if (Integer.parseInt(status) >= 400) {
                describeFailure(status, response);
                if (openAi) {
                    response.setContent(openAiContent(Integer.parseInt(status), response.getDescription()));
                }
            }
        });
        responses.setAPIResponses(new TreeMap<>(responses.getAPIResponses()));
    }

    private static boolean isList(Operation operation) {
        return operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(parameter -> "cursor".equals(parameter.getName()));
    }

    private static void describeFailure(String status, APIResponse response) {
        String description = response.getDescription();
        if (description == null || description.isEmpty()) {
            Common common = Objects.requireNonNull(COMMON.get(status), () -> "Describe the response " + status);
            response.description(common.description()).setContent(content(example(common.problem())));
        } else {
            response.setContent(content(example(Integer.parseInt(status), description)));
        }
        if (status.equals("401")) {
            response.addHeader(
                    HttpHeaders.WWW_AUTHENTICATE, OASFactory.createHeader().schema(string()));
        }
        if (status.equals("429") || status.equals("503")) {
            response.addHeader(
                    HttpHeaders.RETRY_AFTER,
                    OASFactory.createHeader()
                            .description("In seconds, where a time is known")
                            .schema(integer()));
        }
    }

    private static Content content(Map<String, Object> example) {
        var type = OASFactory.createMediaType()
                .schema(OASFactory.createSchema().ref(SCHEMAS + "Problem"))
                .example(example);
        return OASFactory.createContent().addMediaType(ProblemMappers.PROBLEM_JSON, type);
    }

    /** OpenAI's shape, whose clients read it. */
    private static Content openAiContent(int status, String detail) {
        var type = OASFactory.createMediaType()
                .schema(OASFactory.createSchema().ref(SCHEMAS + "OpenAiError"))
                .example(OpenAiErrors.body(new Problem(status, "example", "Example", detail)));
        return OASFactory.createContent().addMediaType(MediaType.APPLICATION_JSON, type);
    }

    /** The document can be written with maps in it, but not with records. */
    private static Map<String, Object> example(Problem problem) {
        Map<String, Object> body = problem.body();
        body.computeIfPresent("errors", (member, errors) -> List.of(Map.of("field", "limit", "message", TOO_MUCH)));
        return body;
    }

    private static Map<String, Object> example(int status, String detail) {
        var body = new LinkedHashMap<String, Object>();
        body.put("title", Response.Status.fromStatusCode(status).getReasonPhrase());
        body.put("status", status);
        body.put("detail", detail);
        return body;
    }

    /** RFC 9457. */
    private static Schema problem() {
        Schema error = object().addProperty("field", string()).addProperty("message", string());
        addExamples("Problem", error);
        return object().description(
                        "A failure, as RFC 9457 describes them; errors names the fields that a 422 is about")
                .addProperty("type", string().format("uri"))
                .addProperty("title", string())
                .addProperty("status", integer())
                .addProperty("detail", string())
                .addProperty(
                        "errors",
                        OASFactory.createSchema().addType(SchemaType.ARRAY).items(error))
                .required(List.of("type", "title", "status", "detail"));
    }

    private static Schema openAiError() {
        return object().description("A failure, as OpenAI's API tells them")
                .addProperty(
                        "error",
                        object().addProperty("message", string())
                                .addProperty("type", string())
                                .addProperty("param", string())
                                .addProperty("code", string()))
                .required(List.of("error"));
    }

    private static void addExamples(String name, Schema schema) {
        Object whole = EXAMPLES.get(name);
        if (whole != null) {
            schema.setExamples(List.of(whole));
        }
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((property, described) -> {
                Object example = EXAMPLES.getOrDefault(name + "." + property, EXAMPLES.get(property));
                if (example != null && described.getRef() == null) {
                    described.setExamples(List.of(example));
                }
            });
        }
    }

    private static Schema object() {
        return OASFactory.createSchema().addType(SchemaType.OBJECT);
    }

    private static Schema string() {
        return OASFactory.createSchema().addType(SchemaType.STRING);
    }

    private static Schema integer() {
        return OASFactory.createSchema().addType(SchemaType.INTEGER);
    }
}
