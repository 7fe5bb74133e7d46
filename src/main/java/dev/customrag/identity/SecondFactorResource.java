package dev.customrag.identity;

import dev.customrag.http.RateLimits;
import dev.customrag.http.RateLimits.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestResponse;

/** The second factor, and the second step of a sign-in. Contract: docs/api.md, section Auth. */
@Path("/auth/mfa")
@RolesAllowed(Roles.SIGNED_IN)
@RunOnVirtualThread
class SecondFactorResource {

    /** No code is as long, however it is spaced. */
    private static final int LONGEST_CODE = 64;

    private final SecondFactors factors;
    private final SignIn signIn;
    private final RateLimits limits;
    private final CurrentUser user;

    SecondFactorResource(SecondFactors factors, SignIn signIn, RateLimits limits, CurrentUser user) {
        this.factors = factors;
        this.signIn = signIn;
        this.limits = limits;
        this.user = user;
    }

    record CodeRequest(@NotNull @Size(max = LONGEST_CODE) String code) {}

    /** The password is missing for accounts that have none. */
    record RemoveRequest(
            @Size(max = AuthResource.LONGEST_TYPED) String password,
            @NotNull @Size(max = LONGEST_CODE) String code) {}

    @Schema(name = "CodeVerifyRequest")
    record VerifyRequest(
            @NotNull @Size(max = AuthResource.LONGEST_TYPED) String mfaToken,
            @NotNull @Size(max = LONGEST_CODE) String code) {}

    record StateView(boolean totp, Instant confirmedAt, long recoveryCodesLeft) {

        static StateView of(SecondFactors.State state) {
            return new StateView(state.confirmedAt() != null, state.confirmedAt(), state.recoveryCodesLeft());
        }
    }

    record EnrolmentView(String secret, String otpauthUri, String qrSvg) {

        static EnrolmentView of(AuthenticatorLink link) {
            return new EnrolmentView(link.secret(), link.uri(), QrImage.svg(link.uri()));
        }
    }

    record RecoveryCodesView(List<String> recoveryCodes) {}

    @GET
    @Operation(summary = "Whether you have a second factor")
    public StateView state() {
        return StateView.of(factors.state(user.id()));
    }

    @POST
    @Path("/totp")
    @Operation(summary = "Begin to use an authenticator app: its secret, which counts once it is confirmed")
    @APIResponseSchema(EnrolmentView.class)
    @APIResponse(responseCode = "401", description = "sign-in-too-old, or no valid access token")
    @APIResponse(responseCode = "409", description = "There is a second factor already")
    public EnrolmentView enrol() {
        return EnrolmentView.of(factors.enrol(user.id(), user.sessionId()));
    }

    @POST
    @Path("/totp/confirm")
    @Operation(summary = "Confirm the authenticator app with a code; answers with the recovery codes, this once")
    @APIResponseSchema(RecoveryCodesView.class)
    @APIResponse(responseCode = "400", description = "incorrect-code, or no-enrolment")
    @APIResponse(responseCode = "409", description = "There is a second factor already")
    @APIResponse(responseCode = "429")
    public RecoveryCodesView confirm(@Valid CodeRequest request) {
        return new RecoveryCodesView(factors.confirm(user.id(), user.sessionId(), new TypedCode(request.code())));
    }

    @DELETE
    @Path("/totp")
    @Operation(summary = "Sign in without a second factor from now on")
    @APIResponse(responseCode = "401", description = "Incorrect password or code, or no valid access token")
    @APIResponse(responseCode = "404", description = "There is no second factor")
    @APIResponse(responseCode = "429")
    public void remove(@Valid RemoveRequest request) {
        factors.remove(user.id(), user.sessionId(), request.password(), new TypedCode(request.code()));
    }

    @POST
    @Path("/recovery-codes")
    @Operation(summary = "New recovery codes; the old ones are void")
    @APIResponseSchema(RecoveryCodesView.class)
    @APIResponse(responseCode = "401", description = "incorrect-code, or no valid access token")
    @APIResponse(responseCode = "404", description = "There is no second factor")
    @APIResponse(responseCode = "429")
    public RecoveryCodesView renewRecoveryCodes(@Valid CodeRequest request) {
        return new RecoveryCodesView(
                factors.renewRecoveryCodes(user.id(), user.sessionId(), new TypedCode(request.code())));
    }

    @POST
    @Path("/verify")
    @PermitAll
    @Operation(summary = "The second step of a sign-in: a code of the authenticator app, or a recovery code")
    @APIResponseSchema(TokensView.class)
    @APIResponse(
            responseCode = "401",
            description = "incorrect-code: try again; or invalid-mfa-token: begin with the login again")
    @APIResponse(responseCode = "429")
    public RestResponse<TokensView> verify(
            @Valid VerifyRequest request, @HeaderParam(RefreshCookie.WANTED) String cookieWanted) {
        return TokensView.answer(
                limits.countRefusals(
                        Kind.LINK_FAILURE, () -> signIn.verify(request.mfaToken(), new TypedCode(request.code()))),
                cookieWanted);
    }
}
