"""Minutes: what they list under headings such as "Decisions", in many languages."""
