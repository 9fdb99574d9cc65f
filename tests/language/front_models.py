"""Models for the tests of the language: written ones, and a hypothesis strategy for elements in normal form."""

from __future__ import annotations

from hypothesis import strategies as st

from solvitur.language.elements import (
    Aggregate,
    Binary,
    Binder,
    Call,
    Choose,
    Compare,
    Comprehension,
    ConstraintElement,
    DataEntry,
    Domain,
    Expr,
    LabelTuple,
    Listing,
    Logic,
    Model,
    Number,
    ObjectiveElement,
    ParamElement,
    Range,
    Ref,
    SetElement,
    Text,
    Unary,
    VarElement,
)

TRANSPORT = """# transport.slv
set Plants
set Markets
param supply[Plants] >= 0
param demand[Markets] >= 0
param cost[Plants, Markets] unit "$/case" "freight"

var ship[p in Plants, m in Markets] >= 0 unit "case" "shipped from p to m"

minimize freight: sum(cost[p, m] * ship[p, m] for p in Plants for m in Markets)

subject to within_supply[p in Plants]: sum(ship[p, m] for m in Markets) <= supply[p]
subject to meet_demand[m in Markets]: sum(ship[p, m] for p in Plants) >= demand[m]

data
  Plants = Seattle, "San Diego"
  supply = {Seattle: 350, "San Diego": 600}
  cost from "freight.csv"  # columns by header
"""

EVERYTHING = """set Nodes
set Arcs within Nodes * Nodes = {(a, b), (b, "c d")} "roads"
set T = 1..n + 1
set Big within Nodes = {i for i in Nodes if weight[i] > 3 and i != "a"}
set Pairs = {(i, t) for i in Big for t in T if (i, i) not in Arcs}
set Mixed = Nodes - {a, -3, 2.5} | Big & Nodes
param n >= 1 integer = 12
param weight[Nodes] > 0 < 100 default 1 unit "kg" "how heavy"
param flag[i in Nodes, j in Nodes if i != j] binary
let share[i in Nodes] = weight[i] / sum(weight[j] for j in Nodes) if i in Big else -0.5
var x[(i, j) in Arcs, t in T] >= 0 <= 10 * share[i] unit "t"
var use[i in Nodes] binary
var level integer
var tank[t in T] >= 2 <= 9 semicontinuous "a batch"  # comes in batches

# what it is all about
maximize profit: sum(x[i, j, t] for (i, j) in Arcs for t in T if t > 1) - (level - 2) ** 2 unit "EUR" "net"
minimize waste: prod(weight[i] for i in Nodes) * level // 2 % 3
subject to band[i in Nodes if i in Big]: 1 <= use[i] + level <= 2 * n soft(100) "keep it"
subject to rule: implies(level >= 1, use["a"] == 1) or not all(use[i] == 0 for i in Nodes)
subject to different: all_different(tank[t] for t in T) and count(use[i] == 1 for i in Nodes) >= 2
subject to shape: abs(level) + max(level, 3) + min(tank[t] for t in T) + len(Nodes) <= exp(log(sqrt(n)))
subject to turn: any(tank[t] > 5 for t in T) or iff(use["a"] == 1, level <= sin(0) + cos(0))
# the data
data  # inline
  Nodes = a, b, "c d"
  n = 12  # months

  # in kg
  weight = {a: 1.5, b: 2e-07, "c d": inf}
  flag = {(a, b): 1, ("c d", a): 0, b: {a: 1}}
  Arcs = (a, b), (b, a)
  grid = [[1, 2], [3, 4]]
  T = 1..12
# the end
"""

NAMES = ("x", "ship", "Plants", "lambda", "class", "None", "Größe", "x_1", "λ", "i", "j", "日本")
_names = st.sampled_from(NAMES)
_characters = st.characters(exclude_categories=["Cc", "Cs"])
texts = st.text(_characters, max_size=8)
_finite = st.floats(allow_nan=False, allow_infinity=False)
_labels = st.one_of(_names, texts, st.integers(-(10**12), 10**12), _finite)
_numbers = st.one_of(st.integers(-(10**20), 10**20), _finite, st.just(float("inf")), st.just(float("-inf")))


def _no_sum(expr: Expr) -> Expr:
    """Keeps sums out of the right operand of +: sums of sums are read as one sum."""
    return Call("abs", (expr,)) if isinstance(expr, Binary) and expr.op in ("+", "-") else expr


def _no_number(expr: Expr) -> Expr:
    """Keeps numbers out of a minus: it is read as part of the number."""
    return Call("abs", (expr,)) if isinstance(expr, Number) else expr


def _no_range(expr: Expr) -> Expr:
    """Keeps ranges from being the end of a range."""
    return Listing(()) if isinstance(expr, Range) else expr


