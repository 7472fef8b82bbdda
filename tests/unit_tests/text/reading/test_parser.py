"""Reading arguments from requests with the same wording, without a model."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from pydantic import ValidationError

from langchain_latm.text.reading.distinctive import distinctive_words
from langchain_latm.text.reading.gaps import gaps_in
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot

FORMS = (
    *("question", "text", "integer", "number", "texts", "integers", "numbers", "text_rows", "number_rows"),
    *("json", "python", "amount", "amounts", "found"),
)
OPENING = "Please work on this: "


def parser_for(form: str, *, gaps: tuple[int, ...] = (0,), separator: str = "") -> RequestParser:
    slot = Slot(name="value", form=form, gaps=() if form == "question" else gaps, separator=separator)
    return RequestParser(literals=(OPENING, ""), slots=(slot,))


def read(form: str, text: str, separator: str = "") -> Any:
    """Read one value off the only gap; None where it is not of this form."""
    arguments = parser_for(form, separator=separator).parse(OPENING + text)
    return None if arguments is None else arguments["value"]


RECIPE = RequestParser(
    literals=("Scale this recipe from ", " to ", " servings: ", ""),
    slots=(
        Slot(name="before", form="integer", gaps=(0,)),
        Slot(name="after", form="integer", gaps=(1,)),
        Slot(name="ingredients", form="texts", gaps=(2,), separator=", "),
    ),
)
BASKET = RequestParser(
    literals=("The basket holds ", " for $", " and ", " for $", "; what does it cost?"),
    slots=(Slot(name="counts", form="amounts", gaps=(0, 2)), Slot(name="prices", form="amounts", gaps=(1, 3))),
)


class TestParameters:
    def test_several_parameters_are_read_from_one_request(self) -> None:
        assert RECIPE.parse("Scale this recipe from 4 to 6 servings: 200 g flour, 3 eggs") == {
            "before": 4,
            "after": 6,
            "ingredients": ["200 g flour", "3 eggs"],
        }

    def test_amounts_of_several_gaps_are_one_list(self) -> None:
        assert BASKET.parse("The basket holds 3 pens for $1.50 and 2 pads for $4; what does it cost?") == {
            "counts": [3, 2],
            "prices": [1.5, 4],
        }


class TestRequests:
    @pytest.mark.parametrize(
        "request_",
        [
            "",
            " ",
            "Scale this recipe",
            "scale this recipe from 4 to 6 servings: salt",
            "Please scale this recipe from 4 to 6 servings: salt",
            "Scale this recipe from 4 to 6 portions: salt",
            "Scale this recipe from four to six servings: salt",
            "Scale this recipe to 6 from 4 servings: salt",
            "What is the capital of France?",
        ],
    )
    def test_foreign_ones_are_refused(self, request_: str) -> None:
        assert RECIPE.parse(request_) is None

    @pytest.mark.parametrize("form", [each for each in FORMS if each != "question"])
    @pytest.mark.parametrize("empty", ["", " \n\t"])
    def test_an_empty_gap_is_not_an_argument(self, form: str, empty: str) -> None:
        slot = Slot(name="value", form=form, gaps=(0,))
        parser = RequestParser(literals=("Please work on ", " with care"), slots=(slot,))
        assert parser.parse(f"Please work on {empty} with care") is None

    def test_white_space_around_the_request_and_the_gaps_is_ignored(self) -> None:
        tidy = RECIPE.parse("Scale this recipe from 4 to 6 servings: salt, oil")
        assert tidy is not None
        assert RECIPE.parse("\n Scale this recipe from  4\t to \n6 servings:   salt,  oil \n\n") == tidy

    def test_the_first_occurrence_of_a_literal_is_used(self) -> None:
        assert gaps_in(("", " to ", ""), "from here to there to nowhere") == ["from here", "there to nowhere"]

    def test_literals_never_overlap(self) -> None:
        assert gaps_in(("one two", "two three"), "one two three") is None
        assert gaps_in(("aa", "a", "aa"), "aaaa") is None

    def test_text_that_looks_like_code_stays_text(self) -> None:
        hostile = "__import__('os').system('true') {0} %s \\1 .*"
        assert read("text", hostile) == hostile


class TestHostileRequests:
    @pytest.mark.parametrize("form", ["integer", "number", "integers", "numbers", "found"])
    def test_huge_numbers_are_refused(self, form: str) -> None:
        assert [read(form, text) for text in ("9" * 100_000, "0." + "9" * 99_000, "1e400")] == [None] * 3

    def test_nul_is_ordinary_text(self) -> None:
        assert read("text", "a\0b") == "a\0b"
        assert read("texts", "a\0 \0b") == ["a\0", "\0b"]

    @pytest.mark.parametrize("form", FORMS)
    def test_lone_surrogates_are_refused(self, form: str) -> None:
        for half in ("\ud800", "\udfff"):
            assert read(form, f"7{half}") is None
            assert read(form, f"7 {half}") is None

    @pytest.mark.slow
    @pytest.mark.parametrize("form", FORMS)
    def test_100_000_characters_are_read_or_refused(self, form: str) -> None:
        """A backtracking pattern would not end here; `TestEveryForm` tries other texts."""
        long = "11111111111111111.11111111111111111x "
        for piece in ("1.", "- ", "[", "a", " ", "\0", "1.1.", long, '"\\'):
            value = read(form, piece * (100_000 // len(piece)), ",")
            assert value is None or json.dumps(value), piece

    def test_near_matches_of_a_literal_take_linear_time(self) -> None:
        literal = "a" * 500 + "b"
        assert gaps_in(("", literal, literal, ""), "a" * 100_000) is None

    def test_readings_are_finite_json(self) -> None:
        for value in (read("found", "1.5 2 -3"), read("json", "[1e10, 0.1]")):
            assert all(math.isfinite(each) for each in value)
            assert json.loads(json.dumps(value, allow_nan=False)) == value


class TestConstruction:
    def test_a_slot_without_a_gap_is_refused(self) -> None:
        with pytest.raises(ValidationError, match="slot x: gaps are empty"):
            RequestParser(literals=("a", "b"), slots=(Slot(name="x", form="text"),))

    def test_the_number_of_slots_in_a_record_is_limited(self) -> None:
        """Each would read the whole request again."""
        slots = [Slot(name=f"x{number}", form="text", gaps=(0,)) for number in range(101)]
        assert RequestParser(literals=("a", "b"), slots=tuple(slots[1:])).parse("a1b")
        with pytest.raises(ValidationError, match="at most 100 items"):
            RequestParser(literals=("a", "b"), slots=tuple(slots))

    def test_a_slot_of_a_missing_gap_is_refused(self) -> None:
        with pytest.raises(ValidationError, match="slot x: there is no gap 2"):
            RequestParser(literals=("a", "b", "c"), slots=(Slot(name="x", form="found", gaps=(0, 2)),))

    @pytest.mark.parametrize(
        ("slots", "why"),
        [
            ([("x", "text", (0,)), ("x", "integer", (1,))], "slot x: there are two slots of this name"),
            ([("x", "text", (0, 1))], "slot x: text reads one gap, not 2"),
            ([("x", "json", (1, 0))], "slot x: json reads one gap, not 2"),
            ([("x", "amounts", (1, 1))], "slot x: a gap is listed twice"),
            ([("x", "question", (0,))], "slot x: question reads the whole question, so gaps must be empty"),
            ([("x", "mention", (0,))], "slot x: mention reads the whole question, so gaps must be empty"),
            ([("x", "mention", ())], "slot x: forms of mentions need a group, other forms have none"),
        ],
    )
    def test_slots_that_contradict_their_form_are_refused(
        self, slots: list[tuple[str, str, tuple[int, ...]]], why: str
    ) -> None:
        plain = [{"name": name, "form": form, "gaps": gaps} for name, form, gaps in slots]
        with pytest.raises(ValidationError, match=why):
            RequestParser.model_validate({"literals": ("a", "b", "c"), "slots": plain})

    @pytest.mark.parametrize("form", ["text", "integer", "texts", "integers", "text_rows"])
    def test_only_forms_of_numbers_have_a_number_type(self, form: str) -> None:
        with pytest.raises(ValidationError, match=f"slot x: {form} has no number_type"):
            Slot(name="x", form=form, gaps=(0,), number_type="float")

    def test_an_impossible_group_is_refused(self) -> None:
        with pytest.raises(ValidationError, match="slot x: there is no group 2 of 2"):
            Slot(name="x", form="mentions", group=(2, 2))
        with pytest.raises(ValidationError, match="slot x: forms of mentions need a group, other forms have none"):
            Slot(name="x", form="text", gaps=(0,), group=(0, 1))

    def test_a_dump_of_a_slot_leaves_out_absent_fields(self) -> None:
        plain = Slot(name="x", form="text", gaps=(0,)).model_dump()
        assert plain == {"name": "x", "form": "text", "gaps": (0,), "separator": ""}
        assert Slot(name="x", form="mention", group=(0, 2)).model_dump()["group"] == (0, 2)

    def test_a_copy_with_other_slots_reads_those(self) -> None:
        parser = RequestParser(literals=("Sort ", ""), slots=(Slot(name="x", form="text", gaps=(0,)),))
        assert parser.parse("Sort 1") == {"x": "1"}
        copied = parser.model_copy(update={"slots": (Slot(name="x", form="integer", gaps=(0,)),)})
        assert copied.parse("Sort 1") == {"x": 1}

    def test_an_unknown_form_is_named_in_the_error(self) -> None:
        with pytest.raises(ValidationError, match=r"slot x: unknown form .regex.; known: amount, amounts, "):
            Slot(name="x", form="regex", gaps=(0,))

    def test_an_empty_literal_between_gaps_is_refused(self) -> None:
        with pytest.raises(ValidationError, match="literals: a literal between two gaps is empty"):
            RequestParser(literals=("a", "", "b"), slots=(Slot(name="x", form="text", gaps=(0,)),))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"literals": ("a",)},
            {"literals": ()},
            {"slots": ()},
            {"slots": ({"name": "x", "form": "regex", "gaps": (0,)},)},
            {"slots": ({"name": "x", "form": "text", "gaps": (-1,)},)},
            {"slots": ({"name": "x", "form": "text", "gaps": ("0",)},)},
            {"slots": ({"name": "x", "form": "text", "gaps": (0.0,)},)},
            {"slots": ({"name": "x", "form": "text", "gaps": (False,)},)},
            {"slots": ({"name": "", "form": "text", "gaps": (0,)},)},
            {"slots": ({"name": "x", "form": "number", "gaps": (0,), "number_type": "bool"},)},
            {"slots": ({"name": "x", "form": "text", "gaps": (0,), "code": "1"},)},
            {"pattern": ".*"},
        ],
    )
    def test_an_invalid_parser_is_refused(self, wrong: dict[str, Any]) -> None:
        plain = {"literals": ("a", "b"), "slots": ({"name": "x", "form": "text", "gaps": (0,)},)}
        assert RequestParser.model_validate(plain).parse("a c b") == {"x": "c"}
        with pytest.raises(ValidationError):
            RequestParser.model_validate({**plain, **wrong})

    def test_it_is_plain_data(self) -> None:
        assert RequestParser.model_validate_json(RECIPE.model_dump_json()) == RECIPE

    def test_newer_fields_of_slots_are_dumped_only_if_set(self) -> None:
        plain, typed = (Slot(name="x", form="number", gaps=(0,), number_type=kind) for kind in (None, "float"))
        assert plain.model_dump() == {"name": "x", "form": "number", "gaps": (0,), "separator": ""}
        assert typed.model_dump() == {**plain.model_dump(), "number_type": "float"}
        assert [Slot.model_validate_json(slot.model_dump_json()) for slot in (plain, typed)] == [plain, typed]

    def test_it_never_changes(self) -> None:
        with pytest.raises(ValidationError, match="frozen"):
            RECIPE.literals = ("", "")  # type: ignore[misc]  # that is what is tested

    def test_its_pattern_shows_the_wording_of_requests(self) -> None:
        assert RECIPE.pattern == "Scale this recipe from {before} to {after} servings: {ingredients}"
        assert parser_for("question").pattern == f"{OPENING}..."
        both = Slot(name="all", form="found", gaps=(0, 1))
        parser = RequestParser(literals=("x ", " y ", ""), slots=(both, Slot(name="z", form="text", gaps=(1,))))
        assert parser.pattern == "x {all} y {all} {z}"

    @pytest.mark.parametrize(
        ("literals", "count"),
        [
            (("Sort: ", ""), 1),
            (("Sort these: ", ""), 2),
            (("", " is in ", " of the "), 1),
            (("1234 ", "__ab12cd__"), 0),
            (("Größe ", " über "), 2),
            (("", "元等于多少分"), 2),  # without spaces, three characters are a word
            (("", "是什么意思"), 1),
            (("", "を平方メートルに"), 2),
        ],
    )
    def test_words_of_three_letters_identify_a_request(self, literals: tuple[str, ...], count: int) -> None:
        assert distinctive_words(literals) == count
