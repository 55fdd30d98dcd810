"""Foreign answers: what is not Hedy's answer is not taken for one, in any kind of call, nor in exports and vaults."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter import Hedy, errors
from tests.cases import case
from tests.commands import run
from tests.histories import History

Answer = Callable[[httpx.Request], httpx.Response]


def html(status: int) -> Answer:
    """A page of a gateway, a proxy or another site."""
    return lambda request: httpx.Response(status, text=f"<!DOCTYPE html><pre>Cannot GET {request.url.path}</pre>")


def of(status: int, value: object) -> Answer:
    """JSON that is not Hedy's."""
    return lambda _: httpx.Response(status, json=value)


def text(status: int, body: bytes) -> Answer:
    """A body as it is."""
    return lambda _: httpx.Response(status, content=body)


FOREIGN: dict[str, Answer] = {
    **{f"html {status}": html(status) for status in (200, 400, 403, 404, 405, 408, 410, 500, 502, 503)},
    "plain 404": text(404, b"Not Found"),
    "empty 404": text(404, b""),
    "empty 204": text(204, b""),
    "cut": text(200, b'{"sessionId": "sess_000003", "tit'),
    "null": of(200, None),
    "json 404": of(404, {"message": "Not Found"}),
    "json 404 spring": of(404, {"status": 404, "error": "Not Found", "path": "/sessions/x"}),
    "json 400": of(400, {"error": "Bad Request"}),
    "json 400 details": of(400, {"errors": [{"code": "session_not_found"}]}),
    "unknown code 404": of(404, {"success": False, "error": {"code": "route_unknown", "message": "No such route"}}),
    "own code, no envelope": of(404, {"code": "session_not_found"}),
    "maintenance": of(200, {"status": "maintenance"}),
    "maintenance with code": of(200, {"status": "maintenance", "code": 503}),
    "nothing": of(200, {}),
    "only success": of(200, {"success": True}),
    "no data": of(200, {"success": True, "data": None}),
    "failure without code": of(200, {"success": False}),
    "a number": of(200, 7),
    "login redirect": lambda _: httpx.Response(302, headers={"Location": "https://login.example"}),
}
ANOTHER: dict[str, Answer] = {
    "another id": of(
        200, {"sessionId": "sess_other", "highlightId": "high_other", "id": "other", "title": "T", "transcript": "said"}
    ),
    "a list": of(200, []),
}
CALLS: dict[str, tuple[str, Callable[[Hedy], object]]] = {
    "me": ("/me", lambda hedy: hedy.me()),
    "sessions": ("/sessions", lambda hedy: hedy.sessions()),
    "session": ("/sessions/sess_000003", lambda hedy: hedy.session("sess_000003")),
    "one detail": ("/sessions/sess_000000", lambda hedy: hedy.sessions(1, details=True)),
    "highlights": ("/highlights", lambda hedy: hedy.highlights()),
    "highlight": ("/highlights/high_000003", lambda hedy: hedy.highlight("high_000003")),
    "todos": ("/todos", lambda hedy: hedy.todos()),
    "todo": ("/sessions/sess_000003/todos/todo_000003", lambda hedy: hedy.todo("sess_000003", "todo_000003")),
    "topics": ("/topics", lambda hedy: hedy.topics()),
    "topic": ("/topics/topic_a", lambda hedy: hedy.topic("topic_a")),
    "topic's sessions": ("/topics/topic_a/sessions", lambda hedy: hedy.sessions(topic="Alpha")),
    "contexts": ("/contexts", lambda hedy: hedy.contexts()),
    "context": ("/contexts/ctx_1", lambda hedy: hedy.context("ctx_1")),
    "webhooks": ("/webhooks", lambda hedy: hedy.webhooks()),
    "topic to change": ("/topics/topic_a", lambda hedy: hedy.update_topic("topic_a", name="New")),
    "topic to delete": ("/topics/topic_a", lambda hedy: hedy.delete_topic("topic_a")),
}
ONE_OF_A_KIND = ("html 404", "html 502", "empty 204", "cut", "json 400", "unknown code 404", "maintenance", "a number")
ONE_OF_A_KIND += ("login redirect",)
"""Where an error is all that comes of an answer, these serve: ``test_it_is_an_error`` has all of them."""
DETAILS = {"session", "one detail", "highlight", "todo", "topic", "context", "topic to change", "topic to delete"}


