"""What the two sources check before anything is packed or kept."""

import hashlib
import io
import subprocess
import zipfile

import pytest

from labeler.pose import fetching
from labeler.pose.fetching import (
    DETECTOR_PATH,
    LANDMARKS_PATH,
    SourceError,
    bundle_from_wheel,
    from_model_page,
    from_wheel,
)

NETWORKS = {DETECTOR_PATH: b"detector", LANDMARKS_PATH: b"landmarks"}


@pytest.fixture
def _small_networks(monkeypatch):
    """Networks of a few bytes, known by their real digests, packed by joining them."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in NETWORKS.items()}
    monkeypatch.setattr(fetching, "NETWORK_SHA256", digests)
    monkeypatch.setattr(fetching, "bundle_bytes", lambda detector, landmarks: detector + landmarks)


def wheel_of(folder, networks):
    path = folder / "mediapipe.whl"
    with zipfile.ZipFile(path, "w") as members:
        for name, content in networks.items():
            members.writestr(name, content)
    return path


@pytest.mark.usefixtures("_small_networks")
def test_networks_come_out_of_the_wheel_in_their_order(tmp_path):
    assert bundle_from_wheel(wheel_of(tmp_path, NETWORKS)) == b"detectorlandmarks"


@pytest.mark.usefixtures("_small_networks")
def test_a_changed_network_is_refused(tmp_path):
    wheel = wheel_of(tmp_path, {**NETWORKS, DETECTOR_PATH: b"detector2"})
    with pytest.raises(SourceError, match=r"pose_detection.tflite: expected SHA-256 .*got"):
        bundle_from_wheel(wheel)


def test_a_wheel_without_the_networks(tmp_path):
    with pytest.raises(SourceError, match="is not the expected wheel"):
        bundle_from_wheel(wheel_of(tmp_path, {"readme": b""}))


def test_a_file_that_is_no_wheel(tmp_path):
    path = tmp_path / "mediapipe.whl"
    path.write_text("no zip")
    with pytest.raises(SourceError, match="is not the expected wheel"):
        bundle_from_wheel(path)


def pip_that(monkeypatch, returncode=0, stderr="", networks=None, error=None):
    """Answer in pip's place; gives the commands that it was asked to run."""
    commands = []

    def run(command, **options):
        commands.append(command)
        if error is not None:
            raise error
        folder = next(part for part in command if part.startswith("--dest=")).removeprefix(
            "--dest="
        )
        if networks is not None:
            from pathlib import Path

            wheel_of(Path(folder), networks)
        return subprocess.CompletedProcess(command, returncode, "", stderr)

    monkeypatch.setattr(fetching.subprocess, "run", run)
    return commands


@pytest.mark.usefixtures("_small_networks")
def test_pip_fetches_one_wheel_without_installing(monkeypatch):
    commands = pip_that(monkeypatch, networks=NETWORKS)
    assert from_wheel() == b"detectorlandmarks"
    (command,) = commands
    assert command[1:4] == ["-m", "pip", "download"]
    assert "--no-deps" in command
    assert command[-1] == "mediapipe==0.10.21"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"returncode": 1, "stderr": "noise\nNo matching distribution\n"}, "No matching distrib"),
        ({"returncode": 1}, "no message"),
        ({"error": subprocess.TimeoutExpired("pip", 1)}, "pip could not run"),
        ({"error": FileNotFoundError("python")}, "pip could not run"),
        ({}, "0 wheels instead of one"),
    ],
    ids=["refused", "refused silently", "too slow", "no python", "nothing left"],
)
def test_a_pip_that_fails_is_a_source_that_fails(monkeypatch, answer, message):
    pip_that(monkeypatch, **answer)
    with pytest.raises(SourceError, match=message):
        from_wheel()


def page_that(monkeypatch, content=b"", error=None):
    def urlopen(url, timeout):
        assert url == fetching.OFFICIAL_URL
        if error is not None:
            raise error
        return io.BytesIO(content)

    monkeypatch.setattr(fetching.urllib.request, "urlopen", urlopen)


def test_the_model_page_gives_a_known_file(monkeypatch):
    known = frozenset({hashlib.sha256(b"bundle").hexdigest()})
    monkeypatch.setattr(fetching, "OFFICIAL_SHA256", known)
    page_that(monkeypatch, b"bundle")
    assert from_model_page() == b"bundle"


def test_an_unknown_file_is_refused(monkeypatch):
    page_that(monkeypatch, b"<html>log in first</html>")
    with pytest.raises(SourceError, match=r"the downloaded bundle: expected SHA-256 .* or .*got"):
        from_model_page()


def test_no_network(monkeypatch):
    page_that(monkeypatch, error=TimeoutError("timed out"))
    with pytest.raises(SourceError, match=r"no answer from the model page \(timed out\)"):
        from_model_page()
