"""Every colour and size of the window, by name. Nothing else names a colour or a size."""

from __future__ import annotations

from dataclasses import dataclass

_VIRIDIS = (
    "#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725",
)  # fmt: skip


@dataclass(frozen=True)
class Tokens:
    """One table of colours (``#rrggbb``) and sizes (logical pixels); light and dark share the names."""

    dark: bool
    window: str
    """Behind everything: rail, dock titles."""
    surface: str
    """Editors, lists, cards."""
    raised: str
    """Menus, tool tips, headers of tables."""
    line: str
    """Separators; low contrast on purpose."""
    control: str
    """Borders of fields, buttons and check boxes; 3:1 on `surface` and `window`."""
    text: str
    text_soft: str
    """Secondary text; still 4.5:1 on `surface` and `window`."""
    text_disabled: str
    accent: str
    accent_text: str
    """Text on `accent`."""
    accent_strong: str
    """The accent under the mouse."""
    focus_on_accent: str
    """Focus ring of a button filled with the accent."""
    accent_soft: str
    """Background of selected rows and hovered buttons."""
    good: str
    warn: str
    bad: str
    good_soft: str
    warn_soft: str
    bad_soft: str
    keyword: str
    number: str
    string: str
    comment: str
    name_set: str
    name_param: str
    name_var: str
    grid: str
    categories: tuple[str, ...]
    """Okabe-Ito first, then tints."""
    diverging: tuple[str, ...]
    """Blue to orange through the neutral of the theme: below zero, zero, above zero."""
    continuous: tuple[str, ...] = _VIRIDIS
    """Small to large."""
    ink_dark: str = "#000000"
    """Text on fillings of middle lightness, where `text` and `surface` would be too faint."""
    ink_light: str = "#ffffff"
    radius: int = 4
    gap: int = 8
    gap_small: int = 4
    text_px: int = 13
    table_px: int = 12
    heading_px: int = 18
    title_px: int = 24
    icon_px: int = 16
    target_px: int = 24
    motion_ms: int = 140


_OKABE_ITO = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442")

LIGHT = Tokens(
    dark=False,
    window="#f2f4f7",
    surface="#ffffff",
    raised="#f8f9fb",
    line="#d6dae1",
    control="#858d9d",
    text="#1c212b",
    text_soft="#586174",
    text_disabled="#9aa2b1",
    accent="#4648c8",
    accent_text="#ffffff",
    accent_strong="#3637a8",
    focus_on_accent="#b9bbf7",
    accent_soft="#e5e6fa",
    good="#1a7048",
    warn="#8a5a00",
    bad="#b3261e",
    good_soft="#e1f2e9",
    warn_soft="#fbf0d9",
    bad_soft="#fbe5e3",
    keyword="#4648c8",
    number="#9a4a00",
    string="#1a7048",
    comment="#68718a",
    name_set="#7a2f8f",
    name_param="#00618a",
    name_var="#1c212b",
    grid="#e6e9ee",
    categories=(*_OKABE_ITO, "#6a9fca", "#f2c76b", "#66c5ab", "#e69e66", "#9ad2f2", "#e0aeca"),
    diverging=("#1f5a99", "#5b8fc4", "#a9c6e0", "#f3f3f1", "#f0c08f", "#d98a3d", "#9c5410"),
)

DARK = Tokens(
    dark=True,
    window="#16181d",
    surface="#1e2128",
    raised="#272b34",
    line="#383d49",
    control="#6e7689",
    text="#e7e9ee",
    text_soft="#a4acbc",
    text_disabled="#6b7383",
    accent="#8f92f5",
    accent_text="#14152b",
    accent_strong="#a8aaf9",
    focus_on_accent="#35377a",
    accent_soft="#2d2f54",
    good="#6cc79a",
    warn="#e6b450",
    bad="#ff8f85",
    good_soft="#1d3a2c",
    warn_soft="#43361a",
    bad_soft="#4a2523",
    keyword="#a5a8ff",
    number="#f0b070",
    string="#8fd1ae",
    comment="#8b94a7",
    name_set="#d9a3e8",
    name_param="#7cc7ee",
    name_var="#e7e9ee",
    grid="#2c313b",
    categories=("#4aa3df", "#e69f00", "#2bc29a", "#ef7f3a", "#86ccf2", "#dd9bbf", "#f0e442", *_OKABE_ITO[:6]),
    diverging=("#8cc2f0", "#4680b5", "#2f4b66", "#2c313b", "#6b4a28", "#c07a33", "#f5b26b"),
)
