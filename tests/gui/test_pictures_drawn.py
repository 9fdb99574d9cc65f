"""Pictures on screen and in files: every kind draws, exports, tells its values, and selects with the window."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import picture_samples as samples
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from solvitur.gui.pictures import layouts
from solvitur.gui.pictures.axes import LabelTicks, NumberTicks, round_step
from solvitur.gui.pictures.drawings import drawing_of
from solvitur.gui.pictures.export import export_picture, image_of, settle
from solvitur.gui.pictures.lines import stairs, thinned
from solvitur.gui.pictures.look import Look, contrast
from solvitur.gui.pictures.marks import spread_apart
from solvitur.gui.pictures.rows import csv_of
from solvitur.gui.pictures.sheet import Sheet
from solvitur.gui.pictures.view import PictureView
from solvitur.gui.selection import Selection
from solvitur.gui.theme import Theme
from solvitur.gui.tokens import DARK, LIGHT
from solvitur.problem.errors import InputError
from solvitur.problem.pictures import Bars, Graph, Heatmap, Picture

KINDS = samples.all_kinds()
DRAWN = [name for name in KINDS if name != "table"]


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    """Light colours."""
    return Theme(qapp, "light")


@pytest.fixture
def selection() -> Selection:
    """An empty selection."""
    return Selection()


def view_of(qtbot: QtBot, theme: Theme, selection: Selection, picture: Picture) -> PictureView:
    view = PictureView(theme, selection)
    qtbot.addWidget(view)
    view.resize(640, 420)
    view.show()
    view.show_picture(picture)
    qtbot.waitUntil(lambda: view.sheet is not None)
    qtbot.wait(1)
    return view


def colours(path: Path) -> set[int]:
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    assert not image.isNull()
    pixels = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), -1)
    return set(np.unique(pixels & 0xFFFFFF).tolist())


def click(qtbot: QtBot, view: PictureView, x: float, y: float) -> None:
    assert view.sheet is not None
    frame = view.sheet.frame
    assert frame is not None
    at = frame.mapFromScene(frame.box.mapViewToScene(QPointF(x, y)))
    qtbot.mouseMove(frame.viewport(), at)
    qtbot.mouseClick(frame.viewport(), Qt.MouseButton.LeftButton, pos=at)


# Files


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_kind_is_drawn_into_a_png_in_the_colours_of_the_theme(
    qapp: QApplication, tmp_path: Path, name: str, dark: bool
) -> None:
    path = tmp_path / "picture.png"
    export_picture(KINDS[name], path, dark=dark, size=(480, 320), scale=2.0)
    assert QImage(str(path)).width() == 960
    tokens = DARK if dark else LIGHT
    found = colours(path)
    assert QColor(tokens.surface).rgb() & 0xFFFFFF in found
    assert len(found) > 12, "there is more than the background"


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_drawn_into_a_valid_svg_with_its_texts(qapp: QApplication, tmp_path: Path, name: str) -> None:
    path = tmp_path / "picture.svg"
    export_picture(KINDS[name], path, size=(480, 320))
    root = ElementTree.parse(path).getroot()
    assert root.tag.endswith("svg")
    texts = {"".join(node.itertext()) for node in root.iter() if node.tag.endswith("text")}
    assert KINDS[name].title in texts
    assert not [node for node in root.iter() if node.tag.endswith("image")], "lines and texts, not pixels"


def read(picture: Picture) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_of(picture))))


def test_csv_holds_the_numbers_of_bars_with_their_unit_and_limits() -> None:
    assert read(samples.bars()) == [
        ["Plants", "made (case)", "limit"],
        ["Seattle", "350", "350"],
        ["San Diego", "670", "700"],
        ["Gary", "290", "400"],
    ]


def test_csv_of_a_heatmap_is_its_grid() -> None:
    rows = read(samples.heatmap())
    assert rows[0] == ["Plants", "New York", "Chicago", "Topeka", "Boston", "Dallas"]
    assert rows[1] == ["Seattle", "50", "300", "0", "0", "0"]


def test_csv_of_a_puzzle_says_what_stands_in_the_cells() -> None:
    assert read(samples.puzzle())[1] == ["1", "1", "2", "3", "4", "5", "6", "7", "8", "9"]


def test_csv_of_flows_lists_the_links() -> None:
    assert ["Seattle", "Chicago", "300"] in read(samples.flows())


def test_csv_of_lines_and_timetables_and_routes_and_tables() -> None:
    assert ["stock", "3", "40"] in read(samples.lines())
    assert ["Lathe", "job 1", "0", "3"] in read(samples.gantt())
    assert ["address", "act2", "4", "7", "128", "192"] in read(samples.address_map())
    assert ["vehicle 1", "1", "A", "20", "80"] in read(samples.routes())
    assert ["San Diego", "670.5"] in read(samples.table())
    assert len(read(samples.scatter())) == 19


def test_csv_leaves_cells_without_a_value_empty() -> None:
    values = np.array([[1.0, np.nan]])
    assert read(Heatmap("m", rows=("r",), columns=("a", "b"), values=values))[1] == ["r", "1", ""]


def test_an_unknown_ending_or_folder_is_told(qapp: QApplication, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"written as \.png, \.svg or \.csv"):
        export_picture(samples.bars(), tmp_path / "picture.bmp")
    for suffix in (".png", ".svg", ".csv"):
        with pytest.raises(InputError, match="cannot be written"):
            export_picture(samples.bars(), tmp_path / "nowhere" / f"picture{suffix}", size=(200, 150))


def test_the_export_looks_like_the_screen(qtbot: QtBot, theme: Theme, selection: Selection, tmp_path: Path) -> None:
    view = view_of(qtbot, theme, selection, samples.bars())
    selection.select("made[San Diego]")
    assert view.sheet is not None
    view.sheet.leave_room(0)
    seen = image_of(view.sheet, 1.0).convertToFormat(QImage.Format.Format_RGB32)
    view.export(tmp_path / "picture.png", scale=1.0)
    written = QImage(str(tmp_path / "picture.png")).convertToFormat(QImage.Format.Format_RGB32)
    assert written.size() == seen.size()
    apart = np.frombuffer(seen.constBits(), np.uint8) != np.frombuffer(written.constBits(), np.uint8)
    assert apart.mean() < 0.02


def test_a_zoomed_picture_is_exported_zoomed(
    qtbot: QtBot, theme: Theme, selection: Selection, tmp_path: Path
) -> None:
    view = view_of(qtbot, theme, selection, samples.flows())
    view.export(tmp_path / "whole.png", scale=1.0)
    assert view.sheet is not None
    assert view.sheet.frame is not None
    view.sheet.frame.zoom(3.0)
    view.export(tmp_path / "near.png", scale=1.0)
    assert (tmp_path / "whole.png").read_bytes() != (tmp_path / "near.png").read_bytes()


def test_copying_gives_the_picture_and_its_data(qtbot: QtBot, theme: Theme, selection: Selection) -> None:
    view = view_of(qtbot, theme, selection, samples.bars())
    view.copy()
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert "San Diego\t670\t700" in data.text()


# What a mark tells


TIPS = {
    "bars": (1, "made[San Diego] = 670 case\nlimit 700 (95.71 % used)"),
    "heatmap": (1, "ship[Seattle, Chicago] = 300 case"),
    "puzzle": (0, "1, 1: 1\nx[1, 1, 1] = 1"),
    "flows": (1, "Seattle \u2192 Chicago\nship[Seattle, Chicago] = 300 case"),
    "lines": (2, "Months 3\nstock[3] = 40 t"),
    "gantt": (1, "job 1\nMill: 3 to 5 (2)\nstart[1] = 3"),
    "addresses": (4, "act2\n4 to 7 (3)\naddress[act2] = 128, size 64 KiB"),
    "routes": (4, "D\nvehicle 2, stop 2"),
}


@pytest.mark.parametrize("name", TIPS)
def test_the_tool_tip_tells_the_exact_value_and_its_name_in_the_model(qapp: QApplication, name: str) -> None:
    drawing = drawing_of(KINDS[name], Look(LIGHT))
    mark, text = TIPS[name]
    assert drawing is not None
    assert drawing.tip(mark).replace("\u2009", "") == text


@pytest.mark.parametrize("name", DRAWN)
def test_every_mark_is_found_at_its_middle_and_told(qapp: QApplication, name: str) -> None:
    drawing = drawing_of(KINDS[name], Look(LIGHT))
    assert drawing is not None
    area = drawing.extent()
    reach = (area.width() / 80, area.height() / 80)
    found = 0
    for mark, (x, y) in enumerate(drawing.centers()):
        assert area.adjusted(-1, -1, 1, 1).contains(QPointF(x, y))
        assert drawing.tip(mark)
        found += drawing.mark_at(float(x), float(y), reach) == mark
    assert found >= 0.7 * len(drawing.centers()), "marks may lie on each other, but not most"


@pytest.mark.parametrize("name", DRAWN)
def test_nothing_is_found_far_outside(qapp: QApplication, name: str) -> None:
    drawing = drawing_of(KINDS[name], Look(LIGHT))
    assert drawing is not None
    area = drawing.extent()
    assert drawing.mark_at(area.right() + 5 * area.width(), area.bottom() + 5 * area.height(), (0.01, 0.01)) == -1


# Selection


@pytest.mark.parametrize(
    ("name", "element"),
    [
        ("bars", "made[San Diego]"),
        ("heatmap", "ship[San Diego, Topeka]"),
        ("puzzle", "x[2, 1, 4]"),
        ("flows", "ship[Gary, Boston]"),
        ("scatter", "open[Town 4]"),
        ("lines", "made[5]"),
        ("gantt", "start[3]"),
        ("addresses", "address[conv2]"),
        ("routes", "visit[E]"),
    ],
)
def test_clicking_a_mark_selects_its_element_everywhere(
    qtbot: QtBot, theme: Theme, selection: Selection, name: str, element: str
) -> None:
    view = view_of(qtbot, theme, selection, KINDS[name])
    other = view_of(qtbot, theme, selection, KINDS[name])
    assert view.sheet is not None
    assert other.sheet is not None
    drawing = view.sheet.drawing
    assert drawing is not None
    assert other.sheet.drawing is not None
    mark = next(iter(drawing.marks_of(element)))
    x, y = drawing.centers()[mark]
    click(qtbot, view, float(x), float(y))
    assert selection.current.element == element
    assert drawing.selected == {mark}
    assert other.sheet.drawing.selected == {mark}


def test_a_selection_made_elsewhere_is_drawn_in_the_accent_colour(
    qtbot: QtBot, theme: Theme, selection: Selection, tmp_path: Path
) -> None:
    view = view_of(qtbot, theme, selection, samples.heatmap())
    accent = QColor(LIGHT.accent).rgb() & 0xFFFFFF
    view.export(tmp_path / "before.png")
    selection.select("ship[Gary, Boston]")
    view.export(tmp_path / "after.png")
    assert accent not in colours(tmp_path / "before.png")
    assert accent in colours(tmp_path / "after.png")


def test_a_row_of_a_table_picture_selects_its_element(qtbot: QtBot, theme: Theme, selection: Selection) -> None:
    view = view_of(qtbot, theme, selection, samples.table())
    assert view.sheet is not None
    table = view.sheet.table
    assert table is not None
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    table.selectRow(0)
    assert selection.current.element == "made[San Diego]"
    selection.select("made[Gary]")
    assert table.selectionModel().currentIndex().row() == 2


def test_the_keyboard_walks_the_marks_and_selects(qtbot: QtBot, theme: Theme, selection: Selection) -> None:
    view = view_of(qtbot, theme, selection, samples.heatmap())
    assert view.sheet is not None
    frame = view.sheet.frame
    assert frame is not None
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(frame, key)
    assert "ship[San Diego, Chicago]" in frame.accessibleDescription()
    qtbot.keyClick(frame, Qt.Key.Key_Return)
    assert selection.current.element == "ship[San Diego, Chicago]"


# Zoom


def test_dragging_zooms_and_a_double_click_fits(qtbot: QtBot, theme: Theme, selection: Selection) -> None:
    view = view_of(qtbot, theme, selection, samples.lines())
    assert view.sheet is not None
    frame = view.sheet.frame
    assert frame is not None
    whole = frame.box.viewRect()
    centre = frame.viewport().rect().center()
    qtbot.mousePress(frame.viewport(), Qt.MouseButton.LeftButton, pos=centre - QPoint(60, 40))
    for step in range(1, 9):
        qtbot.mouseMove(frame.viewport(), centre - QPoint(60, 40) + QPoint(15 * step, 10 * step))
        qtbot.wait(5)
    qtbot.mouseRelease(frame.viewport(), Qt.MouseButton.LeftButton, pos=centre + QPoint(60, 40))
    near = frame.box.viewRect()
    assert near.width() < 0.6 * whole.width()
    assert not frame.fitted
    qtbot.mouseDClick(frame.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    qtbot.mouseRelease(frame.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    qtbot.waitUntil(lambda: frame.fitted)
    assert frame.box.viewRect().width() == pytest.approx(whole.width(), rel=0.02)


def test_keys_zoom_move_and_fit(qtbot: QtBot, theme: Theme, selection: Selection) -> None:
    view = view_of(qtbot, theme, selection, samples.lines())
    assert view.sheet is not None
    frame = view.sheet.frame
    assert frame is not None
    whole = frame.box.viewRect()
    qtbot.keyClick(frame, Qt.Key.Key_Plus)
    near = frame.box.viewRect()
    assert near.width() == pytest.approx(whole.width() / 1.25)
    qtbot.keyClick(frame, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert frame.box.viewRect().left() > near.left()
    qtbot.keyClick(frame, Qt.Key.Key_Home)
    assert frame.box.viewRect() == whole


def test_the_picture_fits_itself_to_a_new_size_until_zoomed(qtbot: QtBot, theme: Theme, selection: Selection) -> None:
    view = view_of(qtbot, theme, selection, samples.bars())
    assert view.sheet is not None
    frame = view.sheet.frame
    assert frame is not None
    view.resize(900, 600)
    qtbot.wait(1)
    assert frame.box.viewRect() == frame.whole()
    frame.zoom(2.0)
    kept = frame.box.viewRect()
    view.resize(700, 500)
    qtbot.wait(1)
    assert frame.box.viewRect().width() == pytest.approx(kept.width())


@pytest.mark.parametrize("name", DRAWN)
def test_the_whole_picture_lies_within_the_view(qapp: QApplication, name: str) -> None:
    look = Look(LIGHT)
    sheet = Sheet(KINDS[name], drawing_of(KINDS[name], look), look)
    settle(sheet, sheet.size().expandedTo(sheet.minimumSizeHint()).grownBy(sheet.contentsMargins()))
    assert sheet.frame is not None
    assert sheet.drawing is not None
    assert sheet.frame.box.viewRect().adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(sheet.drawing.extent())


def test_changing_the_theme_draws_the_picture_in_its_colours(
    qtbot: QtBot, theme: Theme, selection: Selection, tmp_path: Path
) -> None:
    view = view_of(qtbot, theme, selection, samples.bars())
    theme.set_mode("dark")
    view.export(tmp_path / "dark.png")
    assert QColor(DARK.surface).rgb() & 0xFFFFFF in colours(tmp_path / "dark.png")


# Bars hold zero, texts can be read


def test_bars_always_show_zero(qapp: QApplication) -> None:
    high = Bars("b", labels=("a", "b"), values=np.array([[1000.0, 1001.0]]), series=("s",))
    drawing = drawing_of(high, Look(LIGHT))
    assert drawing is not None
    assert drawing.extent().left() == 0.0


def test_nothing_breaks_on_values_that_are_no_numbers(qapp: QApplication, tmp_path: Path) -> None:
    odd = Bars("b", labels=("a", "b"), values=np.array([[np.nan, np.inf]]), series=("s",))
    export_picture(odd, tmp_path / "odd.png", size=(300, 200))
    none = Heatmap("h", rows=("r",), columns=("c",), values=np.full((1, 1), np.nan))
    export_picture(none, tmp_path / "none.png", size=(300, 200))


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_text_in_marks_has_contrast(tokens: object) -> None:
    look = Look(tokens)  # type: ignore[arg-type]
    for at in range(len(look.tokens.categories)):
        fill = look.category(at)
        assert contrast(look.ink_on(fill), fill) >= 4.5, fill.name()


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21.0)
    assert contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)


# Axes


@pytest.mark.parametrize(
    ("rough", "step"), [(0.7, 1), (1.1, 2), (2.2, 2.5), (3, 5), (6, 10), (0.013, 0.02), (740, 1000)]
)
def test_steps_are_round(rough: float, step: float) -> None:
    assert round_step(rough) == pytest.approx(step)


def test_axes_write_thin_spaces_and_powers_of_ten(qapp: QApplication) -> None:
    from PySide6.QtGui import QFontMetricsF  # noqa: PLC0415

    metrics = QFontMetricsF(Look(LIGHT).font())
    texts = [text for _, text in NumberTicks().at(0, 30_000, 300, metrics, False)]
    assert texts[:2] == ["0", "10\u2009000"]
    gaps = NumberTicks(logarithmic=True, percent=True, suffix=" %").at(-4, 0, 200, metrics, True)
    assert gaps == [(-4, "0.01 %"), (-3, "0.1 %"), (-2, "1 %"), (-1, "10 %"), (0, "100 %")]
    crowded = LabelTicks([f"label {n}" for n in range(1000)]).at(-0.5, 999.5, 300, metrics, True)
    assert 5 < len(crowded) < 30


# Lines


def test_stairs_hold_their_value_until_the_next() -> None:
    points = np.array([[0.0, 1.0], [2.0, 5.0]])
    assert stairs(points, 3.0).tolist() == [[0, 1], [2, 1], [2, 5], [5, 5]]


def test_thinning_keeps_the_extremes() -> None:
    y = np.zeros(100_000)
    y[54_321], y[777] = 9.0, -4.0
    kept = thinned(np.column_stack((np.arange(100_000.0), y)))
    assert len(kept) <= 2_000
    assert kept[:, 1].max() == 9.0
    assert kept[:, 1].min() == -4.0
    assert (np.diff(kept[:, 0]) > 0).all()


def test_names_at_the_ends_of_lines_keep_apart_and_inside() -> None:
    moved = spread_apart(np.array([10.0, 95, 96, 97]), 12.0, 0.0, 100.0)
    assert (np.diff(moved) >= 12).all()
    assert moved[-1] <= 100


# Graphs


def test_layers_put_groups_in_columns_without_needless_crossings() -> None:
    source, target = np.arange(5), 5 + np.array([4, 3, 2, 1, 0])
    graph = Graph(
        "g",
        nodes=tuple("abcdevwxyz"),
        groups=("left",) * 5 + ("right",) * 5,
        source=source,
        target=target,
        weight=np.ones(5),
        layered=True,
    )
    places = layouts.place(graph)
    assert set(places[:5, 0]) == {0.0}
    assert set(places[5:, 0]) == {1.0}
    assert (np.argsort(places[source, 1]) == np.argsort(places[target, 1])).all()


@pytest.mark.parametrize("size", [(24, 40), (2_000, 2_600)])
def test_a_graph_without_places_gets_finite_ones_that_stay_the_same(size: tuple[int, int]) -> None:
    graph = samples.network(*size)
    first, second = layouts.place(graph), layouts.place(graph)
    assert first.shape == (size[0], 2)
    assert np.isfinite(first).all()
    assert np.array_equal(first, second)
    assert len(np.unique(first.round(6), axis=0)) > 0.95 * size[0]


def test_places_of_the_data_are_kept() -> None:
    graph = Graph("g", nodes=("a", "b"), groups=("", ""), positions=np.array([[1.0, 2], [3, 4]]))
    assert layouts.place(graph).tolist() == [[1, 2], [3, 4]]


def test_a_large_graph_is_arranged_in_the_background_and_drawn(
    qtbot: QtBot, theme: Theme, selection: Selection, tmp_path: Path
) -> None:
    view = PictureView(theme, selection)
    qtbot.addWidget(view)
    view.resize(640, 420)
    view.show()
    view.show_picture(samples.network(10_000, 12_000))
    assert view.sheet is None
    qtbot.waitUntil(lambda: view.sheet is not None, timeout=20_000)
    view.export(tmp_path / "large.png", scale=1.0)
    assert len(colours(tmp_path / "large.png")) > 5


def test_ribbons_are_as_thick_as_their_amounts(qapp: QApplication) -> None:
    drawing = drawing_of(samples.flows(), Look(LIGHT))
    assert drawing is not None
    thick = drawing._thick  # type: ignore[attr-defined]
    assert thick / thick.sum() == pytest.approx(samples.flows().weight / samples.flows().weight.sum())


def test_an_empty_graph_is_drawn(qapp: QApplication, tmp_path: Path) -> None:
    export_picture(Graph("none"), tmp_path / "none.png", size=(200, 150))
