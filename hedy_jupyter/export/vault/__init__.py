"""A folder of Markdown notes that can be exported again and again, with the user's own text kept."""
