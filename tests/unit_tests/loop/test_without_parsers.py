"""Tools without a parser, or with one that reads any text: no request in other words is answered silently."""

# ruff: noqa: RUF001 - requests in several scripts
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from langgraph.store.memory import InMemoryStore

from langchain_latm import Answer, ToolLibrary, create_latm
from langchain_latm.loop.fixed_wording import FixedWording
from langchain_latm.sandbox import Sandbox, ToolSource
from langchain_latm.text.reading.views import views
from langchain_latm.tools.made_tool import MadeTool
from tests.unit_tests.made_tool import tool_for, typed_tool
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel

SOURCE = '''
def shout(text: str) -> str:
    """Write in capitals.

    Args:
        text: What is given.
    """
    return text.upper()
'''
STRONG = "of the strong model"
NUMBERS = ("3", "12", "45", "7", "88", "20")
PLACES = ("Lima", "Oslo", "Bern", "Rome", "Quito", "Cairo")


def asked(template: str, data: tuple[str, ...]) -> list[str]:
    return [template.replace("{}", each) for each in data]


KINDS: dict[str, tuple[list[str], list[str], list[str]]] = {
    # Requests of the proof, other requests of the kind, and requests for something else.
    "en": (
        asked("How many fluid ounces are in {} gallons of milk?", NUMBERS),
        ["How many fluid ounces are in 61 gallons of milk?", "how many fluid ounces are in 5 gallons of milk"],
        [
            "How many fluid ounces are in 61 quarts of milk?",
            "How many fluid ounces are not in 61 gallons of milk?",
            "How many fluid ounces are in 61 gallons of milk, unless it is sour?",
            "How many ounces are in 61 gallons of milk?",
            "How many fluid ounces are in 61 gallons of milk and 2 of juice?",
        ],
    ),
    "de": (
        asked("Nenne die Hausnummer in der Anschrift Lindenweg {}, 04177 Leipzig.", NUMBERS),
        ["Nenne die Hausnummer in der Anschrift Lindenweg 93, 04177 Leipzig."],
        [
            "Nenne die Postleitzahl in der Anschrift Lindenweg 93, 04177 Leipzig.",
            "Nenne nie die Hausnummer in der Anschrift Lindenweg 93, 04177 Leipzig.",
            "Nenne die Hausnummer in der Anschrift Lindenweg 93, 04177 Leipzig, rückwärts.",
        ],
    ),
    "zh": (
        asked("{}斤等于多少克？", NUMBERS),
        ["61斤等于多少克？", "5斤等于多少克？"],
        ["61公斤等于多少克？", "61斤不等于多少克？", "61斤的一半等于多少克？", "61斤和5斤等于多少克？"],
    ),
    "ja": (
        [f"{a}から{b}を引いてください。" for a, b in ((30, 4), (12, 5), (99, 17), (45, 8), (71, 60), (23, 2))],
        ["84から19を引いてください。"],
        ["84から19を引かないでください。", "84から19と3を引いてください。", "84に19を足してください。"],
    ),
    "ar": (
        asked("اكتب مرادف كلمة مدينة {} بالعربية", PLACES),
        ["اكتب مرادف كلمة مدينة Paris بالعربية"],
        ["لا تكتب مرادف كلمة مدينة Paris بالعربية", "اكتب مرادف كلمة مدينة Paris بالفرنسية"],
    ),
    "hi": (
        asked("{} मिनट में कितने सेकंड होते हैं?", NUMBERS),
        ["61 मिनट में कितने सेकंड होते हैं?"],
        ["61 घंटे में कितने सेकंड होते हैं?", "61 मिनट में कितने सेकंड नहीं होते हैं?"],
    ),
}
FREE = [
    "When does the shop on the corner open on Sundays?",
    "Is the shop on the corner open on Sundays, and when?",
    "Tell me the Sunday hours of the shop on the corner.",
    "Sunday hours, shop on the corner?",
    "I need to know when the corner shop opens on Sunday.",
    "On Sundays, the shop on the corner opens when?",
]


@pytest.fixture(scope="module")
def parameters(sandbox: Sandbox) -> dict[str, Any]:
    described = sandbox.check(ToolSource(source=SOURCE, entry="shout"))
    assert described.failure is None
    return dict(described.value["parameters"])


def tool_of(questions: list[str], parameters: dict[str, Any], **changes: Any) -> MadeTool:
    return tool_for("shout", questions, source=SOURCE, entry="shout", parameters=parameters, **changes)


class Models:
    """A judge with a fixed verdict, and a light model that reads any request."""

    def __init__(self, judge: Reply = "no") -> None:
        self.judge, self.judged = judge, 0
        self.model = ScriptedChatModel(script=self._reply)

    def _reply(self, messages: list[BaseMessage]) -> Reply:
        system = str(messages[0].content)
        if "You compare two requests" in system:
            self.judged += 1
            return self.judge
        return {"text": "read"} if "Read the arguments" in system else f"Answer: {STRONG}"


def answers(
    models: Models, tool: MadeTool, sandbox: Sandbox, texts: Sequence[Any], *, batch: bool = False, **changes: Any
) -> list[Answer]:
    library = ToolLibrary(InMemoryStore())
    library.add(tool)
    latm = create_latm(models.model, library=library, sandbox=sandbox, making="off", parser_checks=0.0, **changes)
    return latm.batch([*texts]) if batch else [latm.invoke(text) for text in texts]


QUICK = {("en", False), ("de", True), ("zh", False), ("ar", True)}
"""Scripts and both ways to ask are among these; the rest of the product is slow."""


def silent(answer: Answer) -> bool:
    return answer.text != STRONG and not answer.doubts and not answer.notes


