/** The API keys: every instance has all of them in a global store. */
@NullMarked
package io.periodview.streams.auth;

import org.jspecify.annotations.NullMarked;
