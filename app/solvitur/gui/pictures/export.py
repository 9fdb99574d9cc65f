"""Pictures into files: PNG at any scale, SVG, and CSV of the data; works without a window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication, QWidget

from solvitur.gui.pictures.drawings import drawing_of
from solvitur.gui.pictures.look import Look
from solvitur.gui.pictures.rows import csv_of
from solvitur.gui.pictures.sheet import Sheet
from solvitur.gui.theme import Theme
from solvitur.gui.tokens import DARK, LIGHT
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place
from solvitur.problem.pictures import Picture

SUFFIXES = (".png", ".svg", ".csv")


def export_picture(
    picture: Picture,
    path: Path | str,
    *,
    dark: bool = False,
    size: tuple[int, int] = (1200, 800),
    scale: float = 1.0,
) -> None:
    """Writes a picture to a .png, .svg or .csv file.

    Parameters
    ----------
    size : logical pixels; a PNG has ``scale`` times as many

    Raises
    ------
    InputError
        If the file's ending is none of the three, or the file cannot be written.
    """
    target = checked(path)
    if target.suffix.lower() == ".csv":
        write_csv(picture, target)
        return
    look = Look(DARK if dark else LIGHT)
    with_application(dark)
    sheet = Sheet(picture, drawing_of(picture, look), look)
    settle(sheet, QSize(*size))
    write_widget(sheet, target, scale)
    sheet.deleteLater()


def with_application(dark: bool = False) -> QApplication:
    """Returns the application; without one, makes one that needs no display."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    made = QApplication(["solvitur", "-platform", "offscreen"])
    Theme(made, "dark" if dark else "light")
    return made


def settle(widget: QWidget, size: QSize) -> None:
    """Lays a widget out at a size without showing it; axes find their width while they are painted once."""
    widget.resize(size)
    widget.ensurePolished()
    layout = widget.layout()
    if layout is not None:
        layout.activate()
    for _ in range(2):
        image_of(widget, 1.0)
        QApplication.sendPostedEvents()


def image_of(widget: QWidget, scale: float) -> QImage:
    """Paints a widget into an image of ``scale`` device pixels per logical one."""
    size = widget.size()
    image = QImage(size * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    image.fill(0)
    painter = QPainter(image)
    widget.render(painter, QPoint())
    painter.end()
    return image


def write_widget(widget: QWidget, path: Path, scale: float = 1.0) -> None:
    """Writes a laid-out widget as PNG or SVG.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    if path.suffix.lower() == ".png":
        if not image_of(widget, scale).save(str(path)):
            raise _refused(path)
        return
    made = QSvgGenerator()
    made.setFileName(str(path))
    made.setSize(widget.size())
    made.setViewBox(QRect(0, 0, widget.width(), widget.height()))
    made.setResolution(96)
    painter = QPainter()
    if not painter.begin(made):
        raise _refused(path)
    painter.setClipRect(QRectF(widget.rect()))
    widget.render(painter, QPoint())
    painter.end()


def write_csv(picture: Picture, path: Path) -> None:
    """Writes a picture's data.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    try:
        path.write_text(csv_of(picture), encoding="utf-8")
    except OSError as error:
        raise _refused(path, error.strerror or "") from None


def checked(path: Path | str) -> Path:
    """Returns the path if a picture can be written to such a file.

    Raises
    ------
    InputError
        If its ending is none of .png, .svg and .csv.
    """
    target = Path(path)
    if target.suffix.lower() not in SUFFIXES:
        ending = f"'{target.suffix}'" if target.suffix else "no ending"
        text = f"a picture is written as .png, .svg or .csv; the name has {ending}"
        raise InputError.at(text, place=Place(str(target)))
    return target


def _refused(path: Path, why: str = "") -> InputError:
    reason = f": {why[:1].lower()}{why[1:]}" if why else "; is the folder there, and may you write to it?"
    return InputError.at(f"the picture cannot be written{reason}", place=Place(str(path)))
