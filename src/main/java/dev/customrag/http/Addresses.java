package dev.customrag.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Addresses as they are written in requests. Names are never looked up: that would ask somebody else's server. */
final class Addresses {

    private Addresses() {}

    /** The address that is written out; empty for anything else. One of IPv4 within IPv6 (::ffff:192.0.2.1) is IPv4. */
    static Optional<InetAddress> literal(String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            // A scope (fe80::1%eth0) says which of this machine's interfaces it came in by.
            return Optional.of(InetAddress.ofLiteral(text.split("%", 2)[0]));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
