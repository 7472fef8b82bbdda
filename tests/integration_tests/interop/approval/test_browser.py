"""The approval page of `latm serve --ui` in a real browser: sign in, decide, and what a phone shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from langchain_latm import open_tool_library
from tests.integration_tests.tools.report.test_browser import EVIL, Visit, browser, colours
from tests.unit_tests.interop.approval.test_app import asked, parsed
from tests.unit_tests.made_tool import made_tool

__all__ = ["browser"]  # a fixture

TOKEN = "a-token-of-some-length"
PHONE = 390
pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The page's address, and the library's file."""
    folder = tmp_path_factory.mktemp("approval")
    file, log = folder / "tools.sqlite", folder / "log"
    command = [sys.executable, "-m", "langchain_latm.cli.app", "serve", "--ui", "--port", "0", "--library", str(file)]
    with log.open("w") as errors:
        process = subprocess.Popen(command, stderr=errors, env=os.environ | {"LATM_TOKEN": TOKEN})
    try:
        deadline = time.monotonic() + 60
        while not (found := re.search(r"page: (http://127\.0\.0\.1:\d+/ui/)", log.read_text())):
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield found[1], file
        assert process.poll() is None, log.read_text()
    finally:
        process.kill()
        process.communicate()


def _visit(browser: Browser, url: str, **options: Any) -> Iterator[Visit]:
    """A browser that has signed in; it must only contact this server, and report no errors."""
    with browser.new_context(**options) as context:
        opened = Visit(context.new_page())
        opened.page.goto(url)
        opened.page.get_by_label("Token").fill(TOKEN)
        opened.page.get_by_role("button", name="Sign in").click()
        opened.page.get_by_role("heading", name="Pending tools").wait_for()
        yield opened
        assert all(each.startswith(url.removesuffix("ui/")) for each in opened.requests)
        # Chromium logs each answer that is an error; the first one is the question for the token.
        assert [each for each in opened.complaints if "401" not in each] == []


@pytest.fixture
def page(browser: Browser, server: tuple[str, Path]) -> Iterator[Page]:
    for visit in _visit(browser, server[0], viewport={"width": 1100, "height": 900}):
        yield visit.page


def test_a_person_answers_a_question_and_approves(page: Page, server: tuple[str, Path]) -> None:
    with open_tool_library(server[1]) as library:
        library.put_pending(parsed(asked(name="approved")))
    page.reload()
    page.get_by_role("link", name="approved").click()
    page.get_by_role("button", name="B a", exact=True).click()
    assert page.locator(".added tbody tr").inner_text().split("\n")[0].startswith("right")
    page.get_by_label("A note for the history").fill("read by ann")
    page.get_by_role("button", name="Approve").click()
    assert page.get_by_role("status").inner_text() == "Approved: the tool is in use."
    with open_tool_library(server[1]) as library:
        assert library.history("approved")[0].reason == "approved, read by ann"
    page.get_by_role("link", name="Report").click()
    assert page.locator("#tool-approved").count() == 1
    page.go_back()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()


def test_a_person_adds_an_example_and_refuses(page: Page, server: tuple[str, Path]) -> None:
    with open_tool_library(server[1]) as library:
        library.put_pending(parsed(made_tool(name="refused")))
    page.reload()
    page.get_by_role("link", name="refused").click()
    page.get_by_label("A request").fill("Sort: b a")
    page.get_by_label("Its right answer").fill("b a")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("cell", name="wrong").wait_for()
    assert page.get_by_role("button", name="Approve").is_disabled()
    page.get_by_label("Why not").fill("it sorts")
    page.get_by_role("button", name="Refuse").click()
    assert page.get_by_role("status").inner_text().startswith("Refused")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_it(
    browser: Browser, server: tuple[str, Path], scheme: Literal["light", "dark"], tmp_path: Path
) -> None:
    tool = asked(
        name="evil", description=EVIL * 9, source=f"def sort_words(words):\n    # {EVIL * 20}\n    return words\n"
    )
    with open_tool_library(server[1]) as library:
        library.put_pending(tool, reason=EVIL)
    for visit in _visit(browser, server[0], viewport={"width": PHONE, "height": 800}, color_scheme=scheme):
        page = visit.page
        for path in ("", f"tools/{tool.id}", "report"):
            page.goto(server[0] + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, path
            assert page.locator("img").count() == 0
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            page.screenshot(path=tmp_path / f"{scheme}{path.partition('/')[0]}.png", full_page=True)
        background, ink = (sum(map(int, re.findall(r"\d+", each)[:3])) for each in colours(page))
        assert (background < ink) == (scheme == "dark")
