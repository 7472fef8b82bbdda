"""The form of answers: what a function returns, and how that becomes the text that was asked for.

A weak model often computes the right thing and writes it in the wrong form: a list where "a, b" was asked for, words
joined by spaces. So the maker is asked for a plain value, and the harness learns from the demonstrations how it is
written. The code that writes it is ours; it becomes a part of the tool's source, and is proven with it.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final, NamedTuple

from langchain_latm._core.source import parse_source
from langchain_latm.text.lexing.times import MINUTES_OF_AN_HOUR, TimeUnit, in_hours, read_span, read_time

_SEPARATORS: Final = ("\n", "; ", ", ", ",")
_ONE_SIGN: Final = re.compile(r"\s*(?:[,;|><\u2192\u00d7\n]|->|=>)\s*|\s+[^\w\s([{)\]}\"'.:?!-]+\s+")
"""What may separate, where nothing else stands between words: not the apostrophe in "O'Neill", nor the "/" in "1/2"."""
_DOTTED: Final = re.compile(r"\d+(?:\.\d+){2,}")
_GROUPED: Final = re.compile(r"(?<![\w,.])\d{1,3}(?:,\d{3})+(?![\w,])")
"""A number with its digits in groups of three. Its commas separate nothing."""
_SENTENCE: Final = re.compile(r"[.?!](?:\s|$)")
_NO_WORDS: Final = re.compile(r"[.:?!]| - ")
"""In a text whose words are no list."""
_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}
_JOINTS: Final = (" ", ", ", ",", "", "\n", "; ", " - ", " | ", " -> ")
_PAIRS: Final = {"true": "false", "yes": "no", "valid": "invalid", "possible": "impossible"}
_OPPOSITES: Final = _PAIRS | {no: yes for yes, no in _PAIRS.items()}
_INTEGER: Final = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_DECIMAL: Final = re.compile(r"[^\w\s.]*\d+(?:\.\d+)?[^\w\s.]*")
"""One number, whatever signs stand around it: "-3", "$12.50", "7.5%". Its point separates nothing."""
_TELLING: Final = 2
"""Different answers that are needed to tell what is written around a value."""
_ONE_TIME: Final = re.compile(r"\d:[0-5]\d")
_TWO_TIMES: Final = re.compile(r"\d:[0-5]\d(\D+)\d{1,2}:[0-5]\d")
_LABEL: Final = re.compile(r"(?<![^\W_])[A-Za-z](?![^\W_])")
"""Of an option: a letter by itself."""


class AnswerForm(NamedTuple):
    """What the maker is asked to return.

    Attributes:
        annotation: The Python type.
        values: The demonstrations' answers, as such values.
    """

    annotation: str
    values: tuple[Any, ...]


def answer_forms(
    answers: Sequence[str], options: Sequence[Mapping[str, Any]] = (), unit: TimeUnit | None = None
) -> list[AnswerForm]:
    """Return the forms that fit all answers, the narrowest first; in most cases the last one is the text itself.

    Args:
        answers: Of the demonstrations.
        options: Of each, the arguments that are lists of lettered options, by name.
        unit: What times among the arguments are counted in, if there are any.
    """
    texts = [answer.strip() for answer in answers]
    alone = _chosen(texts, options) or (_clock(texts, unit) if unit else None)
    if alone is not None:  # beside arguments of the same kind nobody would write the text
        return [alone]
    plain = AnswerForm("str", tuple(texts))
    narrow = next(filter(None, (_whole(texts), _truth(texts), _written_list(texts), _parts(texts))), None)
    return [plain] if narrow is None else [narrow, plain]


def _chosen(texts: Sequence[str], options: Sequence[Mapping[str, Any]]) -> AnswerForm | None:
    """Letters of options, for which the maker is asked for the option itself."""
    for name in options[0] if options else ():
        chosen = [_option(text, listed.get(name)) for text, listed in zip(texts, options, strict=True)]
        if None not in chosen:
            return AnswerForm("str", tuple(chosen))
    return None


def _option(text: str, options: Any) -> str | None:
    """Return the option that a letter stands for; None where there is no such letter, or no such option."""
    found = _LABEL.findall(text)
    if len(found) != 1 or not isinstance(options, list) or not all(isinstance(each, str) for each in options):
        return None
    number = ord(found[0].lower()) - ord("a")
    return options[number] if number < len(options) else None


def _clock(texts: Sequence[str], unit: TimeUnit) -> AnswerForm | None:
    """Clock times, or spans of them. One other text may stand among them: it says that there is none."""
    others = {text for text in texts if read_time(text) is None and read_span(text) is None}
    times = [text for text in texts if text not in others]
    if len(others) > 1 or not times:
        return None
    read: Callable[[str], Any] = read_time if read_time(times[0]) is not None else read_span
    minutes = {text: read(text) for text in times}
    hours = unit == "hours"
    values = {text: in_hours(each) if hours and each is not None else each for text, each in minutes.items()}
    if None in values.values():
        return None
    one = "float" if hours else "int"
    annotation = (one if read is read_time else f"list[{one}]") + (" | None" if others else "")
    return AnswerForm(annotation, tuple(values.get(text) for text in texts))


def _whole(texts: Sequence[str]) -> AnswerForm | None:
    fits = all(_INTEGER.fullmatch(text) for text in texts)
    return AnswerForm("int", tuple(int(text) for text in texts)) if fits else None


def _truth(texts: Sequence[str]) -> AnswerForm | None:
    words = [text.casefold() for text in texts]
    if any(word not in _OPPOSITES for word in words):
        return None
    return AnswerForm("bool", tuple(word in _PAIRS for word in words))


def _written_list(texts: Sequence[str]) -> AnswerForm | None:
    values: list[Any] = []
    for text in texts:
        if not text.startswith("["):
            return None
        try:
            values.append(json.loads(text))
        except (ValueError, RecursionError):
            try:
                values.append(ast.literal_eval(text))
            except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                return None
    nested = all(isinstance(each, list) for value in values for each in value)
    return AnswerForm("list[list]" if nested else _list_of(values), tuple(values))


def _parts(texts: Sequence[str]) -> AnswerForm | None:
    if all(_DECIMAL.fullmatch(text) or _GROUPED.search(text) for text in texts):
        return None
    if all(_DOTTED.fullmatch(text) for text in texts):
        return _split([text.split(".") for text in texts])
    signs = {found for text in texts for found in re.findall(r"(?<=\w)\W+(?=\w)", text) if not found.isspace()}
    one = [each for each in signs if _ONE_SIGN.fullmatch(each)] if len(signs) == 1 else []
    prose = any(_SENTENCE.search(text) for text in texts)
    for separator in (*one, *_SEPARATORS):
        if any(separator in text for text in texts) and not (prose and separator != "\n"):
            return _split([text.split(separator) for text in texts])
    # Words between spaces are a list, unless they make up a sentence or a span.
    if all(len(text.split()) > 1 for text in texts) and not any(_NO_WORDS.search(text) for text in texts):
        return _split([text.split() for text in texts])
    return None


def _split(parts: Sequence[Sequence[str]]) -> AnswerForm | None:
    lists = [[part.strip() for part in each] for each in parts]
    if not all(part and _is_whole(part) for each in lists for part in each):
        return None
    if all(_INTEGER.fullmatch(part) for each in lists for part in each):
        return AnswerForm("list[int]", tuple([int(part) for part in each] for each in lists))
    return AnswerForm("list[str]", tuple(lists))


def _is_whole(part: str) -> bool:
    """Whether every bracket in a part is closed in it: a pair such as "(1, 2)" is not cut in two."""
    inside: list[str] = []
    for sign in part:
        if sign in _BRACKETS.values():
            inside.append(sign)
        elif sign in _BRACKETS and (not inside or inside.pop() != _BRACKETS[sign]):
            return False
    return not inside


def _list_of(values: Sequence[Sequence[Any]]) -> str:
    kinds = {type(each) for value in values for each in value}
    return (
        {str: "list[str]", int: "list[int]", float: "list[float]"}.get(kinds.pop(), "list")
        if len(kinds) == 1
        else "list"
    )


def writings(
    values: Sequence[Any], answers: Sequence[str], arguments: Sequence[Mapping[str, Any]] = ()
) -> Iterator[str]:
    """Yield Python expressions over `value`, and the arguments, that may write these values as these answers.

    Only the values' types and the answers' looks are compared here: whether one is right, a run in the sandbox tells.
    """
    there = [i for i, value in enumerate(values) if value is not None]
    if len(there) < len(values):
        none = {answer for value, answer in zip(values, answers, strict=True) if value is None}
        if there and len(none) == 1:
            (label,) = none
            kept = [values[i] for i in there], [answers[i] for i in there], [arguments[i] for i in there if arguments]
            yield from (f"{label!r} if value is None else {each}" for each in writings(*kept))
        return
    if not values:
        return
    if all(isinstance(value, bool) for value in values):
        yield from _labels(values, answers)
    elif all(isinstance(value, list) for value in values):
        yield from _times(values, answers)
        yield from _written(values, answers)
    elif all(isinstance(value, str) for value in values):
        yield from _lettered(values, answers, arguments)
        for joint in _joints([value.split() for value in values], answers):
            yield f're.split(r"[,\\s]+", value.strip()) and {joint!r}.join(re.split(r"[,\\s]+", value.strip()))'
            yield f'{joint!r}.join(value.replace(" ", ""))'
    else:
        yield from _times([[value] for value in values], answers)
    yield from _surrounded(values, answers)


def _lettered(values: Sequence[str], answers: Sequence[str], arguments: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the letter of the option that a value is, where one of the arguments is a list of options."""
    found = [(answer, _LABEL.search(answer)) for answer in answers]
    around = {(a[: label.start()], a[label.end() :], label[0].isupper()) for a, label in found if label}
    if len(around) != 1:
        return
    ((before, after, upper),) = around
    letters = ascii_uppercase if upper else ascii_lowercase
    for name in arguments[0] if arguments else ():
        if all(
            value == _option(a, given.get(name)) for value, a, given in zip(values, answers, arguments, strict=True)
        ):
            yield f"{before!r} + {letters!r}[{name}.index(value)] + {after!r}"


