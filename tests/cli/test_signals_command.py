"""`labeler signals`: what the numbers of a clip rest on."""

import json

import pytest
from support_datasets import add_hinges, new_dataset


@pytest.mark.parametrize("words", [[], ["--json"]], ids=["people", "programs"])
def test_the_steps_of_cleaning_are_told(command, words, tmp_path):
    with new_dataset(tmp_path) as dataset:
        add_hinges(dataset)
    code, out, _ = command("signals", "one.mp4", "--dataset", dataset.folder, *words)
    assert code == 0
    if words:
        told = json.loads(out)
        assert told["file"] == "one.mp4"
        assert [step["name"] for step in told["steps"]][:2] == ["visibility_gate", "near_side"]
    else:
        assert "Hampel" not in out
        assert "right side only" in out
