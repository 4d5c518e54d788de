"""What a test asks the player in a browser."""


def frame_at_rest(page):
    """The frame on screen, once the video shows the frame last asked for."""
    page.wait_for_function("window.__labelerPlayer.isAtRest")
    return page.evaluate("window.__labelerPlayer.frame")
