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
        @Nullable RawJson classification,
        @Nullable RawJson subClassification,
        @Nullable RawJson status,
        long createdTime,
        @Nullable RawJson assignedTime,
        @Nullable RawJson doingTime,
        @Nullable RawJson closedTime,
        @Nullable RawJson createdByUserName,
        List<RawJson> assignedUserNames,
        @Nullable RawJson channel,
        @Nullable RawJson formType,
        @Nullable RawJson latestChannel,
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

    private static ActionEvent read(EventKey key, EventReader in) throws InvalidEventException {
        RawJson classification = null;
        RawJson subClassification = null;
        RawJson status = null;
        Long createdTime = null;
        RawJson assignedTime = null;
        RawJson doingTime = null;
        RawJson closedTime = null;
        RawJson createdByUserName = null;
        List<RawJson> assignedUserNames = List.of();
        RawJson channel = null;
        RawJson formType = null;
        RawJson latestChannel = null;
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

    private static List<RawJson> userNames(EventReader in) throws InvalidEventException {
        if (in.atNull()) {
            return List.of();
        }
        in.requireArray("an array of strings");
        List<RawJson> names = new ArrayList<>();
        while (in.nextElement()) {
            names.add(in.requireRawString());
        }
        return names;
    }

    private static List<FormField> formFields(EventReader in) throws InvalidEventException {
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
