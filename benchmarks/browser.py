"""Starts Chromium and a site to look at, for browser tests and benchmarks."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 10.0


def chromium() -> str | None:
    """Where the installed Chromium is, which plays H.264 as Playwright's own does not."""
    told = os.environ.get("LABELER_CHROMIUM")
    return told or shutil.which("chromium") or shutil.which("google-chrome")


@contextmanager
def serving(*command: str | Path, port: int) -> Iterator[str]:
    """Run a Python program that serves Streamlit on `port`; gives its address, and ends it."""
    with started(*command, port=port) as (base, _):
        yield base


@contextmanager
def started(*command: str | Path, port: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Like `serving`, for who wants to kill the program before its time."""
    server = subprocess.Popen([sys.executable, *map(str, command)], stdout=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(base, server)
        yield base, server
    finally:
        server.terminate()
        server.wait(STOP_TIMEOUT_S)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(base: str, server: subprocess.Popen[bytes]) -> None:
    deadline_s = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline_s:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with code {server.returncode}")
        try:
            with urllib.request.urlopen(f"{base}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"no answer from {base} within {START_TIMEOUT_S:.0f} s")
