"""A small site with nothing but the player on made-up clips: for its tests and its benchmark.

``python benchmarks/player_site.py FOLDER PORT`` serves the clips that `prepare` put into FOLDER.
What the player commits is kept in memory, per clip and rater, for as long as the server lives.
"""

import sys
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import streamlit as st

from labeler.app.inbox import UploadFolder
from labeler.app.media import MediaSigner, routes
from labeler.app.pages import own_keys
from labeler.app.player.component import Listeners, PlayerData, player
from labeler.app.uploader.component import uploader
from labeler.catalog import load_catalog
from labeler.core.clip import Clip, ClipId, ClipTags, View
from labeler.core.contour import N_STATIONS, STATIONS
from labeler.core.errors import UsageError
from labeler.core.label import Answer
from labeler.core.landmarks import N_LANDMARKS
from labeler.core.rep import Rep, RepId, RepRecord
from labeler.store.dataset import Dataset
from labeler.video.proxy import ProxyWriter
from labeler.video.reader import ClipReader
from labeler.workflows.beside import Beside, Kind
from labeler.workflows.courses import (
    COURSES,
    N_PER_PHASE,
    Band,
    ClipCourses,
    RepCourses,
    packed,
)
from labeler.workflows.labeling import (
    FaultQuestion,
    LabelingState,
    Remark,
    RepAnswers,
    questions_of,
)
from labeler.workflows.operations import (
    AddRepOp,
    AllClearOp,
    AnswerOp,
    DeleteRepOp,
    EdgesOp,
    Op,
    OpBatch,
    Receipts,
    RedoOp,
    UndoOp,
)

N_REPS = 6

TURNED_DOWN = (
    {"start_frame": 0, "turn_frame": 3, "stop_frame": 7, "reason": "goes 20% as far as the others"},
    {"start_frame": 6, "turn_frame": 9, "stop_frame": 11, "reason": "lies in the first repetition"},
)
"""Candidates that are no repetitions; the second one meets one that is."""

NO_BACK = ClipId("difficult")
"""A clip that was ingested before outlines were measured."""


SLOW, SLOW_SCALE = ClipId("slow"), 0.25
"""A clip that plays four times as slowly as it was filmed."""


def prepare(folder: Path, clips: Iterable[Path]) -> list[ClipId]:
    """Make what the player needs of each clip, as an ingest would; ids are the files' stems."""
    return [_prepare(folder, clip) for clip in clips]


def _prepare(folder: Path, clip: Path) -> ClipId:
    reader = ClipReader(clip)
    with ProxyWriter(folder / f"{clip.stem}.proxy.mp4", reader.size) as proxy:
        for shown in reader:
            proxy.write(shown.yuv, shown.since_first_s)
    np.save(folder / f"{clip.stem}.pts.npy", reader.times.pts_s)
    np.save(folder / f"{clip.stem}.size.npy", np.array(reader.size))
    return ClipId(clip.stem)


