"""What a scheduling problem is written down as: tables of operations, jobs, resources and so on, and some rules."""

from __future__ import annotations

from math import inf, nan

from solvitur.api import Field
from solvitur_scheduling.instance import BUFFERS, OBJECTIVES, ORDERS

OPERATIONS, JOBS, RESOURCES = "operations", "jobs", "resources"
PRECEDENCES, CALENDAR, SETUPS = "precedences", "calendar", "setups"

OPERATION_FIELDS = (
    Field("job", ("order", "project", "product", "batch"), "", "which job it belongs to"),
    Field("operation", ("name", "task", "activity", "step", "op", "id"), "", "what it is called"),
    Field("machine", ("resource", "machines", "workplace", "station"), "", "where it is done"),
    Field("duration", ("time", "processing time", "length", "minutes", "hours"), nan, "how long it takes", 0.0),
    Field("needs", ("resources", "uses", "requires"), "", "what else it takes, as 'crew 2; crane 1'"),
    Field("after", ("predecessors", "follows", "predecessor"), "", "operations that must be done before"),
    Field("release", ("ready", "earliest", "ready time", "available"), 0.0, "it starts no earlier"),
    Field("family", ("setup family", "type", "colour", "color", "tool"), "", "what set-up times depend on"),
    Field("cost", ("price",), 0.0, "what it costs to do it so"),
)
JOB_FIELDS = (
    Field("job", ("name", "order", "id", "project"), "", "the job"),
    Field("release", ("ready", "earliest", "ready time", "arrival"), 0.0, "nothing of it starts earlier"),
    Field("due", ("due date", "due time", "wanted"), inf, "it should be done by then"),
    Field("deadline", ("latest", "must be done"), inf, "it must be done by then"),
    Field("weight", ("priority", "importance", "penalty"), 1.0, "how much being late matters", 0.0),
)
RESOURCE_FIELDS = (
    Field("resource", ("name", "machine", "id"), "", "what it is called"),
    Field("capacity", ("amount", "available", "number", "count"), 1.0, "how much there is of it", 0.0),
    Field("renewable", ("comes back",), "yes", "no: what is used is gone, as money is"),
)
PRECEDENCE_FIELDS = (
    Field("before", ("from", "predecessor", "first"), "", "this operation is done first"),
    Field("after", ("to", "successor", "then", "second"), "", "then this one"),
    Field("lag", ("wait", "delay", "gap"), 0.0, "at least so long after its end"),
)
CALENDAR_FIELDS = (
    Field("resource", ("machine", "name"), "", "which machine or resource"),
    Field("from", ("start", "closed from", "begin"), nan, "it is closed from then"),
    Field("until", ("end", "to", "closed until"), nan, "until then"),
)
SETUP_FIELDS = (
    Field("machine", ("resource",), "", "on which machine; empty: on each"),
    Field("from", ("from family", "before", "previous"), "", "after an operation of this family; empty: any other"),
    Field("to", ("to family", "after", "next"), "", "before one of this family"),
    Field("time", ("duration", "setup", "setup time"), 0.0, "how long the change takes", 0.0),
)

RULES = {
    "objective": (OBJECTIVES, "makespan"),
    "order": (ORDERS, "given"),
    "buffers": (BUFFERS, "unlimited"),
    "same order": (("no", "yes"), "no"),
}
"""Rules by name: what each may be, and what it is when nothing is said."""

STATED = ("objective",)
"""Rules that a file always states."""
