"""An independent demo of Hedy's API on invented meetings; imports nothing else of this package."""
