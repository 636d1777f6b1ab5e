package io.periodview.cli.terminal;

/**
 * A command that does one thing and ends. When it fails it says so in one line, so what Kafka's clients log on the way
 * (a refused connection, twice a second) is kept off stderr unless {@code --debug} asks for it.
 */
public interface OneShot {}
