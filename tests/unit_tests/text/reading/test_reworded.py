"""Parsers read honest rewordings of a kind, and no twins, in several languages."""

from __future__ import annotations

import pytest

from langchain_latm.loop.fixed_wording import FixedWording
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.views import views
from tests.unit_tests.text.reading.reworded import REWORDED, Reworded


def _parser(kind: Reworded) -> RequestParser:
    return next(view.parser for view in views(_examples(kind)) if view.parser.is_distinctive)


def _examples(kind: Reworded) -> list[str]:
    return [kind.template.format(*parts) for parts in kind.data]


@pytest.mark.parametrize("name", REWORDED)
def test_no_twin_is_read(name: str) -> None:
    kind = REWORDED[name]
    parser, wording = _parser(kind), FixedWording.of(_examples(kind))
    assert wording is not None
    for template in kind.twins:
        for parts in (*kind.data, *kind.further):
            request = template.format(*parts)
            assert parser.read(request) is None, request
            assert not wording.holds(request), request


def test_honest_rewordings_are_read_like_the_kind() -> None:
    asked = misread = 0
    unread: list[str] = []
    for kind in REWORDED.values():
        parser = _parser(kind)
        for template in kind.honest:
            for parts in kind.further:
                asked += 1
                read = parser.read(template.format(*parts))
                if read is None:
                    unread.append(template.format(*parts))
                else:
                    misread += read != parser.parse(kind.template.format(*parts))
    assert misread == 0
    assert len(unread) <= 0.05 * asked, unread
