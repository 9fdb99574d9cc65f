"""Pictures of answers: bars, heatmaps, flows, maps, lines over periods, timetables, address maps, tables."""

from __future__ import annotations

from solvitur.api import Visualiser, hook
from solvitur_pictures.addresses import AddressMap
from solvitur_pictures.bars import ObjectiveParts, ResourceUse, VariableBars
from solvitur_pictures.flows import Flows
from solvitur_pictures.grids import CellGrid, VariableHeatmap
from solvitur_pictures.listing import ValueList
from solvitur_pictures.maps import PlaceMap
from solvitur_pictures.periods import PeriodLines
from solvitur_pictures.presence import Calendar
from solvitur_pictures.times import Timetable


@hook
def visualisers() -> list[Visualiser]:
    """Offers every visualiser of this plugin."""
    return [
        AddressMap(),
        Timetable(),
        CellGrid(),
        PlaceMap(),
        Flows(),
        PeriodLines(),
        Calendar(),
        VariableHeatmap(),
        VariableBars(),
        ResourceUse(),
        ObjectiveParts(),
        ValueList(),
    ]
