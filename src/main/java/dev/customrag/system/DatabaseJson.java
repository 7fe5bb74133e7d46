package dev.customrag.system;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.arc.Unremovable;
import io.quarkus.hibernate.orm.JsonFormat;
import io.quarkus.hibernate.orm.PersistenceUnitExtension;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.hibernate.type.format.FormatMapper;
import org.hibernate.type.format.jackson.JacksonJsonFormatMapper;

/** JSON columns have a mapper of their own: a change of how the API looks must not change how rows are read. */
class DatabaseJson {

    @Produces
    @ApplicationScoped
    @JsonFormat
    @PersistenceUnitExtension
    @Unremovable
    FormatMapper mapper() {
        return new JacksonJsonFormatMapper(
                new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES));
    }
}
