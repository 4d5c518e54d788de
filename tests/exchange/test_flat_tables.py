"""A dataset goes out and comes back; what was changed on the way is refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import support_exports
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support_exports import FIRST, SECOND, export

from labeler.core.errors import ExchangeError
from labeler.core.label import (
    Action,
    ActionId,
    ActionKind,
    Answer,
    AssignmentFact,
    Decision,
    DecisionFact,
    LabelFact,
)
from labeler.exchange.flat.feature_columns import feature_schema
from labeler.exchange.flat.manifest import FORMAT_VERSION, file_entry
from labeler.exchange.flat_tables import read_dataset, write_dataset, write_table_file
from labeler.features.table import META_COLUMNS

FORMATS = ("parquet", "csv")
ODD_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@pytest.fixture(params=FORMATS)
def file_format(request):
    return request.param


def bytes_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def assert_same(found, wanted):
    """What came back is what went out, but for where this machine keeps its videos."""
    assert found.clips == tuple(
        replace(clip, source_path=None, is_video_present=False) for clip in wanted.clips
    )
    assert found.actions == wanted.actions
    assert found.reps == wanted.reps
    assert found.labels == wanted.labels
    assert (found.repeats, found.decisions) == (wanted.repeats, wanted.decisions)
    assert found.features_version == wanted.features_version
    pd.testing.assert_frame_equal(found.features, wanted.features, check_dtype=False)
    assert list(found.tracks) == list(wanted.tracks)
    for clip_id, track in wanted.tracks.items():
        assert_same_track(found.tracks[clip_id], track)


def assert_same_track(found, wanted):
    for name in ("xy_px", "visibility", "world_m"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name))
    np.testing.assert_array_equal(found.times.pts_s, wanted.times.pts_s)
    assert found.times.start_offset_s == wanted.times.start_offset_s
    assert (found.size_px, found.made_by) == (wanted.size_px, wanted.made_by)
    assert (found.contour is None) == (wanted.contour is None)
    if wanted.contour is not None:
        np.testing.assert_array_equal(found.contour.offset_px, wanted.contour.offset_px)
        np.testing.assert_array_equal(found.contour.area_px, wanted.contour.area_px)


def test_what_goes_out_comes_back(tmp_path, file_format):
    write_dataset(export(), tmp_path / "out", file_format=file_format)
    assert_same(read_dataset(tmp_path / "out"), export())


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(athlete=ODD_TEXTS | st.none(), rater=ODD_TEXTS, note=ODD_TEXTS | st.none())
def test_odd_names_and_notes_come_back_byte_for_byte(
    tmp_path_factory, file_format, athlete, rater, note
):
    first, second = (tmp_path_factory.mktemp("odd") / "out" for _ in range(2))
    wanted = export(athlete=athlete, rater=rater, note=note)
    write_dataset(wanted, first, file_format=file_format)
    found = read_dataset(first)
    assert_same(found, wanted)
    write_dataset(found, second, file_format=file_format)
    assert bytes_of(second) == bytes_of(first)


@pytest.mark.parametrize(
    "text",
    ["", "a,b", 'say "so"', "two\nlines", "r\rn\r\n", "é 😀 \u200f", "NA", "null", " x ", "0"],
)
def test_texts_that_break_tables(tmp_path, file_format, text):
    write_dataset(export(note=text, athlete=text), tmp_path / "out", file_format=file_format)
    found = read_dataset(tmp_path / "out")
    assert found.labels[0].note == text
    assert found.clips[0].tags.athlete == text
    assert found.clips[1].tags.athlete is None


def test_three_kinds_of_no_answer_stay_three(tmp_path):
    write_dataset(export(), tmp_path / "out", file_format="csv")
    table = pd.read_csv(tmp_path / "out" / "labels_long.csv", dtype={"answer": str})
    assert table["answer"].to_list() == ["0", "NV", "3"]
    assert table["severity"].to_list()[::2] == [0, 3]
    assert pd.isna(table["severity"][1])
    assert len(table) == 3  # the other questions are not rated: no rows


def test_an_empty_dataset_goes_out_and_comes_back(tmp_path, file_format):
    full = export()
    empty = replace(
        full, clips=(), tracks={}, actions=(), reps=(), labels=(), features=full.features[:0]
    )
    manifest = write_dataset(empty, tmp_path / "out", file_format=file_format)
    found = read_dataset(tmp_path / "out")
    assert manifest.data_as_of is None
    assert (found.clips, found.actions, len(found.features)) == ((), (), 0)


def test_actions_without_facts_and_answers_taken_back_are_kept(tmp_path, file_format):
    undo = Action(
        ActionId("test-1:2"),
        ActionKind.UNDO,
        FIRST,
        "Ann",
        "2026-01-02T03:06:00.000Z",
        "test",
        labels=tuple(replace(fact, answer=None) for fact in export().actions[2].labels),
        target=ActionId("test-1:1"),
    )
    empty = replace(undo, action_id=ActionId("test-1:3"), labels=(), kind=ActionKind.IMPORT)
    wanted = replace(export(), actions=(*export().actions, undo, empty), labels=())
    manifest = write_dataset(wanted, tmp_path / "out", file_format=file_format)
    assert read_dataset(tmp_path / "out").actions == wanted.actions
    assert manifest.data_as_of == "2026-01-02T03:06:00.000Z"


def test_the_manifest_says_what_is_there(tmp_path):
    manifest = write_dataset(export(), tmp_path / "out", file_format="parquet")
    on_disk = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert on_disk == manifest.as_dict()
    assert set(bytes_of(tmp_path / "out")) == {*manifest.files, "manifest.json"}
    assert {name: entry.n_rows for name, entry in manifest.files.items()} == {
        "clips.parquet": 2,
        "decisions.parquet": 0,
        "datasheet.md": None,
        "features.parquet": 4,
        "journal.jsonl": 3,
        "labels_long.parquet": 3,
        f"poses/{FIRST}.parquet": 5,
        f"poses/{SECOND}.parquet": 5,
        "repeats_long.parquet": 0,
        "reps.parquet": 4,
        "splits.parquet": 2,
    }
    assert manifest.rows()[-1]["file"] == "poses (2 files)"
    assert manifest.rows()[-1]["rows"] == 10


def test_nothing_tells_the_machine_or_the_moment(tmp_path, file_format):
    write_dataset(export(), tmp_path / "out", file_format=file_format)
    assert not [
        name
        for name, content in bytes_of(tmp_path / "out").items()
        if str(tmp_path).encode() in content or b"somewhere" in content
    ]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(ExchangeError, match="expected a new or an empty folder"):
        write_dataset(export(), tmp_path, file_format="csv")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "out").mkdir()
    write_dataset(export(), tmp_path / "out", file_format="csv")
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_the_folder_that_one_stands_in_is_filled_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_dataset(export(), Path(), file_format="csv")
    assert (tmp_path / "manifest.json").is_file()


def test_what_the_feature_table_says_about_a_rep_has_its_type():
    types = dict(zip(META_COLUMNS, feature_schema(META_COLUMNS).types, strict=True))
    assert types.pop("rep_index") == pa.int64()
    assert types.pop("is_synthetic") == pa.bool_()
    assert set(types.values()) == {pa.string()}


def test_an_export_that_fails_leaves_nothing(tmp_path):
    broken = replace(export(), tracks={FIRST: support_exports.track(1)})
    with pytest.raises(KeyError):
        write_dataset(broken, tmp_path / "out", file_format="csv")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ExchangeError, match="expected to write there"):
        write_dataset(export(), tmp_path / "file" / "out", file_format="csv")


@pytest.fixture
def written(tmp_path, file_format):
    write_dataset(export(), tmp_path / "out", file_format=file_format)
    return tmp_path / "out"


def change_manifest(folder, **values):
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | values), "utf-8")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "got no readable manifest.json"),
        ("not json", "got no readable manifest.json"),
        ("[]", "manifest.json of something else"),
        ('{"format": "other"}', "manifest.json of something else"),
        ('{"format": "labeler-dataset", "format_version": 1}', "manifest.json that is not whole"),
    ],
)
def test_what_is_not_an_export_is_said(tmp_path, content, message):
    if content is not None:
        (tmp_path / "manifest.json").write_text(content, "utf-8")
    with pytest.raises(ExchangeError, match=f"expected a dataset exported by labeler.*{message}"):
        read_dataset(tmp_path)


def test_a_newer_format_is_refused(written):
    change_manifest(written, format_version=FORMAT_VERSION + 1)
    with pytest.raises(
        ExchangeError, match=f"expected format version 1 to {FORMAT_VERSION}, got"
    ) as caught:
        read_dataset(written)
    assert "update labeler" in caught.value.hint


@pytest.mark.parametrize("values", [{"file_format": "xlsx"}, {"files": {"../x": {}}}, {"files": 3}])
def test_a_manifest_that_lies_is_refused(written, values):
    change_manifest(written, **values)
    with pytest.raises(ExchangeError, match="that is not whole"):
        read_dataset(written)


@pytest.mark.parametrize(
    "name", ["../x", "/x", "poses//x", "poses/../x", "./x", "poses\\x", "C:x", "x\n", "poses/", ""]
)
def test_files_outside_of_the_folder_are_not_opened(written, name):
    entry = {"sha256": "", "n_bytes": 0, "n_rows": 0}
    change_manifest(written, files={name: entry})
    with pytest.raises(ExchangeError, match="names that are not of files inside the folder"):
        read_dataset(written)


@pytest.mark.parametrize("stem", ["clips", "journal", "poses/a1", "datasheet"])
def test_a_missing_or_changed_file_is_named(written, stem):
    file = next(
        path
        for path in written.rglob("*")
        if str(path.relative_to(written)).startswith(stem) and path.is_file()
    )
    content = file.read_bytes()
    file.write_bytes(content + b"\n")
    with pytest.raises(ExchangeError, match=f"{file.name}: expected the file as it was exported"):
        read_dataset(written)
    file.unlink()
    with pytest.raises(ExchangeError, match=f"{file.name}: expected this file of the export"):
        read_dataset(written)


def test_a_file_that_the_manifest_does_not_name_is_not_read(written):
    files = json.loads((written / "manifest.json").read_text("utf-8"))["files"]
    change_manifest(
        written, files={name: entry for name, entry in files.items() if "clips" not in name}
    )
    with pytest.raises(ExchangeError, match=r"clips\.\w+: expected it among the files"):
        read_dataset(written)


def rewrite(folder, name, change):
    """Change a CSV file as a careful hand would: with a new digest in the manifest."""
    file = folder / name
    file.write_text(change(file.read_text("utf-8")), "utf-8")
    files = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    files[name]["sha256"] = file_entry(file, None).sha256
    change_manifest(folder, files=files)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("labels_long.csv", '"NV"', '"4"'),
        ("labels_long.csv", '"severity"', '"grade"'),
        ("reps.csv", '"bad"', '"fair"'),
        ("reps.csv", "0,1,2,", "0,x,2,"),
        ("clips.csv", '"side"', '"top"'),
        ("clips.csv", FIRST, f"/tmp/{FIRST}"),
        ("clips.csv", FIRST, FIRST.upper()),
        ("clips.csv", FIRST, f"{FIRST}0"),
        ("clips.csv", f'"{FIRST}"', ""),
        ("journal.jsonl", '"kind": "cut"', '"kind": "chop"'),
        ("journal.jsonl", "{", ""),
        ("features.csv", "0.3333333333333333", "much"),
    ],
)
def test_content_that_cannot_be_is_refused_with_the_file_named(tmp_path, name, old, new):
    write_dataset(export(), tmp_path / "out", file_format="csv")
    assert old in (tmp_path / "out" / name).read_text("utf-8")
    rewrite(tmp_path / "out", name, lambda text: text.replace(old, new, 1))
    with pytest.raises(ExchangeError, match=f"{name}: expected a file as labeler writes it"):
        read_dataset(tmp_path / "out")


def test_one_table_alone(tmp_path):
    table = pd.DataFrame({"rep_id": ["a", None], "x_deg": [1 / 3, float("nan")]})
    for ending in FORMATS:
        write_table_file(table, tmp_path / "new" / f"table.{ending}")
    assert (tmp_path / "new" / "table.csv").read_text("utf-8") == (
        '"rep_id","x_deg"\n"a",0.3333333333333333\n,\n'
    )
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "new" / "table.parquet"), table)
    assert len(list((tmp_path / "new").iterdir())) == 2
    with pytest.raises(ExchangeError, match=r"expected a name that ends in \.csv or \.parquet"):
        write_table_file(table, tmp_path / "table.xlsx")


def test_the_answers_of_an_export_are_answers(tmp_path):
    write_dataset(export(), tmp_path / "out", file_format="parquet")
    found = read_dataset(tmp_path / "out").labels
    assert [label.answer for label in found] == [Answer.ABSENT, Answer.NOT_VISIBLE, Answer.SEVERE]


def test_an_export_of_the_first_format_is_still_read():
    """Made once by `write_dataset`, never again: every later version must read it."""
    found = read_dataset(Path(__file__).parent / "golden" / "flat-tables-1-csv")
    wanted = export(note='a "note", with\na line')
    bare = {name: replace(track, contour=None) for name, track in wanted.tracks.items()}
    assert_same(found, replace(wanted, tracks=bare))


def test_an_export_of_the_second_format_is_still_read():
    """Made once by `write_dataset`, never again: it has no repeats and no decisions."""
    found = read_dataset(Path(__file__).parent / "golden" / "flat-tables-2-csv")
    assert_same(found, export(note='a "note", with\na line'))


def test_an_export_of_the_third_format_is_still_read():
    """Made once by `write_dataset`, never again: nobody could tell slow motion."""
    found = read_dataset(Path(__file__).parent / "golden" / "flat-tables-3-csv")
    assert_same(found, export(note='a "note", with\na line'))


def test_an_export_of_the_fourth_format_is_still_read():
    """Made once by `write_dataset`, never again: nobody could tell the moment of a fault."""
    found = read_dataset(Path(__file__).parent / "golden" / "flat-tables-4-csv")
    assert_same(found, export(note='a "note", with\na line'))


def test_an_export_of_the_fifth_format_is_still_read():
    """Made once by `write_dataset`, never again: nothing was made up then."""
    found = read_dataset(Path(__file__).parent / "golden" / "flat-tables-5-csv")
    assert_same(found, export(note='a "note", with\na line'))
    assert not any(clip.is_synthetic for clip in found.clips)


def test_what_is_made_up_stays_so_and_every_table_says_it(tmp_path, file_format):
    first, second = export().clips
    wanted = replace(export(), clips=(first, replace(second, is_synthetic=True)))
    write_dataset(wanted, tmp_path / "out", file_format=file_format)
    assert_same(read_dataset(tmp_path / "out"), wanted)
    read = pd.read_parquet if file_format == "parquet" else pd.read_csv
    for stem in ("clips", "reps", "splits"):
        table = read(tmp_path / "out" / f"{stem}.{file_format}")
        assert set(table["is_synthetic"]) == {False, True}, stem
    labels = read(tmp_path / "out" / f"labels_long.{file_format}")
    assert not labels["is_synthetic"].any()  # the answers are about the recorded one
    for stem in ("repeats_long", "decisions"):
        assert "is_synthetic" in read(tmp_path / "out" / f"{stem}.{file_format}").columns


def test_moments_come_back_to_the_last_digit(tmp_path, file_format):
    at_s = float(support_exports.PTS_S[3])
    answered = export().actions[2]
    stamped = tuple(
        replace(fact, moment_s=at_s) if fact.answer is Answer.SEVERE else fact
        for fact in answered.labels
    )
    labels = tuple(
        replace(label, moment_s=at_s) if label.answer is Answer.SEVERE else label
        for label in export().labels
    )
    actions = (*export().actions[:2], replace(answered, labels=stamped))
    wanted = replace(export(), actions=actions, labels=labels, repeats=labels[2:])
    write_dataset(wanted, tmp_path / "out", file_format=file_format)
    found = read_dataset(tmp_path / "out")
    assert_same(found, wanted)
    assert [label.moment_s for label in found.labels] == [None, None, at_s]


def test_repeats_decisions_and_assignments_come_back(tmp_path, file_format):
    first = export().labels[0]
    decision = Decision(
        first.rep_id, first.fault, Answer.CLEAR, "seen at 0:03", "Eve", first.at_utc
    )
    blank = replace(export().actions[2], labels=())
    told = (
        replace(
            blank,
            action_id=ActionId("test-2:1"),
            kind=ActionKind.ASSIGN,
            assignments=(AssignmentFact("Ann", True, 0.05),),
        ),
        replace(
            blank,
            action_id=ActionId("test-3:1"),
            kind=ActionKind.DECIDE,
            decisions=(
                DecisionFact(first.rep_id, first.fault, Answer.CLEAR, "seen at 0:03"),
                DecisionFact(first.rep_id, first.fault, None, "a slip"),
            ),
        ),
        replace(
            blank,
            action_id=ActionId("test-4:1"),
            labels=(LabelFact(first.rep_id, first.fault, Answer.SLIGHT, round_number=2),),
        ),
    )
    wanted = replace(
        export(),
        actions=(*export().actions, *told),
        repeats=(replace(first, answer=Answer.SLIGHT),),
        decisions=(decision,),
    )
    write_dataset(wanted, tmp_path / "out", file_format=file_format)
    assert_same(read_dataset(tmp_path / "out"), wanted)


def test_an_outline_is_readable_elsewhere(tmp_path):
    """The second clip has none, and no columns for one."""
    write_dataset(export(), tmp_path / "out", file_format="parquet")
    with_one, without = (
        pd.read_parquet(tmp_path / "out" / "poses" / f"{name}.parquet") for name in (FIRST, SECOND)
    )
    contour = export().tracks[FIRST].contour
    np.testing.assert_array_equal(with_one["outline_left_00_px"], contour.offset_px[:, 0, 0])
    np.testing.assert_array_equal(with_one["outline_right_25_px"], contour.offset_px[:, 1, 25])
    np.testing.assert_array_equal(with_one["outline_area_px"], contour.area_px)
    assert not [name for name in without.columns if "outline" in name]
