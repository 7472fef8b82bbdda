"""Installing: exact, read-only, without running anything of a package, and only once."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from pathlib import Path

import pytest

from langchain_latm import Package, PackageError, ToolSource, install_packages
from langchain_latm.sandbox.packages.folder import (
    manifest,
    members,
    members_file,
    packages_root,
    require_installed,
    site_folder,
)
from langchain_latm.sandbox.process import ProcessSandbox
from langchain_latm.types import packages_key
from tests.unit_tests.package_world import write_wheel

pytestmark = pytest.mark.slow


def test_versions_hashes_and_modules_are_recorded(wordy: tuple[Package, ...], index: Path) -> None:
    def digest(file: str) -> str:
        return hashlib.sha256((index / file).read_bytes()).hexdigest()

    assert wordy == (
        Package(name="basis", version="2.0", sha256=digest("basis-2.0-py3-none-any.whl")),
        Package(name="wordy", version="1.2", sha256=digest("wordy-1.2-py3-none-any.whl"), imports=("wordy",)),
    )
    require_installed(wordy)


def test_members_are_those_of_the_declared_package_alone(wordy: tuple[Package, ...]) -> None:
    key = packages_key(wordy)
    assert members(key).keys() == {"wordy", "wordy.counting"}
    assert members(key)["wordy"] == {
        "VALUE": "",
        "Writer": "",
        "count": "",
        "counting": "wordy.counting",
        "evaluate": "",
        "in_order": "",
        "kernel": "",
        "later": "",
        "opened": "",
        "other_name": "wordy.counting",
    }


def test_nothing_can_be_changed(wordy: tuple[Package, ...]) -> None:
    key = packages_key(wordy)
    files = [file for file in site_folder(key).rglob("*") if file.is_file()]
    assert len(files) > 5
    assert not [file for file in files if file.stat().st_mode & 0o222]


def test_the_same_names_are_found_without_pip(wordy: tuple[Package, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor with a lock or a folder of their own: a making asks at every attempt."""
    monkeypatch.setattr("subprocess.run", None)
    monkeypatch.setattr("filelock.FileLock", None)
    monkeypatch.setattr("tempfile.TemporaryDirectory", None)
    assert install_packages(["Wordy"]) == wordy
    assert install_packages(wordy) == wordy
    assert install_packages([]) == ()


