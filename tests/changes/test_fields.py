"""What is refused before anything is sent, and what is flagged."""

from __future__ import annotations

import pytest

import hedy_jupyter as hj
from hedy_jupyter.changes import fields as limits
from hedy_jupyter.changes import webhook_url

FINE = "https://hooks.example.com/hedy"


@pytest.mark.parametrize(
    ("kind", "name", "least", "most"),
    [
        ("topic", "name", 1, 100),
        ("topic", "description", 0, 500),
        ("topic", "topic_context", 0, 20_000),
        ("context", "title", 1, 200),
        ("context", "content", 0, 20_000),
    ],
)
def test_lengths(kind: str, name: str, least: int, most: int) -> None:
    """A text may have as many characters as the API says, at both ends, and an emoji is one."""
    for size in (least, most):
        assert limits.problem(kind, name, "x" * size) == ""
    assert limits.problem(kind, name, "😀" * most) == ""

    assert f"{most + 1:,} characters; the maximum is {most:,}." in limits.problem(kind, name, "x" * (most + 1))
    assert ("is empty" in limits.problem(kind, name, "")) == (least > 0)
    assert ("is empty" in limits.problem(kind, name, " \n")) == (least > 0)


@pytest.mark.parametrize(
    ("color", "sent"),
    [
        ("#000000", "#000000"),
        ("#ffffff", "#ffffff"),
        ("#4A90d9", "#4A90d9"),
        (" #4A90D9\n", "#4A90D9"),
        ("#fff", "#ffffff"),
        ("teal", "#008080"),
        ("RebeccaPurple", "#663399"),
    ],
)
def test_colors(color: str, sent: str) -> None:
    """A color of the form #RRGGBB or #RGB, in either case, or a name of CSS is taken, and sent as #RRGGBB."""
    assert limits.problem("topic", "color", color) == ""
    assert limits.body("topic", {"color": color}) == {"color": sent}


@pytest.mark.parametrize(
    ("color", "hint"),
    [
        *((one, "Examples: #AA3311, teal.") for one in ("", "4A90D9", "#4A90D", "#4A90D90", "#4A90DG", "#４A90D9")),
        ("blau", "Did you mean blue or black?"),
        ("Turqoise", "Did you mean turquoise"),
    ],
)
def test_no_colors(color: str, hint: str) -> None:
    """Any other form is refused, and named."""
    found = limits.problem("topic", "color", color)
    assert found.startswith(f"Color {color!r} is not of the form #RRGGBB, nor a CSS name. {hint}")


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("topic", "name", None),
        ("topic", "name", 5),
        ("topic", "name", b"x"),
        ("topic", "description", None),
        ("topic", "icon_name", 1),
        ("context", "content", None),
        ("context", "is_default", "yes"),
        ("context", "is_default", 1),
        ("context", "is_default", None),
        ("topic", "name", "half \ud83d"),
        ("context", "content", "\udc00"),
    ],
)
def test_other_values(kind: str, name: str, value: object) -> None:
    """A value of another type, or text that cannot be sent, is refused in one line."""
    found = limits.problem(kind, name, value)

    assert found
    assert "\n" not in found
    found.encode()


def test_instructions_can_be_cleared() -> None:
    """Only a topic's instructions take None."""
    fields = [(kind, field.name) for kind, fields in limits.FIELDS.items() for field in fields]

    taking = [(kind, name) for kind, name in fields if not limits.problem(kind, name, None)]

    assert taking == [("topic", "topic_context")]


def test_body() -> None:
    """Values become the API's names; a name that the kind does not have is refused."""
    given = {"name": "A", "icon_name": "work", "topic_context": None}

    assert limits.body("topic", given) == {"name": "A", "iconName": "work", "topicContext": None}
    with pytest.raises(hj.UsageError, match="no 'title'"):
        limits.body("topic", {"title": "A"})
    with pytest.raises(hj.UsageError, match="is empty"):
        limits.body("context", {"title": ""})


