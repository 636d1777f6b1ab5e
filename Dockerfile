# The service and its commands (not `dev`, whose broker would double the jars), with a Java of just the modules it uses.
#
#   docker build -t period-view .
#   docker run --rm period-view --help
#
# It runs as a user without rights, with a read-only root: it writes to the state directory, and its JVM to /tmp.

# --- The jars, and Java -----------------------------------------------------------------------------------------------
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
COPY .mvn .mvn
COPY pom.xml .
COPY topics topics
COPY broker broker
COPY sandbox sandbox
COPY testkit testkit
COPY streams streams
COPY api api
COPY cli cli
COPY bench bench
COPY fuzz fuzz
# `sandbox.scope` leaves out the embedded broker and everything that only it needs.
RUN mvn -q -B -ntp -pl cli -am -Dsandbox.scope=provided \
        -Dmaven.test.skip=true -Dspotless.check.skip=true -Denforcer.skip=true \
        package dependency:copy-dependencies -DincludeScope=runtime \
    && mkdir -p /image/opt/period-view \
    && mv cli/target/dependency /image/opt/period-view/jars \
    && cp cli/target/period-view-cli-*.jar /image/opt/period-view/jars
# The native libraries of this platform as files: what is not in a jar need not be unpacked at each start (RocksDB's has
# 15 MB), so /tmp stays small and nothing in it is ever executed. Those of all other platforms go.
COPY deploy/image/unpack-natives .
RUN sh ./unpack-natives /image/opt/period-view/jars /image/opt/period-view/lib
# What jdeps finds in the jars, and what is found at run time only: Kerberos and OAuth for Kafka (jdk.security.*), the
# JVM's own measures (jdk.management). Without it Java would be three times as large.
RUN jlink --output /image/opt/java --strip-java-debug-attributes --no-header-files --no-man-pages --compress zip-9 \
        --add-modules java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.management,jdk.net,jdk.security.auth,jdk.security.jgss,jdk.unsupported
# The names of symbols that only a debugger wants: 7 MB. (Crash logs still have Java's frames.)
RUN if command -v strip >/dev/null; then \
        find /image/opt -name '*.so' -exec strip --strip-unneeded {} +; \
    fi
COPY deploy/image/period-view /image/opt/period-view/bin/
RUN chmod 755 /image/opt/period-view/bin/period-view && mkdir -p /image/var/lib/period-view \
    && chown 65532:65532 /image/var/lib/period-view
# Our own jars apart: they are what differs between two versions.
RUN mkdir -p /ours && mv /image/opt/period-view/jars/period-view-*.jar /ours

# --- A shell and wget in one file of 1 MB -----------------------------------------------------------------------------
FROM busybox:1.37-musl AS busybox

# --- The image --------------------------------------------------------------------------------------------------------
# glibc and libstdc++ and little else. Not musl: RocksDB lives on malloc, and musl's has one lock for all threads.
FROM gcr.io/distroless/cc-debian12
COPY --from=build /image /
COPY --from=busybox /bin/busybox /opt/period-view/bin/
COPY --from=build /ours /opt/period-view/jars/
USER 65532:65532
ENV PATH=/opt/period-view/bin:/opt/java/bin:/usr/bin:/bin \
    PERIOD_VIEW_BIND=0.0.0.0 \
    PERIOD_VIEW_STATE_DIR=/var/lib/period-view
EXPOSE 8080 9090
# Live, not ready: where an unhealthy container is replaced, one that restores its state must not be.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["busybox", "sh", "-c", "busybox wget -q -O /dev/null http://127.0.0.1:${PERIOD_VIEW_ADMIN_PORT:-9090}/health/live"]
ENTRYPOINT ["period-view"]
CMD ["serve"]
