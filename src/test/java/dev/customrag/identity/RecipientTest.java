package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.ext.mail.SMTPException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipientTest {

    @Test
    void aDomainIsWrittenInAscii() {
        assertThat(Recipient.of("ada@BÜCHER.example")).contains("ada@xn--bcher-kva.example");
        assertThat(Recipient.of("Ada@Example.org")).contains("Ada@Example.org");
        assertThat(Recipient.of("ada@[127.0.0.1]")).contains("ada@[127.0.0.1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"a b\"@example.org",
                "\"a> b\"@example.org",
                "ada",
                "",
                "ada@example.org, eve@example.org",
                "ada@example.org\r\nRCPT TO:<eve@example.org>",
                "ada@\u00fc\u0000.example"
            })
    void whatNoMailServerTakesIsNoRecipient(String address) {
        assertThat(Recipient.of(address)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "550 no such user",
                "550 5.1.1 no such user",
                "550-5.1.1 no such user",
                "551 not here",
                "553 no such name",
                "554 5.1.10 null MX",
                "550 5.2.1 disabled"
            })
    void aMailboxThatIsNotThereIsRejected(String reply) {
        assertThat(Recipient.isRejectedBy(replying(reply))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "450 busy",
                "451 4.7.1 greylisted",
                "452 4.2.2 full",
                "550 5.7.1 relaying denied",
                "530 5.7.0 authenticate first",
                "535 wrong password",
                "552 5.2.2 full",
                "553 5.1.8 bad sender",
                "554 not verified"
            })
    void whatPassesOrIsOurFaultIsTriedAgain(String reply) {
        assertThat(Recipient.isRejectedBy(replying(reply))).isFalse();
    }

    private static SMTPException replying(String line) {
        return new SMTPException(
                "recipient address not accepted", Integer.parseInt(line.substring(0, 3)), List.of(line), false);
    }
}
