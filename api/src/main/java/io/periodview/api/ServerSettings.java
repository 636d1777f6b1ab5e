package io.periodview.api;

import io.periodview.api.http.AdminSettings;
import io.periodview.api.routing.InstanceSecret;
import org.jspecify.annotations.Nullable;

/**
 * Where an instance listens, and whom it believes.
 *
 * @param bind the address that the API listens on
 * @param port of the API; 0 for any free one
 * @param admin the operators' port
 * @param secret that all instances of the service know; null for a sole instance
 */
public record ServerSettings(
        String bind,
        int port,
        AdminSettings admin,
        @Nullable InstanceSecret secret) {}
