package dev.customrag.usage;

import java.math.BigDecimal;

/** How amounts of money are written: as a plain decimal number, exactly. In JSON as text, so that no reader rounds it. */
final class Money {

    private Money() {}

    static String text(BigDecimal amount) {
        return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }
}