def test_events() -> None:
    """Events are those of the API, once each, in the order given; each says what it will carry."""
    documented = {"session.created", "session.ended", "session.exported", "highlight.created", "todo.exported"}
    assert set(limits.EVENTS) == documented | {"suggestion.created"}
    assert all(limits.EVENTS.values())
    assert limits.checked_events("session.ended") == ["session.ended"]
    assert limits.checked_events(["todo.exported", "session.ended", "todo.exported"]) == [
        "todo.exported",
        "session.ended",
    ]


@pytest.mark.parametrize(
    "events",
    [
        [],
        "",
        None,
        ["session"],
        ["session.ended", "Session.Ended"],
        [5],
        "session.ended,todo.exported",
        "session.",
        ".ended",
        "a b.c",
        "a..b",
    ],
)
def test_no_events(events: object) -> None:
    """No event, or one unknown to the API, is refused with the list of those there are."""
    with pytest.raises(hj.UsageError) as caught:
        limits.checked_events(events)  # type: ignore[arg-type]

    assert "highlight.created" in str(caught.value)


@pytest.mark.parametrize(
    ("event", "hint"), [("session.endd", "Did you mean session.ended?"), ("recording.deleted", "may refuse it.")]
)
def test_events_of_tomorrow(event: str, hint: str) -> None:
    """A well-formed name that is not documented passes, with a warning."""
    assert limits.checked_events(["session.ended", event]) == ["session.ended", event]
    (warning,) = limits.event_warnings(["session.ended", event, "suggestion.created"])
    assert event in warning
    assert warning.endswith(hint)
    assert limits.carries(event)


HOLDS_A_KEY = [
    "hedy_live_planted0123", "see hedy_live_x, please", "hedy%5Flive%5Fplanted",
    "https://a.example/?k=hedy_live_planted",
    "hedy%255Flive%255Fplanted", "hedy" + "%" + "25" * 6 + "5Flive_planted", "hedy&#95;live&#95;planted",
    "hedy&lowbar;live_planted",
    "hedy&amp;#x5f;live_planted", r"hedy\_live\_planted", r"he\dy_live_planted", r"hedy\u005flive_planted",
    "hedy_\nlive_planted", "hedy_live\n_planted", "h e d y _ l i v e _ planted", "hedy_live_\nplanted0123",
    "hedy_live_ plantedplantedplanted",
    "hedy\u00ad_live_planted", "hedy_\u200blive_planted", "hedy_live_\u2060planted", "hedy_li\ufe0fve_planted",
    "hedy&shy;_live_planted",
    "hedy%E2%80%8B_live_planted", "\uff48edy\uff3flive_planted", "hedy\ufe4dlive_planted",
]  # fmt: skip
HOLDS_NONE = [
    "hedy live 2026", "Hedy Live, session 2026", "hedy_live", "hedy_live_",
    "Keys start with hedy_live_ and hold no spaces",
    "hedy_live_\u2026", "hedy _live_ now", "hedy *live* 2026", "50%25 of hedy%20live%202026",
    "the hedy-live-2026 event",
    "hedy\nlive\n2026",
]  # fmt: skip


@pytest.mark.parametrize("text", HOLDS_A_KEY)
@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field.name) for kind in limits.FIELDS for field in limits.FIELDS[kind] if not field.flag]
)
def test_keys_in_fields(kind: str, field: str, text: str) -> None:
    """What looks like an API key is taken by no field, and is not echoed."""
    problem = limits.problem(kind, field, text)

    assert "looks like an API key" in problem
    assert "planted" not in problem


