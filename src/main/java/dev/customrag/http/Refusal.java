package dev.customrag.http;

import io.vertx.ext.web.RoutingContext;

/** What a known caller is told who may not do something: that, or what is known better where they were identified. */
public final class Refusal {

    private static final String KEY = Refusal.class.getName();

    private Refusal() {}

    /** Has a request answered with that problem, should it be refused for what its caller is. */
    public static void explain(RoutingContext request, Problem problem) {
        request.put(KEY, problem);
    }

    static Problem of(RoutingContext request) {
        Problem explained = request.get(KEY);
        return explained == null ? ProblemMappers.ofStatus(403) : explained;
    }
}