class Site:
    """The clips of one folder: a source of media, and what raters said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.signer = MediaSigner()
        self.uploads = UploadFolder(folder / "uploads")
        self.received: list[Path] = []
        self.journals: dict[tuple[ClipId, str], Journal] = {}
        self.dataset = Dataset.open(folder / "wishes")  # raters' own keys and loops, nothing else

    def video(self, clip_id: ClipId) -> Path:
        """The proxy."""
        return self.folder / f"{clip_id}.proxy.mp4"

    def thumbnail(self, clip_id: ClipId) -> Path:
        """There are none."""
        raise UsageError(f"thumbnail: expected one of {clip_id}, got none.")

    def pts(self, clip_id: ClipId) -> bytes:
        """Frame times."""
        return self.pts_s(clip_id).astype("<f8").tobytes()

    def pose(self, clip_id: ClipId) -> bytes:
        """A made-up figure that stands in the middle and sways."""
        return _figure(self.pts_s(clip_id).size, self.size_px(clip_id)).tobytes()

    def back(self, clip_id: ClipId) -> bytes:
        """A bent line behind the figure; one clip has none."""
        if clip_id == NO_BACK:
            return b""
        return _back(self.pts_s(clip_id).size, self.size_px(clip_id)).tobytes()

    def courses(self, clip_id: ClipId, rater: str) -> bytes:
        """Made-up courses of what this rater cut: up and down, the torso a little later."""
        reps = [answered.record for answered in self.journal(clip_id, rater).state().reps]
        angles_deg = np.tile(30 + 20 * np.sin(np.arange(self.pts_s(clip_id).size) / 9), (2, 1))
        made = tuple(_courses(record, self.pts_s(clip_id)) for record in reps)
        bands = {record.rep_id: None if rater == NO_BAND else _BAND for record in reps}
        return packed(ClipCourses(("pelvis_x_legs", "trunk_incl_deg"), made, bands, angles_deg))

    def beside(self, clip_id: ClipId, rater: str) -> list[Beside]:
        """The first repetition is everybody's best; no clip was filmed by two cameras."""
        answered = self.journal(clip_id, rater).state()
        best, *others = (one.record for one in answered.reps)
        return [
            Beside(one.rep_id, Kind.BEST, answered.clip, best, one.rep.turn_s, best.rep.turn_s)
            for one in others
        ]

    async def receive_upload(self, name: str, chunks: AsyncIterator[bytes], *, told: str) -> None:
        """Keep it in the folder."""
        self.received.append(await self.uploads.receive(name, chunks, told=told))

    def pts_s(self, clip_id: ClipId) -> np.ndarray:
        """Frame times, shape (n_frames,)."""
        times: np.ndarray = np.load(self.folder / f"{clip_id}.pts.npy")
        return times

    def size_px(self, clip_id: ClipId) -> tuple[int, int]:
        """Width and height of the picture."""
        width_px, height_px = np.load(self.folder / f"{clip_id}.size.npy")
        return int(width_px), int(height_px)

    def journal(self, clip_id: ClipId, rater: str) -> "Journal":
        """What one rater said about a clip; here each has repetitions of their own, too."""
        who = (clip_id, rater)
        if who not in self.journals:
            self.journals[who] = Journal(self._clip(clip_id), _reps(clip_id, self.pts_s(clip_id)))
        return self.journals[who]

    def _clip(self, clip_id: ClipId) -> Clip:
        width_px, height_px = self.size_px(clip_id)
        pts_s = self.pts_s(clip_id)
        return Clip(
            clip_id=clip_id,
            file_name=f"{clip_id}.mp4",
            tags=ClipTags(athlete="A01", movement="deadlift", view=View.SIDE),
            width_px=width_px,
            height_px=height_px,
            n_frames=pts_s.size,
            duration_s=float(pts_s[-1]),
            fps_median=float(1 / np.median(np.diff(pts_s))),
            fps_jitter_ratio=0.0,
            start_offset_s=0.0,
            rotation_deg=0,
            detected_ratio=1.0,
            source_path=None,
            ingested_at="2025-01-01T00:00:00.000Z",
            is_video_present=self.video(clip_id).is_file(),
            time_scale=SLOW_SCALE if clip_id == SLOW else 1.0,
        )


@dataclass(slots=True)
class Journal:
    """One clip's operations in order of arrival; what is in force is worked out from them."""

    clip: Clip
    cut: list[RepRecord]
    done: list[Op] = field(default_factory=list)
    undone: list[Op] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def receive(self, batch: OpBatch, receipts: Receipts) -> None:
        """Take a batch in; an operation that came before changes nothing."""

        def record(op: Op) -> None:
            if batch.action_id(op) not in self.ids:
                self.ids.append(batch.action_id(op))
                self._apply(op)

        receipts.settle(batch, record)

    def _apply(self, op: Op) -> None:
        if isinstance(op, UndoOp | RedoOp):
            source, target = (
                (self.done, self.undone) if isinstance(op, UndoOp) else (self.undone, self.done)
            )
            if source:
                target.append(source.pop())
            return
        if isinstance(op, EdgesOp) and op.start_frame == REFUSED_START_FRAME:
            raise UsageError("start: expected any other frame, got the one this test refuses.")
        self.done.append(op)
        self.undone.clear()

    def state(self) -> LabelingState:
        """What is in force now."""
        reps = {record.rep_id: RepAnswers(record, {}) for record in self.cut}
        questions = questions_of(self.clip, load_catalog())
        for op in self.done:
            if isinstance(op, AnswerOp | AllClearOp):
                _answer(reps[op.rep_id], op, questions)
            else:
                _cut(reps, op, RepId(f"{self.clip.clip_id}-added{op.seq}"))
        ordered = sorted(reps.values(), key=lambda rep: rep.record.rep.start_frame)
        return LabelingState(
            self.clip, questions, tuple(ordered), bool(self.done), bool(self.undone)
        )


