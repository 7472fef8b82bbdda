"""CSV: the detected format, refused files, and that nothing else changes when a file is written again."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Any

import pytest

from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables import text_file
from langchain_latm.interop.tables.added import Added
from langchain_latm.interop.tables.csv_text import CsvText
from langchain_latm.interop.tables.dialect import Dialect
from langchain_latm.interop.tables.formats import TableOptions, open_table
from langchain_latm.interop.tables.outputs import open_output
from langchain_latm.interop.tables.table import MAX_CELL, Chunk
from tests.unit_tests.interop.tables.copies import copied, rows_of

# A file as bytes, the columns and the first row that it must give.
FILES = {
    "comma": (b"id,name\n007,Ada\n", ["id", "name"], ["007", "Ada"]),
    "semicolon and decimal commas": (b"a;b\n1,5;2,5\n3,0;4,25\n", ["a", "b"], ["1,5", "2,5"]),
    "tab": (b"a\tb c\nx, y\t2\n", ["a", "b c"], ["x, y", "2"]),
    "pipe": (b"a|b\nx|2\n", ["a", "b"], ["x", "2"]),
    "declared separator": (b"sep=;\r\na;b\r\n1,2;3\r\n", ["a", "b"], ["1,2", "3"]),
    "one column of addresses": (b'address\n"Elm Street 5"\nOak Road 7, Leeds\n', ["address"], ["Elm Street 5"]),
    "quotes, separators and line ends in cells": (
        b'a,b\n"x ""y"", z","two\nlines"\n1,2\n',
        ["a", "b"],
        ['x "y", z', "two\nlines"],
    ),
    "quotes after a backslash": (b'a,b\n"x \\"y\\", z",2\n"v\\"w",3\n', ["a", "b"], ['x "y", z', "2"]),
    "inches": (b'size\tpart\n5" long\tpipe\n"7\tbolt\n', ["size", "part"], ['5" long', "pipe"]),
    "utf-8 with a mark": (b"\xef\xbb\xbfn\xc3\xa4me,b\nx,1\n", ["näme", "b"], ["x", "1"]),
    "utf-16": ("näme,b\nżółć,1\n".encode("utf-16"), ["näme", "b"], ["żółć", "1"]),
    "utf-16 without a mark": ("name,b\nżółć,1\nab cd,2\n".encode("utf-16-be"), ["name", "b"], ["żółć", "1"]),
    "cp1252": ("straße;b\nMüller;1\nWeiß;2\n".encode("cp1252"), ["straße", "b"], ["Müller", "1"]),
    "cp1251": ("цвет,город\nжёлтый,Псков\nбелый,Пермь\n".encode("cp1251"), ["цвет", "город"], ["жёлтый", "Псков"]),  # noqa: RUF001 - Cyrillic letters
    "shift_jis": ("名前,市\n太郎,東京\n花子,大阪\n".encode("cp932"), ["名前", "市"], ["太郎", "東京"]),
    "no header": (b"1.5.2001,x\n2.6.2002,y\n", ["1", "2"], ["1.5.2001", "x"]),
    "old line ends": (b"a,b\r1,2\r3,4\r", ["a", "b"], ["1", "2"]),
    "a column without a name": (b"a,,b\n1,2,3\n", ["a", "column 2", "b"], ["1", "2", "3"]),
}


@pytest.mark.parametrize("case", FILES)
def test_the_format_is_found_and_a_copy_differs_in_the_new_cells_alone(case: str, tmp_path: Path) -> None:
    data, columns, first = FILES[case]
    file = tmp_path / "in.csv"
    file.write_bytes(data)
    assert rows_of(file)[:2] == [columns, first]
    assert copied(file, tmp_path / "same.csv") == data
    count = len(rows_of(file)) - 1
    copied(file, tmp_path / "more.csv", {"new": [f"n,{i}" for i in range(count)], "e": [""] * count})
    again = rows_of(tmp_path / "more.csv", wanted=(columns[0],) if case != "no header" else ())
    assert [row[: len(columns)] for row in again[1:]] == rows_of(file)[1:]
    assert [row[len(columns)] for row in again[1:]] == [f"n,{i}" for i in range(count)] or "inches" in case


def test_every_byte_of_other_columns_stays(tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes(b'id,"na me",x,\r\n\r\n007,"Ada",,\r\n\r\n\r\n+1,"a ""b""", c ,\n"08","l1\nl2",,')
    want = b'id,"na me",x,,y\r\n\r\n007,"Ada",,,1\r\n\r\n\r\n+1,"a ""b""", c ,,"2,"\n"08","l1\nl2",,,'
    assert copied(file, tmp_path / "out.csv", {"y": ["1", "2,", None]}) == want