class Server:
    """A history behind which something else answers for some paths."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.foreign: dict[str, Answer] = {}
        self.below: dict[str, Answer] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = self.foreign.get(request.url.path) or next(
            (found for path, found in self.below.items() if request.url.path.startswith(path)), None
        )
        if answer is None:
            return self.history(request)
        self.history.asked.append(request.url.path)
        return answer(request)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """A history of 20 meetings."""
    return Server(History(20))


@pytest.fixture
def hedy(server: Server) -> Iterator[Hedy]:
    """An account on it that never really waits."""
    server.history.__class__ = History
    with history_account(server) as account:
        yield account


def history_account(server: Server) -> Hedy:
    """An account whose requests go through *server*."""
    return server.history.account_of(via=server)


@pytest.mark.parametrize("call", CALLS)
def test_it_is_an_error(server: Server, hedy: Hedy, call: str) -> None:
    """Every call ends in one error that says that the answer is not the API's.

    It was asked for twice, and nothing is empty. A list may be bare, and carries no id that was asked for.
    """
    path, ask = CALLS[call]
    for kind, answer in {**FOREIGN, **(ANOTHER if call in DETAILS else {})}.items():
        server.foreign[path] = answer
        server.history.asked.clear()
        hedy.forget()

        with case(kind):
            with pytest.raises(errors.ServerError) as caught:
                ask(hedy)

            assert server.history.asked.count(path) == 2
            assert caught.value.advice
            assert "%hedy sessions" not in caught.value.advice
            assert ("Hedy API" in caught.value.message) is (caught.value.status not in {302, 500, 502, 503})


@pytest.mark.parametrize("kind", FOREIGN)
def test_everything_is_foreign(server: Server, hedy: Hedy, kind: str) -> None:
    """Where nothing is Hedy's, as behind a wrong base URL, every call says so, by name too."""
    server.below["/"] = FOREIGN[kind]

    for ask in (
        lambda: hedy.sessions(limit=None),
        lambda: hedy.sessions(limit=None, details=True),
        lambda: hedy.session("Meeting 3"),
        lambda: hedy.session("last"),
        lambda: hedy.topic("Alpha"),
        lambda: hedy.todos(topic="Alpha"),
        lambda: hedy.create_topic("New").confirm(),
        lambda: hedy.archive.sync(),
        lambda: run("brief"),
        lambda: run("export json nowhere"),
    ):
        with pytest.raises((errors.ServerError, errors.Offline)) as caught:
            ask()
        assert "No session is called" not in caught.value.message


# Details -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*FOREIGN, "another id"])
def test_some_details_are_marked(server: Server, hedy: Hedy, kind: str) -> None:
    """Meetings whose details do not come are marked; the texts of the others are there."""
    lost = ["sess_000002", "sess_000009"]
    server.foreign |= {f"/sessions/{ident}": {**FOREIGN, **ANOTHER}[kind] for ident in lost}

    frame = hedy.sessions(details=True)

    assert frame.attrs["coverage"]["incomplete"] == lost
    assert frame.set_index("session_id")["transcript"].isna().to_dict() == {
        ident: ident in lost for ident in server.history.details
    }
    assert frame["title"].notna().all()
    assert "the details of 2 are missing" in run("sessions --details").status


def test_a_meeting_that_is_gone_is_marked(server: Server, hedy: Hedy) -> None:
    """One that went between the list and its details has no texts to show; Hedy's own word needs no second request."""
    missing = {"success": False, "error": {"code": "session_not_found", "message": "Session not found"}}
    server.foreign["/sessions/sess_000004"] = of(404, missing)

    frame = hedy.sessions(details=True)

    assert frame.attrs["coverage"]["incomplete"] == ["sess_000004"]
    assert server.history.asked.count("/sessions/sess_000004") == 1


@pytest.mark.parametrize("scattered", [5, 9])
def test_many_broken_meetings(server: Server, hedy: Hedy, scattered: int) -> None:
    """Broken meetings among good ones cost only themselves, however many they are in all."""
    lost = [f"sess_{2 * number:06}" for number in range(scattered)]
    server.foreign |= {f"/sessions/{ident}": html(500) for ident in lost}

    frame = hedy.sessions(details=True)

    assert set(frame.attrs["coverage"]["incomplete"]) == set(lost)


