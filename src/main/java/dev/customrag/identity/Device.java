package dev.customrag.identity;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a person calls the thing they sign in with, such as {@code Firefox on Linux}. Made of a {@code User-Agent}, which
 * anybody can write as they like: good for recognising, not for deciding.
 */
final class Device {

    private static final String UNKNOWN = "Unknown device";
    private static final int LONGEST_PRODUCT = 40;

    /** In this order: most of them claim to be those below them as well. */
    private static final List<Map.Entry<String, String>> BROWSERS = List.of(
            Map.entry("Edg/", "Edge"),
            Map.entry("EdgA/", "Edge"),
            Map.entry("EdgiOS/", "Edge"),
            Map.entry("OPR/", "Opera"),
            Map.entry("SamsungBrowser/", "Samsung Internet"),
            Map.entry("FxiOS/", "Firefox"),
            Map.entry("Firefox/", "Firefox"),
            Map.entry("CriOS/", "Chrome"),
            Map.entry("Chrome/", "Chrome"),
            Map.entry("Safari/", "Safari"));

    private static final List<Map.Entry<String, String>> SYSTEMS = List.of(
            Map.entry("Windows", "Windows"),
            Map.entry("iPhone", "iPhone"),
            Map.entry("iPad", "iPad"),
            Map.entry("Android", "Android"),
            Map.entry("Mac OS X", "macOS"),
            Map.entry("CrOS", "ChromeOS"),
            Map.entry("Linux", "Linux"));

    private Device() {}

    /** The name for a user agent; a program is called by its product, the first word of what it sends. */
    static String named(String userAgent) {
        Optional<String> browser = first(BROWSERS, userAgent);
        Optional<String> system = first(SYSTEMS, userAgent);
        if (browser.isPresent()) {
            return browser.get() + system.map(name -> " on " + name).orElse("");
        }
        String product = userAgent.split("[/ ]", 2)[0];
        if (product.isEmpty() || product.equals("Mozilla")) {
            return system.orElse(UNKNOWN);
        }
        return product.substring(0, Math.min(product.length(), LONGEST_PRODUCT));
    }

    private static Optional<String> first(List<Map.Entry<String, String>> names, String userAgent) {
        return names.stream()
                .filter(name -> userAgent.contains(name.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
