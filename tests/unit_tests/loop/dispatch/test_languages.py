# ruff: noqa: RUF001 - requests in other scripts have their own signs
"""Which tool a request finds by wording in languages without spaces, with combining marks, and in any composition."""

from __future__ import annotations

import random
import unicodedata
from typing import NamedTuple

import pytest
from langchain_core.runnables import Runnable
from langgraph.store.memory import InMemoryStore

from langchain_latm import Dispatch, ToolLibrary, create_dispatcher
from tests.unit_tests.made_tool import tool_for


class Language(NamedTuple):
    templates: list[str]  # {0}: words, {1}: a number
    words: list[str]
    joined: str
    foreign: str


LANGUAGES = {
    "thai": Language(
        ["กลับลำดับคำต่อไปนี้: {0}", "{1} กิโลเมตรเท่ากับกี่ไมล์", "จำนวน {1} เป็นจำนวนเฉพาะหรือไม่"],
        ["น้ำ", "ไฟ", "ลม", "ดิน", "ฟ้า"],
        " ",
        "ใครเป็นคนเขียนหนังสือเล่มนี้",
    ),
    "japanese": Language(
        ["次の言葉を逆の順に並べてください：{0}", "{1}キロメートルは何マイルですか", "{1}は素数ですか"],
        ["みず", "ひ", "かぜ", "つち", "そら"],
        "、",
        "この本を書いたのは誰ですか",
    ),
    "chinese": Language(
        ["把这些词倒过来排列：{0}", "{1}公里等于多少英里？", "{1}是不是质数？"],
        ["水", "火", "大风", "土地", "天空"],
        "、",
        "这本书是谁写的？",
    ),
    "hindi": Language(
        ["इन शब्दों का क्रम उलट दीजिए: {0}", "{1} किलोमीटर कितने मील होते हैं?", "क्या {1} एक अभाज्य संख्या है?"],
        ["पानी", "आग", "हवा", "मिट्टी", "आकाश"],
        " ",
        "यह किताब किसने लिखी?",
    ),
    "arabic": Language(
        ["اعكس ترتيب هذه الكلمات: {0}", "كم ميلًا في {1} كيلومترًا؟", "هل العدد {1} عددٌ أوّليّ؟"],
        ["ماء", "نار", "ريح", "تراب", "سماء"],
        " ",
        "من كتب هذا الكتاب؟",
    ),
}


@pytest.fixture(scope="module")
def dispatcher() -> Runnable[str, Dispatch]:
    library = ToolLibrary(InMemoryStore())
    for name, language in LANGUAGES.items():
        for number, template in enumerate(language.templates):
            rng = random.Random(number)
            library.add(tool_for(f"{name}_{number}", [filled(language, template, rng) for _ in range(6)]))
    return create_dispatcher(library, refresh_seconds=600)


def filled(language: Language, template: str, rng: random.Random) -> str:
    words = language.joined.join(rng.sample(language.words, rng.randint(2, 4)))
    return template.format(words, rng.randint(2, 9_999))


@pytest.mark.parametrize("name", LANGUAGES)
def test_requests_find_their_tool_in_any_composition(dispatcher: Runnable[str, Dispatch], name: str) -> None:
    language, rng = LANGUAGES[name], random.Random(9)
    for number, template in enumerate(language.templates):
        for form in ("NFC", "NFD"):
            request = unicodedata.normalize(form, filled(language, template, rng))
            assert dispatcher.invoke(request).tool == f"{name}_{number}", request
    assert dispatcher.invoke(language.foreign).action == "answer"
