"""What labelling costs a rater in a large dataset: keys, and the machine's time beside them.

``python benchmarks/labelling.py [--json] [--reps N] [--no-browser] [--quick]``. A dataset with N
repetitions, most of them answered by two raters already, is made; the real workbench serves it to
Chromium. ``--quick`` makes a small one and presses few keys: it shows that everything still runs.

* commit acknowledged: from the key event of an answer until Python has told that it is saved;
* commit stored: the same without the browser, Streamlit and the network: recorded, and read again;
* page opens: from the rater's name until the video stands at its first repetition; `fresh` is the
  first opening on a server that has just begun to answer, the bar is on the median of all others;
* bare: the same two on a page with nothing but Streamlit, which is what it takes by itself;
* queue: what is next for a rater, the first time in a process and from then on;
* key to paint, and frames painted of a held arrow: on the label page itself, as in ``player.py``;
* keys and machine time per repetition: a set of ten, by keyboard; the time is from the first key of
  a repetition until the next one is on the screen, without the rater's own thinking.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import bare_site
import browser
import burnt_in
import made_dataset
import player
from playwright.sync_api import Browser, Page, sync_playwright

from labeler.catalog import load_catalog
from labeler.core.clip import Clip
from labeler.core.label import Answer
from labeler.store.dataset import Dataset
from labeler.video.proxy import ProxyWriter
from labeler.video.reader import ClipReader
from labeler.workflows.labeling import labeling_state, questions_of, receive
from labeler.workflows.operations import AnswerOp, OpBatch, Receipts
from labeler.workflows.queueing import queue_of

N_REPS = 10_000
N_REPS_PER_CLIP = 10
ANSWERED_RATIO = 0.8
RATERS = ("Eve", "Bob")
"""Who answered that share before: the one whose page is opened has much to read."""

N_HELD = 60
HELD_PER_S = 30
"""As fast as keyboards repeat."""

KEYS_OF_REPS = ("", "", "1", "", "", "22", "", "3 4", "", "")
"""Fault keys of each repetition of a set, before the key that says all clear: most are clean."""

CLEAR_KEY = "Enter"
SIZE_PX = (640, 360)
MS_PER_S = 1000

BARS = {
    "commit_ack_ms_p95": "<= 150",
    "page_open_ms_median": "<= 1500",
    "key_to_paint_ms_p95": "<= 50",
    "held_frames": ">= 55",
}
"""What was promised, beside what is found."""

COMMIT_UNTIL = """
() => new Promise((resolve) => {{
  window.addEventListener("keydown", ({{ timeStamp }}) => {{
    const look = () =>
      {is_acknowledged} ? resolve(performance.now() - timeStamp) : setTimeout(look, 1);
    queueMicrotask(() => setTimeout(look, 0));
  }}, {{ capture: true, once: true }});
}})
"""
COMMIT = COMMIT_UNTIL.format(is_acknowledged="window.__labelerPlayer.pending === 0")
BARE_COMMIT = COMMIT_UNTIL.format(is_acknowledged="window.__bare.acked === window.__bare.sent")

WATCH_PAINTED = """
() => {
  const player = window.__labelerPlayer;
  window.__painted = new Set();
  const see = () => {
    window.__painted.add(player.frame);
    player.video.requestVideoFrameCallback(() => queueMicrotask(see));
  };
  player.video.requestVideoFrameCallback(() => queueMicrotask(see));
}
"""

IS_NEXT = """
(repId) => window.__labelerPlayer.repId !== repId && !window.__labelerPlayer.video.seeking
"""

Found = dict[str, float | int]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: repetitions in the dataset, commits, and openings beside the first."""

    n_reps: int
    n_commits: int
    n_opens: int


WHOLE = Effort(N_REPS, n_commits=100, n_opens=5)
QUICK = Effort(50, n_commits=5, n_opens=1)


@dataclass(frozen=True, slots=True)
class Site:
    """The address of a workbench, and the clip that is labelled there."""

    base: str
    clip: Clip

    def open(self, page: Page, rater: str) -> float:
        """Open the clip as a rater; milliseconds from the name to the video."""
        page.goto(f"{self.base}/label?clip={self.clip.clip_id}")
        return named(page, rater, "window.__labelerPlayer?.isReady")


