package dev.customrag.http;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Where a request came from, as much of it as may be kept.
 *
 * @param addressPrefix the client's network: the first 24 bits of an IPv4 address, 48 of an IPv6 one, as
 *     {@code 203.0.113.0/24}; empty if it has none
 * @param userAgent what the client says it is, on one line, at most 256 characters; empty if it says nothing
 * @param requestId names the request in the answer's {@code X-Request-Id}, the logs and the audit events
 */
public record RequestOrigin(String addressPrefix, String userAgent, String requestId) {

    /** Of work that no request asked for. */
    public static final RequestOrigin NONE = new RequestOrigin("", "", "");

    private static final int LONGEST_USER_AGENT = 256;
    private static final int IPV4_BITS_KEPT = 24;
    private static final int IPV6_BITS_KEPT = 48;

    /** The network of a literal address; empty for anything else. */
    static String prefix(String address) {
        return Addresses.literal(address).map(RequestOrigin::prefix).orElse("");
    }

    /** The network an address is remembered by. */
    static String prefix(InetAddress address) {
        int kept = address instanceof Inet6Address ? IPV6_BITS_KEPT : IPV4_BITS_KEPT;
        return new Network(address, kept).toString();
    }

    static String oneLine(String userAgent) {
        if (userAgent == null) {
            return "";
        }
        String text =
                userAgent.replaceAll("[\\p{Cc}\\p{Cs}\\u2028\\u2029]", " ").strip();
        return text.substring(0, Math.min(text.length(), LONGEST_USER_AGENT));
    }
}
