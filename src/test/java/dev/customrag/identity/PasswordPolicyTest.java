package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.customrag.http.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordPolicyTest {

    private static final CommonPasswords COMMON = new CommonPasswords();

    private final PasswordPolicy policy = new PasswordPolicy(COMMON, PasswordHasherTest.config(Map.of()));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "PassWord",
                "Password1",
                "Password2024!",
                "password123",
                "P@ssw0rd",
                "!!P@ssw0rd1",
                "Ｐａｓｓｗｏｒｄ",
                "pássword",
                "12345678",
                "1q2w3e4r5t",
                "iloveyou",
                "trustno1",
                "Sunshine1999",
                "dragon!!",
                "correcthorsebatterystaple",
                "passwordpassword",
                "Dragon1Dragon1",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc",
                "xyxyxyxyxyxyxyxyxyxy1",
                "😀😀😀",
                "abcdefghijklmnopqrstuvwxyz",
                "zyxwvutsrqponm!",
                "        "
            })
    void whatManyPeopleUseIsRefused(String password) {
        assertThat(refused(password)).isEqualTo(PasswordPolicy.COMMON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada.lovelace@analytical.example.org",
                "ADA.LOVELACE",
                "AdaLovelace1815",
                "lovelace-ada",
                "Lovelace181506",
                "1815Lovelace??",
                "l0ve&Lovelace",
                "ada_password",
                "Ada-Lovelace-Sunshine",
                "analytical",
                "Analytical2024",
                "CustomRagAssistant",
                "custom-rag_2024!",
                "ａｎａｌｙｔｉｃａｌ１８"
            })
    void whatIsKnownOfThePersonOrThisPlaceIsRefused(String password) {
        assertThat(refused(password)).isEqualTo(PasswordPolicy.PERSONAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "correct horse",
                "correct horse battery",
                "my password is a dragon",
                "password of the harbour master",
                "Ada wrote the first program",
                "a custom rag rug from the assistant",
                "password8041963275",
                "kT7#qzVw",
                "ada!4zT&q_9k",
                "lovelaceqz7#4kTw",
                "organised canal boats",
                "1815 1843 1852 12 10",
                "84710593",
                "日本語の長い合言葉",
                "😀🙈"
            })
    void aPhraseWithACommonWordOrANameInItIsAccepted(String password) {
        assertThatCode(() -> check(password)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "o@li.io, Bo, Li, holiday-bog7",
        "'', '', '', harbour-lamp",
        "ada, , , harbour-lamp",
        "a.b@c.d, ., -, a.b-harbour"
    })
    void shortAndMissingNamesHideNothing(String email, String firstName, String lastName, String password) {
        assertThatCode(() -> policy.check(
                        password,
                        "password",
                        email,
                        firstName == null ? "" : firstName,
                        lastName == null ? "" : lastName))
                .doesNotThrowAnyException();
    }

    @Test
    void namesOfAllScriptsCount() {
        var problem = catchThrowableOfType(
                Problem.class, () -> policy.check("小龙李1973!", "password", "bruce@example.org", "小龙", "李"));

        assertThat(problem.body())
                .containsEntry("errors", List.of(new Problem.FieldError("password", PasswordPolicy.PERSONAL)));
        var noel = catchThrowableOfType(
                Problem.class, () -> policy.check("noel1815!", "password", "x@example.org", "Noe\u0308l", "King"));
        assertThat(noel.status()).isEqualTo(422);
    }

    @Test
    void whoRunsTheServiceAddsTheirOwnNames() {
        var theirs = new PasswordPolicy(
                COMMON, PasswordHasherTest.config(Map.of("identity.guessable-names", "Harbour Archive")));

        var problem = catchThrowableOfType(
                Problem.class, () -> theirs.check("harbour-archive7", "new_password", "x@example.org", "Ada", "King"));

        assertThat(problem.body())
                .containsEntry("errors", List.of(new Problem.FieldError("new_password", PasswordPolicy.PERSONAL)));
        assertThatCode(() -> policy.check("harbour-archive7", "new_password", "x@example.org", "Ada", "King"))
                .doesNotThrowAnyException();
    }

    private String refused(String password) {
        var problem = catchThrowableOfType(Problem.class, () -> check(password));
        assertThat(problem).as(password).isNotNull();
        assertThat(problem.status()).isEqualTo(422);
        @SuppressWarnings("unchecked")
        var errors = (List<Problem.FieldError>) problem.body().get("errors");
        assertThat(errors).hasSize(1);
        return errors.getFirst().message();
    }

    private void check(String password) {
        policy.check(password, "password", "Ada.Lovelace@analytical.example.org", "Ada", "Lovelace");
    }
}
