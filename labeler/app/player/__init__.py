"""The player: video, pose, timeline and fault answers in one component that owns the keyboard."""
