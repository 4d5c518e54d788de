import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from labeler.app.assets import bundle
from labeler.app.media import MediaSigner
from labeler.app.player import component
from labeler.app.player.component import PlayerData, player
from labeler.app.uploader import component as uploader_component
from labeler.catalog.loader import load_catalog
from labeler.core.clip import Clip, ClipTags, View
from labeler.core.errors import UsageError
from labeler.core.label import Answer
from labeler.core.rep import Rep, RepQuality, RepRecord
from labeler.workflows.keys import FAULT_KEYS, USUAL_KEYS, is_fault
from labeler.workflows.labeling import FaultQuestion, LabelingState, Remark, RepAnswers
from labeler.workflows.moments import MOMENT_MARGIN_S
from labeler.workflows.operations import OpBatch, Receipts, Refusal, UndoOp

PLAYER = Path(component.__file__).with_name("player.js")
UPLOADER = Path(uploader_component.__file__).with_name("uploader.js")
MODULES = sorted(PLAYER.parent.glob("*.js"))
CLIP = "ab" * 32


@pytest.fixture
def data():
    clip = Clip(
        clip_id=CLIP, file_name="a.mp4", tags=ClipTags(view=View.SIDE), width_px=640,
        height_px=360, n_frames=100, duration_s=4.0, fps_median=25.0, fps_jitter_ratio=0.0,
        start_offset_s=0.0, rotation_deg=0, detected_ratio=1.0, source_path=None, ingested_at="",
    )  # fmt: skip
    rep = Rep(10, 20, 31, 0.4, 0.8, 1.24, RepQuality.BAD, ("pose lost",))
    fault = load_catalog().fault("back_rounding")
    question = FaultQuestion(fault, "1", is_visible=True, is_weak=True, reason="Film it closer.")
    answered = RepAnswers(RepRecord("r-1", CLIP, 1, rep, "Ann"), {fault.id: Answer.NOT_VISIBLE})
    state = LabelingState(clip, (question,), (answered,), can_undo=True, can_redo=False)
    receipts = Receipts({"c1": 4}, [Refusal("c1", 3, "no")])
    return PlayerData(state, MediaSigner("s").urls(CLIP), receipts, "Ann", start_rep="r-1")


def test_the_script_gets_what_it_shows(data):
    sent = json.loads(json.dumps(data.as_json()))
    assert sent["clip"] == CLIP
    assert sent["size"] == [640, 360]
    assert sent["bones"][0] == [11, 12]
    assert sent["reps"] == [
        {
            "id": "r-1", "index": 1, "start": 10, "turn": 20, "stop": 31, "quality": "bad",
            "reasons": ["pose lost"], "cut_by": "Ann", "answers": {"back_rounding": "NV"},
            "remarks": {},
        }
    ]  # fmt: skip
    fault = sent["faults"][0]
    assert (fault["id"], fault["key"], fault["is_weak"]) == ("back_rounding", "1", True)
    assert len(fault["sheet"]) == 4
    assert sent["acks"] == {"c1": 4}
    assert sent["refused"] == [{"client": "c1", "seq": 3, "message": "no"}]
    assert (sent["can_undo"], sent["can_redo"], sent["start_rep"]) == (True, False, "r-1")
    assert all(
        sent[f"{what}_url"].endswith(f"/{what}") for what in ("video", "pts", "pose", "back")
    )


def test_a_moment_is_told_as_a_frame(data):
    (answered,), fault = data.state.reps, data.state.questions[0].fault.id
    said = replace(answered, remarks={fault: Remark(0.5, None, 0.6)}, moments={fault: 15})
    sent = replace(data, state=replace(data.state, reps=(said,))).as_json()
    assert sent["reps"][0]["remarks"] == {fault: {"confidence": 0.5, "note": None, "moment": 15}}
    assert sent["moment_margin_s"] == MOMENT_MARGIN_S


def test_the_script_gets_what_was_not_counted(data):
    row = {
        "start_frame": 3,
        "turn_frame": 5,
        "stop_frame": 9,
        "start_s": 0.1,
        "reason": "too short",
    }
    assert data.as_json()["turned_down"] == []
    sent = replace(data, turned_down=[row]).as_json()
    assert sent["turned_down"] == [{"start": 3, "turn": 5, "stop": 9, "reason": "too short"}]


def test_courses_are_asked_for_anew_when_what_they_are_made_of_changes(data):
    def asked(state):
        return replace(data, state=state, courses_url="/courses").as_json()["courses_url"]

    state, answered = data.state, data.state.reps[0]
    moved = replace(answered.record, rep=replace(answered.record.rep, turn_frame=21))
    fault = state.questions[0].fault.id
    others = [
        replace(state, reps=(replace(answered, record=moved),)),
        replace(state, reps=(replace(answered, answers={fault: Answer.ABSENT}),)),
        replace(state, clip=replace(state.clip, tags=ClipTags(view=View.FRONT))),
    ]
    editions = {asked(one) for one in (state, *others)}
    assert len(editions) == 4
    assert all(url.startswith("/courses?of=") for url in editions)
    severe = replace(state, reps=(replace(answered, answers={fault: Answer.SEVERE}),))
    assert asked(severe) == asked(state)
    assert data.as_json()["courses_url"] is None


