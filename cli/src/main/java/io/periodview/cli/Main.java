package io.periodview.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;

/** The entry point of the process: its environment, its outputs, its exit status. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        CommandLineRunner runner =
                new CommandLineRunner(System.getenv(), writer(FileDescriptor.out), writer(FileDescriptor.err));
        System.exit(runner.run(args));
    }

    /** UTF-8 whatever the locale; whole lines appear at once. */
    private static PrintWriter writer(FileDescriptor descriptor) {
        OutputStream bytes = new FileOutputStream(descriptor);
        return new PrintWriter(bytes, true, UTF_8);
    }
}
