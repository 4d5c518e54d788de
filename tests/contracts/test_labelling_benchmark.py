"""The benchmark of labelling, in little: what needs no browser is there, and is measured."""

import labelling

from labeler.store.dataset import Dataset
from labeler.workflows.queueing import queue_of

BELOW_THE_BROWSER = {"commit_stored_ms_p95", "queue_ms", "queue_again_ms"}


def test_a_quick_run_measures_every_row_below_the_browser(tmp_path):
    found = labelling.measure(tmp_path, labelling.QUICK, in_browser=False)
    assert set(found) == {"reps", *BELOW_THE_BROWSER}
    assert found["reps"] == labelling.QUICK.n_reps
    assert all(found[name] > 0 for name in BELOW_THE_BROWSER)


def test_the_dataset_is_as_large_as_told_and_mostly_answered(tmp_path):
    clip = labelling.prepare(tmp_path, labelling.QUICK.n_reps)
    with Dataset.open(tmp_path, create=False) as dataset:
        records = dataset.journal.reps()
        assert len(records) == labelling.QUICK.n_reps
        for rater in labelling.RATERS:
            (left,) = queue_of(dataset, rater).items
            assert left.clip == clip
