"""Every command answers programs as well as people, and says what it does."""

import inspect

import pytest
import typer

from labeler.cli.main import app


def commands(group: typer.Typer, prefix: str = "") -> dict[str, object]:
    """Every command of a group and its groups, by the words that call it."""
    found = {f"{prefix}{command.name}": command.callback for command in group.registered_commands}
    for part in group.registered_groups:
        found |= commands(part.typer_instance, f"{prefix}{part.name} ")
    return found


COMMANDS = commands(app)
WITHOUT_DATASET = {"models"}
"""Models belong to no dataset."""


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_json_a_dataset_and_a_word_about_itself(name):
    callback = COMMANDS[name]
    told = inspect.signature(callback).parameters
    assert "as_json" in told
    assert ("dataset" in told) is (name not in WITHOUT_DATASET)
    assert inspect.getdoc(callback)


def test_the_commands_that_were_promised_are_there():
    promised = {"ingest", "doctor", "clips", "reps", "features", "train", "evaluate"}
    promised |= {"predict", "export", "import", "app", "label set", "label list", "label import"}
    promised |= {"rules ask", "rules limits", "agreement"}
    assert promised <= set(COMMANDS)
