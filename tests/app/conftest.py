"""What a page's script leaves behind is taken away again."""

import sys

import pytest


@pytest.fixture(autouse=True)
def same_main_module(monkeypatch):
    """Streamlit's test runner puts its script in place of the main module, and leaves it there."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
