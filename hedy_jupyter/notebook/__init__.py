"""The kernel and the screen."""
