/** The topics that {@code topics.yaml} wants, against those of a cluster: a plan, then its execution. */
@NullMarked
package io.periodview.topics.provisioning;

import org.jspecify.annotations.NullMarked;
