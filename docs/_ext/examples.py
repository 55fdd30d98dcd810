"""The examples and descriptions that the tables of the code do not have: for commands, members, columns and errors."""

from __future__ import annotations

COMMANDS: dict[str, str] = {
    "": "%hedy",
    "help": "%hedy help todos",
    "demo": "%hedy demo reset",
    "me": "%hedy me",
    "use": "%hedy use",
    "sessions": '%hedy sessions --topic "Project Alpha" --limit 3',
    "session": "%hedy session last",
    "transcript": "%hedy transcript last --find lamp",
    "highlights": "%hedy highlights --session last --details",
    "highlight": "%hedy highlight {hedy.highlights(1).highlight_id[0]}",
    "todos": '%hedy todos --open --topic "Project Alpha"',
    "todo": "todo = hedy.todos().iloc[0]\n%hedy todo {todo.session_id} {todo.todo_id}",
    "topics": "%hedy topics",
    "topic": '%hedy topic "Project Alpha"',
    "contexts": "%hedy contexts",
    "context": "%hedy context {hedy.contexts().title[0]}",
    "webhooks": "%hedy webhooks",
    "topic new": '%hedy topic new "Client Calls" --color "#4A90D9" --dry-run',
    "topic edit": '%hedy topic edit "Project Alpha" --description "Everything about Alpha" --dry-run',
    "topic delete": '%hedy topic delete "Project Alpha" --dry-run',
    "context new": '%hedy context new "Investor Meetings" --content "Numbers first." --dry-run',
    "context edit": '%hedy context edit {hedy.contexts().context_id[0]} --content "Numbers first." --dry-run',
    "context delete": "%hedy context delete {hedy.contexts().context_id[0]} --dry-run",
    "webhook new": "%hedy webhook new https://hooks.example.com/hedy --event highlight.created --dry-run",
    "webhook delete": "%hedy webhook delete {hedy.webhooks().webhook_id[0]} --dry-run",
    "sync": "%hedy sync",
    "search": "%hedy search gasket samples --limit 3",
    "related": "%hedy related last --limit 3",
    "coverage": "%hedy coverage",
    "events": "%hedy events",
    "watch": "%hedy watch --for 1",
    "archive": "%hedy archive",
    "brief": '%hedy brief "Project Alpha"',
    "speakers": '%hedy speakers --topic "Project Alpha"',
    "speakers rename": '%hedy speakers rename "Speaker 1" "Yusra Hallam"',
    "compare": "%hedy compare Hiring Coaching",
    "report": "%hedy report week",
    "decisions": "%hedy decisions firmware --limit 3",
    "export": "%hedy export csv - todos --topic Hiring",
    "display": "%hedy display",
    "log": "%hedy log",
    "hedy_topic": '%%hedy_topic "Project Alpha" --dry-run\nName the owner of every decision.',
    "hedy_context": '%%hedy_context "Investor Meetings" --dry-run\nNumbers first.\nNote every promise.',
}
"""Command → an example that runs on the demo account."""

INTERACTIVE: dict[str, str] = {
    "login": "It asks for the key in a field that does not show what you type, so there is no output to print here.",
    "logout": "It says what it deleted, and whether the environment still holds a key.",
    "browse": "It is a widget to filter, search and read meetings, so it needs a notebook in which one can click.",
    "manage": "It shows lists and forms, so it needs an interactive notebook; "
    "see [Changing things safely](../guides/changing.md).",
}
"""Command → why it has no example."""

FRAMES = """\
sessions = hedy.sessions(limit=None, details=True)
todos = hedy.todos()
highlights = hedy.highlights(session="last", details=True)
topics = hedy.topics()
hedy.archive.sync()
"""
"""The frames that the examples of ``df.hedy`` use."""