def test_a_blank_line_is_not_a_row_and_stays(tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes(b'a\n\n1\n\n\n""\n2\n\n')
    assert rows_of(file) == [["a"], ["1"], [""], ["2"]]
    assert copied(file, tmp_path / "out.csv", {"b": ["x", "y", "z"]}) == b'a,b\n\n1,x\n\n\n"",y\n2,z\n\n'


def test_a_column_in_the_middle_takes_new_values(tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes(b'a,b,c\n"x,1",old,"q"\ny,,z\n')
    assert copied(file, tmp_path / "out.csv", {"b": ["n;,", "m"]}) == b'a,b,c\n"x,1","n;,","q"\ny,m,z\n'


def test_cells_that_may_be_formulas_are_made_harmless_if_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes(b'a,b\n=1+1,"@x"\n-5,+2.5\n')
    values = {"n": ["=cmd()", "-1"], "m": ["\tx", "-a"]}
    plain = copied(file, tmp_path / "plain.csv", values)
    assert plain == b'a,b,n,m\n=1+1,"@x",=cmd(),\tx\n-5,+2.5,-1,-a\n'
    safe = copied(file, tmp_path / "safe.csv", values, safe=True)
    assert safe == b"a,b,n,m\n'=1+1,'@x,'=cmd(),'\tx\n-5,+2.5,-1,'-a\n"


@pytest.mark.parametrize(
    "cell", ["\n=1+1", "\uff1d1+1", "\uff201", " =1+1", "\x0b@x", "\u200b=1", "\ufeff+a", " \t-1|a", "\r\n=1"]
)
def test_no_formula_hides_in_a_cell(cell: str, tmp_path: Path) -> None:
    """Neither in read cells nor in new ones, after white space or in other forms of the signs."""
    file = tmp_path / "in.csv"
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([["a", "b"], [cell, "x"], ["y", cell], ["1", "2"]])
    for number, values in enumerate(({"n": [cell, "", cell]}, {"b": [cell, "", cell]})):
        written = copied(file, tmp_path / f"{number}.csv", values, safe=True).decode()
        cells = [each for row in csv.reader(io.StringIO(written, newline="")) for each in row]
        assert cells.count(f"'{cell}") == 4 - number
        assert cell not in cells


def test_a_quoted_formula_with_backslashes_is_made_harmless() -> None:
    text = CsvText(Dialect(",", quoting="backslash"), Added(("n",), ("a",)), safe=True)
    chunk = Chunk([1], [('=a"b',)], texts=['"=a\\"b"'], ends=["\n"])
    assert text.rows(chunk, [["x"]]) == '"\'=a\\"b",x\n'


def test_an_answer_that_the_encoding_lacks_is_a_problem_of_its_row(tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes("straße;b\nMüller;1\n".encode("cp1252"))
    table = open_table(file)
    output = open_output(tmp_path / "out.csv", table, Added(("n",), table.columns), {})
    assert output.problem("é") is None
    assert "--out-encoding" in (output.problem("東京") or "")
    output.close()


# The content of a file, how it is read, and the expected error.
REFUSED: dict[str, tuple[bytes, dict[str, Any], str]] = {
    "empty": (b"", {}, "empty"),
    "blank": (b" \n\n", {}, "empty"),
    "ragged": (b"a,b\n1,2\n3\n4,5\n6,7,8\n" + b"1,2\n" * 40, {}, "row 3 has 1 cell instead of 2; row 5 has 3 cells"),
    "duplicate": (b"a,b,a\n1,2,3\n", {}, "columns 1 and 3 are both called 'a'"),
    "nul": (b"a,b\n1,2\n3,x\0y\n", {}, "NUL"),
    "mixed": ("é,b\nü,1\n".encode() + "ö,2\n".encode("cp1252"), {}, "mixed: lines 1, 2 are UTF-8, line 3 is not"),
    "open quote": (b'a,b\n1,2\n"3,4\n5,6\n', {}, "row 3 opens a quote"),
    "wrong quote": (b'a,b\n"1",2\n"3"x,4\n"5",6\n', {}, "row 3 is not quoted as the rest"),
    "unknown encoding": (b"a,b\n1,2\n", {"encoding": "utf-88"}, "no text encoding 'utf-88'"),
    "no separator": (b"a,b\n1,2\n", {"delimiter": "xx"}, "not a separator"),
    "compressed": (b"\x1f\x8b\x08\x00abc", {}, "compressed"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_read_is_an_error_that_says_where(case: str, tmp_path: Path) -> None:
    data, options, message = REFUSED[case]
    file = tmp_path / "in.csv"
    file.write_bytes(data)
    with pytest.raises(TableError) as raised:
        open_table(file, TableOptions(**options)).count()
    assert message in str(raised.value)
    assert file.read_bytes() == data


def test_a_cell_of_any_size_ends_reading_early(tmp_path: Path) -> None:
    for begin in (b"a,b\n1,", b'a,b\n1,"x\n'):
        file = tmp_path / "in.csv"
        with file.open("wb") as out:
            out.write(begin)
            out.truncate(16 * 1024 * 1024)  # a file with a hole: as many NULs
        with pytest.raises(TableError, match=r"NUL|more than"):
            open_table(file).count()
        file.write_bytes(begin + b"y" * (MAX_CELL + 300_000))
        with pytest.raises(TableError, match=r"(line|row) [23] .*more than|row 2 .*never closed"):
            open_table(file).count()


def test_ragged_rows_are_kept_if_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes(b"a,b\n1,2\n3\n4,5,6\n7,8\n" + b"1,2\n" * 40)
    out = copied(file, tmp_path / "out.csv", {"n": list("wxyz") + ["v"] * 40}, ragged="keep")
    assert out.splitlines()[:5] == [b"a,b,n", b"1,2,w", b"3,,x", b"4,5,6", b"7,8,z"]


def test_bytes_of_another_encoding_stay_if_the_user_names_one(tmp_path: Path) -> None:
    data = "é,b\nü,1\n".encode() + "ö,2\n".encode("cp1252")
    file = tmp_path / "in.csv"
    file.write_bytes(data)
    assert copied(file, tmp_path / "out.csv", encoding="utf-8") == data


def test_rows_and_cells_across_blocks_are_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file, "_BLOCK", 7)
    rows = [["a", "b"], *([f"x{i}\r\n\n{'é' * (i % 9)}", f'"{i}"'] for i in range(50)), ["end", ""]]
    file = tmp_path / "in.csv"
    text = "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows)
    for encoding in ("utf-8", "utf-16"):
        file.write_bytes(text.encode(encoding))
        assert rows_of(file, encoding=encoding) == rows
        assert copied(file, tmp_path / "out.csv", encoding=encoding, force=True) == text.encode(encoding)


def test_standard_input_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a,b\n1,2\n")))
    table = open_table("-")
    assert table.once
    assert [list(row) for chunk in table.chunks() for row in chunk.rows] == [["1", "2"]]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"a": 1}\n{"b": 2}\n')))
    assert open_table("-").columns == ("a", "b")


def test_what_is_guessed_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes("ad;şehir\nÇağla;Muş\n".encode("cp1254"))
    table = open_table(file)
    assert "semicolon" in table.found
    assert "--encoding" in " ".join(table.doubts)
    file.write_bytes(b"ada,bob\ncyd,dan\n")
    assert "--no-header" in " ".join(open_table(file).doubts)
    assert not open_table(file, wanted=("ada",)).doubts


@pytest.mark.slow
def test_the_reading_says_how_much_of_the_file_it_has_passed(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n" + "1,2\n" * 200_000)
    table = open_table(tmp_path / "t.csv")
    told: list[tuple[int, int] | None] = []
    for _ in range(2):
        told.clear()
        table.count(lambda _: told.append(table.passed))
        assert told == sorted(told)  # type: ignore[type-var]
        assert told[-1] == (800_004, 800_004)
        assert len(told) > 2
