"""`latm bench dispatch --intents` on a small file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from langchain_latm.benchmarks.dispatch.intents import bench_intents, read_intents, report_intents
from langchain_latm.exceptions import TaskError

FILE = {
    "train": [
        *((f"what is my {word} balance", "balance") for word in ("bank", "card", "cash")),
        *((f"will it {word} tomorrow", "weather") for word in ("rain", "snow", "hail")),
        *((f"play some {word} music", "music") for word in ("rock", "jazz", "folk")),
    ],
    "test": [("what is my savings balance", "balance"), ("say it", "weather")],
    "out_of_scope": [("who wrote hamlet", "oos")],
}


def test_draws_and_goals(tmp_path: Path) -> None:
    path = tmp_path / "intents.json"
    path.write_text(json.dumps(FILE), encoding="utf-8")
    found = bench_intents(path, examples=3, draws=2, seed=0, max_error=0.1)
    assert (found.tools, len(found.draws)) == (3, 2)
    assert [(each.found, each.wrong, each.silent, each.refused) for each in found.draws] == [(0.5, 0.0, 0.0, 1.0)] * 2
    table, goals = report_intents(found).tables
    assert table.rows[-1][:2] == ["mean (lowest to highest)", "50.0%"]
    assert [row[-1] for row in goals.rows] == ["met"] * 3
    with pytest.raises(TaskError, match="has 3 requests in `train`; 4 are needed"):
        bench_intents(path, examples=4, draws=1, seed=0, max_error=0.1)


@pytest.mark.parametrize("text", ["", "[]", '{"train": [], "test": []}', '{"train": [["a"]]}'])
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "intents.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TaskError, match=r"intents\.json"):
        read_intents(path)
    with pytest.raises(TaskError, match=r"nowhere\.json"):
        read_intents(tmp_path / "nowhere.json")
