"""A report as a list of blocks, and the same blocks as Markdown or as one HTML file."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --line: #ccc; }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #14171c; --line: #444; } }
@media print { :root { --ink: #000; --paper: #fff; --line: #ccc; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: var(--ink); background: var(--paper); }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .7rem; text-align: left; }
td { font-variant-numeric: tabular-nums; }
figure { margin: 1rem 0; break-inside: avoid; }
svg { max-width: 100%; height: auto; }
summary { cursor: pointer; margin: .5rem 0; }
h1, h2, h3, h4 { break-after: avoid; }
tr { break-inside: avoid; }
@page { size: A4; margin: 14mm; }
@media print { body { max-width: none; margin: 0; padding: 0; font-size: 10.5pt; }
  table { display: table; width: 100%; } }
"""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under their heads."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG, with what it shows in words for those who do not see it."""

    svg: str
    words: str


@dataclass(frozen=True, slots=True)
class Fold:
    """A table that is opened when somebody wants the numbers; open in Markdown."""

    summary: str
    table: Table


Block = Heading | Paragraph | Bullets | Table | Figure | Fold


def as_markdown(blocks: Sequence[Block]) -> str:
    """The blocks as Markdown; a figure becomes its words."""
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


def as_html(title: str, blocks: Sequence[Block]) -> str:
    """The blocks as one HTML file that needs no other file."""
    body = "\n".join(_html(block) for block in blocks)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _markdown(block: Block) -> str:
    """One block as Markdown."""
    match block:
        case Heading(text, level):
            return f"{'#' * level} {_inline(text)}"
        case Paragraph(text):
            return _inline(text)
        case Bullets(items):
            return "\n".join(f"- {_inline(item)}" for item in items)
        case Table(head, rows):
            lines = [head, ["---"] * len(head), *rows]
            return "\n".join(f"| {' | '.join(map(_inline, cells))} |" for cells in lines)
        case Figure(_, words):
            return f"*{_inline(words)}*"
        case Fold(summary, table):
            return f"{_inline(summary)}:\n\n{_markdown(table)}"


def _html(block: Block) -> str:
    """One block as HTML."""
    match block:
        case Heading(text, level):
            return f"<h{level}>{escape(text)}</h{level}>"
        case Paragraph(text):
            return f"<p>{escape(text)}</p>"
        case Bullets(items):
            return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"
        case Table(head, rows):
            body = "".join(f"<tr>{_cells('td', row)}</tr>" for row in rows)
            top = f"<thead><tr>{_cells('th', head)}</tr></thead>"
            return f"<table>{top}<tbody>{body}</tbody></table>"
        case Figure(svg, words):
            return f"<figure>{svg}<figcaption>{escape(words)}</figcaption></figure>"
        case Fold(summary, table):
            return f"<details><summary>{escape(summary)}</summary>{_html(table)}</details>"


def _cells(tag: str, texts: Sequence[str]) -> str:
    """Table cells."""
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)


def _inline(text: str) -> str:
    """Text on one line, with what would start HTML or end a table cell made harmless."""
    flat = " ".join(text.split())
    return flat.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
