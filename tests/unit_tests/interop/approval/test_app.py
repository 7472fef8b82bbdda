"""The approval page over HTTP, without a browser: its content, access control, and the effect of forms."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from langchain_latm import Comparison, Difference, MadeTool, ToolLibrary, VerificationReport, open_tool_library
from langchain_latm.interop.approval.app import UI, approval_app
from langchain_latm.interop.mcp.http import http_app
from langchain_latm.interop.mcp.server import create_mcp_server
from langchain_latm.sandbox import Sandbox
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot
from tests.unit_tests.loop.test_differences import ANY_CASE, PLAIN, SORT, world_that_makes
from tests.unit_tests.loop_world import loop, stream
from tests.unit_tests.made_tool import made_tool, typed_tool
from tests.unit_tests.never_blocks import never_blocks
from tests.unit_tests.web_page import Page
from tests.unit_tests.word_task import GOOD

TOKEN = "a token of a length"
HERE = "http://127.0.0.1:8765"
EVIL = "</script></style><img src=x onerror=alert(1)>\"'{{7*7}} \x00\u202e\ud800"


def asked(**changes: Any) -> MadeTool:
    """A tool that was compared with another function, with an open difference and a decided one."""
    differences = (
        Difference(question="Sort: B a", answers=("B a", "a B")),
        Difference(question="Sort: done", answers=("done", None), decided_by="person", answer="done"),
    )
    case = made_tool().report.cases
    report = VerificationReport(
        cases=case, complete=True, comparison=Comparison(functions=2, inputs=9, agreed=7, differences=differences)
    )
    return made_tool(**{"report": report, **changes})


def parsed(tool: MadeTool) -> MadeTool:
    """The tool with a parser that reads `Sort: ...`."""
    slot = Slot(name="words", form="texts", gaps=(0,), separator=" ")
    parser = RequestParser(literals=("Sort: ", ""), slots=(slot,))
    changes = {"id": "", "parser": parser.model_dump(), "read_by": ("parser",)}
    return MadeTool.model_validate(tool.model_dump() | changes)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[ToolLibrary]:
    with open_tool_library(tmp_path / "tools.sqlite") as opened:
        yield opened


class Browser:
    """Keeps cookies, follows redirects, and sends the forms of pages."""

    def __init__(self, library: ToolLibrary, sandbox: Sandbox, token: str | None = None, **options: Any) -> None:
        server = create_mcp_server(library, sandbox=sandbox)
        pages = {UI: approval_app(library, sandbox, token=token, where="here")}
        app = http_app(server, host="127.0.0.1", token=token, pages=pages, **options)
        self.client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=HERE, follow_redirects=True)

    async def see(self, path: str, status: int = 200) -> Page:
        answer = await self.client.get(path)
        assert answer.status_code == status, answer.text
        return Page.of(answer.text)

    async def send(self, page: Page, action: str, status: int = 200, **fields: Any) -> Page:
        """Send the first form of a page that goes to an address with this end."""
        form = next(each for each in page.all("form") if each.attributes["action"].endswith(action))
        hidden = {
            each.attributes["name"]: each.attributes["value"]
            for each in form.all("input")
            if "value" in each.attributes
        }
        answer = await self.client.post(form.attributes["action"], data=hidden | fields, headers={"Origin": HERE})
        assert answer.status_code == status, answer.text
        return Page.of(answer.text)


async def test_a_tool_is_looked_at_and_approved(library: ToolLibrary, sandbox: Sandbox) -> None:
    tool = parsed(asked())
    library.put_pending(tool, reason="asked for")
    browser = Browser(library, sandbox)
    listed = await browser.see("/ui")
    assert "1 question for you" in listed.text
    (link,) = (each for each in listed.all("a") if each.text == tool.name)
    page = await browser.see(link.attributes["href"])
    assert (page.one("h1").text, "asked for" in page.text, "done" in page.text) == (tool.name, True, False)
    assert page.one("pre").text == " ".join(GOOD.split())
    choices = [each.text for each in page.all("form", "choices")[0].all("button")]
    assert choices == ["B a", "a B"]
    page = await browser.send(page, "/example", choice="0")
    (row,) = page.one("table", "added").one("tbody").all("tr")
    assert [each.text for each in row.all("td")] == ["right", "Sort: B a", "B a", "B a"]
    assert not page.all("form", "choices")
    done = await browser.send(page, "/approve", reason="by ann")
    assert "Approved" in done.text
    assert library.get(tool.name) == tool
    assert library.history(tool.name)[0].reason == "asked for, approved, by ann"
    await browser.see(link.attributes["href"], 409)
    report = await browser.see("/ui/report")
    assert report.tool(tool.name)


async def test_a_wrong_answer_forbids_the_tool_until_it_is_refused(library: ToolLibrary, sandbox: Sandbox) -> None:
    tool = parsed(asked())
    library.put_pending(tool)
    browser = Browser(library, sandbox)
    page = await browser.send(await browser.see(f"/ui/tools/{tool.id}"), "/example", choice="1")
    assert [each.text for each in page.one("table", "added").one("tbody").all("td")][:1] == ["wrong"]
    assert "disabled" in page.one("button", "yes").attributes
    told = await browser.send(page, "/approve", 409)
    assert "is wrong on an example that was added" in told.text
    added: list[dict[str, Any]] = [
        {"question": "Sort: c b", "answer": "b c"},
        {"question": "Order these", "answer": "x"},
    ]
    for fields in added:
        page = await browser.send(page, "/example", **fields)
    rows = [row.all("td")[0].text for row in page.one("table", "added").one("tbody").all("tr")]
    assert rows == ["wrong", "right", "not answered"]
    done = await browser.send(page, "/refuse", reason="no")
    assert ("Refused" in done.text, library.pending(), library.list()) == (True, (), ())


async def test_rows_of_a_typed_tool_are_json(library: ToolLibrary, sandbox: Sandbox) -> None:
    tool = typed_tool()
    library.put_pending(tool)
    browser = Browser(library, sandbox)
    page = await browser.see(f"/ui/tools/{tool.id}")
    right: dict[str, Any] = {"question": '{"Vor name": "Bo", "class": "7"}', "answer": "B. 7"}
    page = await browser.send(page, "/example", **right)
    assert page.one("table", "added").one("tbody").all("td")[0].text == "right"
    line = next(each.text for each in page.all("pre") if each.text.startswith('{"inputs"'))
    assert json.loads(line) == {"inputs": {"Vor name": "Bo", "class": "7"}, "answer": "B. 7"}
    no_json = "not a JSON value"
    for question, why in (("Bo", no_json), ('{"first": "Bo"}', "Vor name"), ("[" * 9_999, no_json)):
        assert why in (await browser.send(page, "/example", 409, question=question, answer="x")).text, question
    assert len(library.pending()[0].examples) == 1


async def test_hostile_text_stays_text(library: ToolLibrary, sandbox: Sandbox) -> None:
    comparison = Comparison(
        functions=2, inputs=1, agreed=0, differences=(Difference(question=EVIL, answers=(EVIL, EVIL + "!")),)
    )
    case = made_tool().report.cases[0].model_copy(update={"question": EVIL, "value": EVIL, "error": EVIL})
    tool = made_tool(
        description=EVIL,
        source=f"{GOOD}# {EVIL}",
        report=VerificationReport(cases=(case,), complete=True, comparison=comparison),
    )
    library.put_pending(tool, reason=EVIL)
    browser = Browser(library, sandbox)
    for path in ("/ui/", f"/ui/tools/{tool.id}"):
        answer = await browser.client.get(path)
        assert answer.status_code == 200
        page = Page.of(answer.text)
        assert not page.all("img")
        assert not page.all("script")
        assert "\x00" not in answer.text
        assert "\u202e" not in answer.text
        assert "{{7*7}} \\x00\\u202e\\ud800" in page.text
        sent = answer.headers["content-security-policy"]
        assert sent.startswith("default-src 'none'; style-src 'sha256-")
        assert "form-action 'self'" in sent
    # Typed input is text too, in the page and in errors.
    page = await browser.send(page, "/example", choice="1")
    assert not page.all("img")
    await browser.send(page, "/example", 409, difference="7", choice="0")
    library.refuse(tool.id)
    told = await browser.client.get(f"/ui/tools/{quote('<img src=x>')}")
    assert (told.status_code, "<img" in told.text, "&lt;img src" in told.text) == (409, False, True)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 303),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"form": "0" * 64}, 403),
        ({"Origin": "http://["}, 403),
        ({"form": ""}, 403),
        ({"form": "ä"}, 403),
        ({"cookie": "latm=1-2.3"}, 403),
        ({"cookie": ""}, 403),
    ],
)
async def test_a_form_of_another_page_does_nothing(
    library: ToolLibrary, sandbox: Sandbox, change: dict[str, str], status: int
) -> None:
    tool = made_tool()
    library.put_pending(tool)
    browser = Browser(library, sandbox)
    page = await browser.see(f"/ui/tools/{tool.id}")
    (form,) = {each.attributes["value"] for each in page.all("input") if each.attributes.get("name") == "form"}
    cookie = change.get("cookie", "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items()))
    browser.client.cookies.clear()
    answer = await browser.client.post(
        f"/ui/tools/{tool.id}/approve",
        data={"form": change.get("form", form)},
        headers={"Cookie": cookie} | ({"Origin": change["Origin"]} if "Origin" in change else {}),
        follow_redirects=False,
    )
    assert answer.status_code == status
    assert len(library.list()) == (status == 303)
    for method in ("GET", "HEAD", "PUT"):
        assert (await browser.client.request(method, f"/ui/tools/{tool.id}/approve")).status_code == 405


async def test_the_page_asks_for_the_token(
    library: ToolLibrary, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.put_pending(made_tool())
    browser = Browser(library, sandbox, TOKEN)
    for path in ("/ui/", "/ui/report", f"/ui/tools/{made_tool().id}"):
        page = await browser.see(path, 401)
        assert (page.one("h1").text, "word_sorting" in page.text) == ("Sign in", False)
    for wrong in ("", "another token", f"{TOKEN}x", "ä"):
        assert "not the server's token" in (await browser.send(page, "/login", 401, token=wrong)).text
    for origin in ("http://evil.example", "http://[", "//[x", "null"):
        answer = await browser.client.post("/ui/login", data={"token": TOKEN}, headers={"Origin": origin})
        assert answer.status_code == 401, origin
    assert not browser.client.cookies
    let_in = await browser.client.post("/ui/login", data={"token": TOKEN}, follow_redirects=False)
    flags = let_in.headers["set-cookie"]
    assert [each in flags for each in ("HttpOnly", "SameSite=strict", "Path=/ui", "Max-Age=43200")] == [True] * 4
    page = await browser.see("/ui/")
    assert "word_sorting" in page.text
    (name,) = browser.client.cookies.keys()
    whole = browser.client.cookies[name]
    browser.client.cookies.clear()
    for forged in (whole[:-1] + ("0" if whole[-1] != "0" else "1"), "9" + whole, ".", "x.y", "ä"):
        answer = await browser.client.get("/ui/", headers={b"Cookie": f"{name}={forged}".encode()})
        assert answer.status_code == 401, forged
    browser.client.cookies.set(name, whole, domain="127.0.0.1", path="/ui")
    await browser.send(await browser.see("/ui/"), "/logout", 401)
    await browser.send(await browser.see("/ui/", 401), "/login", token=f" {TOKEN} ")
    later = time.time() + 13 * 3600
    monkeypatch.setattr(time, "time", lambda: later)
    await browser.see("/ui/", 401)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "LocalHost:80"}, 200),
        ({"Host": "tools.example.com"}, 200),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example"}, 421),
        ({"Host": "127.0.0.1:80:80"}, 421),
        ({"Content-Length": str(3 * 2**20)}, 413),
        ({"Content-Length": "-1"}, 413),
        ({"Transfer-Encoding": "chunked"}, 411),
    ],
)
async def test_the_limits_are_those_of_the_server(
    library: ToolLibrary, sandbox: Sandbox, headers: dict[str, str], status: int
) -> None:
    browser = Browser(library, sandbox, allowed_hosts=["Tools.example.com"])
    assert (await browser.client.get("/ui/", headers=headers)).status_code == status
    assert (await browser.client.get("/uix")).status_code == 404


async def test_what_is_not_there_is_said(library: ToolLibrary, sandbox: Sandbox) -> None:
    browser = Browser(library, sandbox)
    assert "No tool waits" in (await browser.see("/ui/")).text
    assert "waits for approval" in (await browser.see("/ui/tools/x", 409)).text
    library.put_pending(made_tool())
    labels = library._operations.labels("pending")
    library._store.put(labels, made_tool().id, {"json": "{", "instances": [], "claim": "", "user": "", "at": ""})
    assert "is not a record" in (await browser.see(f"/ui/tools/{made_tool().id}", 500)).text
    assert "No tool waits" in (await browser.see("/ui/")).text


async def test_no_page_blocks_the_event_loop(library: ToolLibrary, sandbox: Sandbox) -> None:
    tool = parsed(asked())
    library.put_pending(tool)
    browser = Browser(library, sandbox, TOKEN)
    with never_blocks():
        page = await browser.send(await browser.see("/ui/", 401), "/login", token=TOKEN)
        page = await browser.send(await browser.see(f"/ui/tools/{tool.id}"), "/example", choice="0")
        await browser.see("/ui/report")
        await browser.send(page, "/approve")
    assert library.get(tool.name) == tool


@pytest.mark.slow
async def test_from_the_loop_to_a_person_and_back(library: ToolLibrary, sandbox: Sandbox) -> None:
    """Two proven functions differ; a person says what is right and refuses, and the next making is right on it."""
    world = world_that_makes(PLAIN, ANY_CASE)
    options: Any = {"approve": "later", "labels": "feedback", "second_attempts": 1}
    latm = loop(world, library, sandbox, **options)
    for request in stream(["sort"], 6):
        latm.record_feedback(latm.invoke(request).id, SORT.answer(request))
    latm.invoke(stream(["sort"], 1, 7)[0])
    (pending,) = library.pending()
    browser = Browser(library, sandbox)
    page = await browser.see(f"/ui/tools/{pending.tool.id}")
    assert "the strong model does" in page.text  # joined, so that it answers no request on which they differ
    right = page.all("form", "choices")[0].all("button")[1].text
    page = await browser.send(page, "/example", choice="1")
    row = [each.text for each in page.one("table", "added").one("tbody").all("td")]
    assert (row[0], row[2], "none is sure" in row[3]) == ("not answered", right, True)
    await browser.send(page, "/refuse", reason="case does not count")
    again = world_that_makes(ANY_CASE)
    loop(again, library, sandbox, labels="feedback").invoke(stream(["sort"], 1, 8)[0])
    (made,) = (library.get(each.name) for each in library.list())
    assert made.source == ANY_CASE
    assert {case.question: case.expected for case in made.report.cases}[row[1]] == right
