"""What a routing problem is written down as: two tables, `stops` and `vehicles`, and a few lines of rules."""

from __future__ import annotations

from math import inf, nan

from solvitur.api import Field
from solvitur_routing.metrics import METRICS, ROUNDINGS

STOPS, VEHICLES, DISTANCES, DURATIONS = "stops", "vehicles", "distances", "durations"


STOP_FIELDS = (
    Field(
        "name", ("id", "stop", "customer", "client", "node", "city", "place", "no", "number"), "", "what it is called"
    ),
    Field("x", ("lon", "lng", "long", "longitude", "xcoord", "x coord", "x coordinate", "east"), nan, "position"),
    Field("y", ("lat", "latitude", "ycoord", "y coord", "y coordinate", "north"), nan, "position"),
    Field("z", (), nan, "third coordinate, if there is one"),
    Field("depot", ("is depot",), "", "yes for a depot; without the column the first row is the depot"),
    Field("demand", ("delivery", "load", "quantity", "linehaul"), 0.0, "load brought from the depot", 0.0),
    Field("pickup", ("backhaul", "collection", "collect"), 0.0, "load taken to the depot", 0.0),
    Field(
        "earliest",
        ("ready time", "ready", "open", "opens", "tw start", "from", "start"),
        0.0,
        "service starts no earlier",
    ),
    Field(
        "latest",
        ("due date", "due time", "due", "close", "closes", "tw end", "until"),
        inf,
        "service starts no later",
    ),
    Field("service", ("service time", "service duration", "duration", "stay"), 0.0, "time spent there", 0.0),
    Field("release", ("release time", "ready at depot"), 0.0, "when its goods are at the depot", 0.0),
    Field("required", ("mandatory", "must"), "yes", "no: it may be left out, at the cost of its prize"),
    Field("prize", ("profit", "reward", "penalty"), 0.0, "lost if the stop is left out", 0.0),
    Field("group", ("choice", "alternatives"), "", "exactly one stop of a group is visited"),
    Field("needs", ("skill", "skills needed", "requires"), "", "only vehicles whose skills have it may come"),
    Field("deliver to", ("delivery stop", "to"), "", "the stop that gets what is picked up here"),
    Field("amount", (), 0.0, "what is carried from here to that stop", 0.0),
)

VEHICLE_FIELDS = (
    Field("name", ("vehicle", "type", "id"), "", "what the type is called"),
    Field("count", ("number", "available", "vehicles"), 1.0, "how many there are; inf: as many as wanted", 0.0),
    Field("capacity", ("load", "size"), inf, "the most it carries", 0.0),
    Field("start", ("depot", "start depot"), "", "where it starts; empty: the first depot"),
    Field("end", ("end depot",), "", "where it ends; empty: where it started; 'anywhere': at its last stop"),
    Field("fixed cost", ("cost", "fixed"), 0.0, "paid once if it is used", 0.0),
    Field("cost per distance", ("unit distance cost",), 1.0, "paid for each unit of distance", 0.0),
    Field("cost per time", ("unit duration cost",), 0.0, "paid for each unit of time away", 0.0),
    Field("earliest", ("shift start",), 0.0, "leaves no earlier"),
    Field("latest", ("shift end",), inf, "is back no later"),
    Field("max distance", ("range",), inf, "the longest way it may go", 0.0),
    Field("max duration", ("max time",), inf, "the longest time it may be away", 0.0),
    Field("trips", ("max trips",), 1.0, "how often it may load; inf: as often as it likes", 1.0),
    Field("break earliest", (), nan, "its break starts no earlier"),
    Field("break latest", (), nan, "its break starts no later"),
    Field("break length", (), nan, "how long its break is; empty: none", 0.0),
    Field("skills", (), "", "what it can do, separated by blanks"),
)

RULES = {
    "metric": (METRICS, "euclidean"),
    "rounding": (ROUNDINGS, "none"),
    "objective": (("cost", "vehicles first"), "cost"),
    "backhauls": (("mixed", "last"), "mixed"),
    "report in": (("units", "tenths", "thousandths", "hundreds"), "units"),
}
"""Rules by name: what each may be, and what it is when nothing is said."""

REPORT = {"units": 1.0, "tenths": 10.0, "thousandths": 1000.0, "hundreds": 0.01}

STATED = ("metric", "rounding")
"""Rules that a file always states."""
