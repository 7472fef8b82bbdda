"""Reads examples and tasks from files (JSON lines or BIG-bench JSON) and from LangSmith.

JSON lines: one object a line, `{"question": ..., "answer": ...}`; for a typed task, `{"inputs": {...}, "answer": ...}`;
or a conversation with one request, `{"messages": [...]}`. BIG-bench: one object whose `examples` are
`{"input": ..., "target": ...}`. The answer to a question is text or a number, which keeps its spelling in the file.
With inputs, the answer is any JSON value except null.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from langchain_latm._core.plain_names import plain_name
from langchain_latm.exceptions import TaskError
from langchain_latm.making.chat_entries import chat_entry
from langchain_latm.making.langsmith_examples import PREFIX, LangSmithSource, langsmith_examples
from langchain_latm.making.task_entries import Entry, SpelledNumber, distinct_rows, require_alike, row_entry
from langchain_latm.text.answer_check import AnswerCheck, ExactCheck
from langchain_latm.types import MAX_QUESTION_CHARACTERS, Task, first_error, shorten

MAX_FILE_BYTES = 64 * 1024 * 1024
_MAX_FURTHER = 1_000
_MAX_NAMED = 3
_DESCRIPTION = 300

_log = logging.getLogger(__name__)


def load_task(
    path: str | Path,
    *,
    name: str | None = None,
    demonstrations: int = 3,
    validation: int = 3,
    description: str | None = None,
    check: AnswerCheck | str = ExactCheck(),  # noqa: B008 - frozen
) -> Task:
    """Read a task from a file: the first examples become demonstrations, the next ones validation examples.

    The rest, at most 1,000 distinct questions, are further unseen examples of the proof; lines without an answer become
    requests on which proven functions are compared (`Task.requests`). An unreadable line among the rest is left out and
    logged; if most of the rest is unreadable, an error is raised.

    In a file with inputs, all rows with an answer are examples, and all rows without one become `Task.rows`, in any
    order. Duplicate rows count once. An answer of null counts as no answer.

    Args:
        path: A `.jsonl` or BIG-bench `.json` file. JSON lines may be conversations with one request, as in OpenAI's
            fine-tuning files: `{"messages": [...]}`. Or `"langsmith:DATASET"`, a dataset of LangSmith
            (`LANGSMITH_API_KEY`, `LANGSMITH_ENDPOINT`); `?from=FIELD&to=FIELD&split=NAME` selects fields and splits.
        name: Name of the task. Default: the file's name, with characters other than letters, digits, `_`, `-` replaced.
        demonstrations: Number of examples that the maker sees.
        validation: Number of examples that the maker never sees.
        description: One sentence about the kind of request. Default: the system prompt of conversations.
        check: How answers are compared.

    Raises:
        TaskError: The file cannot be used; the message names file, line and field.
    """
    if demonstrations < 1 or validation < 1:
        raise TaskError("a task needs at least one demonstration and one validation example")
    needed = demonstrations + validation
    dataset = LangSmithSource.of(str(path)) if str(path).startswith(PREFIX) else None
    entries = read_entries(Path(path), needed) if dataset is None else _of_langsmith(dataset, needed)
    rows: list[Entry] = []
    if _are_rows(entries):
        entries, rows = distinct_rows(entries)
    unanswered = next((entry for entry in entries[:needed] if entry.answer is None), None)
    if unanswered:
        raise TaskError(f"{unanswered.where}: the field 'answer' (or 'target') is missing")
    if len(entries) < needed:
        raise TaskError(
            f"{path}: {len(entries)} {'different rows with an answer' if rows or _are_rows(entries) else 'examples'}, "
            f"but {demonstrations} demonstrations and {validation} validation "
            f"examples need {needed}"
        )
    if not _are_rows(entries):
        _check_repeats(entries, needed)
    further = entries[needed:][:_MAX_FURTHER] if _are_rows(entries) else _further(entries, needed)
    try:
        examples = [entry.example for entry in entries[:needed]]
        return Task(
            name=name or plain_name(Path(path).stem if dataset is None else dataset.dataset) or "tool",
            demonstrations=tuple(examples[:demonstrations]),
            validation=tuple(examples[demonstrations:]),
            further=tuple(entry.example for entry in further if entry.answer is not None),
            requests=tuple(entry.question for entry in further if entry.answer is None),
            rows=tuple(entry.inputs for entry in rows[:_MAX_FURTHER] if entry.inputs is not None),
            description=description or shorten(entries[0].system, _DESCRIPTION) or None,
            check=check,
        )
    except ValidationError as error:
        raise TaskError(f"{path}: {first_error(error)}") from error


def _of_langsmith(source: LangSmithSource, needed: int) -> list[Entry]:
    examples = enumerate(langsmith_examples(source), 1)
    return require_alike(_readable(examples, lambda _number, example: _checked(source.entry(example)), needed))


def _further(entries: list[Entry], used: int) -> list[Entry]:
    """Return the entries after those in use, without repeated questions."""
    first: dict[str, int] = {}
    for position, entry in enumerate(entries):
        first.setdefault(entry.question.strip(), position)
    return [entries[position] for position in first.values() if position >= used][:_MAX_FURTHER]


def load_questions(path: str | Path) -> list[tuple[str, str | None]]:
    """Read questions from a file, with their answers if the file has them.

    Besides the two formats of `load_task`, a `.txt` file gives one question a line.

    Raises:
        TaskError: The file cannot be used; the message names file, line and field.
    """
    entries = read_entries(Path(path))
    if _are_rows(entries):
        raise TaskError(f"{entries[0].where}: this entry has 'inputs' for a typed tool; give a 'question'")
    return [(entry.question, entry.answer) for entry in entries]


def _are_rows(entries: list[Entry]) -> bool:
    return bool(entries) and entries[0].inputs is not None


def read_entries(path: Path, needed: int | None = None) -> list[Entry]:
    """Read every entry of a file in any of the formats.

    Args:
        path: The file.
        needed: Number of entries that must be readable; unreadable ones after them are left out. None for all.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise TaskError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise TaskError(f"{path}:{line}: not UTF-8 text (byte {error.start}); save the file as UTF-8") from error
    except ValueError as error:  # a NUL character in the path
        raise TaskError(f"{str(path)!r}: {error}") from error
    if len(data) > MAX_FILE_BYTES:
        raise TaskError(f"{path}: larger than {MAX_FILE_BYTES // 2**20} MB")
    if not text.strip():
        raise TaskError(f"{path}: the file is empty")
    return require_alike(_entries(path, text, needed))


