package io.periodview.streams.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.topics.ActionEvent;
import io.periodview.topics.FormField;
import io.periodview.topics.IsoTime;
import io.periodview.topics.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An action as it will be served, rendered once when its event comes. What differs from period to period goes around
 * and between two parts: {@code {periodId, periodName, periodActionId, HEAD, periodMarker, TAIL}}.
 */
public final class ActionJson {

    private ActionJson() {}

    /** @return what {@link ActionRow} reads */
    public static byte[] row(long number, long actionId, ActionEvent action) {
        byte[] head = head(actionId, action).getBytes(UTF_8);
        byte[] tail = tail(action).getBytes(UTF_8);
        List<FormField> fields = action.formFields();
        byte[][] names = new byte[fields.size()][];
        byte[][] values = new byte[fields.size()][];
        int length = ActionRow.BODY + 3 * Integer.BYTES + head.length + tail.length;
        for (int i = 0; i < names.length; i++) {
            names[i] = Json.quote(fields.get(i).name()).getBytes(UTF_8);
            values[i] = fields.get(i).json().getBytes(UTF_8);
            length += 2 * Integer.BYTES + names[i].length + values[i].length;
        }
        byte[] row = new byte[length];
        row[0] = RowLayout.VERSION;
        RowLayout.putLong(row, ActionRow.NUMBER, number);
        int at = put(row, put(row, ActionRow.BODY, head), tail);
        RowLayout.putInt(row, at, names.length);
        at += Integer.BYTES;
        for (int i = 0; i < names.length; i++) {
            at = put(row, put(row, at, names[i]), values[i]);
        }
        return row;
    }

    private static int put(byte[] row, int at, byte[] part) {
        RowLayout.putInt(row, at, part.length);
        System.arraycopy(part, 0, row, at + Integer.BYTES, part.length);
        return at + Integer.BYTES + part.length;
    }

    private static String head(long actionId, ActionEvent action) {
        StringBuilder json = new StringBuilder(400).append("\"actionId\":").append(actionId);
        string(json, ",\"classification\":", action.classification());
        string(json, ",\"subClassification\":", action.subClassification());
        string(json, ",\"status\":", action.status());
        time(json, ",\"createdTime\":", action.createdTime());
        time(json, ",\"assignedTime\":", action.assignedTime());
        time(json, ",\"doingTime\":", action.doingTime());
        time(json, ",\"closedTime\":", action.closedTime());
        string(json, ",\"createdByUserName\":", action.createdByUserName());
        return json.append(",\"periodMarker\":").toString();
    }

    private static String tail(ActionEvent action) {
        StringBuilder json = new StringBuilder(200).append(",\"assignedUserNames\":[");
        String separator = "";
        for (String name : action.assignedUserNames()) {
            json.append(separator).append(Json.quote(name));
            separator = ",";
        }
        json.append(']');
        string(json, ",\"channel\":", action.channel());
        string(json, ",\"formType\":", action.formType());
        string(json, ",\"latestChannel\":", action.latestChannel());
        return json.append(",\"aiDispatched\":").append(action.aiDispatched()).toString();
    }

    private static void string(StringBuilder json, String name, @Nullable String value) {
        json.append(name).append(value == null ? "null" : Json.quote(value));
    }

    private static void time(StringBuilder json, String name, @Nullable Long value) {
        json.append(name);
        if (value == null) {
            json.append("null");
        } else {
            IsoTime.append(json.append('"'), value).append('"');
        }
    }
}
