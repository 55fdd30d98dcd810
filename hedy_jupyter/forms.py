"""The public forms: ``hj.forms.topic(hedy)``, ``.context``, ``.webhook`` and ``.manager``; needs ipywidgets."""

from __future__ import annotations

from hedy_jupyter.widgets.builders import context, topic, webhook
from hedy_jupyter.widgets.manager import manager

__all__ = ["context", "manager", "topic", "webhook"]