@pytest.mark.parametrize("text", HOLDS_NONE)
def test_prose_holds_no_key(text: str) -> None:
    """Ordinary prose about Hedy is taken."""
    assert limits.problem("context", "content", text) == ""


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/hedy_live_planted",
        "https://a.example/?key=hedy%5flive%5fplanted",
        "https://a.example/hedy%255flive%255fplanted",
        "https://a.example/?k=hedy&#95;live&#95;planted",
        "https://a.example/hedy%E2%80%8B_live_planted",
        "https://a.example/hedy_%0Alive_planted",
        "https://\uff48edy_live_planted.example/",
    ],
)
def test_keys_in_urls(url: str) -> None:
    """Nor does a webhook's URL."""
    with pytest.raises(hj.UsageError, match="looks like an API key") as caught:
        webhook_url.destination(url)

    assert "planted" not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "part"),
    [
        ("10.0.0.1.nip.io", "private address 10.0.0.1"),
        ("app.10.0.0.1.nip.io", "private address 10.0.0.1"),
        ("192-168-1-250.sslip.io", "private address 192.168.1.250"),
        ("www-169-254-169-254.sslip.io", "private address 169.254.169.254"),
        ("0a000001.nip.io", "private address 10.0.0.1"),
        ("7f000001.whatever.example", "private address 127.0.0.1"),
        ("127.0.0.1.example.com", "private address 127.0.0.1"),
        ("8.8.8.8.nip.io", "Names below nip.io"),
        ("localtest.me", "Names below localtest.me"),
        ("hedy.lvh.me", "Names below lvh.me"),
        ("hooks.test", "a name for tests"),
        ("hooks.company.invalid", "a name for tests"),
        ("abcdefgh.onion", "a closed network"),
        ("0--1.ip6.name", "private address ::1"),
        ("fd00--1.ip6.example", "private address fd00::1"),
        ("app.0-0-0-0-0-0-0-1.example.com", "private address ::1"),
        ("www.ip6.name", "Names below ip6.name"),
        ("api.default.svc", "a closed network"),
        ("fritz.box", "a closed network"),
        ("nas.fritz.box", "a closed network"),
        ("my.router", "a closed network"),
        ("wiki.intra", "a closed network"),
    ],
)
def test_hosts_that_lead_home(host: str, part: str) -> None:
    """Names that resolve to private addresses, or to no server, are flagged."""
    assert any(part in warning for warning in webhook_url.destination(f"https://{host}/", [host]).warnings)


@pytest.mark.parametrize(
    "host",
    [
        "hooks.example.com",
        "api.v1.2.3.example.com",
        "a1b2c3d4.example.com",
        "8.8.4.4.example.com",
        "1.2.3.example.org",
        "a--b.example.com",
    ],
)
def test_hosts_that_only_look_so(host: str) -> None:
    """Numbers in a name are no private address by themselves."""
    assert webhook_url.destination(f"https://{host}/", [host]).warnings == ()


LOOPBACK = [
    "127.0.0.1", "127.255.0.9", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0X7F.0.0.1", "0177.0.0.1",
    "017700000001", "0", "0.0.0.0",
    "１２７.０.０.１", "127。0。0。1", "127.0.0.1.", "127.0.0.1。", "①②⑦.0.0.1", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]",
]  # fmt: skip
PRIVATE = [
    "10.0.0.1", "10.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.168.257", "169.254.169.254", "0xa9fea9fe",
    "2852039166",
    "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[fc00::1]",
    "[fd00:ec2::254]", "[fe80::1]",
    "[fe80::1%25eth0]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]", "[2001::1]", "[4000::1]", "[::ffff:10.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::a9fe:a9fe]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::1]", "[2002:a9fe:a9fe::1]", "[2002:c0a8:101::]",
    "[::10.0.0.1]",
]  # fmt: skip
NAMES = [
    "localhost", "LOCALHOST", "localhost.", "localhost。", "ｌｏｃａｌｈｏｓｔ", "api.localhost", "a.b.localhost.",
    "localhost.localdomain",
    "printer.local", "nas.lan", "router.home", "fritz.home.arpa", "wiki.intranet", "metadata.google.internal",
    "db.corp", "x.private",
    "hedy", "a", "loc\u034falhost",
]  # fmt: skip


