"""What a pose bundle holds."""

MEMBERS = ("pose_detector.tflite", "pose_landmarks_detector.tflite")
"""The two networks inside a bundle, which is a stored zip: who is where, and their landmarks."""
