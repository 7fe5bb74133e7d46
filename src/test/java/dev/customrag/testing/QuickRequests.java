package dev.customrag.testing;

import static io.restassured.config.LogConfig.logConfig;
import static io.restassured.config.ObjectMapperConfig.objectMapperConfig;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.callback.QuarkusTestBeforeClassCallback;
import io.restassured.RestAssured;

/**
 * Spares RestAssured what took a quarter of its time: a mapper made for each body, and a pretty print of each exchange for
 * the case that an expectation is not met; it is printed then as it was sent.
 */
public final class QuickRequests implements QuarkusTestBeforeClassCallback {

    private static final ObjectMapper JSON = new ObjectMapper().findAndRegisterModules();

    @Override
    public void beforeClass(Class<?> testClass) {
        RestAssured.config = RestAssured.config()
                .logConfig(logConfig().enablePrettyPrinting(false))
                .objectMapperConfig(objectMapperConfig().jackson2ObjectMapperFactory((type, charset) -> JSON));
    }
}
