package io.periodview.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.intake.Change;
import io.periodview.streams.intake.Change.ActionChanged;
import io.periodview.streams.intake.EventDecoder;
import io.periodview.streams.store.ActionRow;
import io.periodview.streams.store.ActionRowEncoder;
import io.periodview.topics.EventKey;
import io.periodview.topics.Json;
import io.periodview.topics.ParseResult;
import io.periodview.topics.ParseResult.Parsed;
import io.periodview.topics.ParseResult.Rejected;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Values of {@code actions}: what is taken, and what is then served. */
public final class ActionValueFuzz {

    private static final EventKey KEY = new EventKey(7, 1);
    private static final long NUMBER = 42;
    private static final List<String> MEMBERS = List.of(
            "actionId",
            "classification",
            "subClassification",
            "status",
            "createdTime",
            "assignedTime",
            "doingTime",
            "closedTime",
            "createdByUserName",
            "periodMarker",
            "assignedUserNames",
            "channel",
            "formType",
            "latestChannel",
            "aiDispatched");

    private ActionValueFuzz() {}

    public static void fuzzerTestOneInput(byte[] value) {
        @Nullable Map<String, Object> expected = EventModel.action(KEY.id(), value);
        ParseResult<Change> result = EventDecoder.decode(EventDecoder.Kind.ACTIONS, KEY.toBytes(), value, 0);
        if (result instanceof Rejected<Change> rejected) {
            Property.isOneLine(rejected.rejection());
            Property.equal(null, expected, "What " + rejected.rejection() + " refuses");
            return;
        }
        ActionChanged change = (ActionChanged) ((Parsed<Change>) result).value();
        ActionRow row = ActionRow.of(ActionRowEncoder.encode(NUMBER, KEY.id(), change.event()));
        Property.equal(NUMBER, row.number(), "The number");
        Map<?, ?> served = served(row);
        Property.equal(expected, served, "The action");
        Property.equal(MEMBERS, new ArrayList<>(served.keySet()), "The members, in their order");
        Map<?, ?> fields = EventModel.formFields(Objects.requireNonNull(EventModel.object(StrictJson.parse(value))));
        Property.equal(
                List.copyOf(fields.keySet()),
                change.event().formFields().stream().map(field -> field.name()).toList(),
                "The names of the form fields");
        fields.forEach((name, field) -> {
            int at = row.formField(Json.quote((String) name).getBytes(UTF_8));
            Property.holds(at > 0, "The form field " + name + " is lost");
            Property.equal(
                    field, Served.value(Arrays.copyOfRange(row.bytes(), at, at + row.lengthOf(at))), "A form field");
        });
        if (!fields.containsKey("none of these")) {
            Property.equal(-1, row.formField("\"none of these\"".getBytes(UTF_8)), "A form field that is not there");
        }
    }

    /** As in a period without markers. */
    private static Map<?, ?> served(ActionRow row) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        json.write('{');
        json.write(row.bytes(), row.head(), row.lengthOf(row.head()));
        json.writeBytes("null".getBytes(UTF_8));
        json.write(row.bytes(), row.tail(), row.lengthOf(row.tail()));
        json.write('}');
        return Served.object(json.toByteArray());
    }
}
