"""MPS and LP files read and write without losing anything, and whatever is wrong in one is named with its line."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from instances import INF, model, same

from solvitur.api import Block, InputError, MatrixInstance, Problem, QuadraticRow
from solvitur_files.matrix_reading import LpFile, MpsFile
from solvitur_files.model_files import LpWriter, MpsWriter

GOOD_MPS = """\
* a comment
NAME          test
OBJSENSE
    MAX
ROWS
 N  COST
 L  LIM1
 G  LIM2
 E  MYEQN
 L  RANGED
COLUMNS
    X1        COST         1.0   LIM1         1.0
    X1        LIM2         1.0
    M1        'MARKER'     'INTORG'
    X2        COST         2.0   LIM1         1.0
    X2        MYEQN       -1.0
    M2        'MARKER'     'INTEND'
    X3        COST        -1.0   MYEQN        1.0
    X3        RANGED       2.5
RHS
    RHS       COST        -7.5   LIM1         4.0
    RHS       MYEQN        7.0   RANGED       9.0
    RHS       LIM2         1.0
RANGES
    RNG       RANGED       4.0
BOUNDS
 UP BND       X1           4.0
 LO BND       X2          -1.0
 UP BND       X2           1.0
 LO BND       X3           2.0
 SC BND       X3           8.0
ENDATA
"""
GOOD_LP = """\
\\ a comment
Maximize
 profit: 3 x + 2 y(a,b) - z + 5
   + [ x ^ 2 + 2 x * y(a,b) ] / 2
Subject To
 c1: x + y(a,b) + x <= 4
 r: -1 <= x - z <= 4
 3 <= y(a,b) + z
 q: x + [ z ^ 2 + x * z ] <= 25
Bounds
 -inf <= x <= 4
 y(a,b) free
 z >= 2
 z <= 8
General
 x
Semi-Continuous
 z
End
"""


def content(problem: Problem | None) -> MatrixInstance:
    """Returns the model inside."""
    assert problem is not None
    assert isinstance(problem.formulation.content, MatrixInstance)
    return problem.formulation.content


def read(folder: Path, text: str | bytes, name: str = "model.mps") -> MatrixInstance:
    """Writes a file and opens it."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    reader = LpFile() if ".lp" in name else MpsFile()
    return content(reader.read(path, {}).problem)


def test_mps_is_read_with_all_it_says(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD_MPS)
    assert (found.sense, found.offset, found.objective_name) == ("max", 7.5, "COST")
    assert [found.variable_of(k) for k in range(3)] == ["X1", "X2", "X3"]
    assert [found.constraint_of(k) for k in range(4)] == ["LIM1", "LIM2", "MYEQN", "RANGED"]
    assert found.integrality.tolist() == [0, 1, 2]
    assert found.column_lower.tolist() == [0.0, -1.0, 2.0]
    assert found.column_upper.tolist() == [4.0, 1.0, 8.0]
    assert found.row_lower.tolist() == [-INF, 1.0, 7.0, 5.0]
    assert found.row_upper.tolist() == [4.0, INF, 7.0, 9.0]
    assert found.cost.tolist() == [1.0, 2.0, -1.0]


def test_gzipped_mps_is_read_by_content(tmp_path: Path) -> None:
    assert same(read(tmp_path, GOOD_MPS), read(tmp_path, gzip.compress(GOOD_MPS.encode()), "model.mps.gz")) == []


@pytest.mark.parametrize("name", ["model.MPS", "model.txt", "model"])
def test_the_letters_of_the_suffix_do_not_matter(tmp_path: Path, name: str) -> None:
    assert MpsFile().recognises(tmp_path / name, GOOD_MPS.encode()) > 0.5
    assert read(tmp_path, GOOD_MPS, name).rows == 4


def test_fixed_mps_may_have_names_with_spaces(tmp_path: Path) -> None:
    text = (
        "NAME          SPACED\nROWS\n N  COST\n L  ROW ONE\nCOLUMNS\n"
        "    COL ONE   COST               1.0   ROW ONE            2.0\n"
        "    COL TWO   ROW ONE            3.0\nRHS\n    RHS       ROW ONE            6.0\nENDATA\n"
    )
    found = read(tmp_path, text)
    assert (found.variable_of(1), found.constraint_of(0)) == ("COL TWO", "ROW ONE")
    assert found.matrix.value.tolist() == [2.0, 3.0]


