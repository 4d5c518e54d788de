"""One rendered set from each view, all the way: video, network, cut, features and rules.

Six seconds each: a swing from the side and at 45 degrees, turns from the front.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from labeler.catalog import load_catalog
from labeler.core.clip import ClipTags, View
from labeler.rules.thresholds import load_rulebook
from labeler.store.dataset import Dataset
from labeler.synthetic.athlete import draw_athlete
from labeler.synthetic.camera import draw_camera, frame_times
from labeler.synthetic.looks import draw_looks
from labeler.synthetic.motion import perform
from labeler.synthetic.plan import RepPlan, SetPlan
from labeler.synthetic.render import Shot, render_clip
from labeler.workflows.deriving import features_of, rules_on
from labeler.workflows.importing import IngestJob, ingest_or_raise

pytestmark = pytest.mark.pose

SIZE_PX, FPS, LASTS_S = (300, 400), 30.0, 6.4
N_REPS = 4
SEED = 12
EDGE_S = 0.2
"""A turn is found this near to the true one."""
LEAN_DEG = 10.0
"""And a lean so well: a camera stands up to ten degrees off its place."""
SETS = {View.SIDE: "kb_swing", View.OBLIQUE: "kb_swing", View.FRONT: "rotation"}


@dataclass(frozen=True)
class Seen:
    """What the program says of a set, and what is true of it."""

    view: View
    truth: object
    detected_ratio: float
    is_synthetic: bool
    reps: tuple
    features: object
    rules: object


def film(file, view):
    plan = SetPlan(
        SETS[view], draw_athlete(SEED), (RepPlan(),) * N_REPS, seed=SEED, has_set_up=False
    )
    performance = perform(plan)
    camera = draw_camera(view, SIZE_PX, np.random.default_rng(SEED))
    times = frame_times(min(LASTS_S, performance.duration_s), FPS)
    return render_clip(file, Shot(performance, camera, draw_looks(SEED), times, SEED))


@pytest.fixture(scope="module", params=list(SETS), ids=str)
def seen(request, tmp_path_factory):
    """A set filmed from one view, brought in as a stranger's video would be."""
    view, folder = request.param, tmp_path_factory.mktemp("rendered")
    truth = film(folder / "set.mp4", view)
    tags = ClipTags(athlete="made up", movement=SETS[view], view=view)
    with Dataset.open(folder / "dataset") as dataset:
        job = IngestJob(folder / "set.mp4", dataset.folder, tags)
        result = ingest_or_raise(job, dataset, lambda *_told: None)
        clip = dataset.clips.get(result.clip)
        features = features_of(dataset, clip)
        return Seen(
            view,
            truth,
            result.detected_ratio,
            clip.is_synthetic,
            tuple(record.rep for record in dataset.journal.reps(clip.clip_id)),
            features,
            rules_on(features, load_rulebook(None), load_catalog()),
        )


def test_the_athlete_is_found_and_marked_as_made_up(seen):
    assert seen.detected_ratio == 1.0
    assert seen.is_synthetic
    assert seen.features["is_synthetic"].all()


def test_every_repetition_is_cut_where_it_is(seen):
    turns_s = [rep.turn_s for rep in seen.truth.reps if rep.stop_s < LASTS_S]
    assert len(seen.reps) == len(turns_s)
    assert [rep.turn_s for rep in seen.reps] == pytest.approx(turns_s, abs=EDGE_S)


def test_the_view_decides_what_is_told(seen):
    lean = seen.features["trunk_incl_max_deg"]
    bend = seen.features["lateral_bend_max_deg"]
    if seen.view is View.FRONT:
        assert lean.isna().all()
        assert bend.notna().all()
        return
    assert bend.isna().all()
    assert lean.to_list() == pytest.approx([*largest_deg(seen)], abs=LEAN_DEG)


def largest_deg(seen):
    """True lean of each repetition as it looks in the picture: at 45 degrees it looks less."""
    turned_off = np.cos(np.radians(45.0 if seen.view is View.OBLIQUE else 0.0))
    for rep in seen.truth.reps[: len(seen.reps)]:
        times_s = seen.truth.times_s
        lean = seen.truth["trunk_incl_deg"][(times_s >= rep.start_s) & (times_s <= rep.stop_s)]
        yield float(np.degrees(np.arctan(np.tan(np.radians(lean.max())) * turned_off)))


def test_rules_answer_what_the_view_shows_and_say_why_they_cannot(seen):
    answers = seen.rules.set_index("fault")
    assert len(seen.rules) == len(seen.reps) * seen.rules["fault"].nunique()
    hidden = "forward_lean_early" if seen.view is View.FRONT else "lateral_bend_first"
    assert (answers.loc[[hidden], "state"] == "not_applicable").all()
    assert answers.loc[[hidden], "reason"].str.len().gt(0).all()
    decided = seen.rules["state"].isin(["fired", "passed"])
    assert decided.any()
    assert not (seen.rules["fault"].eq("tempo_uncontrolled") & decided).any()  # fast by nature
