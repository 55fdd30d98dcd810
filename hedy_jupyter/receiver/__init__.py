"""Receive Hedy's webhooks into the local archive: ``hedy-jupyter receive``, and ``app()`` for a server of your own.

Needs the extra ``receiver`` (Starlette and uvicorn).
"""

from hedy_jupyter.receiver.application import app

__all__ = ["app"]
