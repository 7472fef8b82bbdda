"""Which requests lead to the making of a tool: one tool per kind, for any shared wording."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pytest
from langchain_core.messages import BaseMessage

from langchain_latm import LATM, Example, MadeTool, Task, ToolLibrary, create_latm, create_tool_maker
from langchain_latm.loop.makings import name_of
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.loop_world import KINDS
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel, in_turn
from tests.unit_tests.word_task import both_roles, question_in

PHRASINGS: Final = (
    ("Sort these words: {}", " "),
    ("Put the following words into alphabetical order: {}", " "),
    ("Please arrange these words alphabetically: {}", " "),
    ("In which order does a dictionary list these words? {}", " "),
    ("Rank these names: {}", ", "),
    ("Sortiere diese Wörter: {}", "; "),
    ("{} - sort these words", " "),
    ("Order all of these words:\n{}", "\n"),
    ("इन शब्दों को क्रम में रखो: {}", " "),
    ("请把这些词按字母顺序排列: {}", " "),
    ("เรียงคำเหล่านี้ตามตัวอักษร: {}", ", "),
)
"""Wordings of requests to order words, and separators."""
LENGTHS: Final = ((3, 20), (4, 10), (3, 8), (3, 5), (10, 20))
COUNT: Final = 24


@dataclass
class Sorter:
    """A model that orders words correctly, and counts its makings."""

    phrasing: str = PHRASINGS[0][0]
    separator: str = " "
    syllables: Sequence[str] = tuple(f"{first}{vowel}" for first in "bdfgklmnprstvz" for vowel in "aeiou")
    makings: int = 0

    def reply(self, messages: list[BaseMessage]) -> Reply:
        system, last = str(messages[0].content), str(messages[-1].content)
        if "Read the arguments" in system:
            return {"words": self.words_of(question_in(messages))}
        if "Do what is asked last" in system:
            return f"I work it out.\nAnswer: {self.solved(last)}"
        if "You compare two requests" in system:
            return "yes"
        self.makings += 1
        source = KINDS["sort"].source.replace('" ".join', f"{self.separator!r}.join")
        return f"```python\n{source}```"

    def words_of(self, request: str) -> list[str]:
        before, _, after = self.phrasing.partition("{}")
        request = unicodedata.normalize("NFC", request)
        return request.strip().removeprefix(before.strip()).removesuffix(after).strip().split(self.separator)

    def solved(self, request: str) -> str:
        return self.separator.join(sorted(filter(None, self.words_of(request))))

    def requests(self, number: int) -> list[str]:
        """Return a stream of requests to order words, with few repetitions."""
        rng = random.Random(number)
        least, most = LENGTHS[number % len(LENGTHS)]
        lists = [
            ["".join(rng.choices(self.syllables, k=3)) for _ in range(rng.randint(least, most))] for _ in range(COUNT)
        ]
        return [self.phrasing.format(self.separator.join(words)) for words in lists]


@pytest.fixture
def sorter() -> Sorter:
    return Sorter()


def loop(sorter: Sorter, library: ToolLibrary, sandbox: Sandbox) -> LATM:
    model = ScriptedChatModel(script=sorter.reply)
    return create_latm(
        model, library=library, sandbox=sandbox, refresh_seconds=0.0, parser_checks=0.0, second_attempts=0
    )


@pytest.mark.parametrize("number", [*range(4), *(pytest.param(n, marks=pytest.mark.slow) for n in range(4, 20))])
def test_a_stream_of_seldom_repeated_words_makes_one_tool_that_is_used_from_then_on(
    number: int, library: ToolLibrary, sandbox: Sandbox
) -> None:
    sorter = Sorter(*PHRASINGS[number % len(PHRASINGS)])
    latm, requests = loop(sorter, library, sandbox), sorter.requests(number)
    answers = [latm.invoke(request) for request in requests]
    assert [answer.text for answer in answers] == list(map(sorter.solved, requests))
    (made,) = [i for i, answer in enumerate(answers) if answer.tool_made]
    assert len(library.list()) == sorter.makings == 1
    assert all(answer.tool_use and not answer.usage for answer in answers[made + 1 :])


SCRIPTS: Final = {
    "hindi": ("इन शब्दों को वर्णक्रम में लगाइए: {}", " ", [f"{a}{b}" for a in "कगचजतदनपबमरलवस" for b in ("", "ा", "ि", "े")]),
    "thai": ("ช่วยจัดคำ {} ตามพจนานุกรม", " ", [f"{a}{b}" for a in "กขคจชดตนบปพมรล" for b in ("า", "ี", "ุ", "้")]),
    "chinese": ("把{}按编码顺序写出来。", "、", list("苹果香蕉梨葡萄西瓜桃樱柠檬芒草莓橙椰荔枝李杏石榴山楂")),
    "japanese": (
        "これらの言葉を順に並べてください: {}",
        "、",
        list("あいうえおかきくけこさしすせそたちつてとなにぬねの"),
    ),
    "arabic": ("رتب هذه الكلمات أبجديا: {}", "، ", [f"{a}{b}" for a in "بتجدرسشطفقكلمن" for b in "اوي"]),
}


@pytest.mark.slow
@pytest.mark.parametrize(("script", "number"), [(script, number) for script in SCRIPTS for number in (1, 4)])
def test_streams_in_other_scripts_make_one_tool_too(
    script: str, number: int, library: ToolLibrary, sandbox: Sandbox
) -> None:
    sorter = Sorter(*SCRIPTS[script])
    latm, requests = loop(sorter, library, sandbox), sorter.requests(number)
    composed = [unicodedata.normalize(("NFC", "NFD")[i % 2], request) for i, request in enumerate(requests)]
    answers = [latm.invoke(request) for request in composed]
    (made,) = [i for i, answer in enumerate(answers) if answer.tool_made]
    assert len(library.list()) == 1
    assert all(answer.tool_use and not answer.usage for answer in answers[made + 1 :])


@pytest.mark.slow
def test_no_tool_is_made_where_a_parser_reads_what_waits(
    sorter: Sorter, library: ToolLibrary, sandbox: Sandbox
) -> None:
    latm = loop(sorter, library, sandbox)
    answers = [latm.invoke(request) for request in sorter.requests(8)]
    notes = [note for answer in answers for note in answer.notes if note.startswith("no tool was made")]
    (made,) = library.list()
    assert {f"no tool was made: {made.name} already gives the same answers to the waiting requests"} >= set(notes)


@pytest.mark.slow
def test_requests_with_a_word_or_a_space_more_do_not_keep_a_tool_from_being_made(
    sorter: Sorter, library: ToolLibrary, sandbox: Sandbox
) -> None:
    latm, requests = loop(sorter, library, sandbox), sorter.requests(1)[:6]
    repeated = [each for request in requests for each in (request, f"{request} zuzuzu", request.replace(": ", ":  "))]
    answers = [latm.invoke(request) for request in repeated]
    made = [i for i, answer in enumerate(answers) if answer.tool_made]
    assert made == [15]  # the sixth without a repetition
    assert all(answer.tool_use for answer in answers[16:])


def test_repetitions_alone_make_no_tool(sorter: Sorter, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(sorter, library, sandbox)
    for extra in ("", ".", "!", " kiwi", "  lime", " date", " fig", " plum"):
        latm.invoke(f"Sort these words: pear apple{extra}")
    assert sorter.makings == 0


FORWARDS: Final = "sorted(words)"
BACKWARDS: Final = "sorted(words, reverse=True)"
BY_THE_END: Final = "sorted(words, key=lambda word: word[::-1])"


def reader_of_lists(name: str, order: str, sandbox: Sandbox) -> MadeTool:
    """A tool whose parser reads lists of words, which it puts into some order."""
    source = f'def kind(words: list[str]) -> str:\n    """Do it."""\n    return " ".join({order})\n'
    asked = Sorter()
    examples = [
        Example(question=each, answer=" ".join(in_order(order, asked.words_of(each))))
        for each in asked.requests(108)[:6]
    ]
    model = ScriptedChatModel(script=both_roles(in_turn(f"```python\n{source}```"), lambda _: {}))
    maker = create_tool_maker(model, sandbox=sandbox, second_attempts=0)
    return maker.invoke(Task(name=name, demonstrations=tuple(examples[:3]), validation=tuple(examples[3:])))


def in_order(order: str, words: list[str]) -> list[str]:
    return {
        FORWARDS: sorted(words),
        BACKWARDS: sorted(words, reverse=True),
        BY_THE_END: sorted(words, key=lambda word: word[::-1]),
    }[order]


@pytest.mark.slow
@pytest.mark.parametrize(("second", "makes"), [(BY_THE_END, True), (FORWARDS, False)])
def test_a_tool_is_made_where_parsers_read_what_waits_but_their_tools_answer_otherwise(
    sorter: Sorter, library: ToolLibrary, sandbox: Sandbox, second: str, *, makes: bool
) -> None:
    """The parsers of two tools read the requests, so neither is certain, and the strong model answers."""
    requests = sorter.requests(8)[:6]
    for name, order in (("one", BACKWARDS), ("two", second)):
        library.add(tool := reader_of_lists(name, order, sandbox))
        assert tool.parser is not None
        assert all(tool.parser.parse(request) is not None for request in requests)
    latm = loop(sorter, library, sandbox)
    answers = [latm.invoke(request) for request in requests]
    assert [answer.text for answer in answers] == list(map(sorter.solved, requests))
    answer = answers[-1]
    assert sorter.makings == makes
    assert {each.name for each in library.list()} == {"one", "two"} | ({answer.tool_made} if makes else set())
    assert ("no tool was made: two already gives the same answers" in str(answer.notes)) is not makes


def test_names_tell_the_kind() -> None:
    assert name_of(["How many days are between 1 and 2?", "How many days are between 3 and 4?"]) == "many_days_between"
    assert name_of(["12 + 3", "4 + 5"]) == "requests"
    assert name_of(["Größe der Stadt Köln?", "Größe der Stadt Ulm?"]).isascii()
