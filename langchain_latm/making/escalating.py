"""Several makers for one making: if one has spent its own budget, the next, stronger one is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.runnables import Runnable

from langchain_latm._core.amounts import counted
from langchain_latm.making.searching import NoModel
from langchain_latm.making.state import MakingState, usage_in
from langchain_latm.models.late import late_model
from langchain_latm.models.names import model_name
from langchain_latm.types import TokenUsage

MakerModel = str | Runnable[Any, Any] | Sequence[str | Runnable[Any, Any]]
"""The model that writes functions, or several, in the order in which they are asked."""


@dataclass(frozen=True)
class Makers:
    """The models that write functions, in the order in which they are asked.

    Attributes:
        models: The models.
        attempts: Maximum number of rounds of each.
        seconds: Time after which no attempt of the same model starts; None for no limit.
        tokens: Tokens after which no attempt of the same model starts; None for no limit.
    """

    models: tuple[Runnable[Any, Any], ...]
    attempts: int
    seconds: float | None
    tokens: int | None

    def in_turn(self, state: MakingState) -> Runnable[Any, Any]:
        """Return the model whose turn it is."""
        return self.models[len(state.get("escalations", []))]

    def before(self, state: MakingState) -> int:
        """Return how many attempts were made before the turn of the current model."""
        return _begins(state)[-1].attempts

    def may_go_on(self, state: MakingState) -> bool:
        """Whether the current model has attempts, time and tokens left."""
        own = _Spent.of(state).since(_begins(state)[-1])
        return own.attempts < self.attempts and not any(True for _ in self._over(own))

    def may_try(self, state: MakingState) -> bool:
        """Whether the current model or a later one may make an attempt."""
        return self.may_go_on(state) or len(_begins(state)) < len(self.models)

    def turned(self, state: MakingState) -> MakingState:
        """Return the state of the next attempt; if the current model's budget is spent, of the next model's turn."""
        begins, now = _begins(state), _Spent.of(state)
        if self.may_go_on(state) or now.attempts == begins[-1].attempts or len(begins) == len(self.models):
            return state
        return {**state, "escalations": [*state.get("escalations", []), now.dump()]}

    def ended_early(self, state: MakingState) -> str | None:
        """Return a sentence on the spent budget if the last model did not make all its attempts; None otherwise."""
        own = _Spent.of(state).since(_begins(state)[-1])
        over = [] if own.attempts >= self.attempts else list(self._over(own))
        return f"It ended after {own.attempts} of {self.attempts} attempts: {' and '.join(over)}." if over else None

    def account(self, state: MakingState) -> dict[str, TokenUsage]:
        """Return the tokens of proposing by model; empty if only one model was asked."""
        account: dict[str, TokenUsage] = {}
        for model, own in self._asked(state):
            account[model] = account.get(model, TokenUsage()) + own.proposing
        return account if state.get("escalations") else {}

    def names_asked(self, state: MakingState) -> str | None:
        """Return a sentence on the models that were asked; None if there was only one."""
        if not state.get("escalations"):
            return None
        asked = (
            f"{model} ({counted(own.attempts, 'attempt')}, {own.tokens:,} tokens)" for model, own in self._asked(state)
        )
        return f"The models asked: {', then '.join(asked)}."

    def _asked(self, state: MakingState) -> Iterator[tuple[str, _Spent]]:
        """Yield the name of each model that was asked, and what its turn spent."""
        begins = _begins(state)
        for model, begin, end in zip(self.models, begins, [*begins[1:], _Spent.of(state)], strict=False):
            yield model_name(model), end.since(begin)

    def _over(self, own: _Spent) -> Iterator[str]:
        for used, limit, unit in ((own.seconds, self.seconds, "seconds"), (own.tokens, self.tokens, "tokens")):
            if limit is not None and used >= limit:
                yield f"{used:,.0f} of {limit:,.0f} {unit} are spent (`{unit}`)"


@dataclass(frozen=True)
class _Spent:
    """What a making spent until a moment, or between two moments."""

    attempts: int
    seconds: float
    tokens: int
    proposing: TokenUsage

    @classmethod
    def of(cls, state: MakingState) -> _Spent:
        usage = usage_in(state)
        tokens = sum(each.total for each in usage.values())
        return cls(len(state["attempts"]), state["seconds"], tokens, usage.get("proposing", TokenUsage()))

    def since(self, begin: _Spent) -> _Spent:
        one, other = self.proposing, begin.proposing
        proposing = TokenUsage(
            input_tokens=one.input_tokens - other.input_tokens,
            output_tokens=one.output_tokens - other.output_tokens,
            calls=one.calls - other.calls,
        )
        return _Spent(
            self.attempts - begin.attempts, self.seconds - begin.seconds, self.tokens - begin.tokens, proposing
        )

    def dump(self) -> dict[str, Any]:
        return {**self.__dict__, "proposing": self.proposing.model_dump()}


def _begins(state: MakingState) -> list[_Spent]:
    """Return what was spent when each model's turn began. A search counts before the first model's turn."""
    later = [_Spent(**{**each, "proposing": TokenUsage(**each["proposing"])}) for each in state.get("escalations", [])]
    return [_Spent(state.get("searched", 0), 0.0, 0, TokenUsage()), *later]


def maker_models(given: MakerModel | None) -> tuple[Runnable[Any, Any], ...]:
    """Return the models that `create_tool_maker` was given; for None, one that raises an error when asked.

    Raises:
        ValueError: The list is empty.
        ModelError: A model cannot be named or set up.
    """
    if given is None:
        return (NoModel(),)
    if isinstance(given, str | Runnable):
        return (late_model(given),)
    if not given:
        raise ValueError("maker_model: name at least one model, or give None to search only")
    return tuple(late_model(each) for each in given)
