"""Certificate and TLS errors, reported as such and not as a network failure."""

from __future__ import annotations

import ssl

from hedy_jupyter import errors


def tls_error_in(error: BaseException | None) -> ssl.SSLError | None:
    """Return the TLS error that led to *error*, or None."""
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error


def offline_error(error: ssl.SSLError, host: str) -> errors.Offline:
    """Return the error to raise for the TLS *error* in the connection to *host*."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return errors.Offline(
            f"No secure connection to {host} could be made.",
            advice="Check the base URL and whether a company proxy intercepts the connection.",
        )
    found = errors.Offline(
        f"The certificate of {host} could not be verified: {error.verify_message.rstrip('.')}.",
        advice="Check this computer's clock and the base URL; "
        "behind a company proxy, set SSL_CERT_FILE, then connect again.",
    )
    found.final = True
    return found
