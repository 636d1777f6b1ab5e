package io.periodview.topics;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole state of an action after a change, as JSON where nobody here needs to read it: texts as the producer wrote
 * them, times as they are served. What the producer left out is null, an empty list or false.
 *
 * @param createdTime in milliseconds since the epoch
 */
public record ActionEvent(
        @Nullable JsonText classification,
        @Nullable JsonText subClassification,
        @Nullable JsonText status,
        long createdTime,
        @Nullable JsonText assignedTime,
        @Nullable JsonText doingTime,
        @Nullable JsonText closedTime,
        @Nullable JsonText createdByUserName,
        List<JsonText> assignedUserNames,
        @Nullable JsonText channel,
        @Nullable JsonText formType,
        @Nullable JsonText latestChannel,
        boolean aiDispatched,
        List<FormField> formFields) {

    public ActionEvent {
        assignedUserNames = List.copyOf(assignedUserNames);
        formFields = List.copyOf(formFields);
    }

    /** Reads the value of a record with this key; thread-safe, never throws. */
    public static ParseResult<ActionEvent> parse(EventKey key, byte[] value) {
        return EventReader.parse(value, reader -> read(key, reader));
    }

    private static ActionEvent read(EventKey key, EventReader in) throws InvalidEvent {
        JsonText classification = null;
        JsonText subClassification = null;
        JsonText status = null;
        Long createdTime = null;
        JsonText assignedTime = null;
        JsonText doingTime = null;
        JsonText closedTime = null;
        JsonText createdByUserName = null;
        List<JsonText> assignedUserNames = List.of();
        JsonText channel = null;
        JsonText formType = null;
        JsonText latestChannel = null;
        boolean aiDispatched = false;
        List<FormField> formFields = List.of();
        while (in.nextField()) {
            switch (in.field()) {
                case "actionId" -> in.requireId(key.id());
                case "classification" -> classification = in.rawString();
                case "subClassification" -> subClassification = in.rawString();
                case "status" -> status = in.rawString();
                case "createdTime" -> createdTime = in.time();
                case "assignedTime" -> assignedTime = in.servedTime();
                case "doingTime" -> doingTime = in.servedTime();
                case "closedTime" -> closedTime = in.servedTime();
                case "createdByUserName" -> createdByUserName = in.rawString();
                case "assignedUserNames" -> assignedUserNames = userNames(in);
                case "channel" -> channel = in.rawString();
                case "formType" -> formType = in.rawString();
                case "latestChannel" -> latestChannel = in.rawString();
                case "aiDispatched" -> aiDispatched = in.bool();
                case "formFields" -> formFields = formFields(in);
                default -> in.skip();
            }
        }
        return new ActionEvent(
                classification,
                subClassification,
                status,
                in.require("createdTime", createdTime),
                assignedTime,
                doingTime,
                closedTime,
                createdByUserName,
                assignedUserNames,
                channel,
                formType,
                latestChannel,
                aiDispatched,
                formFields);
    }

    private static List<JsonText> userNames(EventReader in) throws InvalidEvent {
        if (in.atNull()) {
            return List.of();
        }
        in.requireArray("an array of strings");
        List<JsonText> names = new ArrayList<>();
        while (in.nextElement()) {
            names.add(in.requireRawString());
        }
        return names;
    }

    private static List<FormField> formFields(EventReader in) throws InvalidEvent {
        if (in.atNull()) {
            return List.of();
        }
        in.requireObject();
        List<FormField> fields = new ArrayList<>();
        while (in.nextField()) {
            fields.add(new FormField(in.field(), in.raw()));
        }
        return fields;
    }
}
