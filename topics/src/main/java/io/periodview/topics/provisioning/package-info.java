/** The topics as {@code topics.yaml} wants them, against those of a cluster: a plan, then its execution; never destroys. */
@NullMarked
package io.periodview.topics.provisioning;

import org.jspecify.annotations.NullMarked;
