package dev.customrag.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestOriginTest {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.77, 203.0.113.0/24",
        "127.0.0.1, 127.0.0.0/24",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:0:0:0:0:0/48",
        "fe80::1%eth0, fe80:0:0:0:0:0:0:0/48",
        "::ffff:203.0.113.77, 203.0.113.0/24"
    })
    void onlyTheNetworkIsKept(String address, String prefix) {
        assertThat(RequestOrigin.prefix(address)).isEqualTo(prefix);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "unknown", "example.org", "1.2.3.4.5", "203.0.113.77, 10.0.0.1", "%"})
    void whatIsNoAddressHasNoNetwork(String address) {
        assertThat(RequestOrigin.prefix(address)).isEmpty();
    }

    @Test
    void aUserAgentIsOneLineOfBoundedLength() {
        assertThat(RequestOrigin.oneLine("curl/8\r\nInjected: yes\u0000")).isEqualTo("curl/8  Injected: yes");
        assertThat(RequestOrigin.oneLine("x".repeat(10_000))).hasSize(256);
        assertThat(RequestOrigin.oneLine(null)).isEmpty();
    }
}
