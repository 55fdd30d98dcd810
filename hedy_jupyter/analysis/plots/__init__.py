"""Plots of meetings, todos and speakers: matplotlib ``Axes``, which users can change as they do those of pandas."""
