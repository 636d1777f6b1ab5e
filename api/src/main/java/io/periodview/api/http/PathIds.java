package io.periodview.api.http;

/** Ids in a path. */
final class PathIds {

    private PathIds() {}

    /** The period that a reader names: any 64-bit integer in canonical decimal, also one that no period can have. */
    static long period(String text) {
        try {
            long id = Long.parseLong(text);
            if (Long.toString(id).equals(text)) {
                return id;
            }
        } catch (NumberFormatException e) {
            // as below
        }
        throw ApiError.badRequest("Invalid period_id. It must be a valid integer for your team.");
    }
}
