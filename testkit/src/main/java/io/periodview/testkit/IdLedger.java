package io.periodview.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Checks that a {@code periodActionId} is positive, belongs to one action for as long as that is in the period, and never
 * to another. Not thread-safe.
 */
public final class IdLedger {

    private record Stay(long teamId, long periodId, long actionId) {}

    private record Id(long teamId, long number) {}

    private final Map<Stay, Long> stays = new HashMap<>();
    private final Map<Id, Stay> owners = new HashMap<>();

    /**
     * Removes the ids from an answer and compares them with all seen before.
     *
     * @param body of {@code GET /periods/{period_id}/actions}
     * @return the same body without the ids
     * @throws AssertionError that says which id is wrong
     */
    public JsonNode withoutIds(long teamId, long periodId, JsonNode body) {
        for (JsonNode action : body.get("actions")) {
            JsonNode id = ((ObjectNode) action).remove("periodActionId");
            Stay stay = new Stay(teamId, periodId, action.get("actionId").asLong());
            if (id == null || !id.isIntegralNumber() || id.asLong() <= 0) {
                throw new AssertionError(stay + " has the periodActionId " + id);
            }
            Long before = stays.put(stay, id.asLong());
            if (before != null && before != id.asLong()) {
                throw new AssertionError(stay + " had the periodActionId " + before + " and has " + id);
            }
            Stay owner = owners.put(new Id(teamId, id.asLong()), stay);
            if (owner != null && !owner.equals(stay)) {
                throw new AssertionError(stay + " has the periodActionId " + id + " of " + owner);
            }
        }
        return body;
    }

    /** Keeps only the stays that continue after an event of the team; an action that returns later may get a new id. */
    public void keepOnly(long teamId, ReferenceView view) {
        Map<Long, Set<Long>> inside = new HashMap<>();
        stays.keySet()
                .removeIf(stay -> stay.teamId == teamId
                        && !inside.computeIfAbsent(stay.periodId, id -> Set.copyOf(view.actionIds(teamId, id)))
                                .contains(stay.actionId));
    }
}
