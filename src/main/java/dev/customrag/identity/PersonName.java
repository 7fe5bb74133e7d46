package dev.customrag.identity;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A first or last name, or one that a person gives: any text of one line, trimmed before it is judged. */
@Size(min = 1, max = 100)
@Pattern(regexp = PersonName.NO_CONTROL_CHARACTERS)
@ReportAsSingleViolation
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = {})
@interface PersonName {

    /** Line breaks would forge mail headers and log lines; NUL and half characters PostgreSQL does not store. */
    String NO_CONTROL_CHARACTERS = "[^\\p{Cc}\\p{Cs}\\u2028\\u2029]*";

    String message() default "must be 1 to 100 characters on one line";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
}
