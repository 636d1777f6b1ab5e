package io.periodview.streams.intake;

import org.apache.kafka.common.header.Header;

/**
 * A header that was added to a record after it was read; told from its producer's by its type.
 *
 * @param value UTF-8
 */
record OmissionHeader(String key, byte[] value) implements Header {}
