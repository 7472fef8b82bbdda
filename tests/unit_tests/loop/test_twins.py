"""Requests in nearly the same words as a tool's that ask for something else (`twins`): none is answered silently."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from langchain_latm import Answer, ToolLibrary, create_latm, open_tool_library
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.loop.fresh_twins import FRESH_KINDS
from tests.unit_tests.loop.more_twins import MORE_KINDS
from tests.unit_tests.loop.twins import KINDS as FIRST_KINDS
from tests.unit_tests.loop.twins import MADE_OF, Kind, marked, twins
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel
from tests.unit_tests.word_task import question_in

pytestmark = pytest.mark.slow  # 36 tools are made
KINDS = (*FIRST_KINDS, *MORE_KINDS, *FRESH_KINDS)
FROM_STRONG = "solved by the strong model"
HONEST = [(kind, parts) for kind in KINDS for parts in kind.data[MADE_OF:]]
CHANGED = [(kind, kind.request(parts, template), parts) for kind, template, parts in twins(KINDS)]
MARKED = [(kind, kind.request(parts, template), parts) for kind, template, parts in marked(KINDS)]
ASKED = {
    **{kind.request(parts): (kind, parts, True) for kind in KINDS for parts in (*kind.data, *kind.further)},
    **{text: (kind, parts, False) for kind, text, parts in CHANGED},
    **{text.strip(): (kind, parts, True) for kind, text, parts in MARKED},
}


class Models:
    """All models: a light one that reads arguments from every twin, and a strong one that is right."""

    def __init__(self, judge: Callable[[str], Reply] = lambda _text: "no") -> None:
        self.judge = judge
        self.prompts: list[str] = []
        self.model = ScriptedChatModel(script=self._reply)

    def _reply(self, messages: list[BaseMessage]) -> Reply:
        system, last = str(messages[0].content), str(messages[-1].text)
        self.prompts.append(f"{system}\n{last}")
        if "You compare two requests" in system:
            return self.judge(last)
        if "Read the arguments" in system:
            kind, parts, _ = ASKED[question_in(messages).strip()]
            return kind.read(*parts)
        if "Do what is asked last" in system:
            kind, parts, same = ASKED[last.strip()]
            return f"Answer: {kind.solve(*parts) if same else FROM_STRONG}"
        asked = "\n".join(str(message.content) for message in messages)
        kind = next(kind for text, (kind, _, same) in ASKED.items() if same and text in asked)
        return f"```python\n{kind.source}```"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[ToolLibrary]:
    """A library in which each kind has a tool with a parser, made by the loop."""
    file: Path = tmp_path_factory.mktemp("twins") / "tools.sqlite"
    with open_tool_library(file) as opened:
        latm = create_latm(Models().model, library=opened, sandbox=sandbox, refresh_seconds=0.0)
        for kind in KINDS:
            shown = (*kind.data[:MADE_OF], *kind.further)
            made = next((name for parts in shown if (name := latm.invoke(kind.request(parts)).tool_made)), None)
            assert made is not None, kind.name
            assert opened.get(made).parser is not None, kind.name
        yield opened


@pytest.fixture(scope="module")
def without_parsers(library: ToolLibrary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToolLibrary]:
    """The same tools without their parsers."""
    with open_tool_library(tmp_path_factory.mktemp("twins") / "plain.sqlite") as opened:
        for each in library.list():
            opened.add(library.get(each.name).without_parser())
        yield opened


def answers(models: Models, library: ToolLibrary, sandbox: Sandbox, texts: list[str], *, judge: bool) -> list[Answer]:
    latm = create_latm(
        models.model,
        library=library,
        sandbox=sandbox,
        judging_model="answering" if judge else None,
        parser_checks=0.0,
        making="off",
    )
    models.prompts.clear()
    return [latm.invoke(text) for text in texts]


def silently_wrong(kind: Kind, answer: Answer, parts: tuple[str, ...]) -> bool:
    same = ASKED[answer.question.strip()][2]
    right = answer.text == (kind.solve(*parts) if same else FROM_STRONG)
    return not (right or answer.doubts or answer.notes)


def test_the_table_is_large_enough() -> None:
    assert len(CHANGED) >= 150
    assert len(MARKED) >= 100
    assert len({kind.language for kind in KINDS}) >= 10
    assert len({text for _, text, _ in CHANGED}) == len(CHANGED)


@pytest.mark.parametrize("judge", ["no", "yes", "I am not sure", None])
def test_no_twin_gets_a_wrong_answer_without_a_doubt(library: ToolLibrary, sandbox: Sandbox, judge: str | None) -> None:
    models = Models(lambda _text: judge or "")
    pairs = [*CHANGED, *MARKED]
    found = answers(models, library, sandbox, [text for _, text, _ in pairs], judge=judge is not None)
    wrong = [
        (answer.question, answer.text)
        for answer, (kind, _, parts) in zip(found, pairs, strict=True)
        if silently_wrong(kind, answer, parts)
    ]
    assert not wrong
    by_tools = [answer for answer, _ in zip(found, CHANGED, strict=False) if answer.tool_use is not None]
    if judge == "yes":  # a judge that is always wrong: every such answer says that it was doubtful
        assert by_tools
        assert all([doubt.code for doubt in answer.doubts] == ["same"] for answer in by_tools)
    else:
        assert not by_tools


@pytest.mark.parametrize("judge", ["no", "yes", None])
def test_without_parsers_no_twin_gets_a_wrong_answer_without_a_doubt(
    without_parsers: ToolLibrary, sandbox: Sandbox, judge: str | None
) -> None:
    models = Models(lambda _text: judge or "")
    found = answers(models, without_parsers, sandbox, [text for _, text, _ in CHANGED], judge=judge is not None)
    pairs = zip(found, CHANGED, strict=True)
    assert not [answer.question for answer, (kind, _, parts) in pairs if silently_wrong(kind, answer, parts)]
    assert any(answer.doubts for answer in found)
    assert judge == "yes" or all(answer.tool_use is None for answer in found)


def test_without_parsers_requests_in_the_same_words_are_not_judged(
    without_parsers: ToolLibrary, sandbox: Sandbox
) -> None:
    models = Models()
    found = answers(models, without_parsers, sandbox, [kind.request(parts) for kind, parts in HONEST], judge=True)
    assert [answer.text for answer in found] == [kind.solve(*parts) for kind, parts in HONEST]
    assert sum(list(answer.usage) == ["using"] for answer in found) >= 0.95 * len(HONEST)


CONTEXTS: list[tuple[str, list[BaseMessage], list[dict[str, str]]]] = [
    ("history", [HumanMessage("From now on, always the other way round."), AIMessage("As you like.")], []),
    ("content", [], [{"type": "image", "base64": "AAAA", "mime_type": "image/png"}]),
    ("content", [], [{"type": "file", "base64": "AAAA", "mime_type": "application/pdf"}]),
    ("system_prompt", [SystemMessage("Always the other way round.")], []),
]


def test_no_tool_answers_in_a_context_that_it_was_not_made_in(library: ToolLibrary, sandbox: Sandbox) -> None:
    models = Models()
    latm = create_latm(models.model, library=library, sandbox=sandbox, making="off")
    for number, (kind, parts) in enumerate(HONEST):
        code, before, blocks = CONTEXTS[number % len(CONTEXTS)]
        request = HumanMessage([{"type": "text", "text": kind.request(parts)}, *blocks])
        answer = latm.invoke([*before, request])
        assert (answer.tool_use, [doubt.code for doubt in answer.doubts]) == (None, [code])
        assert list(answer.usage) == ["answering"]


def test_honest_requests_cost_no_model_call(library: ToolLibrary, sandbox: Sandbox) -> None:
    models = Models()
    found = answers(models, library, sandbox, [kind.request(parts) for kind, parts in HONEST], judge=True)
    assert [answer.text for answer in found] == [kind.solve(*parts) for kind, parts in HONEST]
    free = sum(not answer.usage and answer.tool_use is not None for answer in found)
    assert free >= 0.95 * len(HONEST)


MISSPELT = ("aera", "teh", "Wieviele", "Reihenfoge", "Ecris", "Cuantas", "बडी", "Usun", "trian", "Vokalle", "apres")
OTHER_WORDS = (*MISSPELT, "la ultima", "होते है?", "बताइए", "وُلد")
"""Honest requests with other words than the kind; a parser cannot know that they ask for the same."""


def test_requests_that_differ_in_form_alone_cost_no_model_call(library: ToolLibrary, sandbox: Sandbox) -> None:
    models = Models(lambda _text: "yes")
    asked = [(kind.request(parts, template), template) for kind, template, parts in marked((*MORE_KINDS, *FRESH_KINDS))]
    reworded = [text for text, template in asked if not any(word in template for word in OTHER_WORDS)]
    assert len(asked) - len(reworded) == len(OTHER_WORDS)
    found = answers(models, library, sandbox, reworded, judge=True)
    free = sum(not answer.usage and answer.tool_use is not None for answer in found)
    assert free >= 0.95 * len(reworded)


def test_the_judge_sees_both_requests_and_the_words_that_differ(library: ToolLibrary, sandbox: Sandbox) -> None:
    models = Models()
    text = "How many of these words do not contain the letter e: kiwi, date, lime, melon"
    (answer,) = answers(models, library, sandbox, [text], judge=True)
    (prompt,) = [each for each in models.prompts if "You compare two requests" in each]
    assert f"Second request: {text}" in prompt
    assert "First request: How many of these words contain the letter e: " in prompt
    assert "- added: 'do not'" in prompt
    assert answer.usage.keys() == {"judging", "answering"}
    (doubt,) = answer.doubts
    assert doubt.code == "different"
    assert "added: 'do not'" in doubt.sentence
    assert answer.dispatch is not None
    assert (answer.dispatch.action, answer.dispatch.tool) == ("answer", None)
