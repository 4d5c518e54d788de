"""Every command answers programs as well as people, and says what it does."""

import inspect
import re
import shlex
from pathlib import Path

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
WITHOUT_DATASET = {"models compare", "models trust", "models share"}
"""Models belong to no dataset; which of them speak is a dataset's own."""


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
    promised |= {"rules ask", "rules limits", "agreement", "detect"}
    promised |= {f"models {name}" for name in ("list", "compare", "promote", "retire", "trust")}
    assert promised <= set(COMMANDS)


ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
IN_BLOCK = re.compile(r"^(labeler .*)$", re.MULTILINE)
IN_SENTENCE = re.compile(r"`(labeler [a-z][^`]*)`")


def written_commands() -> list[str]:
    """Every command that the readme and the pages of `docs` show."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    texts = [page.read_text("utf-8") for page in pages]
    found = {
        re.sub(r"\s+", " ", line)
        for text in texts
        for line in [*IN_BLOCK.findall("".join(BLOCK.findall(text))), *IN_SENTENCE.findall(text)]
    }
    return sorted(found)


@pytest.mark.parametrize("line", written_commands())
def test_what_the_pages_show_can_be_typed(line):
    """Every word before the first argument is a command, and every option is one of its own."""
    words = shlex.split(line.partition(" #")[0].replace("|", " "))[1:]
    command = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    command = getattr(command, "commands", {}).get("ask", command)  # of rules: what is usual
    known = {name for told in command.params for name in (*told.opts, *told.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= known | {"--help"}
    assert command.name != "labeler", f"no command is called {words[:1]}"