MEMBERS: dict[str, str] = {
    "summary": "sessions.hedy.summary()",
    "search": 'sessions.hedy.search("gasket samples")[["title", "start_time"]]',
    "redact": 'todos.head(3).hedy.redact(names=["Yusra Hallam"])[["todo_id", "text"]]',
    "localize": 'sessions.hedy.localize("Asia/Tokyo")[["title", "start_time"]].head(3)',
    "to_markdown": 'print(todos.hedy.search("gasket").head(3).hedy.to_markdown())',
    "to_excel": 'sessions.head(3).hedy.to_excel("sessions.xlsx", todos=todos)',
    "to_html": 'len(todos.hedy.to_html("todos.html"))',
    "to_vault": 'sessions.head(3).hedy.to_vault("vault", todos=todos, topics=topics)',
    "by_topic": "todos.hedy.by_topic().head(4)",
    "fetch_details": 'hedy.sessions(2).hedy.fetch_details()[["title", "recap"]]',
    "on": 'sessions.hedy.on("last month")[["title", "start_time"]].head(3)',
    "between": 'sessions.hedy.between("30d", "today")[["title", "start_time"]].head(3)',
    "load": 'sessions.hedy.load("M").tail(4)',
    "compare": 'sessions.hedy.compare("Hiring", "Coaching", todos=todos)',
    "series": 'sessions.hedy.series()[["title", "meetings", "hours", "rhythm"]].head(4)',
    "busiest": "sessions.hedy.busiest(3)",
    "gaps": "sessions.hedy.gaps(min_days=7).head(3)",
    "utterances": "sessions.hedy.utterances().head(4)",
    "without_todos": 'sessions.hedy.without_todos(todos)[["title", "start_time"]]',
    "words": "sessions.hedy.words(5)",
    "speakers": "sessions.hedy.speakers().head(4)",
    "decisions": 'sessions.hedy.decisions("gasket")[["decision", "title", "heading"]].head(3)',
    "open_questions": "sessions.hedy.open_questions().columns.tolist()",
    "action_items": 'sessions.hedy.action_items("gasket")[["action", "title"]].head(3)',
    "plot_timeline": "sessions.hedy.plot_timeline();",
    "plot_heatmap": "sessions.hedy.plot_heatmap();",
    "plot_load": 'sessions.hedy.plot_load("M", by="topic");',
    "plot_speakers": "sessions.hedy.plot_speakers();",
    "to_ics": "print(sessions.head(1).hedy.to_ics())",
    "fetch_todos": 'sessions.head(5).hedy.fetch_todos()[["text", "due_date"]].head(3)',
    "fetch_highlights": 'sessions.head(5).hedy.fetch_highlights()[["title", "timestamp"]].head(3)',
    "open": 'todos.hedy.open()[["text", "due_date"]].head(3)',
    "done": 'todos.hedy.done()[["text", "due_date"]].head(3)',
    "due": 'todos.hedy.due(sessions)[["text", "due_date", "due_on", "due_kind"]].head(4)',
    "overdue": 'todos.hedy.due(sessions).hedy.overdue()[["text", "due_on", "overdue_days"]].head(3)',
    "age": 'todos.hedy.age(sessions)[["text", "age_days"]].head(3)',
    "by_urgency": 'todos.hedy.by_urgency(sessions)[["text", "urgency", "due_on"]].head(3)',
    "with_meeting": 'todos.hedy.with_meeting(sessions)[["text", "session_title", "session_start"]].head(3)',
    "to_whom": 'todos.hedy.to_whom()[["text", "person"]].dropna().head(3)',
    "carried_over": 'todos.hedy.carried_over(sessions)[["promise", "times", "evidence"]].head(3)',
    "burn_down": "hedy.archive.todos(history=True).hedy.burn_down(sessions).tail(3)",
    "to_checklist": "print(todos.head(3).hedy.to_checklist())",
    "plot_open": "todos.hedy.due(sessions).hedy.plot_open();",
    "plot_burn_down": "hedy.archive.todos(history=True).hedy.plot_burn_down(sessions);",
    "quotes": 'highlights.hedy.quotes()[["title", "quote"]].head(3)',
    "at": 'highlights.hedy.at()[["title", "at"]].head(3)',
    "by_session": "hedy.highlights(limit=None).hedy.by_session().head(3)",
    "stale": 'topics.hedy.stale(7)[["name", "days_since"]].head(3)',
    "fetch_sessions": 'topics.head(2).hedy.fetch_sessions()[["title", "topic_name"]].head(3)',
}
"""Member of ``df.hedy`` → an example that runs on the demo account."""

