"""Forms and the manager, built with ipywidgets."""
