"""The theme: applies the tokens to the application as palette and style sheet, and makes icons and fonts."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from solvitur.gui.tokens import DARK, LIGHT, Tokens

MODES = ("system", "light", "dark")
_ZOOMED = ("text_px", "table_px", "heading_px", "title_px", "icon_px", "target_px")
_ICON_IN_SHEET = re.compile(r"@icon\(([\w-]+),(\w+)\)")


class Theme(QObject):
    """Light, dark or as the system, at any text size; ``changed`` comes after the application took it over."""

    changed = Signal()

    def __init__(self, app: QApplication, mode: str = "system", zoom: float = 1.0) -> None:
        super().__init__(app)
        self._app = app
        self._icons: dict[tuple[str, str], QIcon] = {}
        self._drawn = QTemporaryDir()
        self.mode, self.zoom = mode, zoom
        self.tokens: Tokens = LIGHT
        app.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    def set_mode(self, mode: str) -> None:
        """Switches to ``light``, ``dark`` or ``system``."""
        if mode != self.mode:
            self.mode = mode
            self._apply()

    def set_zoom(self, zoom: float) -> None:
        """Sets the size of text and icons, 1.0 being the usual one."""
        if zoom != self.zoom:
            self.zoom = zoom
            self._apply()

    def color(self, name: str) -> QColor:
        """Returns a token's colour by its name."""
        return QColor(getattr(self.tokens, name))

    def font(self, role: str) -> QFont:
        """Returns the font of a role: text, small, table, heading, title or code."""
        sizes = {"small": self.tokens.table_px, "table": self.tokens.table_px, "heading": self.tokens.heading_px}
        sizes |= {"title": self.tokens.title_px}
        fixed = role == "code"
        font = QFontDatabase.systemFont(
            QFontDatabase.SystemFont.FixedFont if fixed else QFontDatabase.SystemFont.GeneralFont
        )
        font.setPixelSize(sizes.get(role, self.tokens.text_px))
        if role in ("heading", "title"):
            font.setWeight(QFont.Weight.DemiBold)
        if role == "table":
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def icon(self, name: str, token: str = "text_soft") -> QIcon:
        """Returns an icon of the set in a token's colour; sharp at any scale."""
        key = (name, token)
        if key not in self._icons:
            self._icons[key] = self._make_icon(name, token)
        return self._icons[key]

    def pixmap(self, name: str, token: str = "text_soft", side: int = 0) -> QPixmap:
        """Returns an icon as a picture of ``side`` logical pixels, for labels."""
        side = side or self.tokens.icon_px
        return self._draw(name, token, side, self._app.devicePixelRatio())

    def _follow_system(self) -> None:
        if self.mode == "system":
            self._apply()

    def _apply(self) -> None:
        system_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        plain = DARK if self.mode == "dark" or (self.mode == "system" and system_dark) else LIGHT
        self.tokens = replace(plain, **{name: round(getattr(plain, name) * self.zoom) for name in _ZOOMED})
        self._icons.clear()
        self._app.setPalette(palette(self.tokens))
        self._app.setFont(self.font("text"))
        self._app.setStyleSheet(style_sheet(self.tokens, Path(self._drawn.path())))
        self.changed.emit()

    def _make_icon(self, name: str, token: str) -> QIcon:
        """Makes an icon that Qt draws from its SVG when it is first shown, at the size and scale of that place."""
        icon, folder = QIcon(), Path(self._drawn.path())
        checked = "accent" if token == "text_soft" else token
        for colour, mode, state in (
            (token, QIcon.Mode.Normal, QIcon.State.Off),
            (checked, QIcon.Mode.Normal, QIcon.State.On),
            ("text_disabled", QIcon.Mode.Disabled, QIcon.State.Off),
            ("text_disabled", QIcon.Mode.Disabled, QIcon.State.On),
        ):
            icon.addFile(str(drawn_file(name, getattr(self.tokens, colour), folder)), QSize(), mode, state)
        return icon

    def _draw(self, name: str, token: str, side: int, scale: float) -> QPixmap:
        renderer = QSvgRenderer(QByteArray(drawing(name, getattr(self.tokens, token)).encode()))
        pixmap = QPixmap(round(side * scale), round(side * scale))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        pixmap.setDevicePixelRatio(scale)
        return pixmap


def set_look(widget: QWidget, name: str, value: str) -> None:
    """Sets a property that the style sheet looks at, such as ``role``, and has the widget take the new look."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def drawing(name: str, colour: str) -> str:
    """Returns the SVG text of an icon in a colour."""
    source = files("solvitur_resources").joinpath("icons", f"{name}.svg").read_text("utf-8")
    return source.replace("currentColor", colour)


def drawn_file(name: str, colour: str, folder: Path) -> Path:
    """Returns the file of an icon in a colour, written now if it was not yet."""
    file = folder / f"{name}-{colour[1:]}.svg"
    if not file.exists():
        file.write_text(drawing(name, colour), "utf-8")
    return file


def palette(tokens: Tokens) -> QPalette:
    """Builds the Qt palette of a token table."""
    made = QPalette()
    role = QPalette.ColorRole
    pairs = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.raised,
        role.Text: tokens.text,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.accent_text,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.PlaceholderText: tokens.text_soft,
        role.BrightText: tokens.bad,
        role.Light: tokens.raised,
        role.Midlight: tokens.line,
        role.Mid: tokens.line,
        role.Dark: tokens.line,
        role.Shadow: tokens.line,
        role.Accent: tokens.accent,
    }
    for key, value in pairs.items():
        made.setColor(key, QColor(value))
    for key in (role.Text, role.ButtonText, role.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, key, QColor(tokens.text_disabled))
    return made


def style_sheet(tokens: Tokens, folder: Path) -> str:
    """Builds the application's style sheet; the icons that it shows are drawn into ``folder``."""
    sheet = files("solvitur_resources").joinpath("themes", "solvitur.qss").read_text("utf-8")

    def drawn(found: re.Match[str]) -> str:
        return drawn_file(found[1], getattr(tokens, found[2]), folder).as_posix()

    sheet = _ICON_IN_SHEET.sub(drawn, sheet)
    names = {name: getattr(tokens, name) for name in tokens.__dataclass_fields__}
    for name in sorted(names, key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", str(names[name]))
    return sheet
