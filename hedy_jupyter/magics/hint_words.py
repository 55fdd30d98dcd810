"""Words that people type for commands and options of ``%hedy``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

OPTION_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "--open": ("pending", "unfinished", "todo", "undone", "active"),
        "--done": ("completed", "complete", "finished", "closed", "checked"),
        "--overdue": ("late", "due", "missed", "behind"),
        "--all": ("everything", "every", "complete-history", "full-history"),
        "--limit": ("n", "count", "max", "number", "num", "top", "first", "newest", "head", "size"),
        "--since": ("from", "after", "start", "begin"),
        "--until": ("to", "before", "end", "till"),
        "--topic": ("project", "topics", "subject"),
        "--session": ("meeting", "call", "sessions", "which", "of"),
        "--details": ("full", "detailed", "detail", "verbose", "long"),
        "--as": ("format", "form", "output", "markdown", "text", "html"),
        "--source": ("archive", "archived", "offline", "live"),
        "--find": ("search", "grep", "query", "text"),
        "--in": ("field", "fields", "column"),
        "--refresh": ("reload", "force", "no-cache", "fresh"),
        "--full": ("all", "complete"),
        "--dry-run": ("preview", "test", "check", "simulate"),
        "--instructions": ("prompt", "custom-instructions"),
        "--content": ("text", "body"),
        "-o": ("out", "var", "variable", "store", "into"),
        "-q": ("quiet", "silent"),
        "--help": ("usage", "?"),
    }
)
"""Option → words that people type for it."""
COMMAND_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sessions": ("meetings", "calls", "recordings", "list", "ls", "recent", "latest"),
        "session": ("meeting", "call", "recording", "recap", "summary", "minutes", "notes", "last", "show"),
        "todos": (
            "tasks",
            "task",
            "actions",
            "action",
            "action items",
            "action-items",
            "to-dos",
            "to-do",
            "checklist",
            "due",
        ),
        "todos --open": ("open", "pending"),
        "todos --done": ("done", "completed"),
        "todos --overdue": ("overdue", "late"),
        "transcript": ("speaker", "speakers", "said"),
        "highlights": ("quotes", "moments", "bookmarks", "insights"),
        "topics": ("projects", "tags", "folders"),
        "topic": ("project", "tag", "folder"),
        "contexts": ("instructions", "prompts"),
        "webhooks": ("hooks", "hook", "integrations", "webhook"),
        "webhook new": ("subscribe",),
        "decisions": ("decided", "agreements", "outcomes"),
        "decisions --kind questions": ("open-questions", "open questions", "questions"),
        "speakers": ("people", "participants", "attendees", "persons", "talk-time"),
        "search": ("find", "grep", "query", "where", "look", "decisions"),
        "brief": ("prepare", "agenda", "next", "briefing", "prep", "report"),
        "sync": ("update", "refresh", "fetch", "pull", "download", "backup"),
        "export": ("save", "write", "dump", "csv", "excel", "markdown", "ics", "vault", "parquet", "print"),
        "login": ("key", "api-key", "apikey", "token", "auth", "signin", "sign in", "connect", "setup"),
        "logout": ("signout", "sign out", "disconnect"),
        "me": ("whoami", "account", "user", "profile", "who"),
        "coverage": ("months", "completeness"),
        "log": ("requests", "trace"),
        "help": ("commands", "man", "usage", "h"),
        "manage": ("edit", "ui", "gui", "widget", "form"),
        "demo off": ("live",),
    }
)
"""Command → words that people type for it."""
ACTION_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "new": ("create", "add", "make", "insert"),
        "edit": ("update", "change", "modify", "rename", "set"),
        "delete": ("remove", "rm", "del", "drop", "erase"),
    }
)
"""The second word of a command that changes something → words that people type for it."""
LINES: Mapping[str, str] = MappingProxyType(
    {
        "log out": "logout",
        "log in": "login",
        "log off": "logout",
        **{f"manage {kind}s": "manage" for kind in ("topic", "context", "webhook")},
        **{f"{kind} list": f"{kind}s" for kind in ("session", "highlight", "topic", "context")},
    }
)
"""Lines that are no command → the command that is meant."""
EITHER_OPTION: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "state": ("--open", "--done"),
        "status": ("--open", "--done"),
        "due": ("--open", "--overdue"),
    }
)
"""Options that there are not → those one of which is meant."""
SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("timezone", "time", "zone", "tz"),
            'Set HEDY_TIMEZONE before the notebook starts, or use hj.connect(timezone="Europe/Berlin").',
        ),
        "version": "hedy_jupyter.__version__ holds the version.",
        **dict.fromkeys(
            ("region", "eu", "us"),
            'Set HEDY_REGION before the notebook starts, or use hj.connect(region="eu"); %hedy shows the one in use.',
        ),
    }
)
"""Words that are a setting and no command → how to set it."""
ADVICE: Mapping[str, str] = MappingProxyType({name: SETTINGS[name] for name in ("timezone", "tz", "region")})
"""Options that are a setting → how to set it."""
