"""Schema revisions: old files are upgraded and copied aside, newer and foreign ones refused."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from store_samples import CLIP, CLIP_ID, REP_IDS, TIMES, act, first_cut, moved, rep_at, said

from labeler.core.errors import StoreError
from labeler.core.label import MACHINE, ActionKind, Answer, AssignmentFact, DecisionFact, LabelFact
from labeler.store import schema
from labeler.store.database import Database
from labeler.store.dataset import Dataset
from labeler.store.upgrade import MIGRATIONS, backup_path, find_revision, prepare

NEXT_STEP = '''
"""A step that a later version might bring."""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "NEWEST"


def upgrade():
    op.add_column("clip", sa.Column("camera", sa.String))
'''.replace("NEWEST", schema.REVISIONS[-1])
REVISIONS = (*schema.REVISIONS, "9999")


@pytest.fixture
def old_folder(folder):
    """A dataset as the first version of labeler left it."""
    folder.mkdir(parents=True)
    dump = Path(__file__).with_name("revision_0001.sql").read_text("utf-8")
    with closing(sqlite3.connect(folder / "labels.db")) as connection:
        connection.executescript(dump)
    return folder


@pytest.fixture
def next_migrations(tmp_path):
    copy = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "versions" / "v9999_camera.py").write_text(NEXT_STEP)
    return copy


@pytest.fixture
def database(old_folder):
    opened = Database(old_folder / "labels.db")
    yield opened
    opened.close()


def test_a_dataset_of_the_first_revision_opens(old_folder):
    with Dataset.open(old_folder, create=False) as dataset:
        assert dataset.clips.all() == [CLIP]
        assert not CLIP.is_synthetic  # nobody could make one up then
        assert dataset.clips.times(CLIP_ID).pts_s.tobytes() == TIMES.pts_s.tobytes()
        assert [(r.rep_id, r.cut_by, r.rep) for r in dataset.journal.reps(CLIP_ID)] == [
            (REP_IDS[0], "ben", rep_at(2, 30)),
            (REP_IDS[1], MACHINE, rep_at(50, 90)),
        ]
        assert [(a.rep_id, a.rater, a.answer) for a in dataset.journal.answers()] == [
            (REP_IDS[0], "anna", Answer.ABSENT),
            (REP_IDS[1], "anna", Answer.NOT_VISIBLE),
        ]
        actions = dataset.journal.actions()
        assert actions[0] == first_cut()
        assert [a.action_id for a in actions[-2:]] == ["b:3", "a:6"]
        assert dataset.journal.can_redo(CLIP_ID, "anna")
        assert dataset.journal.record(said("a:7", "1"))
        assert {answer.moment_s for answer in dataset.journal.answers()} == {None}
        at_s = TIMES.boundary_s(17)
        fact = LabelFact(REP_IDS[0], "knee_valgus", Answer.CLEAR, moment_s=at_s)
        dataset.journal.record(act("a:8", labels=(fact,)))
        assert at_s in {answer.moment_s for answer in dataset.journal.answers()}


def test_an_upgrade_keeps_everything_and_a_copy(database, next_migrations):
    prepare(database, migrations=next_migrations, revisions=REVISIONS)
    assert find_revision(database) == "9999"
    copy = backup_path(database.file, "0001")
    for file, columns in ((database.file, {"camera"}), (copy, set())):
        with closing(sqlite3.connect(file)) as connection:
            names = {row[1] for row in connection.execute("PRAGMA table_info(clip)")}
            assert names & {"camera"} == columns
            assert connection.execute("SELECT count(*) FROM action").fetchone() == (10,)


@pytest.mark.parametrize("n_steps", range(1, len(schema.REVISIONS)))
def test_a_dataset_of_every_older_revision_opens_and_takes_new_facts(
    database, old_folder, tmp_path, n_steps
):
    shorter = tmp_path / "shorter"
    shutil.copytree(MIGRATIONS, shorter, ignore=shutil.ignore_patterns("__pycache__"))
    for revision in schema.REVISIONS[n_steps:]:
        next(shorter.glob(f"versions/v{revision}_*.py")).unlink()
    prepare(database, migrations=shorter, revisions=schema.REVISIONS[:n_steps])
    assert find_revision(database) == schema.REVISIONS[n_steps - 1]
    with Dataset.open(old_folder, create=False) as dataset:
        before = dataset.journal.actions()
        assert len(before) == 10
        assert dataset.journal.record(said("a:7", "1"))
        assert dataset.journal.actions()[:-1] == before
    assert backup_path(database.file, schema.REVISIONS[n_steps - 1]).exists()
    assert find_revision(database) == schema.REVISIONS[-1]


def test_an_upgrade_that_fails_leaves_the_file_as_it_was(database, next_migrations):
    step = next_migrations / "versions" / "v9999_camera.py"
    step.write_text(NEXT_STEP + '    op.drop_table("nowhere")\n')
    with pytest.raises(StoreError, match="no such table: nowhere"):
        prepare(database, migrations=next_migrations, revisions=REVISIONS)
    assert find_revision(database) == "0001"
    with database.reading() as connection:
        names = {row[1] for row in connection.exec_driver_sql("PRAGMA table_info(clip)")}
    assert "camera" not in names


def test_a_newer_dataset_is_refused_and_left_alone(database, old_folder, next_migrations):
    prepare(database, migrations=next_migrations, revisions=REVISIONS)
    before = database.file.read_bytes()
    with pytest.raises(
        StoreError, match=f"revision {schema.REVISIONS[-1]} or older, got 9999"
    ) as caught:
        Dataset.open(old_folder)
    assert "update labeler" in caught.value.hint
    assert database.file.read_bytes() == before


def test_a_database_of_another_program_is_refused(folder):
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "labels.db")) as connection:
        connection.execute("CREATE TABLE invoices (number INTEGER)")
    before = (folder / "labels.db").read_bytes()
    with pytest.raises(StoreError, match="expected a dataset of labeler, got a database with"):
        Dataset.open(folder)
    assert (folder / "labels.db").read_bytes() == before
    assert [path.name for path in folder.iterdir() if path.is_dir()] == []


def test_the_steps_lead_to_the_schema_in_use(empty, folder):
    database = Database(folder / "labels.db")
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    database.close()


def test_every_revision_is_known_by_name():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    steps = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(reversed([step.revision for step in steps])) == schema.REVISIONS


def test_the_log_is_written_ahead_and_every_commit_flushed(dataset):
    database = Database(dataset.folder / "labels.db")
    with database.writing() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        }
    database.close()
    full = 2
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "recursive_triggers": 1,
    }


CHANGES = {
    "update an answer": "UPDATE label_event SET answer = '0'",
    "delete an answer": "DELETE FROM label_event",
    "replace an answer": (
        "INSERT OR REPLACE INTO label_event (number, action_number, rep_id, fault, rater, answer)"
        " SELECT number, action_number, rep_id, fault, rater, '3' FROM label_event"
    ),
    "update a rep": "UPDATE rep_event SET stop_frame = 299",
    "delete a rep": "DELETE FROM rep_event",
    "update an action": "UPDATE action SET author = 'ben'",
    "delete an action": "DELETE FROM action",
    "update an assignment": "UPDATE assignment_event SET rater = 'ben'",
    "delete an assignment": "DELETE FROM assignment_event",
    "update a decision": "UPDATE decision_event SET answer = '0'",
    "delete a decision": "DELETE FROM decision_event",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_the_journal_cannot_be_changed(dataset, change):
    told = act("a:3", ActionKind.ASSIGN, assignments=(AssignmentFact("ben", True, 0.05),))
    settled = DecisionFact(REP_IDS[0], "knee_valgus", Answer.SLIGHT, "seen twice")
    decided = act("a:4", ActionKind.DECIDE, decisions=(settled,))
    dataset.journal.record_many([said("a:1", "1"), moved("a:2", 1, (1, 9)), told, decided])
    before = dataset.journal.actions(), dataset.journal.answers()
    database = Database(dataset.folder / "labels.db")
    with pytest.raises(StoreError, match="append-only"), database.writing() as connection:
        connection.exec_driver_sql(change)
    database.close()
    assert (dataset.journal.actions(), dataset.journal.answers()) == before


def test_every_table_of_facts_is_append_only(dataset):
    """Also one that a later revision brings: whoever adds it gives it its triggers."""
    facts = {name for name in schema.metadata.tables if name.endswith("_event")} | {"action"}
    assert set(schema.JOURNAL_TABLES) == facts
    with closing(sqlite3.connect(dataset.folder / "labels.db")) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        triggers = {name for (name,) in found}
    assert triggers == {
        f"{table}_no_{change}" for table in facts for change in ("update", "delete")
    }


def test_the_tables_accept_no_unknown_answer(dataset):
    dataset.journal.record(said("a:1", "1"))
    database = Database(dataset.folder / "labels.db")
    with pytest.raises(StoreError, match="known_answer"), database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO label_event (action_number, rep_id, fault, rater, answer)"
            " VALUES (1, 'x', 'x', 'anna', '-1')"
        )
    database.close()
