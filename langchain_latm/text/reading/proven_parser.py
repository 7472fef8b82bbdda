"""Finds the parser that reads the same arguments as a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from langchain_latm.text.reading.alignment import templates
from langchain_latm.text.reading.chunks import in_chunks
from langchain_latm.text.reading.distinctive import identifies_kind
from langchain_latm.text.reading.forms import types_in
from langchain_latm.text.reading.gap_slots import slots_of
from langchain_latm.text.reading.gaps import gaps_in, normalized_alike
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot, read_slot


def parser_of(readings: Mapping[str, Mapping[str, Any]], parameters: Mapping[str, Any]) -> RequestParser | None:
    """Find the parser that reads the same arguments off these questions as a model; None if there is none.

    Args:
        readings: Arguments by question, all proven.
        parameters: JSON schema of the function's parameters.
    """
    questions, names = normalized_alike(list(readings)), list(parameters.get("properties", {}))
    if any(set(each) != set(names) for each in readings.values()):
        return None  # a parameter with a default was left out, and the parser cannot know when to do so
    wanted = {name: [reading[name] for reading in readings.values()] for name in names}
    found = templates(questions)
    for template in dict.fromkeys([*found, *(in_chunks(each, questions) for each in found)]):
        gaps = [gaps_in(template, question) or [] for question in questions]
        possible = [slot for i, column in enumerate(zip(*gaps, strict=True)) for slot in slots_of(i, column)]
        possible.append(Slot(name="value", form="question"))
        read = [[read_slot(slot, *each) for each in zip(gaps, questions, strict=True)] for slot in possible]
        slots = []
        for name, values in wanted.items():
            # Types must be equal too: `1 == 1.0 == True`, but a function may treat them differently.
            fitting = [
                slot for slot, found in zip(possible, read, strict=True) if _composed(found) == _composed(values)
            ]
            slots += [_with_type(slot, name, values) for slot in fitting[:1]]
        if slots and len(slots) == len(names):
            parser = RequestParser(literals=template, slots=tuple(slots)).bounded_by(questions)
            return parser if identifies_kind(template, questions) else None
    return None


def _composed(values: list[Any]) -> str:
    return normalize("NFC", repr(values))


def _with_type(slot: Slot, name: str, values: list[Any]) -> Slot:
    """Return a slot with its name and the type of its numbers; if types are mixed, each number is as written."""
    mixed = types_in(values) >= {int, float}
    number_type = slot.number_type if mixed else slot.reader.number_type(values)
    return slot.model_copy(update={"name": name, "number_type": number_type})
