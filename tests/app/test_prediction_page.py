"""One answer of a model, read on the page: doubts first, then answer, reasons, advice."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

ROW = {
    "rep_id": "0123456789ab-3",
    "index": 3,
    "start_s": 2.0,
    "stop_s": 5.0,
    "flags": (),
    "unlike": (),
    "answer": "present",
    "probability": 0.83,
    "low": 0.61,
    "high": 0.94,
    "reason": "Largest lean of the trunk (65°) speaks for the fault",
    "rule_state": "too_close",
    "rule_reason": "the trunk leans 65°",
    "look_frame": 103,
    "look_s": 3.42,
    "signals": [{"words": "Largest lean of the trunk (65°) speaks for the fault", "push": 1.2}],
    "nearest": [],
    "advice": {
        "why": "Weak bracing.",
        "cue": "Brace.",
        "drills": [{"name": "Pauses", "description": "Hold still at the bottom."}],
    },
}


def show(row: dict, hidden: tuple, names: tuple) -> None:
    """The row of a prediction about the first clip of the workbench."""
    from types import SimpleNamespace

    from labeler.app.pages.prediction_parts import read
    from labeler.app.state import workbench

    bench = workbench()
    where = {clip.file_name: clip for clip in bench.dataset.clips.all()}
    prediction = SimpleNamespace(clip=where[names[0]], silence="It keeps silent in between.")
    read(bench, prediction, row, frozenset(hidden))


@pytest.fixture
def shown(empty):
    """Show a row with some of its cells changed; gives what is written, in order."""
    from support_datasets import add_hinges

    clips = [add_hinges(empty.dataset, f"{name}.mp4", has_video=False) for name in "ab"]

    def run(*, hidden: tuple = (), **cells: object) -> str:
        told = {"row": {**ROW, **cells}, "hidden": hidden, "names": ("a.mp4",)}
        app = AppTest.from_function(show, kwargs=told, default_timeout=60)
        app.run()
        assert not app.exception, app.exception[0].message
        run.app = app
        return "\n".join(str(getattr(one, "value", "")) for one in app.main)

    run.clips = clips
    return run


def test_an_answer_is_read_with_all_that_it_rests_on(shown):
    text = shown()
    assert "Present" in text
    assert "83 %" in text
    assert "Of 100 repetitions of unseen athletes that score like this, 61 to 94" in text
    assert "It keeps silent in between." in text
    assert "Too close to call" in text
    assert "The trunk leans 65°" in text
    assert "Largest lean of the trunk (65°) speaks for the fault." in text
    assert "look at 3.42 s (frame 103)" in text
    assert "Why it happens: Weak bracing." in text
    assert "Cue: Brace." in text
    assert "Pauses" in text


def test_what_is_unlike_training_stands_before_any_probability(shown):
    text = shown(flags=("unlike_training",), unlike=("Smallest knee angle", "Tempo"))
    assert text.index("unlike anybody in training") < text.index("83 %")
    assert text.index("Furthest from training: smallest knee angle; tempo.") < text.index("83 %")


def test_where_nothing_can_be_told_there_is_a_reason_and_no_advice(shown):
    nan = float("nan")
    text = shown(
        answer="not_visible",
        probability=nan,
        low=nan,
        high=nan,
        signals=[],
        look_s=None,
        look_frame=None,
        advice=None,
        rule_state=nan,
        rule_reason=np.nan,
        reason="the view front cannot show this fault",
    )
    assert "Not visible" in text
    assert "The view front cannot show this fault" in text
    assert "No rule" in text
    assert "What to do" not in text
    assert "look at" not in text


def near(clip, answer: str, rep_id: str = "ba9876543210-1") -> dict:
    return {
        "rep_id": rep_id,
        "answer": answer,
        "is_same_athlete": False,
        "clip": clip.short_id,
        "file": clip.file_name,
        "index": 1,
        "start_s": 0.5,
        "stop_s": 3.0,
    }


def test_the_nearest_labelled_rep_stands_beside_it(shown):
    text = shown(nearest=[near(shown.clips[1], "absent")])
    assert "b.mp4, rep 1: labelled, most like it" in text
    assert "This repetition" in text


def test_what_the_rater_has_still_to_rate_is_not_beside_it(shown):
    text = shown(nearest=[near(shown.clips[1], "absent")], hidden=("ba9876543210-1",))
    assert "b.mp4" not in text
    assert "No labelled repetition of this movement" in text
