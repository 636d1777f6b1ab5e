package io.periodview.api.http;

import io.periodview.streams.PeriodViewService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The service behind the API, which opens its port before the service has started. Thread-safe. */
public interface StartedService extends Supplier<@Nullable PeriodViewService> {

    /** Answers the request with a 503 while the service is starting. */
    default PeriodViewService orUnavailable() {
        PeriodViewService started = get();
        if (started == null) {
            throw ApiError.unavailable("This instance is starting.");
        }
        return started;
    }
}
