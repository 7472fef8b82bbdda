"""The dialect of each provider: refused requests with their messages, and the form of replies."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from langchain_anthropic import ChatAnthropic
from langchain_deepseek import ChatDeepSeek
from langchain_google_genai import ChatGoogleGenerativeAI
from langchain_mistralai import ChatMistralAI
from langchain_ollama import ChatOllama
from langchain_openai import AzureChatOpenAI, ChatOpenAI
from langchain_openrouter import ChatOpenRouter

from tests.integration_tests.models.providers.brain import Asked, Said, reply_to
from tests.integration_tests.models.providers.wire import Body, Reply
from tests.unit_tests import provider_schemas as schemas

KEY = "sk-of-a-test-0123456789"
THOUGHT = "First idea:\n```python\ndef wrong():\n    return 41\n```\nAnswer: 41. No."


@dataclass(frozen=True)
class Dialect:
    """One provider, or one server, with one kind of model.

    Attributes:
        name: For the table in the documentation.
        documented: Where its behaviour is documented.
        model: Creates LangChain's chat model at an address.
        answer: Answers a request by its path and body.
        note: Its peculiarity, for the table.
    """

    name: str
    documented: str
    model: Callable[[str], Any]
    answer: Callable[[str, Body], Reply]
    note: str = ""


def _openai_error(message: str, *, status: int = 400, parameter: str | None = None) -> Reply:
    error = {"message": message, "type": "invalid_request_error", "param": parameter, "code": None}
    return Reply({"error": error}, status)


def _text_of(content: Any) -> str:
    if isinstance(content, str) or content is None:
        return content or ""
    return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))


def _asked_by_chat(body: Body) -> Asked:
    messages = body["messages"]
    choice = body.get("tool_choice")
    return Asked(
        texts=[_text_of(each.get("content")) for each in messages],
        tools={each["function"]["name"]: each["function"]["parameters"] for each in body.get("tools") or []},
        must_call=choice not in (None, "auto", "none"),
        results=[_text_of(each["content"]) for each in messages if each["role"] == "tool"],
    )


def _chat_reply(said: Said, *, before: str = "", more: Body | None = None) -> Reply:
    message: Body = {"role": "assistant", "content": before + said.text or None, **(more or {})}
    if said.tool is not None:
        call = {"name": said.tool, "arguments": json.dumps(said.arguments)}
        message["tool_calls"] = [{"id": "call_1abcdefg", "type": "function", "function": call}]
    reason = "tool_calls" if said.tool else "stop"
    return Reply(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "system_fingerprint": None,
            "choices": [{"index": 0, "finish_reason": reason, "message": message, "logprobs": None}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
        }
    )


def _tool_complaint(tools: list[Body]) -> str | None:
    for each in tools:
        function = each["function"]
        complaint = schemas.openai(function["parameters"], strict=function.get("strict") is True)
        if complaint:
            return f"Invalid schema for function '{function['name']}': {complaint}"
    return None


def _chat(
    *,
    refuse: Callable[[Body], Reply | None] = lambda _body: None,
    before: str = "",
    more: Body | None = None,
) -> Callable[[str, Body], Reply]:
    """Answer like chat completions, after a server's own refusals."""

    def answer(path: str, body: Body) -> Reply:
        assert path.partition("?")[0].endswith("/chat/completions"), path
        complaint = _tool_complaint(body.get("tools") or [])
        if complaint:
            return _openai_error(complaint, parameter="tools[0].function.parameters")
        refused = refuse(body)
        return refused or _chat_reply(reply_to(_asked_by_chat(body)), before=before, more=more)

    return answer


def _openai(address: str, model: str, **more: Any) -> Any:
    return ChatOpenAI(model=model, base_url=f"{address}/v1", api_key=KEY, max_retries=0, **more)


def _refuse_o_series(body: Body) -> Reply | None:
    if "max_tokens" in body:
        message = (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        )
        return _openai_error(message, parameter="max_tokens")
    if body.get("temperature", 1) != 1:
        message = (
            "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) is supported."
        )
        return _openai_error(message, parameter="temperature")
    return None