def prepare(folder: Path, n_reps: int) -> Clip:
    """Make the dataset; gives its last clip, which can be watched and which nobody has answered."""
    n_clips = n_reps // N_REPS_PER_CLIP
    with Dataset.open(folder) as dataset:
        clips = made_dataset.fill(dataset, n_clips=n_clips, n_reps=N_REPS_PER_CLIP)
        for rater in RATERS:
            made_dataset.answer(dataset, clips[: int(ANSWERED_RATIO * n_clips)], rater)
        _give_video(dataset, clips[-1])
    return clips[-1]


def _give_video(dataset: Dataset, clip: Clip) -> None:
    """A player's copy with burnt-in frame numbers."""
    folder = dataset.media.new_folder()
    spec = burnt_in.ClipSpec("set", n_frames=clip.n_frames, size_px=SIZE_PX)
    reader = ClipReader(burnt_in.make_clip(folder / "raw.mp4", spec))
    with ProxyWriter(folder / "proxy.mp4", reader.size) as proxy:
        for shown in reader:
            proxy.write(shown.yuv, shown.since_first_s)
    (folder / "raw.mp4").unlink()
    dataset.media.adopt(folder, clip.clip_id)


def stored(folder: Path, clip: Clip, effort: Effort) -> Found:
    """What a commit and a page cost below the browser."""
    rater, commits_ms, receipts = "Zoe", [], Receipts()
    with Dataset.open(folder, create=False) as dataset:
        faults = [asked.fault.id for asked in questions_of(clip, load_catalog())]
        for seq in range(1, effort.n_commits + 1):
            rep_id = made_dataset.rep_ids(clip)[seq % N_REPS_PER_CLIP]
            op = AnswerOp(seq, made_dataset.AT_UTC, rep_id, faults[seq % len(faults)], Answer.CLEAR)
            batch = OpBatch("stored", clip.clip_id, rater, (op,))
            commits_ms.append(
                took_ms(
                    lambda batch=batch: (
                        receive(dataset, batch, receipts),
                        labeling_state(dataset, clip, rater),
                    )
                )
            )
    with Dataset.open(folder, create=False) as dataset:
        queue_ms, again_ms = (took_ms(lambda: queue_of(dataset, RATERS[0])) for _ in range(2))
    return {
        "commit_stored_ms_p95": player.percentile_ms(commits_ms, 95),
        "queue_ms": round(queue_ms, 1),
        "queue_again_ms": round(again_ms, 1),
    }


def took_ms(do: Callable[[], object]) -> float:
    """How long something takes."""
    started_s = time.perf_counter()
    do()
    return MS_PER_S * (time.perf_counter() - started_s)


def browsed(folder: Path, clip: Clip, effort: Effort) -> Found:
    """What a rater feels, in Chromium."""
    port = browser.free_port()
    told = ("--port", port, "--dataset", folder, "--models", folder / "models", "--no-browser")
    command = map(str, ("-m", "labeler.app", *told))
    with browser.serving(*command, port=port), sync_playwright() as driver:
        chrome = driver.chromium.launch(executable_path=browser.chromium(), args=browser.FLAGS)
        site = Site(f"http://localhost:{port}", clip)
        opens_ms = []
        for _ in range(1 + effort.n_opens):
            page = new_page(chrome)
            opens_ms.append(site.open(page, RATERS[0]))
            page.context.close()
        page = new_page(chrome)
        site.open(page, "Zoe")
        times_ms = commits(page, COMMIT, effort)
        found = {
            "page_open_ms_median": player.percentile_ms(opens_ms[1:], 50),
            "page_open_fresh_ms": round(opens_ms[0], 1),
            "commit_ack_ms_median": player.percentile_ms(times_ms, 50),
            "commit_ack_ms_p95": player.percentile_ms(times_ms, 95),
            **painted(page, clip.n_frames),
        }
        page.context.close()
        page = new_page(chrome)
        site.open(page, "Kim")
        found |= labelled(page)
        chrome.close()
    return found


