"""Vault: a folder of Markdown notes that is brought up to date by each export and keeps the user's own text."""
