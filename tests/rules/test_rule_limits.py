"""The limits: what comes with the package, what a coach changes, and what is wrong with a file."""

import math
import tomllib

import pytest
from support_detection import ROWS, row, use_rows

from labeler.core.clip import View
from labeler.core.errors import RulesError
from labeler.core.units import Unit
from labeler.rules.registry import State, all_rules
from labeler.rules.template import template
from labeler.rules.thresholds import (
    OVERRIDES,
    Evidence,
    load_limits,
    load_rulebook,
)

BOOK = load_limits()
ALL = [(fault, limit) for fault in BOOK for limit in BOOK[fault].values.values()]


@pytest.fixture
def with_file(tmp_path):
    """The rule book of a dataset with that text in its file of limits."""

    def made(text, **told):
        (tmp_path / OVERRIDES).write_text(text, **({"encoding": "utf-8"} | told))
        return load_rulebook(tmp_path)

    return made


@pytest.mark.parametrize(("fault", "limit"), ALL, ids=[f"{f}-{one.name}" for f, one in ALL])
def test_every_limit_says_where_it_comes_from(fault, limit):
    """Unit in the name, a value to tell margins in, an uncertainty, and both with their source."""
    assert limit.unit in Unit
    assert limit.value != 0
    assert limit.uncertainty > 0
    assert limit.says
    assert limit.source
    assert limit.uncertainty_source
    assert limit.evidence is not Evidence.COACH


def test_without_a_file_the_packages_limits_hold(tmp_path):
    assert load_rulebook(tmp_path) is BOOK
    assert load_rulebook(None) is BOOK
    assert BOOK.changed_in is None


def test_a_value_alone_and_a_whole_table(with_file, tmp_path):
    """Both ways to write a change; what is not named stays."""
    book = with_file(
        "[torso_dip_first]\ncoupling_q25_pp = 25\n"
        "[back_rounding.back_tangent_change_deg]\n"
        'value = 30.0\nuncertainty = 5\nsource = "my eye"\n'
        "[hip_delay.hip_progress_quarter_ratio]\n"
    )
    lead = book["torso_dip_first"]["coupling_q25_pp"]
    usual = BOOK["torso_dip_first"]["coupling_q25_pp"]
    assert (lead.value, lead.uncertainty) == (25.0, usual.uncertainty)
    assert (lead.evidence, lead.source) == (Evidence.COACH, "set in rules.toml")
    outline = book["back_rounding"]["back_tangent_change_deg"]
    assert (outline.value, outline.uncertainty, outline.source) == (30.0, 5.0, "my eye")
    assert book["hip_delay"] == BOOK["hip_delay"]
    assert book["back_rounding"].views == BOOK["back_rounding"].views
    assert book.changed_in == tmp_path / OVERRIDES


def test_changed_limits_change_the_answers(with_file):
    """A rep that fires by the package's limit passes by the coach's."""
    rule = next(one for one in all_rules() if one.fault == "hip_delay")
    row = {"movement": "hinge", "hip_progress_quarter_ratio": 0.02}
    book = with_file("[hip_delay.hip_progress_quarter_ratio]\nvalue = 0.01\nuncertainty = 0.001\n")
    assert rule(row, BOOK["hip_delay"]).state is State.FIRED
    assert rule(row, book["hip_delay"]).state is State.PASSED


def test_a_prescribed_tempo_is_judged_once_it_is_told(with_file):
    """Down faster than up passes while nothing is prescribed, and fires when 2:1 is."""
    rule = next(one for one in all_rules() if one.fault == "tempo_uncontrolled")
    row = {"descent_s": 1.2, "descent_to_ascent_ratio": 0.5, "movement": "squat"}
    book = with_file("[tempo_uncontrolled.descent_to_ascent_ratio]\nis_used = true\n")
    assert rule(row, BOOK["tempo_uncontrolled"]).state is State.PASSED
    said = rule(row, book["tempo_uncontrolled"])
    assert said.state is State.FIRED
    assert "0.50 times as long" in said.reason
    unseen = {**row, "descent_to_ascent_ratio": math.nan}
    assert rule(unseen, book["tempo_uncontrolled"]).state is State.NOT_APPLICABLE


def test_an_uncertainty_that_a_coach_sets_overrules_that_of_the_rep(with_file):
    """A lag otherwise has the detection limit of its movement and frame rate."""
    rule = next(one for one in all_rules() if one.fault == "torso_dip_first")
    lag = {"lag_area_ms": -130.0, "lag_area_ratio": -0.3, "coupling_q25_pp": 0.0}
    row = {**lag, "descent_s": 0.43, "movement": "hinge", "median_fps": 30.0}
    book = with_file(
        "[torso_dip_first.lag_area_ms]\nuncertainty = 0\n"
        "[torso_dip_first.lag_area_ratio]\nuncertainty = 0\n"
    )
    assert rule(row, BOOK["torso_dip_first"]).state is State.TOO_CLOSE
    assert rule(row, book["torso_dip_first"]).state is State.FIRED


