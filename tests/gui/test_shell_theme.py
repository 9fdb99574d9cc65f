"""Colours keep their contrast, every icon exists and is drawn with one weight, every token in the sheet is known."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from solvitur.gui.theme import style_sheet
from solvitur.gui.tokens import DARK, LIGHT, Tokens

_READ_ON = {
    "text": ("window", "surface", "raised", "accent_soft", "good_soft", "warn_soft", "bad_soft"),
    "text_soft": ("window", "surface", "raised"),
    "accent": ("surface", "window", "accent_soft"),
    "accent_text": ("accent", "accent_strong"),
    "good": ("surface", "window", "good_soft"),
    "warn": ("surface", "window", "warn_soft"),
    "bad": ("surface", "window", "bad_soft"),
    "keyword": ("surface",),
    "number": ("surface",),
    "string": ("surface",),
    "comment": ("surface",),
    "name_set": ("surface",),
    "name_param": ("surface",),
    "name_var": ("surface",),
}
"""Which token is read as text on which."""


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    made = QColor(colour)
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (made.redF(), made.greenF(), made.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_a_contrast_of_at_least_4_5(tokens: Tokens) -> None:
    poor = {
        (front, back): round(contrast(getattr(tokens, front), getattr(tokens, back)), 2)
        for front, backs in _READ_ON.items()
        for back in backs
        if contrast(getattr(tokens, front), getattr(tokens, back)) < 4.5
    }
    assert poor == {}


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_borders_of_controls_and_focus_rings_have_a_contrast_of_at_least_3(tokens: Tokens) -> None:
    for front, back in (
        ("control", "surface"),
        ("control", "window"),
        ("accent", "surface"),
        ("focus_on_accent", "accent"),
    ):
        assert contrast(getattr(tokens, front), getattr(tokens, back)) >= 3.0, (front, back)


def test_the_sheet_names_only_tokens_and_icons_that_exist(tmp_path: Path) -> None:
    sheet = style_sheet(LIGHT, tmp_path)
    assert "@" not in sheet
    assert not re.search(
        r"#[0-9a-fA-F]{6}\b", files("solvitur_resources").joinpath("themes", "solvitur.qss").read_text()
    )
    for path in re.findall(r"url\(([^)]+)\)", sheet):
        assert Path(path).is_file()


def test_every_icon_is_drawn_with_one_weight_in_the_text_colour() -> None:
    for icon in files("solvitur_resources").joinpath("icons").iterdir():
        if icon.name == "solvitur.svg":
            continue
        drawing = icon.read_text("utf-8")
        assert 'viewBox="0 0 16 16"' in drawing, icon.name
        assert 'stroke-width="1.4"' in drawing, icon.name
        assert "currentColor" in drawing, icon.name
        assert not re.search(r"#[0-9a-fA-F]{3,6}", drawing), icon.name


def test_icons_named_in_the_code_exist() -> None:
    here = {icon.name for icon in files("solvitur_resources").joinpath("icons").iterdir()}
    room = Path(__file__).parents[2] / "app" / "solvitur" / "gui"
    named: set[str] = set()
    for source in room.rglob("*.py"):
        named |= set(re.findall(r"""icon=["']([\w-]+)["']""", source.read_text("utf-8")))
        named |= set(re.findall(r"""\.icon\(["']([\w-]+)["']""", source.read_text("utf-8")))
    assert {f"{name}.svg" for name in named} - here == set()


def test_no_other_file_of_the_window_names_a_colour() -> None:
    room = Path(__file__).parents[2] / "app" / "solvitur" / "gui"
    guilty = [
        source.name
        for source in room.rglob("*.py")
        if source.name != "tokens.py" and re.search(r"""["']#[0-9a-fA-F]{6}["']""", source.read_text("utf-8"))
    ]
    assert guilty == []
