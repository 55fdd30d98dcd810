"""The local archive: one SQLite file per account, filled by sync, read without a network."""
