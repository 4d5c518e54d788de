"""Out of one dataset and into an empty one: nothing is lost, and the next export is the same."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace

import pytest
import support_exports
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support_exports import FIRST, SECOND, answers, cut

from labeler.core.clip import ClipTags
from labeler.core.errors import ExchangeError, UsageError
from labeler.core.label import ActionId
from labeler.rules.thresholds import load_rulebook
from labeler.store.dataset import Dataset
from labeler.workflows.exporting import (
    default_folder,
    export_dataset,
    import_dataset,
    read_export,
    tables_of,
    write_table,
    zipped,
)

FORMATS = ("parquet", "csv")
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=9).filter(
    str.strip
)
NOTES = st.text(st.characters(exclude_categories=["Cs"]), max_size=9) | st.none()


def fill(dataset: Dataset, *, rater: str = "Ann", note: str | None = "a note") -> None:
    """Two clips, a cut each, three answers of which one is undone."""
    tags = ClipTags("A01", "deadlift", None, "S1")
    for seed, clip_id in enumerate((FIRST, SECOND)):
        clip = support_exports.clip(clip_id, tags if clip_id == FIRST else ClipTags())
        track = support_exports.track(seed)
        dataset.tracks.save(clip_id, track)
        dataset.clips.add(clip, track.times)
        dataset.journal.record(cut(clip_id))
    dataset.journal.record(answers(rater, note))
    again = answers(rater, note, number=2)
    dataset.journal.record(replace(again, labels=again.labels[:1]))
    dataset.journal.undo(
        FIRST, rater, action_id=ActionId("u:1"), at_utc="2026-01-02T04:00:00.000Z", client="test"
    )


def features_of(dataset: Dataset):
    return support_exports.features(tuple(dataset.clips.all()), tuple(dataset.journal.reps()))


def export(dataset: Dataset, folder, file_format: str):
    return export_dataset(dataset, folder, file_format, features=features_of(dataset))


def bytes_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def restored_twice(folder, file_format: str, **fillings):
    """Export, import into an empty dataset, export that; returns both datasets' facts and bytes."""
    with Dataset.open(folder / "old") as old:
        fill(old, **fillings)
        export(old, folder / "first", file_format)
        facts = (old.journal.actions(), old.journal.reps(), old.journal.answers())
    with Dataset.open(folder / "new") as new:
        import_dataset(read_export(folder / "first"), new)
        export(new, folder / "second", file_format)
        return facts, (new.journal.actions(), new.journal.reps(), new.journal.answers())


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_restored_dataset_exports_the_same_bytes(tmp_path, file_format):
    before, after = restored_twice(tmp_path, file_format)
    assert before == after
    assert before[2]
    assert bytes_of(tmp_path / "second") == bytes_of(tmp_path / "first")


RULES = b"\xef\xbb\xbf[hip_delay]\r\nhip_progress_quarter_ratio = 0.1\r\n"
"""As an editor on Windows writes them."""


@pytest.fixture
def exported_with_rules(tmp_path):
    with Dataset.open(tmp_path / "old") as old:
        fill(old)
        (old.folder / "rules.toml").write_bytes(RULES)
        export(old, tmp_path / "out", "csv")
    return tmp_path / "out"


def test_the_limits_of_a_coach_go_where_the_dataset_goes(exported_with_rules, tmp_path):
    with Dataset.open(tmp_path / "new") as new:
        import_dataset(read_export(exported_with_rules), new)
        assert load_rulebook(new.folder).version == load_rulebook(tmp_path / "old").version
        assert load_rulebook(new.folder).version != load_rulebook(None).version
        export(new, tmp_path / "again", "csv")
    assert bytes_of(tmp_path / "again") == bytes_of(exported_with_rules)
    assert "this dataset's own" in (exported_with_rules / "datasheet.md").read_text("utf-8")


def test_limits_that_are_there_already_are_not_overwritten(exported_with_rules, tmp_path):
    with Dataset.open(tmp_path / "new") as new:
        (new.folder / "rules.toml").write_text("# mine\n")
        with pytest.raises(ExchangeError, match="expected none yet"):
            import_dataset(read_export(exported_with_rules), new)
        assert not new.clips.all()
        (new.folder / "rules.toml").write_bytes(RULES)
        import_dataset(read_export(exported_with_rules), new)
        assert len(new.clips.all()) == 2


FAULTS = b"\xef\xbb\xbf[back_rounding]\r\nis_retired = true\r\n"


@pytest.mark.parametrize("content", [FAULTS, b"[oops"], ids=["right", "with a mistake"])
def test_the_faults_of_a_coach_go_where_the_dataset_goes(tmp_path, content):
    with Dataset.open(tmp_path / "old") as old:
        fill(old)
        (old.folder / "catalog.toml").write_bytes(content)
        export(old, tmp_path / "out", "csv")
    with Dataset.open(tmp_path / "new") as new:
        (new.folder / "catalog.toml").write_text("# mine\n")
        with pytest.raises(ExchangeError, match=r"catalog\.toml: expected none yet"):
            import_dataset(read_export(tmp_path / "out"), new)
        (new.folder / "catalog.toml").unlink()
        import_dataset(read_export(tmp_path / "out"), new)
        assert (new.folder / "catalog.toml").read_bytes() == content
        export(new, tmp_path / "again", "csv")
    assert bytes_of(tmp_path / "again") == bytes_of(tmp_path / "out")
    assert "`catalog.toml`" in (tmp_path / "out" / "datasheet.md").read_text("utf-8")


def test_a_dataset_without_limits_of_its_own_has_none_after(tmp_path):
    restored_twice(tmp_path, "csv")
    assert not (tmp_path / "first" / "rules.toml").exists()
    assert not (tmp_path / "new" / "rules.toml").exists()
    assert not (tmp_path / "new" / "catalog.toml").exists()