def _responses(_path: str, body: Body) -> Reply:
    if "temperature" in body:
        message = "Unsupported parameter: 'temperature' is not supported with this model."
        return _openai_error(message, parameter="temperature")
    items = body["input"] if isinstance(body["input"], list) else [{"role": "user", "content": body["input"]}]
    tools = [{"function": each} for each in body.get("tools") or []]
    complaint = _tool_complaint(tools)
    if complaint:
        return _openai_error(complaint, parameter="tools[0].parameters")
    asked = Asked(
        texts=[_text_of(each.get("content")) for each in items if "content" in each],
        tools={each["function"]["name"]: each["function"]["parameters"] for each in tools},
        must_call=body.get("tool_choice") not in (None, "auto"),
        results=[str(each["output"]) for each in items if each.get("type") == "function_call_output"],
    )
    said = reply_to(asked)
    thought = {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": THOUGHT}]}
    output: list[Body] = [thought]
    if said.tool is not None:
        call = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": said.tool, "status": "completed"}
        output.append(call | {"arguments": json.dumps(said.arguments)})
    else:
        part = {"type": "output_text", "text": said.text, "annotations": []}
        output.append({"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]})
    usage = {
        "input_tokens": 10,
        "output_tokens": 5,
        "total_tokens": 15,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": 2},
    }
    return Reply(
        {
            "id": "resp_1",
            "object": "response",
            "created_at": 1,
            "model": "m",
            "status": "completed",
            "output": output,
            "usage": usage,
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "metadata": {},
            "temperature": 1,
            "top_p": 1,
        }
    )


def _azure(address: str) -> Any:
    return AzureChatOpenAI(
        azure_deployment="mine", azure_endpoint=address, api_key=KEY, api_version="2025-04-01-preview", max_retries=0
    )


def _anthropic_model(address: str, **more: Any) -> Any:
    return ChatAnthropic(base_url=address, api_key=KEY, max_retries=0, **more)


def _anthropic(path: str, body: Body) -> Reply:
    assert path.partition("?")[0] == "/v1/messages", path
    thinking = (body.get("thinking") or {}).get("type") in ("enabled", "adaptive")

    def error(message: str) -> Reply:
        return Reply({"type": "error", "error": {"type": "invalid_request_error", "message": message}}, 400)

    if "temperature" in body:
        return error("`temperature` is deprecated for this model.")
    if thinking and (body.get("tool_choice") or {}).get("type") in ("tool", "any"):
        return error("Thinking may not be enabled when tool_choice forces tool use.")
    for number, each in enumerate(body.get("tools") or []):
        complaint = schemas.anthropic(each["input_schema"])
        if complaint:
            return error(f"tools.{number}.custom.input_schema: {complaint}")
    texts, results = [_text_of(body.get("system"))], list[str]()
    for message in body["messages"]:
        texts.append(_text_of(message["content"]))
        if isinstance(message["content"], list):
            parts = [part for part in message["content"] if part["type"] == "tool_result"]
            results += [_text_of(part["content"]) for part in parts]
    asked = Asked(
        texts=texts,
        tools={each["name"]: each["input_schema"] for each in body.get("tools") or []},
        must_call=(body.get("tool_choice") or {}).get("type") in ("tool", "any"),
        results=results,
    )
    said = reply_to(asked)
    content: list[Body] = [{"type": "thinking", "thinking": THOUGHT, "signature": "s"}] if thinking else []
    if said.tool is not None:
        content.append({"type": "tool_use", "id": "toolu_1", "name": said.tool, "input": said.arguments})
    else:
        content.append({"type": "text", "text": said.text})
    return Reply(
        {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "m",
            "content": content,
            "stop_reason": "tool_use" if said.tool else "end_turn",
            "stop_sequence": None,
            "usage": {"input_tokens": 10, "output_tokens": 5},
        }
    )


def _gemini_model(address: str) -> Any:
    return ChatGoogleGenerativeAI(model="gemini-2.5-pro", base_url=address, api_key=KEY, max_retries=1)


def _gemini(path: str, body: Body) -> Reply:
    assert path.endswith(":generateContent"), path
    declared = [each for group in body.get("tools") or [] for each in group.get("functionDeclarations", [])]
    for each in declared:
        complaint = schemas.gemini(each.get("parameters") or each.get("parametersJsonSchema") or {})
        if complaint:
            return Reply({"error": {"code": 400, "message": complaint, "status": "INVALID_ARGUMENT"}}, 400)
    texts, results = [_text_of((body.get("systemInstruction") or {}).get("parts"))], list[str]()
    for turn in body["contents"]:
        texts.append(_text_of(turn["parts"]))
        results += [
            json.dumps(part["functionResponse"]["response"]) for part in turn["parts"] if "functionResponse" in part
        ]
    mode = ((body.get("toolConfig") or {}).get("functionCallingConfig") or {}).get("mode")
    said = reply_to(
        Asked(texts, {each["name"]: each.get("parameters") or {} for each in declared}, mode == "ANY", results)
    )
    parts: list[Body] = [{"text": THOUGHT, "thought": True}]
    parts.append({"functionCall": {"name": said.tool, "args": said.arguments}} if said.tool else {"text": said.text})
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}
    usage = {"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15}
    return Reply({"candidates": [candidate], "usageMetadata": usage, "modelVersion": "m"})


def _mistral(address: str) -> Any:
    return ChatMistralAI(model="magistral-medium", base_url=f"{address}/v1", api_key=KEY, max_retries=1)


def _refuse_as_mistral(body: Body) -> Reply | None:
    extra = next((key for each in body.get("tools") or [] for key in each["function"] if key == "strict"), None)
    if extra:
        detail = [{"type": "extra_forbidden", "loc": ["body", "tools", 0, "function", extra], "msg": "Extra inputs"}]
        return Reply({"object": "error", "message": {"detail": detail}, "type": "invalid_request_error"}, 422)
    return None


def _ollama_model(address: str) -> Any:
    return ChatOllama(model="deepseek-r1:8b", base_url=address)


def _ollama(path: str, body: Body) -> Reply:
    assert path == "/api/chat", path
    if body.get("tools"):
        return Reply({"error": "registry.ollama.ai/library/deepseek-r1:8b does not support tools"}, 400)
    said = reply_to(_asked_by_chat(body | {"messages": body["messages"]}))
    message = {"role": "assistant", "content": said.text, "thinking": THOUGHT}
    counts = {"prompt_eval_count": 10, "eval_count": 5, "total_duration": 1, "load_duration": 1}
    return Reply([{"model": "m", "created_at": "2026-01-01T00:00:00Z", "message": message, "done": True, **counts}])


def _deepseek_model(address: str) -> Any:
    return ChatDeepSeek(model_name="deepseek-reasoner", api_base=f"{address}/v1", api_key=KEY, max_retries=0)


def _refuse_as_deepseek(body: Body) -> Reply | None:
    if isinstance(body.get("tool_choice"), dict):
        return _openai_error("deepseek-reasoner does not support this tool_choice")
    if (body.get("response_format") or {}).get("type") == "json_schema":
        return _openai_error("This response_format type is unavailable now")
    return None


def _refuse_as_vllm(body: Body) -> Reply | None:
    if body.get("tools") and body.get("tool_choice", "auto") == "auto":
        return _openai_error('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set')
    if body.get("response_format"):
        return _openai_error(
            "1 validation error for ChatCompletionRequest: response_format: Extra inputs are not permitted"
        )
    return None


def _refuse_as_llama_cpp(body: Body) -> Reply | None:
    if body.get("tools") or body.get("response_format"):
        error = {"code": 500, "message": "tools param requires --jinja flag", "type": "server_error"}
        return Reply({"error": error}, 500)
    return None


def _openrouter(address: str) -> Any:
    return ChatOpenRouter(model_name="some/model", base_url=f"{address}/v1", api_key=KEY, max_retries=0)


def _refuse_as_openrouter(body: Body) -> Reply | None:
    if body.get("tool_choice") not in (None, "auto"):
        message = "No endpoints found that support the provided 'tool_choice' value."
        return Reply({"error": {"code": 404, "message": message}}, 404)
    if body.get("temperature") is not None:
        message = "Provider returned error: temperature is not supported by this model"
        return Reply({"error": {"code": 400, "message": message}}, 400)
    return None


_OPENAI = "https://developers.openai.com/api/reference/resources/chat"
DIALECTS = (
    Dialect("OpenAI chat", _OPENAI, lambda url: _openai(url, "gpt-4.1-mini"), _chat()),
    Dialect(
        "OpenAI chat, reasoning",
        "https://developers.openai.com/api/docs/guides/reasoning",
        lambda url: _openai(url, "gateway-name-of-o4"),
        _chat(refuse=_refuse_o_series),
        "refuses a temperature, and its name does not show that",
    ),
    Dialect(
        "OpenAI responses",
        "https://developers.openai.com/api/reference/resources/responses",
        lambda url: _openai(url, "gpt-5", use_responses_api=True),
        _responses,
        "blocks of reasoning",
    ),
    Dialect(
        "Azure OpenAI",
        "https://learn.microsoft.com/en-us/azure/foundry/openai/latest",
        _azure,
        _chat(refuse=_refuse_o_series),
        "a deployment's name hides the model",
    ),
    Dialect(
        "Anthropic",
        "https://platform.claude.com/docs/en/api/messages",
        lambda url: _anthropic_model(url, model="claude-of-a-gateway", max_tokens=4096),
        _anthropic,
        "refuses a temperature",
    ),
    Dialect(
        "Anthropic, thinking",
        "https://platform.claude.com/docs/en/build-with-claude/extended-thinking",
        lambda url: _anthropic_model(
            url, model="claude-sonnet-4-5", max_tokens=4096, thinking={"type": "enabled", "budget_tokens": 1024}
        ),
        _anthropic,
        "blocks of thinking, no forced tool call",
    ),
    Dialect("Gemini", "https://ai.google.dev/api/generate-content", _gemini_model, _gemini, "parts of thinking"),
    Dialect(
        "Mistral",
        "https://docs.mistral.ai/api",
        _mistral,
        _chat(refuse=_refuse_as_mistral, before=f"[THINK]{THOUGHT}[/THINK]"),
        "thoughts in the text",
    ),
    Dialect(
        "Ollama",
        "https://docs.ollama.com/api/chat",
        _ollama_model,
        _ollama,
        "a model without tool calls, which thinks",
    ),
    Dialect(
        "DeepSeek",
        "https://api-docs.deepseek.com/guides/thinking_mode",
        _deepseek_model,
        _chat(refuse=_refuse_as_deepseek, more={"reasoning_content": THOUGHT}),
        "no forced tool call, no JSON schema",
    ),
    Dialect(
        "vLLM",
        "https://docs.vllm.ai/en/latest/serving/openai_compatible_server",
        lambda url: _openai(url, "Qwen/Qwen3-8B"),
        _chat(refuse=_refuse_as_vllm, before=f"<think>\n{THOUGHT}\n</think>\n\n"),
        "thoughts in the text, no JSON schema",
    ),
    Dialect(
        "llama.cpp",
        "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
        lambda url: _openai(url, "model.gguf"),
        _chat(refuse=_refuse_as_llama_cpp, before=f"{THOUGHT}\n</think>\n\n"),
        "the prompt opened the thoughts; neither tools nor JSON schema",
    ),
    Dialect(
        "OpenRouter",
        "https://openrouter.ai/docs/api-reference/overview",
        _openrouter,
        _chat(refuse=_refuse_as_openrouter),
        "refuses a temperature and a forced tool call",
    ),
)
