package io.periodview.api;

import io.periodview.api.routing.InstanceSecret;
import org.jspecify.annotations.Nullable;

/**
 * Where an instance listens, and whom it believes.
 *
 * @param bind the address that both ports listen on
 * @param port of the API; 0 for any free one
 * @param adminPort of health, metrics and status; 0 for any free one
 * @param secret that all instances of the service know; null for a sole instance
 */
public record ServerSettings(
        String bind, int port, int adminPort, @Nullable InstanceSecret secret) {}
