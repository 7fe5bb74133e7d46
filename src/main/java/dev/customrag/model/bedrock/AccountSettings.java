package dev.customrag.model.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrock.model.LoggingConfig;

/** Reads what the AWS account has set about keeping what models are sent. Both settings are one for each Region. */
class AccountSettings {

    /** What a mode is called that cannot be read. */
    private static final String UNKNOWN = "unknown";

    private static final int LONGEST_ANSWER = 65_536;

    private final BedrockClients clients;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final ObjectMapper json = new ObjectMapper();

    AccountSettings(BedrockClients clients) {
        this.clients = clients;
    }

    /**
     * The data-retention mode: {@code none}, {@code default}, {@code provider_data_share}, {@code inherit}, or another one
     * that AWS adds.
     *
     * <p>GetAccountDataRetention, which the SDK in use does not have: {@code GET /data-retention}, signed for the service
     * {@code bedrock}, answers {@code {"mode": …, "updatedAt": …}} (Amazon Bedrock API reference).
     *
     * @throws SdkException if it is not said
     */
    String retentionMode(Region region) {
        var unsigned = SdkHttpRequest.builder()
                .method(SdkHttpMethod.GET)
                .uri(clients.controlEndpoint(region))
                .encodedPath("/data-retention")
                .putHeader("Accept", "application/json")
                .build();
        var signed = signer.sign(sign -> sign.identity(clients.identity())
                .request(unsigned)
                .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "bedrock")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region.id()));
        try {
            return mode(clients.http()
                    .prepareRequest(HttpExecuteRequest.builder()
                            .request(signed.request())
                            .build())
                    .call());
        } catch (IOException e) {
            throw SdkClientException.create("No answer", e);
        }
    }

    /**
     * Whether model invocation logging has anywhere to write to. Which kinds of content it writes is not looked at: that is
     * one call away from changing.
     *
     * @throws SdkException if it is not said
     */
    boolean logsInvocations(Region region) {
        LoggingConfig config = clients.control(region)
                .getModelInvocationLoggingConfiguration(all -> {})
                .loggingConfig();
        return config != null && (config.s3Config() != null || config.cloudWatchConfig() != null);
    }

    private String mode(HttpExecuteResponse response) throws IOException {
        byte[] body = body(response);
        if (!response.httpResponse().isSuccessful()) {
            throw refusal(response);
        }
        JsonNode mode = json.readTree(body).path("mode");
        return mode.isTextual() && mode.textValue().matches("[a-z_]{1,40}") ? mode.textValue() : UNKNOWN;
    }

    private static byte[] body(HttpExecuteResponse response) throws IOException {
        try (InputStream body =
                response.responseBody().orElse(AbortableInputStream.create(InputStream.nullInputStream()))) {
            return body.readNBytes(LONGEST_ANSWER);
        }
    }

    private static AwsServiceException refusal(HttpExecuteResponse response) {
        String type =
                response.httpResponse().firstMatchingHeader("x-amzn-errortype").orElse("");
        return AwsServiceException.builder()
                .statusCode(response.httpResponse().statusCode())
                .requestId(response.httpResponse()
                        .firstMatchingHeader("x-amzn-requestid")
                        .orElse(null))
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(type.replaceFirst(":.*", ""))
                        .build())
                .build();
    }
}
