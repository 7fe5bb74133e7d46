package dev.customrag.identity;

import io.nayuki.qrcodegen.QrCode;

/** QR codes as SVG that can stand in a page: it refers to nothing, and has no script and no style. */
final class QrImage {

    /** ISO/IEC 18004 asks for that much light around it. */
    private static final int QUIET = 4;

    private QrImage() {}

    static String svg(String text) {
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.LOW);
        int side = code.size + 2 * QUIET;
        // Black on white in itself, for pages that are dark.
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %1$d" role="img" aria-label="QR code" \
                shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%1$dv%1$dH0z"/><path fill="#000" d="%2$s"/></svg>\
                """.formatted(side, path(code));
    }

    /** One rectangle for each run of dark modules in a row. */
    private static String path(QrCode code) {
        var path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                int end = x;
                while (code.getModule(end, y)) {
                    end++;
                }
                if (end > x) {
                    int width = end - x;
                    path.append('M').append(x + QUIET).append(' ').append(y + QUIET);
                    path.append('h').append(width).append("v1h-").append(width).append('z');
                    x = end;
                }
            }
        }
        return path.toString();
    }
}
