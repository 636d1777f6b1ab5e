/** The HTTP API and the operators' port: from a request to an answer, here or from the instance that has it. */
@NullMarked
package io.periodview.api.http;

import org.jspecify.annotations.NullMarked;
