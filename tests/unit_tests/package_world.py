"""Small packages made for tests, as wheels: `wordy` needs `basis`, and has typical members of real packages."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from pathlib import Path

WORDY = {
    "wordy/__init__.py": """\
import os
import os as system
from builtins import eval as run
from os import getcwd
from basis import VALUE
from wordy import counting
from wordy.counting import count
from wordy import counting as other_name

_hidden = 1

def in_order(words):
    return sorted(words)

def evaluate(text):
    return eval(text)

def kernel():
    return os.uname().release

def later(text):
    from string import capwords
    import threading
    return capwords(text) if threading else ""

def unsafe_read(text):
    return text

read = unsafe_read

class UnsafeReader:
    pass

class Reader(UnsafeReader):
    pass

class Writer:
    pass

def opened(path):
    return open(path).read()
""",
    "wordy/counting.py": "import re\n\ndef count(text):\n    return len(re.findall('[a-z]+', text))\n",
    "wordy/_private.py": "VALUE = 3\n",
    "wordy/broken.py": "import not_to_be_found\n",
    "wordy/tests/__init__.py": "raise SystemExit('tests are not loaded')\n",
}
BASIS = {"basis.py": "VALUE = 7\n"}


def write_wheel(folder: Path, name: str, version: str, files: dict[str, str], *, needs: str = "") -> Path:
    """Write a wheel as build backends do."""
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + (
        f"Requires-Dist: {needs}\n" if needs else ""
    )
    whole = files | {
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = []
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for file, text in whole.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            lines.append(f"{file},sha256={digest},{len(text.encode())}")
            wheel.writestr(file, text)
        wheel.writestr(f"{info}/RECORD", "\n".join([*lines, f"{info}/RECORD,,", ""]))
    return path


def write_wheels(folder: Path) -> None:
    """Write the wheels of `wordy`, and of `basis`, which it needs."""
    folder.mkdir()
    write_wheel(folder, "wordy", "1.2", WORDY, needs="basis>=2")
    write_wheel(folder, "basis", "2.0", BASIS)


PACKED = '''\
import wordy


def sort_words(words: list[str]) -> str:
    """Sort words.

    Args:
        words: The words after the colon.
    """
    return " ".join(wordy.in_order(words))
'''
"""A tool for `word_task` that needs `wordy`."""
