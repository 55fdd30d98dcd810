"""Plain text: cleaning, folding, words, Markdown. Standard library only."""
