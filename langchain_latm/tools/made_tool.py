"""The record of a proven tool, which can be served as a LangChain tool."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import ValidationError, ValidationInfo, model_validator

from langchain_latm.exceptions import PackageError, ToolRecordError
from langchain_latm.sandbox.base import Sandbox, ToolSource
from langchain_latm.sandbox.packages.folder import require_installed
from langchain_latm.text.answer_check import AnswerCheck, CustomCheck, ExactCheck
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.tools.arguments_model import PYTHON, ArgumentsModel, arguments_model, check_parameter_names
from langchain_latm.tools.gate.gate import check_description, check_source
from langchain_latm.types import (
    Package,
    Provenance,
    StoredValue,
    ToolName,
    VerificationReport,
    WorkedExample,
    declared,
    first_error,
    packages_key,
)

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool

Reader = Literal["parser", "model", "untried_model", "inputs"]

MAX_RECORD_BYTES = 16 * 1024 * 1024
"""Larger files are rejected."""


class MadeTool(StoredValue):
    """A tool that a model wrote and the harness proved. Immutable, and identified by the hash of its content.

    Loading a record executes nothing: the source is text until a sandbox runs it.

    Attributes:
        id: sha256 of everything else in the record. It detects damage; it does not authenticate the author.
        name: The tool's name, which is the task's.
        description: A sentence about what it computes.
        parameters: JSON schema of its arguments.
        source: The Python text.
        entry: Name of the function to call.
        worked_examples: Proven readings of questions, for the tool user's prompt.
        parser: Reads the arguments off requests that are worded like the examples, without a model.
        read_by: The proven readers of the arguments; for a typed tool `inputs`, since they are given by name. Without
            `model`, the tool answers only requests that the parser can read. `untried_model`: no model took part in the
            making; the tool user tries one on unseen examples of the proof before it reads its first request.
        inputs: Of a typed tool, the parameter that each input is given to, by the input's name; else None.
        packages: The packages that it may import, in exactly these versions; empty for most tools.
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

    later_fields: ClassVar[frozenset[str]] = frozenset({"inputs", "packages"})

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
    inputs: dict[str, str] | None = None
    packages: tuple[Package, ...] = ()
    check: AnswerCheck = ExactCheck()
    report: VerificationReport
    provenance: Provenance

    @model_validator(mode="after")
    def _check_readers(self) -> Self:
        if self.inputs is not None:
            if self.parser is not None or self.read_by != ("inputs",):
                raise ValueError("read_by: a tool with inputs gets its arguments by name, so nothing reads them")
            if sorted(self.inputs.values()) != sorted(self.parameters.get("properties", {})):
                raise ValueError("inputs: inputs and parameters of the tool must correspond one to one")
        elif self.parser is None:
            if self.read_by != ("model",):
                raise ValueError("read_by: a tool without a parser needs a model to read its arguments")
        elif {slot.name for slot in self.parser.slots} - set(self.parameters.get("properties", {})):
            raise ValueError("parser: it reads parameters that the tool does not have")
        return self

    @model_validator(mode="after")
    def _check_id(self, info: ValidationInfo) -> Self:
        plain = self.model_dump(mode="json", exclude={"id"})
        if self.parser is None and self.inputs is None:  # records from before parsers existed keep their ids
            del plain["parser"], plain["read_by"]
        content = json.dumps(plain, sort_keys=True, separators=(",", ":"))
        expected = hashlib.sha256(content.encode()).hexdigest()
        if not self.id and not (info.context or {}).get("stored"):
            object.__setattr__(self, "id", expected)  # the only write to a frozen value, during its construction
        elif self.id != expected:
            what = f"its id {self.id[:12]}..." if self.id else "an id, since it has none"
            raise ValueError(f"the content does not match {what}: the record was altered or damaged")
        return self

    @property
    def tool_source(self) -> ToolSource:
        """The source and entry that the sandbox runs.

        Raises:
            ToolRecordError: The tool may not be used (`refusal`).
        """
        self.require_usable()
        return ToolSource(
            source=self.source, entry=self.entry, keeps_state=not self._checked(), packages=self.packages_key
        )

    @property
    def packages_key(self) -> str:
        """The name under which its packages are installed; empty if it needs none."""
        return packages_key(self.packages)

    def _checked(self) -> bool:
        """Check its source; return whether it runs snippets.

        Raises:
            ValueError: The gate refuses it, or its packages are not installed.
        """
        require_installed(self.packages)
        return check_source(self.source, self.entry, self.packages_key)

    @property
    def refusal(self) -> str | None:
        """Why the gate refuses this tool, or that it is too large; None if it may be used."""
        try:
            check_description(self.description)
            given = self.parameters.get("properties")
            check_parameter_names(self.entry, given if isinstance(given, dict) else ())
            arguments_model(self.name, self.parameters)
            if self._checked():
                self._check_snippets()
        except ValueError as error:
            return str(error)
        return None

    @property
    def runs_snippets(self) -> bool:
        """Whether it is a tool of the paper, which runs the snippet of Python that it is given."""
        return self.refusal is None and self._checked()

    def _check_snippets(self) -> None:
        """Make sure that the arguments model checks each snippet before it runs."""
        given = self.parameters.get("properties", {}).get("snippet")
        if self.parser is not None or not isinstance(given, dict) or given.get("contentMediaType") != PYTHON:
            raise ValueError("it runs a parameter as code that is not declared as Python")

    def require_usable(self) -> None:
        """Make sure that the tool may be used. A refused tool stays listed in its library.

        Raises:
            ToolRecordError: It may not (`refusal`).
        """
        reason = self.refusal
        if reason is not None:
            raise ToolRecordError(
                f"the tool {self.name} ({self.id[:12]}) may not be used: {reason}. Make it again with "
                "create_tool_maker, or remove it from its library"
            )

    @property
    def stored_check(self) -> AnswerCheck:
        """The stored answer check; an exact one if the check was a function, which is not stored."""
        return ExactCheck(values=self.check.values) if isinstance(self.check, CustomCheck) else self.check

    @property
    def arguments_model(self) -> type[ArgumentsModel]:
        """The pydantic model of the arguments, built from `parameters`."""
        return arguments_model(self.name, self.parameters)

    def install_packages(self, *, allowed: Sequence[str]) -> None:
        """Install the packages that the tool needs, exactly as recorded, if all its imported packages are allowed.

        Args:
            allowed: Names of allowed packages.

        Raises:
            PackageError: A name is not valid, or a package cannot be installed.
        """
        if not allowed and not self.packages:
            return
        from langchain_latm.sandbox.packages.declaring import requirements  # noqa: PLC0415 - most tools need none
        from langchain_latm.sandbox.packages.installing import install_packages  # noqa: PLC0415

        if {package.name for package in declared(self.packages)} <= requirements(allowed).keys():
            install_packages(self.packages)

    @property
    def model_may_read(self) -> bool:
        """Whether a model may read arguments: it was proven to, or is tried before it reads its first request."""
        return not {"model", "untried_model"}.isdisjoint(self.read_by)

    def without_parser(self) -> MadeTool:
        """Return the record without its parser: a model reads the arguments of all requests.

        Raises:
            ValueError: No model was proven to read the arguments.
        """
        if "model" not in self.read_by:
            raise ValueError(f"{self.name}: no model was proven to read its arguments")
        return MadeTool.model_validate(self.model_dump() | {"id": "", "parser": None, "read_by": ("model",)})

    def as_tool(self, sandbox: Sandbox, *, tenant: str = "", example: bool = True) -> StructuredTool:
        """Return a LangChain tool, for `bind_tools`, `create_agent` and chains.

        It runs in `sandbox`, sync and async, and returns the answer text, with the value itself as artifact. Failures
        of the function become error messages to the model, not exceptions that end the run. The caller closes the
        sandbox.

        Args:
            sandbox: Where it runs.
            tenant: The caller's tenant; by default the one that the config of each run names.
            example: Whether the description ends with the shortest example of the proof, of up to 200 characters.

        Source: https://docs.langchain.com/oss/python/langchain/tools
        """
        from langchain_latm.tools.structured_tool import structured_tool  # noqa: PLC0415 - takes half a second

        return structured_tool(self, sandbox, tenant=tenant, example=example)

    def map(
        self,
        data: Any,
        *,
        sandbox: Sandbox,
        columns: str | Mapping[str, str] | None = None,
        errors: Literal["raise", "null", "column"] = "raise",
        tenant: str = "",
    ) -> Any:
        """Call the tool for each row of a column or table, and return a column of the same kind.

        The name is that of pandas and Polars: the result has as many rows, in the same order. No model is asked. Rows
        are sent to the sandbox in chunks of limited size; a row that fails, or ends the sandbox's process, does not
        affect the others.

        | data | result | with `errors="column"` |
        | --- | --- | --- |
        | pandas Series or DataFrame | Series, with the same index | DataFrame |
        | Polars Series or DataFrame | Series | DataFrame |
        | Polars LazyFrame | LazyFrame of one column | LazyFrame of two columns |
        | Arrow Array, ChunkedArray, Table | Array or ChunkedArray | Table |
        | NumPy array | array of objects | dict of arrays |
        | list or another iterable | list | list of dicts |
        | iterator | iterator; only one chunk of rows is in memory | iterator of dicts |

        The type of the column is that of the values in the tool's proof, so it does not depend on the data; a value of
        another type is an error of its row. Lists and records that are not all alike are JSON text in Polars and
        Arrow, and Python objects elsewhere.

        Args:
            data: Requests that the tool's parser reads, or the inputs of a typed tool: a table with a column for each,
                dicts, or just the values if there is only one input.
            sandbox: Where the tool runs. The caller closes it, for lazy results after they were read.
            columns: The column of a table that holds the requests, by default its only one, or `question`. For a typed
                tool, the columns that differ from the name of their input, such as `{"first": "Vorname"}`.
            errors: What to do with rows without a value: `"raise"` an error at the first of them, leave them `"null"`,
                or give the reason in a second `"column"`, `NAME_error` beside `NAME`, the tool's name.
            tenant: The caller's tenant.

        Raises:
            ToolRecordError: The tool may not be used, or a model must read its arguments.
            TypeError: The data is neither a column or table nor iterable.
            TableError: The table has no such column.
            ToolUseError: A row has no value, and `errors` is `"raise"`; the message names the row, from 0.
            SandboxError: The sandbox itself failed.

        Example:
            ```python
            import pandas as pd
            from langchain_latm import MadeTool, create_sandbox

            tool = MadeTool.load("sort_words.tool.json")
            frame = pd.DataFrame({"question": ["Sort these words: kiwi date", "Sort these words: b a"]})
            with create_sandbox() as sandbox:
                frame["sorted"] = tool.map(frame["question"], sandbox=sandbox)
            print(list(frame["sorted"]))  # -> ['date kiwi', 'a b']
            ```
        """
        from langchain_latm.tools.columns.mapping import ToolMapping, mapped  # noqa: PLC0415 - needed for this alone

        return mapped(ToolMapping(self, columns, errors, tenant), data, sandbox)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Return the notebook display: signature, proof and source. IPython calls this; nothing is executed."""
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
    def load(cls, path: str | Path, *, packages: Sequence[str] = ()) -> MadeTool:
        """Read a record that `dump` wrote.

        Args:
            path: The file.
            packages: Names of packages that the tool may use. If it needs these, exactly the recorded ones are
                installed for tools, and every tool of this machine may use them from then on.

        Raises:
            ToolRecordError: The file cannot be read, is not a record, was altered, or needs packages that you have not
                allowed.
            PackageError: The recorded packages cannot be installed.
        """
        try:
            with Path(path).open("rb") as file:
                text = file.read(MAX_RECORD_BYTES + 1)
            if len(text) > MAX_RECORD_BYTES:
                raise ValueError(f"larger than {MAX_RECORD_BYTES // 2**20} MB")  # noqa: TRY301 - reported like the others
            tool = cls.model_validate_json(text, context={"stored": True})
            tool.install_packages(allowed=packages)
            if (reason := tool.refusal) is not None:
                raise ValueError(reason)  # noqa: TRY301 - reported like the others
        except PackageError:
            raise
        except OSError as error:
            raise ToolRecordError(f"{path}: {error.strerror or error}") from error
        except ValidationError as error:
            raise ToolRecordError(f"{path} is not a usable tool: {first_error(error)}") from error
        except ValueError as error:
            raise ToolRecordError(f"{path} is not a usable tool: {error}") from error
        return tool