@pytest.mark.parametrize(
    ("language", "batch"),
    [
        pytest.param(language, batch, marks=[] if (language, batch) in QUICK else pytest.mark.slow)
        for language in KINDS
        for batch in (False, True)
    ],
)
def test_a_request_in_other_words_is_not_answered_silently(
    parameters: dict[str, Any], sandbox: Sandbox, language: str, *, batch: bool
) -> None:
    questions, same, others = KINDS[language]
    tool = tool_of(questions, parameters)
    for judge in ("no", "yes", "hm"):
        found = answers(Models(judge), tool, sandbox, others, batch=batch)
        assert [each.question for each in found if silent(each)] == []
        assert {doubt.code for each in found for doubt in each.doubts} <= {
            {"no": "different", "yes": "same", "hm": "unjudged"}[judge]
        }
        assert judge == "yes" or {each.text for each in found} == {STRONG}
    models = Models("no")
    honest = answers(models, tool, sandbox, [*same, *questions], batch=batch)
    assert [(each.text, each.doubts) for each in honest] == [("READ", ())] * len(honest)
    assert models.judged == 0


def test_without_a_judge_the_strong_model_answers(parameters: dict[str, Any], sandbox: Sandbox) -> None:
    questions, _, others = KINDS["en"]
    models = Models()
    found = answers(models, tool_of(questions, parameters), sandbox, others[1:3], judging_model=None)
    assert [(each.text, [doubt.code for doubt in each.doubts]) for each in found] == [(STRONG, ["unjudged"])] * 2
    assert "added: 'not'" in found[0].doubts[0].sentence
    assert "there is no judging model" in found[0].doubts[0].sentence


def test_where_examples_share_no_wording_each_other_request_is_judged(
    parameters: dict[str, Any], sandbox: Sandbox
) -> None:
    tool = tool_of(FREE, parameters)
    models = Models("yes")
    reworded = "When does the shop on the corner not open on Sundays?"
    first, example = answers(models, tool, sandbox, [reworded, FREE[2]])
    assert [doubt.code for doubt in first.doubts] == ["same"]
    assert (example.text, example.doubts) == ("READ", ())  # it was proven with this very request
    assert FixedWording.of(FREE) is None


@pytest.mark.parametrize("batch", [False, True])
def test_a_parser_that_reads_any_text_proves_nothing(
    parameters: dict[str, Any], sandbox: Sandbox, *, batch: bool
) -> None:
    """Cells of a table share too few words, so their parser reads all texts."""
    questions = asked("prix {} ht", ("12", "7", "250", "31", "8", "99"))
    parser = views(questions)[0].parser
    assert not parser.is_distinctive
    tool = tool_of(questions, parameters, parser=parser, read_by=("parser", "model"))
    others = ["sans prix 45 ht", "prix 45 ht par mois", "prix 45 ht ou prix 46 ht"]
    found = answers(Models("no"), tool, sandbox, others, batch=batch)
    assert [each.question for each in found if silent(each)] == []
    (example,) = answers(Models("no"), tool, sandbox, questions[:1], batch=batch)
    assert (example.text, example.doubts) == ("PRIX 12 HT", ())


def test_a_tool_whose_parser_was_retired_is_as_careful(parameters: dict[str, Any], sandbox: Sandbox) -> None:
    questions, same, others = KINDS["de"]
    parser = views(questions)[0].parser
    parser = parser.model_copy(update={"slots": (parser.slots[0].model_copy(update={"name": "text"}),)})
    plain = tool_of(questions, parameters, parser=parser, read_by=("parser", "model")).without_parser()
    assert [each.question for each in answers(Models(), plain, sandbox, others) if silent(each)] == []
    (honest,) = answers(Models(), plain, sandbox, same)
    assert (honest.text, honest.doubts) == ("READ", ())


def test_rows_of_typed_tools_are_not_judged(sandbox: Sandbox) -> None:
    models = Models("no")
    inputs = {"Vor name": "Bob", "class": "Not Nguyen"}
    (answer,) = answers(models, typed_tool(), sandbox, [inputs])
    assert (answer.text, answer.doubts, models.judged) == ("B. Not Nguyen", (), 0)


@pytest.mark.parametrize(
    ("questions", "request_", "holds"),
    [
        (asked("{}と2の積", NUMBERS), "61と2の積", True),
        (asked("{}と2の積", NUMBERS), "61と9と2の積", False),  # two numbers where there was always one
        (
            asked("Sort these cities by size: {}", ("Lima, Oslo", "Bern, Rome, Quito", "Cairo, Bonn", "Riga, Kiev")),
            "Sort these cities by size: Paris, London, Porto",
            True,
        ),
        (
            asked("Add up the list {}.", ("3, 4", "12, 5, 9", "45, 6", "7, 8, 9, 10")),
            "Add up the list 1, 2, 3, 4, 5.",
            True,
        ),  # as many as one likes
        (asked("Add up the list {}.", ("3, 4", "12, 5, 9", "45, 6", "7, 8, 9, 10")), "Add up no list 1, 2, 3.", False),
        (asked("HELLO {}", PLACES), "GOODBYE Paris", False),
    ],
)
def test_fixed_wording(questions: list[str], request_: str, *, holds: bool) -> None:
    wording = FixedWording.of(questions)
    assert wording is not None
    assert all(map(wording.holds, questions))
    assert wording.holds(request_) is holds


@pytest.mark.parametrize("questions", [[], ["Only one example of this kind"], ["abc", "def", "ghi"]])
def test_no_fixed_wording(questions: list[str]) -> None:
    assert FixedWording.of(questions) is None
