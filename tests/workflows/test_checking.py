"""What `labeler doctor` looks at."""

import errno
import socket
import sys

import pytest

from labeler.core.errors import UsageError
from labeler.workflows import checking
from labeler.workflows.checking import State


def test_every_check_is_named_once_and_says_what_to_do_when_not_in_order(tmp_path):
    checks = list(checking.examine(tmp_path / "not" / "made" / "yet"))
    names = [check.name for check in checks]
    assert len(set(names)) == len(names)
    assert {"Python", "Disk", "Dataset", "libGL", "Pose bundle", "mediapipe"} <= set(names)
    assert all(check.hint for check in checks if check.state is not State.OK)
    assert not (tmp_path / "not").exists(), "looking leaves nothing behind"


@pytest.mark.parametrize(
    ("version", "state"),
    [((3, 10, 9), State.MISSING), ((3, 13, 1), State.OK), ((3, 14, 0), State.WARNING)],
)
def test_a_python_that_does_not_fit_is_said(monkeypatch, version, state):
    monkeypatch.setattr(sys, "version_info", version)
    assert checking.python_version().state is state


def test_opencv_packages_of_two_versions_are_a_warning_with_the_cure(monkeypatch):
    versions = {"opencv-python": "5.0.0.93", "opencv-contrib-python": "5.0.1.1"}
    monkeypatch.setattr(checking.importlib.metadata, "version", versions.__getitem__)
    check = checking.opencv_twins()
    assert check.state is State.WARNING
    assert check.hint.endswith("opencv-python==5.0.1.1")


def test_a_missing_library_is_named(monkeypatch):
    def missing(name: str) -> str:
        raise checking.importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(checking.importlib.metadata, "version", missing)
    assert {check.state for check in checking.libraries()} == {State.MISSING}
    assert checking.opencv_twins().state is State.MISSING


def test_libraries_of_laboratories_may_be_missing(monkeypatch):
    def without_sleap(name: str) -> str:
        if name == "sleap-io":
            raise checking.importlib.metadata.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(checking.importlib.metadata, "version", without_sleap)
    check = checking.laboratory_files()
    assert check.state is State.OK
    assert check.found == "without sleap-io: pip install 'labeler[lab]'"
    monkeypatch.setattr(checking.importlib.metadata, "version", lambda _name: "1.0")
    assert checking.laboratory_files().found == "all can be read"


@pytest.mark.parametrize(
    ("platform", "library", "expected"),
    [("linux", "libGL.so.1", State.OK), ("linux", None, State.MISSING), ("win32", None, State.OK)],
)
def test_graphics_are_asked_for_on_linux_only(monkeypatch, platform, library, expected):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(checking.ctypes.util, "find_library", lambda _: library)
    assert [check.state for check in checking.graphics()] == [expected] * 3


def test_a_mediapipe_that_does_not_load_is_missing(monkeypatch):
    def refuse(_name: str) -> None:
        raise OSError("libEGL.so.1: cannot open shared object file")

    monkeypatch.setattr(checking.importlib, "import_module", refuse)
    check = checking.pose_network()
    assert check.state is State.MISSING
    assert "libEGL" in check.found


def test_a_bundle_that_was_named_but_is_not_there_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("LABELER_POSE_BUNDLE", str(tmp_path / "nowhere.task"))
    check = checking.pose_bundle()
    assert check.state is State.MISSING
    assert "unset LABELER_POSE_BUNDLE" in check.hint


def test_a_dataset_that_is_a_file_is_missing(tmp_path):
    (tmp_path / "file").touch()
    assert checking.writable(tmp_path / "file").state is State.MISSING


def test_a_full_disk_is_a_warning(monkeypatch, tmp_path):
    usage = checking.shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(checking.shutil, "disk_usage", lambda _: usage)
    assert checking.disk(tmp_path).state is State.WARNING


def test_a_folder_that_cannot_be_written_is_missing(monkeypatch, tmp_path):
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(checking.tempfile, "TemporaryFile", refuse)
    check = checking.writable(tmp_path)
    assert check.state is State.MISSING
    assert "Permission denied" in check.found


def test_a_free_address_may_be_had_and_is_free_afterwards():
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    for _ in range(2):
        checking.require_address("localhost", port)


def test_a_port_that_is_taken_leads_to_who_may_have_it_and_to_the_next_one():
    with socket.socket() as other:
        other.bind(("localhost", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=f"expected a free one, got {port}") as caught:
            checking.require_address("localhost", port)
    assert f"http://localhost:{port}" in caught.value.hint
    assert f"--port {port + 1}" in caught.value.hint


@pytest.mark.parametrize(
    ("number", "message"),
    [(errno.EACCES, "port: expected one that may be used, got 80"), (errno.EADDRNOTAVAIL, "addr")],
)
def test_whatever_else_stops_a_server_is_said_too(monkeypatch, number, message):
    class Refusing(socket.socket):
        def bind(self, _place):
            raise OSError(number, "no")

    monkeypatch.setattr(checking.socket, "socket", Refusing)
    with pytest.raises(UsageError, match=message) as caught:
        checking.require_address("localhost", 80)
    assert caught.value.hint


def test_a_name_that_no_computer_has_is_no_address():
    with pytest.raises(UsageError, match="address: expected one of this computer, got 'a b'"):
        checking.require_address("a b", 8501)