def _entries(path: Path, text: str, needed: int | None) -> list[Entry]:
    if path.suffix.lower() == ".txt":
        return [entry_at(f"{path}:{n}", {"question": line}) for n, line in _lines(text)]
    whole = _bigbench(path, text)
    if whole is not None:
        return _readable(enumerate(whole, 1), lambda n, item: entry_at(f"{path}, example {n}", item), needed)
    return _readable(_lines(text), lambda n, line: entry_at(f"{path}:{n}", json_object_at(f"{path}:{n}", line)), needed)


def _readable(items: Iterable[tuple[int, Any]], read: Callable[[int, Any], Entry], needed: int | None) -> list[Entry]:
    """Read all items; leave out unreadable ones after the needed ones, and log them."""
    entries: list[Entry] = []
    errors: list[TaskError] = []
    for number, item in items:
        try:
            entries.append(read(number, item))
        except TaskError as error:
            if needed is None or len(entries) < needed:
                raise
            errors.append(error)
    if needed is not None and len(errors) > max(1, len(entries) - needed):
        raise errors[0]
    for bad in errors[:_MAX_NAMED]:
        _log.warning("left out: %s", bad)
    if errors[_MAX_NAMED:]:
        _log.warning("left out: %d more that cannot be read", len(errors) - _MAX_NAMED)
    return entries


def _lines(text: str) -> list[tuple[int, str]]:
    # Only \n ends a line: JSON text may contain the other characters at which str.splitlines splits.
    return [(n, line.removesuffix("\r")) for n, line in enumerate(text.split("\n"), 1) if line.strip()]


