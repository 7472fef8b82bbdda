# ruff: noqa: RUF001, RUF002 - labels and marks of many languages
"""Finds the answer in a reply that also explains it."""

from __future__ import annotations

import json
import re
from typing import Final

# "Answer", "result" or "solution" in the language of the question: models write it before their answer.
_LABEL: Final = (
    "câu trả lời|trả lời|đáp án|đáp số|kết quả|answer|result|solution|output|antwort|ergebnis|lösung|réponse|reponse|"
    "résultat|solución|respuesta|resultado|risposta|risultato|resposta|antwoord|resultaat|svar|vastaus|odpowiedź|wynik|"
    "odpověď|odpoveď|válasz|eredmény|răspuns|raspuns|rezultat|cevap|yanıt|sonuç|απάντηση|ответ|результат|відповідь|"
    "отговор|одговор|odgovor|vastus|atbilde|atsakymas|תשובה|الجواب|الإجابة|جواب|پاسخ|उत्तर|जवाब|উত্তর|பதில்|సమాధానం|คำตอบ|"
    "jawaban|jawapan|sagot|jibu|答え|答案|回答|解答|答|结果|結果|답변|정답|답"
)
_COPULAS: Final = r"is|are|lautet|ist|est|es|è|é|är|er|on|jest|je|是|为|為|は|은|는|है"
_MARK: Final = re.compile(
    rf"(?:^|(?<=[\n.!?:,。！？：，]))[\s>#*_`~•–-]{{0,12}}(?:[^\W\d_]+[ \t]+){{0,3}}?[最终終正确的]*(?:{_LABEL})"
    rf"(?:[ \t]+(?!(?:{_COPULAS})\b)[^\W\d_]+){{0,3}}?"
    rf"(?:[ \t*_]*(?:[:：=]|[ \t][—–-](?=[ \t]))"
    rf"|(?P<sentence>[ \t]*(?:{_COPULAS})(?:[ \t]*[:：]|(?![^\W\d_])|(?<=[是为為は은는])))"
    rf"|[ \t*_]*(?=\n))",
    re.IGNORECASE,
)
_TAG_END: Final = re.compile(r"</(answer|final_answer|solution)>", re.IGNORECASE)
_LEADING: Final = re.compile(r"(?:^|\n)[ \t]*(?:#{4}|=+>|->|→|⇒|∴)[ \t]*([^\n]+)\s*$")
_WRAPPINGS: Final = (
    re.compile(r"\*{1,3}([^*]+)\*{1,3}[.。]?"),
    re.compile(r"`+([^`]+)`+[.。]?"),
    re.compile(r"\$\$?([^$]+)\$\$?[.。]?"),
    re.compile(r"\\\((.+)\\\)[.。]?", re.DOTALL),
    re.compile(r"\\\[(.+)\\\][.。]?", re.DOTALL),
    re.compile(r"\\(?:text|mathrm|mathbf|textbf|mbox)\{([^{}]*)\}[.。]?"),
)
_BOXED: Final = re.compile(r"\\(?:boxed|fbox)\s*\{")
_NUMBER: Final = re.compile(r"(?P<number>[^\w\s(]?[-+]?\d[\d.,:/ %-]*?)(?:\s*\([^()]*[^\W\d_][^()]*\)|です)?[.。]?")
_HOPE: Final = re.compile(r"\s+I hope (?:it|this) is correct\.?\s*$")  # of Minerva's prompt, and models after it
_SEARCHED: Final = 4_000
"""Number of characters at the end of a reply in which a mark is searched."""


def final_answer(reply: str) -> str:
    r"""Return the answer in a reply; the whole reply if nothing marks it.

    Known marks: a label ("Answer: 42", "Die Antwort lautet 42.", "答案：42"), `\boxed{42}`, `<answer>42</answer>`,
    `#### 42`, `{"answer": 42}`. Decoration is removed (`**42**`, `$42$`), and so is an explanation in parentheses after
    a number. The answer after a label may have several lines.
    """
    text = reply.strip()
    start = max(len(text) - _SEARCHED, 0)
    ends = list(_TAG_END.finditer(text, start))
    if ends:
        begin = text.lower().rfind(ends[-1][0].lower().replace("/", ""), 0, ends[-1].start())
        if begin >= 0 and (tagged := text[begin + len(ends[-1][0]) - 1 : ends[-1].start()].strip()):
            return _plain(tagged)
    boxed = _last_boxed(text)
    if boxed is not None:
        return _plain(boxed)
    marks = list(_MARK.finditer(text, start))
    for mark in reversed(marks):
        after = _plain(_HOPE.sub("", text[mark.end() :]))
        if after:
            return after.rstrip(".。") if mark["sentence"] and "\n" not in after else after
    return _in_json(text) or _plain(found[1] if (found := _LEADING.search(text, start)) else text)


def _last_boxed(text: str) -> str | None:
    """Return the content of the last box, whose braces may be nested."""
    start = next((mark.end() for mark in reversed(list(_BOXED.finditer(text)))), None)
    if start is None:
        return None
    depth = 1
    for end in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if not depth:
            return text[start:end]
    return None


def _in_json(text: str) -> str | None:
    """Return the answer of a reply that is a JSON object whose only key is "answer"."""
    if not text.startswith("{"):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or [key.lower() for key in found] != ["answer"]:
        return None
    (value,) = found.values()
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(answer: str) -> str:
    """Remove decoration from an answer, and the explanation after a number."""
    text = answer.strip().strip("* \t\n") if answer.count("**") % 2 else answer.strip()
    while whole := next((found for pattern in _WRAPPINGS if (found := pattern.fullmatch(text))), None):
        text = whole[1].strip()
    number = _NUMBER.fullmatch(text)
    return number["number"].rstrip() if number else text or answer.strip()
