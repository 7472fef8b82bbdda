"""The report in a real browser: visible content, keyboard access, and no requests or injected code."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from langchain_latm import TokenUsage, ToolLibrary, VerificationCase, VerificationReport, open_tool_library
from langchain_latm._core.flow import run_flow
from langchain_latm.tools.library.library import operations_of
from langchain_latm.tools.report.report import library_report
from tests.unit_tests.made_tool import made_tool, tool_for
from tests.unit_tests.report_library import fill, made_of_requests, sorting, use

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EVIL = "</script></style><img src=x onerror=alert(1)><svg onload=alert(2)></textarea> \x00\u202e'\""
PHONE = 360


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a library with all kinds of content, including hostile, long and damaged items."""
    folder = tmp_path_factory.mktemp("report")
    with open_tool_library(folder / "tools.sqlite") as library:
        fill(library)
        paying = sorting(name="paying", description="Sort cards.")
        made_of_requests(library, paying)
        for number in range(200):
            use(library, paying, f"paying-{number}", tokens=1)
        _put_evil(library)
        library.add(tool_for("long", ["Sort: " + "word" * 3_000], source="# " + "x" * 40_000))
        run_flow(_damage(library, library.add(made_tool(name="broken"))))
        html = library_report(library, where=f"{folder}/{EVIL}", prices={"strong": (2, 8), "light": (0.4, 1.6)})
    target = folder / "report.html"
    target.write_text(html, encoding="utf-8")
    return target


def _put_evil(library: ToolLibrary) -> None:
    case = VerificationCase(
        role="validation", question=EVIL, expected=EVIL, arguments={EVIL: EVIL}, value=EVIL, passed=False, error=EVIL
    )
    tool = sorting(
        name="evil",
        description=EVIL,
        source=f"def sort_words(words):\n    # {EVIL}\n    return {EVIL!r}\n",
        report=VerificationReport(cases=(case,) * 3),
    )
    library.add(tool, reason=EVIL)
    library.record_use(tool, tokens=TokenUsage(input_tokens=3, calls=1), model=EVIL)


def _damage(library: ToolLibrary, tool_id: str) -> Any:
    """Return a flow that damages a record."""
    operations = operations_of(library)
    yield operations.batch(operations._put_record(made_tool(name="other"))._replace(key=tool_id))


class Visit:
    """An open page, with all errors and requests of the browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._dialog)

    def _dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def visit(browser: Browser, report: Path) -> Iterator[Visit]:
    """The page on a wide screen.

    At the end of a test, the browser must have reported no error and requested nothing.
    """
    yield from _visit(browser, report)


def _visit(browser: Browser, report: Path, **options: Any) -> Iterator[Visit]:
    with browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options}) as context:
        opened = Visit(context.new_page())
        opened.page.goto(report.as_uri())
        yield opened
        assert opened.requests == [report.as_uri()]
        assert opened.complaints == []


def colours(page: Page) -> tuple[str, str]:
    """Background and ink of the page."""
    found = page.evaluate("(({backgroundColor, color}) => [backgroundColor, color])(getComputedStyle(document.body))")
    return found[0], found[1]


def focused(page: Page) -> str:
    """The focused element: its id, or that of the tool whose summary it is."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.parentElement?.id || ''"))


