package io.periodview.topics;

/**
 * A field of an action's form.
 *
 * @param json the field's value as the producer wrote it: any JSON value, null included
 */
public record FormField(String name, RawJson json) {}
