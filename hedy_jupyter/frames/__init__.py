"""Records of the API as pandas frames: columns, dtypes, time zones."""
