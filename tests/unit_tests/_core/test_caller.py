"""The caller of a run, from its config."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from langchain_latm import RequestError
from langchain_latm._core.caller import Caller, tenant_label


def caller(**configurable: Any) -> Caller:
    return Caller.of({"configurable": configurable})


def test_the_config_names_tenant_and_user() -> None:
    assert caller(tenant="acme", user="ann") == ("acme", "ann")
    assert caller(thread_id="1") == Caller.of(None) == Caller.of({}) == ("", "")


@pytest.mark.parametrize("name", ["", " \n", None, 7, ["acme"], "x" * 201])
@pytest.mark.parametrize("key", ["tenant", "user"])
def test_a_name_that_is_not_a_name_is_not_a_library_for_all(key: str, name: object) -> None:
    with pytest.raises(RequestError, match=f'configurable"]\\["{key}"] must be a text of 1 to 200 characters'):
        caller(**{key: name})


def test_an_authenticated_user_decides() -> None:
    ann = {"identity": "ann", "tenant": "acme"}
    assert caller(langgraph_auth_user=ann) == caller(langgraph_auth_user=ann, tenant="acme") == ("acme", "ann")
    assert caller(langgraph_auth_user=SimpleNamespace(**ann), user="bob") == ("acme", "ann")
    assert caller(langgraph_auth_user={"identity": "ann"}) == ("", "ann")
    for user in (ann, {"identity": "ann"}):
        with pytest.raises(RequestError, match="since a client may set the config"):
            caller(langgraph_auth_user=user, tenant="other")
    for nobody in (None, {"identity": ""}):
        assert caller(langgraph_auth_user=nobody, tenant="other", user="bob") == ("other", "bob")


def test_any_text_has_its_own_label() -> None:
    names = ["a.b", "a/b", "A", "a", "a ", "é", "e\u0301", "\ud800", "\0", "x" * 200]
    labels = {tenant_label(name) for name in names}
    assert len(labels) == len(names)
    assert all(label.isalnum() for label in labels)
