"""Reads the examples of a LangSmith dataset: `langsmith:DATASET`.

The client reads `LANGSMITH_API_KEY` and `LANGSMITH_ENDPOINT`. Nothing is written to LangSmith.
Source: https://docs.langchain.com/langsmith/manage-datasets-programmatically
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from langchain_latm.exceptions import TaskError
from langchain_latm.making.chat_entries import answer_of, chat_entry, is_chat, is_message
from langchain_latm.making.task_entries import Entry, row_entry
from langchain_latm.types import shorten

if TYPE_CHECKING:
    from langsmith.schemas import Example

PREFIX: Final = "langsmith:"
_MOST: Final = 10_000
"""Maximum number of examples that are read from a dataset."""
_SETTINGS: Final = frozenset({"from", "to", "split"})
_TIMEOUT: Final = 30_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LangSmithSource:
    """The address of a dataset, and the fields to use.

    Attributes:
        dataset: Its name.
        inputs: The fields of an example's inputs that a typed tool takes; by default all.
        answer: The field of an example's outputs with the answer; by default the only one.
        splits: The splits to read; by default all.
    """

    dataset: str
    inputs: tuple[str, ...] = ()
    answer: str | None = None
    splits: tuple[str, ...] = ()

    @classmethod
    def of(cls, address: str) -> LangSmithSource:
        """Read `langsmith:DATASET`, or `langsmith:DATASET?from=FIELD&to=FIELD&split=NAME`.

        Raises:
            TaskError: The address names no dataset.
        """
        name = address.removeprefix(PREFIX)
        before, mark, after = name.rpartition("?")
        settings = parse_qs(after)
        if mark and settings and settings.keys() <= _SETTINGS:
            name = before
        else:
            settings = {}
        if not name.strip():
            raise TaskError(f"{address}: name a dataset of LangSmith, as in {PREFIX}DATASET")
        answers = settings.get("to", [None])
        if len(answers) > 1:
            raise TaskError(f"{address}: 'to' is given several times; it names the field of the one answer")
        return cls(name, tuple(settings.get("from", ())), answers[0], tuple(settings.get("split", ())))

    def entry(self, example: Example) -> Entry:
        """Return the entry of an example.

        A single text, or a conversation with a single request, is a question. All others are rows of named inputs.

        Raises:
            TaskError: The example cannot be read; the message says why.
        """
        where = f"{PREFIX}{self.dataset}, example {example.id}"
        inputs, outputs = example.inputs or {}, example.outputs or {}
        missing = [name for name in self.inputs if name not in inputs]
        if missing or not inputs:
            raise TaskError(f"{where}: no input {missing[0]!r}" if missing else f"{where}: no inputs")
        given = {name: inputs[name] for name in self.inputs or inputs}
        value = self._answer(where, outputs)
        only = next(iter(given.values())) if len(given) == 1 and not self.inputs else None
        if is_chat(only):
            return chat_entry(where, only, None if value is None else _text(where, value))
        if isinstance(only, str) and only.strip() and (not isinstance(value, list | dict) or is_message(value)):
            return Entry(where, only, None if value is None else _text(where, value))
        return row_entry(where, {"inputs": given, "answer": value})

    def _answer(self, where: str, outputs: dict[str, Any]) -> Any:
        if self.answer is not None:
            if outputs and self.answer not in outputs:
                raise TaskError(f"{where}: no output {self.answer!r}, only {_named(outputs)}")
            return outputs.get(self.answer)
        if is_message(outputs):
            return outputs
        if len(outputs) > 1:
            raise TaskError(
                f"{where}: several outputs ({_named(outputs)}): name the one that is the answer, with "
                f"{PREFIX}{self.dataset}?to=FIELD, or --to FIELD on the command line"
            )
        value: Any = next(iter(outputs.values()), None)
        return value[-1] if is_chat(value) else value


def langsmith_examples(source: LangSmithSource) -> list[Example]:
    """Return at most 10,000 examples of a dataset, those with outputs first, in the order of their creation.

    Raises:
        TaskError: The dataset does not exist or has no examples, LangSmith cannot be reached, or it rejects the key.
    """
    from langsmith import Client  # noqa: PLC0415 - takes half a second to import
    from langsmith.utils import LangSmithAuthError, LangSmithError, LangSmithNotFoundError  # noqa: PLC0415 - likewise

    where = f"{PREFIX}{source.dataset}"
    try:
        client = Client(timeout_ms=_TIMEOUT, auto_batch_tracing=False)
        wanted = {"splits": list(source.splits)} if source.splits else {}
        found = list(client.list_examples(dataset_name=source.dataset, limit=_MOST, **wanted))  # type: ignore[arg-type]
    except LangSmithNotFoundError as error:
        raise TaskError(f"{where}: no dataset of this name for the key in LANGSMITH_API_KEY") from error
    except LangSmithAuthError as error:
        raise TaskError(f"{where}: LangSmith rejects the key; set LANGSMITH_API_KEY") from error
    except (LangSmithError, OSError, ValueError) as error:
        why = shorten(str(error).split("\n", 1)[0], 200)
        raise TaskError(f"{where}: LangSmith cannot be read ({type(error).__name__}: {why})") from error
    if not found:
        raise TaskError(f"{where}: the dataset has no examples{' in this split' if source.splits else ''}")
    if len(found) == _MOST:
        _log.warning("%s: only %d examples are read", where, _MOST)
    return sorted(found, key=lambda example: (not example.outputs, example.created_at, str(example.id)))


def _text(where: str, value: Any) -> str:
    """Return an answer to a question as text."""
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return answer_of(where, value) or ""


def _named(outputs: dict[str, Any]) -> str:
    return ", ".join(repr(shorten(name, 40)) for name in outputs)
