"""The report: honest words for every verdict, one file, nothing injected."""

from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from learn.toy_reps import FAULT, toy_table

from labeler.evaluate.blocks import Bullets, Figure, Heading, Table, as_html, as_markdown
from labeler.evaluate.compare import compare
from labeler.evaluate.comparison import Verdict
from labeler.evaluate.existing import score_existing
from labeler.evaluate.pr_figure import pr_svg
from labeler.evaluate.report import VERDICT_WORDS, report_html, report_markdown, write_reports
from labeler.learn.artifact import make_card
from labeler.learn.card import ModelFolderError
from labeler.learn.train import train


def make(table, *, has_rules=True):
    model = train(table, name="toy")
    score = np.random.default_rng(0).normal(0, 1, len(table))
    state = np.where(score >= 0, "fired", "passed")
    rules = pd.DataFrame(
        {"rep_id": table.rep_ids, "fault": FAULT.id, "state": state, "score": score}
    )
    rules["version"] = "2+0123abcd"
    found = compare(table, rules if has_rules else None)
    return make_card(model, table, metrics=found.as_dict(), findings=found.findings), found


@pytest.fixture(scope="module")
def good():
    table = toy_table()
    table.y[5] = 1 - table.y[5]
    return make(table)


@pytest.fixture(scope="module")
def lonely():
    return make(toy_table(athletes="A", n_reps=20), has_rules=False)


def test_a_coach_reads_the_result_first(good):
    text = report_markdown(*good)
    head = text[: text.index("## Know this first")]
    assert head.startswith("# toy: back_rounding\n\nOn 6 athletes that it had not seen, it reaches")
    assert VERDICT_WORDS[Verdict.BEATS] in head
    assert "48 reps, 25 of them with the fault" in head


def test_the_numbers_are_those_of_the_comparison(good):
    card, found = good
    estimate = found.rows[0].estimates["auprc"]
    text = report_markdown(card, found)
    assert f"{estimate.value:.2f} ({estimate.low:.2f} to {estimate.high:.2f})" in text
    assert f"| {found.worst_reps[0].rep_id} |" in text
    assert all(f"- {limit}" in text for limit in card.limits)
    assert "deadlift; views: side; frames per second: 30 to 30" in text


def test_the_rules_are_told_apart_by_their_version(good):
    """A report says which limits the model was compared with."""
    assert "Rules and their limits: version 2+0123abcd." in report_markdown(*good)
    card, found = make(toy_table(), has_rules=False)
    assert "Rules and their limits" not in report_markdown(card, found)


def test_what_cannot_be_told_is_said_and_not_drawn(lonely):
    text = report_markdown(*lonely)
    assert "How good this model is cannot be told from these labels." in text
    assert text.count("say nothing about other people") == 1
    assert "| model | 20 | 10 | – | – | – | – | – | – | – | – |" in text
    assert VERDICT_WORDS[Verdict.NO_RULE] in text
    assert "The model was not tested." in text
    assert "clips: 1; sets: 1; athletes: 1" in text
    assert "Model minus rules" not in text
    assert pr_svg(lonely[1]) == ""
    assert "Alarms against misses" not in text


def test_one_athlete_is_said_in_the_main_sentence():
    text = report_markdown(*make(toy_table(athletes="AAA")))
    assert "On unseen sets of one athlete, which says nothing about other people" in text
    assert VERDICT_WORDS[Verdict.NOT_SHOWN] in text


def test_a_verdict_about_one_athlete_says_so(good):
    card, found = good
    alone = replace(found, group_word="set", n_athletes=1)
    assert "is above 0. This holds for one athlete only." in report_markdown(card, alone)
    assert "This holds for" not in report_markdown(card, found)


def test_a_model_scored_on_its_own_athletes_does_not_boast():
    table = toy_table()
    model = train(table, name="toy")
    card = make_card(model, table)
    text = report_markdown(card, score_existing(model, card, table=table))
    assert "On athletes that it was trained on, it reaches" in text


class Tags(HTMLParser):
    """Collects what a page would load and whether its tags close."""

    def __init__(self):
        super().__init__()
        self.links, self.open, self.seen = [], [], set()

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in {"src", "href"}]
        self.seen.add(tag)
        if tag not in {"meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_one_file_and_well_formed(good):
    tags = Tags()
    tags.feed(report_html(*good))
    assert tags.links == []
    assert tags.open == []
    assert {"table", "svg", "h1"} <= tags.seen
    assert "script" not in tags.seen


def test_names_cannot_inject(good):
    card, found = good
    nasty = replace(card, name="<script>alert(1)</script> | x\n# y")
    page, text = report_html(nasty, found), report_markdown(nasty, found)
    assert "<script" not in page
    assert "<script" not in text
    assert "\\| x # y" in text.splitlines()[0]


def test_the_curve_is_drawn_to_scale(good):
    root = ElementTree.fromstring(pr_svg(good[1]))
    space = "{http://www.w3.org/2000/svg}"
    corners = root.find(f"{space}polyline").get("points").split()
    assert len(corners) == 2 * len(good[1].pr_points)
    assert corners[-1].startswith("368.0,")
    dot = root.find(f"{space}circle")
    recall, precision = good[1].rule_point
    assert float(dot.get("cx")) == pytest.approx(48 + 320 * recall, abs=0.1)
    assert float(dot.get("cy")) == pytest.approx(48 + 320 * (1 - precision), abs=0.1)


def test_without_rules_there_is_no_dot(good):
    assert "circle" not in pr_svg(replace(good[1], rule_point=None))


def test_both_reports_are_written(good, tmp_path):
    write_reports(*good, tmp_path)
    assert (tmp_path / "report.md").read_text(encoding="utf-8") == report_markdown(*good)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == report_html(*good)
    with pytest.raises(ModelFolderError, match="got No such file or directory"):
        write_reports(*good, tmp_path / "nowhere")


def test_no_finding_is_said_too(good):
    card, found = good
    text = report_markdown(replace(card, findings=()), replace(found, findings=()))
    assert "Nothing out of the ordinary." in text


def test_blocks():
    blocks = [Heading("A", 1), Bullets(["b", "c"]), Table(["d"], [["e"]]), Figure("<svg/>", "f")]
    assert as_markdown(blocks) == "# A\n\n- b\n- c\n\n| d |\n| --- |\n| e |\n\n*f*\n"
    assert "<figure><svg/><figcaption>f</figcaption></figure>" in as_html("t", blocks)
