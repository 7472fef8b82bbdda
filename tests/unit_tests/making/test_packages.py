"""Makings with declared packages: what the maker is told, what is recorded, and what stays refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from langchain_latm import (
    MadeTool,
    Package,
    PackageError,
    Sandbox,
    ToolMakingError,
    ToolMakingMiddleware,
    ToolRecordError,
    create_latm,
    create_tool_maker,
    create_tool_remaker,
    create_tool_user,
    open_tool_library,
)
from langchain_latm.making.prompts import COMPLETING, FILLING_BY_HAND, FILLING_ROWS_BY_HAND, PROPOSING, with_packages
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.package_world import PACKED
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn
from tests.unit_tests.word_task import GOOD, both_roles, code, read_words, word_task

PACKAGE = Package(name="python-dateutil", version="4.0.0", sha256="0" * 64, imports=("dateutil",))


def made_with(sandbox: Sandbox, *sources: str, **options: Any) -> tuple[MadeTool, ScriptedChatModel]:
    model = ScriptedChatModel(script=both_roles(in_turn(*map(code, sources)), read_words))
    maker = create_tool_maker(model, sandbox=sandbox, candidates=1, second_attempts=0, **options)
    return maker.invoke(word_task()), model


def test_the_prompt_names_what_may_be_imported() -> None:
    for prompt in (PROPOSING, COMPLETING, FILLING_BY_HAND, FILLING_ROWS_BY_HAND):
        said = with_packages(prompt, (PACKAGE,)).messages[0].text  # type: ignore[union-attr]
        assert "Import only the standard library and dateutil (python-dateutil 4.0.0)." in said
        assert "Standard library only." not in said
        assert with_packages(prompt, ()) is prompt


def test_names_are_checked_before_anything_is_made(sandbox: Sandbox, tmp_path: Path) -> None:
    model = ScriptedChatModel(script=in_turn())
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        for create in (
            lambda bad: create_tool_maker(model, sandbox=sandbox, packages=bad),
            lambda bad: create_latm(model, library=library, sandbox=sandbox, packages=bad),
            lambda bad: create_tool_remaker(model, library=library, sandbox=sandbox, packages=bad),
            lambda bad: ToolMakingMiddleware(library, sandbox, maker_model=model, packages=bad),
        ):
            with pytest.raises(PackageError, match="is not a package"):
                create(["--index-url=x"])
    assert not model.prompts


@pytest.mark.slow
def test_a_tool_records_the_packages_that_it_imports(
    sandbox: Sandbox, wordy: tuple[Package, ...], tmp_path: Path
) -> None:
    tool, model = made_with(sandbox, PACKED, packages=["wordy"])
    assert tool.report.verified
    assert tool.packages == wordy
    assert "wordy (wordy 1.2)" in str(model.prompts[0][0].content)
    assert tool.as_tool(sandbox).invoke({"words": ["b", "a"]}) == "a b"
    user = create_tool_user(tool, ScriptedChatModel(script=read_words), sandbox=sandbox)
    assert user.invoke("Sort: kiwi date").text == "date kiwi"
    file = tmp_path / "tool.json"
    file.write_text(tool.dump())
    assert MadeTool.load(file) == tool
    program = (
        "import sys\nfrom langchain_latm import MadeTool, create_sandbox\n"
        "with create_sandbox() as sandbox:\n"
        "    print(sandbox.call(MadeTool.load(sys.argv[1]).tool_source, {'words': ['z', 'y']}).value)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=False)
    assert done.stdout == "y z\n", done.stderr


@pytest.mark.slow
def test_a_tool_that_imports_none_needs_none(sandbox: Sandbox, wordy: tuple[Package, ...]) -> None:
    assert wordy
    tool, _ = made_with(sandbox, GOOD, packages=["wordy"])
    assert tool.packages == ()
    assert tool.id == made_with(sandbox, GOOD)[0].model_copy(update={"provenance": tool.provenance, "id": tool.id}).id


@pytest.mark.slow
def test_undeclared_packages_are_refused(sandbox: Sandbox, wordy: tuple[Package, ...]) -> None:
    assert wordy
    through = PACKED.replace("wordy.in_order(words)", "wordy.os.environ")
    for sources, options, reason in (
        ([PACKED], {}, "imports 'wordy', which is not allowed"),
        ([PACKED.replace("wordy", "basis")], {"packages": ["wordy"]}, "imports 'basis', which is not allowed"),
        ([through], {"packages": ["wordy"]}, "uses 'wordy.os.environ', which is not a public member"),
    ):
        with pytest.raises(ToolMakingError) as failed:
            made_with(sandbox, *sources, attempts=1, **options)
        refusal = failed.value.attempts[0].candidates[0].refusal
        assert refusal is not None
        assert reason in refusal


@pytest.mark.slow
def test_a_package_that_pip_does_not_find(sandbox: Sandbox, index: Path) -> None:
    assert index
    with pytest.raises(PackageError, match=r"pip download failed.*notthere"):
        made_with(sandbox, PACKED, packages=["notthere"])


@pytest.mark.slow
def test_a_repair_may_use_the_packages(sandbox: Sandbox, wordy: tuple[Package, ...], repairs: None) -> None:
    assert repairs is None
    wrong = PACKED.replace('" ".join', '"-".join')
    tool, _ = made_with(sandbox, wrong, packages=["wordy"], attempts=1)
    assert (tool.packages, bool(tool.provenance.repaired)) == (wordy, True)


@pytest.mark.slow
def test_a_shared_tool_is_refused_until_its_packages_are_allowed(
    sandbox: Sandbox, wordy: tuple[Package, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = made_tool(source=PACKED, packages=wordy)
    file = tmp_path / "tool.json"
    file.write_text(tool.dump())
    monkeypatch.setenv("LATM_CACHE_DIR", str(tmp_path / "cache"))
    reason = (
        r"needs packages that are not installed.*basis==2.0, wordy==1.2.*MadeTool.load\(file, packages=\['wordy'\]\)"
    )
    for packages in ([], ["basis"], ["wordle"]):
        with pytest.raises(ToolRecordError, match=reason):
            MadeTool.load(file, packages=packages)
    assert tool.refusal is not None
    with pytest.raises(ToolRecordError, match="may not be used"):
        _ = tool.tool_source
    loaded = MadeTool.load(file, packages=["wordy"])
    assert (loaded, loaded.refusal) == (tool, None)
    assert sandbox.call(loaded.tool_source, {"words": ["b", "a"]}).value == "a b"


def test_old_records_keep_their_ids() -> None:
    tool = made_tool()
    assert "packages" not in tool.dump()
    assert MadeTool.model_validate_json(tool.dump(), context={"stored": True}) == tool
    assert made_tool(packages=(PACKAGE,)).id != tool.id