def wait_for_styles(page: Page) -> None:
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", PHONE)])
def test_it_keeps_the_rules_of_accessibility(
    browser: Browser, report: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    """Contrast among them: everything is open, on a wide screen in light, and on a phone in dark."""
    for visit in _visit(browser, report, viewport={"width": width, "height": 800}, color_scheme=scheme):
        visit.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        wait_for_styles(visit.page)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        results = Axe().run(visit.page, options={"runOnly": {"type": "tag", "values": tags}})
        assert results.violations_count == 0, results.generate_report()
        checked = {rule["id"] for rule in results.response["passes"]}
        assert {"color-contrast", "landmark-one-main", "label", "svg-img-alt", "page-has-heading-one"} <= checked


def test_light_and_dark_follow_the_system_and_the_button(browser: Browser, report: Path) -> None:
    for light in _visit(browser, report, color_scheme="light"):
        paper, ink = colours(light.page)
        for dark in _visit(browser, report, color_scheme="dark"):
            night = colours(dark.page)
            assert night[0] != paper
            assert night[1] != ink
        button = light.page.locator("#theme")
        assert button.get_attribute("aria-label") == "Dark colours"
        button.click()
        assert colours(light.page) == night
        assert button.get_attribute("aria-label") == "Light colours"
        light.page.emulate_media(color_scheme="dark")
        button.click()
        assert colours(light.page) == (paper, ink)


def test_the_choice_of_colours_outlasts_the_visit(browser: Browser, report: Path) -> None:
    with browser.new_context(color_scheme="light") as context:
        first = context.new_page()
        first.goto(report.as_uri())
        first.locator("#theme").click()
        chosen = colours(first)
        second = context.new_page()
        second.goto(report.as_uri())
        assert colours(second) == chosen


def test_the_keyboard_reaches_everything_and_opens_a_tool(visit: Visit) -> None:
    page = visit.page
    tools = page.locator("#list > details").evaluate_all("(all) => all.map((each) => each.id)")
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(focused(page))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid" or focused(page) == "", f"no focus is seen on {reached[-1]}"
        if reached[-1] == tools[-1]:
            break
    wanted = ["theme", "filter", "sort", "open", *tools]
    assert [each for each in reached if each in wanted] == wanted
    assert not page.locator(f"#{tools[-1]}").get_attribute("open")
    page.keyboard.press("Enter")
    assert page.locator(f"#{tools[-1]} pre").first.is_visible()
    page.keyboard.press("Enter")
    assert not page.locator(f"#{tools[-1]} pre").first.is_visible()


def test_search_leaves_the_tools_that_hold_all_words(visit: Visit) -> None:
    page = visit.page
    shown = page.locator("#list > details:visible")
    everything = shown.count()
    page.locator("#filter").fill("CARDS sort")
    assert [each.get_attribute("id") for each in shown.all()] == ["tool-paying"]
    assert page.locator("#found").text_content() == f"1 of {everything}"
    page.locator("#filter").fill("nothing like that")
    assert shown.count() == 0
    assert page.locator("#none").is_visible()
    page.keyboard.press("Enter")  # no form is sent
    page.locator("#filter").fill("")
    assert shown.count() == everything
    assert not page.locator("#none").is_visible()


def test_tools_are_sorted(visit: Visit) -> None:
    page = visit.page

    def order() -> list[str]:
        names: list[str] = page.locator("#list > details").evaluate_all("(all) => all.map((each) => each.dataset.name)")
        return names

    by_name = order()
    assert by_name == sorted(by_name)
    page.locator("#sort").select_option("uses")
    assert order()[:3] == ["paying", "word_sorting", "evil"]
    page.locator("#sort").select_option("saved")
    assert order()[:2] == ["paying", "word_sorting"]
    assert order()[-1] in {"broken", "evil"}  # of which it is not known
    page.locator("#sort").select_option("name")
    assert order() == by_name


def test_everything_can_be_opened_at_once_and_a_link_opens_its_tool(visit: Visit) -> None:
    page = visit.page
    opened = page.locator("#list > details[open]")
    page.locator("#filter").fill("word_sorting")
    page.locator("#open").click()
    assert [each.get_attribute("id") for each in opened.all()] == ["tool-word_sorting"]
    page.locator("#open").click()
    assert opened.count() == 0
    page.locator("table.bars a", has_text="paying").click()  # the search hides it
    assert [each.get_attribute("id") for each in opened.all()] == ["tool-paying"]
    assert focused(page) == "tool-paying"


def test_a_phone_shows_it_without_scrolling_sideways(browser: Browser, report: Path) -> None:
    for visit in _visit(browser, report, viewport={"width": PHONE, "height": 740}, has_touch=True, is_mobile=True):
        page = visit.page
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        wait_for_styles(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
        beyond = page.evaluate(
            "(width) => [...document.querySelectorAll('main *')].filter((each) => !each.closest('.unseen, thead')"
            " && each.getClientRects().length && each.getBoundingClientRect().right > width + 1)"
            ".map((each) => each.outerHTML.slice(0, 120))",
            PHONE,
        )
        assert beyond == []


def test_what_is_hostile_stays_text(visit: Visit) -> None:
    page = visit.page
    tool = page.locator("#tool-evil")
    tool.locator("summary").first.click()
    assert page.evaluate("document.images.length") == 0
    assert page.locator("script").count() == 1
    assert page.locator("style").count() == 1
    seen = EVIL.replace("\x00\u202e", "\\x00\\u202e")
    assert seen in tool.locator("pre").first.inner_text().replace("\\\\", "\\")
    assert tool.locator("table.proof td").nth(1).inner_text() == seen


def test_a_script_that_got_in_would_not_run(browser: Browser, report: Path, tmp_path: Path) -> None:
    """The policy holds even where escaping would not."""
    spoilt = tmp_path / "spoilt.html"
    evil = (
        "<script>document.title = 'run'</script><img src='https://example.com/x.png' onerror=\"document.title='run'\">"
    )
    text = report.read_text(encoding="utf-8")
    spoilt.write_text(text.replace("<main>", f"<main>{evil}<p id='styled' style='color: red'>x</p>"), encoding="utf-8")
    with browser.new_context() as context:
        page = context.new_page()
        answered: list[str] = []
        page.on("response", lambda response: answered.append(response.url))
        page.goto(spoilt.as_uri())
        assert page.title().startswith("Tool library")
        assert answered == [spoilt.as_uri()]
        assert page.locator("#styled").evaluate("(each) => getComputedStyle(each).color") != "rgb(255, 0, 0)"


def test_without_scripts_it_can_be_read(browser: Browser, report: Path) -> None:
    for visit in _visit(browser, report, java_script_enabled=False):
        page = visit.page
        assert not page.locator("#controls").is_visible()
        assert not page.locator("#theme").is_visible()
        tool = page.locator("#tool-word_sorting")
        assert not tool.locator("pre").first.is_visible()
        tool.locator("summary").first.click()
        assert "def sort_words" in tool.locator("pre").first.inner_text()


def test_on_paper_it_is_light_and_without_controls(browser: Browser, report: Path) -> None:
    for visit in _visit(browser, report, color_scheme="dark"):
        visit.page.locator("#theme").click()
        visit.page.locator("#theme").click()  # dark by choice
        visit.page.emulate_media(media="print")
        assert colours(visit.page)[0] == "rgb(255, 255, 255)"
        assert not visit.page.locator("#controls").is_visible()
        assert visit.page.locator("#tool-word_sorting summary").first.is_visible()


def test_a_thousand_tools_open_quickly(browser: Browser, tmp_path: Path) -> None:
    with open_tool_library(tmp_path / "many.sqlite") as library:
        for number in range(1_000):
            library.add(sorting(name=f"tool_{number:04}"))
        html = library_report(library)
    assert len(html) < 6_000_000
    target = tmp_path / "many.html"
    target.write_text(html, encoding="utf-8")
    for visit in _visit(browser, target):
        painted = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        assert visit.page.evaluate(painted) < 5_000  # a quarter of a second on two cores
        visit.page.locator("#filter").fill("tool_0999")
        assert visit.page.locator("#list > details:visible").count() == 1
