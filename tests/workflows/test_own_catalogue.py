"""A coach changes the dataset's own file of faults in the middle of a project."""

import pytest
from support_datasets import TAGS, add_hinges, new_dataset

from labeler.catalog import load_catalog
from labeler.catalog.own import OWN_CATALOG
from labeler.core.errors import CatalogError
from labeler.core.label import Answer
from labeler.workflows.agreeing import agreement_on
from labeler.workflows.baselines import good_reps
from labeler.workflows.cataloguing import (
    catalog_finding,
    catalog_of,
    checked_catalog,
    fault_rows,
    how_to_change,
    init_catalog,
)
from labeler.workflows.deriving import rules_of_all
from labeler.workflows.labeling import all_clear, answer_fault, labeling_state, receive
from labeler.workflows.operations import Receipts, parse_commit
from labeler.workflows.queueing import queue_of
from labeler.workflows.remembering import history_of
from labeler.workflows.reviewing import summary

NEW, OLD = "bar_drifts", "torso_dip_first"
ADDED = f'[{NEW}]\nname = "Bar drifts"\nmovements = ["hinge"]\nviews = ["side"]\n'
RETIRED = f"[{OLD}]\nis_retired = true\n"


@pytest.fixture
def dataset(tmp_path):
    with new_dataset(tmp_path) as made:
        add_hinges(made, tags=TAGS)
        yield made


@pytest.fixture
def clip(dataset):
    (found,) = dataset.clips.all()
    return found


@pytest.fixture
def write(dataset):
    """Saves the coach's file with that text."""
    return lambda text: (dataset.folder / OWN_CATALOG).write_text(text, encoding="utf-8")


def asked(dataset, clip):
    return [one.fault.id for one in labeling_state(dataset, clip, "Ann").questions]


def answers(dataset, clip, index=0):
    return labeling_state(dataset, clip, "Ann").reps[index].answers


def send(dataset, clip, **op):
    receipts = Receipts()
    raw = {"at": "2026-01-02T03:04:05.678Z", "seq": 1, "rep": rep_id(dataset, clip), **op}
    batch = parse_commit({"client": "t", "clip": clip.clip_id, "rater": "Ann", "ops": [raw]})
    receive(dataset, batch, receipts)
    return list(receipts.refused)


def rep_id(dataset, clip):
    return dataset.journal.reps(clip.clip_id)[0].rep_id


def test_a_new_fault_opens_what_was_finished_and_turns_nothing_absent(dataset, clip, write):
    for rep in "1234":
        all_clear(dataset, clip, rep=rep, rater="Ann")
    assert (summary(dataset, clip).n_labelled, queue_of(dataset, "Ann").items) == (4, ())
    before = answers(dataset, clip)
    write(ADDED)
    assert answers(dataset, clip) == before
    assert NEW not in before
    assert NEW in asked(dataset, clip)
    assert summary(dataset, clip).n_labelled == 0
    assert len(queue_of(dataset, "Ann").items[0].rep_ids) == 4
    assert not good_reps(dataset), "nobody has said that it is absent"
    answer_fault(dataset, clip, rep="1", fault=NEW, answer="2", rater="Ann")
    all_clear(dataset, clip, rep="2", rater="Ann")
    assert answers(dataset, clip)[NEW] is Answer.CLEAR
    assert answers(dataset, clip, 1)[NEW] is Answer.ABSENT
    assert NEW not in answers(dataset, clip, 2)


def test_a_renamed_fault_keeps_its_answers_and_has_its_new_name_in_the_history(
    dataset, clip, write
):
    answer_fault(dataset, clip, rep="1", fault=OLD, answer="3", rater="Ann")
    write(f'[{OLD}]\nname = "Torso first"\n')
    assert answers(dataset, clip)[OLD] is Answer.SEVERE
    *_, last = history_of(dataset, clip, rep_id(dataset, clip), viewer=None)
    assert "Torso first: " in last.words


def test_a_retired_fault_is_asked_no_more_and_everything_said_of_it_stays(dataset, clip, write):
    for rater, answer in (("Ann", "3"), ("Ben", "2")):
        answer_fault(dataset, clip, rep="1", fault=OLD, answer=answer, rater=rater)
    events = history_of(dataset, clip, rep_id(dataset, clip), viewer=None)
    write(RETIRED)
    assert OLD not in asked(dataset, clip)
    all_clear(dataset, clip, rep="1", rater="Ann")
    assert answers(dataset, clip)[OLD] is Answer.SEVERE
    assert history_of(dataset, clip, rep_id(dataset, clip), viewer=None)[: len(events)] == events
    assert agreement_on(dataset, OLD).n_overlaps == 1
    assert {label.rater for label in dataset.journal.answers() if label.fault == OLD} == {
        "Ann",
        "Ben",
    }


