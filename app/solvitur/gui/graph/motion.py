"""Short motion from one layout to another, so that the eye can follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from PySide6.QtCore import QAbstractAnimation, QObject, QVariantAnimation

from solvitur.gui.graph.figure import Figure


def glide(
    parent: QObject,
    before: Mapping[str, tuple[float, float]],
    figure: Figure,
    duration_ms: int,
    show: Callable[[Figure], None],
) -> QVariantAnimation:
    """Shows nodes on their way from where they were to where a figure has them, and then the figure itself."""
    names = [node.id for node in figure.nodes]
    starts = np.array([before[name] for name in names]).reshape(-1, 2)
    ends = np.array([node.position for node in figure.nodes]).reshape(-1, 2)
    motion = QVariantAnimation(parent)
    motion.setDuration(duration_ms)
    motion.setStartValue(0.0)
    motion.setEndValue(1.0)

    def step(share: float) -> None:
        places = starts + (ends - starts) * share
        at = dict(zip(names, ((float(x), float(y)) for x, y in places.tolist()), strict=True))
        show(figure if share >= 1.0 else figure.moved(at))

    motion.valueChanged.connect(step)
    motion.start(QAbstractAnimation.DeletionPolicy.KeepWhenStopped)
    return motion
