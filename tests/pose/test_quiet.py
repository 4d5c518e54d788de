"""Native code is kept from the terminal, and the terminal comes back."""

import os
import sys

import pytest

from labeler.pose.quiet import native_stderr_silenced


def test_native_output_is_silenced_and_then_heard_again(capfd):
    with native_stderr_silenced():
        os.write(2, b"chatter")
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"


def test_python_output_before_it_is_not_lost(capfd):
    sys.stderr.write("before")
    with native_stderr_silenced():
        os.write(2, b"chatter")
    assert capfd.readouterr().err == "before"


def test_an_error_inside_gives_the_terminal_back(capfd):
    with pytest.raises(KeyError), native_stderr_silenced():
        raise KeyError("inside")
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"


def test_a_process_without_standard_error(monkeypatch, capfd):
    """As under a Windows launcher without a console."""

    def closed(_descriptor):
        raise OSError("bad file descriptor")

    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(os, "dup", closed)
    with native_stderr_silenced():
        os.write(2, b"goes where it went before")
    monkeypatch.undo()
    assert capfd.readouterr().err == "goes where it went before"
