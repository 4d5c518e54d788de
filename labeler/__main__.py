"""``python -m labeler`` is the `labeler` command."""

from labeler.cli.main import main

main()
