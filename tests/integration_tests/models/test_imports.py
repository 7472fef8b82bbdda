"""What the modules of models do not import."""

from __future__ import annotations

import subprocess
import sys


def test_resolving_a_name_does_not_load_openai() -> None:
    code = "import sys, langchain_latm.models.resolve; print('openai' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"
