package io.periodview.api.http;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A list of entity tags, as {@code If-None-Match} has it (RFC 9110, 13.1.2). */
final class EntityTags {

    /** An element of the list, which may be empty, with the comma that ends it. */
    private static final Pattern ELEMENT =
            Pattern.compile("\\G[ \\t]*+(?:(?:W/)?\"([\\x21\\x23-\\x7E\\x80-\\xFF]*+)\"[ \\t]*+)?+(,|$)");

    private EntityTags() {}

    /** The tags of the list, weak or not; none of a list that is malformed, as a part of it may look like a tag. */
    static List<String> parse(String header) {
        List<String> tags = new ArrayList<>();
        Matcher element = ELEMENT.matcher(header);
        while (element.find()) {
            if (element.group(1) != null) {
                tags.add(element.group(1));
            }
            if (element.group(2).isEmpty()) {
                return tags;
            }
        }
        return List.of();
    }
}
