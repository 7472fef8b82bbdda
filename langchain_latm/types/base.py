"""Parts that the values share: their base class, names, stages and tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    NonNegativeInt,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
)

from langchain_latm._core.defaults import TOOL_NAME

if TYPE_CHECKING:
    pass

MAX_QUESTION_CHARACTERS = 100_000
"""A longer question or answer is rejected: no model that fills in arguments could read it."""

ToolName = Annotated[str, StringConstraints(pattern=rf"^{TOOL_NAME}$")]
"""A name that every model provider accepts for a tool."""

Stage = Literal["dispatching", "proposing", "verification", "judging", "using", "answering"]


class Value(BaseModel):
    """Base of the values: frozen, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StoredValue(Value):
    """A stored or exported value that has gained fields since its first version.

    A dump leaves these fields out if they have their defaults, so that older records keep their content and id.
    """

    later_fields: ClassVar[frozenset[str]] = frozenset()

    @model_serializer(mode="wrap")
    def _without_later_defaults(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        plain: dict[str, Any] = dump(self)
        for name in self.later_fields & plain.keys():
            if getattr(self, name) == type(self).model_fields[name].default:
                del plain[name]
        return plain


class TokenUsage(Value):
    """Tokens and calls of a model. Add two with `+`.

    Attributes:
        input_tokens: Tokens that the model read.
        output_tokens: Tokens that it wrote.
        calls: Number of calls.
    """

    input_tokens: NonNegativeInt = 0
    output_tokens: NonNegativeInt = 0
    calls: NonNegativeInt = 0

    @property
    def total(self) -> int:
        """Input and output tokens together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: TokenUsage) -> TokenUsage:
        return TokenUsage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            calls=self.calls + other.calls,
        )

    @classmethod
    def of(cls, reply: object) -> TokenUsage:
        """Read the usage that a model reports with a reply: no tokens if it reports none.

        A reply from LangChain's cache counts as no call and no tokens.
        """
        usage = getattr(reply, "usage_metadata", None) or {}
        if usage.get("total_cost") == 0:  # LangChain's mark of a reply from its cache
            return cls()
        return cls(input_tokens=usage.get("input_tokens", 0), output_tokens=usage.get("output_tokens", 0), calls=1)
