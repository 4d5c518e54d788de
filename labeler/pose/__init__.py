"""Floor 1: the sole home of MediaPipe."""
