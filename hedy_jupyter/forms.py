"""The public widgets: ``hj.forms.topic(hedy)``, ``.context``, ``.webhook``, ``.manager``, ``.browser``."""

from __future__ import annotations

from hedy_jupyter.widgets.browser import browser
from hedy_jupyter.widgets.builders import context, topic, webhook
from hedy_jupyter.widgets.manager import manager

__all__ = ["browser", "context", "manager", "topic", "webhook"]
