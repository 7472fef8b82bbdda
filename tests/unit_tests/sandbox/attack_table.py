"""The table of attacks and backends in the sandbox's page; `make attacks` runs the suite and writes it."""

from __future__ import annotations

import re
import sys
from itertools import groupby
from pathlib import Path

import langchain_latm.sandbox
from langchain_latm.sandbox import Guarantee
from tests.unit_tests.sandbox.attacks import ATTACKS
from tests.unit_tests.sandbox.backends import BACKENDS

PAGE = Path(langchain_latm.sandbox.__file__).with_name("README.md")
BEGIN, END = "<!-- attacks: written by `make attacks` -->", "<!-- end of attacks -->"


def attack_table() -> str:
    """The guarantees of each backend, and the attacks that test them."""
    names = {against: [attack.name for attack in group] for against, group in groupby(ATTACKS, lambda a: a.against)}
    lines = [
        f"| guarantee | {' | '.join(BACKENDS)} |",
        f"| --- |{' --- |' * len(BACKENDS)}",
        *(
            f"| {guarantee} | "
            + " | ".join("held" if guarantee in backend.guarantees else "no" for backend in BACKENDS.values())
            + " |"
            for guarantee in Guarantee
        ),
        "",
        f"{len(ATTACKS)} attacks, each run against every backend that says it holds its kind:",
        "",
        "| kind | attacks |",
        "| --- | --- |",
        *(f"| {against} ({len(attacks)}) | {', '.join(attacks)} |" for against, attacks in names.items()),
    ]
    return "\n".join([BEGIN, "", *lines, "", END])


def main() -> None:
    """Write the table, unless a backend was missing when the suite ran."""
    missing = [f"{name}: {backend.missing}" for name, backend in BACKENDS.items() if backend.missing]
    if missing:
        sys.exit(f"the table is for a machine that runs every backend. {'; '.join(missing)}")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: attack_table(), page, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main()
