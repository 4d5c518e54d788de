"""The limits of a dataset: listed, written out, and recorded in what they decide."""

import pytest
from support_datasets import add_hinges, new_dataset

from labeler.core.errors import RulesError
from labeler.rules.thresholds import OVERRIDES, load_limits
from labeler.workflows.deriving import rules_of_all
from labeler.workflows.limits import as_words, init_limits, limit_rows


def test_every_limit_is_a_row(tmp_path):
    rows = limit_rows(tmp_path)
    assert len(rows) == sum(len(load_limits()[fault].values) for fault in load_limits())
    assert {row["version"] for row in rows} == {load_limits().version}
    assert not any(row["is_changed"] for row in rows)
    assert {row["evidence"] for row in rows} == {"measured", "prior"}


def test_every_unit_has_its_words():
    """No limit is shown with a bare unit ending."""
    for row in limit_rows(None):
        assert as_words(row["value"], row["unit"]).startswith(f"{row['value']:g}")
    assert as_words(-100.0, "ms") == "-100 ms"


def test_a_new_file_changes_nothing_until_it_is_edited(tmp_path):
    file = init_limits(tmp_path)
    assert file == tmp_path / OVERRIDES
    assert limit_rows(tmp_path) == limit_rows(None)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("# value = 0.05\n", "# \nvalue = 0.06\n", 1), encoding="utf-8")
    (changed,) = [row for row in limit_rows(tmp_path) if row["is_changed"]]
    assert (changed["limit"], changed["value"]) == ("hip_progress_quarter_ratio", 0.06)


def test_a_file_that_is_there_is_never_overwritten(tmp_path):
    init_limits(tmp_path).write_text("# mine\n", encoding="utf-8")
    with pytest.raises(RulesError, match="expected no such file yet") as caught:
        init_limits(tmp_path)
    assert "Edit that one" in caught.value.hint
    assert (tmp_path / OVERRIDES).read_text(encoding="utf-8") == "# mine\n"


def test_where_nothing_can_be_written_it_says_so(tmp_path):
    with pytest.raises(RulesError, match="expected to write there, got"):
        init_limits(tmp_path / "nowhere")


def test_answers_carry_the_limits_that_gave_them(tmp_path):
    with new_dataset(tmp_path) as dataset:
        add_hinges(dataset, "one.mp4")
        before = rules_of_all(dataset)
        (dataset.folder / OVERRIDES).write_text("[tempo_uncontrolled]\ndescent_s = 3.0\n", "utf-8")
        after = rules_of_all(dataset)
    assert set(before["version"]) == {load_limits().version}
    assert set(after["version"]) & set(before["version"]) == set()
    of_tempo = after[after["fault"] == "tempo_uncontrolled"]
    assert set(of_tempo["state"]) == {"fired"}


def test_a_mistake_stops_before_anything_slow(tmp_path):
    with new_dataset(tmp_path) as dataset:
        (dataset.folder / OVERRIDES).write_text("[nonsense]\n", "utf-8")
        with pytest.raises(RulesError, match="got 'nonsense'"):
            rules_of_all(dataset)