@pytest.mark.parametrize("file_format", FORMATS)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rater=NAMES, note=NOTES)
def test_whatever_people_typed(tmp_path_factory, file_format, rater, note):
    folder = tmp_path_factory.mktemp("typed")
    before, after = restored_twice(folder, file_format, rater=rater, note=note)
    assert before == after
    assert bytes_of(folder / "second") == bytes_of(folder / "first")


def test_restored_clips_wait_for_their_video(tmp_path):
    restored_twice(tmp_path, "parquet")
    with Dataset.open(tmp_path / "new") as new:
        clips = new.clips.all()
    assert [clip.is_video_present for clip in clips] == [False, False]
    assert [clip.source_path for clip in clips] == [None, None]


def test_undo_goes_on_after_a_restore(tmp_path):
    restored_twice(tmp_path, "csv")
    with Dataset.open(tmp_path / "new") as new:
        assert new.journal.can_redo(FIRST, "Ann")
        undone = new.journal.undo(
            FIRST, "Ann", action_id=ActionId("u:2"), at_utc="2026-01-02T05:00:00Z", client="test"
        )
        assert undone is not None
        assert undone.target == "test-1:1"
        assert new.journal.answers() == []


def test_a_dataset_with_content_is_not_mixed_with_another(tmp_path):
    with Dataset.open(tmp_path / "old") as old:
        fill(old)
        export(old, tmp_path / "out", "parquet")
        with pytest.raises(ExchangeError, match="expected an empty dataset, got one with 2 clips"):
            import_dataset(read_export(tmp_path / "out"), old)
        assert len(old.journal.actions()) == 5
    with Dataset.open(tmp_path / "other") as other:
        track = support_exports.track(3)
        strange = support_exports.clip("c3" * 32, ClipTags())
        other.tracks.save(strange.clip_id, track)
        other.clips.add(strange, track.times)
        with pytest.raises(ExchangeError, match="expected an empty dataset, got one with 1 clips"):
            import_dataset(read_export(tmp_path / "out"), other)


def test_an_import_that_was_broken_off_can_be_started_again(tmp_path):
    with Dataset.open(tmp_path / "old") as old:
        fill(old)
        export(old, tmp_path / "out", "parquet")
        wanted = old.journal.actions()
        first = replace(old.clips.get("a1a1"), is_video_present=False, source_path=None)
        times = old.clips.times(FIRST)
    with Dataset.open(tmp_path / "new") as new:
        new.clips.add(first, times)
        import_dataset(read_export(tmp_path / "out"), new)
        assert new.journal.actions() == wanted


def test_a_damaged_export_changes_nothing(tmp_path):
    with Dataset.open(tmp_path / "old") as old:
        fill(old)
        export(old, tmp_path / "out", "csv")
    (tmp_path / "out" / "journal.jsonl").write_text("", "utf-8")
    with Dataset.open(tmp_path / "new") as new:
        with pytest.raises(ExchangeError, match=r"journal\.jsonl: expected the file as it was"):
            import_dataset(read_export(tmp_path / "out"), new)
        assert new.clips.all() == []


def test_a_crafted_export_writes_nothing_outside_of_the_dataset(tmp_path):
    """Its manifest vouches for every file: the digests are right, only the names are not."""
    strange, out = tmp_path / "elsewhere" / "PWNED", tmp_path / "out"
    strange.parent.mkdir()
    with Dataset.open(tmp_path / "old") as old:
        fill(old)
        export(old, out, "csv")
    clips = (out / "clips.csv").read_text("utf-8").replace(FIRST, str(strange))
    (out / "clips.csv").write_text(clips, "utf-8")
    (out / "poses" / f"{FIRST}.csv.gz").rename(strange.with_name("PWNED.csv.gz"))
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    files = manifest["files"]
    files["clips.csv"]["sha256"] = hashlib.sha256(clips.encode()).hexdigest()
    files[f"poses/{strange}.csv.gz"] = files.pop(f"poses/{FIRST}.csv.gz")
    (out / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with Dataset.open(tmp_path / "new") as new:
        with pytest.raises(ExchangeError, match="names that are not of files inside the folder"):
            import_dataset(read_export(out), new)
        assert new.clips.all() == []
    assert [path.name for path in strange.parent.iterdir()] == ["PWNED.csv.gz"]


def test_tracks_are_loaded_one_at_a_time(tmp_path):
    with Dataset.open(tmp_path / "old") as old:
        fill(old)
        tables = tables_of(old, features_of(old))
        assert set(tables.tracks) == {FIRST, SECOND}
        assert len(tables.tracks) == 2
        assert tables.tracks[FIRST].n_frames == 5
        with pytest.raises(KeyError):
            tables.tracks["c3" * 32]


def test_a_format_that_is_none_is_said(tmp_path):
    with Dataset.open(tmp_path / "old") as old:
        fill(old)
        with pytest.raises(UsageError, match="format: expected parquet or csv, got 'xlsx'"):
            export(old, tmp_path / "out", "xlsx")


def test_the_export_page_gets_a_new_folder_and_one_zip(tmp_path):
    with Dataset.open(tmp_path / "old") as old:
        fill(old)
        folder = default_folder(old, "csv")
        manifest = export(old, folder, "csv")
    assert folder.parent == old.exports
    packed = zipped(folder)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = set(archive.namelist())
    assert names == {f"{folder.name}/{name}" for name in (*manifest.files, "manifest.json")}
    assert zipped(folder) == packed


def test_one_table_alone(tmp_path):
    table = support_exports.export().features.reset_index()
    write_table(table, tmp_path / "features.csv")
    assert (tmp_path / "features.csv").read_text("utf-8").startswith('"rep_id","clip_id"')
