"""The committed pages are what the code prints today."""

import re
from pathlib import Path

import pytest

from labeler.catalog import load_catalog
from labeler.features.registry import all_features
from labeler.workflows.documenting import pages, write_pages
from labeler.workflows.printed.markdown import COMMAND, table

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("name", pages())
def test_the_committed_page_is_what_the_code_prints(name):
    assert (DOCS / name).read_text("utf-8") == pages()[name], f"run: {COMMAND}"


def test_every_fault_movement_and_drill_has_its_own_heading():
    catalog = load_catalog()
    printed = pages()
    for name, ids in (
        ("faults.md", catalog.faults),
        ("movements.md", catalog.movements),
        ("drills.md", catalog.drills),
    ):
        headings = [line[3:] for line in printed[name].splitlines() if line.startswith("## ")]
        assert [heading for heading in headings if heading in ids] == list(ids)


def test_links_between_the_pages_lead_somewhere():
    printed = pages()
    headings = {
        f"{name}#{line[3:]}"
        for name, text in printed.items()
        for line in text.splitlines()
        if line.startswith("## ")
    }
    links = {
        part.split(")")[0]
        for text in printed.values()
        for part in text.split("](")[1:]
        if ".md#" in part.split(")")[0]
    }
    assert links
    assert links <= headings


def test_every_feature_is_on_its_page_once():
    """Those that are folded are written `stem_`{one, other}`_unit`."""
    printed = pages()["features.md"].partition("## Changes")[0]
    folded = re.findall(r"`([a-z0-9_]+_)`\{([a-z0-9_, ]+)\}(?:`([a-z0-9_]+)`)?", printed)
    names = [f"{stem}{one}{unit}" for stem, many, unit in folded for one in many.split(", ")]
    names += re.findall(r"^\| `([a-z0-9_]+)` \|", printed, re.M)
    names += re.findall(r", `([a-z0-9_]+_per_s)` \|", printed)
    known = {one.name for one in all_features()}
    assert known <= set(names)
    assert len([name for name in names if name in known]) == len(known)


def test_only_changed_pages_are_written(tmp_path):
    assert [page.name for page in write_pages(tmp_path)] == list(pages())
    (tmp_path / "drills.md").write_text("changed by hand", "utf-8")
    assert [page.name for page in write_pages(tmp_path)] == ["drills.md"]
    assert write_pages(tmp_path) == []


def test_a_cell_with_a_bar_stays_one_cell():
    assert list(table(["a", "b"], [["x|y", ""]]))[-1] == "| x\\|y | – |"
