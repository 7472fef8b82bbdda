"""Kinds of request, and files of tasks."""

from __future__ import annotations

import json
from pathlib import Path

from langchain_latm.benchmarks.dispatch.library import Kind


def kind(name: str, form: str, requests: int = 4) -> Kind:
    questions = [form.replace("?", str(number)) for number in range(3 + requests)]
    return Kind(name, questions[:3], questions[3:])


def write_tasks(folder: Path, names: tuple[str, ...]) -> None:
    for number, name in enumerate(names):
        words = f"kind{'abcdefgh'[number]} of request{'abcdefgh'[number]}"
        examples = [{"input": f"This {words} asks about {each}", "target": "x"} for each in range(6)]
        (folder / f"{name}.json").write_text(json.dumps({"examples": examples}))
