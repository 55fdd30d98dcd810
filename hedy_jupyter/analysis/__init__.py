"""Analysis of frames: a frame in, a frame or a figure out. No I/O."""
