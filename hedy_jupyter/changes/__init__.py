"""Changes: writes described before they are sent: fields, limits, confirmation. No I/O."""
