"""An attack that cannot succeed proves nothing: each must succeed without a sandbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from langchain_latm.sandbox import Guarantee
from tests.unit_tests.sandbox.attacks import ATTACKS, HONEST, SECRET, hidden

TRIED = {
    Guarantee.FILES,
    Guarantee.ENVIRONMENT,
    Guarantee.NETWORK,
    Guarantee.PROCESSES,
    Guarantee.NATIVE_CODE,
    Guarantee.TOOLS,
    Guarantee.CALLS,
}
"""The others end the process, or fill its memory, by their nature."""
NOT_TRIED = {
    "kill everything",  # it would
    "open through another ABI",  # few kernels have it
}


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux") or os.geteuid() != 0, reason="attacks as root on Linux")
def test_attacks_get_through_where_nothing_holds_them() -> None:
    attacks = [attack for attack in ATTACKS if attack.against in TRIED and attack.name not in NOT_TRIED]
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("without_wall.py"))],
        input=json.dumps(
            {
                "sources": [attack.source for attack in attacks],
                "honest": HONEST,
                "secret": SECRET,
                "hidden": hidden(),
            }
        ),
        env={"PATH": os.environ["PATH"], "LATM_SECRET": SECRET},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    told = zip(attacks, json.loads(done.stdout), strict=True)
    assert not {attack.name: answer for attack, answer in told if "broke" not in answer}