COLUMNS: dict[str, str] = {
    "session_id": "the meeting's id",
    "title": "its title",
    "start_time": "when the meeting began",
    "duration_min": "how long it was, in minutes",
    "session_type": "Hedy's word for the type, such as `meeting`",
    "topic_id": "the id of its topic; missing without one",
    "topic_name": "the name of its topic",
    "end_time": "when the meeting ended",
    "recap": "a short summary by Hedy",
    "meeting_minutes": "Hedy's minutes, in Markdown",
    "transcript": "what was said, as it was heard",
    "cleaned_transcript": "what was said, punctuated and corrected; missing until Hedy has cleaned it",
    "cleaned_at": "when it was cleaned",
    "conversations": "questions to Hedy and its answers, as text",
    "session_notes": "your own notes, as plain text",
    "highlight_count": "how many highlights the meeting has",
    "todo_count": "how many todos the meeting has",
    "highlight_id": "the highlight's id",
    "timestamp": "when it was set",
    "time_index_ms": "how far into the meeting, in milliseconds",
    "raw_quote": "the words, as they were heard",
    "cleaned_quote": "the words, punctuated and corrected",
    "main_idea": "the idea in a sentence, by Hedy",
    "ai_insight": "what Hedy makes of it",
    "todo_id": "the todo's id",
    "text": "the text itself",
    "due_date": "Hedy's own words for the day, such as `End of week`; `due()` reads them",
    "completed": "whether it is done",
    "name": "the topic's name",
    "description": "the topic's description",
    "color": "the topic's colour, `#RRGGBB`",
    "icon_name": "the name of its Material icon",
    "topic_context": "the instructions for Hedy's analysis of its meetings",
    "topic_context_updated_at": "when the instructions were changed",
    "session_count": "how many meetings it has",
    "last_session_date": "when its last meeting was",
    "dominant_session_type": "the most frequent type of its meetings",
    "overview": "Hedy's overview of the topic, as plain text",
    "overview_updated_at": "when the overview was written",
    "created_at": "when it was created",
    "updated_at": "when it was changed",
    "context_id": "the context's id",
    "content": "what Hedy is told about you and your meetings",
    "is_default": "whether it is used where no other is chosen",
    "webhook_id": "the webhook's id",
    "url": "where Hedy sends to",
    "host": "the host in the URL, in ASCII",
    "events": "the names of the events that it sends",
    "field": "the column that the text is in",
    "snippet": "the words around a hit",
    "event_id": "the delivery's id, for `hedy.archive.event()`",
    "event": "the name of the event, such as `session.ended`",
    "received_at": "when the delivery came",
    "score": "how well the meeting fits; higher is better",
    "speaker": "who says it; missing where the text names no speakers",
    "position": "where it begins in its field, in characters from 0",
    "words": "the rarest words that both meetings have, with commas between them",
    "month": "the month, `2026-03`",
    "held": "meetings in the archive",
    "listed": "meetings that Hedy has named",
    "missing": "meetings that Hedy has named and the archive does not have",
    "without_text": "meetings in the archive that have nothing to read",
    "first_seen_at": "the first sync that had it",
    "replaced_at": "the sync that brought a newer one; missing for the current one",
    "gone_at": "the sync in which Hedy no longer had it",
    "completed_at": "the sync that first saw the todo done",
    "time": "when the request was sent",
    "method": "`GET`, `POST`, `PATCH` or `DELETE`",
    "path": "the path below the base URL, without any key",
    "status": "of a request the HTTP status of its answer, of a delivery what was done with it",
    "ms": "how long the answer took, in milliseconds",
    "bytes": "the size of the answer",
}
"""Column → what it holds."""

