"""Made tools whose functions other tools may call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.search import synthesise
from langchain_latm.sandbox import Sandbox, ToolSource
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Example, Task, VerificationCase, VerificationReport
from tests.unit_tests.made_tool import made_tool

WEEKDAY = '''\
import datetime as dt

NAMES = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def weekday_of(date: str) -> str:
    """Return the weekday of a date."""
    return NAMES[(dt.date.fromisoformat(date).toordinal() - 1) % 7]
'''
CREWS = ("amber", "birch", "coral", "delta", "ember", "flint", "grove", "heath", "ivory", "jade")
CREW = f'''\
from datetime import date as day_of

CREWS = {CREWS!r}


def crew_of(date: str) -> str:
    """Name the crew on duty."""
    return CREWS[day_of.fromisoformat(date).toordinal() * 7 % 10]
'''
GERMAN = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
DATES = ("2031-07-14", "2029-02-11", "1998-12-25", "2040-10-06", "2015-01-15", "2022-05-31", "2036-08-20", "2007-03-09")


def known_tool(sandbox: Sandbox, source: str, entry: str, arguments: dict[str, Any], value: Any) -> MadeTool:
    """Return the record of a function with one proven call."""
    described = sandbox.check(ToolSource(source=source, entry=entry))
    assert described.failure is None, described.failure
    case = VerificationCase(
        role="validation", question=str(arguments), expected=str(value), arguments=arguments, value=value, passed=True
    )
    report = VerificationReport(cases=(case,), complete=True)
    return made_tool(name=entry, source=source, entry=entry, report=report, worked_examples=(), **described.value)


def weekday_tool(sandbox: Sandbox) -> MadeTool:
    """Return a tool that names the weekday of a date, in German."""
    return known_tool(sandbox, WEEKDAY, "weekday_of", {"date": "2031-07-14"}, "Montag")


def crew_tool(sandbox: Sandbox) -> MadeTool:
    """Return a tool that names the crew of a date, which no search can guess."""
    return known_tool(sandbox, CREW, "crew_of", {"date": "2031-07-14"}, crew("2031-07-14"))


def crew(date: str) -> str:
    """Return the right answer of that tool."""
    return CREWS[dt.date.fromisoformat(date).toordinal() * 7 % 10]


def quick_search(problem: Problem, seconds: float) -> Sequence[Program]:
    """Search for short programs on texts only."""
    return synthesise(problem, seconds=seconds, steps=20_000, engines=("texts",))


def weekday_in_german(date: str) -> str:
    """Return the right answer of the tool."""
    return GERMAN[dt.date.fromisoformat(date).weekday()]


def loud_task(**changes: Any) -> Task:
    """Return a task that needs the weekday in capitals."""
    examples = [Example(inputs={"day": each}, answer=weekday_in_german(each).upper()) for each in DATES]
    return Task(**{"name": "loud_day", "demonstrations": examples[:4], "validation": examples[4:], **changes})
