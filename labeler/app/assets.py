"""Joins a component's ES modules into the one script that Streamlit takes inline.

The modules import each other by place (``import { Clock } from "./clock.js";``), also those of
another component (``"../player/clock.js"``), so that editors and linters understand them.
Streamlit loads inline script from a blob, where relative imports cannot be resolved; joined in
order of need they share one scope and need none.
"""

import re
from functools import cache
from pathlib import Path

_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.{1,2}/[\w/-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


@cache
def bundle(entry: Path) -> str:
    """One script: the modules that `entry` needs, in order of need, and `entry` last."""
    texts: dict[Path, str] = {}
    _collect(entry, texts)
    return "\n".join(texts.values())


def _collect(module: Path, texts: dict[Path, str]) -> None:
    source = module.read_text(encoding="utf-8")
    for place in _IMPORT.findall(source):
        needed = (module.parent / place).resolve()
        if needed not in texts:
            _collect(needed, texts)
    texts[module] = _EXPORT.sub("", _IMPORT.sub("", source))
