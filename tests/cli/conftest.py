"""Commands run in this process."""

import sys

import pytest

from labeler.cli.main import main


@pytest.fixture
def command(monkeypatch, capsys):
    """Run a command line; gives the exit code, stdout and stderr."""
    monkeypatch.setenv("COLUMNS", "250")

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["labeler", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    return call
