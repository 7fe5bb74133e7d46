package dev.customrag.document.parsing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Event;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.NameValuePair;
import org.apache.james.mime4j.stream.RawBody;
import org.apache.james.mime4j.stream.RawFieldParser;
import org.apache.james.mime4j.util.MimeParameterMapping;
import org.apache.james.mime4j.util.MimeUtil;
import org.jsoup.nodes.Document;

/**
 * Mail: RFC 5322 and MIME. The subject is the heading, then come who wrote to whom and when, the text, the names of
 * attached files, and attached messages likewise. The files themselves are not read: who wants to ask about one uploads
 * it, and the citation then names it and its page.
 */
class EmailParser implements DocumentParser {

    /** A message attached to a message attached to a message, and the parts in between. */
    private static final int MAX_NESTING = 30;

    private static final MimeConfig CONFIG = MimeConfig.custom()
            .setMaxLineLen(1_000_000)
            .setMaxHeaderLen(1_000_000)
            .setMaxHeaderCount(10_000)
            .build();

    /** Fields of the header that are read, in the order they are shown in. */
    private static final List<String> SHOWN = List.of("From", "To", "Cc", "Date");

    private static final String SUBJECT = "Subject";

    /** Plain text this many times shorter than its HTML says no more than that there is HTML. */
    private static final int STUB = 4;

    /** A line that goes on in the next: RFC 3676, section 4.1. The signature's "-- " does not. */
    private static final Pattern FLOWED_LINE = Pattern.compile("(?<!^--|\\n--) \\r?\\n(?!>|\\r?\\n)");

    /** What editors and mailboxes put before a header: a byte order mark, empty lines, the "From " line of RFC 4155. */
    private static final Pattern BEFORE_HEADER =
            Pattern.compile("(?:\u00EF\u00BB\u00BF)?[\\r\\n]*+(?:From [^:\\r\\n][^\\r\\n]*+[\\r\\n]++)?");

    private static final int LONGEST_BEFORE_HEADER = 4 * 1024;

