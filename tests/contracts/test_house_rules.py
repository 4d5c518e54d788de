"""The numbers that the house holds: lengths of files, pages, functions and parameter lists."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "labeler"

MAX_FILE_LINES = 400
MAX_PAGE_LINES = 80
MAX_APP_LINES = 40
MAX_FUNCTION_LINES = 40
MAX_PARAMETERS = 5

OPTIONS_OF_COMMANDS = PACKAGE / "cli"
"""A command's parameters are its options: their number is what the command can be told."""

MORE_PARAMETERS = {
    "answer_fault": "one answer has a dataset, a clip, a rep, a fault, an answer and a rater",
    "feature": "each is a field of the feature that the decorator registers",
    "ingest_many": "what, where to, about whom, with how many, and two listeners",
}
"""Functions outside the commands that may take one more, each with its reason."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> list[Path]:
    """Every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def n_lines(path: Path) -> int:
    """Lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def n_code_lines(function: Function) -> int:
    """Lines of a function's body, without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def n_parameters(function: Function) -> int:
    """Parameters, without ``self`` and ``cls``."""
    told = function.args
    names = [a.arg for a in (*told.posonlyargs, *told.args, *told.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def test_no_file_is_too_long():
    scripts = [path for kind in ("*.js", "*.css") for path in PACKAGE.rglob(kind)]
    long = {path.name: n_lines(path) for path in (*sources(), *scripts)}
    assert {name: n for name, n in long.items() if n > MAX_FILE_LINES} == {}


def test_pages_are_short_and_the_app_file_builds_and_nothing_else():
    pages = {path.name: n_lines(path) for path in (PACKAGE / "app" / "pages").glob("[a-z]*.py")}
    entered = {name: n for name, n in pages.items() if not name.endswith("_parts.py")}
    assert {name: n for name, n in entered.items() if n > MAX_PAGE_LINES} == {}
    assert n_lines(ROOT / "streamlit_app.py") <= MAX_APP_LINES


def test_no_function_is_too_long():
    long = {
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}": n_code_lines(function)
        for path in sources()
        for function in functions(path)
    }
    assert {name: n for name, n in long.items() if n > MAX_FUNCTION_LINES} == {}


def test_no_function_takes_too_much():
    wide = {
        function.name: n_parameters(function)
        for path in sources()
        if OPTIONS_OF_COMMANDS not in path.parents
        for function in functions(path)
    }
    found = {name for name, n in wide.items() if n > MAX_PARAMETERS}
    assert found <= set(MORE_PARAMETERS)


@pytest.mark.parametrize("name", sorted(MORE_PARAMETERS))
def test_every_exception_is_still_one(name):
    wide = [
        n_parameters(function)
        for path in sources()
        for function in functions(path)
        if function.name == name
    ]
    assert max(wide) > MAX_PARAMETERS
