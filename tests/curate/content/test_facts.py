"""facts: what a text states, and where."""

from curate.content.facts import FACTS_AT_MOST, facts


def test_spans_are_places_of_the_text() -> None:
    text = "As told on https://mill.example/a, the town of New Ulm had １９５１ people, 64% of all."
    found = [text[fact.start : fact.end].rstrip(",") for fact in facts(text)]
    assert found == ["https://mill.example/a", "１９５１", "64%", "New Ulm"]


def test_small_numbers_and_list_numbers_are_no_facts() -> None:
    assert facts("1. Three of 12.\n14. Done.\n15) So.\n１６、終わり") == []


def test_days_and_hours_in_japanese_are_facts_however_small() -> None:
    assert [fact.text for fact in facts("3月9日の8時から5時間、12人で")] == ["9", "8"]
    assert all(fact.is_moment and fact.weight == 1.0 for fact in facts("１月２日３時"))


def test_a_number_inside_a_link_is_part_of_it() -> None:
    assert [fact.kind for fact in facts("at https://mill.example/1921/may.")] == ["link"]


def test_private_values_are_known() -> None:
    private = [fact.is_private for fact in facts("4158327719, a.mori@mill.example, 1921")]
    assert private == [True, True, False]


def test_endless_text_ends() -> None:
    """A quadratic pattern would not end today."""
    flood = "a" * 300_000 + " " + "9" * 300_000 + " " + "Ab" * 100_000 + " 1921" * 1000
    assert len(facts(flood)) <= FACTS_AT_MOST
