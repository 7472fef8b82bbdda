"""A whole tool library as one file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from langchain_latm.exceptions import ToolRecordError
from langchain_latm.tools.library.instances import Instance
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import ToolEvent, ToolName, Value, first_error, shorten

_MAX_BYTES = 1024 * 1024 * 1024


class LibraryExport(Value):
    """Everything in a library except the uses.

    Attributes:
        tools: Every record, current or not.
        history: The events of every name, oldest first.
        current: The id of each name's current tool.
        examples: The known requests of each name besides those in its proof: examples that a later version must pass,
            and the wording of requests.

    Raises:
        pydantic.ValidationError: A record was altered, or the parts are inconsistent.
    """

    format: Literal["langchain-latm-library/1"] = "langchain-latm-library/1"
    tools: tuple[MadeTool, ...]
    history: tuple[ToolEvent, ...]
    current: dict[ToolName, str]
    examples: dict[ToolName, tuple[Instance, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        names = {tool.id: tool.name for tool in self.tools}
        for name, tool_id in self.current.items():
            if names.get(tool_id) != name:
                raise ValueError(f"the current tool of {name!r} is not in it")
        for event in self.history:
            if names.get(event.id) != event.name:
                raise ValueError(f"its history mentions a tool {event.name!r} that is not in it")
        return self

    @classmethod
    def load(cls, path: Path, *, packages: Sequence[str] = ()) -> LibraryExport:
        """Read a file. Nothing in it is executed.

        Args:
            path: The file.
            packages: Names of packages that its current tools may use, as for `MadeTool.load`.

        Raises:
            PackageError: Allowed packages cannot be installed.
            ToolRecordError: It cannot be read, is not an export, a record in it was altered, or a current tool of it
                may not be used (`MadeTool.refusal`).
        """
        try:
            with path.open("rb") as file:
                text = file.read(_MAX_BYTES + 1)
            if len(text) > _MAX_BYTES:
                raise ToolRecordError(f"{path} is larger than {_MAX_BYTES // 2**20} MB")
            exported = cls.model_validate_json(text, context={"stored": True})
        except OSError as error:
            raise ToolRecordError(f"{path}: {error.strerror or error}") from error
        except ValidationError as error:
            reason = shorten(first_error(error), 300)
            raise ToolRecordError(f"{path} is not a usable export of a tool library: {reason}") from error
        current = set(exported.current.values())
        for tool in exported.tools:
            if tool.id in current:
                tool.install_packages(allowed=packages)
                tool.require_usable()
        return exported
