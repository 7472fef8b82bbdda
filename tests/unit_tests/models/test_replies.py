"""Whether a model may reason."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.runnables import RunnableLambda

from langchain_latm.models.replies import reasons
from tests.unit_tests.models.fakes import answering


class TestReasons:
    @pytest.mark.parametrize(("profile", "expected"), [({"reasoning_output": False}, False), ({}, True), (None, True)])
    def test_only_a_profile_can_deny_it(self, profile: Any, expected: Any) -> None:
        assert reasons(answering(lambda _: None).model_copy(update={"profile": profile})) is expected

    def test_a_runnable_may(self) -> None:
        assert reasons(RunnableLambda(lambda text: text))
