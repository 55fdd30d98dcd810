"""What a connection that is not secure is told as: not as a fault of the network."""

from __future__ import annotations

import ssl

from hedy_jupyter import errors


def error_behind(error: BaseException | None) -> ssl.SSLError | None:
    """Return the error of TLS that led to *error*, or None."""
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error


def failure(error: ssl.SSLError, host: str) -> errors.Offline:
    """Return what to raise for *error* in the connection to *host*."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return errors.Offline(
            f"No secure connection to {host} could be made.",
            advice="Check the base URL and whether a company proxy intercepts the connection.",
        )
    found = errors.Offline(
        f"The certificate of {host} could not be verified: {error.verify_message.rstrip('.')}.",
        advice="Check this computer's clock and the base URL; behind a company proxy, set SSL_CERT_FILE, then connect again.",
    )
    found.final = True
    return found
