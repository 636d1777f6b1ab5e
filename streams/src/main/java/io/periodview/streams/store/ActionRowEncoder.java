package io.periodview.streams.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.topics.ActionEvent;
import io.periodview.topics.FormField;
import io.periodview.topics.IsoTime;
import io.periodview.topics.Json;
import io.periodview.topics.RawJson;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An action as it will be served, rendered once when its event comes. What differs from period to period goes around
 * and between two parts: {@code {periodId, periodName, periodActionId, HEAD, periodMarker, TAIL}}.
 */
public final class ActionRowEncoder {

    private static final byte[] ACTION_ID = name("actionId", true);
    private static final byte[] CLASSIFICATION = name("classification", false);
    private static final byte[] SUB_CLASSIFICATION = name("subClassification", false);
    private static final byte[] STATUS = name("status", false);
    private static final byte[] CREATED_TIME = name("createdTime", false);
    private static final byte[] ASSIGNED_TIME = name("assignedTime", false);
    private static final byte[] DOING_TIME = name("doingTime", false);
    private static final byte[] CLOSED_TIME = name("closedTime", false);
    private static final byte[] CREATED_BY = name("createdByUserName", false);
    private static final byte[] PERIOD_MARKER = name("periodMarker", false);
    private static final byte[] ASSIGNED_USERS = name("assignedUserNames", false);
    private static final byte[] CHANNEL = name("channel", false);
    private static final byte[] FORM_TYPE = name("formType", false);
    private static final byte[] LATEST_CHANNEL = name("latestChannel", false);
    private static final byte[] AI_DISPATCHED = name("aiDispatched", false);
    private static final byte[] NULL = "null".getBytes(ISO_8859_1);
    private static final byte[] TRUE = "true".getBytes(ISO_8859_1);
    private static final byte[] FALSE = "false".getBytes(ISO_8859_1);

    /** What a row takes beside what is in its event, at most: names, times, a number, lengths. */
    private static final int FIXED = 512;

    private final byte[] row;
    private int at = ActionRow.BODY;

    private ActionRowEncoder(int length) {
        row = new byte[length];
    }

    /** @return what {@link ActionRow} reads */
    public static byte[] encode(long number, long actionId, ActionEvent action) {
        List<FormField> fields = action.formFields();
        byte[][] names = new byte[fields.size()][];
        for (int i = 0; i < names.length; i++) {
            names[i] = Json.quote(fields.get(i).name()).getBytes(UTF_8);
        }
        ActionRowEncoder row = new ActionRowEncoder(FIXED + lengthOf(action) + lengthOf(names));
        row.row[0] = RowFormat.VERSION;
        RowFormat.putLong(row.row, ActionRow.NUMBER, number);
        row.head(actionId, action);
        row.tail(action);
        RowFormat.putInt(row.row, row.at, names.length);
        row.at += Integer.BYTES;
        for (int i = 0; i < names.length; i++) {
            int name = row.begin();
            row.put(names[i]);
            row.end(name);
            int value = row.begin();
            row.put(fields.get(i).json());
            row.end(value);
        }
        return Arrays.copyOf(row.row, row.at);
    }

    private static int lengthOf(ActionEvent action) {
        int length = lengthOf(action.classification())
                + lengthOf(action.subClassification())
                + lengthOf(action.status())
                + lengthOf(action.assignedTime())
                + lengthOf(action.doingTime())
                + lengthOf(action.closedTime())
                + lengthOf(action.createdByUserName())
                + lengthOf(action.channel())
                + lengthOf(action.formType())
                + lengthOf(action.latestChannel());
        for (RawJson name : action.assignedUserNames()) {
            length += name.length() + 1;
        }
        for (FormField field : action.formFields()) {
            length += field.json().length();
        }
        return length;
    }

    private static int lengthOf(@Nullable RawJson text) {
        return text == null ? NULL.length : text.length();
    }

    private static int lengthOf(byte[][] names) {
        int length = 0;
        for (byte[] name : names) {
            length += name.length + 2 * Integer.BYTES;
        }
        return length;
    }

    private void head(long actionId, ActionEvent action) {
        int head = begin();
        put(ACTION_ID);
        put(actionId);
        put(CLASSIFICATION, action.classification());
        put(SUB_CLASSIFICATION, action.subClassification());
        put(STATUS, action.status());
        put(CREATED_TIME, action.createdTime());
        put(ASSIGNED_TIME, action.assignedTime());
        put(DOING_TIME, action.doingTime());
        put(CLOSED_TIME, action.closedTime());
        put(CREATED_BY, action.createdByUserName());
        put(PERIOD_MARKER);
        end(head);
    }

    private void tail(ActionEvent action) {
        int tail = begin();
        put(ASSIGNED_USERS);
        row[at++] = '[';
        boolean isFirst = true;
        for (RawJson name : action.assignedUserNames()) {
            if (!isFirst) {
                row[at++] = ',';
            }
            put(name);
            isFirst = false;
        }
        row[at++] = ']';
        put(CHANNEL, action.channel());
        put(FORM_TYPE, action.formType());
        put(LATEST_CHANNEL, action.latestChannel());
        put(AI_DISPATCHED);
        put(action.aiDispatched() ? TRUE : FALSE);
        end(tail);
    }

    /** Leaves room for the length of the part that begins. */
    private int begin() {
        at += Integer.BYTES;
        return at;
    }

    private void end(int part) {
        RowFormat.putInt(row, part - Integer.BYTES, at - part);
    }

    private void put(byte[] bytes) {
        System.arraycopy(bytes, 0, row, at, bytes.length);
        at += bytes.length;
    }

    private void put(RawJson text) {
        at = text.copyTo(row, at);
    }

    private void put(byte[] name, @Nullable RawJson text) {
        put(name);
        if (text == null) {
            put(NULL);
        } else {
            put(text);
        }
    }

    private void put(byte[] name, long time) {
        put(name);
        row[at++] = '"';
        at = IsoTime.put(row, at, time);
        row[at++] = '"';
    }

    /** A number without sign. */
    private void put(long number) {
        int end = at + 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            end++;
        }
        long rest = number;
        for (int i = end - 1; i >= at; i--, rest /= 10) {
            row[i] = (byte) ('0' + rest % 10);
        }
        at = end;
    }

    private static byte[] name(String name, boolean isFirst) {
        return ((isFirst ? "" : ",") + '"' + name + "\":").getBytes(ISO_8859_1);
    }
}
