"""A made tool as a LangChain tool: a model that calls tools gives the arguments and gets the failures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_core.tools import StructuredTool, ToolException

from langchain_latm._core.caller import Caller
from langchain_latm._core.telemetry import ToolSpan, executing
from langchain_latm._core.tool_runs import metadata_of
from langchain_latm.exceptions import ToolRecordError
from langchain_latm.sandbox.base import ExecutionResult, Sandbox, ToolSource
from langchain_latm.text.answer_check import answer_text
from langchain_latm.tools.served_description import served_description
from langchain_latm.types import argument_errors

if TYPE_CHECKING:
    from langchain_latm.tools.made_tool import MadeTool


def structured_tool(made: MadeTool, sandbox: Sandbox, *, tenant: str, example: bool) -> StructuredTool:
    """Return the LangChain tool of a record: see `MadeTool.as_tool`, which calls this."""

    def run(*text: str, **arguments: Any) -> tuple[str, Any]:
        whose, plain = tenant or Caller.of_context().tenant, _plain_arguments(made, text, arguments)
        source = _source(made)
        with executing(made.name, made.id) as span:
            return _content_and_artifact(sandbox.call(source, plain, tenant=whose), span)

    async def arun(*text: str, **arguments: Any) -> tuple[str, Any]:
        whose, plain = tenant or Caller.of_context().tenant, _plain_arguments(made, text, arguments)
        source = _source(made)
        with executing(made.name, made.id) as span:
            return _content_and_artifact(await sandbox.acall(source, plain, tenant=whose), span)

    return StructuredTool(
        name=made.name,
        description=served_description(made.description, made.report, example=example),
        args_schema=made.arguments_model,
        func=run,
        coroutine=arun,
        response_format="content_and_artifact",
        handle_tool_error=True,
        handle_validation_error=_describe_invalid,
        tags=["latm"],
        metadata=metadata_of(made.name, made.id),
    )


def _source(made: MadeTool) -> ToolSource:
    try:
        return made.tool_source
    except ToolRecordError as error:
        raise ToolException(str(error)) from error


def _plain_arguments(made: MadeTool, text: tuple[str, ...], arguments: dict[str, Any]) -> dict[str, Any]:
    """Turn LangChain's arguments into JSON data.

    LangChain passes models for records, defaults for missing arguments, and a single text for the first parameter.
    """
    model = made.arguments_model
    named = dict(zip(model.model_fields, text, strict=False)) | arguments
    given = {
        name: value
        for name, value in named.items()
        if value is not None or _takes_none(made.parameters, model.own_name(name))
    }
    return model.model_validate(given).to_json()


def _takes_none(parameters: dict[str, Any], name: str) -> bool:
    """Whether None is a value of a parameter, and not LangChain's placeholder for a default."""
    return name in parameters.get("required", ()) or "default" in parameters.get("properties", {}).get(name, {})


def _describe_invalid(error: Any) -> str:
    """Describe invalid arguments for a model; LangChain's own message does not say what is wrong."""
    return f"arguments: they do not fit. {argument_errors(error)}"


def _content_and_artifact(result: ExecutionResult, span: ToolSpan) -> tuple[str, Any]:
    if result.failure is not None:
        span.failed(result.failure.kind.value)
        raise ToolException(f"{result.failure.kind.value}: {result.failure.message}")
    return answer_text(result.value), result.value
