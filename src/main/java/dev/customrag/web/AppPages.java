package dev.customrag.web;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;

/**
 * Answers the addresses of the web app's screens with its one page, which then shows the screen. Some of them are addresses
 * of the API as well, such as {@code /documents}: the page is for who asks for HTML, as browsers do when they go somewhere,
 * and neither the app's own calls nor programs.
 *
 * <p>Also says how long files of the app may be kept: the page must be asked for again, the files it names never change.
 */
@ApplicationScoped
class AppPages {

    /** The first parts of the screens' addresses: routing/routes.ts and the routes.ts of each folder of screens. */
    private static final Set<String> SCREENS = Set.of(
            "account",
            "admin",
            "assistants",
            "chat",
            "documents",
            "forgot-password",
            "register",
            "reset-password",
            "sign-in",
            "verify-email");

    private static final int MOST_PARTS = 2;
    private static final String PAGE = "/index.html";
    private static final String FILES = "/static/";

    void register(@Observes Router router) {
        // Before everything that might answer, after the headers of all answers.
        router.route().order(-1).handler(AppPages::serve);
    }

    private static void serve(RoutingContext context) {
        String path = context.normalizedPath();
        if (path.startsWith(FILES)) {
            // The hash of their content is in their names, or the version of the library they are of.
            keep(context, "public, max-age=31536000, immutable");
            measure(FILES + "{file}");
        } else if (path.equals("/") || path.equals(PAGE)) {
            keep(context, "no-cache");
        } else if (isScreen(path) && wantsPage(context)) {
            measure("/{screen}");
            context.reroute(PAGE);
            return;
        }
        context.next();
    }

    /** Of a success only: what is missing today, in the midst of an update, may be there tomorrow. */
    private static void keep(RoutingContext context, String howLong) {
        HttpServerResponse response = context.response();
        context.addHeadersEndHandler(ready -> {
            if (response.getStatusCode() == 200 || response.getStatusCode() == 304) {
                response.putHeader(HttpHeaders.CACHE_CONTROL, howLong);
                response.putHeader(HttpHeaders.VARY, "Accept, Accept-Encoding");
            }
        });
    }

    /** One name for all of them in metrics, as Quarkus REST gives one to each call: addresses of screens carry ids. */
    private static void measure(String template) {
        Vertx.currentContext().putLocal("UrlPathTemplate", template);
    }

    static boolean isScreen(String path) {
        String[] parts = path.substring(1).split("/");
        return parts.length <= MOST_PARTS && SCREENS.contains(parts[0]);
    }

    private static boolean wantsPage(RoutingContext context) {
        HttpMethod method = context.request().method();
        String accepted = context.request().getHeader(HttpHeaders.ACCEPT);
        return (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD))
                && accepted != null
                && accepted.contains("text/html");
    }
}
