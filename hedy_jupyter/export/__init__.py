"""Export frames as files: documents, tables, calendars and folders of notes."""