    /** Where the header of a mail begins, by the file's beginning. */
    static int headerStart(byte[] head) {
        int length = Math.min(head.length, LONGEST_BEFORE_HEADER);
        Matcher before = BEFORE_HEADER.matcher(new String(head, 0, length, StandardCharsets.ISO_8859_1));
        return before.lookingAt() ? before.end() : 0;
    }

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            in.mark(LONGEST_BEFORE_HEADER);
            int start = headerStart(in.readNBytes(LONGEST_BEFORE_HEADER));
            in.reset();
            in.skipNBytes(start);
            write(new Reader(text).read(in), text);
        } catch (MimeException e) {
            throw UnreadableDocument.damaged();
        }
    }

    private static void write(Message message, TextCollector text) throws IOException {
        text.heading(message.fields.getOrDefault(SUBJECT, ""));
        text.lines(SHOWN.stream()
                .filter(message.fields::containsKey)
                .map(name -> name + ": " + message.fields.get(name))
                .collect(Collectors.joining("\n")));
        for (Body body : message.bodies) {
            switch (body) {
                case Plain plain -> TextParser.read(new StringReader(plain.text()), text);
                case Html html -> HtmlParser.readBody(html.page(), text);
            }
        }
        if (!message.attachments.isEmpty()) {
            text.paragraph("Attachments: " + String.join(", ", message.attachments));
        }
        for (Message attached : message.messages) {
            write(attached, text);
        }
    }

    private sealed interface Body {}

    private record Plain(String text) implements Body {}

    private record Html(Document page) implements Body {}

    /** What is collected of one message. */
    private static final class Message {

        private final Map<String, String> fields = new HashMap<>();
        private final List<Body> bodies = new ArrayList<>();
        private final List<String> attachments = new ArrayList<>();
        private final List<Message> messages = new ArrayList<>();
    }

    /** Where the bodies of an open message or multipart go. */
    private interface Container {

        void add(Body body);
    }

    /** The same text in several forms, of which one is to be read: RFC 2046, section 5.1.4. */
    private static final class Alternatives implements Container {

        private final List<Body> plain = new ArrayList<>();
        private final List<Body> html = new ArrayList<>();

        @Override
        public void add(Body body) {
            (body instanceof Plain ? plain : html).add(body);
        }

        List<Body> best() {
            return length(plain) * STUB < length(html) ? html : plain;
        }

        private static long length(List<Body> bodies) {
            return bodies.stream().mapToLong(Alternatives::length).sum();
        }

        private static int length(Body body) {
            return switch (body) {
                case Plain plain -> plain.text().strip().length();
                case Html html -> html.page().text().length();
            };
        }
    }

    /** Reads the parts as they come: the library holds none of them. */
    private static final class Reader {

        private final MimeTokenStream mail = new MimeTokenStream(CONFIG, new EndMonitor(), null);
        private final TextCollector text;
        private final Deque<Message> messages = new ArrayDeque<>();
        private final Deque<Container> containers = new ArrayDeque<>();
        private long left;
        private boolean isMessageHeader;
        private Map<String, String> contentType = Map.of();
        private Map<String, String> disposition = Map.of();

        Reader(TextCollector text) {
            this.text = text;
            this.left = text.limits().maxMarkupSize().asLongValue();
        }

        Message read(InputStream in) throws IOException, MimeException {
            mail.parse(in);
            var root = new Message();
            for (EntityState state = mail.getState(); state != EntityState.T_END_OF_STREAM; state = mail.next()) {
                text.checkTime();
                switch (state) {
                    case T_START_MESSAGE -> startMessage(root);
                    case T_END_MESSAGE -> {
                        messages.pop();
                        containers.pop();
                    }
                    case T_START_BODYPART -> isMessageHeader = false;
                    case T_START_HEADER -> {
                        contentType = Map.of();
                        disposition = Map.of();
                    }
                    case T_FIELD -> read(mail.getField());
                    case T_START_MULTIPART ->
                        startMultipart(mail.getBodyDescriptor().getMimeType());
                    case T_END_MULTIPART -> {
                        if (containers.pop() instanceof Alternatives alternatives) {
                            alternatives.best().forEach(containers.peek()::add);
                        }
                    }
                    case T_BODY -> read(mail.getBodyDescriptor());
                    default -> {}
                }
            }
            return root;
        }

        private void startMessage(Message root) {
            Message message = messages.isEmpty() ? root : new Message();
            if (!messages.isEmpty()) {
                messages.peek().messages.add(message);
            }
            messages.push(message);
            isMessageHeader = true;
            open(message.bodies::add);
        }

        private void startMultipart(String mimeType) {
            if (mimeType.equals("multipart/encrypted")) {
                throw UnreadableDocument.encryptedMail();
            }
            open(mimeType.equals("multipart/alternative") ? new Alternatives() : containers.peek()::add);
        }

        private void open(Container container) {
            if (containers.size() == MAX_NESTING) {
                throw UnreadableDocument.tooDeep();
            }
            containers.push(container);
        }

        private void read(Field field) throws MimeException {
            switch (field.getNameLowerCase()) {
                case "content-type" -> contentType = parameters(field);
                case "content-disposition" -> disposition = parameters(field);
                default -> {
                    if (isMessageHeader) {
                        Message message = messages.peek();
                        Stream.concat(Stream.of(SUBJECT), SHOWN.stream())
                                .filter(field.getName()::equalsIgnoreCase)
                                .forEach(name -> message.fields.putIfAbsent(name, value(field)));
                    }
                }
            }
        }

        private void read(BodyDescriptor descriptor) throws IOException {
            String mimeType = descriptor.getMimeType();
            if (mimeType.matches("application/(x-)?pkcs7-mime")
                    && !contentType.getOrDefault("smime-type", "").equalsIgnoreCase("signed-data")) {
                throw UnreadableDocument.encryptedMail();
            }
            String name = disposition.getOrDefault("filename", contentType.getOrDefault("name", ""));
            boolean isAttached = disposition.getOrDefault("", "").equalsIgnoreCase("attachment");
            if (!isAttached && mimeType.equals("text/plain")) {
                containers.peek().add(new Plain(plainText(bytes(), descriptor.getCharset())));
            } else if (!isAttached && mimeType.equals("text/html")) {
                containers.peek().add(new Html(html(bytes(), descriptor.getCharset())));
            } else if (!name.isBlank()) {
                left -= name.length();
                messages.peek().attachments.add(decoded(name).strip());
            }
        }

        private byte[] bytes() throws IOException {
            var bytes = new ByteArrayOutputStream();
            byte[] buffer = new byte[64 * 1024];
            InputStream content = mail.getDecodedInputStream();
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                text.checkTime();
                left -= n;
                if (left < 0) {
                    throw UnreadableDocument.tooMuchMarkup(
                            text.limits().maxMarkupSize().asLongValue());
                }
                bytes.write(buffer, 0, n);
            }
            return bytes.toByteArray();
        }

        private String plainText(byte[] bytes, String declared) {
            Charset charset = charset(declared);
            String content = new String(bytes, charset == null ? TextEncoding.of(bytes) : charset);
            return contentType.getOrDefault("format", "").equalsIgnoreCase("flowed")
                    ? FLOWED_LINE.matcher(content).replaceAll(" ")
                    : content;
        }

        private static Document html(byte[] bytes, String declared) throws IOException {
            Charset charset = charset(declared);
            return charset == null ? HtmlParser.load(bytes) : HtmlParser.load(new String(bytes, charset));
        }
    }

    /** What a part says about its charset; null if that is nothing to go by. ASCII is what the library assumes. */
    private static Charset charset(String declared) {
        try {
            Charset charset = declared == null ? StandardCharsets.US_ASCII : Charset.forName(declared);
            if (charset.equals(StandardCharsets.US_ASCII)) {
                return null;
            }
            // Everybody writes it for its superset: WHATWG Encoding Standard, section 4.2.
            return charset.equals(StandardCharsets.ISO_8859_1) ? CharsetGuess.FALLBACK : charset;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return null;
        }
    }

    /** The parameters of a field in lower case, with those of RFC 2231 put together; its value under the empty name. */
    private static Map<String, String> parameters(Field field) throws MimeException {
        RawBody body = RawFieldParser.DEFAULT.parseRawBody(RawFieldParser.DEFAULT.parseField(field.getRaw()));
        var mapping = new MimeParameterMapping();
        for (NameValuePair parameter : body.getParams()) {
            mapping.addParameter(parameter.getName().toLowerCase(Locale.ROOT), parameter.getValue());
        }
        var parameters = new HashMap<>(mapping.getParameters());
        parameters.values().removeIf(Objects::isNull);
        parameters.put("", body.getValue() == null ? "" : body.getValue());
        return parameters;
    }

    /** Fields may hold plain UTF-8 (RFC 6532), and do hold whatever else. */
    private static String value(Field field) {
        byte[] raw = field.getRaw().toByteArray();
        String line = new String(raw, TextEncoding.of(raw));
        return decoded(MimeUtil.unfold(line.substring(line.indexOf(':') + 1)).strip());
    }

    private static String decoded(String encodedWords) {
        return DecoderUtil.decodeEncodedWords(encodedWords, DecodeMonitor.SILENT);
    }

    /** A message that breaks off within a multipart is not all there. */
    private static final class EndMonitor extends DecodeMonitor {

        @Override
        public boolean isListening() {
            return true;
        }

        @Override
        public boolean warn(String error, String dropped) {
            return error.contains(Event.MIME_BODY_PREMATURE_END.toString());
        }
    }
}
