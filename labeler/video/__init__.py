"""Floor 1: the sole home of PyAV and OpenCV."""
