"""The pages about formats name what the code writes: a new column without words fails here."""

import re
from pathlib import Path

import pytest

from labeler.core.label import ActionKind, Answer
from labeler.exchange.flat.clip_rows import CLIP_SCHEMA
from labeler.exchange.flat.manifest import FORMAT_NAME, FORMAT_VERSION
from labeler.exchange.flat.pose_tables import VALUES
from labeler.exchange.flat.rep_rows import DECISION_SCHEMA, LABEL_SCHEMA, REP_SCHEMA, SPLIT_SCHEMA
from labeler.exchange.flat.splits import N_FOLDS
from labeler.store.schema import metadata

DOCS = Path(__file__).resolve().parents[2] / "docs"
FORMAT_PAGE = (DOCS / "dataset-format.md").read_text("utf-8")
MODEL_PAGE = (DOCS / "data-model.md").read_text("utf-8")


def first_cells(page: str, heading: str) -> list[str]:
    """The names in the first column of the table under a heading."""
    section = page.split(f"\n{heading}\n", 1)[1].split("\n#", 1)[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("clips", CLIP_SCHEMA),
        ("reps", REP_SCHEMA),
        ("labels_long", LABEL_SCHEMA),
        ("decisions", DECISION_SCHEMA),
        ("splits", SPLIT_SCHEMA),
    ],
)
def test_every_column_is_described_in_its_order(name, schema):
    assert first_cells(FORMAT_PAGE, f"### {name}") == schema.names


def test_numbers_of_the_format_are_those_of_the_code():
    assert f"`format` `{FORMAT_NAME}`, `format_version` {FORMAT_VERSION}." in FORMAT_PAGE
    assert f"There are {N_FOLDS} folds" in FORMAT_PAGE
    assert all(f"`left_hip_{value}`" in FORMAT_PAGE for value in VALUES)


def test_the_data_model_names_every_answer_action_and_column():
    assert first_cells(MODEL_PAGE, "## Answers") == list(Answer)
    assert first_cells(MODEL_PAGE, "## Actions") == list(ActionKind)
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| (`.*) \|$", MODEL_PAGE, re.MULTILINE))
    assert {name: re.findall(r"`(\w+)`", rows[name]) for name in metadata.tables} == {
        name: table.columns.keys() for name, table in metadata.tables.items()
    }
