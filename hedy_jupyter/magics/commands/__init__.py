"""The commands of ``%hedy``, one module per group."""
