/** What the brokers say of the topics: asked again and again, compared with what the partitions show, and made anew. */
@NullMarked
package io.periodview.streams.cluster;

import org.jspecify.annotations.NullMarked;
