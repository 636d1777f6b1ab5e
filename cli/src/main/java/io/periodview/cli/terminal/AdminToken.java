package io.periodview.cli.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The token of the admin port, from a file, since other users can see a process's arguments. */
public final class AdminToken {

    /** What can be sent as a bearer token (RFC 6750, 2.1), and is too long to be guessed. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{16,}=*");

    private AdminToken() {}

    /** Null if there is no file; blanks around the token do not count. */
    public static @Nullable String read(@Nullable Path file) {
        if (file == null) {
            return null;
        }
        try {
            String token = Files.readString(file).strip();
            if (!TOKEN.matcher(token).matches()) {
                throw new CommandFailedException("The file " + file
                        + " of --admin-token-file has no token: 16 or more letters, digits and . _ ~ + / -");
            }
            return token;
        } catch (IOException e) {
            throw new CommandFailedException("The file " + file + " of --admin-token-file cannot be read: " + e, e);
        }
    }
}