@pytest.mark.parametrize("host", LOOPBACK + PRIVATE + NAMES)
def test_hosts_of_this_network(host: str) -> None:
    """A host that exists only on this machine or its network is refused, however it is spelled."""
    for url in (f"https://{host}/x", f"https://{host}:8443/x?a=1"):
        with pytest.raises(hj.UsageError, match="only reachable from this machine or its network"):
            webhook_url.destination(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        (None, "empty"),
        (5, "empty"),
        ("http://hooks.example.com/", "must begin with https://"),
        ("HTTP://hooks.example.com/", "must begin with https://"),
        ("ftp://hooks.example.com/", "must begin with https://"),
        ("file:///etc/passwd", "must begin with https://"),
        ("javascript:alert(1)", "must begin with https://"),
        ("hooks.example.com", "must begin with https://"),
        ("//hooks.example.com/", "must begin with https://"),
        ("https://user@hooks.example.com/", "user or a password"),
        ("https://user:pass@hooks.example.com/", "user or a password"),
        ("https://@hooks.example.com/", "user or a password"),
        ("https://hooks.example.com:443@evil.example/", "user or a password"),
        ("https:///path", "no valid host"),
        ("https:hooks.example.com", "no valid host"),
        ("https://:443/", "no valid host"),
        ("https://./", "no valid host"),
        ("https://?a=1", "no valid host"),
        ("https://hooks.example.com:0/", "no valid host"),
        ("https://hooks.example.com:65536/", "cannot be read"),
        ("https://hooks.example.com:http/", "cannot be read"),
        ("https://hooks.example.com:-1/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("https://[v1.abc]/", "no valid host"),
        ("https://[v1.ab:c]/", "no valid host"),
        ("https://a..b.example/", "no valid host"),
        ("https://%31%32%37.0.0.1/", "no valid host"),
        ("https://127.0.0.1%2f.example.com/", "no valid host"),
        ("https://a<b.example/", "no valid host"),
        ("https://256.256.256.256/", "no valid host"),
        ("https://1.2.3.4.5/", "no valid host"),
        ("https://08.8.8.8/", "no valid host"),
        ("https://4294967296/", "no valid host"),
        ("https://api.example.0x7f/", "no valid host"),
        ("https://straße.example/", "no valid host"),
        (f"https://{'a' * 64}.example/", "no valid host"),
        ("https://a／b.example/", "cannot be read"),
        ("https://hooks.example.com\\@evil.example/", "character not allowed in a URL"),
        ("https:\\\\hooks.example.com/", "character not allowed in a URL"),
        ("https://hooks.exam\tple.com/", "character not allowed in a URL"),
        ("https://hooks.example.com/\n", "character not allowed in a URL"),
        (" https://hooks.example.com/", "character not allowed in a URL"),
        ("https://hooks.example.com/a b", "character not allowed in a URL"),
        ("https://hooks.example.com/\x00", "character not allowed in a URL"),
        ("https://hooks.example.com/\x7f", "character not allowed in a URL"),
        ("https://hooks\u200b.example.com/", "character not allowed in a URL"),
        ("https://hooks.example.com/\u202egnp", "character not allowed in a URL"),
        ("https://hooks.example.com/\u2028", "character not allowed in a URL"),
        ("https://lo\xadcalhost/", "character not allowed in a URL"),
        ("https://hooks.example.com/\ud800", "character not allowed in a URL"),
    ],
)
def test_refused_urls(url: object, reason: str) -> None:
    """A URL that is not https, holds a user or has no readable host is refused with its reason, in one line."""
    with pytest.raises(hj.UsageError, match=reason) as caught:
        webhook_url.destination(url)  # type: ignore[arg-type]

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        (FINE, "hooks.example.com"),
        ("HTTPS://Hooks.Example.COM/Hedy", "hooks.example.com"),
        ("https://hooks.example.com:443/", "hooks.example.com"),
        ("https://hooks.example.com.", "hooks.example.com"),
        ("https://hooks.example.com?team=7#top", "hooks.example.com"),
        ("https://my_hook.example.com/ü/", "my_hook.example.com"),
        ("https://0x7f.example.com/", "0x7f.example.com"),
        ("https://localhost.example.com/", "localhost.example.com"),
    ],
)
def test_fine_urls(url: str, host: str) -> None:
    """An ordinary URL to a host that the account uses already is taken as it is, without a word."""
    assert webhook_url.destination(url, [host]) == webhook_url.Destination(url, host)


