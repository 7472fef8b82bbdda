"""Models for the pages of the documentation, which use real names, without a network.

LangChain sets up the models as usual, by their names; only the final call is answered here. So a page fails if it names
a provider or an option that does not exist. Requests in pages ask for words in alphabetical order, after the last colon
of a request, or for the total of prices.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from langchain_openai.chat_models.base import BaseChatOpenAI

from tests.unit_tests.making_prompt import is_making, signature_in

TASK: Final = ("pear fig apple", "dove crow auk", "tin zinc iron", "red blue teal", "oak elm ash", "mars venus io")
_OWN_FUNCTION: Final = '''\
def sort_words(words: list[str]) -> str:
    """Sort words.

    Args:
        words: The words to sort.
    """
    return " ".join(sorted(words))
'''
_WISHED: Final = re.compile(r"def \w+\((\w+): ([^)]+)\) -> (.+)")
_PARAMETER: Final = re.compile(r"def \w+\((\w+):")
_SOLVED: Final = re.compile(r"^- (.+?) -> (.+)$", re.MULTILINE)


def write_task(path: Path) -> None:
    """Write the task that the pages use."""
    rows = [{"question": f"Sort these words: {words}", "answer": " ".join(sorted(words.split()))} for words in TASK]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


def answer_from_script(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every model of OpenAI, of a server like it, of Azure, and the embedded one answer from `reply`."""

    def generate(_model: BaseChatOpenAI, messages: list[BaseMessage], *_: Any, **options: Any) -> ChatResult:
        words = sum(len(str(each.content).split()) for each in messages)
        usage = {"input_tokens": words, "output_tokens": 10, "total_tokens": words + 10}
        message = reply(messages, options).model_copy(update={"usage_metadata": usage})
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def agenerate(model: BaseChatOpenAI, messages: list[BaseMessage], *_: Any, **options: Any) -> ChatResult:
        return generate(model, messages, **options)

    def local_model(**_: Any) -> ChatOpenAI:
        return ChatOpenAI(model="qwen2.5-coder-1.5b-instruct", profile={"reasoning_output": False})

    monkeypatch.setattr(BaseChatOpenAI, "_generate", generate)
    monkeypatch.setattr(BaseChatOpenAI, "_agenerate", agenerate)
    monkeypatch.setenv("OPENAI_API_KEY", "no-key")
    monkeypatch.setattr(OpenAIEmbeddings, "embed_documents", lambda _model, texts: [_vector(each) for each in texts])
    monkeypatch.setattr(OpenAIEmbeddings, "embed_query", lambda _model, text: _vector(text))
    for home in ("langchain_latm", "langchain_latm.models.local"):
        monkeypatch.setattr(f"{home}.create_local_model", local_model)


def _vector(text: str) -> list[float]:
    """Say whether a text is about sorting; all such texts are equally near to each other."""
    return [1.0, 0.0] if "sort" in text.lower() else [0.0, 1.0]


def reply(messages: list[BaseMessage], options: dict[str, Any]) -> AIMessage:
    """Play every role: agent, reader of arguments, judge of the dispatcher, maker, strong model."""
    tools = {each["function"]["name"]: each["function"] for each in options.get("tools", [])}
    last = str(messages[-1].content)
    if "make_tool" in tools or isinstance(messages[-1], ToolMessage):
        return _agent(messages, tools)
    if last.endswith(("Arguments:", "Arguments, corrected:")):
        asked = next(each for each in reversed(messages) if "Question: " in str(each.content))
        return _reading(str(messages[0].content), str(asked.content), tools)
    if last.endswith("Number:"):
        return AIMessage("1" if "alphabet" in last else "0")
    if is_making(messages):
        return AIMessage(f"```python\n{_function(messages)}```")
    words = _words_in(last.removesuffix("\nAnswer:"))
    begun = "Answer: " if "Do what is asked last" in str(messages[0].content) else ""  # as the loop asks for it
    return AIMessage(begun + (" ".join(sorted(words)) if words else "I do not know."))


def _agent(messages: list[BaseMessage], tools: dict[str, Any]) -> AIMessage:
    """Use a tool; ask for one first, if there is none and the user told solved examples."""
    asked = str(next(each for each in messages if each.type == "human").content)
    made = [name for name in tools if name != "make_tool"]
    if isinstance(messages[-1], ToolMessage) and messages[-1].name != "make_tool":
        return AIMessage(str(messages[-1].content))
    if made:
        (parameter,) = tools[made[0]]["parameters"]["properties"]
        return _calling(made[0], {parameter: _words_in(asked)})
    examples = [{"question": question, "answer": answer} for question, answer in _SOLVED.findall(asked)]
    if not examples or isinstance(messages[-1], ToolMessage):
        return AIMessage(" ".join(sorted(_words_in(asked))))
    return _calling("make_tool", {"name": "sort_words", "description": "Sorts words.", "examples": examples})


def _reading(system: str, asked: str, tools: dict[str, Any]) -> AIMessage:
    """Read the words off a question, for the parameter of the function that is shown."""
    parameter = _PARAMETER.search(system)
    assert parameter is not None
    arguments = {parameter[1]: _words_in(asked.rpartition("Question: ")[2].removesuffix("\nArguments:"))}
    return _calling(next(iter(tools)), arguments) if tools else AIMessage(json.dumps(arguments))


def _function(messages: list[BaseMessage]) -> str:
    """Write the function, with the signature that is wished, if one is."""
    head = signature_in(messages)
    wished = _WISHED.fullmatch(head or "")
    if wished is None:
        return _OWN_FUNCTION
    name, given, gives = wished.groups()
    if given == "list[float]":
        return f'{head}:\n    """Add up prices."""\n    return f"{{sum({name}):.2f}}"\n'
    words = name if given == "list[str]" else f"{name}.split()"
    value = f"sorted({words})" if gives == "list[str]" else f'" ".join(sorted({words}))'
    return f'{head}:\n    """Sort words."""\n    return {value}\n'


def _calling(tool: str, arguments: dict[str, Any]) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": tool, "args": arguments, "id": f"call_{tool}"}])


def _words_in(question: str) -> list[str]:
    """Return the text after the last colon, if there is one."""
    return question.rpartition(":")[2].split() if ":" in question else []
