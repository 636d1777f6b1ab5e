package io.periodview.topics.provisioning;

import java.util.List;

/** Numbers and lists as people say them. */
final class Phrases {

    private Phrases() {}

    static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    /** {@code a}; {@code a and b}; {@code a, b and c}. */
    static String list(List<String> things) {
        int last = things.size() - 1;
        return last < 1
                ? String.join("", things)
                : String.join(", ", things.subList(0, last)) + " and " + things.get(last);
    }
}
