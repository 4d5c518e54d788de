"""`labeler signals`: what the numbers of a clip rest on."""

import json
import sys

import pytest
from support_datasets import add_hinges, new_dataset

from labeler.cli.main import main


@pytest.mark.parametrize("words", [[], ["--json"]], ids=["people", "programs"])
def test_the_steps_of_cleaning_are_told(words, tmp_path, monkeypatch, capsys):
    with new_dataset(tmp_path) as dataset:
        add_hinges(dataset)
    monkeypatch.setenv("COLUMNS", "200")
    place = ["--dataset", str(dataset.folder)]
    monkeypatch.setattr(sys, "argv", ["labeler", "signals", "one.mp4", *place, *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    out = capsys.readouterr().out
    if words:
        told = json.loads(out)
        assert told["file"] == "one.mp4"
        assert [step["name"] for step in told["steps"]][:2] == ["visibility_gate", "near_side"]
    else:
        assert "Hampel" not in out
        assert "right side only" in out
