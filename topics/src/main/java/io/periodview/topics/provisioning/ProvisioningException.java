package io.periodview.topics.provisioning;

/** Topics are not as they must be, or could not be made so. The message says which, why, and what to do. */
public final class ProvisioningException extends RuntimeException {

    public ProvisioningException(String message) {
        super(message);
    }

    public ProvisioningException(String message, Throwable cause) {
        super(message, cause);
    }
}