def _bigbench(path: Path, text: str) -> list[Any] | None:
    """Return the examples of a BIG-bench file; None if the text is something else, which may be JSON lines."""
    one_document = path.suffix.lower() == ".json"
    try:
        document = _parse(text)
    except (ValueError, RecursionError) as error:
        if one_document and not _is_json_lines(text):
            line = f":{error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
            raise TaskError(f"{path}{line}: not valid JSON: {_reason(error)}") from error
        return None
    examples = document.get("examples") if isinstance(document, dict) else None
    if isinstance(examples, list):
        return examples
    if one_document and not (isinstance(document, dict) and {"question", "input"} & document.keys()):
        raise TaskError(
            f"{path}: expected JSON lines with 'question' and 'answer', or BIG-bench JSON with a list 'examples'"
        )
    return None


def _is_json_lines(text: str) -> bool:
    """Whether the first line is a complete JSON object, so that the error message can name a line."""
    try:
        return isinstance(_parse(_lines(text)[0][1]), dict)
    except (ValueError, RecursionError):
        return False


def _parse(text: str) -> Any:
    """Read JSON, with every number as a `SpelledNumber`."""
    return json.loads(text, parse_int=SpelledNumber, parse_float=SpelledNumber, parse_constant=_no_constant)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deep"
    return error.msg if isinstance(error, json.JSONDecodeError) else str(error)


def json_object_at(where: str, line: str) -> Any:
    """Read the JSON of one line; errors name the line by `where`."""
    try:
        return _parse(line)
    except (ValueError, RecursionError) as error:
        expected = '{"question": "...", "answer": "..."}'
        raise TaskError(f"{where}: not valid JSON ({_reason(error)}); expected {expected}") from error


def entry_at(where: str, item: Any) -> Entry:
    """Return the entry of an object of a file; errors name its place by `where`."""
    if not isinstance(item, dict):
        raise TaskError(f'{where}: expected an object with "question" and "answer", or "inputs" and "answer"')
    if "inputs" in item:
        return row_entry(where, item)
    if "messages" in item and not {"question", "input"} & item.keys():
        return _checked(chat_entry(where, item["messages"]))
    question_field = "input" if "input" in item and "question" not in item else "question"
    answer_field = "target" if "target" in item and "answer" not in item else "answer"
    question = item.get(question_field)
    if not isinstance(question, str) or isinstance(question, SpelledNumber) or not question.strip():
        problem = "is missing" if question is None else "must be text that is not empty"
        raise TaskError(f"{where}: the field '{question_field}' {problem}")
    _check_text(where, question_field, question)
    answer = item.get(answer_field)
    if answer is None:
        return Entry(where, question, None)
    if not isinstance(answer, str):
        raise TaskError(f"{where}: the field '{answer_field}' must be text or a number")
    _check_text(where, answer_field, answer)
    return Entry(where, question, str(answer))


def _checked(entry: Entry) -> Entry:
    """Return an entry if its texts can be used."""
    if entry.inputs is None:
        _check_text(entry.where, "question", entry.question)
        _check_text(entry.where, "answer", entry.answer or "")
    return entry


def _check_text(where: str, field: str, text: str) -> None:
    if len(text) > MAX_QUESTION_CHARACTERS:
        raise TaskError(
            f"{where}: the field '{field}' has {len(text):,} characters; at most {MAX_QUESTION_CHARACTERS:,} are read"
        )
    if not text.isascii() and re.search("[\ud800-\udfff]", text):
        raise TaskError(f"{where}: the field '{field}' holds a lone surrogate (\\ud800 to \\udfff)")


def _check_repeats(entries: list[Entry], needed: int) -> None:
    """Reject a file that contradicts itself anywhere, or repeats a question among the examples in use."""
    seen: dict[str, Entry] = {}
    for position, entry in enumerate(entries):
        first = seen.setdefault(entry.question.strip(), entry)
        if first is entry or entry.answer is None or first.answer is None:
            continue
        if first.answer.strip() != entry.answer.strip():
            raise TaskError(
                f"{entry.where}: answers {shorten(entry.answer, 40)!r}, but {first.where} answers the same "
                f"question {shorten(first.answer, 40)!r}"
            )
        if position < needed:
            raise TaskError(
                f"{entry.where}: the same question as {first.where}; "
                "all demonstrations and validation examples must have different questions"
            )
