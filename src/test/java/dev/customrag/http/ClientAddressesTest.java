package dev.customrag.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressesTest {

    private final ClientAddresses behindTwoProxies = trusting("10.0.0.0/16", "192.0.2.7", "2001:db8:ffff::/48");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # what the proxy saw is its last entry, whatever the client had written before
                    10.0.3.4            | 203.0.113.9                                | 203.0.113.9
                    10.0.3.4            | 198.51.100.1, 203.0.113.9                  | 203.0.113.9
                    10.0.3.4            | 198.51.100.1, 127.0.0.1, 203.0.113.9       | 203.0.113.9
                    # through several of ours, as far as they go
                    10.0.3.4            | 198.51.100.1, 203.0.113.9, 192.0.2.7       | 203.0.113.9
                    10.0.3.4            | 203.0.113.9, 192.0.2.7, 10.0.250.1         | 203.0.113.9
                    10.0.3.4            | 10.0.9.9, 192.0.2.7                        | 10.0.9.9
                    # nobody else is believed
                    203.0.113.5         | 198.51.100.1                               | 203.0.113.5
                    10.1.0.1            | 198.51.100.1                               | 10.1.0.1
                    127.0.0.1           | 198.51.100.1                               | 127.0.0.1
                    # IPv6, IPv4 within it, ports
                    2001:db8:ffff:1::1  | 2001:db8:1:2:3:4:5:6                       | 2001:db8:1:2:3:4:5:6
                    ::ffff:10.0.3.4     | ::ffff:203.0.113.9                         | 203.0.113.9
                    10.0.3.4            | 203.0.113.9:4711                           | 203.0.113.9
                    10.0.3.4            | [2001:db8::9]:4711                         | 2001:db8::9
                    10.0.3.4            | [2001:db8::9]                              | 2001:db8::9
                    # what cannot be read stands for the proxy that sent it
                    10.0.3.4            | unknown                                    | 10.0.3.4
                    10.0.3.4            | 203.0.113.9, _hidden                       | 10.0.3.4
                    10.0.3.4            | 203.0.113.9, example.org, 192.0.2.7        | 192.0.2.7
                    10.0.3.4            | ''                                         | 10.0.3.4
                    10.0.3.4            | ,,,                                        | 10.0.3.4
                    10.0.3.4            | [                                          | 10.0.3.4
                    10.0.3.4            | 999.1.1.1                                  | 10.0.3.4
                    """)
    void theClientIsWhomTheOutermostTrustedProxySaw(String peer, String forwardedFor, String client) {
        assertThat(behindTwoProxies.behind(ip(peer), List.of(forwardedFor))).isEqualTo(ip(client));
    }

    @Test
    void linesOfTheHeaderAreOneList() {
        assertThat(behindTwoProxies.behind(ip("10.0.3.4"), List.of("198.51.100.1", "203.0.113.9, 192.0.2.7")))
                .isEqualTo(ip("203.0.113.9"));
        assertThat(behindTwoProxies.behind(ip("10.0.3.4"), List.of())).isEqualTo(ip("10.0.3.4"));
    }

    @Test
    void withoutTrustedProxiesTheHeaderSaysNothing() {
        assertThat(trusting().behind(ip("10.0.3.4"), List.of("203.0.113.9"))).isEqualTo(ip("10.0.3.4"));
    }

    @Test
    void quarkusOwnForwardingIsNotStartedForEverybody() {
        ClientsConfig none = Optional::empty;

        assertThatThrownBy(() -> new ClientAddresses(none, true, Optional.empty()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("quarkus.http.proxy.trusted-proxies")
                .hasMessageContaining("clients.trusted-proxies");
        assertThat(new ClientAddresses(none, true, Optional.of(List.of("10.0.0.0/16"))))
                .isNotNull();
    }

    private static ClientAddresses trusting(String... networks) {
        var trusted = Arrays.stream(networks).map(Network::of).toList();
        return new ClientAddresses(() -> Optional.of(trusted).filter(list -> !list.isEmpty()), false, Optional.empty());
    }

    private static InetAddress ip(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
