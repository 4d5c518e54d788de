"""Where the pose bundle comes from, in which order, and what is never trusted unchecked."""

import hashlib
import logging
import zipfile

import pytest

from labeler.pose import bundle as bundles
from labeler.pose import fetching
from labeler.pose.bundle import ENV_BUNDLE, BundleError, bundle_status, resolve_bundle
from labeler.pose.fetching import SourceError
from labeler.pose.layout import MEMBERS

CONTENT = b"a bundle, for all that the cache knows"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def _no_bundle_named(monkeypatch):
    monkeypatch.delenv(ENV_BUNDLE, raising=False)


@pytest.fixture
def calls(monkeypatch):
    """Both sources answer, and note that they were asked."""
    asked = []
    for name in ("from_wheel", "from_model_page"):
        monkeypatch.setattr(fetching, name, lambda name=name: asked.append(name) or CONTENT)
    return asked


def refuse(monkeypatch, name, reason):
    def source():
        raise SourceError(reason)

    monkeypatch.setattr(fetching, name, source)


def zipped(path, *names):
    with zipfile.ZipFile(path, "w") as packed:
        for name in names:
            packed.writestr(name, b"weights")
    return path


def test_first_need_builds_it_from_the_wheel_and_tells_so_in_one_line(tmp_path, calls):
    lines = []
    found = resolve_bundle(cache_dir=tmp_path / "new", on_progress=lines.append)
    assert (found.origin, found.sha256) == ("wheel", DIGEST)
    assert found.path.read_bytes() == CONTENT
    assert calls == ["from_wheel"]
    assert lines == ["pose model: fetching mediapipe==0.10.21 (35 MB, once)"]
    assert [path.name for path in (tmp_path / "new").iterdir()] == [found.path.name]


def test_second_need_takes_it_from_the_cache_in_silence(tmp_path, calls):
    first = resolve_bundle(cache_dir=tmp_path)
    lines = []
    again = resolve_bundle(cache_dir=tmp_path, on_progress=lines.append)
    assert (again.path, again.origin) == (first.path, "cached")
    assert calls == ["from_wheel"]
    assert lines == []


def test_progress_goes_to_the_log_by_default(tmp_path, calls, caplog):
    with caplog.at_level(logging.INFO, logger="labeler"):
        resolve_bundle(cache_dir=tmp_path)
    assert "fetching mediapipe" in caplog.text


def test_a_cached_file_that_does_not_match_its_name_is_made_again(tmp_path, calls):
    path = resolve_bundle(cache_dir=tmp_path).path
    path.write_bytes(CONTENT[:10])
    assert resolve_bundle(cache_dir=tmp_path).origin == "wheel"
    assert path.read_bytes() == CONTENT


def test_the_model_page_is_the_last_resort(tmp_path, calls, monkeypatch):
    refuse(monkeypatch, "from_wheel", "no index")
    assert resolve_bundle(cache_dir=tmp_path).origin == "official"


def test_when_nothing_works_all_four_ways_are_named(tmp_path, monkeypatch):
    refuse(monkeypatch, "from_wheel", "no index")
    refuse(monkeypatch, "from_model_page", "no network")
    with pytest.raises(BundleError, match="wheel: no index; official: no network") as caught:
        resolve_bundle(cache_dir=tmp_path)
    for way in (ENV_BUNDLE, str(tmp_path), fetching.WHEEL, fetching.OFFICIAL_URL):
        assert way in caught.value.hint


@pytest.mark.parametrize("by", ["argument", "environment"])
def test_a_named_bundle_wins(tmp_path, calls, monkeypatch, by):
    resolve_bundle(cache_dir=tmp_path)
    path = zipped(tmp_path / "mine.task", *MEMBERS)
    if by == "environment":
        monkeypatch.setenv(ENV_BUNDLE, str(path))
    found = resolve_bundle(path if by == "argument" else None, cache_dir=tmp_path)
    assert (found.path, found.origin) == (path, "given")
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_argument_wins_over_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv(ENV_BUNDLE, str(tmp_path / "nowhere.task"))
    path = zipped(tmp_path / "mine.task", *MEMBERS)
    assert resolve_bundle(path, cache_dir=tmp_path).path == path


def test_a_named_bundle_that_is_not_there_is_not_replaced(tmp_path, calls):
    with pytest.raises(BundleError, match=r"expected a \.task file at .*nowhere"):
        resolve_bundle(tmp_path / "nowhere.task", cache_dir=tmp_path)
    assert calls == []


def test_a_named_file_that_is_no_bundle(tmp_path):
    text = tmp_path / "text.task"
    text.write_text("no zip")
    with pytest.raises(BundleError, match=r"without pose_detector\.tflite and pose_landmarks_det"):
        resolve_bundle(text)
    half = zipped(tmp_path / "half.task", MEMBERS[0])
    with pytest.raises(BundleError, match=r"a file without pose_landmarks_detector\.tflite"):
        resolve_bundle(half)


def test_a_cache_that_cannot_be_made(tmp_path, calls):
    (tmp_path / "file").touch()
    with pytest.raises(BundleError, match="expected to write into"):
        resolve_bundle(cache_dir=tmp_path / "file" / "cache")


def test_status_fetches_nothing(tmp_path, calls):
    none = bundle_status(cache_dir=tmp_path)
    assert (none.bundle, calls) == (None, [])
    assert "none yet" in none.message
    assert "first video" in none.hint


def test_status_of_what_is_there(tmp_path, calls):
    resolve_bundle(cache_dir=tmp_path)
    status = bundle_status(cache_dir=tmp_path)
    assert status.bundle is not None
    assert DIGEST[:12] in status.message


def test_status_of_a_wrong_name(tmp_path):
    status = bundle_status(tmp_path / "nowhere.task", cache_dir=tmp_path)
    assert status.bundle is None
    assert "expected a .task file" in status.message


def test_the_default_cache_is_the_users():
    assert bundles.default_cache_dir().name == "labeler"
