"""What can be computed from frames: a frame in, a frame or a figure out. No I/O."""
