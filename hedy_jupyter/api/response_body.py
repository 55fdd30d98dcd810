"""Response bodies, read and decompressed in pieces up to a limit, so that no answer fills the memory."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator

from hedy_jupyter import errors

MAX_BODY_BYTES = 200_000_000
"""A larger answer, decompressed, is refused: the largest known one is a list of todos of some megabytes."""
ENCODINGS = "gzip"
"""The one encoding to request; it is decompressed here in small steps (httpx decompresses a whole chunk at once)."""
_COMPRESSED = frozenset({"gzip", "x-gzip", "deflate"})
_PIECE_BYTES = 1 << 18
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


async def read(chunks: AsyncIterator[bytes], encoding: str, *, max_bytes: int = MAX_BODY_BYTES) -> bytes:
    """Return the body that consists of *chunks*, decompressed as *encoding* says.

    Raises:
        ServerError: the body is larger than *max_bytes*.
        ValueError: it is not compressed as *encoding* says.
    """
    decompressor = zlib.decompressobj(_GZIP_OR_ZLIB) if encoding.strip().lower() in _COMPRESSED else None
    body = bytearray()
    try:
        async for chunk in chunks:
            for piece in _decompressed(decompressor, chunk):
                body += piece
                check_size(len(body), max_bytes)
        body += decompressor.flush() if decompressor else b""
    except zlib.error as error:
        raise ValueError(str(error)) from None
    return bytes(body)


def check_size(size: int, max_bytes: int) -> None:
    """Raise ``ServerError`` if a body of *size* bytes is larger than *max_bytes*."""
    if size > max_bytes:
        error = errors.ServerError(
            f"The answer is larger than {max_bytes / 1e6:,.0f} MB; the rest was not read.",
            advice="Ask for less at once, or check the base URL.",
        )
        error.final = True
        raise error


def _decompressed(decompressor: zlib._Decompress | None, chunk: bytes) -> Iterator[bytes]:
    if decompressor is None:
        yield chunk
        return
    while chunk and not decompressor.eof:
        yield decompressor.decompress(chunk, _PIECE_BYTES)
        chunk = decompressor.unconsumed_tail
