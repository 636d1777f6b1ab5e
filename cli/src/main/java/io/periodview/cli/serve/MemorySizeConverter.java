package io.periodview.cli.serve;

import io.periodview.streams.store.RocksDbConfig;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a size in bytes, in the notation of the JVM's own options: {@code 256m}, {@code 2g}. */
final class MemorySizeConverter implements ITypeConverter<Long> {

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,6})([mMgG])");
    private static final long MIN = RocksDbConfig.MIN_MEMORY;

    @Override
    public Long convert(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new TypeConversionException("'" + text + "' is not a size such as 256m or 2g");
        }
        long bytes = Long.parseLong(size.group(1)) << (size.group(2).equalsIgnoreCase("m") ? 20 : 30);
        if (bytes < MIN) {
            throw new TypeConversionException("'" + text + "' is too small; the minimum is " + (MIN >> 20) + "m");
        }
        return bytes;
    }
}