def _times(values: Sequence[Sequence[Any]], answers: Sequence[str]) -> Iterator[str]:
    """Yield clock times with what stands between them, where numbers of minutes or hours may be meant."""
    if not any(_ONE_TIME.search(answer) for answer in answers):
        return
    if not all(isinstance(each, int | float) for value in values for each in value):
        return
    between = next((found[1] for answer in answers if (found := _TWO_TIMES.search(answer))), "")
    for unit in ("each", f"each * {MINUTES_OF_AN_HOUR}"):
        for written in ("%02d:%02d", "%d:%02d"):
            time = f"{written!r} % divmod(round({unit}), {MINUTES_OF_AN_HOUR})"
            yield f"{between!r}.join({time} for each in ([value] if isinstance(value, (int, float)) else value))"


def _labels(values: Sequence[bool], answers: Sequence[str]) -> Iterator[str]:
    labels = dict(zip(values, (answer.strip() for answer in answers), strict=True))
    for truth in (True, False):
        if truth not in labels:  # told by its opposite, where that is a usual word
            known = labels[not truth]
            other = _OPPOSITES.get(known.casefold())
            written = str.upper if known.isupper() else str.capitalize if known[:1].isupper() else str.lower
            labels |= {truth: written(other)} if other else {}
    if len(labels) == 2:  # noqa: PLR2004 - true and false
        yield f"{{True: {labels[True]!r}, False: {labels[False]!r}}}[value]"


