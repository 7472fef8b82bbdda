"""Parsers of all forms, recorded before forms were a registry, are read and written as then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from langchain_latm.text.reading.forms import forms
from langchain_latm.text.reading.parser import RequestParser

RECORDED = json.loads(Path(__file__).with_name("recorded_parsers.json").read_text())


@pytest.mark.parametrize("record", RECORDED, ids=lambda record: json.loads(record["parser"])["slots"][0]["form"])
def test_a_recorded_parser_reads_and_dumps_the_same(record: dict[str, Any]) -> None:
    """Ids of records are hashes of the dump."""
    parser = RequestParser.model_validate_json(record["parser"])
    assert repr(parser.parse(record["request"])) == repr(record["arguments"])
    assert parser.model_dump_json() == record["parser"]


def test_a_parser_of_every_form_is_recorded() -> None:
    assert {json.loads(record["parser"])["slots"][0]["form"] for record in RECORDED} >= {*forms()}
