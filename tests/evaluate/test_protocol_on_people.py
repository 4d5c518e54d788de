"""The protocol on real squats of ten people: it finds what is there, and nothing in noise.

UI-PRMD (Vakanski et al. 2018): ten correct and ten incorrect deep squats of each person. The
features are made here and are rough; what is tested is the protocol, not them.
"""

import numpy as np
import pandas as pd
import pytest
from learn.toy_reps import answer

from labeler.catalog.loader import load_catalog
from labeler.evaluate.compare import MODEL, compare
from labeler.evaluate.comparison import Protocol
from labeler.learn.table import labeled_table

FAULT = load_catalog().fault("forward_lean_early")


def inclination_deg(lower, upper):
    """Angle of a segment to the vertical, z up, per frame."""
    segment = upper - lower
    return np.degrees(np.arctan2(np.linalg.norm(segment[:, :2], axis=1), segment[:, 2]))


def posture(points_m):
    """A handful of posture features of one rep; `points_m` maps a point's name to its track."""
    hip = (points_m["left_hip"] + points_m["right_hip"]) / 2
    shoulder = (points_m["left_shoulder"] + points_m["right_shoulder"]) / 2
    knee = (points_m["left_knee"] + points_m["right_knee"]) / 2
    ankle = (points_m["left_ankle"] + points_m["right_ankle"]) / 2
    curves = {
        "trunk_incl": inclination_deg(hip, shoulder),
        "thigh_incl": inclination_deg(knee, hip),
        "shank_incl": inclination_deg(ankle, knee),
    }
    ranges = {f"{name}_rom_deg": np.ptp(curve) for name, curve in curves.items()}
    return ranges | {f"{name}_max_deg": curve.max() for name, curve in curves.items()}


@pytest.fixture(scope="module")
def people(data_dir):
    """Feature table of the squats, and whether each was correct."""
    with np.load(data_dir / "uiprmd" / "deep_squat_kinect.npz") as file:
        data = dict(file)
    names = [str(name) for name in data["points"]]
    reps_m = np.split(data["positions_m"], np.cumsum(data["n_frames"])[:-1])
    rows = [
        posture({name: rep_m[:, n].astype(float) for n, name in enumerate(names)})
        for rep_m in reps_m
    ]
    index = [f"{who:012d}-{n}" for n, who in enumerate(data["subject"])]
    features = pd.DataFrame(rows, index=index).assign(
        clip_id=[f"clip of {who}" for who in data["subject"]],
        athlete=[f"P{who:02}" for who in data["subject"]],
        movement="squat",
        view="side",
        session=None,
        rep_index=range(len(rows)),
        quality="good",
    )
    return features, data["correct"].astype(bool)


@pytest.mark.data
def test_real_faults_of_unseen_people_are_found(people):
    features, is_correct = people
    pairs = zip(features.index, is_correct, strict=True)
    labels = [answer(rep, "0" if good else "2", fault=FAULT.id) for rep, good in pairs]
    found = compare(labeled_table(features, labels, fault=FAULT))
    model = found.row(MODEL)
    assert found.protocol is Protocol.LEAVE_ONE_ATHLETE_OUT
    assert model.n_groups == 10
    assert model.estimates["balanced_accuracy"].low > 0.6
    assert model.estimates["auroc"].low > 0.6


@pytest.mark.data
def test_labels_shuffled_within_people_score_like_guessing(people):
    features, is_correct = people
    rng = np.random.default_rng(11)
    shuffled = pd.Series(is_correct, index=features.index).groupby(features["athlete"].to_numpy())
    shuffled = shuffled.transform(lambda part: rng.permutation(part.to_numpy()))
    labels = [answer(rep, "0" if good else "2", fault=FAULT.id) for rep, good in shuffled.items()]
    model = compare(labeled_table(features, labels, fault=FAULT)).row(MODEL)
    assert model.estimates["balanced_accuracy"].value == pytest.approx(0.5, abs=0.1)
    assert model.estimates["auroc"].value == pytest.approx(0.5, abs=0.1)
