"""What is drawn to be labelled next, from a dataset with answers, and what is kept of it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace

import numpy as np
import pytest
from support_datasets import N_REPS, TAGS, add_hinges

from labeler.catalog import load_catalog
from labeler.core.clip import View
from labeler.evaluate.lots import BY_LOT, about_choice, auprc_with_first, lot_rows
from labeler.evaluate.metrics import Scores
from labeler.learn.table import labeled_table
from labeler.workflows import drawn
from labeler.workflows.deriving import learned_from
from labeler.workflows.drawn import Draw, DrawnSet, add_draw, draws_of, reps_by_choice, reps_by_lot
from labeler.workflows.labeling import all_clear, answer_fault
from labeler.workflows.queueing import Reason, queue_of
from labeler.workflows.suggesting import QueryWish, stop_advice_on, suggest

FAULT = "torso_dip_first"
WISH = QueryWish("Eve")
N_ATHLETES, N_CLIPS = 7, 2


@pytest.fixture
def clips(dataset):
    """Two clips each of seven athletes; in the second of each the torso dips first."""
    for athlete in range(N_ATHLETES):
        for number in range(N_CLIPS):
            tags = replace(TAGS, athlete=f"A{athlete}", session=f"S{number}")
            name, lag_s = f"{athlete}-{number}.mp4", -0.25 * number - 0.01 * athlete
            add_hinges(dataset, name, tags=tags, lag_s=lag_s)
    return dataset.clips.all()


def rate(dataset, clip, rater="Ann"):
    """What was made is what is answered."""
    for record in dataset.journal.reps(clip.clip_id):
        said = "2" if clip.tags.session == "S1" else "0"
        answer_fault(dataset, clip, rep=record.rep_id, fault=FAULT, answer=said, rater=rater)
        all_clear(dataset, clip, rep=record.rep_id, rater=rater)


def labelled(dataset, clips):
    for clip in clips:
        rate(dataset, clip)


def table_of(dataset):
    features, series = learned_from(dataset)
    answers = dataset.journal.answers()
    return labeled_table(features, answers, fault=load_catalog().fault(FAULT), series=series)


# --------------------------------------------------------------------------- drawing


def test_at_first_sets_of_different_athletes_are_drawn_and_one_by_lot(dataset, clips):
    found = suggest(dataset, WISH)
    assert len(found.clips) == 5
    assert found.draw.faults == ()
    assert sorted(one.because for one in found.draw.sets) == ["different"] * 4 + ["lot"]
    chosen = [one.clip_id for one in found.draw.sets if not one.is_by_lot]
    assert len({dataset.clips.get(clip_id).tags.athlete for clip_id in chosen}) == 4


def test_a_draw_stays_in_work_until_all_of_it_is_answered(dataset, clips):
    first = suggest(dataset, WISH)
    assert suggest(dataset, WISH) == first
    rate(dataset, first.clips[0])
    assert suggest(dataset, WISH).clips == first.clips[1:]
    labelled(dataset, first.clips[1:])
    second = suggest(dataset, WISH)
    assert second.draw.number == 2
    assert not set(second.clips) & set(first.clips)


def test_a_draw_can_be_made_anew_and_the_one_before_stays_on_record(dataset, clips):
    first = suggest(dataset, WISH).draw
    second = suggest(dataset, replace(WISH, by="Ben", is_anew=True, n_sets=2)).draw
    assert (second.number, second.by, len(second.sets)) == (2, "Ben", 2)
    assert draws_of(dataset) == (first, second)
    lots = [[one.clip_id for one in draw.sets if one.is_by_lot] for draw in (first, second)]
    assert lots[0] == lots[1], "the lot of the first draw is still the first in its line"


def test_with_answers_the_model_of_the_fault_is_asked(dataset, clips):
    labelled(dataset, clips[:10])
    found = suggest(dataset, QueryWish("Eve", FAULT, n_sets=3))
    assert found.draw.faults == (FAULT,)
    assert set(found.clips) <= set(clips[10:])
    assert {one.because.partition(" ")[0] for one in found.draw.sets} <= {"unsure", "rare", "lot"}
    assert len(found.advice) == 1
    assert "AUPRC on unseen athletes" in found.advice[0]


def test_without_a_fault_every_fault_that_can_be_learned_is_asked(dataset, clips):
    labelled(dataset, clips[:10])
    assert suggest(dataset, WISH).draw.faults == (FAULT,), "of all others nobody has seen one"


def test_nothing_is_drawn_where_everything_is_answered_or_cannot_be_seen(dataset, clips):
    labelled(dataset, clips)
    assert suggest(dataset, WISH).draw is None
    assert suggest(dataset, WISH).as_rows() == []
    assert draws_of(dataset) == ()


def test_sets_from_which_the_fault_cannot_be_seen_are_not_drawn(dataset):
    for name, view in (("front.mp4", View.FRONT), ("side.mp4", View.SIDE)):
        add_hinges(dataset, name, tags=replace(TAGS, view=view))
    found = suggest(dataset, QueryWish("Eve", FAULT))
    assert [clip.file_name for clip in found.clips] == ["side.mp4"]


def test_recorded_and_synthetic_sets_are_never_drawn_together(dataset):
    add_hinges(dataset, "made.mp4", is_synthetic=True)
    add_hinges(dataset, "filmed.mp4")
    assert [clip.file_name for clip in suggest(dataset, WISH).clips] == ["filmed.mp4"]
    made = suggest(dataset, replace(WISH, wants_synthetic=True))
    assert [clip.file_name for clip in made.clips] == ["made.mp4"]


# --------------------------------------------------------------------------- the record


def test_a_draw_says_who_when_and_by_which_seed(dataset, clips):
    draw = suggest(dataset, WISH).draw
    assert draw.by == "Eve"
    assert draw.at_utc.endswith("Z")
    drawn._known.clear()  # as another process reads it
    assert draws_of(dataset) == (draw,)
    lot = next(one for one in draw.sets if one.is_by_lot)
    assert reps_by_lot(dataset) == set(lot.rep_ids)
    assert len(lot.rep_ids) == N_REPS, "a set by lot is asked for whole"
    assert not reps_by_choice(dataset) & reps_by_lot(dataset)
    assert len(reps_by_choice(dataset)) == 4 * N_REPS


def test_of_two_who_draw_at_once_the_first_counts(dataset, clips):
    one = Draw(
        1, "2026-01-01T00:00:00.000Z", "Ann", 1, (), (DrawnSet(clips[0].clip_id, (), "lot"),)
    )
    other = replace(one, by="Ben")
    assert add_draw(dataset, one) == one
    assert add_draw(dataset, other) == one


# --------------------------------------------------------------------------- the queue


def test_pages_that_ask_at_once_read_each_draw_once(monkeypatch, tmp_path):
    """Two that read the first draw together would keep it twice, and never come to the second."""
    stored = {
        f"draw-{number}": Draw(number, "2026-01-01T00:00:00Z", "Ana", 1, (), ()).as_plain()
        for number in (1, 2, 3)
    }
    both = Barrier(2)

    def get(_scope, name):
        with suppress(BrokenBarrierError):
            both.wait(timeout=0.05)  # lets a second reader in, if nothing keeps it out
        return stored.get(name)

    monkeypatch.setattr(drawn, "identity_of", lambda _dataset: "one")
    asked = SimpleNamespace(folder=tmp_path, settings=SimpleNamespace(get=get))
    with ThreadPoolExecutor(2) as pages:
        found = list(pages.map(lambda _page: draws_of(asked), range(2)))
    assert [[draw.number for draw in draws] for draws in found] == [[1, 2, 3]] * 2


def test_what_was_drawn_comes_first_in_the_queue_and_says_why(dataset, clips):
    before = queue_of(dataset, "Ann").items
    draw = suggest(dataset, WISH).draw
    items = queue_of(dataset, "Ann").items
    assert [item.clip.clip_id for item in items[:5]] == [one.clip_id for one in draw.sets]
    assert [item.why for item in items[:5]] == [one.words for one in draw.sets]
    assert {item.clip.clip_id for item in items} == {item.clip.clip_id for item in before}
    assert {item.reason for item in items} == {Reason.OPEN}
    rest = [item for item in before if item.clip.clip_id not in {o.clip_id for o in draw.sets}]
    assert list(items[5:]) == rest
    assert items[0].as_row()["why"] == draw.sets[0].words


def test_every_rater_meets_what_was_drawn_in_the_same_order(dataset, clips):
    suggest(dataset, WISH)
    orders = [[item.clip for item in queue_of(dataset, who).items] for who in ("Ann", "Ben")]
    assert orders[0] == orders[1]


# --------------------------------------------------------------------------- fair scores


def test_scores_on_the_lot_stand_beside_those_over_all(dataset, clips):
    labelled(dataset, clips)
    table = table_of(dataset)
    score = np.where(table.y == 1, 0.9, 0.1)
    score[0] = 1.0 - score[0]
    model, lot = Scores(score, score > 0.5), set(table.rep_ids[4:28])
    (row,) = lot_rows(table, model, lot)
    assert (row.method, row.n_reps) == (BY_LOT, 24)
    assert row.estimates["balanced_accuracy"].value == 1.0, "the wrong one was chosen, not drawn"
    assert lot_rows(table, model, set(table.rep_ids[:19])) == ()


def test_who_labels_by_choice_is_told_what_scores_are_worth(dataset, clips):
    labelled(dataset, clips)
    table = table_of(dataset)
    assert about_choice(table, (), ()) == ()
    (few,) = about_choice(table, (), table.rep_ids[:8])
    assert "8 of the 56 labelled reps were chosen" in few.message
    assert "Label the sets drawn by lot" in few.hint
    (enough,) = about_choice(table, table.rep_ids[8:40], table.rep_ids[:8])
    assert BY_LOT in enough.hint


def test_advice_to_stop_compares_with_the_last_twenty_left_out(dataset, clips):
    labelled(dataset, clips)
    table = table_of(dataset)
    every = np.arange(len(table))
    advice = stop_advice_on(table, [f"2026-01-01T00:00:{n:02}Z" for n in every])
    expected = auprc_with_first(table, every) - auprc_with_first(table, every[:-20])
    assert advice.gain == pytest.approx(expected)
    assert advice.n_labels == len(table)
    few = table.take(np.arange(12))
    assert np.isnan(stop_advice_on(few, [""] * 12).gain)
