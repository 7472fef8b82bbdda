"""The gate with declared packages: their public members, and nothing that these only happen to show."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from langchain_latm import PackageError
from langchain_latm.tools.gate.gate import RefusedSourceError, check_source
from tests.unit_tests.tools.gate.attacks import ATTACKS
from tests.unit_tests.tools.gate.honest import HONEST

KEY = "0" * 64
MEMBERS = {
    "dateutil": {"tz": "dateutil.tz", "parser": "dateutil.parser", "old": "dateutil.tz"},
    "dateutil.tz": {"tz": "dateutil.tz.tz", "gettz": "", "UTC": ""},
    "dateutil.tz.tz": {"tzutc": ""},
    "dateutil.parser": {"parse": ""},
}
GOOD = (
    "import dateutil.parser\n{f}    return dateutil.parser.parse(x).isoformat()",
    "from dateutil import parser\n{f}    return parser.parse(x).isoformat()",
    "from dateutil.parser import parse\n{f}    return parse(x).isoformat()",
    "import dateutil as d\n{f}    return str(d.old.tz.tzutc())",
    "{f}    from dateutil.tz import UTC as utc\n    return utc.tzname(None)",
    "import dateutil.tz.tz as deep\n{f}    return deep.tzutc().utcoffset(None)",
    "from dateutil import tz\n{f}    return getattr(tz, 'UTC').tzname(None)",
    "import dateutil\n{f}    return dateutil.__version__ if hasattr(dateutil, '__version__') else ''",
)
BAD = (
    "import dateutil.tz\n{f}    return dateutil.tz.os.system(x)",
    "from dateutil import tz\n{f}    return tz.os.system(x)",
    "from dateutil import tz\n{f}    return tz.tz.sys.modules",
    "from dateutil.tz import os\n{f}    return os.system(x)",
    "import dateutil.tz as t\n{f}    return getattr(t, 'os').system(x)",
    "import dateutil\n{f}    return dateutil.old.os.system(x)",
    "import dateutil\n{f}    return dateutil.old.tz.time",
    "import dateutil.tz.os\n{f}    return x",
    "import six\n{f}    return six.exec_(x)",
    "from dateutil import _common\n{f}    return x",
    "import dateutil._common\n{f}    return x",
    "from dateutil import *\n{f}    return x",
    "from dateutil import tz\n{f}    return [tz][0].os.system(x)",
    "from dateutil import tz\n{f}    m = tz\n    return m.os.system(x)",
    "import dateutil\n{f}    return vars(dateutil.tz)",
    "import dateutil\n{f}    return dateutil.tz.__dict__['os']",
    "import dateutil\n{f}    return dateutil.tz.gettz.__globals__",
    "import dateutil\n{f}    dateutil.tz.UTC = x\n    return x",
    "import dateutil\n{f}    setattr(dateutil.tz, 'UTC', x)\n    return x",
    "import operator, dateutil\n{f}    return operator.attrgetter('os')(dateutil.tz)",
    "import os\n{f}    return x",
)


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("langchain_latm.tools.gate.gate.members", lambda key: MEMBERS if key == KEY else {})
    check_source.cache_clear()
    yield
    check_source.cache_clear()


def refusal(source: str, key: str = KEY) -> str:
    try:
        check_source(source.format(f="def f(x: str):\n") if "{f}" in source else source, "f", key)
    except RefusedSourceError as error:
        return str(error)
    return ""


def test_public_members_of_declared_packages_pass() -> None:
    assert not {source: refusal(source) for source in GOOD if refusal(source)}


def test_nothing_is_reached_through_a_package() -> None:
    assert not [source for source in BAD if not refusal(source).startswith("line ")]


def test_without_the_declaration_no_package_may_be_imported() -> None:
    refusals = [refusal(source, key="") for source in GOOD]
    assert all("imports 'dateutil" in reason and "which is not allowed" in reason for reason in refusals)


def test_the_refusal_names_what_is_declared() -> None:
    assert "and the declared packages: dateutil" in refusal("import pytz\n{f}    return x")


@pytest.mark.slow
def test_packages_change_nothing_else() -> None:
    assert not [source for source in ATTACKS if not refusal(source)]
    assert not [source for source in HONEST if refusal(source)]


def test_packages_that_are_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("LATM_CACHE_DIR", str(tmp_path))
    with pytest.raises(PackageError, match="not installed on this machine"):
        check_source("def f(x: str): return x", "f", "1" * 64)
