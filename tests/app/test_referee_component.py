"""The referee: what is sent to it, what comes back, its keys, and its script."""

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support_raters import add_rated_sets

from labeler.app.assets import bundle
from labeler.app.media import MediaSigner
from labeler.app.referee import component
from labeler.app.referee.component import RefereeData, RefereeListeners, referee
from labeler.core.clip import ClipTags, View
from labeler.core.label import Answer, Decision
from labeler.workflows.dispute_keys import dispute_keys
from labeler.workflows.disputes import disputes
from labeler.workflows.keys import USUAL_KEYS

HERE = component._HERE
SCRIPT = HERE / "referee.js"


@pytest.fixture
def data(empty):
    """Ann and Ben differ; Ann said more beside her answer."""
    dataset = empty.dataset
    add_rated_sets(dataset, np.array([[0.0, 3.0]]), raters=("Ann", "Ben"))
    (found,) = disputes(dataset)
    ann, ben = found.answers
    told = replace(ben, confidence=0.75, note="at the floor", moment_s=1.25)
    words = {"title": "Back rounding", "where": "set00.mp4", "about": "", "decided": "2 clear"}
    urls = MediaSigner("secret").urls(found.clip.clip_id)
    return RefereeData(replace(found, answers=(ann, told)), urls, "k", words, ("a",) * 4, 1, 3)


def test_everything_that_raters_said_is_shown(data):
    ann, ben = data.as_json()["answers"]
    assert ann == {"who": "Ann", "answer": "0", "sure": None, "note": None, "moment_s": None}
    assert (ben["sure"], ben["note"], ben["moment_s"]) == (0.75, "at the floor", 1.25)


def test_a_decision_is_shown_with_its_reason(data):
    dispute = data.dispute
    decision = Decision(
        dispute.record.rep_id, dispute.fault, Answer.CLEAR, "why", "Eve", "2026-01-01T00:00:00.000Z"
    )
    sent = replace(data, dispute=replace(dispute, decision=decision)).as_json()
    assert sent["decided"] == {"who": "Eve", "words": "2 clear", "reason": "why"}


def test_a_clip_without_a_video_shows_its_skeleton(data):
    clip = replace(data.dispute.clip, is_video_present=False)
    sent = replace(data, dispute=replace(data.dispute, clip=clip)).as_json()["clip"]
    assert sent["video_url"] is None
    assert sent["pose_url"].endswith("/pose")
    assert len(sent["bones"]) > 10


@pytest.mark.parametrize(("view", "is_shown"), [(View.SIDE, True), (View.FRONT, False)])
def test_the_back_is_drawn_where_the_outline_is_the_back(data, view, is_shown):
    clip = replace(data.dispute.clip, tags=ClipTags(view=view))
    sent = replace(data, dispute=replace(data.dispute, clip=clip)).as_json()["clip"]
    assert (sent["back_url"] is not None) == is_shown


def test_wishes_are_passed_on_once_they_are_there(data, monkeypatch):
    calls, heard = {}, []
    session = {"r": SimpleNamespace(decide=None, move={"n": 1}, open=None)}
    monkeypatch.setattr(component, "_renderer", lambda: lambda **told: calls.update(told))
    monkeypatch.setattr(component.st, "session_state", session)
    told = RefereeListeners(
        lambda wish: heard.append(("decide", wish)),
        lambda wish: heard.append(("move", wish)),
        lambda wish: heard.append(("open", wish)),
    )
    referee(data, key="r", listeners=told)
    for name in ("decide", "move", "open"):
        calls[f"on_{name}_change"]()
    assert heard == [("move", {"n": 1})]


def test_it_mounts_in_streamlit():
    def script():
        from labeler.app.referee.component import _renderer

        _renderer()(key="r", data={})

    app = AppTest.from_function(script).run()
    assert not app.exception
    assert len(app.get("bidi_component")) == 1


# ---- the script -----------------------------------------------------------------------------


def test_the_bundle_is_one_script_with_the_modules_of_the_player():
    script = bundle(SCRIPT)
    assert "import " not in re.sub(r"^\s*//.*$", "", script, flags=re.MULTILINE)
    assert len(re.findall(r"^export ", script, re.MULTILINE)) == 1
    names = re.findall(
        r"^(?:const|let|class|function|async function) \*?(\w+)", script, re.MULTILINE
    )
    assert sorted(names) == sorted(set(names))  # modules share one scope
    assert {"Stage", "Transport", "Referee"} <= set(names)


def commands():
    """What the script can do."""
    text = SCRIPT.read_text(encoding="utf-8")
    named = re.findall(r"^  (\w+): \(r\)", text, re.MULTILINE)
    return {*named, *(f"answer{answer}" for answer in Answer)}


def test_every_key_and_button_does_something():
    by_key = {line.action for group in dispute_keys(USUAL_KEYS) for line in group.lines}
    page = SCRIPT.with_suffix(".html").read_text(encoding="utf-8")
    buttons = set(re.findall(r'data-command="(\w+)"', page))
    assert by_key | buttons == commands()


def test_everything_has_a_key_and_no_key_does_two_things():
    lines = [line for group in dispute_keys(USUAL_KEYS) for line in group.lines]
    keys = [key for line in lines for key in line.keys]
    assert all(line.keys for line in lines)
    assert len(keys) == len(set(keys))


def test_a_raters_own_keys_hold_and_give_way_to_the_severities():
    keys = {**USUAL_KEYS, "play": ("X", "2"), "nextRep": ("V",)}
    found = {line.action: line.keys for group in dispute_keys(keys) for line in group.lines}
    assert found["play"] == ("X",)
    assert found["nextRep"] == ()
    assert found["answer2"] == ("2",)
