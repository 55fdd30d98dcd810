"""``Hedy``, the account that users hold: reads, writes, records and how they are shown."""
