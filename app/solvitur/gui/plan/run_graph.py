"""Opens the last run as a graph: a split is a tree of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solvitur.gui.graphs.unfolding import network_of_run
from solvitur.gui.graphs.window import open_graph

if TYPE_CHECKING:
    from solvitur.gui.plan.place import PlanPlace


def open_run_graph(place: PlanPlace) -> None:
    """Opens the steps of the last run, with all that they unfolded into, in a window of their own."""
    courses = place.running.courses
    unfolded = {path: course.unfolded for path, course in courses.items() if course.unfolded is not None}
    states = {path: course.state for path, course in courses.items() if course.state is not None}
    network = network_of_run(courses.ran, unfolded, states)
    open_graph(network, place.context.theme, place.context.selection, place)
