"""A page needs no network, fits a telephone and follows the reader's scheme."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Tab, browser, installed

from keeper.pages import glossary, page
from keeper.pages.figures import Panel, blank, line, moments
from keeper.pages.palette import INK, SCHEMES, Tone, of_cost, of_gain
from keeper.replay import report
from keeper.replay.types import Event, PnlTerms, StepRow

PHONE, DESK = 390, 1440


def panel(name: str) -> Panel:
    figure = blank(200)
    line(figure, moments([0, 3_600, 7_200]), [1.0, 3.0, 2.0], f"{name} </script>", INK)
    return Panel(name, figure)


LONG = "a sentence that goes on for as long as it must until a telephone has no room for it"
PAGE = page.Page(
    title="A page of <every> block",
    subtitle=LONG,
    banners=[page.Banner("Mind", LONG)],
    cards=[page.Card(tone.value, "−$1,234,567", LONG, tone) for tone in Tone],
    blocks=[
        page.Figures("Linked", [panel("one"), panel("two")], LONG, linked=True),
        page.Figures("Beside", [panel("three"), panel("four")], beside=True),
        page.Facts("Facts", [("Pool depth", LONG), ("Seed", "1")], f"tandem {'x' * 200} --seed 1"),
        page.Words("Words", [page.Item(*pair, figure="× 3") for pair in glossary.explained()]),
        page.Words("Folded", [page.Item("one", LONG)], folded=True),
        page.Table("Table", ("kind", "text", "one", "two"),
                   [(k, LONG, "1,234,567", "9") for k in ("a & b", "c", "c")],
                   numbers=frozenset({2, 3}), choose=0),
    ],
)  # fmt: skip


@pytest.fixture(scope="module")
def html() -> str:
    return page.render(PAGE)


def markup(html: str) -> str:
    return re.sub(r"<script[^>]*>.*?</script>", "", html, flags=re.DOTALL)


def test_the_page_asks_for_nothing_from_outside(html: str) -> None:
    assert "Plotly.newPlot" in html
    assert len(html) > 1_000_000
    assert not re.findall(r"<[a-z]+[^>]+(?:src|href)=", markup(html))
    assert not re.findall(r"<link|<iframe|@import|url\(|https?:", markup(html))


def test_the_page_says_how_wide_it_is_and_that_it_knows_the_dark(html: str) -> None:
    assert '<meta name="viewport" content="width=device-width,initial-scale=1">' in html
    assert "@media(prefers-color-scheme:dark)" in html
    for light, dark in SCHEMES.values():
        assert light in html
        assert dark in html


def test_nothing_is_wider_than_a_telephone_outside_of_its_own_box(html: str) -> None:
    style = "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", style)
    assert len(rules) > 40
    wide = [
        (selector.strip(), int(pixels))
        for selector, body in rules
        for name, value in re.findall(r"([\w-]+):([^;]+)", body)
        if name in {"width", "min-width", "flex-basis", "grid-template-columns"}
        for pixels in re.findall(r"(\d+)px", re.sub(r"min\(100%,\d+px\)", "", value))
        if int(pixels) > PHONE
    ]
    assert [selector for selector, _ in wide] == [".scroll table"]
    assert re.search(r"\.scroll\{[^}]*overflow:auto", style)
    inline = re.findall(r'style="([^"]*)"', markup(html))
    assert inline
    assert all(re.fullmatch(r"height:\d+px", each) for each in inline)


def test_text_and_figures_are_escaped(html: str) -> None:
    assert "<title>A page of &lt;every&gt; block</title>" in html
    assert 'data-choice="a &amp; b"' in html
    data = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    assert len(data) == 4
    assert all(r"\u003c" in each and "<" not in each for each in data)


def test_every_colour_of_a_figure_has_a_dark_one() -> None:
    known = {light for light, _ in SCHEMES.values()}
    assert set(re.findall(r"#[0-9a-f]{6}", panel("one").drawn)) <= known
    assert not known & {dark for _, dark in SCHEMES.values()}


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize("name", ["ink", "muted", "teal", "red"])
def test_text_can_be_read_on_a_card(scheme: int, name: str) -> None:
    """WCAG 2.1, contrast of text: 4.5 or more."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    pair = sorted(luminance(SCHEMES[each][scheme]) for each in (name, "card"))
    assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5


