"""The transport of requests: httpx with its authentication, connections, proxies and trusted certificates.

The key is added by ``KeyAuth`` as a request goes out and is in no other object of httpx.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Generator, Mapping
from functools import cache
from urllib.parse import urlsplit

import httpx

from hedy_jupyter import errors
from hedy_jupyter.api import response_body
from hedy_jupyter.api.rate_limit import IN_FLIGHT
from hedy_jupyter.credentials import Secret
from hedy_jupyter.errors import HedyError
from hedy_jupyter.settings import environment, is_loopback

TIMEOUT = httpx.Timeout(60.0, connect=10.0, pool=None)
_MAX_MESSAGE_LENGTH = 2_000
"""A server's message is cut to so many characters."""


def open_connections(
    base_url: str, auth: KeyAuth, user_agent: str, transport: httpx.AsyncBaseTransport | None
) -> httpx.AsyncClient:
    """Return an httpx client for the requests of one account.

    Args:
        transport: what to send through, without closing it; None is the network.

    Raises:
        SettingsError: the proxy or the certificates that the environment names cannot be used.
    """
    try:
        return httpx.AsyncClient(
            auth=auth,
            headers={
                "User-Agent": user_agent,
                "Accept": "application/json",
                "Accept-Encoding": response_body.ENCODINGS,
            },
            transport=None if transport is None else _BorrowedTransport(transport),
            timeout=TIMEOUT,
            follow_redirects=False,
            # a proxy of the environment must not see what is meant for this machine
            trust_env=not is_loopback(urlsplit(base_url).hostname),
            # a transport brings its own certificates, and loading ours takes 100 ms
            verify=transport is not None or _trusted_certificates(),
            limits=httpx.Limits(max_connections=2 * IN_FLIGHT, max_keepalive_connections=IN_FLIGHT),
        )
    except (ImportError, ValueError, httpx.InvalidURL):  # an unknown scheme, or SOCKS without its package
        raise errors.SettingsError(
            "The proxy of the environment cannot be used.",
            advice="Fix or unset HTTPS_PROXY and ALL_PROXY; for SOCKS install httpx[socks].",
        ) from None


class KeyAuth(httpx.Auth):
    """Adds the key to each request and to nothing else, and masks it in what a server answers."""

    def __init__(self, key: Secret) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the key to *request*."""
        request.headers["Authorization"] = "Bearer " + self._key.reveal()
        yield request

    def shown_in(self, text: str) -> bool:
        """Return whether *text* shows the key or one like it."""
        return self._key.shown_in(text)

    def mask(self, error: HedyError) -> None:
        """Mask the key in all texts of *error*, some of which are a server's."""
        error.mask(lambda text: self._key.hide(text[:_MAX_MESSAGE_LENGTH]))


class _BorrowedTransport(httpx.AsyncBaseTransport):
    """A transport that the caller owns: used, never closed."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        pass


class FunctionTransport(httpx.AsyncBaseTransport):
    """A server that is a function ``(method, target, headers, body) -> (status, headers, body, delay_s)``.

    A TimeoutError that it raises is a time-out, a ConnectionError a lost connection.
    """

    def __init__(
        self,
        answer: Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes, float]],
    ) -> None:
        self._answer = answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return what the function answers as a response of httpx."""
        body = await request.aread()
        try:
            status, headers, content, delay_s = self._answer(
                request.method, request.url.raw_path.decode("ascii"), request.headers, body
            )
        except TimeoutError:
            raise httpx.ReadTimeout("no answer", request=request) from None
        except ConnectionError:
            raise httpx.RemoteProtocolError("connection lost", request=request) from None
        await asyncio.sleep(delay_s)
        return httpx.Response(status, headers=dict(headers), content=content)


@cache
def ssl_context(file: str | None, folder: str | None) -> ssl.SSLContext:  # noqa: ARG001  httpx reads the two variables
    """Return the certificates that the two environment variables name, loaded once for each pair of values."""
    return httpx.create_ssl_context()


def _trusted_certificates() -> ssl.SSLContext:
    """Return the certificates to trust; a variable that was set after the first use counts as well.

    Raises:
        SettingsError: the file or folder that a variable names cannot be used.
    """
    variables = {name: environment().get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")}
    try:
        return ssl_context(*variables.values())
    except OSError:
        source = next((name for name, value in variables.items() if value), "the Python package certifi")
    raise errors.SettingsError(
        f"The certificates of {source} cannot be read.",
        advice="Set it to a file of certificates in PEM form, or unset it.",
    )
