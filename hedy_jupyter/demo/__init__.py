"""A small Hedy of its own, on invented meetings: the second opinion on the API, so nothing else of this package is used here."""
