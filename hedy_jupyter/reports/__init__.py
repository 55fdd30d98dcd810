"""Reports of a time: what is in them, from frames; no requests, no clock."""