TABLES: dict[str, str] = {
    "sessions": "sessions",
    "sessions_detailed": "sessions, detailed (`--details`, `details=True`)",
    "highlights": "highlights",
    "highlights_detailed": "highlights, detailed (`--details`, `details=True`)",
    "todos": "todos",
    "topics": "topics",
    "contexts": "contexts",
    "webhooks": "webhooks",
    "hits": "hits of a search (`%hedy search`, `hedy.archive.search`)",
    "places": 'sentences of a search (`hedy.archive.search(..., by="sentence")`)',
    "related": "meetings like one (`%hedy related`, `hedy.related`)",
    "events": "deliveries of webhooks (`%hedy events`, `hedy.archive.events`)",
    "coverage": "coverage of the archive (`%hedy coverage`, `hedy.archive.coverage`)",
    "versions": "older versions of texts (`%hedy archive history`, `hedy.archive.history`)",
    "times": "added by `history=True` to the archive's frames",
    "requests": "requests that were made (`%hedy log`, `hedy.requests`)",
}
"""Table of the schema → the heading of its section."""

COMPUTED = frozenset({"hits", "places", "related", "events", "coverage", "versions", "times", "requests"})
"""Tables that are not made from Hedy's JSON."""

ANSWER = """\
import httpx
def answer(status, code, text, **headers):
    body = {"success": False, "error": {"code": code, "message": text}}
    reply = lambda request: httpx.Response(status, json=body, headers=headers)
    return hj.connect("hedy_live_" + "x" * 24, transport=httpx.MockTransport(reply))
def no_answer(request):
    raise httpx.ConnectError("refused")
"""
"""What the hidden set-up of the examples of errors uses."""

ERRORS: dict[str, tuple[str, str]] = {
    "SettingsError": ("", 'hj.demo(timezone="Mars/Olympus").sessions(since="today")'),
    "NoKey": ("import os; os.environ['HEDY_DEMO'] = '0'; hedy.close()", "hj.connect().me()"),
    "AuthError": (
        "import os; os.environ['HEDY_DEMO'] = '1'; hedy = answer(401, 'invalid_api_key', 'Invalid API key format')",
        "%hedy me",
    ),
    "TierError": ("hedy = hj.demo()\n%hedy demo fault tier", 'hedy.create_context("Sales").confirm()'),
    "NotFound": ("hedy = hj.demo()", '%hedy topic "Project Omega"'),
    "InvalidRequest": ("", 'hedy.get("sessions", limit=500)'),
    "Conflict": (
        "%hedy demo fault deletion_in_progress\nchange = hedy.delete_topic('Hiring')",
        'change.confirm("Hiring")',
    ),
    "RateLimited": (
        "hedy.close(); hedy = answer(429, 'rate_limit_exceeded', 'Slow down', **{'Retry-After': '90'})",
        "%hedy me",
    ),
    "ServerError": (
        "hedy.close(); hedy = answer(503, 'internal_error', 'stack trace', **{'Retry-After': '90'})",
        "%hedy me",
    ),
    "Offline": (
        "hedy.close(); hedy = hj.connect('hedy_live_' + 'x' * 24, transport=httpx.MockTransport(no_answer))",
        "%hedy me",
    ),
    "NotConfirmed": ("hedy.close(); hedy = hj.demo()", 'hedy.delete_topic("Hiring").confirm("hiring")'),
    "TargetChanged": (
        "change = hedy.update_topic('Hiring', description='Interviews and offers')\n"
        "hedy.update_topic('Hiring', color='#FFAA00').confirm()",
        "change.confirm()",
    ),
    "ArchiveError": ("hedy = hj.demo()", "%hedy search budget"),
    "UsageError": ("", "%hedy sesions --limt 10"),
}
"""Error → a hidden set-up, and a cell that fails with it."""
