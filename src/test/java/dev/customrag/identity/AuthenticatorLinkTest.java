package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.LuminanceSource;
import com.google.zxing.NotFoundException;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.GlobalHistogramBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorLinkTest {

    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);
    private static final String BASE32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    @Test
    void theLinkSaysAllThatAnAppNeeds() {
        var link = AuthenticatorLink.of(SECRET, "Custom RAG & Sons", "ada@example.org");

        assertThat(link.secret()).isEqualTo(BASE32);
        assertThat(link.uri())
                .isEqualTo("otpauth://totp/Custom%20RAG%20%26%20Sons:ada%40example.org?secret=" + BASE32
                        + "&issuer=Custom%20RAG%20%26%20Sons&algorithm=SHA1&digits=6&period=30");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ada+bank@example.org|ada%2Bbank%40example.org",
                "\"a:b ?&#%/\"@example.org|%22a.b%20%3F%26%23%25%2F%22%40example.org",
                "ädä@exämple.org|%C3%A4d%C3%A4%40ex%C3%A4mple.org",
                "a'<b>@example.org|a%27%3Cb%3E%40example.org"
            })
    void oddAddressesStayWithinTheirPlace(String address, String label) {
        assertThat(AuthenticatorLink.of(SECRET, "Issuer", address).uri())
                .startsWith("otpauth://totp/Issuer:" + label + "?secret=");
    }

    @Test
    void aLongAddressIsCutWhereALetterEnds() {
        String address = "😀".repeat(100) + "@example.org";

        assertThat(AuthenticatorLink.of(SECRET, "Issuer", address).uri())
                .startsWith("otpauth://totp/Issuer:" + "%F0%9F%98%80".repeat(64) + "?secret=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada@example.org", "\"a:b ?&#%/\"@example.org", "ädä+x@exämple.org"})
    void aCameraReadsTheLinkFromTheImage(String address) throws ReaderException {
        String uri = AuthenticatorLink.of(SECRET, "CustomRAGAssistant", address).uri();

        assertThat(read(QrImage.svg(uri))).isEqualTo(uri);
    }

    @Test
    void theLongestLinkFitsInAnImage() throws ReaderException {
        String uri =
                AuthenticatorLink.of(SECRET, "😀".repeat(32), "😀".repeat(120)).uri();

        assertThat(read(QrImage.svg(uri))).isEqualTo(uri);
    }

    @Test
    void theImageRefersToNothingAndRunsNothing() {
        String svg = QrImage.svg("otpauth://totp/\"><script>alert(1)</script>");

        assertThat(svg)
                .matches("<svg xmlns=\"http://www\\.w3\\.org/2000/svg\" viewBox=\"0 0 (\\d+) \\1\" role=\"img\""
                        + " aria-label=\"QR code\" shape-rendering=\"crispEdges\">"
                        + "<path fill=\"#fff\" d=\"M0 0h\\1v\\1H0z\"/><path fill=\"#000\" d=\"[Mhvz0-9 -]+\"/></svg>");
    }

    /** Draws the image as a browser would, four dots a module, and looks for a code in it. */
    private static String read(String svg) throws ReaderException {
        int scale = 4;
        Matcher box = Pattern.compile("viewBox=\"0 0 (\\d+) ").matcher(svg);
        assertThat(box.find()).isTrue();
        int side = Integer.parseInt(box.group(1)) * scale;
        int[] dots = new int[side * side];
        Arrays.fill(dots, 0xffffff);
        Matcher run = Pattern.compile("M(\\d+) (\\d+)h(\\d+)v1h-\\3z").matcher(svg);
        while (run.find()) {
            int left = Integer.parseInt(run.group(1)) * scale;
            int top = Integer.parseInt(run.group(2)) * scale;
            int width = Integer.parseInt(run.group(3)) * scale;
            for (int y = top; y < top + scale; y++) {
                Arrays.fill(dots, y * side + left, y * side + left + width, 0);
            }
        }
        LuminanceSource image = new RGBLuminanceSource(side, side, dots);
        var found = new QRCodeReader()
                .decode(
                        new BinaryBitmap(new GlobalHistogramBinarizer(image)),
                        Map.of(DecodeHintType.PURE_BARCODE, Boolean.TRUE));
        if (found.getBarcodeFormat() != BarcodeFormat.QR_CODE) {
            throw NotFoundException.getNotFoundInstance();
        }
        return found.getText();
    }
}