def _answer(
    answered: RepAnswers,
    op: AnswerOp | AllClearOp,
    questions: tuple[FaultQuestion, ...],
) -> None:
    answers = answered.answers
    if isinstance(op, AllClearOp):
        for asked in questions:
            answer = Answer.ABSENT if asked.is_visible else Answer.NOT_VISIBLE
            answers.setdefault(asked.fault.id, answer)
    elif op.answer is None:
        answers.pop(op.fault, None)
    else:
        answers[op.fault] = op.answer
        answered.remarks[op.fault] = Remark(op.confidence, op.note)
        answered.moments.pop(op.fault, None)
        if op.moment_frame is not None:
            answered.moments[op.fault] = op.moment_frame


def _cut(reps: dict[RepId, RepAnswers], op: Op, new_id: RepId) -> None:
    if isinstance(op, EdgesOp):
        reps[op.rep_id] = _moved(reps[op.rep_id], op)
    elif isinstance(op, DeleteRepOp):
        del reps[op.rep_id]
    elif isinstance(op, AddRepOp):
        like = next(iter(reps.values()))
        blank = RepAnswers(replace(like.record, rep_id=new_id), {})
        reps[new_id] = _moved(blank, op)


REFUSED_START_FRAME = 1
"""A rep that starts here is refused, to see what the player says then."""


def _moved(rep: RepAnswers, op: EdgesOp | AddRepOp) -> RepAnswers:
    edges = {
        "start_frame": op.start_frame,
        "turn_frame": op.turn_frame,
        "stop_frame": op.stop_frame,
    }
    record = rep.record
    return replace(rep, record=replace(record, rep=replace(record.rep, **edges), cut_by="rater"))


def _reps(clip_id: ClipId, pts_s: np.ndarray) -> list[RepRecord]:
    bounds = np.linspace(8, pts_s.size - 8, N_REPS + 1).astype(int)
    return [
        RepRecord(
            rep_id=RepId(f"{clip_id}-{index}"),
            clip_id=clip_id,
            index=index,
            rep=_rep(int(start), int(stop) - 4, pts_s),
            cut_by="machine",
        )
        for index, (start, stop) in enumerate(pairwise(bounds), start=1)
    ]


def _rep(start: int, stop: int, pts_s: np.ndarray) -> Rep:
    turn = (start + stop) // 2
    return Rep(start, turn, stop, float(pts_s[start]), float(pts_s[turn]), float(pts_s[stop]))


def _figure(n_frames: int, size_px: tuple[int, int]) -> np.ndarray:
    """Shape (n_frames, 33, 3): x_px, y_px, visibility; one point is missing now and then."""
    places = np.linspace(0.15, 0.9, N_LANDMARKS)
    side = np.where(np.arange(N_LANDMARKS) % 2, -0.04, 0.04)
    sway = 0.03 * np.sin(np.arange(n_frames) / 9)[:, np.newaxis]
    figure = np.ones((n_frames, N_LANDMARKS, 3), dtype="<f4")
    figure[..., 0] = (0.5 + side + sway) * size_px[0]
    figure[..., 1] = places * size_px[1]
    figure[::5, 15] = np.nan
    return figure


def _back(n_frames: int, size_px: tuple[int, int]) -> np.ndarray:
    """Shape (n_frames, 26, 2): x_px, y_px; a few places are missing now and then."""
    back = np.empty((n_frames, N_STATIONS, 2), dtype="<f4")
    back[..., 0] = (0.4 - 0.05 * np.sin(np.pi * STATIONS)) * size_px[0]
    back[..., 1] = (0.7 - 0.4 * STATIONS) * size_px[1]
    back[::5, 10:14] = np.nan
    return back


