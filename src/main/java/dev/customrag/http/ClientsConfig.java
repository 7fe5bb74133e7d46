package dev.customrag.http;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** How clients reach the service. */
@ConfigMapping(prefix = "clients")
interface ClientsConfig {

    /**
     * The networks of the load balancers and proxies in front of the service, whose {@code X-Forwarded-For} is believed.
     * Empty: nobody's is, as anybody could write one.
     */
    Optional<List<Network>> trustedProxies();
}
