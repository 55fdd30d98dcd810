"""Frames: records of the API in pandas, their columns, dtypes and time zones."""
