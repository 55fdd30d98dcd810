"""The page of meetings: what is in it, that its links lead somewhere, and that nothing in it acts."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import hedy_jupyter as hj
from hedy_jupyter.errors import ServerError
from hedy_jupyter.export.html_page import to_html
from hedy_jupyter.frames.build import build

BERLIN = ZoneInfo("Europe/Berlin")
EVIL = "<script>alert(1)</script><img src=https://evil.example/x onerror=alert(1)>"
SESSIONS = build(
    "sessions_detailed",
    [
        {
            "sessionId": 'sess_1"><b>',
            "title": f"Plan {EVIL}",
            "startTime": "2026-03-29T00:30:00Z",
            "endTime": "2026-03-29T02:15:00Z",
            "duration": 45,
            "topic": {"id": "t1", "name": EVIL},
            "recap": f"# Big\n\n{EVIL} ![x](https://evil.example/y)\n\n[a](https://ok.example) [b](javascript:x)",
            "transcript": f"Ada: hello\n{EVIL}\x1b[31m",
        },
        {"sessionId": "sess_2", "title": None, "startTime": None},
    ],
)
TODOS = build(
    "todos",
    [
        {"id": "a", "text": EVIL, "dueDate": "Friday", "completed": False, "sessionId": 'sess_1"><b>'},
        {"id": "b", "text": "done", "completed": True, "sessionId": "sess_9"},
    ],
)
HIGHLIGHTS = build("highlights_detailed", [{"id": "h", "title": EVIL, "rawQuote": EVIL, "sessionId": "sess_2"}])
VOID = {"meta", "br", "hr"}


class Page(HTMLParser):
    """What a browser finds: tags, attributes and text; unbalanced tags are an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags = Counter[str]()
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def values(self, name: str) -> list[str]:
        """The values of the attribute *name*."""
        return [value for _, key, value in self.attributes if key == name]


@pytest.fixture(scope="module")
def page() -> Page:
    """The page of everything that may do harm."""
    return Page(to_html({"sessions": SESSIONS, "todos": TODOS, "highlights": HIGHLIGHTS}, zone=BERLIN))


def test_nothing_acts_or_loads(page: Page) -> None:
    """No script, picture, form or frame, no handler, no address but the web link that a text has."""
    assert not page.tags.keys() & {"script", "img", "iframe", "form", "link", "object", "embed", "base", "svg", "input"}
    assert [name for _, name, _ in page.attributes if name.startswith("on") or name in {"src", "srcset"}] == []
    assert [value for value in page.values("href") if not value.startswith("#")] == [
        "https://evil.example/y",  # what asks for a picture is a link, which loads nothing
        "https://ok.example",
    ]
    assert "default-src 'none'" in " ".join(page.values("content"))
    assert "".join(page.texts).count("<script>alert(1)</script>") >= 6
    assert "\x1b" not in "".join(page.texts)


def test_links_lead_somewhere(page: Page) -> None:
    """Each link of the page leads to one place in it, and each meeting is in the contents."""
    ids = Counter(page.values("id"))
    links = {value[1:] for value in page.values("href") if value.startswith("#")}

    assert set(ids.values()) == {1}
    assert links <= set(ids)
    assert len([ident for ident in links if ident.startswith("session-")]) == 2


def test_contents(page: Page) -> None:
    """Local times, checked todos and folded transcripts are there; a missing title or start is no gap."""
    text = "".join(page.texts)

    assert "2026-03-29 01:30 CET – 04:15 CEST · 45 min" in text
    assert "Times in Europe/Berlin." in text
    assert "2 sessions, 2 todos, 1 highlight" in text
    assert "(due: Friday)" in text
    assert page.values("aria-label").count("done") == 1
    assert page.tags["details"] == 1
    assert page.tags["article"] == 2
    assert page.tags["h1"] == 1


def test_every_kind(demo: hj.Hedy, tmp_path: Path) -> None:
    """A frame of each kind is a page; written, it is the same."""
    frames = [demo.todos(), demo.highlights(3, details=True), demo.topics(), demo.contexts(), demo.webhooks()]
    for frame in frames:
        text = frame.hedy.to_html(tmp_path / "page.html")
        assert (tmp_path / "page.html").read_text(encoding="utf-8") == text
        first = str(frame.iloc[0]["text" if "text" in frame else "name" if "name" in frame else frame.columns[1]])
        assert Page(text).tags["h2"] == 2
        assert frame.hedy.kind not in {"todos", "topics"} or first.split()[0] in text


def test_export(demo: hj.Hedy, tmp_path: Path) -> None:
    """``hedy.export("html")`` has the meetings, their todos by topic, and the topics."""
    done = demo.export("html", topic="Hiring")
    page = Page(done.text or "")
    kept = tmp_path / "kept.html"
    demo.export("html", kept, topic="Hiring")

    assert page.tags["article"] == len(demo.sessions(None, topic="Hiring"))
    assert {"meetings", "todos", "topics"} <= set(page.values("id"))
    assert kept.read_text(encoding="utf-8") == done.text
    less = demo.sessions(2)
    less.attrs["coverage"]["incomplete"] = ["x"]
    with pytest.raises(ServerError, match="left as it is"):
        less.hedy.to_html(kept)
