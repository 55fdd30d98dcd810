"""``%hedy`` and its cell magics in IPython."""
