from langchain_latm.loop.dispatch.decisions import reason_against
from langchain_latm.loop.dispatch.probability import Verdict
from langchain_latm.loop.dispatch.tool_index import Comparison


def compared(probability: float, needed: float = 0.71) -> Comparison:
    """A request that is like the examples of one tool, which is not reused."""
    return Comparison(Verdict(None, "vat", probability), [], [], ["vat"], {"vat": "1"}, needed, None)


def test_a_probability_that_is_too_low_is_the_reason() -> None:
    assert reason_against([], compared(0.5)) == (
        "none fits for certain: vat is right with a probability of 50%; 71% are needed"
    )


def test_a_probability_that_is_high_enough_is_not_the_reason() -> None:
    """Likeness decides for no tool whose examples share their wording."""
    reason = reason_against([], compared(0.98))
    assert reason == "none fits for certain: it is like the examples of vat, but not in the wording that they share"
