"""Text: cleaning, folding, words, Markdown, host names. Imports nothing else of the package."""
