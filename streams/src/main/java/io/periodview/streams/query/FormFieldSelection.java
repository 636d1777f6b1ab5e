package io.periodview.streams.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.response.BufferedBody;
import io.periodview.streams.store.ActionRow;
import io.periodview.topics.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form fields that a client asked for; a name given twice counts once. Immutable. */
public final class FormFieldSelection {

    private static final byte[] OPEN = ",\"formFields\":{".getBytes(UTF_8);
    private static final byte[] NOTE = "{\"actionId\":".getBytes(UTF_8);
    private static final byte[] MISSING = ",\"missingFormFields\":[".getBytes(UTF_8);

    /** Of an array and what refers to it. */
    private static final int OVERHEAD = 24;

    /** As JSON strings, which is how rows have them, too. */
    private final byte[][] names;

    public FormFieldSelection(List<String> requested) {
        names = new LinkedHashSet<>(requested)
                .stream().map(name -> Json.quote(name).getBytes(UTF_8)).toArray(byte[][]::new);
    }

    /** Of the heap, about. */
    long bytes() {
        long bytes = 0;
        for (byte[] name : names) {
            bytes += name.length + OVERHEAD;
        }
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FormFieldSelection fields && Arrays.deepEquals(names, fields.names);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(names);
    }

    /** Writes those of the fields that the action has, and a note of the others if there are any. */
    void write(BufferedBody body, BufferedBody notes, long actionId, ActionRow row) throws IOException {
        body.write(OPEN);
        String separator = "";
        int missing = 0;
        for (int i = 0; i < names.length; i++) {
            int value = row.formField(names[i]);
            if (value < 0) {
                note(notes, actionId, i, missing++);
                continue;
            }
            body.write(separator.getBytes(UTF_8));
            body.write(names[i]);
            body.write(':');
            body.write(row.bytes(), value, row.lengthOf(value));
            separator = ",";
        }
        if (missing > 0) {
            notes.write(']');
            notes.write('}');
        }
        body.write('}');
    }

    private void note(BufferedBody notes, long actionId, int field, int missingBefore) throws IOException {
        if (missingBefore > 0) {
            notes.write(',');
        } else {
            if (notes.rows() > 0) {
                notes.write(',');
            }
            notes.countRow();
            notes.write(NOTE);
            notes.write(actionId);
            notes.write(MISSING);
        }
        notes.write(names[field]);
    }
}
