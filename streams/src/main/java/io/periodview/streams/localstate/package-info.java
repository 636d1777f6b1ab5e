/** The state directory on disk: its lock, quarantined files, a full disk. */
@NullMarked
package io.periodview.streams.localstate;

import org.jspecify.annotations.NullMarked;