@pytest.mark.parametrize("words", ["OBJSENSE\n    MAX", "OBJSENSE MAX", "OBJSENSE MAXIMIZE", "OBJSENSE\n MAXIMIZE"])
def test_maximising_is_understood_however_it_is_written(tmp_path: Path, words: str) -> None:
    assert read(tmp_path, GOOD_MPS.replace("OBJSENSE\n    MAX", words)).sense == "max"


def test_a_quadratic_objective_is_read_as_its_full_matrix(tmp_path: Path) -> None:
    quadratic = "QUADOBJ\n    X1  X1  2.0\n    X1  X3  1.0\n    X3  X3  4.0\nENDATA"
    found = read(tmp_path, GOOD_MPS.replace("OBJSENSE\n    MAX\n", "").replace("ENDATA", quadratic))
    assert found.hessian is not None
    assert found.objective_at(np.array([1.0, 0.0, 2.0])) == pytest.approx(1.0 - 2.0 + 7.5 + (2 + 2 * 2 + 16) / 2)


def test_lp_is_read_with_all_it_says(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD_LP, "model.lp")
    assert (found.sense, found.offset, found.objective_name) == ("max", 5.0, "profit")
    assert [found.variable_of(k) for k in range(3)] == ["x", "y(a,b)", "z"]
    assert [found.constraint_of(k) for k in range(4)] == ["c1", "r", "c3", "q"]
    assert found.row_lower.tolist() == [-INF, -1.0, 3.0, -INF]
    assert found.row_upper.tolist() == [4.0, 4.0, INF, 25.0]
    assert found.matrix.value.tolist() == [2.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0]
    assert found.integrality.tolist() == [1, 0, 2]
    assert found.column_lower.tolist() == [-INF, -INF, 2.0]
    point = np.array([1.0, 2.0, 3.0])
    assert found.objective_at(point) == 3 + 4 - 3 + 5 + (1 + 4) / 2
    assert found.row_activity(point)[3] == 1 + 9 + 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("min\nx\nst\nc: x >= 1\nend\n", (1, 1)),
        ("Minimise obj: x + 2 y subject to\n", None),
        ("MINIMIZE\nobj: 2 e1 + 3 e + 1e2x\nST\ne1 + e + 1e2x >= 1\nEND\n", (1, 3)),
        ("max\n x[1] + x[2]\ns.t.\n x[1] + x[2] <= 1\nbin\n x[1] x[2]\nend\n", (1, 2)),
        ("min\n\nst\n c: bin + st2 >= 1\nend\n", (1, 2)),
    ],
)
def test_lp_dialects(tmp_path: Path, text: str, expected: tuple[int, int] | None) -> None:
    if expected is None:
        with pytest.raises(InputError):
            read(tmp_path, text, "model.lp")
    else:
        found = read(tmp_path, text, "model.lp")
        assert (found.rows, found.columns) == expected


def test_a_constant_with_an_exponent_is_no_variable_named_e(tmp_path: Path) -> None:
    found = read(tmp_path, "min\n x + 1e-9 - 2e+3 + 4 e - 1e1y\nst\n c: x + e + y >= 1\nend\n", "model.lp")
    assert (found.offset, found.cost.tolist()) == (1e-9 - 2e3, [1.0, 4.0, -10.0])


def test_an_unknown_name_in_bounds_is_pointed_out(tmp_path: Path) -> None:
    path = tmp_path / "model.lp"
    path.write_text("min\n demand\nst\n c: demand >= 1\nbounds\n demnd <= 4\nend\n")
    (finding,) = LpFile().read(path, {}).findings
    assert "'demnd' stands neither" in finding.text
    assert "did you mean 'demand'?" in finding.text
    assert finding.place.line == 6


@pytest.mark.parametrize("writer", [MpsWriter(), LpWriter()])
@pytest.mark.parametrize("source", [GOOD_MPS, GOOD_LP])
def test_what_is_written_reads_back_to_the_same_bits(
    writer: MpsWriter | LpWriter, source: str, tmp_path: Path
) -> None:
    first = read(tmp_path, source, "model.lp" if source is GOOD_LP else "model.mps")
    for suffix in writer.suffixes:
        path = tmp_path / f"again{suffix}"
        writer.write(first, path)
        reader = LpFile() if ".lp" in suffix else MpsFile()
        assert same(first, content(reader.read(path, {}).problem)) == []