def _no_text(expr: Expr) -> Expr:
    """Keeps a quoted text from being all members of a set: it is read as a listing of one label."""
    return Listing((expr.value,)) if isinstance(expr, Text) else expr


def _binders(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[tuple[Binder, ...]]:
    binder = st.builds(Binder, st.lists(_names, min_size=1, max_size=2).map(tuple), inner)
    return st.lists(binder, min_size=1, max_size=2).map(tuple)


def _larger(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    two = st.tuples(inner, inner)
    maybe = st.none() | inner
    operators = st.sampled_from(["-", "*", "/", "//", "%", "**", "|", "&"])
    comparisons = st.sampled_from(["<", "<=", ">", ">=", "==", "!=", "in", "not in"])
    return st.one_of(
        st.builds(Ref, _names, several),
        st.builds(Unary, st.sampled_from(["+", "not"]), inner),
        st.builds(Unary, st.just("-"), inner.map(_no_number)),
        st.builds(Binary, operators, inner, inner),
        st.builds(Binary, st.just("+"), inner, inner.map(_no_sum)),
        st.builds(lambda a, b, op: Compare((a, b), (op,)), inner, inner, comparisons),
        st.builds(lambda a, b, c: Compare((a, b, c), ("<=", "<")), inner, inner, inner),
        st.builds(lambda t, b: Compare((LabelTuple(t), b), ("in",)), several, inner),
        st.builds(Logic, st.sampled_from(["and", "or"]), two),
        st.builds(Choose, inner, inner, inner),
        st.builds(Call, st.sampled_from(["min", "max", "implies", "iff", "all_different"]), two),
        st.builds(Call, st.sampled_from(["abs", "len", "exp"]), st.tuples(inner)),
        st.builds(Aggregate, st.sampled_from(["sum", "min", "count", "all", "prod"]), inner, _binders(inner), maybe),
        st.builds(Comprehension, several, _binders(inner), maybe),
        st.builds(Range, inner.map(_no_range), inner),
    )


_tuples = st.lists(_labels, min_size=1, max_size=3).map(tuple)
_leaves: st.SearchStrategy[Expr] = st.one_of(
    st.builds(Number, _numbers),
    st.builds(Ref, _names),
    st.builds(Text, texts),
    st.builds(Listing, st.lists(_labels | _tuples, max_size=3).map(tuple)),
)
expressions = st.recursive(_leaves, _larger, max_leaves=12)

_heads = st.lists(
    st.builds(Binder, st.lists(_names, max_size=2).map(tuple), expressions), min_size=1, max_size=2
).map(tuple)
_comments = st.sampled_from(["", "\n", "# why\n", "\n# über\n\n"])
_remarks = st.sampled_from(["", "# so"])
_said = {"unit": texts, "description": texts, "comment": _comments, "remark": _remarks}
_bounded = {"lower": st.none() | expressions, "upper": st.none() | expressions}
_domains = st.sampled_from([Domain.CONTINUOUS, Domain.INTEGER, Domain.BINARY])


def _indexed(**fields: object) -> dict[str, st.SearchStrategy[object]]:
    return {"binders": st.just(()) | _heads, **fields}  # type: ignore[dict-item]


_set_values = expressions.map(_no_text)
elements = st.one_of(
    st.builds(
        SetElement,
        _names,
        st.none() | expressions,
        st.none() | _set_values,
        texts,
        comment=_comments,
        remark=_remarks,
    ),
    st.builds(
        ParamElement, _names, **_indexed(), **_bounded, domain=_domains, default=st.none() | expressions, **_said
    ),
    st.builds(VarElement, _names, **_indexed(), **_bounded, domain=st.sampled_from(list(Domain)), **_said),
    st.builds(ObjectiveElement, _names, st.sampled_from(["min", "max"]), expressions, **_said),
    st.builds(ConstraintElement, _names, expressions, **_indexed(), soft=st.none() | expressions, **_said),
    st.builds(ConstraintElement, _names, expressions, _heads, expressions, **_said),
)

_values = st.one_of(_labels, st.sampled_from([float("inf"), float("-inf")]))
literals = st.recursive(
    _values,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(_labels | _tuples, inner, max_size=3),
        st.lists(_tuples, max_size=3),
    ),
    max_leaves=8,
)
entries = st.one_of(
    st.builds(DataEntry, _names, literals, comment=_comments, remark=_remarks),
    st.builds(DataEntry, _names, st.none(), texts.map(lambda text: text + ".csv"), comment=_comments),
    st.builds(
        DataEntry, _names, st.builds(Range, st.builds(Number, st.integers()), st.builds(Number, st.integers()))
    ),
)
models = st.builds(
    Model,
    st.lists(elements, max_size=4).map(tuple),
    st.lists(entries, max_size=3).map(tuple),
    st.just(""),
    _comments,
)
