"""Made-up weights and a made-up llama.cpp in place of the real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit_tests.models.fakes import FAKE_LLAMA, SLICES, install_part


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LATM_WEIGHTS", "LATM_CACHE_DIR", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("AZURE_OPENAI_API_KEY", raising=False)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on `sys.path` with every part installed."""
    folder = tmp_path / "site"
    for number, content in enumerate(SLICES, start=1):
        install_part(folder, number, content)
    monkeypatch.syspath_prepend(str(folder))
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def gguf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A weights file for the made-up llama.cpp, which is installed for this process and its children."""
    folder = tmp_path / "fake"
    folder.mkdir()
    (folder / "xllamacpp.py").write_text(FAKE_LLAMA)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    path = tmp_path / "tiny.gguf"
    path.write_bytes(b"GGUF fine")
    return path
