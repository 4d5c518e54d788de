"""Whether anything that was acknowledged is lost when the server is killed, again and again.

``python benchmarks/journal.py [--json] [--kills N] [--ops N] [--seed N]``. Two raters label the
same clips, one clip after the other, at the same time: a scripted burst of answers, all-clears,
moved edges, repetitions taken out, undos and redos. Meanwhile the server is killed with SIGKILL at
random moments, some of them while it starts, and started again. After each kill the files are
looked at as they were left:

* lost: operations that were acknowledged and are not there, or not whole;
* duplicated: operations or facts that are there twice, however often they were delivered;
* disordered: operations that overtook an earlier one of the same rater;
* damaged: what SQLite's ``integrity_check`` and ``foreign_key_check`` find.

At the end the journal must be the same, fact by fact, as that of the same operations never
interrupted, and undo must lead back to an empty sheet.

Covered: everything from the player's commit on, as it is parsed, applied, stored and acknowledged
in the app, with two writers; the outbox's rules of sending again; tabs that deliver the same at the
same moment; recovery from the write-ahead log, also when it is interrupted. Not covered: Streamlit
and its websocket, which a small server with a socket stands for; the browser's ``localStorage``,
which the browser tests close and reopen; a power cut, against which the store writes with
``synchronous = FULL``.
"""

import argparse
import dataclasses
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import journal_server
import made_dataset
from journal_checks import Losses, is_as_if_undisturbed, losses_of, undoes_to_nothing
from journal_tabs import Line, Outbox, Tab, script

from labeler.core.clip import Clip
from labeler.store.dataset import Dataset

N_KILLS = 200
N_OPS = 5000
SEED = 11
RATERS = ("Ann", "Ben")
N_REPS = 10
OPS_PER_CLIP = 250
"""Keys of one rater on one clip: some 25 for each of ten repetitions, undone ones included."""

STARTING_RATIO = 0.1
"""Share of kills that hit a server before it listens, while it recovers what the last one left."""

RESERVE_OPS = 12
"""Keys kept back for each kill still to come, one batch of either rater, so that the last of them
finds raters at work too, however fast the server is."""

MAX_DELAY_S = 0.03
"""From an acknowledgement to the kill, at most: several operations long, so that any instant of an
operation can be the last one."""

STOP_TIMEOUT_S = 60.0
MS_PER_S = 1000


