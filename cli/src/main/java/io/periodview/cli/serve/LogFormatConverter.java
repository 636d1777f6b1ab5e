package io.periodview.cli.serve;

import io.periodview.api.logging.LogFormat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses the format of the log. */
final class LogFormatConverter implements ITypeConverter<LogFormat> {

    @Override
    public LogFormat convert(String text) {
        for (LogFormat format : LogFormat.values()) {
            if (format.toString().equalsIgnoreCase(text)) {
                return format;
            }
        }
        throw new TypeConversionException("'" + text + "' is not text or json");
    }
}
