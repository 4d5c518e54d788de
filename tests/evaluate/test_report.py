"""The report: honest words for every verdict, one file, nothing injected."""

from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from learn.toy_reps import FAULT, toy_table

from labeler.evaluate.blocks import Bullets, Figure, Fold, Heading, Table, as_html, as_markdown
from labeler.evaluate.compare import compare
from labeler.evaluate.comparison import Verdict
from labeler.evaluate.comparison_charts import comparison_charts
from labeler.evaluate.existing import score_existing
from labeler.evaluate.report import (
    NO_CHECKS,
    VERDICT_WORDS,
    report_html,
    report_markdown,
    write_reports,
)
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
    assert head.startswith("# toy: Back rounding\n\nOn 6 athletes that it had not seen, it reaches")
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
    assert "| The model | 20 | 10 | – | – | – | – | – | – | – | – | – |" in text
    assert VERDICT_WORDS[Verdict.NO_RULE] in text
    assert "The model was not tested." in text
    assert "clips: 1; sets: 1; athletes: 1" in text
    assert "Model minus rules" not in text
    assert "Found faults against false alarms" not in text
    assert "<polyline" not in report_html(*lonely)


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


def test_every_figure_stands_with_its_numbers(good):
    page = report_html(*good)
    charts = comparison_charts(good[1].as_dict())
    assert page.count("<svg") == page.count("<details>") - 1 == len(charts) == 7
    for chart in charts:
        assert f"<h2>{chart.title}</h2>" in page
        assert all(f"<td>{cell}</td>" in page for cell in chart.cells[0])


def test_the_raters_and_the_leak_alarm_are_told_with_their_numbers(good):
    text = report_markdown(*good)
    assert "Agreement beyond chance (κ): the model with the raters" in text
    assert "Leak alarm: with the reps of each athlete mixed" in text
    assert "no alarm: it rings above +0.05" in text


def test_a_model_named_after_its_fault_is_named_once(good):
    card, found = good
    named = replace(card, name=card.fault)
    assert report_markdown(named, found).startswith("# Back rounding\n")
    own = replace(card, name="my_own", fault="my_own")
    assert report_markdown(own, found).startswith("# my_own\n")


def test_a_report_can_be_written_again_from_its_card(good):
    card, found = good
    assert report_markdown(card, card.metrics) == report_markdown(card, found)
    assert report_html(card, card.metrics) == report_html(card, found)


def test_slow_checks_are_told_once_they_are_done(good):
    card, found = good
    assert NO_CHECKS in report_markdown(card, found)
    plain = {
        "group_word": "athlete",
        "member": "logistic regression alone",
        "by_group": [],
        "by_label": [],
        "permutation": {
            "member": "logistic regression alone",
            "observed": 0.9,
            "shuffled": [0.48, 0.52],
            "p_value": 1 / 3,
            "mean": 0.5,
            "is_sound": True,
        },
    }
    text = report_markdown(card, found, plain)
    assert NO_CHECKS not in text
    assert "they score 0.50 on average" in text


OLD_KEYS = {"groups", "abstention", "reliability", "slices", "raters"}


def as_before(metrics):
    """Metrics as the first version of a card has them."""
    old = {key: value for key, value in metrics.items() if key not in OLD_KEYS}
    old["rows"] = [
        {
            **{key: value for key, value in row.items() if key != "spread"},
            "estimates": {k: v for k, v in row["estimates"].items() if k not in {"ece", "kappa"}},
        }
        for row in metrics["rows"]
    ]
    old["differences"] = [
        {key: value for key, value in found.items() if key != "settling"}
        for found in metrics["differences"]
    ]
    return old


def test_an_old_card_still_has_its_report(good):
    card, found = good
    old = as_before(found.as_dict())
    assert [chart.key for chart in comparison_charts(old)] == [
        "methods",
        "differences",
        "precision_recall",
    ]
    text = report_markdown(card, old)
    assert "it reaches a balanced accuracy of" in text
    assert "Agreement beyond chance" not in text


def test_a_card_without_metrics_has_a_report_too(good):
    text = report_markdown(good[0], {})
    assert "How good this model is cannot be told from these labels." in text
    assert "Not asked yet" not in text


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
    folded = Fold("g", Table(["h"], [["i"]]))
    assert as_markdown([folded]) == "g:\n\n| h |\n| --- |\n| i |\n"
    assert "<details><summary>g</summary><table>" in as_html("t", [folded])
    assert as_markdown(blocks) == "# A\n\n- b\n- c\n\n| d |\n| --- |\n| e |\n\n*f*\n"
    assert "<figure><svg/><figcaption>f</figcaption></figure>" in as_html("t", blocks)