def test_the_version_tells_limits_apart(with_file):
    """The same numbers give the same version, also written out; others give another."""
    same = with_file("[hip_delay]\nhip_progress_quarter_ratio = 0.05\n")
    assert same.version == BOOK.version
    other = with_file("[hip_delay]\nhip_progress_quarter_ratio = 0.06\n")
    assert other.version != BOOK.version
    assert other.version.split("+")[0] == BOOK.version.split("+")[0]


def test_the_mark_that_some_editors_put_in_front_is_fine(with_file):
    book = with_file("[hip_delay]\nhip_progress_quarter_ratio = 0.06\n", encoding="utf-8-sig")
    assert book["hip_delay"]["hip_progress_quarter_ratio"].value == 0.06


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[hip_dely]\n", "rule: expected one of torso_dip_first, .* got 'hip_dely'"),
        ("hip_delay = 3\n", "rule: expected one of .* got 'hip_delay'"),
        ("[hip_delay]\nhips = 1.0\n", "limit: expected one of hip_progress.* got 'hips'"),
        ("[hip_delay.hip_progress_quarter_ratio]\nvlaue = 1.0\n", "key: .* got 'vlaue'"),
        ('[hip_delay]\nhip_progress_quarter_ratio = "5"\n', "expected a number, got '5'"),
        ("[hip_delay]\nhip_progress_quarter_ratio = true\n", "expected a number, got True"),
        ("[hip_delay]\nhip_progress_quarter_ratio = nan\n", "expected a number, got nan"),
        ("[hip_delay]\nhip_progress_quarter_ratio = 0\n", "a number above 0, such as 0.05"),
        ("[torso_dip_first]\nlag_area_ms = 100\n", "a number below 0, such as -100, got 100"),
        (
            "[hip_delay.hip_progress_quarter_ratio]\nuncertainty = -1\n",
            "uncertainty: expected 0 or more, got -1",
        ),
        ("[hip_delay.hip_progress_quarter_ratio]\nis_used = 1\n", "true or false, got 1"),
        ("[hip_delay.hip_progress_quarter_ratio]\nsource = 1\n", "in quotation marks, got 1"),
        ("[hip_delay\n", "expected TOML, got .*line 1"),
    ],
)
def test_a_file_with_a_mistake_is_refused(with_file, text, message):
    """What, expected, got, and what to do; nothing misspelt passes in silence."""
    with pytest.raises(RulesError, match=message) as caught:
        with_file(text)
    assert OVERRIDES in caught.value.message
    assert "labeler rules limits" in caught.value.hint


def test_a_file_that_is_no_text_is_refused(with_file):
    with pytest.raises(RulesError, match="expected text in UTF-8"):
        with_file("# Rücken\n", encoding="latin-1")


def test_a_file_that_cannot_be_read_is_refused(with_file, tmp_path, monkeypatch):
    with_file("")

    def refuse(*_args, **_told):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_text", refuse)
    with pytest.raises(RulesError, match="expected one that can be read, got 'Permission denied'"):
        load_rulebook(tmp_path)


def test_the_template_changes_nothing_and_names_everything(with_file):
    """A new file leaves every limit as it is; each of them is there, with its words."""
    text = template(BOOK)
    assert with_file(text) == BOOK
    tables = tomllib.loads(text)
    assert {(fault, name) for fault, limits in tables.items() for name in limits} == {
        (fault, limit.name) for fault, limit in ALL
    }
    flat = text.replace("\n# ", " ")
    assert all(limit.source in flat for _, limit in ALL)
    assert max(map(len, text.splitlines())) <= 100


def test_every_value_of_the_template_can_be_uncommented(with_file):
    """Taking the # away changes nothing by itself, but switches on what has to be told."""
    lines = template(BOOK).splitlines()
    keys = ("# value = ", "# is_used = ")
    text = "\n".join(line[2:] if line.startswith(keys) else line for line in lines)
    book = with_file(text)
    changed = {fault for fault in BOOK if book[fault] != BOOK[fault]}
    assert changed == {"tempo_uncontrolled"}
    assert book["tempo_uncontrolled"]["descent_to_ascent_ratio"].is_used


def test_where_nothing_can_be_told_all_that_is_ever_shown_is_uncertain(monkeypatch):
    """A number all the same, so that pages, files and JSON can hold it."""
    lost = row("rotation", View.FRONT, 120.0, "lag_t50_ms", slope=0.0, limit=math.inf)
    use_rows(monkeypatch, lambda: (lost,))
    limit = load_limits.__wrapped__()["twist_first"]["lag_t50_ms"]
    assert limit.uncertainty == lost.most_shown == 100.0


def test_a_lead_has_the_band_of_its_own_movement_and_view():
    lead = row("kb_swing", View.SIDE, 30.0, "coupling_q25_pp", limit=8.0)
    with pytest.MonkeyPatch.context() as patch:
        use_rows(patch, lambda: (*ROWS, lead))
        limits = load_limits.__wrapped__()["torso_dip_first"]
        swing, hinge = (limits.for_rep(name, 30.0, "side") for name in ("kb_swing", "hinge"))
    assert swing.measured_band("coupling_q25_pp") == pytest.approx(4.0)
    assert hinge.measured_band("coupling_q25_pp") == pytest.approx(10.0)
    assert math.isnan(hinge.measured_band("lag_area_ratio"))  # told by the lag itself
