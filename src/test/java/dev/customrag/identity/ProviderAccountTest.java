package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderAccountTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "Grace, Hopper, Somebody Else, amazing, Grace, Hopper",
                "none, none, Grace Brewster Hopper, amazing, Grace Brewster, Hopper",
                "none, Hopper, Grace Hopper, none, Grace, Hopper",
                "Grace, none, Grace Hopper, none, Grace, Hopper",
                "none, none, Madonna, none, Madonna, -",
                "none, none, none, octocat, octocat, -",
                "none, none, none, none, -, -",
                "' ', '', '  ', '', -, -"
            })
    void aNameIsMadeOfWhatIsKnown(
            String given, String family, String full, String nickname, String first, String last) {
        ProviderAccount account = named(new ProviderAccount.Name(given, family, full, nickname));

        assertThat(account.firstName()).isEqualTo(first);
        assertThat(account.lastName()).isEqualTo(last);
    }

    @Test
    void aNameHasOneLine() {
        ProviderAccount account = named(new ProviderAccount.Name(
                "Grace\r\nBcc: all@example.org\u0000", "\u2028Hop\t\ud800per\u0085", null, null));

        assertThat(account.firstName()).isEqualTo("Grace Bcc: all@example.org");
        assertThat(account.lastName()).isEqualTo("Hop per");
    }

    @Test
    void aLongNameIsCutBetweenCharacters() {
        ProviderAccount account =
                named(new ProviderAccount.Name("x".repeat(99) + "\ud83d\ude00", "y".repeat(5000), null, null));

        assertThat(account.firstName()).isEqualTo("x".repeat(99));
        assertThat(account.lastName()).isEqualTo("y".repeat(100));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "grace", "@example.org", "grace@", "gra ce@example.org", "grace@example.org\u0000"})
    void anAddressThatIsNoneIsNone(String email) {
        assertThat(account("subject", email).verifiedEmail()).isEmpty();
    }

    @Test
    void anAddressIsKeptAsItIsWritten() {
        assertThat(account("subject", " Grace@Example.org ").verifiedEmail()).contains("Grace@Example.org");
        assertThat(account("subject", "g".repeat(243) + "@example.org").verifiedEmail())
                .isEmpty();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "a\nb"})
    void nobodyIsNobody(String subject) {
        assertThatThrownBy(() -> account(subject, null)).isInstanceOf(SocialRefusal.class);
    }

    private static ProviderAccount named(ProviderAccount.Name name) {
        return ProviderAccount.of("subject", null, false, name);
    }

    private static ProviderAccount account(String subject, String email) {
        return ProviderAccount.of(subject, email, true, new ProviderAccount.Name(null, null, null, null));
    }
}
