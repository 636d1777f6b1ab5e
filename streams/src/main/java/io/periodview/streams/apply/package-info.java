/** The write side: the processor that decodes, validates and applies each record, in one batch with its neighbours. */
@NullMarked
package io.periodview.streams.apply;

import org.jspecify.annotations.NullMarked;