values = st.one_of(
    st.sampled_from([0.1, -1.0, 1 / 3, 1e-9, 1e9, -2.5]), st.floats(-1e6, 1e6).filter(lambda v: abs(v) > 1e-9)
)


@st.composite
def models(draw: st.DrawFn) -> MatrixInstance:
    """Draws models with every kind of bound, row and type."""
    size = draw(st.integers(1, 5))
    rows = []
    for _ in range(draw(st.integers(0, 4))):
        row = [draw(st.one_of(st.just(0.0), values)) for _ in range(size)]
        low, high = sorted([draw(values), draw(values)])
        kind = draw(st.sampled_from(["range", "low", "high", "equal", "free"]))
        sides = {
            "range": (low, high),
            "low": (low, INF),
            "high": (-INF, high),
            "equal": (low, low),
            "free": (-INF, INF),
        }
        rows.append((row, *sides[kind]))
    lower, upper, codes = [], [], []
    for _ in range(size):
        code = draw(st.integers(0, 3))
        low, high = sorted([draw(values), draw(values)])
        if code >= 2:
            low, high = abs(low), abs(low) + abs(high)
        else:
            low = draw(st.sampled_from([0.0, -INF, low]))
            high = draw(st.sampled_from([INF, high])) if low < high else INF
        lower.append(low)
        upper.append(high)
        codes.append(code)
    cost = [draw(st.one_of(st.just(0.0), values)) for _ in range(size)]
    offset = draw(st.one_of(st.just(0.0), values))
    sense = draw(st.sampled_from(["min", "max"]))
    return model(cost, rows, sense=sense, lower=lower, upper=upper, whole=codes, offset=offset)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(models())
def test_any_model_survives_mps_and_lp(tmp_path: Path, drawn: MatrixInstance) -> None:
    for writer, reader, name in ((MpsWriter(), MpsFile(), "m.mps"), (LpWriter(), LpFile(), "m.lp")):
        path = tmp_path / name
        writer.write(drawn, path)
        again = content(reader.read(path, {}).problem)
        differ = same(drawn, again)
        if differ == ["row_lower"] or differ == ["row_upper"]:  # a range's width may round in MPS
            assert np.allclose(drawn.row_lower, again.row_lower, rtol=1e-12, atol=1e-9)
            assert np.allclose(drawn.row_upper, again.row_upper, rtol=1e-12, atol=1e-9)
        else:
            assert differ == []


def test_names_of_indexed_blocks_are_made_to_fit(tmp_path: Path) -> None:
    block = Block("ship", 0, 2, (("San Diego",), ("New York", "Rome")), ("p", "m"))
    drawn = model([1.0, 2.0], [([1.0, 1.0], 1.0, INF)])
    named = MatrixInstance(**{**vars(drawn), "variables": (block,)})
    MpsWriter().write(named, tmp_path / "m.mps")
    LpWriter().write(named, tmp_path / "m.lp")
    first = content(MpsFile().read(tmp_path / "m.mps", {}).problem)
    second = content(LpFile().read(tmp_path / "m.lp", {}).problem)
    assert first.variable_of(0) == "ship[San_Diego,New_York]"
    assert second.variable_of(0) == "ship(San_Diego,New_York)"


def test_quadratic_constraints_survive_lp_and_mps(tmp_path: Path) -> None:
    part = QuadraticRow(0, np.array([0, 0]), np.array([0, 1]), np.array([1.5, -2.0]))
    drawn = model([1.0, 1.0], [([1.0, 0.0], -INF, 4.0)], quadratic_rows=(part,))
    LpWriter().write(drawn, tmp_path / "m.lp")
    assert same(drawn, content(LpFile().read(tmp_path / "m.lp", {}).problem)) == []
    MpsWriter().write(drawn, tmp_path / "m.mps")
    again = content(MpsFile().read(tmp_path / "m.mps", {}).problem)
    point = np.array([3.0, -5.0])
    assert again.row_activity(point).tolist() == drawn.row_activity(point).tolist() == [3.0 + 13.5 + 30.0]


