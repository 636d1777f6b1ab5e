/** What producers and the service agree to: the topics, their keys and events, and where a team lives. */
@NullMarked
package io.periodview.topics;

import org.jspecify.annotations.NullMarked;
