package io.periodview.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.periodview.streams.intake.DeadLetter;
import io.periodview.streams.intake.RecordOrigin;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * For programs: one JSON object per line, nothing shortened. Topic, timestamp and key are as {@code produce} reads them,
 * the value is its text; bytes that are not UTF-8 are in {@code keyBase64}, {@code valueBase64}.
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
            write(json, "key", letter.key());
            write(json, "value", letter.value());
            json.writeArrayFieldStart("headers");
            for (Header header : letter.headers()) {
                json.writeStartObject();
                json.writeStringField("name", header.key());
                write(json, "value", header.value());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("A string cannot fail to be written", e);
        }
        return out.toString().replace("\u007f", "\\u007F"); // the one control character that the factory lets through
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
