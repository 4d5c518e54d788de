"""Models that travel: the same answers after the journey, and nothing else is ever built."""

import io
import pathlib
import zipfile

import numpy as np
import pytest
import skops.io as sio
from learn.toy_reps import toy_table

from labeler.learn.card import SHARED_FILE
from labeler.learn.committee import Committee
from labeler.learn.sharing import MAY_BUILD, SharedModelError, build, pack, wanted_types
from labeler.learn.train import train


@pytest.fixture(scope="module")
def packed():
    table = toy_table()
    model = train(table, name="toy")
    return table, model.classifier, pack(model.classifier)


def test_what_was_packed_gives_the_same_answers(packed, tmp_path):
    table, committee, content = packed
    built = build(content, tmp_path)
    assert isinstance(built, Committee)
    assert built.voices == committee.voices
    expected = committee.member_probabilities(table.features, table.series)
    found = built.member_probabilities(table.features, table.series)
    assert np.array_equal(found, expected)
    assert set(wanted_types(content, tmp_path)) <= MAY_BUILD


def test_a_stranger_inside_is_named_and_nothing_is_built(tmp_path, monkeypatch):
    content = sio.dumps({"a": 1, "b": pathlib.PurePosixPath("x")})
    monkeypatch.setattr(sio, "loads", lambda *_, **__: pytest.fail("it was built"))
    with pytest.raises(SharedModelError, match=r"wants to build .*PurePosixPath") as error:
        build(content, tmp_path)
    assert "Do not trust it" in error.value.hint


def test_a_name_that_only_begins_like_ours_is_a_stranger(packed, tmp_path):
    """A listed type is listed by its whole name."""
    content = packed[2].replace(b"labeler.learn.committee", b"labeler.learn.committed")
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed[2])) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            told = source.read(name).replace(b"labeler.learn.committee", b"labeler.learn.artifact")
            target.writestr(name, told)
    assert content
    with pytest.raises(SharedModelError, match=r"labeler\.learn\.artifact\.Committee"):
        build(changed.getvalue(), tmp_path)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip file at all"])
def test_what_is_no_shared_model_says_so(content, tmp_path):
    with pytest.raises(SharedModelError, match="got a file that cannot be read"):
        build(content, tmp_path / SHARED_FILE)


def test_another_object_of_known_types_is_no_model(tmp_path):
    with pytest.raises(SharedModelError, match="got a file that cannot be read"):
        build(sio.dumps({"members": [1, 2]}), tmp_path)
