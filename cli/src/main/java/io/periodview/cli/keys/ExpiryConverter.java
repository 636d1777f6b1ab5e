package io.periodview.cli.keys;

import io.periodview.cli.terminal.TimeArgument;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time in the future: {@code 2027-01-01T00:00:00Z}, or relative to now: {@code 90d}. */
final class ExpiryConverter implements ITypeConverter<Instant> {

    @Override
    public Instant convert(String text) {
        Instant now = Instant.now();
        Instant expiry = TimeArgument.after(now, text);
        if (!expiry.isAfter(now)) {
            throw new TypeConversionException("'" + text + "' has passed already");
        }
        return expiry.truncatedTo(ChronoUnit.MILLIS);
    }
}