def bare(effort: Effort) -> Found:
    """What Streamlit takes by itself."""
    port = browser.free_port()
    command = (Path(bare_site.__file__), str(port))
    with browser.serving(*command, port=port) as base, sync_playwright() as driver:
        chrome = driver.chromium.launch(executable_path=browser.chromium(), args=browser.FLAGS)
        opens_ms = []
        for _ in range(1 + effort.n_opens):
            page = new_page(chrome)
            page.goto(base)
            opens_ms.append(named(page, RATERS[0], "window.__bare?.isReady"))
        times_ms = commits(page, BARE_COMMIT, effort)
        chrome.close()
    return {
        "bare_open_ms_median": player.percentile_ms(opens_ms[1:], 50),
        "bare_commit_ms_median": player.percentile_ms(times_ms, 50),
        "bare_commit_ms_p95": player.percentile_ms(times_ms, 95),
    }


def new_page(chrome: Browser) -> Page:
    """A tab of somebody who was never here."""
    return chrome.new_context(viewport=player.VIEWPORT).new_page()


def named(page: Page, rater: str, is_ready: str) -> float:
    """Tell the name; milliseconds until the page is ready."""
    name = page.get_by_role("textbox", name="Your name")
    name.fill(rater)
    started_s = time.perf_counter()
    name.press("Enter")
    page.wait_for_function(is_ready, timeout=player.READY_MS)
    return MS_PER_S * (time.perf_counter() - started_s)


def commits(page: Page, commit: str, effort: Effort) -> list[float]:
    """Answers, one by one, until each is acknowledged; milliseconds of each."""
    times_ms = []
    for number in range(effort.n_commits):
        waiting = page.evaluate_handle(f"() => ({{ done: ({commit})() }})")
        page.keyboard.press("1245"[number % 4])
        times_ms.append(waiting.evaluate("({ done }) => done"))
    return times_ms


def painted(page: Page, n_frames: int) -> Found:
    """Single steps, and an arrow held down."""
    steps = player.measure(page, n_frames, random.Random(player.SEED))
    page.evaluate(player.SEEK, n_frames // 2)
    page.evaluate(WATCH_PAINTED)
    started_s = time.perf_counter()
    for step in range(N_HELD):
        page.keyboard.down("ArrowRight")
        time.sleep(max(0.0, started_s + (step + 1) / HELD_PER_S - time.perf_counter()))
    page.keyboard.up("ArrowRight")
    page.wait_for_function(f"window.__labelerPlayer.frame === {n_frames // 2 + N_HELD}")
    return {
        "wrong_frames": steps["wrong_frames"],
        "key_to_paint_ms_p95": player.percentile_ms(steps["times_ms"], 95),
        "held_frames": page.evaluate("window.__painted.size"),
    }


def labelled(page: Page) -> Found:
    """One set by keyboard, from the first repetition to the last acknowledgement."""
    times_ms, n_keys = [], 0
    for place, faults in enumerate(KEYS_OF_REPS):
        keys = [*faults.replace(" ", ""), CLEAR_KEY]
        rep_id = page.evaluate("window.__labelerPlayer.repId")
        started_s = time.perf_counter()
        for key in keys:
            page.keyboard.press(key)
        if place + 1 < len(KEYS_OF_REPS):
            page.wait_for_function(IS_NEXT, arg=rep_id)
        else:
            page.wait_for_function("window.__labelerPlayer.pending === 0")
        times_ms.append(MS_PER_S * (time.perf_counter() - started_s))
        n_keys += len(keys)
    return {
        "keys_per_rep": round(n_keys / len(KEYS_OF_REPS), 2),
        "machine_ms_per_rep": player.percentile_ms(times_ms, 50),
    }


def measure(folder: Path, effort: Effort, *, in_browser: bool) -> Found:
    """Everything there is to tell."""
    dataset = folder / "dataset"
    clip = prepare(dataset, effort.n_reps)
    found = {"reps": effort.n_reps, **stored(dataset, clip, effort)}
    return found | browsed(dataset, clip, effort) | bare(effort) if in_browser else found


def main() -> None:
    """Measure, print a table, and a JSON line if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=N_REPS, help="repetitions in the dataset")
    parser.add_argument("--no-browser", action="store_true", help="only what is below the browser")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    parser.add_argument("--quick", action="store_true", help="little of everything: does it run?")
    asked = parser.parse_args()
    effort = QUICK if asked.quick else replace(WHOLE, n_reps=asked.reps)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), effort, in_browser=not asked.no_browser)
    for name, value in found.items():
        print(f"{name:24} {value:>9}  {BARS.get(name, '')}")
    if asked.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
