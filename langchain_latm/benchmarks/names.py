"""Names of tasks and methods for the command line. Importing this module loads no other one."""

from __future__ import annotations

from typing import Final

PAPER_TASKS: Final = (
    "chinese_remainder_theorem",
    "dyck_languages",
    "logical_deduction_five_objects",
    "schedule_meeting",
    "tracking_shuffled_objects_five_objects",
    "word_sorting",
)
"""The paper's tasks."""
STANDARD_TASKS: Final = (
    *("base_conversion", "number_sorting", "lcm", "count_bits", "isomorphic_strings", "string_insertion"),
    *("word_sequence_reversal", "calendar_arithmetic", "prime_factorization", "group_anagrams", "spell_backward"),
    "leg_counting",
)
"""Generators of reasoning-gym."""
OWN_TASKS: Final = ("last_letter_sorting", "days_between", "letter_shift")
"""Kinds of request of `latm demo`."""
DEMO_PARTS: Final = ("column", *OWN_TASKS)
"""The parts of `latm demo`."""
GROUPS: Final = {"paper": PAPER_TASKS, "standard": STANDARD_TASKS, "own": OWN_TASKS}
"""Names that stand for several tasks."""

METHODS: Final = ("default", "paper")
"""Methods of making."""
BASELINES: Final = ("direct", "cot", "pot")
"""Methods of answering requests without a tool."""
SEARCH: Final = "search"
WAYS: Final = (SEARCH, "model", "model+repair", "both", "both+repair", *BASELINES)
"""Methods of `latm bench tables` to complete a column: a search, a model that writes, both, or a model for each row."""
GYM: Final = "reasoning-gym"
"""The default pool of kinds for a draw; other pools are folders."""
HALVES: Final = ("development", "final")
"""Halves of a pool, by the hash of a kind's name."""
WHERE_DATA_IS: Final = "git clone https://github.com/ctlllll/LLM-ToolMaker, then --data LLM-ToolMaker/bbh"
"""How to get the files of the paper's tasks, as its authors publish them."""
