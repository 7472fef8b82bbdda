"""Examples and tasks from files: JSON lines of our own, or BIG-bench JSON.

JSON lines: one object a line, `{"question": ..., "answer": ...}`. BIG-bench: one object whose `examples` are
`{"input": ..., "target": ...}`. An answer may be text or a number; a number is taken as it is written.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from langchain_latm.answer_check import AnswerCheck, ExactCheck
from langchain_latm.exceptions import TaskError
from langchain_latm.types import MAX_QUESTION_CHARACTERS, Example, Task, first_error, shorten

MAX_FILE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class _Entry:
    where: str  # "FILE:LINE" or "FILE, example N"
    question: str
    answer: str | None


def load_task(
    path: str | Path,
    *,
    name: str | None = None,
    demonstrations: int = 3,
    validation: int = 3,
    description: str | None = None,
    check: AnswerCheck | str = ExactCheck(),  # noqa: B008 - frozen
) -> Task:
    """Make a task of a file: its first examples become demonstrations, the next ones validation examples.

    Args:
        path: A `.jsonl` or BIG-bench `.json` file.
        name: The task's name; by default the file's, with other characters than letters, digits, `_`, `-` replaced.
        demonstrations: How many examples the maker is shown.
        validation: How many it never sees.
        description: One sentence on the kind of request.
        check: How answers are compared.

    Raises:
        TaskError: The file cannot be used; the text names file, line and field.
    """
    if demonstrations < 1 or validation < 1:
        msg = "a task needs at least one demonstration and one validation example"
        raise TaskError(msg)
    entries = _read(Path(path))
    unanswered = next((entry for entry in entries if entry.answer is None), None)
    if unanswered:
        msg = f"{unanswered.where}: the field 'answer' (or 'target') is missing"
        raise TaskError(msg)
    needed = demonstrations + validation
    if len(entries) < needed:
        msg = (
            f"{path}: {len(entries)} examples, but {demonstrations} demonstrations and {validation} validation "
            f"examples need {needed}"
        )
        raise TaskError(msg)
    _refuse_repeats(entries, needed)
    examples = [Example(question=entry.question, answer=entry.answer or "") for entry in entries[:needed]]
    try:
        return Task(
            name=name or re.sub(r"[^a-zA-Z0-9_-]+", "_", Path(path).stem)[:64] or "tool",
            demonstrations=tuple(examples[:demonstrations]),
            validation=tuple(examples[demonstrations:]),
            description=description,
            check=check,
        )
    except ValidationError as error:
        msg = f"{path}: {first_error(error)}"
        raise TaskError(msg) from error


def load_questions(path: str | Path) -> list[tuple[str, str | None]]:
    """Read requests with their answers, where the file has them.

    Besides the two formats of `load_task`, a `.txt` file gives one question a line.

    Raises:
        TaskError: The file cannot be used; the text names file, line and field.
    """
    return [(entry.question, entry.answer) for entry in _read(Path(path))]


def _read(path: Path) -> list[_Entry]:
    """Read every entry of a file, whichever of the formats it has."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            msg = f"{path}: larger than {MAX_FILE_BYTES // 2**20} MB"
            raise TaskError(msg)
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        msg = f"{path}: {error.strerror or error}"
        raise TaskError(msg) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        msg = f"{path}:{line}: not UTF-8 text (byte {error.start}); save the file as UTF-8"
        raise TaskError(msg) from error
    if not text.strip():
        msg = f"{path}: the file is empty"
        raise TaskError(msg)
    if path.suffix == ".txt":
        return [_entry(f"{path}:{n}", {"question": line}) for n, line in _lines(text)]
    whole = _bigbench(path, text)
    if whole is not None:
        return [_entry(f"{path}, example {n}", item) for n, item in enumerate(whole, 1)]
    return [_entry(f"{path}:{n}", _json_object(f"{path}:{n}", line)) for n, line in _lines(text)]


def _lines(text: str) -> list[tuple[int, str]]:
    # Only \n ends a line here: JSON text may hold the other characters that str.splitlines cuts at.
    return [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]


def _bigbench(path: Path, text: str) -> list[Any] | None:
    """Return the examples of a BIG-bench file, or None when the text is something else."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        if path.suffix == ".json" and isinstance(error, json.JSONDecodeError):
            msg = f"{path}:{error.lineno}: not valid JSON: {error.msg}"
            raise TaskError(msg) from error
        return None
    if isinstance(document, dict) and "question" in document:
        return None  # a single JSON line
    examples = document.get("examples") if isinstance(document, dict) else None
    if not isinstance(examples, list):
        msg = f"{path}: expected JSON lines with 'question' and 'answer', or BIG-bench JSON with a list 'examples'"
        raise TaskError(msg)
    return examples


def _json_object(where: str, line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        msg = f'{where}: not valid JSON ({reason}); expected {{"question": "...", "answer": "..."}}'
        raise TaskError(msg) from error


def _entry(where: str, item: Any) -> _Entry:
    if not isinstance(item, dict):
        msg = f'{where}: expected an object with "question" and "answer"'
        raise TaskError(msg)
    question_field = "input" if "input" in item and "question" not in item else "question"
    answer_field = "target" if "target" in item and "answer" not in item else "answer"
    question = item.get(question_field)
    if not isinstance(question, str) or not question.strip():
        state = "is missing" if question is None else "must be text that is not empty"
        msg = f"{where}: the field '{question_field}' {state}"
        raise TaskError(msg)
    if len(question) > MAX_QUESTION_CHARACTERS:
        msg = (
            f"{where}: the field '{question_field}' has {len(question):,} characters; "
            f"at most {MAX_QUESTION_CHARACTERS:,} are read"
        )
        raise TaskError(msg)
    return _Entry(where, question, _answer(where, answer_field, item.get(answer_field)))


def _answer(where: str, field: str, answer: Any) -> str | None:
    if answer is None:
        return None
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        return str(answer)
    if not isinstance(answer, str) or not answer.strip():
        msg = f"{where}: the field '{field}' must be text that is not empty, or a number"
        raise TaskError(msg)
    return answer


def _refuse_repeats(entries: list[_Entry], needed: int) -> None:
    """Refuse a file that contradicts itself anywhere, or repeats a question among the examples in use."""
    seen: dict[str, tuple[int, _Entry]] = {}
    for position, entry in enumerate(entries):
        key = entry.question.strip()
        if key not in seen:
            seen[key] = (position, entry)
            continue
        _, first = seen[key]
        if first.answer != entry.answer:
            msg = (
                f"{entry.where}: answers {shorten(entry.answer or '', 40)!r}, but {first.where} answers the same "
                f"question {shorten(first.answer or '', 40)!r}"
            )
            raise TaskError(msg)
        if position < needed:
            msg = (
                f"{entry.where}: the same question as {first.where}; "
                "each demonstration and validation example must be a question of its own"
            )
            raise TaskError(msg)
