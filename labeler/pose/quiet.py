"""Keeps native libraries from writing to the terminal where a progress bar is being drawn."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_STDERR = 2
_lock = threading.Lock()  # two threads swapping the same descriptor would lose it


@contextmanager
def native_stderr_silenced() -> Iterator[None]:
    """Send the process's standard error to nowhere: what C++ code writes, and Python with it.

    Meant for moments, such as loading a network: MediaPipe 1.2 has no other way to be quiet.
    """
    with _lock:
        with suppress(AttributeError, ValueError, OSError):  # sys.stderr may be None or closed
            sys.stderr.flush()
        try:
            kept = os.dup(_STDERR)
        except OSError:  # no standard error at all: nothing to silence
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, _STDERR)
            yield
        finally:
            os.dup2(kept, _STDERR)
            os.close(nowhere)
            os.close(kept)
