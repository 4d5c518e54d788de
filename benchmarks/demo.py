"""How long a newcomer waits for the demo, and whether every frame of it shows somebody.

``python benchmarks/demo.py [--folder DIR] [--athletes N] [--jobs N] [--json]`` makes the demo in a
new folder and tells the time of each part. `render_s` and `ingest_s` are summed over the clips,
of which `jobs` are worked on at once; `film_s` is the wall time of both together.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from labeler.workflows.demo.contents import wish_of
from labeler.workflows.demo.making import DemoOutcome, Listener, make_demo

PARTS = ("film_s", "label_s", "train_s", "total_s")


def measured(folder: Path, athletes: int | None, jobs: int) -> DemoOutcome:
    """Make the demo; the pose network is fetched first, which takes as long as the network does."""
    from labeler.pose.bundle import resolve_bundle

    started_s = time.perf_counter()
    resolve_bundle(on_progress=print_aside)
    print_aside(f"pose network at hand after {time.perf_counter() - started_s:.1f} s")
    listener = Listener(print_aside, lambda _done, _total: None)
    wish = wish_of(n_athletes=athletes, n_reps=None, seed=None)
    return make_demo(folder, wish, n_jobs=jobs, listener=listener)


def print_aside(words: str) -> None:
    """Say something beside the answer."""
    print(words, file=sys.stderr)


def main() -> None:
    """Make, measure, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="a new folder; a temporary one unless told")
    parser.add_argument("--athletes", type=int)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        found = measured(told.folder or Path(scratch) / "demo", told.athletes, told.jobs)
    row = {**found.as_dict(), "folder": str(found.folder), "jobs": told.jobs}
    if told.json:
        print(json.dumps(row))
        return
    print(f"{found.n_clips} clips, {found.n_reps} repetitions, {found.n_frames} frames")
    print(f"somebody found in {found.detected_ratio:.1%} of the frames of every clip at least")
    print(f"work: render {found.render_s:.0f} s, ingest {found.ingest_s:.0f} s")
    for part in PARTS:
        print(f"{part:8} {row[part]:6.1f}")


if __name__ == "__main__":
    main()