NO_BAND = "nobody"
"""A rater who has found nothing good yet."""

_BAND = Band(
    3,
    np.tile(np.sin(np.linspace(0, np.pi, 2 * N_PER_PHASE + 1)) - 0.1, (len(COURSES), 1)),
    np.tile(np.sin(np.linspace(0, np.pi, 2 * N_PER_PHASE + 1)) + 0.1, (len(COURSES), 1)),
)


def _courses(record: RepRecord, pts_s: np.ndarray) -> RepCourses:
    """The first repetition is one that this view cannot show."""
    times_s = pts_s[record.rep.start_frame : record.rep.stop_frame]
    share = np.linspace(0, np.pi, times_s.size)
    progress = [np.sin(share), np.sin(share) ** 2]
    values = np.stack([*progress, 100 * np.cos(share), 60 * np.sin(2 * share)])
    values[:, times_s.size // 5] = np.nan
    if record.index == 1:
        never = (np.nan, np.nan)
        return RepCourses(record, times_s, np.full_like(values, np.nan), never, *never, HIDDEN)
    t50_s = (
        float(np.interp(np.pi / 6, share, times_s)),
        float(np.interp(np.pi / 4, share, times_s)),
    )
    return RepCourses(record, times_s, values, t50_s, 1000 * (t50_s[1] - t50_s[0]), 2.0, "")


HIDDEN = "This view cannot show who goes first."

SITES: list[Site] = []
"""The site that this process serves."""


def page() -> None:
    """The player on the clip named in the address, or the uploader where none is named."""
    st.set_page_config(layout="wide")
    if "clip" in st.query_params:
        player_page(SITES[0])
    else:
        uploader_page(SITES[0])


def uploader_page(site: Site) -> None:
    """The uploader, and the files that arrived last."""
    url = site.signer.upload_url("nothing to tell")
    uploader(url, key="uploader", on_uploaded=lambda: None, max_bytes=MAX_UPLOAD_BYTES)
    for path in site.received:
        st.caption(f"{path.name}: {path.stat().st_size} bytes")


MAX_UPLOAD_BYTES = 2**20


def player_page(site: Site) -> None:
    """The player, and what has arrived under it."""
    session = st.session_state
    if "receipts" not in session:
        session.receipts, session.n_runs = Receipts(), 0
    session.n_runs += 1
    rater = st.query_params.get("rater", "Ann")
    journal = site.journal(ClipId(st.query_params["clip"]), rater)

    def commit(batch: OpBatch) -> None:
        site.journal(batch.clip_id, batch.rater).receive(batch, session.receipts)

    urls = site.signer.urls(journal.clip.clip_id)
    data = PlayerData(
        journal.state(),
        urls,
        session.receipts,
        rater,
        turned_down=TURNED_DOWN,
        courses_url=site.signer.courses_url(journal.clip.clip_id, rater),
        wishes=own_keys.wishes(site.dataset, rater),
    )
    listeners = Listeners(
        rebind=partial(own_keys.change_key, site.dataset, rater),
        loop=partial(own_keys.change_loop, site.dataset),
        overlays=partial(own_keys.change_overlays, site.dataset),
    )
    player(data, key="player", on_commit=commit, listeners=listeners)
    n_ids = len(journal.ids)
    st.caption(f"runs={session.n_runs} recorded={n_ids} distinct={len(set(journal.ids))}")


def main(folder: str, port: str, theme: str = "light") -> None:
    """Serve until stopped."""
    SITES.append(Site(Path(folder)))
    app = st.App(
        Path(__file__).with_name("player_script.py"), routes=routes(SITES[0], SITES[0].signer)
    )
    told = {"server.port": int(port), "server.headless": True, "theme.base": theme}
    quiet = {"browser.gatherUsageStats": False, "server.fileWatcherType": "none"}
    app.run(config={**told, **quiet, "client.toolbarMode": "minimal"})


if __name__ == "__main__":
    sys.modules["player_site"] = sys.modules["__main__"]  # the page imports this very module
    main(*sys.argv[1:])