def test_gains_are_good_losses_bad_and_costs_never_good() -> None:
    assert [of_gain(v) for v in (-1.0, 0.0, 1.0)] == [Tone.BAD, Tone.PLAIN, Tone.GOOD]
    assert [of_cost(v) for v in (-1.0, 0.0, 1.0)] == [Tone.PLAIN, Tone.PLAIN, Tone.BAD]


# ---- in a browser
@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    program = installed()
    if program is None:
        pytest.skip("no headless browser on this machine")
    with browser(program, tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="module")
def file(html: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(html, encoding="utf-8")
    return path


OUTSIDE = """
[...document.querySelectorAll('main *')].filter(each => {
  const box = each.getBoundingClientRect();
  return box.width > 0 && (box.right > innerWidth + 0.5 || box.left < -0.5)
    && !each.closest('.scroll') && !each.closest('pre');
}).map(each => each.outerHTML.slice(0, 80))
"""


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_nothing_scrolls_sideways_but_what_has_a_box_for_it(
    tab: Tab, file: Path, width: int
) -> None:
    tab.open(file, width=width, dark=False)
    assert tab.ask("innerWidth") == width
    assert tab.ask("document.documentElement.scrollWidth") <= width
    assert tab.ask(OUTSIDE) == []
    asked: list[Any] = [each for each in tab.asked if not each.startswith(("file:", "data:"))]
    assert not asked


def test_the_report_of_a_replay_fits_a_telephone(tab: Tab, tmp_path: Path) -> None:
    rows = [
        StepRow(
            time=300 * i, spot=3_000.0 - 500 * (i > 400), book_delta=-20.0, hedge=19.0, residual=1.0,
            trigger=2.0, hard_band=8.0, floor=775_000.0, nav=1_000_000.0, residual_before=3.0,
            pnl=PnlTerms(premium=1_234.0, gamma=-9_876.0 * (i > 400), theta=i, hedge_cost=5.0),
        )
        for i in range(900)
    ]  # fmt: skip
    summary = {
        "complete": False, "path_is_stress": False, "pnl": rows[-1].pnl.as_dict(),
        "opens_reverted": {"limits: delta": 8}, "prices": "x" * 60, "policy": "threshold",
        "command": f"tandem replay --prices {'x' * 80} --seed 1",
    }  # fmt: skip
    events = [Event(300 * i, "rebalance", LONG, -1_234.5, 741_000) for i in range(50)]
    path = report.write(tmp_path / "report.html", summary, rows, events)
    tab.open(path, width=PHONE, dark=True)
    assert tab.ask("document.querySelectorAll('.plot').length") == 4 + 5 + 2 + 1
    assert tab.ask("document.documentElement.scrollWidth") <= PHONE
    assert tab.ask(OUTSIDE) == []


@pytest.mark.parametrize("dark", [False, True])
def test_page_and_figures_follow_the_readers_scheme(tab: Tab, file: Path, dark: bool) -> None:
    def rgb(name: str) -> str:
        colour = SCHEMES[name][int(dark)]
        return "rgb({}, {}, {})".format(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)))

    tab.open(file, width=DESK, dark=dark)
    assert tab.ask("getComputedStyle(document.body).backgroundColor") == rgb("page")
    assert tab.ask("getComputedStyle(document.querySelector('.plot .lines path')).stroke") == rgb(
        "ink"
    )
    assert tab.ask("getComputedStyle(document.querySelector('.plot text')).fill") == rgb("ink")


def test_linked_panels_show_the_same_stretch_of_time(tab: Tab, file: Path) -> None:
    tab.open(file, width=DESK, dark=False)
    ranges = "[...document.querySelectorAll('.plot')].map(p => p.layout.xaxis.range.map(String))"
    change = "{'xaxis.range[0]': '1970-01-01 00:30', 'xaxis.range[1]': '1970-01-01 01:00'}"
    tab.ask(f"Plotly.relayout(document.querySelector('.plot'), {change})")
    one, two, three, _ = tab.ask(ranges)
    assert one == two == ["1970-01-01 00:30", "1970-01-01 01:00"]
    assert three != one


def test_a_button_leaves_the_rows_of_its_kind(tab: Tab, file: Path) -> None:
    tab.open(file, width=DESK, dark=False)
    seen = "[...document.querySelectorAll('tbody tr')].filter(r => r.offsetHeight).length"
    assert tab.ask(seen) == 3
    tab.ask("document.querySelector('nav [data-choice=\"a & b\"]').click()")
    assert tab.ask(seen) == 1
    tab.ask("document.querySelector('nav [data-choice=\"\"]').click()")
    assert tab.ask(seen) == 3