def _written(values: Sequence[list[Any]], answers: Sequence[str]) -> Iterator[str]:
    for listed in ("value", "sorted(value)", "sorted(sorted(each) for each in value)"):
        yield f"json.dumps({listed}, ensure_ascii=False)"
        yield f"str({listed})"
        yield f"str([str(each) for each in {listed}])"
    for joint in _joints([[str(each) for each in value] for value in values], answers):
        yield f"{joint!r}.join(str(each) for each in value)"


def _joints(parts: Sequence[Sequence[str]], answers: Sequence[str]) -> list[str]:
    """Return what may stand between parts: first what stands there in an answer, then what is usual."""
    seen: list[str] = []
    for each, answer in zip(parts, answers, strict=True):
        if len(each) > 1 and answer.startswith(each[0]):
            end = answer.find(each[1], len(each[0]))
            seen += [answer[len(each[0]) : end]] if end > 0 else []
    return list(dict.fromkeys([*seen, *_JOINTS]))


def _surrounded(values: Sequence[Any], answers: Sequence[str]) -> Iterator[str]:
    """Yield the value between what stands around it in every answer, as in "(B)" or "3 apples"."""
    texts = [str(value) for value in values]
    if len(set(texts)) < _TELLING or not all(t and t in a for t, a in zip(texts, answers, strict=True)):
        return
    around = {(a[: a.find(t)], a[a.find(t) + len(t) :]) for t, a in zip(texts, answers, strict=True)}
    if len(around) == 1:
        ((before, after),) = around
        yield f"{before!r} + str(value) + {after!r}"


def with_writing(source: str, entry: str, writing: str) -> tuple[str, str]:
    """Add a function that writes the value of `entry` as text.

    Returns:
        The source, and the name of the function to call from now on.
    """
    module = parse_source(source)
    # Of two functions with one name the last one counts, as when the code runs.
    *_, inner = (node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == entry)
    taken = _names_in(module)
    outer = _free_name(f"{entry}_text", taken)
    parameters = [argument.arg for argument in (*inner.args.args, *inner.args.kwonlyargs)]
    modules = [name for name in ("json", "re") if f"{name}." in writing]
    # Inside, a parameter or a variable may have the function's name: then it is called by another one.
    hidden = entry in {*parameters, "value", *modules}
    called = _free_name(f"{entry}_value", taken | {outer}) if hidden else entry
    given = ", ".join(f"{name}={name}" for name in parameters)
    lines = [f"    import {name}\n" for name in modules]
    docstring = ast.get_docstring(inner, clean=False)
    written = (
        f"def {outer}({ast.unparse(inner.args)}) -> str:\n"
        # The imports come after the call: a parameter may have such a name.
        f"    {docstring!r}\n    value = {called}({given})\n{''.join(lines)}    return {writing}\n"
    ) + (f"{called} = {entry}\n" if hidden else "")
    return f"{source.rstrip()}\n\n\n{ast.unparse(parse_source(written))}\n", outer


def _names_in(module: ast.Module) -> set[str]:
    """Return every name that is used or defined somewhere in a source."""
    names: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
    return names


def _free_name(wanted: str, taken: set[str]) -> str:
    while wanted in taken:
        wanted += "_"
    return wanted
