package dev.customrag.identity;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The form of a password that may be chosen: 8 bytes or more (NIST SP 800-63B, 3.1.1.2, with its limit for use beside a
 * second factor), and no more than bcrypt reads, both after normalisation. Which characters it has is the person's
 * business, except those that bcrypt would misread. Whether it is hard to guess is for {@link PasswordPolicy}.
 */
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = Password.Validator.class)
@interface Password {

    /** The shortest that may be chosen. */
    int MINIMUM_BYTES = 8;

    String message() default "must be 8 to 72 bytes long in UTF-8 (a letter outside of ASCII takes 2 to 4)";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Absent values are for {@code @NotNull} to refuse. */
    class Validator implements ConstraintValidator<Password, String> {

        @Override
        public boolean isValid(String value, ConstraintValidatorContext context) {
            if (value == null) {
                return true;
            }
            String text = PasswordHasher.normalised(value);
            return PasswordHasher.bytes(text) >= MINIMUM_BYTES && PasswordHasher.isHashable(text);
        }
    }
}
