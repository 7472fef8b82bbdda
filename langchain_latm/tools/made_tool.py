"""The record of a proven tool, and how it is served to LangChain."""

from __future__ import annotations

import ast
import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import ValidationError, ValidationInfo, model_validator

from langchain_latm._core.source import parse_source
from langchain_latm.exceptions import ToolRecordError
from langchain_latm.sandbox.base import ExecutionResult, Sandbox, ToolSource
from langchain_latm.text.answer_check import AnswerCheck, CustomCheck, ExactCheck, answer_text
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.tools.arguments_model import ArgumentsModel, arguments_model
from langchain_latm.types import Provenance, ToolName, Value, VerificationReport, WorkedExample, first_error, shorten

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool

Reader = Literal["parser", "model"]

MAX_RECORD_BYTES = 64 * 1024 * 1024
"""A longer file is no made tool."""


class MadeTool(Value):
    """A tool that a model wrote and the harness proved. Immutable, and known by the hash of its content.

    Holding or loading one executes nothing: the source is text until a sandbox runs it.

    Attributes:
        id: sha256 over everything else in the record. It shows damage, not who wrote the record.
        name: The tool's name: the task's.
        description: What it computes.
        parameters: JSON schema of its arguments.
        source: The Python text.
        entry: Name of the function to call.
        worked_examples: Proven readings of questions, for the tool user's prompt.
        parser: Reads the arguments off requests that are put like the examples, without a model.
        read_by: Whose reading of the arguments was proven: where the `model`'s was not, only requests that the parser
            knows can be answered.
        check: How its values were compared with the answers.
        report: The proof.
        provenance: Models, tokens, time, versions.

    Raises:
        pydantic.ValidationError: The record's content does not match its `id`.

    Example:
        ```python
        from langchain_latm import MadeTool, create_sandbox, create_tool_user

        tool = MadeTool.load("sort_words.tool.json")
        print(tool.name, tool.report.verified)  # -> sort_words True
        with create_sandbox() as sandbox:
            user = create_tool_user(tool, "openai:gpt-4.1-mini", sandbox=sandbox)
            print(user.invoke("Sort these words: kiwi date lime").text)  # -> date kiwi lime
        ```
    """

    format: Literal["langchain-latm/1"] = "langchain-latm/1"
    id: str = ""
    name: ToolName
    description: str
    parameters: dict[str, Any]
    source: str
    entry: str
    worked_examples: tuple[WorkedExample, ...]
    parser: RequestParser | None = None
    read_by: tuple[Reader, ...] = ("model",)
    check: AnswerCheck = ExactCheck()
    report: VerificationReport
    provenance: Provenance

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        if self.parser is None:
            if self.read_by != ("model",):
                raise ValueError("read_by: without a parser a model reads the arguments")
        elif {slot.name for slot in self.parser.slots} - set(self.parameters.get("properties", {})):
            raise ValueError("parser: it reads parameters that the tool does not have")
        return self

    @model_validator(mode="after")
    def _match_id(self, info: ValidationInfo) -> Self:
        plain = self.model_dump(mode="json", exclude={"id"})
        if self.parser is None:  # records of before there were parsers keep their ids
            del plain["parser"], plain["read_by"]
        content = json.dumps(plain, sort_keys=True, separators=(",", ":"))
        expected = hashlib.sha256(content.encode()).hexdigest()
        if not self.id and not (info.context or {}).get("stored"):
            object.__setattr__(self, "id", expected)  # the one write to a frozen value, while it is made
        elif self.id != expected:
            told = f"its id {self.id[:12]}..." if self.id else "an id, since it has none"
            raise ValueError(f"the content does not match {told}: the record was altered or damaged")
        return self

    @property
    def tool_source(self) -> ToolSource:
        """What the sandbox runs."""
        return ToolSource(source=self.source, entry=self.entry)

    @property
    def stored_check(self) -> AnswerCheck:
        """How answers are compared as far as the record tells: exactly, where it was a function of the maker's."""
        return ExactCheck() if isinstance(self.check, CustomCheck) else self.check

    @cached_property
    def arguments_model(self) -> type[ArgumentsModel]:
        """The pydantic model of the arguments, built from `parameters`."""
        return arguments_model(self.name, self.parameters)

    def without_parser(self) -> MadeTool:
        """Return the same tool as a record without a parser, whose arguments a model reads.

        Raises:
            ValueError: No model was proven to read them.
        """
        if "model" not in self.read_by:
            raise ValueError(f"{self.name}: no model was proven to read its arguments")
        return MadeTool.model_validate(self.model_dump() | {"id": "", "parser": None, "read_by": ("model",)})

    def as_tool(self, sandbox: Sandbox) -> StructuredTool:
        """Serve this as a LangChain tool, for `bind_tools`, `create_agent` and chains.

        The tool runs in `sandbox`, sync and async, and returns the value as answer text with the value itself as
        artifact. What goes wrong inside becomes the text of an error message to the model, never an exception
        that ends the run. Closing the sandbox is the caller's part.

        Source: https://docs.langchain.com/oss/python/langchain/tools
        """
        from langchain_core.tools import StructuredTool  # noqa: PLC0415 - half a second, for whoever serves a tool

        def run(*text: str, **arguments: Any) -> tuple[str, Any]:
            return _content_and_artifact(sandbox.call(self.tool_source, self._plain(text, arguments)))

        async def arun(*text: str, **arguments: Any) -> tuple[str, Any]:
            return _content_and_artifact(await sandbox.acall(self.tool_source, self._plain(text, arguments)))

        return StructuredTool(
            name=self.name,
            description=self.description,
            args_schema=self.arguments_model,
            func=run,
            coroutine=arun,
            response_format="content_and_artifact",
            handle_tool_error=True,
            handle_validation_error=_misfits,
            tags=["latm"],
            metadata={"latm_tool": self.name, "latm_id": self.id},
        )

    def _plain(self, text: tuple[str, ...], arguments: dict[str, Any]) -> dict[str, Any]:
        """Turn what LangChain hands over into JSON data.

        That is models for records, defaults for what is missing, and a text alone for the first parameter.
        """
        named = dict(zip(self.parameters.get("properties", {}), text, strict=False)) | arguments
        return self.arguments_model.model_validate(
            {name: value for name, value in named.items() if value is not None or self._takes_none(name)}
        ).to_json()

    def _takes_none(self, name: str) -> bool:
        """Whether None is a value, not what LangChain fills in where the schema cannot show the function's default."""
        if name in self.parameters.get("required", ()):
            return True
        return "default" in self.parameters.get("properties", {}).get(name, {})

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Show the tool in a notebook: signature, proof and source. IPython calls this; nothing is executed."""
        from langchain_latm.tools.display.notebook import mimebundle  # noqa: PLC0415 - only notebooks need it
        from langchain_latm.tools.display.signature import signature  # noqa: PLC0415 - only notebooks need it

        return mimebundle(
            name=self.name,
            description=self.description,
            signature=signature(self.source, self.entry, self.parameters),
            source=self.source,
            pattern=self.parser.pattern if self.parser else None,
            report=self.report,
            provenance=self.provenance,
        )

    def dump(self) -> str:
        """Write the record as JSON text; `load` reads it back."""
        return self.model_dump_json(indent=2) + "\n"

    @classmethod
    def load(cls, path: str | Path) -> MadeTool:
        """Read a record that `dump` wrote.

        Raises:
            ToolRecordError: The file cannot be read, is no record, or was altered.
        """
        try:
            with Path(path).open("rb") as file:
                text = file.read(MAX_RECORD_BYTES + 1)
            if len(text) > MAX_RECORD_BYTES:
                raise ValueError(f"larger than {MAX_RECORD_BYTES // 2**20} MB")  # noqa: TRY301 - told as the others are
            tool = cls.model_validate_json(text, context={"stored": True})
            arguments_model(tool.name, tool.parameters)
            _require_function(tool.source, tool.entry)
        except OSError as error:
            raise ToolRecordError(f"{path}: {error.strerror or error}") from error
        except ValidationError as error:
            raise ToolRecordError(f"{path} is not a usable tool: {first_error(error)}") from error
        except ValueError as error:
            raise ToolRecordError(f"{path} is not a usable tool: {error}") from error
        return tool


def _misfits(error: Any) -> str:
    """Tell a model what is wrong with its arguments; LangChain's own words would not."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    told = (f"{'.'.join(map(str, part['loc']))}: {part['msg']}" for part in found[:5])
    return f"arguments: they do not fit. {'; '.join(told)}"


def _require_function(source: str, entry: str) -> None:
    try:
        module = parse_source(source)
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"the source is not valid Python: {error}") from error
    if not any(isinstance(node, ast.FunctionDef) and node.name == entry for node in module.body):
        raise ValueError(f"the source has no function {shorten(entry)!r}")


def _content_and_artifact(result: ExecutionResult) -> tuple[str, Any]:
    from langchain_core.tools import ToolException  # noqa: PLC0415 - there by now

    if result.failure is not None:
        raise ToolException(f"{result.failure.kind.value}: {result.failure.message}")
    return answer_text(result.value), result.value
