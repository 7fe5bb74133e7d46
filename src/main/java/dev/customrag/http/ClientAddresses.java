package dev.customrag.http;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Finds the client behind the proxies. Each proxy adds to the end of {@code X-Forwarded-For} whom it was called by, so
 * that the list is read from its end for as long as trusted proxies wrote it; what stands further left the client may have
 * sent itself. Quarkus' own forwarding takes the first, which behind a load balancer that appends, as AWS's do, is
 * whatever the client likes.
 */
@ApplicationScoped
class ClientAddresses {

    private static final Logger LOG = Logger.getLogger(ClientAddresses.class);

    private static final String FORWARDED_FOR = "X-Forwarded-For";

    private final List<Network> trusted;
    private final AtomicBoolean warned = new AtomicBoolean();

    @Inject
    ClientAddresses(
            ClientsConfig config,
            @ConfigProperty(name = "quarkus.http.proxy.proxy-address-forwarding", defaultValue = "false")
                    boolean forwarding,
            @ConfigProperty(name = "quarkus.http.proxy.trusted-proxies") Optional<List<String>> forwarders) {
        if (forwarding && forwarders.isEmpty()) {
            throw new ConfigurationException("quarkus.http.proxy.proxy-address-forwarding believes what anybody writes."
                    + " Set quarkus.http.proxy.trusted-proxies too, or leave both: for the addresses of clients"
                    + " clients.trusted-proxies is enough.");
        }
        trusted = config.trustedProxies().orElse(List.of());
    }

    /** The address of whoever sent a request; empty if the connection has none. */
    Optional<InetAddress> of(HttpServerRequest request) {
        // The connection's, as the request's may be one that Quarkus took from a header.
        SocketAddress peer = request.connection().remoteAddress();
        return Addresses.literal(peer == null ? null : peer.hostAddress())
                .map(address -> behind(address, request.headers().getAll(FORWARDED_FOR)));
    }

    /**
     * The client of a connection from {@code peer}.
     *
     * @param forwardedFor the header's lines, in order
     */
    InetAddress behind(InetAddress peer, List<String> forwardedFor) {
        InetAddress client = peer;
        List<String> hops = List.of(String.join(",", forwardedFor).split(","));
        for (String hop : hops.reversed()) {
            if (!isTrusted(client)) {
                break;
            }
            Optional<InetAddress> before = Addresses.literal(withoutPort(hop.strip()));
            if (before.isEmpty()) {
                break;
            }
            client = before.get();
        }
        if (!forwardedFor.isEmpty() && !isTrusted(peer) && warned.compareAndSet(false, true)) {
            LOG.warn("X-Forwarded-For came from an address that is not in clients.trusted-proxies, and was ignored."
                    + " If that is your load balancer, everybody behind it is limited as one client.");
        }
        return client;
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(network -> network.contains(address));
    }

    /** {@code 192.0.2.1:4711} and {@code [2001:db8::1]:4711}, as some proxies write; a bare IPv6 address has no port. */
    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            return hop.substring(1, Math.max(1, hop.indexOf(']')));
        }
        int colon = hop.indexOf(':');
        return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
