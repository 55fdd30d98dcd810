"""Dates and times in words: ranges to search in, and due dates of todos."""
