"""Which drawing shows which picture."""

from __future__ import annotations

import numpy as np

from solvitur.gui.pictures.bars import BarsDrawing
from solvitur.gui.pictures.drawing import Drawing
from solvitur.gui.pictures.gantt import GanttDrawing
from solvitur.gui.pictures.heatmap import HeatmapDrawing
from solvitur.gui.pictures.layouts import place
from solvitur.gui.pictures.lines import LinesDrawing
from solvitur.gui.pictures.look import Look
from solvitur.gui.pictures.network import NetworkDrawing
from solvitur.gui.pictures.points import RoutesDrawing, ScatterDrawing
from solvitur.gui.pictures.sankey import RIBBONS_UP_TO, SankeyDrawing
from solvitur.problem.pictures import Bars, Gantt, Graph, Heatmap, Lines, Picture, Routes, Scatter

_QUICK_NODES = 40


def ribbons(picture: Graph) -> bool:
    """Tells whether a graph is shown as ribbons between layers."""
    few = 0 < len(picture.source) <= RIBBONS_UP_TO
    return picture.layered and picture.positions is None and few and bool((picture.weight >= 0).all())


def needs_layout(picture: Picture) -> bool:
    """Tells whether places must be computed first, which may take longer than the window may wait."""
    if not isinstance(picture, Graph) or ribbons(picture) or picture.positions is not None:
        return False
    return len(picture.nodes) > _QUICK_NODES or not picture.layered


def drawing_of(picture: Picture, look: Look, places: np.ndarray | None = None) -> Drawing | None:
    """Makes the drawing of a picture; None for a table, which is no drawing.

    Parameters
    ----------
    places : array of shape (nodes, 2), optional
        Positions of a graph's nodes, computed before by `layouts.place`.
    """
    if isinstance(picture, Bars):
        return BarsDrawing(picture, look)
    if isinstance(picture, Heatmap):
        return HeatmapDrawing(picture, look)
    if isinstance(picture, Graph):
        if ribbons(picture):
            return SankeyDrawing(picture, look)
        return NetworkDrawing(picture, look, place(picture) if places is None else places)
    if isinstance(picture, Scatter):
        return ScatterDrawing(picture, look)
    if isinstance(picture, Lines):
        return LinesDrawing(picture, look)
    if isinstance(picture, Gantt):
        return GanttDrawing(picture, look)
    if isinstance(picture, Routes):
        return RoutesDrawing(picture, look)
    return None