class Burst:
    """One dataset, the raters at work on it, and the server that they lose now and then."""

    def __init__(self, folder: Path, n_ops: int, rng: random.Random) -> None:
        self.folder, self.scratch = folder / "dataset", folder / "scratch"
        self.rng, self.found, self.starts_s = rng, Losses(), [0.0]
        n_clips = max(1, round(n_ops / len(RATERS) / OPS_PER_CLIP))
        with Dataset.open(self.folder) as dataset:
            self.clips = made_dataset.fill(dataset, n_clips=n_clips, n_reps=N_REPS)
        per_rater = {
            rater: _boxes(rater, self.clips, n_ops // len(RATERS), rng) for rater in RATERS
        }
        self.boxes = [box for boxes in per_rater.values() for box in boxes]
        self.n_ops = sum(len(box.keys) for box in self.boxes)
        self.line = Line(self.boxes)
        self.tabs = [
            Tab(boxes, self.line, random.Random(rng.random())) for boxes in per_rater.values()
        ]

    def run(self, n_kills: int) -> int:
        """Kill and restart until the raters are done; gives how many kills hit them at work."""
        for tab in self.tabs:
            tab.start()
        n_at_work = 0
        for n_left in range(n_kills, 0, -1):
            self.line.allow(self.n_ops - n_left * RESERVE_OPS)
            is_starting = self.rng.random() < STARTING_RATIO
            server = self._start(is_starting=is_starting)
            if not is_starting:
                self._wait_for_some(n_left)
            n_at_work += self._kill(server)
        self.line.allow(self.n_ops)
        server = self._start(is_starting=False)
        is_finished = self.line.wait_for_acks(self.n_ops)
        self._kill(server)
        if not is_finished:
            sys.exit(f"Acknowledged {self.line.n_acked} of {self.n_ops} operations, then no more.")
        return n_at_work

    def _start(self, *, is_starting: bool) -> subprocess.Popen[str]:
        """A new server; one that is to be killed while it starts is not waited for."""
        command = [sys.executable, journal_server.__file__, str(self.folder)]
        started_s = time.perf_counter()
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        if is_starting:
            time.sleep(self.rng.uniform(0.0, statistics.median(self.starts_s)))
            return server
        port = server.stdout.readline() if server.stdout else ""
        if not port:
            sys.exit(f"The server ended with code {server.wait()} before it listened.")
        self.starts_s.append(time.perf_counter() - started_s)
        self.line.serve(int(port))
        return server

    def _wait_for_some(self, n_left: int) -> None:
        """Until a random share of what is left is done, so that the last kills find work too."""
        now = self.line.n_acked
        n_more = self.rng.uniform(0.0, 2.0) * (self.n_ops - now) / (n_left + 1)
        target = min(now + int(n_more), self.line.n_allowed - 1)
        if not self.line.wait_for_acks(target):
            sys.exit(f"Acknowledged {now} of {self.n_ops} operations, then no more.")
        time.sleep(self.rng.uniform(0.0, MAX_DELAY_S))

    def _kill(self, server: subprocess.Popen[str]) -> bool:
        """SIGKILL, then a look at what is left; whether the raters were still at work."""
        server.kill()
        server.wait(STOP_TIMEOUT_S)
        if server.stdout:
            server.stdout.close()
        self.line.serve(None)
        is_at_work = self.line.n_acked < self.n_ops
        self.found += losses_of(self.folder, self.boxes, self.scratch)
        return is_at_work

    def is_whole(self) -> bool:
        """Whether the journal is as if nothing had happened, and undo leads to its beginning."""
        with (
            Dataset.open(self.folder, create=False) as killed,
            Dataset.open(self.folder.with_name("fresh")) as fresh,
        ):
            made_dataset.fill(fresh, n_clips=len(self.clips), n_reps=N_REPS)
            return is_as_if_undisturbed(killed, fresh, self.clips, self.boxes) and all(
                undoes_to_nothing(killed, self.clips[0], rater, self.n_ops) for rater in RATERS
            )


def _boxes(rater: str, clips: Sequence[Clip], n_ops: int, rng: random.Random) -> list[Outbox]:
    """One outbox per clip; the operations are shared out evenly."""
    bounds = [round(n_ops * place / len(clips)) for place in range(len(clips) + 1)]
    return [
        Outbox(
            f"{rater}-{clip.short_id}",
            clip.clip_id,
            rater,
            script(clip, bounds[place + 1] - bounds[place], rng),
        )
        for place, clip in enumerate(clips)
    ]


def measure(folder: Path, *, n_kills: int, n_ops: int, seed: int) -> dict[str, float | int | bool]:
    """Run one burst and give the summary."""
    burst = Burst(folder, n_ops, random.Random(seed))
    started_s = time.perf_counter()
    n_at_work = burst.run(n_kills)
    return {
        **dataclasses.asdict(burst.found),
        "kills": n_at_work,
        "ops": burst.n_ops,
        "refused": len(burst.line.refused),
        "is_as_if_undisturbed": burst.is_whole(),
        "start_ms_median": round(MS_PER_S * statistics.median(burst.starts_s[1:])),
        "seconds": round(time.perf_counter() - started_s),
    }


def main() -> None:
    """Measure and print; a JSON line if asked, and an error code when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=N_KILLS, help="how often to kill the server")
    parser.add_argument("--ops", type=int, default=N_OPS, help="label operations in the burst")
    parser.add_argument("--seed", type=int, default=SEED, help="another burst, other moments")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        summary = measure(Path(folder), n_kills=asked.kills, n_ops=asked.ops, seed=asked.seed)
    for name, value in summary.items():
        print(f"{name:22} {value!s:>8}")
    if asked.json:
        print(json.dumps(summary))
    is_fine = summary["is_as_if_undisturbed"] and not any(
        summary[field.name] for field in dataclasses.fields(Losses)
    )
    sys.exit(0 if is_fine else 1)


if __name__ == "__main__":
    main()