def test_recorded_packages_are_installed_exactly(
    wordy: tuple[Package, ...], index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On another machine, where a newer release is there too."""
    newer = write_wheel(index, "basis", "3.0", {"basis.py": "VALUE = 8\n"})
    monkeypatch.setenv("LATM_CACHE_DIR", str(tmp_path))
    with pytest.raises(PackageError, match=r"basis==2.0, wordy==1.2.*install|allow"):
        require_installed(wordy)
    try:
        assert install_packages(wordy) == wordy
    finally:
        newer.unlink()
    assert json.loads((packages_root() / packages_key(wordy) / "packages.json").read_text())["packages"] == [
        "basis==2.0",
        "wordy==1.2",
    ]
    other = wordy[1].model_copy(update={"sha256": "0" * 64})
    with pytest.raises(PackageError, match=r"pip download failed.*(hash|HASH)"):
        install_packages((wordy[0], other))
    forged = wordy[1].model_copy(update={"imports": ("wordy", "basis")})
    with pytest.raises(PackageError, match="other modules"):
        install_packages((wordy[0], forged))


def test_a_record_brings_no_package_that_the_allowed_ones_do_not_need(
    wordy: tuple[Package, ...], index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's record could list any package beside those that a person reads and allows."""
    monkeypatch.setenv("LATM_CACHE_DIR", str(tmp_path))
    wheel = write_wheel(index, "stowaway", "1.0", {"wordy/counting.py": "def count(text):\n    return 0\n"})
    further = Package(name="stowaway", version="1.0", sha256=hashlib.sha256(wheel.read_bytes()).hexdigest())
    try:
        with pytest.raises(PackageError, match="nothing that was allowed needs the recorded packages stowaway"):
            install_packages((wordy[0], further, wordy[1]))
    finally:
        wheel.unlink()
    assert not [place for place in packages_root().iterdir() if place.is_dir()]


def test_packages_that_were_changed_are_not_loaded(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert index
    for number, change in enumerate((_rewrite, _remove, _add)):
        monkeypatch.setenv("LATM_CACHE_DIR", str(tmp_path / str(number)))
        key = packages_key(install_packages(["wordy"]))
        tool = ToolSource(source="import wordy\n\ndef f() -> int:\n    return 1\n", entry="f", packages=key)
        with ProcessSandbox() as sandbox:
            assert sandbox.call(tool, {}).value == 1
        change(site_folder(key) / "wordy" / "counting.py")
        with (
            ProcessSandbox() as sandbox,
            pytest.raises(PackageError, match=r"changed after their installation.*delete"),
        ):
            sandbox.call(tool, {})


def test_files_are_read_again_only_if_they_may_have_changed(
    wordy: tuple[Package, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATM_CACHE_DIR", str(tmp_path))
    key = packages_key(install_packages(wordy))
    first = manifest(key)
    with monkeypatch.context() as patched:
        patched.setattr("langchain_latm.sandbox.packages.folder.digest", lambda _: pytest.fail("it was read again"))
        assert manifest(key) == first
    file = site_folder(key) / "wordy" / "counting.py"
    before = file.stat()
    _rewrite(file, "x" * before.st_size)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(PackageError, match="changed after their installation"):
        manifest(key)


def _rewrite(file: Path, text: str = "def count(text):\n    return 0\n") -> None:
    file.chmod(0o644)
    file.write_text(text)


def _remove(file: Path) -> None:
    file.unlink()


def _add(file: Path) -> None:
    file.with_name("further.py").write_text("")


def test_nothing_in_the_current_folder_is_executed(
    wordy: tuple[Package, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be a project of anybody: `python -m pip` would take its `pip.py` for pip."""
    folder, mark = tmp_path / "project", tmp_path / "executed"
    folder.mkdir()
    for name in ("pip.py", "json.py", "sitecustomize.py"):
        (folder / name).write_text(f"open({str(mark)!r}, 'w')\n")
    monkeypatch.setenv("LATM_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(folder)
    assert install_packages(["wordy"]) == wordy
    assert not mark.exists()


def test_a_package_without_a_wheel_is_refused(index: Path, tmp_path: Path) -> None:
    """Its installation would run its `setup.py`."""
    ran = tmp_path / "ran"
    source = index / "onlysource-1.0.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("onlysource-1.0/setup.py", f"open({str(ran)!r}, 'w')\n")
    try:
        with pytest.raises(PackageError, match=r"pip download failed.*onlysource"):
            install_packages(["onlysource"])
    finally:
        source.unlink()
    assert not ran.exists()


def test_a_package_that_cannot_be_loaded_is_not_installed(index: Path, tmp_path: Path) -> None:
    """Code that a package runs on import runs inside the sandbox."""
    ran = tmp_path / "ran"
    wheel = write_wheel(index, "nosy", "1.0", {"nosy.py": f"open({str(ran)!r}, 'w')\n"})
    reads = write_wheel(index, "reading", "1.0", {"reading.py": f"open({str(wheel)!r}, 'rb')\n"})
    calls = write_wheel(index, "calling", "1.0", {"calling.py": "import socket\nsocket.socket()\n"})
    starts = write_wheel(index, "starting", "1.0", {"starting.py": "import os\nos.execv('/bin/true', ['true'])\n"})
    before = set(packages_root().glob("*/"))
    try:
        for name in ("nosy", "reading", "calling", "starting"):
            with pytest.raises(PackageError, match=f"cannot be loaded in the sandbox.*{name} cannot be imported.*rmi"):
                install_packages([name])
    finally:
        for file in (wheel, reads, calls, starts):
            file.unlink()
    assert not ran.exists()
    assert set(packages_root().glob("*/")) == before


def test_a_package_cannot_stand_in_for_the_standard_library(index: Path) -> None:
    wheel = write_wheel(index, "shadow", "1.0", {"os.py": "", "seccompy.py": "", "_shadow.py": ""})
    try:
        with pytest.raises(PackageError, match="shadow has no module that a tool may import"):
            install_packages(["shadow"])
    finally:
        wheel.unlink()
    for name in ("os", "langchain_latm", "_x", "a.b", "ö"):
        with pytest.raises(ValueError, match="is not the name of a package's module"):
            Package(name="x", version="1", sha256="0" * 64, imports=(name,))


def test_a_killed_installation_is_done_again(wordy: tuple[Package, ...]) -> None:
    key = packages_key(wordy)
    members_file(key).unlink()
    members.cache_clear()
    (site_folder(key) / "basis.py").unlink()
    with pytest.raises(PackageError, match="not installed"):
        members(key)
    assert install_packages(["wordy"]) == wordy
    assert (site_folder(key) / "basis.py").exists()
    assert os.access(members_file(key), os.R_OK)