def test_a_file_that_hangs_the_native_reader_is_rewritten_or_refused(tmp_path: Path) -> None:
    """Names with spaces switch HiGHS's reader to positions, where unexpected sections make it loop for ever."""
    with pytest.raises(InputError, match="expected a section such as ROWS here, found data"):
        read(tmp_path, GOOD_MPS.replace("OBJSENSE\n", "").replace(" G  LIM2", " G $ LIM2"))


def test_lower_case_types_are_understood(tmp_path: Path) -> None:
    lower = GOOD_MPS.replace(" L  LIM1", " l  LIM1").replace(" UP BND", " up BND")
    assert same(read(tmp_path, GOOD_MPS), read(tmp_path, lower)) == []


BAD_MPS: list[tuple[str, Callable[[str], str | bytes], str]] = [
    ("no ENDATA", lambda t: t.replace("ENDATA\n", ""), "line 31: the file ends in section BOUNDS without ENDATA"),
    ("truncated", lambda t: t[: t.index("RHS\n")], "line 19: the file ends in section COLUMNS without ENDATA"),
    (
        "unknown row",
        lambda t: t.replace("X2        MYEQN", "X2        MYEQ "),
        "line 16, column 15: row 'MYEQ' is not",
    ),
    (
        "unknown row in RHS",
        lambda t: t.replace("   RANGED       9.0", "   RANGET       9.0"),
        "did you mean 'RANGED'?",
    ),
    ("unknown column", lambda t: t.replace("UP BND       X1", "UP BND       X9"), "line 27, column 15: column 'X9'"),
    ("unknown section", lambda t: t.replace("BOUNDS", "BOUNZ"), "line 26, column 1: 'BOUNZ' is no section"),
    ("row twice", lambda t: t.replace("G  LIM2", "G  LIM1"), "row 'LIM1' is named twice; the first is on line 7"),
    ("column twice", lambda t: t.replace("    X3        COST", "    X1        COST"), "column 'X1' begins again"),
    ("entry twice", lambda t: t.replace("X1        LIM2 ", "X1        LIM1 "), "second entry in row 'LIM1'"),
    (
        "a word for a number",
        lambda t: t.replace("RANGED       2.5", "RANGED       two"),
        "line 19, column 28: 'two' is not a number",
    ),
    ("a decimal comma", lambda t: t.replace("RANGED       2.5", "RANGED       2,5"), "'2,5' is not a number"),
    ("a Fortran exponent", lambda t: t.replace("RANGED       2.5", "RANGED       2.5D1"), "'2.5D1' is not a number"),
    ("NaN", lambda t: t.replace("RANGED       2.5", "RANGED       nan"), "'nan' is no usable number"),
    (
        "NaN bound",
        lambda t: t.replace("X1           4.0", "X1           nan"),
        "no usable number for the bound of 'X1'",
    ),
    ("too large", lambda t: t.replace("RANGED       2.5", "RANGED       1e400"), "'1e400' is no usable number"),
    ("bad type of row", lambda t: t.replace(" G  LIM2", " Q  LIM2"), "expected a type (N, L, G or E) and a name"),
    (
        "bad type of bound",
        lambda t: t.replace(" UP BND       X1", " ZZ BND       X1"),
        "expected a type, a name of the set",
    ),
    (
        "a missing number",
        lambda t: t.replace("X1        LIM2         1.0", "X1        LIM2"),
        "expected a column, a row",
    ),
    (
        "Latin-1",
        lambda t: t.replace("X1", "Xé").encode("latin-1"),
        "byte e9 is not UTF-8 (in Latin-1 it would be 'é')",
    ),
    ("UTF-16", lambda t: t.encode("utf-16"), "the file is UTF-16; save it as UTF-8"),
    ("binary", lambda t: b"\x7fELF\x02\x01\x00\x00" + bytes(range(256)), "binary data"),
    ("empty", lambda t: "", "the file is empty"),
    ("another text", lambda t: "Dear Sir,\n", "an MPS file begins with NAME or ROWS"),
    (
        "special ordered sets",
        lambda t: t.replace("ENDATA", "SOS1\n    S1  X1  1\nENDATA"),
        "section SOS1 holds special ordered sets",
    ),
]


