"""Display: pages of plain values as HTML, Markdown and text."""
