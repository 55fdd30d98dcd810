"""Writes, described before they are done: fields, limits, and what confirms them. No I/O."""