def test_highlights_are_marked(server: Server, hedy: Hedy) -> None:
    """The same for highlights, and for details that are fetched for a frame."""
    server.foreign["/highlights/high_000001"] = html(404)
    server.foreign["/sessions/sess_000001"] = html(404)

    assert hedy.highlights(details=True).attrs["coverage"]["incomplete"] == ["high_000001"]
    assert hedy.sessions().hedy.fetch_details(account=hedy).attrs["coverage"]["incomplete"] == ["sess_000001"]


def test_what_get_kept_is_not_taken_for_a_detail(server: Server, hedy: Hedy) -> None:
    """``hedy.get`` gives any JSON; a detail is asked for again where that is none."""
    server.foreign["/sessions/sess_000000"] = of(200, {"status": "maintenance"})
    assert hedy.get("/sessions/sess_000000") == {"status": "maintenance"}
    server.foreign.clear()

    assert hedy.session("sess_000000").transcript
    assert hedy.sessions(2, details=True)["transcript"].notna().all()


# Exports -----------------------------------------------------------------------


def texts_in(folder: Path) -> dict[str, bool]:
    """Note → whether the transcript, the minutes and the highlight of its meeting are there."""
    notes = {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("sessions/**/*.md")}
    return {
        name: all(part in note for part in ("and the harbour.", "## Minutes", "## Recap", "## Highlights", "a lamp"))
        for name, note in notes.items()
    }


