package dev.customrag.http;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.common.util.ServerMediaType;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;

/**
 * Refuses what cannot be answered in any of the types that are asked for, before anything is done for it. Where an address
 * has methods for several types, the framework finds that out only when it writes the answer.
 */
class AcceptedTypes {

    @ServerRequestFilter
    void refuse(HttpHeaders headers) {
        ServerMediaType produced = CurrentRequestManager.get().getTarget().getProduces();
        if (produced != null && headers.getAcceptableMediaTypes().stream().noneMatch(type -> isOne(type, produced))) {
            throw ProblemMappers.ofStatus(406);
        }
    }

    private static boolean isOne(MediaType accepted, ServerMediaType produced) {
        return Stream.of(produced.getSortedMediaTypes()).anyMatch(accepted::isCompatible);
    }
}
