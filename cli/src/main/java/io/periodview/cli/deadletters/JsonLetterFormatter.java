package io.periodview.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.periodview.streams.intake.DeadLetter;
import io.periodview.streams.intake.Omissions;
import io.periodview.streams.intake.OmittedValue;
import io.periodview.streams.intake.RecordOrigin;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * For programs: one JSON object per line, nothing shortened. Topic, timestamp and key are as {@code produce} reads them,
 * the value is its text; bytes that are not UTF-8 are in {@code keyBase64}, {@code valueBase64}. What the letter does not
 * have is not there; {@code valueSize} and {@code valueSha256} say what it was.
 */
final class JsonLetterFormatter implements LetterFormatter {

    /** ASCII is also safe on a terminal. */
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    @Override
    public String format(DeadLetterRecord letter) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("place", letter.place().toString());
            json.writeStringField("rejectedAt", TextLetterFormatter.time(letter.timestamp()));
            DeadLetter rejection = letter.rejection();
            json.writeBooleanField("byService", rejection != null);
            if (rejection != null) {
                RecordOrigin origin = rejection.origin();
                json.writeStringField("code", rejection.code());
                json.writeStringField("message", rejection.message());
                json.writeStringField("topic", letter.topic() == null ? origin.topic() : letter.topic());
                json.writeNumberField("partition", origin.partition());
                json.writeNumberField("offset", origin.offset());
                json.writeNumberField("timestamp", origin.timestamp());
            }
            Omissions omissions = letter.omissions();
            if (omissions.key() == null) {
                write(json, "key", letter.key());
            } else {
                leftOut(json, "key", omissions.key());
            }
            if (omissions.value() != null) {
                leftOut(json, "value", omissions.value());
            } else if (!letter.isSkipped()) {
                write(json, "value", letter.value());
            }
            if (omissions.headersSize() == null) {
                headers(json, letter.headers());
            } else {
                json.writeNumberField("headersSize", omissions.headersSize());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("A string cannot fail to be written", e);
        }
        return out.toString().replace("\u007f", "\\u007F"); // the one control character that the factory lets through
    }

    private static void headers(JsonGenerator json, Headers headers) throws IOException {
        json.writeArrayFieldStart("headers");
        for (Header header : headers) {
            json.writeStartObject();
            json.writeStringField("name", header.key());
            write(json, "value", header.value());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Without the member itself: a null would be a deletion. */
    private static void leftOut(JsonGenerator json, String name, OmittedValue part) throws IOException {
        json.writeNumberField(name + "Size", part.size());
        json.writeStringField(name + "Sha256", part.sha256());
    }

    private static void write(JsonGenerator json, String name, byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            json.writeNullField(name);
            return;
        }
        try {
            // Unlike a String's constructor this does not replace malformed bytes.
            json.writeStringField(
                    name, UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            json.writeBinaryField(name + "Base64", bytes);
        }
    }
}
