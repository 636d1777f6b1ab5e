/** How an instance is, as a document for operators. */
@NullMarked
package io.periodview.api.status;

import org.jspecify.annotations.NullMarked;
