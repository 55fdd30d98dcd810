"""Forms for topics, contexts and webhooks, and the manager: ``hj.forms.topic(hedy)``. Needs ipywidgets."""

from __future__ import annotations

from hedy_jupyter.widgets.builders import context, topic, webhook
from hedy_jupyter.widgets.manager import manager

__all__ = ["context", "manager", "topic", "webhook"]
