"""Where edges snap to: what the machine found, and where the body is furthest and nearest."""

import dataclasses

import numpy as np
import pytest
from support_datasets import N_REPS

from labeler.catalog import load_catalog
from labeler.core.clip import ClipTags, View
from labeler.reps.turning import extreme_frames
from labeler.workflows.cutting import delete_rep, move_edges
from labeler.workflows.deriving import signals_of
from labeler.workflows.reviewing import rejected_rows
from labeler.workflows.snapping import proposals_of


def test_edges_snap_to_what_the_machine_found_whatever_people_did_since(dataset, clip):
    before = proposals_of(dataset, clip)
    for record in dataset.journal.reps(clip.clip_id):
        assert record.rep.start_frame in before.snaps["start"]
        assert record.rep.turn_frame in before.snaps["turn"]
        assert record.rep.stop_frame in before.snaps["stop"]
    move_edges(dataset, clip, rep="1", edges=(10, None, None), rater="anna")
    delete_rep(dataset, clip, rep="2", rater="anna")
    assert proposals_of(dataset, clip) == before


def test_what_was_turned_down_comes_from_the_same_search(dataset, clip):
    untold = dataclasses.replace(clip, tags=dataclasses.replace(clip.tags, view=View.FRONT))
    for known in (clip, untold):
        assert list(proposals_of(dataset, known).rejected) == rejected_rows(dataset, known)


def test_a_clip_that_is_not_cut_has_extrema_to_snap_to(dataset, clip):
    by_hand = dataclasses.replace(clip, tags=ClipTags("A01", "carry", View.SIDE))
    snaps = proposals_of(dataset, by_hand).snaps
    assert len(snaps["turn"]) == N_REPS
    assert all(a < b for a, b in zip(snaps["start"], snaps["stop"], strict=True))


@pytest.mark.parametrize("movement", ["hinge", "rotation", "antirot"])
def test_nothing_is_furthest_where_nothing_was_seen(dataset, clip, movement):
    signals = signals_of(dataset, clip)
    blind = {name: np.full_like(values, np.nan) for name, values in signals.values.items()}
    told = load_catalog().movement(movement)
    assert extreme_frames(dataclasses.replace(signals, values=blind), told) == ([], [])
