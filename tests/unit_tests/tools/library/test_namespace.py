"""Namespaces of libraries in a shared store."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from langgraph.store.memory import InMemoryStore

import langchain_latm
from langchain_latm import RequestError, ToolLibrary, ToolLibraryError
from langchain_latm.tools.library.namespace import SORTS
from tests.unit_tests.made_tool import made_tool


def test_libraries_in_one_store_see_nothing_of_each_other() -> None:
    store = InMemoryStore()
    namespaces = ["latm", "team", ("team", "latm"), ("latm", "team"), ("latm", "team", "ann"), ("latm", "ünï/§ %")]
    libraries = [ToolLibrary(store, namespace=each) for each in namespaces]
    libraries += [ToolLibrary(store, namespace="latm", tenant=each) for each in ("team", "a.b", "tools", "☃")]
    for number, library in enumerate(libraries):
        assert library.list() == (), number
        library.add(made_tool(name=f"tool_{number}"))
    assert [[each.name for each in library.list()] for library in libraries] == [
        [f"tool_{number}"] for number in range(len(libraries))
    ]
    assert len({each.place for each in libraries}) == len(libraries)
    assert ToolLibrary(store, namespace=["latm", "team"]).place == libraries[3].place


def test_a_namespace_that_another_library_would_see_is_refused() -> None:
    for namespace in (
        "",
        " ",
        (),
        ("a.b",),
        ("latm", "a.b"),
        ("latm", ""),
        ("latm", "names"),
        ("latm", "tenants"),
        (1,),
    ):
        with pytest.raises(RequestError, match="cannot be the namespace"):
            ToolLibrary(InMemoryStore(), namespace=namespace)  # type: ignore[arg-type]


def test_all_sorts_of_items_are_reserved_labels() -> None:
    """A new one would otherwise be a hole."""
    room = Path(langchain_latm.__file__).parent
    texts = "".join(path.read_text() for folder in ("tools", "loop") for path in (room / folder).rglob("*.py"))
    found = set(re.findall(r"(?:labels|find_all|_put|_places)\((?:library, \()?\"([a-z]+)\"", texts)) | {
        "sums",
        "tenants",
    }
    assert len(found) > 10
    assert found <= SORTS


def test_no_store_is_a_clear_error() -> None:
    with pytest.raises(ToolLibraryError, match=r"runtime\.store is None unless"):
        ToolLibrary(None)  # type: ignore[arg-type]