def test_an_answer_about_a_retired_fault_that_was_under_way_is_saved(dataset, clip, write):
    write(RETIRED)
    assert send(dataset, clip, op="answer", fault=OLD, answer="2") == []
    assert answers(dataset, clip)[OLD] is Answer.CLEAR


def test_a_retired_fault_can_still_be_answered_by_name(dataset, clip, write):
    write(RETIRED)
    answer_fault(dataset, clip, rep="1", fault=OLD, answer="1", rater="Ann")
    assert answers(dataset, clip)[OLD] is Answer.SLIGHT


def test_a_broken_file_blocks_nothing_and_the_last_good_one_holds(dataset, clip, write):
    write(ADDED)
    assert NEW in asked(dataset, clip)
    assert catalog_finding(dataset) is None
    write(f"{ADDED}[oops")
    assert NEW in asked(dataset, clip)
    found = catalog_finding(dataset)
    assert "catalog.toml, file: expected TOML" in found.message
    assert "answers are saved" in found.hint
    assert send(dataset, clip, op="answer", fault=NEW, answer="2") == []
    assert answers(dataset, clip)[NEW] is Answer.CLEAR
    answer_fault(dataset, clip, rep="2", fault=NEW, answer="1", rater="Ann")
    write(f"{ADDED}\n")
    assert catalog_finding(dataset) is None


def test_a_file_that_was_broken_from_the_start_leaves_the_faults_of_the_package(
    dataset, clip, write
):
    write(f"{ADDED}[oops")
    assert catalog_of(dataset) == load_catalog()
    all_clear(dataset, clip, rep="1", rater="Ann")
    assert send(dataset, clip, op="answer", fault=NEW, answer="2") == []
    assert answers(dataset, clip)[NEW] is Answer.CLEAR
    with pytest.raises(CatalogError, match="expected TOML"):
        answer_fault(dataset, clip, rep="1", fault="never_heard_of", answer="2", rater="Ann")


def test_what_takes_long_stops_at_a_mistake_before_it_begins(dataset, write):
    write("[oops")
    with pytest.raises(CatalogError, match="expected TOML"):
        checked_catalog(dataset)
    with pytest.raises(CatalogError, match="expected TOML"):
        rules_of_all(dataset)


def test_a_file_that_is_taken_away_leaves_the_faults_of_the_package(dataset, clip, write):
    write(ADDED)
    assert NEW in asked(dataset, clip)
    (dataset.folder / OWN_CATALOG).unlink()
    assert catalog_of(dataset) is load_catalog()
    assert NEW not in asked(dataset, clip)


def test_rules_know_nothing_of_a_fault_of_ones_own_and_go_on(dataset, write):
    write(ADDED + RETIRED)
    assert NEW not in set(rules_of_all(dataset)["fault"])


def test_rows_say_where_each_fault_comes_from(dataset, write):
    write(f'{ADDED}{RETIRED}[back_rounding]\nname = "Flexed back"\n')
    rows = {row["fault"]: row for row in fault_rows(dataset.folder)}
    assert [rows[one]["from"] for one in (NEW, OLD, "hip_delay")] == ["own", "changed", "program"]
    assert [rows[one]["is_retired"] for one in (NEW, OLD)] == [False, True]
    assert rows["back_rounding"]["name"] == "Flexed back"


def test_the_file_is_written_once_and_said_where(tmp_path):
    assert "labeler faults --init" in how_to_change(tmp_path)
    file = init_catalog(tmp_path)
    assert file == tmp_path / OWN_CATALOG
    assert fault_rows(tmp_path) == fault_rows(None)
    assert str(file) in how_to_change(tmp_path)
    file.write_text("# mine\n", encoding="utf-8")
    with pytest.raises(CatalogError, match="expected no such file yet"):
        init_catalog(tmp_path)
    assert file.read_text(encoding="utf-8") == "# mine\n"
    with pytest.raises(CatalogError, match="expected to write there, got"):
        init_catalog(tmp_path / "nowhere")
