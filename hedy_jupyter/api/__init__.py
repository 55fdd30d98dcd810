"""HTTP with Hedy: knows no pandas and no notebook."""
