package dev.customrag.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * A range of addresses that begin alike.
 *
 * @param first its lowest address
 * @param bits how many leading bits they share
 */
@RegisterForReflection
public record Network(InetAddress first, int bits) {

    /** Cuts an address down to its network. */
    public Network {
        byte[] bytes = first.getAddress();
        if (bits < 0 || bits > bytes.length * Byte.SIZE) {
            throw new IllegalArgumentException("A network's length is 0 to 32 for IPv4, 0 to 128 for IPv6");
        }
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(bits - i * Byte.SIZE, 0, Byte.SIZE);
            bytes[i] &= (byte) (0xFF << (Byte.SIZE - kept));
        }
        first = Addresses.of(bytes);
    }

    /** Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or a single address. */
    public static Network of(String text) {
        String[] parts = text.strip().split("/", -1);
        InetAddress address = Addresses.literal(parts[0])
                .filter(literal -> parts.length <= 2)
                .orElseThrow(() ->
                        new IllegalArgumentException("Write a network as 10.0.0.0/8 or 2001:db8::/32, or an address"));
        return new Network(
                address, parts.length == 2 ? Integer.parseInt(parts[1]) : address.getAddress().length * Byte.SIZE);
    }

    /** Whether an address is in it. */
    boolean contains(InetAddress address) {
        return address.getAddress().length == first.getAddress().length
                && Arrays.equals(new Network(address, bits).first.getAddress(), first.getAddress());
    }

    /** As {@link #of} reads it. */
    @Override
    public String toString() {
        return first.getHostAddress() + "/" + bits;
    }
}
