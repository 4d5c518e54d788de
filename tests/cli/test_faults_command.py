"""The command that lists a dataset's faults and writes the file to change them in."""

import json

import pytest
from support_datasets import new_dataset

from labeler.catalog import load_catalog
from labeler.catalog.own import OWN_CATALOG


@pytest.fixture
def folder(monkeypatch, tmp_path):
    with new_dataset(tmp_path) as dataset:
        monkeypatch.setenv("LABELER_DATASET", str(dataset.folder))
        return dataset.folder


def test_faults_are_listed_and_changed_in_a_file(command, folder):
    code, out, err = command("faults", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, [row["fault"] for row in rows]) == (0, list(load_catalog().faults))
    assert "labeler faults --init" in err
    code, out, _ = command("faults", "--init", "--json")
    assert (code, json.loads(out)["path"]) == (0, str(folder / OWN_CATALOG))
    (folder / OWN_CATALOG).write_text("[back_rounding]\nis_retired = true\n", "utf-8")
    rows = [json.loads(line) for line in command("faults", "--json")[1].splitlines()]
    assert [row["fault"] for row in rows if row["is_retired"]] == ["back_rounding"]


def test_people_are_told_where_to_edit(command, folder):
    _, _, err = command("faults", "--init")
    assert "written: edit it" in err
    _, out, err = command("faults")
    assert "torso_dip_first" in out
    assert OWN_CATALOG in err


def test_a_second_file_is_refused(command, folder):
    command("faults", "--init")
    code, _, err = command("faults", "--init")
    assert (code, "expected no such file yet" in err) == (1, True)


def test_a_mistake_is_said_with_its_place(command, folder):
    (folder / OWN_CATALOG).write_text("[back_roundin]\nis_retired = true\n", "utf-8")
    code, out, err = command("faults")
    assert (code, out) == (1, "")
    assert "back_roundin: expected the id of a fault that is there" in err
