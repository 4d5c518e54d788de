"""The datasheet says what is in the tables, in words."""

from dataclasses import replace

from support_exports import FIRST, export

from labeler.core.origin import Origin
from labeler.exchange.flat.datasheet import datasheet

RECORDED = Origin.RECORDED


def test_what_it_counts():
    lines = datasheet(export(), {(RECORDED, "A01"): 0}).splitlines()
    assert "2 clips, 4 repetitions in force, 3 answers in force." in lines
    assert "3 recorded actions. No videos." in lines
    assert "ynthetic" not in "".join(lines)
    assert "| A01 | 1 | 2 |" in lines
    assert "| not told | 1 | 2 |" in lines
    assert "Raters: Ann" in lines
    assert "| back_rounding | 1 | 0 | 0 | 0 | 1 | 2 |" in lines
    assert "| torso_dip_first | 0 | 0 | 0 | 1 | 0 | 3 |" in lines
    assert "Data as of: 2026-01-02T03:05:00.001Z" in lines
    assert "With fewer than two athletes nothing here can be tested on an unseen person." in lines


def test_names_cannot_break_its_lines():
    text = datasheet(
        export(athlete="A\n|01", rater="An\nn"), {(RECORDED, "A\n|01"): 0, (RECORDED, "B"): 1}
    )
    assert "| A \\|01 | 1 | 2 |" in text.splitlines()
    assert "Raters: An n" in text.splitlines()
    assert "unseen person" not in text


def test_an_empty_dataset_has_one_too():
    nothing = replace(export(), clips=(), tracks={}, actions=(), reps=(), labels=())
    text = datasheet(nothing, {})
    assert "Data as of: nothing recorded yet" in text
    assert "Raters: none" in text


def test_what_is_made_up_is_counted_apart():
    clips = [replace(clip, is_synthetic=clip.clip_id == FIRST) for clip in export().clips]
    mixed = replace(export(), clips=tuple(clips))
    text = datasheet(mixed, {(Origin.SYNTHETIC, "A01"): 0})
    assert "**Synthetic: 1 of 2 clips show a made-up athlete" in text
    recorded, synthetic = text.split("## What is in it (synthetic)")
    assert "1 clips, 2 repetitions in force, 0 answers in force." in recorded
    assert "Named athletes: 0." in recorded
    assert "1 clips, 2 repetitions in force, 3 answers in force." in synthetic
    assert "## Labels (synthetic)" in synthetic
    assert "Named athletes: 1." in synthetic
    assert len({line for line in text.splitlines() if line.startswith("## ")}) == 8
