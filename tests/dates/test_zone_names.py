"""Names of time zones as people type them, and what is suggested."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

import hedy_jupyter as hj
from hedy_jupyter.dates import periods, zone_names

ANY = 'Use a name such as "Europe/Berlin" or "UTC".'


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Berlin", "Europe/Berlin"),
        (" berlin ", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("EUROPE/BERLIN", "Europe/Berlin"),
        ("Europe/Belrin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Zürich", "Europe/Zurich"),
        ("Ho Chi Minh", "Asia/Ho_Chi_Minh"),
        ("Tokio", "Asia/Tokyo"),
        ("asia/calcutta", "Asia/Calcutta"),
        ("us/pacific", "US/Pacific"),
        ("PST", "America/Los_Angeles"),
        ("edt", "America/New_York"),
        ("CEST", "Europe/Berlin"),
        ("MESZ", "Europe/Berlin"),
        ("JST", "Asia/Tokyo"),
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("UTC+2", "Etc/GMT-2"),
        ("utc +02:00", "Etc/GMT-2"),
        ("+2", "Etc/GMT-2"),
        ("GMT−5", "Etc/GMT+5"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("+0545", "Asia/Kathmandu"),
        ("UTC+0", "UTC"),
    ],
)
def test_suggestions(typed: str, expected: str) -> None:
    """The first suggestion is a name that works, with the offset that was typed."""
    advice = zone_names.advice(typed)

    assert advice.startswith(f'Did you mean "{expected}"')
    assert ZoneInfo(expected).key == expected


@pytest.mark.parametrize("typed", ["", "Mars/Olympus", "Munich", "UTC+25", "UTC+2:07", "a\0b", "/etc/passwd", "東京"])
def test_nothing_near(typed: str) -> None:
    """Where no zone is near, the advice is an example."""
    assert zone_names.advice(typed) == ANY


def test_abbreviations_of_several_places() -> None:
    """An abbreviation that several places use suggests them all."""
    assert zone_names.advice("CST") == 'Did you mean "America/Chicago" or "Asia/Shanghai"?'


def test_every_suggestion_exists() -> None:
    """Every zone of the tables is one."""
    for names in (*zone_names.ABBREVIATIONS.values(), zone_names.PARTS_OF_AN_HOUR.values()):
        for name in names:
            assert ZoneInfo(name).key == name


def test_everywhere(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """The suggestion is in the error of each way to name a zone."""
    ways = [
        lambda: periods.zone("Berlin"),
        lambda: hj.connect(api_key=key, timezone="Berlin"),
        lambda: hj.demo(timezone="Berlin"),
        lambda: hj.demo(timezone="UTC").sessions(1).hedy.localize("Berlin"),
    ]
    for way in ways:
        with pytest.raises(hj.SettingsError, match="Unknown time zone 'Berlin'") as caught:
            way()
        assert caught.value.advice == 'Did you mean "Europe/Berlin"?'
    monkeypatch.setenv("HEDY_TIMEZONE", "PST")
    with pytest.raises(hj.SettingsError, match="from HEDY_TIMEZONE") as caught:
        hj.demo()
    assert caught.value.advice == 'Did you mean "America/Los_Angeles"?'
