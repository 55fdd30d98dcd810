"""``df.hedy``: methods on pandas frames."""
