"""The theme: applies the tokens to the application as palette and style sheet, and makes icons and fonts."""

from __future__ import annotations

from importlib.resources import files

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from solvitur.gui.tokens import DARK, LIGHT, Tokens


class Theme(QObject):
    """Light, dark or as the system; ``changed`` is emitted after the application took the new tokens."""

    changed = Signal()

    def __init__(self, app: QApplication, mode: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self.mode = mode
        self.tokens: Tokens = LIGHT
        self._icons: dict[tuple[str, str], QIcon] = {}
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _scheme: self.set_mode(self.mode))
        self.set_mode(mode)

    def set_mode(self, mode: str) -> None:
        """Switches to ``light``, ``dark`` or ``system``."""
        self.mode = mode
        system_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        self.tokens = DARK if mode == "dark" or (mode == "system" and system_dark) else LIGHT
        self._icons.clear()
        self._app.setStyle("Fusion")
        self._app.setPalette(palette(self.tokens))
        self._app.setFont(self.font("text"))
        self._app.setStyleSheet(style_sheet(self.tokens))
        self.changed.emit()

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

    def _make_icon(self, name: str, token: str) -> QIcon:
        source = files("solvitur_resources").joinpath("icons", f"{name}.svg").read_text("utf-8")
        icon = QIcon()
        for mode, colour in ((QIcon.Mode.Normal, token), (QIcon.Mode.Disabled, "text_disabled")):
            drawn = source.replace("currentColor", getattr(self.tokens, colour))
            renderer = QSvgRenderer(QByteArray(drawn.encode()))
            for scale in (1, 2, 3):
                side = self.tokens.icon_px * scale
                pixmap = QPixmap(side, side)
                pixmap.fill(Qt.GlobalColor.transparent)
                painter = QPainter(pixmap)
                renderer.render(painter)
                painter.end()
                pixmap.setDevicePixelRatio(scale)
                icon.addPixmap(pixmap, mode)
        return icon


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


def style_sheet(tokens: Tokens) -> str:
    """Builds the application's style sheet from the tokens and the template in the resources."""
    sheet = files("solvitur_resources").joinpath("themes", "solvitur.qss").read_text("utf-8")
    names = {name: getattr(tokens, name) for name in tokens.__dataclass_fields__}
    for name in sorted(names, key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", str(names[name]))
    return sheet
