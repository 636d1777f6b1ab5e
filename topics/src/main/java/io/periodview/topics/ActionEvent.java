package io.periodview.topics;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole state of an action after a change. Times are milliseconds since the epoch; what the producer left out is
 * null, an empty list or false.
 */
public record ActionEvent(
        @Nullable String classification,
        @Nullable String subClassification,
        @Nullable String status,
        long createdTime,
        @Nullable Long assignedTime,
        @Nullable Long doingTime,
        @Nullable Long closedTime,
        @Nullable String createdByUserName,
        List<String> assignedUserNames,
        @Nullable String channel,
        @Nullable String formType,
        @Nullable String latestChannel,
        boolean aiDispatched,
        List<FormField> formFields) {

    public ActionEvent {
        assignedUserNames = List.copyOf(assignedUserNames);
        formFields = List.copyOf(formFields);
    }

    /** Reads the value of a record with this key; thread-safe, never throws. */
    public static Parsed<ActionEvent> parse(EventKey key, byte[] value) {
        return EventReader.parse(value, reader -> read(key, reader));
    }

    private static ActionEvent read(EventKey key, EventReader in) throws InvalidEvent {
        String classification = null;
        String subClassification = null;
        String status = null;
        Long createdTime = null;
        Long assignedTime = null;
        Long doingTime = null;
        Long closedTime = null;
        String createdByUserName = null;
        List<String> assignedUserNames = List.of();
        String channel = null;
        String formType = null;
        String latestChannel = null;
        boolean aiDispatched = false;
        List<FormField> formFields = List.of();
        while (in.nextField()) {
            switch (in.field()) {
                case "actionId" -> in.requireId(key.id());
                case "classification" -> classification = in.string();
                case "subClassification" -> subClassification = in.string();
                case "status" -> status = in.string();
                case "createdTime" -> createdTime = in.time();
                case "assignedTime" -> assignedTime = in.time();
                case "doingTime" -> doingTime = in.time();
                case "closedTime" -> closedTime = in.time();
                case "createdByUserName" -> createdByUserName = in.string();
                case "assignedUserNames" -> assignedUserNames = userNames(in);
                case "channel" -> channel = in.string();
                case "formType" -> formType = in.string();
                case "latestChannel" -> latestChannel = in.string();
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

    private static List<String> userNames(EventReader in) throws InvalidEvent {
        if (in.atNull()) {
            return List.of();
        }
        in.requireArray("an array of strings");
        List<String> names = new ArrayList<>();
        while (in.nextElement()) {
            names.add(in.requireString());
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
