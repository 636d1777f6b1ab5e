package io.periodview.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.random.RandomGenerator;

/** What guests and staff of a venue ask for or report: the texts of the sample's actions. */
enum Request {
    SPILL("Cleaning", "Spill", "Incident"),
    RESTROOM("Cleaning", "Restroom", "Request"),
    MEDICAL("Medical", "First aid", "Incident"),
    TICKET("Ticketing", "Ticket does not scan", "Request"),
    DUPLICATE_SEAT("Ticketing", "Seat sold twice", "Incident"),
    LOST_PROPERTY("Guest services", "Lost property", "Request"),
    WHEELCHAIR("Guest services", "Wheelchair escort", "Request"),
    SEAT("Maintenance", "Broken seat", "Work order"),
    ESCALATOR("Maintenance", "Escalator", "Work order"),
    CROWD("Security", "Crowded stairs", "Incident");

    private static final Request[] ALL = values();
    private static final List<String> CHANNELS = List.of("App", "Text message", "Radio", "Phone", "Kiosk");
    private static final List<String> GUESTS = List.of("Guest", "Gate 3", "Gate 7", "Concourse lead", "Control room");
    private static final List<String> STAFF =
            List.of("A. Okafor", "B. Lindqvist", "C. Moreau", "D. Tanaka", "E. Alvarez", "F. Novak");

    private final String classification;
    private final String subClassification;
    private final String formType;

    Request(String classification, String subClassification, String formType) {
        this.classification = classification;
        this.subClassification = subClassification;
        this.formType = formType;
    }

    static Request any(RandomGenerator random) {
        return ALL[random.nextInt(ALL.length)];
    }

    /** The fields of an action that never change. */
    void describe(ObjectNode action, RandomGenerator random) {
        action.put("classification", classification)
                .put("subClassification", subClassification)
                .put("formType", formType)
                .put("createdByUserName", any(GUESTS, random))
                .put("channel", any(CHANNELS, random))
                .put("aiDispatched", random.nextInt(4) == 0);
        ObjectNode fields = action.putObject("formFields");
        fields.put("section", 100 + random.nextInt(40)).put("priority", random.nextInt(1, 4));
        if (this == MEDICAL) {
            fields.put("conscious", random.nextInt(10) != 0).putNull("ambulance");
        } else if (this == LOST_PROPERTY) {
            fields.put("item", any(List.of("phone", "scarf", "umbrella", "keys"), random));
            fields.putArray("tags").add("guest").add("call back");
        } else if (this == SEAT || this == DUPLICATE_SEAT) {
            fields.putObject("seat").put("row", random.nextInt(1, 40)).put("number", random.nextInt(1, 30));
        }
    }

    static void assign(ObjectNode action, RandomGenerator random) {
        action.putArray("assignedUserNames").add(any(STAFF, random));
        action.put("latestChannel", any(CHANNELS, random));
    }

    static void note(ObjectNode action, RandomGenerator random) {
        action.withObject("/formFields")
                .put("note", any(List.of("on the way", "needs a second pair of hands", "waiting for parts"), random))
                .put("priority", random.nextInt(1, 4));
    }

    private static String any(List<String> words, RandomGenerator random) {
        return words.get(random.nextInt(words.size()));
    }
}
