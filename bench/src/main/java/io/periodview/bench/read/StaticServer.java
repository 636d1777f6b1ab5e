package io.periodview.bench.read;

import io.periodview.bench.ingest.StandardInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The limit: the same bytes with the same headers, out of memory. */
final class StaticServer {

    private StaticServer() {}

    /** Argument: a folder of bodies, each named as the period it stands for. */
    public static void main(String[] args) throws Exception {
        Map<String, byte[]> bodies = new HashMap<>();
        try (Stream<Path> files = Files.list(Path.of(args[0]))) {
            for (Path file : files.toList()) {
                bodies.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        PlainServer.start(ctx -> {
            byte[] body = Objects.requireNonNull(bodies.get(ctx.pathParam("period_id")));
            ctx.res().setHeader("ETag", "W/\"0123456789abcdef-1\"");
            ctx.res().setHeader("View-Source", "owner");
            ctx.res().setHeader("View-Position", "actions-3@1000,periods-3@1");
            if (ctx.pathParam("period_id").endsWith("gzip")) {
                ctx.res().setHeader("Content-Encoding", "gzip");
            }
            ctx.res().setContentLengthLong(body.length);
            ctx.res().getOutputStream().write(body);
        });
        StandardInput.awaitEnd();
        System.exit(0);
    }
}