@pytest.mark.parametrize(
    ("lost", "kinds"),
    [(1, [*ONE_OF_A_KIND, *ANOTHER]), (2, ["a list"]), (20, ["html 404", "html 500", "null", "json 404", *ANOTHER])],
)
def test_a_vault_keeps_its_texts(server: Server, hedy: Hedy, tmp_path: Path, lost: int, kinds: list[str]) -> None:
    """Notes keep what they say of meetings whose details do not come, whichever and however many.

    The line says how many.
    """
    run(f"export vault {tmp_path}/vault")
    before = {path: path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.md")}
    assert len(texts_in(tmp_path)) == 20
    assert all(texts_in(tmp_path).values())
    for kind in kinds:
        answer = {**FOREIGN, **ANOTHER}[kind]
        server.foreign |= {f"/sessions/{ident}": answer for ident in list(server.history.details)[:lost]}
        hedy.forget()
        with case(kind):
            try:
                status = run(f"export vault {tmp_path}/vault").status
                assert f"the text of {lost} meeting" in status
            except errors.ServerError:
                assert lost == 20  # none came at all

            assert {path: path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.md")} == before


def test_a_vault_follows_what_did_come(server: Server, hedy: Hedy, tmp_path: Path) -> None:
    """What the list says of such a meeting is written all the same: a new title, with the texts as they were."""
    run(f"export vault {tmp_path}/vault")
    server.history.details["sess_000002"]["title"] = "Renamed"
    server.foreign["/sessions/sess_000002"] = html(404)
    hedy.forget()

    run(f"export vault {tmp_path}/vault")

    renamed = list(tmp_path.rglob("*Renamed*.md"))
    assert len(renamed) == 1
    assert texts_in(tmp_path)[renamed[0].name]


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("kinds", ["sessions", ""])
def test_a_file_keeps_its_texts(server: Server, hedy: Hedy, tmp_path: Path, form: str, kinds: str) -> None:
    """A file that is overwritten keeps details that did not come, renews other rows, and the last line says so."""
    long = {"sess_000002", "sess_000004"}  # one that does not come, and one that does
    for ident, record in server.history.details.items():
        record["transcript"] = f'=1+1 "quoted",\r\nof {ident} ' + "x" * (200_000 if ident in long else 200)
    target = tmp_path / (f"sessions.{form}" if kinds else "all")
    run(f"export {form} {target} {kinds}")
    file = target if kinds else target / f"sessions.{form}"
    before = rows_of(file)
    server.foreign["/sessions/sess_000002"] = html(404)
    server.history.details["sess_000003"]["recap"] = "Another recap."
    server.history.details["sess_000002"]["title"] = "Another title"
    hedy.forget()

    status = run(f"export {form} {target} {kinds}").status
    after = rows_of(file)

    assert "the details of 1 are missing" in status
    assert after["sess_000002"] == {**before["sess_000002"], "title": "Another title"}
    assert after["sess_000003"] == {**before["sess_000003"], "recap": "Another recap."}
    assert {ident: row for ident, row in after.items() if ident > "sess_000003"} == {
        ident: row for ident, row in before.items() if ident > "sess_000003"
    }
    if not kinds:
        assert len(rows_of(target / f"highlights.{form}")) == 20


def rows_of(path: Path) -> dict[str, Any]:
    """The rows of an export by their first column."""
    if path.suffix == ".json":
        found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    else:
        csv.field_size_limit(10_000_000)
        found = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    return {str(next(iter(row.values()))): row for row in found}


def test_highlights_keep_their_quotes(server: Server, hedy: Hedy, tmp_path: Path) -> None:
    """Highlights are in the details of their meeting.

    Without those the list names them, and the file keeps the rest.
    """
    run(f"export json {tmp_path}/all")
    before = rows_of(tmp_path / "all" / "highlights.json")
    server.foreign["/sessions/sess_000002"] = html(502)
    hedy.forget()

    run(f"export json {tmp_path}/all")

    assert rows_of(tmp_path / "all" / "highlights.json") == before


@pytest.mark.parametrize("form", ["md", "ics"])
def test_a_document_is_not_replaced_by_less(server: Server, hedy: Hedy, tmp_path: Path, form: str) -> None:
    """A document cannot be filled up: the one that is there stays, a new one is written, and both is said."""
    run(f"export {form} {tmp_path}/m.{form}")
    before = (tmp_path / f"m.{form}").read_bytes()
    server.foreign["/sessions/sess_000002"] = html(404)
    hedy.forget()

    with pytest.raises(errors.ServerError, match="could not be fetched"):
        run(f"export {form} {tmp_path}/m.{form}")
    status = run(f"export {form} {tmp_path}/new.{form}").status

    assert (tmp_path / f"m.{form}").read_bytes() == before
    assert "20 sessions written" in status
    assert "the details of 1 are missing" in status


def test_the_accessor_keeps_too(server: Server, hedy: Hedy, tmp_path: Path) -> None:
    """``to_vault`` and ``to_markdown`` of a frame with missing details do the same."""
    hedy.sessions(details=True).hedy.to_vault(tmp_path / "vault")
    hedy.sessions(details=True).hedy.to_markdown(tmp_path / "m.md")
    server.foreign["/sessions/sess_000002"] = html(404)
    hedy.forget()
    frame = hedy.sessions(details=True)

    frame.hedy.to_vault(tmp_path / "vault")

    assert (
        sum("and the harbour." in path.read_text(encoding="utf-8") for path in tmp_path.rglob("sessions/**/*.md")) == 20
    )
    with pytest.raises(errors.ServerError, match="left as it is"):
        frame.hedy.to_markdown(tmp_path / "m.md")


LIST_FAULTS: dict[str, Answer] = {
    "html 404": html(404),
    "html 500": html(500),
    "an error with an empty list": of(200, {"error": {"code": "internal_error", "message": "x"}, "data": []}),
    "hedy's 404": of(404, {"success": False, "error": {"code": "not_found", "message": "x"}}),
}


def lose(server: Server, hedy: Hedy, path: str, kind: str) -> str:
    """Let the list *path* fail, so that some meetings are in no other list; return what the status line calls it."""
    server.foreign[path] = LIST_FAULTS[kind]
    hedy.forget()
    return path.strip("/")


@pytest.fixture
def lonely(server: Server) -> list[str]:
    """The ids of meetings without a topic, highlights and todos: only ``/sessions`` leads to them."""
    found = [ident for ident, record in server.history.details.items() if record["topic"] is None][:5]
    for ident in found:
        server.history.details[ident] |= {"highlights": [], "user_todos": []}
    return found


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("kinds", ["sessions", "sessions topics", ""])
def test_a_file_keeps_rows_of_a_list_that_failed(
    server: Server, hedy: Hedy, tmp_path: Path, lonely: list[str], form: str, kinds: str
) -> None:
    """Rows that only a failed list leads to stay, others are renewed, and the line names the list."""
    target = tmp_path / (f"s.{form}" if kinds == "sessions" else "all")
    run(f"export {form} {target} {kinds}")
    file = target if target.is_file() else target / f"sessions.{form}"
    before = rows_of(file)
    for kind in LIST_FAULTS:
        recap = server.history.details["sess_000001"]["recap"] = f"Another recap, before {kind}."
        name = lose(server, hedy, "/sessions", kind)

        with case(kind):
            status = run(f"export {form} {target} {kinds}").status

            assert f"could not be read: {name}" in status
            assert rows_of(file) == before | {"sess_000001": before["sess_000001"] | {"recap": recap}}


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_file_follows_a_deletion(server: Server, hedy: Hedy, tmp_path: Path, lonely: list[str], form: str) -> None:
    """Where no list failed, a meeting that is not there any more is not in the file either."""
    run(f"export {form} {tmp_path}/s.{form} sessions")
    del server.history.details[lonely[0]]
    hedy.forget()

    status = run(f"export {form} {tmp_path}/s.{form} sessions").status

    assert rows_of(tmp_path / f"s.{form}").keys() == server.history.details.keys()
    assert "could not be read" not in status


@pytest.mark.parametrize("form", ["json", "csv"])
def test_highlights_and_todos_of_a_list_that_failed(server: Server, hedy: Hedy, tmp_path: Path, form: str) -> None:
    """Highlights and todos of meetings that did not come stay as well, in a whole export and in a selection."""
    options = "--since 2000-01-01"
    run(f"export {form} {tmp_path}/all {options}")
    before = {
        kind: rows_of(tmp_path / "all" / f"{kind}.{form}") for kind in ("sessions", "highlights", "todos", "topics")
    }
    server.foreign |= {path: html(500) for path in ("/sessions", "/highlights", "/topics/topic_a/sessions")}
    hedy.forget()

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(server.history.details["sess_000002"], "user_todos", [])
        status = run(f"export {form} {tmp_path}/all {options}").status

    assert "could not be read: sessions" in status
    assert {kind: rows_of(tmp_path / "all" / f"{kind}.{form}") for kind in before} == before


@pytest.mark.parametrize("form", ["md", "ics"])
def test_a_document_is_not_replaced_by_fewer(
    server: Server, hedy: Hedy, tmp_path: Path, lonely: list[str], form: str
) -> None:
    """A document stays where a list failed, a new one is written, and both name the list."""
    run(f"export {form} {tmp_path}/m.{form}")
    before = (tmp_path / f"m.{form}").read_bytes()
    for kind in LIST_FAULTS:
        name = lose(server, hedy, "/sessions", kind)
        new = tmp_path / f"{kind}.{form}".replace(" ", "_").replace("'", "")

        with case(kind):
            with pytest.raises(errors.ServerError, match=f"could not be read: {name}"):
                run(f"export {form} {tmp_path}/m.{form}")

            assert (tmp_path / f"m.{form}").read_bytes() == before
            assert f"{20 - len(lonely)} sessions written" in (status := run(f"export {form} {new}").status)
            assert f"could not be read: {name}" in status


@pytest.mark.parametrize("path", ["/sessions", "/topics/topic_a/sessions"])
def test_a_vault_names_the_list(server: Server, hedy: Hedy, tmp_path: Path, lonely: list[str], path: str) -> None:
    """Notes stay whole where a list failed, those of topics too, and the line names it."""
    run(f"export vault {tmp_path}/vault")
    before = {note: note.read_text(encoding="utf-8") for note in tmp_path.rglob("*.md")}
    server.foreign |= {path: html(500)}
    server.history.cap = 8 if path != "/sessions" else None
    server.foreign |= {f"/sessions/{ident}": html(500) for ident in lonely[:1]}
    hedy.forget()

    status = run(f"export vault {tmp_path}/vault").status

    assert "could not be read: " in status
    assert {note: note.read_text(encoding="utf-8") for note in tmp_path.rglob("*.md")} == before


@pytest.mark.parametrize("join", ["concat", "merge"])
def test_frames_that_were_joined_keep_texts(server: Server, hedy: Hedy, tmp_path: Path, join: str) -> None:
    """pandas drops ``attrs`` when frames are joined; a row whose details never came is recognized by itself."""
    hedy.sessions(details=True).hedy.to_vault(tmp_path / "vault")
    before = texts_in(tmp_path)
    server.foreign |= {f"/sessions/sess_{number:06}": html(500) for number in range(3)}
    hedy.forget()
    lost, whole = hedy.sessions(5, details=True), hedy.sessions(details=True)
    if join == "concat":
        frame = pd.concat([lost, whole.iloc[5:]])
    else:
        frame = whole.merge(pd.DataFrame({"session_id": whole["session_id"], "mine": 1}), on="session_id")
        frame.attrs.clear()

    written = frame.hedy.to_vault(tmp_path / "vault")

    assert texts_in(tmp_path) == before
    assert written.incomplete == ("sess_000000", "sess_000001", "sess_000002")


def test_a_workbook_says_what_is_missing(server: Server, hedy: Hedy, tmp_path: Path) -> None:
    """The result of an export to Excel names the meetings whose details never came, as every other one does."""
    server.foreign |= {f"/sessions/sess_{number:06}": html(500) for number in range(2)}

    written = hedy.export("xlsx", tmp_path / "meetings.xlsx", limit=5)

    assert {"sess_000000", "sess_000001"} <= set(written.incomplete)


@pytest.mark.parametrize("ident", [["a"], {"id": "a"}, [["a"]], 7.5, True, None])
def test_a_session_id_of_any_shape(server: Server, hedy: Hedy, tmp_path: Path, ident: object) -> None:
    """A highlight that names its meeting by something odd does not stop an export in which details are missing."""
    server.foreign["/sessions/sess_000002"] = html(500)
    rows = [
        {"highlightId": "odd", "sessionId": ident, "title": "Odd"},
        {"highlightId": "good", "sessionId": "sess_000002", "title": "Good"},
    ]
    server.foreign["/highlights"] = of(200, {"success": True, "data": rows, "pagination": {"hasMore": False}})

    run(f"export json {tmp_path}/all")
    run(f"export vault {tmp_path}/vault")

    assert "good" in rows_of(tmp_path / "all" / "highlights.json")


def test_a_damaged_archive_is_left_out(
    server: Server, hedy: Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is no archive does not stop an export in which details are missing.

    A line says that it is left out.
    """
    hedy.archive.path.parent.mkdir(parents=True, exist_ok=True)
    hedy.archive.path.write_bytes(b"this is no database" * 1000)
    server.foreign["/sessions/sess_000002"] = html(500)

    run(f"export json {tmp_path}/all")
    run(f"export vault {tmp_path}/vault")

    assert "The archive is left out" in capsys.readouterr().err
    assert "high_000002" in rows_of(tmp_path / "all" / "highlights.json")


def test_sessions_of_topics_of_which_one_fails(server: Server, hedy: Hedy) -> None:
    """A topic whose list fails costs only its own sessions and is named; only where all fail it is an error."""
    server.foreign["/topics/topic_b/sessions"] = html(500)
    found = hedy.topics().hedy.fetch_sessions(account=hedy)

    assert len(found) == 10
    assert found.attrs["coverage"]["failed"] == ['topic "Beta"']

    server.foreign["/topics/topic_a/sessions"] = html(500)
    hedy.forget()
    with pytest.raises(errors.ServerError):
        hedy.topics().hedy.fetch_sessions(account=hedy)


def test_the_archive_marks_what_it_does_not_hold(server: Server, hedy: Hedy, tmp_path: Path) -> None:
    """Sessions without fetched details are incomplete in the archive too, and a vault leaves their notes alone."""
    run(f"export vault {tmp_path}/vault")
    hedy.archive.sync(details=False)

    frame = hedy.sessions(limit=None, details=True, source="archive")
    run(f"export vault {tmp_path}/vault --source archive")

    assert sorted(frame.attrs["coverage"]["incomplete"]) == sorted(server.history.details)
    assert all(texts_in(tmp_path).values())


# The complete history ------------------------------------------------------------


@pytest.mark.parametrize("path", ["/topics/topic_a/sessions", "/topics", "/todos", "/highlights"])
def test_one_list_fails(server: Server, hedy: Hedy, path: str) -> None:
    """A list that cannot be read costs only the sessions that it alone leads to, and the line says which."""

    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    server.history.cap = 10
    kinds = FOREIGN if path.endswith("/sessions") else {kind: FOREIGN[kind] for kind in ONE_OF_A_KIND}
    for kind, answer in {**kinds, "timeout": slow}.items():
        server.foreign[path] = answer
        hedy.forget()

        with case(kind):
            frame = hedy.sessions(limit=None)
            status = run("sessions --all").status

            assert len(frame) == 20
            (failed,) = frame.attrs["coverage"]["failed"]
            assert failed in status
            assert failed.split()[0] in path


def test_the_list_of_sessions_fails(server: Server, hedy: Hedy) -> None:
    """Also the first of them: the others lead to the same sessions; where all fail it is an error."""
    server.foreign["/sessions"] = html(500)

    frame = hedy.sessions(limit=None)

    assert len(frame) == 20
    assert frame.attrs["coverage"]["failed"] == ["sessions"]
    server.below["/"] = html(500)
    hedy.forget()
    with pytest.raises(errors.ServerError):
        hedy.sessions(limit=None)


def test_a_meeting_that_only_a_todo_names_fails(server: Server, hedy: Hedy) -> None:
    """It is counted as out of reach, and the others stay."""
    server.history.cap = 19
    server.history.details["sess_000019"]["topic"] = None
    server.foreign["/sessions/sess_000019"] = html(404)

    frame = hedy.sessions(limit=None)

    assert len(frame) == 19
    assert frame.attrs["coverage"]["unreachable"] == 1


def test_an_account_that_is_refused_is_an_error(server: Server, hedy: Hedy) -> None:
    """What every list would meet ends the whole: a key that is not accepted, or the rate limit."""
    refusal = {"success": False, "error": {"code": "invalid_api_key", "message": "Invalid API key"}}
    server.foreign["/topics"] = of(401, refusal)

    with pytest.raises(errors.AuthError) as caught:
        hedy.sessions(limit=None)

    for part in ("argument", "region (us)", "Pro plan", "cloud sync", "replaces"):
        assert part in caught.value.advice


# Smaller ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["http://[", "//[", "https://", None, 5, b"/me", ["/me"], "\\me", "/../me", "/a/%2e%2e/b", "/a#b", "http://x@y/"],
)
def test_paths_that_are_none(server: Server, hedy: Hedy, path: Any) -> None:
    """A path that cannot be one is one clear error, and nothing is sent."""
    with pytest.raises(errors.UsageError) as caught:
        hedy.get(path)

    assert caught.value.advice
    assert server.history.asked == []


@pytest.mark.parametrize("params", [{"q": "\ud800"}, {"q": "a\udfffb"}, {"\ud800": "x"}])
def test_parameters_that_cannot_be_sent(server: Server, hedy: Hedy, params: dict[str, Any]) -> None:
    """Half of a character goes into no URL."""
    with pytest.raises(errors.UsageError, match="half of a character"):
        hedy.get("/sessions", **params)

    assert server.history.asked == []


@pytest.mark.parametrize(
    ("base_url", "asked"),
    [
        ("https://api.hedy.bot/v1", "https://api.hedy.bot/me"),
        ("https://api.hedy.bot/v1/", "https://api.hedy.bot/me"),
        ("https://API.Hedy.Bot/v1", "https://api.hedy.bot/me"),
        ("https://api.hedy.bot:443/v1", "https://api.hedy.bot/me"),
        ("https://eu-api.hedy.bot/v1", "https://eu-api.hedy.bot/me"),
        ("https://eu-api.hedy.bot", "https://eu-api.hedy.bot/me"),
        ("https://proxy.example/v1", "https://proxy.example/v1/me"),
        ("https://api.hedy.bot.example/v1", "https://api.hedy.bot.example/v1/me"),
        ("https://proxy.example/api.hedy.bot/v1", "https://proxy.example/api.hedy.bot/v1/me"),
    ],
)
def test_the_base_url_of_the_help_article(key: str, base_url: str, asked: str) -> None:
    """Hedy's own hosts answer below the root.

    ``/v1`` of the help article's example is dropped there, and kept for other hosts.
    """
    urls: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        urls.append(str(request.url))
        return httpx.Response(200, json={"id": "u", "email": "a@b.c", "name": "A"})

    with hj.connect(api_key=key, base_url=base_url, transport=httpx.MockTransport(answer)) as account:
        account.me()
        account.get("/v1/me", refresh=True)

    assert urls == [asked, asked]


def test_an_empty_account_is_explained(hedy: Hedy, server: Server) -> None:
    """An account without meetings says which meetings there can be."""
    server.history.details.clear()

    assert "cloud-synced" in run("sessions").status
    assert "cloud-synced" not in run("sessions --since 7d").status
