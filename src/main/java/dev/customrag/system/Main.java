package dev.customrag.system;

import dev.customrag.document.parsing.ParserChild;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Arrays;

/** Where the executable begins: as the service, or as one of the parsers it starts. */
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... arguments) throws InterruptedException {
        if (arguments.length > 0 && arguments[0].equals(ParserChild.ARGUMENT)) {
            ParserChild.main(Arrays.copyOfRange(arguments, 1, arguments.length));
        } else {
            Quarkus.run(arguments);
        }
    }
}
