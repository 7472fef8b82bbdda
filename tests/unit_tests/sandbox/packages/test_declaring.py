"""Declarations of packages by a user."""

from __future__ import annotations

import pytest

from langchain_latm import PackageError
from langchain_latm.sandbox.packages.declaring import requirements


def test_names_and_exact_versions() -> None:
    read = requirements(["Python_DateUtil", "sympy == 1.14.0", "sympy==1.14.0", "zope.interface"])
    assert read == {
        "python-dateutil": "python-dateutil",
        "sympy": "sympy==1.14.0",
        "zope-interface": "zope-interface",
    }
    assert requirements([]) == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "--index-url=https://evil.example",
        "-e .",
        "./wheels/x.whl",
        "/opt/x-1.0-py3-none-any.whl",
        "x @ https://evil.example/x.whl",
        "git+https://evil.example/x",
        "sympy>=1",
        "sympy==1.*",
        "sympy===1.0",
        "sympy[extra]",
        "sympy; python_version > '3'",
        "sympy\n--index-url https://evil.example",
        "sympy --hash=sha256:00",
        "näme",
    ],
)
def test_nothing_else_reaches_pip(text: str) -> None:
    with pytest.raises(PackageError, match="is not a package: write NAME or NAME==VERSION"):
        requirements([text])


def test_a_text_is_not_a_list_and_two_versions_are_not_a_choice() -> None:
    with pytest.raises(PackageError, match=r"a list of names, such as \['sympy'\]"):
        requirements("sympy")
    with pytest.raises(PackageError, match="declared twice"):
        requirements(["sympy==1.0", "SymPy==2.0"])
