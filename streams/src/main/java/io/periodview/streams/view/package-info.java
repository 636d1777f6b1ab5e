/** The read side: it cannot write, and says for every question what became of it. */
@NullMarked
package io.periodview.streams.view;

import org.jspecify.annotations.NullMarked;
