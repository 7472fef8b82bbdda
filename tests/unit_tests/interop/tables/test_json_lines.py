"""JSON lines: values keep their types, rows keep their text."""

from __future__ import annotations

from pathlib import Path

import pytest

from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables.formats import open_table
from tests.unit_tests.interop.tables.copies import copied, rows_of


def test_values_are_typed_and_a_copy_differs_in_the_new_keys_alone(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(b'{"a": 1.50, "b" : [1, {"c": null}]}\r\n\r\n{ }\r\n{"b": "\\u00e9\xc3\xa9}", "z": true }')
    table = open_table(file)
    assert table.count().rows == 3
    assert rows_of(file) == [["a", "b", "z"], [1.5, [1, {"c": None}], None], [None] * 3, [None, "éé}", True]]
    assert copied(file, tmp_path / "same.jsonl") == file.read_bytes()
    want = (
        b'{"a": 1.50, "b" : [1, {"c": null}], "n": {"x": 1}}\r\n\r\n{"n": null }\r\n'
        b'{"b": "\\u00e9\xc3\xa9}", "z": true, "n": "\xc3\xa4" }'
    )
    assert copied(file, tmp_path / "more.jsonl", {"n": [{"x": 1}, None, "ä"]}) == want
    csv = copied(file, tmp_path / "out.csv", {"n": ["1", "2", "3"]})
    assert csv.decode() == 'a,b,z,n\n1.5,"[1, {""c"": null}]",,1\n,,,2\n,éé},True,3\n'


def test_a_key_that_stands_only_far_behind_is_a_column(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text('{"a": 1}\n' * 1_500 + '{"late": 2}\n', encoding="utf-8")
    table = open_table(file)
    with pytest.raises(TableError, match="line 1501 has the key 'late'"):
        list(table.chunks())
    table.count()
    assert table.columns == ("a", "late")
    assert [list(row) for chunk in table.chunks() for row in chunk.rows][-1] == [None, 2]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[1]", "line 2 is not an object"),
        ('{"a": NaN}', "line 2 is not valid JSON"),
        ('{"a": 1', "line 2 is not valid"),
    ],
)
def test_a_bad_line_is_named(line: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(f'{{"a": 1}}\n{line}\n', encoding="utf-8")
    with pytest.raises(TableError, match=message):
        open_table(file).count()


def test_csv_becomes_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes("a;b\n007;ü\n".encode("cp1252"))
    assert copied(file, tmp_path / "out.jsonl", {"n": [5]}).decode() == '{"a": "007", "b": "ü", "n": 5}\n'
