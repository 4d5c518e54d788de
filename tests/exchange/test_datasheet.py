"""The datasheet says what is in the tables, in words."""

from dataclasses import replace

from support_exports import export

from labeler.exchange.flat.datasheet import datasheet


def test_what_it_counts():
    lines = datasheet(export(), {"A01": 0}).splitlines()
    assert (
        "2 clips, 4 repetitions in force, 3 answers in force, 3 recorded actions. No videos."
        in lines
    )
    assert "| A01 | 1 | 2 |" in lines
    assert "| not told | 1 | 2 |" in lines
    assert "Raters: Ann" in lines
    assert "| back_rounding | 1 | 0 | 0 | 0 | 1 | 2 |" in lines
    assert "| torso_dip_first | 0 | 0 | 0 | 1 | 0 | 3 |" in lines
    assert "Data as of: 2026-01-02T03:05:00.001Z" in lines
    assert "With fewer than two athletes nothing here can be tested on an unseen person." in lines


def test_names_cannot_break_its_lines():
    text = datasheet(export(athlete="A\n|01", rater="An\nn"), {"A\n|01": 0, "B": 1})
    assert "| A \\|01 | 1 | 2 |" in text.splitlines()
    assert "Raters: An n" in text.splitlines()
    assert "unseen person" not in text


def test_an_empty_dataset_has_one_too():
    nothing = replace(export(), clips=(), tracks={}, actions=(), reps=(), labels=())
    text = datasheet(nothing, {})
    assert "Data as of: nothing recorded yet" in text
    assert "Raters: none" in text
