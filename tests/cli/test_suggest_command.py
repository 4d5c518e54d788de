"""`labeler next`: what to label, as a table and as JSON."""

import json

from support_datasets import TAGS, add_hinges, new_dataset
from typer.testing import CliRunner

from labeler.cli.main import app
from labeler.workflows.labeling import all_clear


def invoke(dataset, *words):
    found = CliRunner().invoke(app, ["next", "--rater", "Eve", "--dataset", str(dataset), *words])
    assert found.exit_code == 0, found.output
    return found.output


def test_next_draws_once_and_then_says_what_is_left(tmp_path):
    with new_dataset(tmp_path) as dataset:
        clips = [add_hinges(dataset, f"{n}.mp4", tags=TAGS) for n in range(3)]
        told = json.loads(invoke(dataset.folder, "--sets", "2", "--json"))
        assert told["draw"]["number"] == 1
        assert told["draw"]["by"] == "Eve"
        assert [one["because"] for one in told["draw"]["sets"]].count("lot") == 1
        assert len(told["open"]) == 2
        assert told["advice"] == []
        first = next(clip for clip in clips if clip.short_id == told["open"][0]["clip"])
        for rep in range(1, 5):
            all_clear(dataset, first, rep=str(rep), rater="Ann")
        again = json.loads(invoke(dataset.folder, "--json"))
        assert again["draw"] == told["draw"]
        assert again["open"] == told["open"][1:]
        anew = json.loads(invoke(dataset.folder, "--anew", "--json"))
        assert anew["draw"]["number"] == 2
        assert told["open"][1]["why"] in invoke(dataset.folder)


def test_next_of_an_empty_dataset_says_what_to_do(tmp_path):
    with new_dataset(tmp_path) as dataset:
        assert "film further athletes" in invoke(dataset.folder).replace("\n", " ")
