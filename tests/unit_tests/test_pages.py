"""The examples of the documentation work as printed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from langchain_latm import create_tool_maker, load_task, open_tool_library
from langchain_latm.making.searching import chosen_search
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.command_line import command_line
from tests.unit_tests.page_world import answer_from_script, write_task
from tests.unit_tests.pages import RUN, fences, run_page
from tests.unit_tests.tools.library.test_postgres import url  # noqa: F401 - a fixture

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "notebooks").rglob("*.md"))]


def needs_postgres(page: Path) -> bool:
    return "POSTGRES_URI" in page.read_text(encoding="utf-8")


def shown(page: Path) -> Any:
    """A page as a parameter. What it runs makes tools; one worker starts the server for all."""
    marks = [pytest.mark.slow] if any(fence.runs for fence in fences(page) if fence.language in RUN) else []
    if needs_postgres(page):
        marks.append(pytest.mark.xdist_group("postgres"))
    return pytest.param(page, id=str(page.relative_to(ROOT)), marks=marks)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    """A folder as a reader of the home page has it: a task, the tool made of it, and a library with the tool."""
    folder = tmp_path_factory.mktemp("reader")
    write_task(folder / "sort_words.jsonl")
    (folder / "requests.txt").write_text("Sort these words: kiwi date lime\nSort these words: gnu elk cow\n")
    with pytest.MonkeyPatch.context() as patched:
        answer_from_script(patched)
        tool = create_tool_maker("openai:gpt-4.1", sandbox=sandbox).invoke(load_task(folder / "sort_words.jsonl"))
    (folder / "sort_words.tool.json").write_text(tool.dump(), encoding="utf-8")
    with open_tool_library(folder / "tools.sqlite") as library:
        library.add(tool, reason="first version")
    return folder


@pytest.fixture
def read(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[Path], None]:
    """Follow a page as its reader. Readers of the home page and the README start with nothing."""

    def run(page: Path) -> None:
        folder = tmp_path / "reader"
        folder.mkdir() if page.name in ("index.md", "README.md") else shutil.copytree(prepared, folder)
        answer_from_script(monkeypatch)
        monkeypatch.setenv("LATM_LIBRARY", str(folder / "tools.sqlite"))
        for variable in ("HOME", "XDG_DATA_HOME"):
            monkeypatch.setenv(variable, str(folder))
        run_page(page, folder, monkeypatch, command_line(monkeypatch, capsys))

    return run


@pytest.fixture
def postgres(request: pytest.FixtureRequest, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server for the pages that need one."""
    if needs_postgres(page):
        monkeypatch.setenv("POSTGRES_URI", request.getfixturevalue("url"))


@pytest.fixture
def search(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search for programs, for the pages that make a tool without a model."""
    if "--maker none" in page.read_text(encoding="utf-8"):
        monkeypatch.setattr("langchain_latm.making.maker.chosen_search", chosen_search)


@pytest.mark.filterwarnings("ignore:A test tried to use socket")  # openai asks the system what sockets can do
@pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR is not set")
@pytest.mark.usefixtures("postgres", "search")
@pytest.mark.parametrize("page", [shown(page) for page in PAGES])
def test_a_page_works(page: Path, read: Callable[[Path], None]) -> None:
    read(page)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("```sh\nlatm tools lst\n```", "No such command 'lst'"),
        ("```sh\nlatm use sort_words.tool.json 'Sort these words: b a' --nothing\n```", "No such option: --nothing"),
        ("```sh\nlatm tools show nothing\n```", "latm tools show nothing ended with 2"),
        ("<!-- not run: it waits -->\n```sh\nlatm serve --htp\n```", "No such option: --htp"),
        ("<!-- not run: it waits -->\n```sh\nlatm --no-completion\n```", "No such option"),
        ("```python\nprint(6 * 7)  # -> 43\n```", "it does not print '43', but '42"),
        ("<!-- not run: no key -->\n```python\nfrom langchain_latm import create_latn\n```", "has no create_latn"),
        (
            "<!-- not run: no key -->\n```python\nfrom langchain_latm import Limits\nLimits(walls=1)\n```",
            "Limits takes no {'walls'}",
        ),
    ],
)
def test_a_page_that_is_wrong_is_found(text: str, why: str, read: Callable[[Path], None], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# A page\n\n{text}\n", encoding="utf-8")
    with pytest.raises(AssertionError, match=re.escape(why)):
        read(page)


def test_a_page_writes_its_files_and_sets_its_variables(read: Callable[[Path], None], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        '```json title="x.jsonl"\n{"question": "a", "answer": "b"}\n```\n'
        "```sh\npip install nothing\nexport LATM_TRIED=yes\n```\n"
        "```python\nimport os\nprint(open('x.jsonl').read(), os.environ['LATM_TRIED'])  # -> yes\n```\n",
        encoding="utf-8",
    )
    read(page)
    assert (tmp_path / "reader" / "x.jsonl").read_text(encoding="utf-8") == '{"question": "a", "answer": "b"}\n'
