"""Prints the documentation pages that come from the registries, so that no number is typed twice.

``python -m labeler.workflows.documenting docs`` writes them; a test compares the committed ones.
"""

import sys
from pathlib import Path

from labeler.catalog import load_catalog
from labeler.workflows.printed.agreement_page import agreement_page
from labeler.workflows.printed.catalog_pages import drills_page, faults_page, movements_page
from labeler.workflows.printed.feature_page import features_page
from labeler.workflows.printed.labelling_page import labelling_page
from labeler.workflows.printed.learning_page import learning_page
from labeler.workflows.printed.rule_page import rules_page
from labeler.workflows.printed.signal_page import signals_page


def pages() -> dict[str, str]:
    """Every generated page, by its file name in `docs`."""
    catalog = load_catalog()
    bodies = {
        "faults.md": faults_page(catalog),
        "movements.md": movements_page(catalog),
        "drills.md": drills_page(catalog),
        "signals.md": signals_page(),
        "features.md": features_page(),
        "rules.md": rules_page(catalog),
        "agreement.md": agreement_page(),
        "labelling.md": labelling_page(),
        "learning.md": learning_page(),
    }
    return {name: "\n".join(lines).rstrip() + "\n" for name, lines in bodies.items()}


def write_pages(folder: Path) -> list[Path]:
    """Write the generated pages into `folder`; returns those that changed."""
    changed = []
    for name, text in pages().items():
        page = folder / name
        if not page.exists() or page.read_text("utf-8") != text:
            page.write_text(text, "utf-8", newline="\n")
            changed.append(page)
    return changed


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
