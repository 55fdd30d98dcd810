"""Records of the API as pandas frames, and what is asked of them. Knows no HTTP and no notebook."""
