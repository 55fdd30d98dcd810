"""What a frame covers, as plain values in its ``attrs["coverage"]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from hedy_jupyter.api.reader import Listing


def covered(frame: pd.DataFrame, listing: Listing, source: str = "live", *, details: bool = False) -> pd.DataFrame:
    """Return *frame* with what it covers in its attrs: plain numbers and text, because pandas copies them at every step."""
    found = listing.found or len(listing.records)
    covered = {"found": found, "total": listing.total, "unreachable": listing.unreachable, "source": source}
    more = ({"incomplete": listing.incomplete} if details else {}) | (
        {"failed": listing.failed} if listing.failed else {}
    )
    frame.attrs["coverage"] = covered | more
    return frame