@pytest.mark.parametrize(
    ("view", "is_shown"),
    [
        (View.SIDE, True),
        (None, False),
        (View.FRONT, False),
        (View.REAR, False),
        (View.OBLIQUE, False),
    ],
)
def test_the_back_is_drawn_where_the_outline_is_the_back(data, view, is_shown):
    clip = replace(data.state.clip, tags=ClipTags(view=view))
    sent = replace(data, state=replace(data.state, clip=clip)).as_json()
    assert (sent["back_url"] is not None) == is_shown


def test_a_clip_without_a_video_has_no_address_of_one(data):
    clip = replace(data.state.clip, is_video_present=False)
    sent = replace(data, state=replace(data.state, clip=clip)).as_json()
    assert sent["video_url"] is None
    assert sent["pose_url"].endswith("/pose")


@pytest.fixture
def mounted(monkeypatch):
    """Arguments of the mount, and a session whose component reports `commit`."""
    calls, session = {}, {"p": SimpleNamespace(commit=None)}
    monkeypatch.setattr(component, "_renderer", lambda: lambda **told: calls.update(told))
    monkeypatch.setattr(component.st, "session_state", session)
    return SimpleNamespace(calls=calls, session=session)


def test_a_commit_is_read_and_passed_on(data, mounted):
    batches = []
    player(data, key="p", on_commit=batches.append)
    op = {"seq": 1, "op": "undo", "at": "now"}
    raw = {"client": "c1", "clip": CLIP, "rater": "Ann", "ops": [op]}
    mounted.session["p"].commit = raw
    mounted.calls["on_commit_change"]()
    assert batches == [OpBatch("c1", CLIP, "Ann", (UndoOp(1, "now"),))]


def test_no_commit_passes_nothing_on(data, mounted):
    batches = []
    player(data, key="p", on_commit=batches.append)
    mounted.calls["on_commit_change"]()
    assert batches == []


def test_a_commit_that_the_player_never_sends(data, mounted):
    player(data, key="p", on_commit=print)
    mounted.session["p"].commit = {"client": 5}
    with pytest.raises(UsageError, match="client: expected 1 to 200 characters, got 5"):
        mounted.calls["on_commit_change"]()


def test_both_components_mount_in_streamlit():
    def script():
        from labeler.app.player.component import _renderer
        from labeler.app.uploader.component import uploader

        _renderer()(key="p", data={})
        uploader("/labeler/upload/x", key="u", on_uploaded=print)

    app = AppTest.from_function(script).run()
    assert not app.exception
    assert len(app.get("bidi_component")) == 2


# ---- the script -----------------------------------------------------------------------------


def declared(text):
    return re.findall(r"^(?:const|let|class|function|async function) \*?(\w+)", text, re.MULTILINE)


@pytest.mark.parametrize("entry", [PLAYER, UPLOADER], ids=lambda path: path.stem)
def test_the_bundle_is_one_script(entry):
    script = bundle(entry)
    assert "import " not in re.sub(r"^\s*//.*$", "", script, flags=re.MULTILINE)
    assert len(re.findall(r"^export ", script, re.MULTILINE)) == 1
    names = declared(script)
    assert sorted(names) == sorted(set(names))  # modules share one scope
    assert "\n" in script  # Streamlit takes text without line breaks for a path


def test_the_bundle_holds_every_module_after_those_it_needs():
    script = bundle(PLAYER)
    place = {path.name: script.index(path.read_text().splitlines()[0]) for path in MODULES}
    needs = {path.name: re.findall(r'from "\./([\w-]+\.js)"', path.read_text()) for path in MODULES}
    assert len(needs["player.js"]) > 5
    for name, needed in needs.items():
        assert all(place[other] < place[name] for other in needed)


def test_a_module_that_is_missing(tmp_path):
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nexport default b;\n')
    with pytest.raises(FileNotFoundError, match=r"b\.js"):
        bundle(tmp_path / "a.js")


def key_names():
    commands = {action: keys for action, keys in USUAL_KEYS.items() if not is_fault(action)}
    return {key: command for command, keys in commands.items() for key in keys}


def test_fault_keys_are_free():
    """A fault's key, plain or with Shift, means nothing else in the player."""
    names = key_names()
    assert len(names) > 30
    taken = {name.removeprefix("Shift ").lower() for name in names}
    assert taken.isdisjoint(FAULT_KEYS)


def test_every_key_and_button_does_something():
    commands = re.findall(
        r"^  (\w+): \(p\)", (PLAYER.parent / "commands.js").read_text(), re.MULTILINE
    )
    page = PLAYER.with_suffix(".html").read_text()
    buttons = re.findall(r'data-command="(\w+)"', page)
    assert len(commands) > 30
    assert {*key_names().values(), *buttons} == set(commands)
