"""The headless face: the same engine, the same answers as the window."""
