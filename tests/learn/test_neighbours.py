"""The memory beside a model: kept as plain numbers, and held against its card."""

import numpy as np
import pytest
from learn.toy_reps import toy_table

from labeler.learn.artifact import athlete_digest, make_card
from labeler.learn.neighbours import MEMORY_FILE, Memory, read_memory
from labeler.learn.train import train
from labeler.learn.trust import trust_from


@pytest.fixture(scope="module")
def kept():
    table = toy_table()
    model = train(table, name="toy")
    trust = trust_from(table, {}, threshold=model.threshold)
    return trust, trust.on(make_card(model, table))


def memory(steps, *, athletes=None, movements=None) -> Memory:
    n_reps = len(steps)
    return Memory(
        np.array([f"r-{n}" for n in range(n_reps)]),
        np.array(movements or ["squat"] * n_reps),
        np.array(athletes or [""] * n_reps),
        np.arange(n_reps) % 2,
        np.array(steps, dtype=float),
        np.array(["knee_angle_deg"]),
        np.linspace(0.0, 20.0, 21)[np.newaxis],
    )


def ask(known: Memory, steps, **about):
    told = {"rep_id": "asked", "movement": "squat", "athlete": None, **about}
    return [one.rep_id for one in known.nearest(np.array(steps, dtype=float), **told)]


def test_the_nearest_comes_first():
    known = memory([[3, 0], [1, 0], [0, 0.5], [9, 9]])
    assert ask(known, [0, 0]) == ["r-2", "r-1", "r-0"]
    assert ask(known, [0, 0], rep_id="r-2") == ["r-1", "r-0", "r-3"]
    assert ask(known, [0, 0], movement=None) == []


def test_other_athletes_come_before_the_same_one():
    ann, bob = athlete_digest("Ann"), athlete_digest("Bob")
    known = memory([[0, 0], [5, 5]], athletes=[ann, bob])
    assert ask(known, [0, 0], athlete="Ann") == ["r-1", "r-0"]
    assert ask(known, [0, 0]) == ["r-0", "r-1"]


def test_alike_in_what_little_both_have_is_not_alike():
    known = memory([[0, np.nan, np.nan], [1, 1, 1]])
    assert ask(known, [0, 0, 0]) == ["r-1"]
    assert ask(known, [np.nan] * 3) == []


def test_usual_courses_are_read_between_the_points_that_are_kept():
    found = memory([[0.0]]).usual_courses(["knee_angle_deg", "other_deg"], 101)
    assert found[0, [0, 50, 100]] == pytest.approx([0.0, 10.0, 20.0])
    assert np.isnan(found[1]).all()


def test_a_memory_is_read_as_it_was_written(kept, tmp_path):
    trust, card = kept
    trust.write(tmp_path)
    again = read_memory(tmp_path, card.novelty)
    assert again.rep_ids.tolist() == trust.memory.rep_ids.tolist()
    assert again.steps == pytest.approx(trust.memory.steps, abs=0.01, nan_ok=True)
    assert again.y.tolist() == trust.memory.y.tolist()
    assert trust.memory.to_bytes() == trust.memory.to_bytes()


@pytest.mark.parametrize("wrong", ["altered", "gone", "old card"])
def test_what_is_not_the_memory_of_the_card_is_not_read(kept, tmp_path, wrong):
    trust, card = kept
    if wrong != "gone":
        trust.write(tmp_path)
    if wrong == "altered":
        with (tmp_path / MEMORY_FILE).open("ab") as file:
            file.write(b"more")
    assert read_memory(tmp_path, None if wrong == "old card" else card.novelty) is None
