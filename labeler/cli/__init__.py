"""Floor 8: the commands: ask, show, pass on. Each does what a page does, for scripts."""

from labeler.cli.main import main

__all__ = ["main"]
