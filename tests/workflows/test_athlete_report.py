"""The file that a coach sends: whole, honest, and without anything from outside."""

import dataclasses
import re
from html.parser import HTMLParser

import pytest
from support_athlete_page import two_sessions
from support_datasets import add_hinges, new_dataset

from labeler.core.errors import UsageError
from labeler.workflows.athlete import athlete_report
from labeler.workflows.athlete_faults import By
from labeler.workflows.athlete_report import (
    advice_lines,
    athlete_html,
    detector_words,
    in_plan,
    method_lines,
    write_athlete_html,
)
from labeler.workflows.athlete_reps import Ask

OUTSIDE = re.compile(r"""(src|href)\s*=|url\(|@import|<script|<link|<iframe""", re.IGNORECASE)
MEDICAL = ("injur", "pain", "diagnos", "patholog", "patient", "therap", "risk")


class Balanced(HTMLParser):
    """Refuses tags that are not closed in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):  # noqa: ARG002  as the parser calls it
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """Closed at once."""

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def report(tmp_path):
    with new_dataset(tmp_path) as dataset:
        two_sessions(dataset)
        yield athlete_report(dataset, "A01", Ask(tmp_path / "models"))


def test_the_file_needs_no_other_and_is_well_formed(report):
    html = athlete_html(report)
    assert not OUTSIDE.search(html)
    assert re.findall(r"https?://[^\"']*", html) == html.count("xmlns=") * [
        "http://www.w3.org/2000/svg"
    ]
    reader = Balanced()
    reader.feed(html)
    assert reader.open == []


def test_it_says_intervals_numbers_detectors_and_makes_no_medical_claim(report):
    html = athlete_html(report)
    assert "67 % (30 to 90 %), 4 of 6" in html
    assert "the hand-written rule" in html
    assert "Nothing here is a medical statement." in html
    assert "never counted as absent" in html
    text = html.lower()
    assert not [word for word in MEDICAL if word in text]
    assert html.count("<svg") >= 2  # a rate over time, and who leads
    assert "@page" in html


def test_a_made_up_athlete_says_so_first(tmp_path):
    with new_dataset(tmp_path) as dataset:
        two_sessions(dataset, is_synthetic=True)
        report = athlete_report(dataset, "A01", Ask(tmp_path / "models"))
    html = athlete_html(report)
    assert html.index("SYNTHETIC.") < html.index("What to work on")
    assert "synthetic repetitions" in html


def test_an_athlete_of_whom_nothing_is_known_gets_a_report_too(tmp_path):
    with new_dataset(tmp_path) as dataset:
        add_hinges(dataset)
        report = athlete_report(dataset, "A01", Ask(tmp_path / "models", viewer="Ann"))
    html = athlete_html(report)
    assert "No fault was seen in these repetitions." in html
    assert "No repetitions that may be told about." in html
    assert "Fewer than two repetitions" in html
    assert "film from the side" in html
    assert "4 more are hidden until rated." in html


def test_names_cannot_become_html(report):
    evil = dataclasses.replace(report, known=dataclasses.replace(report.known, athlete="<b>A</b>"))
    assert "<b>A</b>" not in athlete_html(evil)
    assert "&lt;b&gt;A&lt;/b&gt;" in athlete_html(evil)


def test_what_the_catalogue_does_not_have_is_not_made_up(report):
    fault = dataclasses.replace(report.plan[0].fault, why="", cue="")
    bare = dataclasses.replace(report.plan[0], fault=fault, drills=(), is_rated=False)
    lines = advice_lines(bare)
    assert lines[1] == "Seen by the detector only: no rater has confirmed it."
    assert lines[-1] == "The catalogue has no cue and no drill for it."


def test_advice_is_about_what_people_saw_and_names_what_only_the_detector_did(report):
    seen = dataclasses.replace(report.plan[0], is_rated=True)
    found = dataclasses.replace(report.plan[0], is_rated=False)
    told, words = in_plan(dataclasses.replace(report, plan=(seen, found)))
    assert told == [seen]
    assert words.startswith("Seen by the detector only, confirmed by no rater: Torso dips")
    assert words in athlete_html(dataclasses.replace(report, plan=(seen, found)))
    assert in_plan(dataclasses.replace(report, plan=(found,))) == ([found], "")


def test_weeks_and_thresholds_are_named(report):
    weeks = dataclasses.replace(report, by=By.WEEK, threshold=3)
    text = "\n".join(method_lines(weeks))
    assert "from severe on (severity 3)" in text
    assert "A week is placed where its first clip came in" in text
    assert (detector_words("rule"), detector_words("")) == ("the hand-written rule", "nobody")


def test_it_is_written_or_says_why_not(report, tmp_path):
    file = write_athlete_html(report, tmp_path / "a.html")
    assert file.read_text("utf-8") == athlete_html(report)
    with pytest.raises(UsageError, match="expected a file to write to") as told:
        write_athlete_html(report, tmp_path / "none" / "a.html")
    assert "folder" in told.value.hint