@pytest.mark.parametrize(
    ("url", "host", "flag"),
    [
        ("https://8.8.8.8/", "8.8.8.8", "8.8.8.8 is an IP address, not a name."),
        ("https://134744072/", "8.8.8.8", "8.8.8.8 is an IP address, not a name, written as 134744072."),
        ("https://0x8.010.8.8/", "8.8.8.8", "8.8.8.8 is an IP address, not a name, written as 0x8.010.8.8."),
        ("https://[2606:4700::1111]/", "2606:4700::1111", "2606:4700::1111 is an IP address, not a name."),
        ("https://[::ffff:8.8.8.8]/", "8.8.8.8", "8.8.8.8 is an IP address, not a name, written as ::ffff:8.8.8.8."),
        ("https://hooks.example.com:8443/", "hooks.example.com", "The port is 8443, not 443."),
        ("https://hooks.example.com:80/", "hooks.example.com", "The port is 80, not 443."),
        (
            "https://bücher.example/",
            "xn--bcher-kva.example",
            "The host is not ASCII: bücher.example is xn--bcher-kva.example. Check",
        ),
        (
            "https://xn--bcher-kva.example/",
            "xn--bcher-kva.example",
            "The host is not ASCII: bücher.example is xn--bcher-kva.example. Check",
        ),
        (
            "https://ｈｏｏｋｓ.example/",
            "hooks.example",
            "The host is not ASCII: ｈｏｏｋｓ.example is hooks.example. Check",
        ),
    ],
)
def test_flagged_hosts(url: str, host: str, flag: str) -> None:
    """What is unusual about a host is reported in both its forms, also where the account uses it already."""
    found = webhook_url.destination(url, [host])

    assert found.host == host
    assert len(found.warnings) == 1
    assert found.warnings[0].startswith(flag)


@pytest.mark.parametrize(
    "query",
    [
        "token=a",
        "API_KEY=1",
        "secret",
        "sig=x",
        "auth=",
        "code=7",
        "q=0123456789abcdef",
        "0123456789abcdef0123",
        "a=1&password=b",
    ],
)
def test_flagged_queries(query: str) -> None:
    """A query that may hold a token is flagged, and not repeated."""
    found = webhook_url.destination(f"{FINE}?{query}", ["hooks.example.com"])

    assert found.warnings == (
        "The query may hold a token; it is kept in Hedy and shown wherever the webhook is listed.",
    )


@pytest.mark.parametrize(
    ("name", "mixed"),
    [
        ("аpple.example", True),
        ("xn--pple-43d.example", True),
        ("αpple.example", True),
        ("яндекс.example", False),
        ("bücher.example", False),
        ("東京タワー.example", False),
        ("한국.example", False),
        ("😀.example", False),
    ],
)
def test_mixed_alphabets(name: str, mixed: bool) -> None:
    """A label that mixes alphabets is flagged on top; one in a single alphabet, or in Japanese, is not."""
    found = webhook_url.destination(f"https://{name}/", [name])

    assert ("The host mixes alphabets" in " ".join(found.warnings)) == mixed
    assert "The host is not ASCII" in found.warnings[0]


@pytest.mark.parametrize(
    ("used", "flag"),
    [
        ([], ("No other webhook of this account sends to hooks.example.com.",)),
        (
            ["example.com", "evil-hooks.example.com", ""],
            ("No other webhook of this account sends to hooks.example.com.",),
        ),
        (["Hooks.Example.com."], ()),
        (None, ("Whether another webhook of this account sends to hooks.example.com could not be looked up.",)),
    ],
)
def test_unknown_host(used: list[str] | None, flag: tuple[str, ...]) -> None:
    """A host that no other webhook of the account uses is flagged."""
    assert webhook_url.destination(FINE, used).warnings == flag
