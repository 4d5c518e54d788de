"""How exact and how quick the player is, in Chromium, on clips with burnt-in frame numbers.

``python benchmarks/player.py [--json]``. Every clip goes through our own reader and proxy first.

* wrong frames: after a seek to a random frame, the number in the picture is another one.
* key to paint: from the key event to the frame that it asked for being handed to the compositor,
  with the player's overlay and read-outs drawn (expectedDisplayTime of the video frame callback).
"""

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import browser
import burnt_in
import numpy as np
import player_site
from playwright.sync_api import Page, sync_playwright

N_SEEKS = 200
N_KEYS = 100
KEYS = (("ArrowRight", 1), ("ArrowLeft", -1), ("Shift+ArrowRight", 10), ("Shift+ArrowLeft", -10))
VIEWPORT = {"width": 1440, "height": 900}
READY_MS = 60_000
SEED = 11

SEEK = f"""
(frame) => new Promise((resolve) => {{
  const player = window.__labelerPlayer;
  const read = {burnt_in.READ_NUMBER};
  const painted = () => {{
    if (player.frame === frame) resolve(read(player.video));
    else player.video.requestVideoFrameCallback(() => queueMicrotask(painted));
  }};
  player.seek(frame);
  painted();
}})
"""

WATCH_KEYS = """
() => {
  const player = window.__labelerPlayer;
  window.addEventListener("keydown", (event) => {
    if (event.key === "Shift") return;
    const pressed_ms = event.timeStamp;
    window.__paint = new Promise((resolve) => {
      player.video.requestVideoFrameCallback((now, { expectedDisplayTime }) => {
        const done_ms = Math.max(performance.now(), expectedDisplayTime);
        queueMicrotask(() => resolve([player.frame, done_ms - pressed_ms]));
      });
    });
  }, { capture: true });
}
"""


def measure(page: Page, n_frames: int, rng: random.Random) -> dict[str, Any]:
    """Wrong frames and key-to-paint times on the clip that is open."""
    frames = [rng.randrange(n_frames) for _ in range(N_SEEKS)]
    wrong = sum(page.evaluate(SEEK, frame) != frame for frame in frames)
    page.evaluate(WATCH_KEYS)
    at = page.evaluate(SEEK, n_frames // 2)
    times_ms = []
    for _ in range(N_KEYS):
        key, step = rng.choice([k for k in KEYS if 0 <= at + k[1] < n_frames])
        at += step
        page.keyboard.press(key)
        painted, time_ms = page.evaluate("window.__paint")
        wrong += painted != at
        times_ms.append(time_ms)
    return {"wrong_frames": wrong, "times_ms": times_ms}


def run(folder: Path) -> dict[str, dict[str, Any]]:
    """Measure every kind of clip in a fresh tab."""
    raw = folder / "raw"
    raw.mkdir()
    files = [
        burnt_in.make_clip(raw / f"clip{i}.mp4", spec) for i, spec in enumerate(burnt_in.CLIPS)
    ]
    ids = player_site.prepare(folder, files)
    port, found = browser.free_port(), {}
    command = (Path(player_site.__file__), folder, str(port))
    with browser.serving(*command, port=port) as base, sync_playwright() as driver:
        chrome = driver.chromium.launch(executable_path=browser.chromium(), args=browser.FLAGS)
        for clip_id, spec in zip(ids, burnt_in.CLIPS, strict=True):
            page = chrome.new_page(viewport=VIEWPORT)
            page.goto(f"{base}/?clip={clip_id}")
            page.wait_for_function("window.__labelerPlayer?.isReady", timeout=READY_MS)
            found[spec.name] = measure(page, spec.n_frames, random.Random(SEED))
            page.close()
        chrome.close()
    return found


def percentile_ms(times_ms: Sequence[float], percent: float) -> float:
    """A percentile, to a tenth of a millisecond."""
    return round(float(np.percentile(times_ms, percent)), 1)


def main() -> None:
    """Measure, print a table, and a JSON line if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    wants_json = parser.parse_args().json
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder))
    print(f"{'clip':38} {'seeks':>6} {'keys':>5} {'wrong':>6} {'median ms':>10} {'p95 ms':>8}")
    for name, result in found.items():
        times_ms = result["times_ms"]
        median, p95 = percentile_ms(times_ms, 50), percentile_ms(times_ms, 95)
        counts = f"{N_SEEKS:6} {N_KEYS:5} {result['wrong_frames']:6}"
        print(f"{name:38} {counts} {median:10} {p95:8}")
    all_ms = [time_ms for result in found.values() for time_ms in result["times_ms"]]
    summary = {
        "wrong_frames": sum(result["wrong_frames"] for result in found.values()),
        "key_to_paint_ms_median": percentile_ms(all_ms, 50),
        "key_to_paint_ms_p95": percentile_ms(all_ms, 95),
    }
    print(f"all clips: {summary}")
    if wants_json:
        print(json.dumps(summary))


if __name__ == "__main__":
    main()
