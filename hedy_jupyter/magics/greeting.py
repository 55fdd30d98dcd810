"""The line on the account that ``%load_ext`` prints; it takes the settings alone."""

from __future__ import annotations

from hedy_jupyter import credentials, settings
from hedy_jupyter.account import current
from hedy_jupyter.errors import HedyError, NoKey

_DEMO = "DEMO account: invented meetings, nothing is sent to Hedy."


def account_line() -> str:
    """Return the account kind and region in one line; makes no request."""
    try:
        found = current.choose()
    except HedyError as error:
        return no_key_line() if isinstance(error, NoKey) else f"{error.message} {error.advice}"
    if found is None or found.demo:
        return demo_line()
    profile = f"profile {found.profile}, " if found.profile else ""
    return f"LIVE account, {profile}region {found.region} ({found.host})."


def no_key_line() -> str:
    """Return what to say where no key is found."""
    return f"no key yet: {credentials.no_key().advice}"


def demo_line() -> str:
    """Return what the demo account is, and how to leave it."""
    is_set = settings.demo_asked(settings.environment())
    return f"{_DEMO} {'HEDY_DEMO is set; unset it to leave.' if is_set else '%hedy demo off leaves it.'}"
