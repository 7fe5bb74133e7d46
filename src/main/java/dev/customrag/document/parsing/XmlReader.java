package dev.customrag.document.parsing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Walks through XML. Document types are not processed and nothing is fetched. Elements and attributes are told by their
 * local names: the office formats are written in several namespaces with the same words.
 */
final class XmlReader implements Closeable {

    /** Office programs nest a few dozen elements; the library keeps all that are open. */
    private static final int MAX_DEPTH = 1_000;

    /** Office programs write a dozen attributes; the library compares each with all before it. */
    private static final int MAX_ATTRIBUTES = 10_000;

    /**
     * Bounds of the JDK's own, which count {@code &amp;amp;} as an entity to expand and depend on how the JDK is
     * configured: JDK 25, module java.xml, "JAXP Properties". Without document types there is none else, and size, time
     * and depth are bounded here. Zero is no bound.
     */
    private static final Map<String, Integer> LIBRARY_BOUNDS = Map.of(
            "jdk.xml.entityExpansionLimit", 0,
            "jdk.xml.totalEntitySizeLimit", 0,
            "jdk.xml.maxGeneralEntitySizeLimit", 0,
            "jdk.xml.maxElementDepth", 0,
            "jdk.xml.elementAttributeLimit", MAX_ATTRIBUTES);

    private final InputStream in;
    private final XMLStreamReader xml;
    private final TextCollector text;
    private final XmlParts parts;
    private int depth;

    XmlReader(InputStream in, XmlParts parts, TextCollector text) throws IOException {
        this.in = in;
        this.parts = parts;
        this.text = text;
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        LIBRARY_BOUNDS.forEach(factory::setProperty);
        try {
            xml = factory.createXMLStreamReader(in);
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    /** Goes on to the next start, end or text; false at the end of the part. */
    boolean next() throws IOException {
        try {
            while (xml.hasNext()) {
                text.checkTime();
                switch (xml.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        if (++depth > MAX_DEPTH) {
                            throw UnreadableDocument.damaged();
                        }
                        return true;
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        depth--;
                        return true;
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                        return true;
                    }
                    default -> {}
                }
            }
            return false;
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    boolean isStart() {
        return xml.isStartElement();
    }

    boolean isEnd() {
        return xml.isEndElement();
    }

    boolean isText() {
        return xml.isCharacters();
    }

    boolean starts(String name) {
        return isStart() && name().equals(name);
    }

    boolean ends(String name) {
        return isEnd() && name().equals(name);
    }

    /** The local name of the element that starts or ends here. */
    String name() {
        return xml.getLocalName();
    }

    /** An attribute of the element that starts here, null without it. */
    String attribute(String name) {
        return xml.getAttributeValue(null, name);
    }

    /** The id of the relationship that the element that starts here stands for, null without one. */
    String relationshipId() {
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            String namespace = xml.getAttributeNamespace(i);
            if (xml.getAttributeLocalName(i).equals("id")
                    && namespace != null
                    && namespace.endsWith("/relationships")) {
                return xml.getAttributeValue(i);
            }
        }
        return null;
    }

    /** A number from 0, or the other value where the attribute is missing or none. */
    int number(String attribute, int otherwise) {
        String value = attribute(attribute);
        try {
            return value == null ? otherwise : Math.max(0, Integer.parseInt(value));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** The text that stands here. Keeping more of it than a document may have is refused. */
    String text() {
        parts.keep(xml.getTextLength());
        return xml.getText();
    }

    /** The text that the element that starts here begins with, up to its first child or its end. */
    String words() throws IOException {
        var words = new StringBuilder();
        while (next() && isText()) {
            words.append(text());
        }
        return words.toString();
    }

    /** Passes over the element that starts here, to its end. */
    void skip() throws IOException {
        int outside = depth - 1;
        while (depth > outside && next()) {
            // All of it.
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
