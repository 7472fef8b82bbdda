"""Named inputs of a typed tool: which parameter of the function each one is given to, and their types.

The names may be any text, such as the names of columns: "Order date", "größe", "class". Parameters are identifiers that
every provider of models accepts, so the record keeps both.
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count
from typing import TYPE_CHECKING, Any, Final

from langchain_latm._core.plain_names import LONGEST, plain_name
from langchain_latm.exceptions import ToolUseError
from langchain_latm.text.json_values import is_number
from langchain_latm.text.reading.naming import NAMES_OF_PYTHON
from langchain_latm.tools.arguments_model import RESERVED_PARAMETERS
from langchain_latm.types import TokenUsage, check_inputs, shorten

if TYPE_CHECKING:
    from langchain_latm.tools.made_tool import MadeTool

_OFTEN_IMPORTED: Final = frozenset({"date", "timedelta", "Decimal", "Fraction", "Counter"})
_TAKEN: Final = NAMES_OF_PYTHON | RESERVED_PARAMETERS | sys.stdlib_module_names | _OFTEN_IMPORTED
"""Names that no parameter gets: a function with a parameter `sum` or `date` could not use Python's own."""
_SHOWN: Final = 10
_MAX_DEPTH: Final = 3
"""Maximum depth of the types of nested lists and records; deeper values are `Any`."""
_ORDER: Final[tuple[type, ...]] = (bool, int, float, str, list, dict)


def parameter_names(names: Iterable[str], *, entry: str = "") -> dict[str, str]:
    """Return the parameter for each input: a unique ASCII identifier derived from its name.

    A name that is such an identifier stays. Names that Python, its library, LangChain or pydantic use get an
    underscore: "class" becomes `class_`.

    Args:
        names: Names of the inputs, all different.
        entry: Name of the function, which no parameter may have.
    """
    given = list(names)
    kept = {name for name in given if _is_free(name) and name != entry}
    taken = {*kept, entry}
    found: dict[str, str] = {}
    for name in given:
        parameter = name
        if name not in kept:
            stem = _stem(name)
            numbered = chain([stem], (f"{stem.rstrip('_')}_{number}" for number in count(2)))
            parameter = next(each for each in numbered if each not in taken and _is_free(each))
            taken.add(parameter)
        found[name] = parameter
    return found


def _is_free(name: str) -> bool:
    plain = name.isascii() and name.isidentifier() and len(name) <= LONGEST
    return plain and name not in _TAKEN and not name.startswith(("_", "model_"))


def _stem(name: str) -> str:
    """Return an identifier derived from a name, with room for a number."""
    if name.isascii() and name.isidentifier() and len(name) <= LONGEST - 4 and not name.startswith("_"):
        return f"{name}_" if not name.startswith("model_") else f"the_{name}"
    words = re.sub(r"\W+", "_", plain_name(name, longest=LONGEST - 8).lower()).strip("_")
    stem = f"value_{words}" if words[:1].isdigit() else words or "value"
    return stem if _is_free(stem) else f"{stem}_"


def input_annotation(values: Sequence[Any]) -> str:
    """Return the Python type of a parameter, from all values of its input.

    Numbers among texts are texts too: a code such as "007" beside 12 is not a number (`as_arguments` converts them).
    """
    types = {_json_type(value) for value in values if value is not None}
    if str in types and types <= {str, int, float}:
        return "str | None" if None in values else "str"
    return annotation_of(values)


def annotation_of(values: Sequence[Any], *, depth: int = 0) -> str:
    """Return the Python type of some JSON values.

    Args:
        values: The values.
        depth: Their depth inside lists and records.
    """
    known = [value for value in values if value is not None]
    if not known or depth > _MAX_DEPTH:
        return "Any"
    types = {_json_type(value) for value in known}
    if float in types:
        types -= {int}
    ordered = sorted(types, key=_ORDER.index)
    parts = [_annotation(type_, [value for value in known if _json_type(value) is type_], depth) for type_ in ordered]
    return " | ".join([*parts, *(["None"] if len(known) < len(values) else [])])


def _json_type(value: Any) -> type:
    return list if isinstance(value, tuple) else type(value)


def _annotation(type_: type, values: Sequence[Any], depth: int) -> str:
    if type_ is list:
        return f"list[{annotation_of([each for value in values for each in value], depth=depth + 1)}]"
    if type_ is dict:
        return f"dict[str, {annotation_of([each for value in values for each in value.values()], depth=depth + 1)}]"
    return type_.__name__


def as_arguments(inputs: Mapping[str, Any], parameters: Mapping[str, str], texts: Iterable[str] = ()) -> dict[str, Any]:
    """Return the arguments by the names of the parameters. A number for a text becomes text.

    Args:
        inputs: Values by the names of the inputs; all of them.
        parameters: The parameter for each input.
        texts: Parameters that take only texts.
    """
    arguments = {parameters[name]: value for name, value in inputs.items()}
    for name in texts:
        value = arguments.get(name)
        if is_number(value):
            arguments[name] = str(value)
    return arguments


def text_parameters(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the parameters that take only texts, or None.

    Args:
        schema: JSON schema of the function's parameters.
    """
    found = []
    for name, part in schema.get("properties", {}).items():
        kinds = [each.get("type") for each in part.get("anyOf", [part]) if isinstance(each, dict)]
        if "string" in kinds and set(kinds) <= {"string", "null"}:
            found.append(name)
    return tuple(found)


def given_arguments(tool: MadeTool, inputs: Any) -> dict[str, Any]:
    """Return the arguments of a typed tool from its inputs, given by name.

    The names of the parameters are accepted too, since models know them.

    Args:
        tool: A tool with inputs.
        inputs: Given by a caller.

    Raises:
        ToolUseError: It is not a dict of inputs, an input is missing or unknown, or a value is not JSON.
    """
    wanted = tool.inputs or {}
    takes = ", ".join(repr(shorten(name)) for name in list(wanted)[:_SHOWN])
    if not isinstance(inputs, dict):
        raise _refused(f"{tool.name} takes named inputs, not {_named(inputs)}: a dict of {takes}", inputs)
    if inputs.keys() != wanted.keys():
        if inputs.keys() != set(wanted.values()):
            raise _refused(f"{tool.name}: {_misfit(wanted, inputs)}. It takes {takes}", inputs)
        wanted = {name: name for name in inputs}
    try:
        check_inputs(inputs)
    except ValueError as error:
        raise _refused(f"{tool.name}: {error}", inputs) from error
    return as_arguments(inputs, wanted, text_parameters(tool.parameters))


def _misfit(wanted: Mapping[str, str], inputs: Mapping[Any, Any]) -> str:
    """Describe which inputs are missing or unknown, with the nearest name for an unknown one."""
    missing = [repr(shorten(name)) for name in wanted if name not in inputs]
    said = [f"the input {', '.join(missing[:_SHOWN])} is missing"] if missing else []
    for name in [each for each in inputs if each not in wanted][:_SHOWN]:
        near = difflib.get_close_matches(str(name)[:LONGEST], [each[:LONGEST] for each in wanted], n=1)
        said.append(f"there is no input {shorten(str(name))!r}{f'; did you mean {near[0]!r}?' if near else ''}")
    return "; ".join(said)


def _named(given: Any) -> str:
    return f"the text {shorten(given)!r}" if isinstance(given, str) else f"a {type(given).__name__}"


def _refused(message: str, given: Any) -> ToolUseError:
    return ToolUseError(message, question=shorten(given if isinstance(given, str) else repr(given)), usage=TokenUsage())
