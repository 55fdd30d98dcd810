"""The request of a write: what it misses, and what it refuses."""

from __future__ import annotations

import pytest

import hedy_jupyter as hj
from hedy_jupyter.account import changes
from hedy_jupyter.changes.write_request import WriteRequest


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (WriteRequest("topic", "create", values={"color": "#FF8800"}), "A new topic needs a name."),
        (WriteRequest("context", "create"), "A new context needs a title."),
        (WriteRequest("webhook", "create", values={"events": ["session.ended"]}), "A new webhook needs a URL."),
        (WriteRequest("topic", "update", values={"name": "Plans"}), "Which topic?"),
        (WriteRequest("context", "delete"), "Which context?"),
        (WriteRequest("topic", "delete", "Plans", {"name": "Plans"}), "Deleting a topic takes no field values."),
        (WriteRequest("webhook", "update", "w1", {"url": "https://a.example"}), "A webhook can't be edited."),
    ],
)
def test_incomplete_requests(demo: hj.Hedy, request_: WriteRequest, error: str) -> None:
    """A request that names too little or too much is an error before any request to the API."""
    with pytest.raises(hj.UsageError) as caught:
        changes.prepare(demo.connection, request_)

    assert caught.value.message == error
    assert demo.requests.empty


def test_missing_values() -> None:
    """A value that is added is in front, and what is given is no longer missing."""
    request = WriteRequest("topic", "create", values={"color": "#FF8800", "name": None})
    named = request.with_values(name="Plans")

    assert (request.missing, named.missing) == ("name", "")
    assert list(named.values.items()) == [("name", "Plans"), ("color", "#FF8800")]
    assert WriteRequest("topic", "update", "Plans").missing == ""


@pytest.mark.parametrize(
    "request_",
    [
        WriteRequest("topic", "create", values={"name": "Plans", "color": "#FF8800"}),
        WriteRequest("context", "create", values={"is_default": True, "title": "Sales"}),
        WriteRequest("topic", "update", "Hiring", {"description": "New"}),
        WriteRequest("webhook", "create", values={"url": "https://api.example.com", "events": ["session.ended"]}),
    ],
)
def test_same_change_as_in_code(demo: hj.Hedy, request_: WriteRequest) -> None:
    """A request makes the same change, with the same digest, as the method of ``Hedy``."""
    method = getattr(demo, f"{request_.action}_{request_.kind}")
    target = [request_.target] if request_.target else []

    assert changes.prepare(demo.connection, request_).digest == method(*target, **request_.values).digest
