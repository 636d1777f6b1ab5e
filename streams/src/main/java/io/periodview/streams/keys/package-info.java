/** The API keys, known whole to every instance. */
@NullMarked
package io.periodview.streams.keys;

import org.jspecify.annotations.NullMarked;
