"""Colours that everybody can read and tell apart, in both themes: WCAG 2.2, 1.4.3 and 1.4.11."""

import re
from pathlib import Path

import pytest

from labeler.app import player
from labeler.app.server import CONFIG

PLAYER = Path(player.__file__).parent
CSS = (PLAYER / "player.css").read_text(encoding="utf-8")
TEXT_RATIO = 4.5
MARK_RATIO = 3.0
PAPER = {"light": "#ffffff", "dark": "#171614"}
INK = {"light": CONFIG["theme.light.textColor"], "dark": "#f5f5f3"}
"""Streamlit's own, where the theme does not tell."""

FILLS = ("absent", "slight", "clear", "severe", "unseen", "press")


def rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def luminance(colour: tuple[float, ...]) -> float:
    """Relative luminance of an sRGB colour, as WCAG defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, share: float, other: str) -> tuple[float, ...]:
    """As ``color-mix(in srgb, one share, other)``."""
    return tuple(share * a + (1 - share) * b for a, b in zip(rgb(one), rgb(other), strict=True))


def token(name: str) -> str:
    return re.search(rf"--{name}: (#[0-9a-f]{{6}});", CSS)[1]


def share_of(name: str) -> float:
    """How much ink is in a shade of it."""
    return int(re.search(rf"--{name}: color-mix\(in srgb, var\(--ink\) (\d+)%", CSS)[1]) / 100


def test_black_and_white_are_as_far_apart_as_the_definition_says():
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast(rgb("#777777"), (1, 1, 1)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", FILLS)
def test_white_words_can_be_read_on_every_fill(name):
    assert contrast((1, 1, 1), rgb(token(name))) >= TEXT_RATIO


@pytest.mark.parametrize("theme", PAPER)
@pytest.mark.parametrize("name", FILLS[:-1])
def test_an_answer_stands_out_by_its_fill_or_its_border(name, theme):
    border = mixed(token(name), 0.5, INK[theme])
    seen = max(contrast(rgb(token(name)), rgb(PAPER[theme])), contrast(border, rgb(PAPER[theme])))
    assert seen >= MARK_RATIO


@pytest.mark.parametrize("theme", PAPER)
def test_quiet_words_and_the_accent_can_be_read(theme):
    quiet = mixed(INK[theme], share_of("quiet"), PAPER[theme])
    assert contrast(quiet, rgb(PAPER[theme])) >= TEXT_RATIO
    accent = CONFIG[f"theme.{theme}.primaryColor"]
    chosen = mixed(accent, 0.1, PAPER[theme])
    assert contrast(rgb(accent), rgb(PAPER[theme])) >= TEXT_RATIO
    assert contrast(rgb(accent), chosen) >= TEXT_RATIO


def test_answers_differ_by_word_and_by_shape():
    """Not by colour alone: six words and six pictures."""
    source = (PLAYER / "answers.js").read_text(encoding="utf-8")
    words = re.search(r"WORDS = new Map\(\[(.*?)\]\);", source, re.S)[1]
    pictures = re.search(r"PICTURES = new Map\(\[(.*?)\n\]\);", source, re.S)[1]
    assert len(set(re.findall(r'\[\S+, "([^"]+)"\]', words))) == 6
    shapes = re.findall(r"^  \[(?:NOT_RATED|\"\w+\"), (.+)\],$", pictures, re.M)
    assert len(set(shapes)) == 6