@pytest.mark.parametrize(("what", "spoil", "words"), BAD_MPS, ids=[case[0] for case in BAD_MPS])
def test_malformed_mps_is_named(tmp_path: Path, what: str, spoil: Callable[[str], str | bytes], words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, spoil(GOOD_MPS))
    assert words in str(caught.value)
    assert all(finding.place.file.endswith("model.mps") for finding in caught.value.findings)
    if what != "empty":
        assert caught.value.findings[0].place.line


BAD_LP = [
    ("no End", GOOD_LP.replace("End\n", ""), "the file ends without End"),
    (
        "no objective",
        "Subject To\n c: x >= 1\nEnd\n",
        "line 1, column 1: an LP file begins with Minimize or Maximize",
    ),
    ("another text", "hello world\n", "found 'hello'"),
    ("a name twice", GOOD_LP.replace(" r: ", " c1: "), "line 7, column 2: constraint 'c1' is named twice"),
    ("NaN", GOOD_LP.replace("<= 25", "<= nan"), "expected a number in a constraint, found 'nan'"),
    ("two operators", GOOD_LP.replace("<= 25", "> = 25"), "found '='"),
    ("variables on the right", GOOD_LP.replace("<= 25", "<= 2 z"), "bring 'z' to the left"),
    ("a missing sign", GOOD_LP.replace("3 x + 2", "3 x 2"), "expected + or - before '2'"),
    ("no constraints' header", "min\n x\n c: x >= 1\nend\n", "line 3"),
    ("too large", GOOD_LP.replace("3 x + 2", "1e400 x + 2"), "'1e400' is too large"),
    ("a cube", GOOD_LP.replace("z ^ 2", "z ^ 3"), "only the power 2"),
    ("a product without brackets", "min\n x * y\nend\n", "must stand in brackets"),
    ("an indicator", "min\n x\nst\n c: y = 1 -> x >= 1\nend\n", "indicator constraints"),
    ("sets", GOOD_LP.replace("End", "SOS1\n s: x:1 z:2\nEnd"), "section 'SOS1' cannot be read here"),
    ("a control letter", "min\n x\x07\nend\n", "cannot stand in an LP file"),
    ("empty", "", "the file is empty"),
]


@pytest.mark.parametrize(("text", "words"), [case[1:] for case in BAD_LP], ids=[case[0] for case in BAD_LP])
def test_malformed_lp_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, "model.lp")
    assert words in str(caught.value)
    assert caught.value.findings[0].place.file.endswith("model.lp")


def test_a_truncated_gzip_file_is_named(tmp_path: Path) -> None:
    packed = gzip.compress(GOOD_MPS.encode())
    with pytest.raises(InputError, match="breaks off before its end"):
        read(tmp_path, packed[: len(packed) // 2], "model.mps.gz")
    with pytest.raises(InputError, match="no intact gzip file"):
        read(tmp_path, "NAME\n", "model.mps.gz")


@pytest.mark.parametrize("name", ["model.mps", "model.lp"])
def test_an_endless_line_is_refused_before_it_is_held(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(b"NAME\n")
        for _ in range(20):
            file.write(b"x" * (1 << 20))
    with pytest.raises(InputError, match="line 2: this line is longer than 8 MB"):
        (LpFile() if name.endswith("lp") else MpsFile()).read(path, {})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["model.mps", "model.lp"]),
    st.integers(0, len(GOOD_MPS)),
    st.integers(0, 30),
    st.one_of(
        st.binary(max_size=20), st.sampled_from([b"nan", b"'MARKER'", b"\n", b" 1e999 ", b"RHS\n", b"[", b"<="])
    ),
)
def test_a_mutilated_file_is_read_or_refused_but_never_breaks_the_reader(
    tmp_path: Path, name: str, at: int, cut: int, put: bytes
) -> None:
    raw = (GOOD_LP if name.endswith("lp") else GOOD_MPS).encode()
    try:
        found = read(tmp_path, raw[:at] + put + raw[at + cut :], name)
    except InputError as error:
        assert error.findings
    else:
        assert not np.isnan(found.matrix.value).any()
        assert not np.isnan(np.concatenate([found.column_lower, found.column_upper])).any()
