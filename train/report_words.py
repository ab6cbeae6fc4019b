"""The words of a run's report and table, in one language: what a template says by name."""

from __future__ import annotations

from curate.locale import Translator


def words(t: Translator) -> dict[str, str]:
    """Headings, labels and sentences of the page."""
    return {**answer_words(t), **figure_words(t), **rest_words(t)}


def answer_words(t: Translator) -> dict[str, str]:
    """The head of the page, and the answers."""
    return {
        "title": t("Run {name}"),
        "made": t("{method} of {model}, approved snapshot {id}"),
        "sections": t("Sections"),
        "answers": t("Answers"),
        "answers_lead": t(
            "Dev records, worst first: the reference beside what the model said before and after "
            "training. Test records stay a yardstick and are not shown."
        ),
        "no_answers": t("There were no dev records to answer."),
        "prompt": t("Prompt"),
        "reference": t("Reference"),
        "before": t("Before training"),
        "few_shot": t("With worked examples"),
        "after": t("After training"),
        "nothing_said": t("nothing"),
        "right": t("no failure"),
        "more_answers": t("{n} more records"),
        "not_listed": t("{n} more lie in records.parquet"),
        "cut": t("{n} characters not shown"),
    }


def figure_words(t: Translator) -> dict[str, str]:
    """Measures, losses and failures."""
    return {
        "measures": t("Before and after"),
        "measures_lead": t(
            "Means over the records of which a measure is known. The interval holds the difference "
            "with 95% certainty (paired bootstrap); where it reaches over 0, none is shown."
        ),
        "no_baseline": t("Nothing was answered before training, so there is nothing to compare."),
        "measure": t("Measure"),
        "records": t("Records"),
        "difference": t("Difference, 95% interval"),
        "verdict": t("Verdict"),
        "curves": t("Loss"),
        "curve": t("Loss while training, nats a token"),
        "train_loss": t("on the training records of a step"),
        "dev_loss": t("on dev; step 0 is before training"),
        "step": t("step"),
        "failures": t("Failures"),
        "failures_lead": t("Why dev answers count as wrong; one answer can have several reasons."),
        "no_failures": t("No dev answer counts as wrong."),
    }


def rest_words(t: Translator) -> dict[str, str]:
    """Probes and what follows."""
    return {
        "probes": t("Probe prompts"),
        "forgetting": t("Forgetting"),
        "forgetting_lead": t(
            "Loss on texts that nobody trained, in nats a token, and how far the predictions moved "
            "from the base model's (Kullback-Leibler divergence)."
        ),
        "texts": t("Texts"),
        "change": t("Change"),
        "divergence": t("Divergence"),
        "limit": t("The limit is a rise of {limit} (gates.forgetting_delta)."),
        "kept": t("kept"),
        "passed": t("passed"),
        "not_measured": t("It was not measured."),
        "cost": t("Time and memory"),
        "ledger": t("Ledger"),
        "ledger_lead": t("Every record that was read, and what became of it."),
        "read": t("Read"),
        "lost": t("Records that were not trained, or were cut, and why"),
        "data": t("Data"),
        "data_lead": t("What the approved snapshot says of itself."),
        "choices": t("Automatic choices"),
        "settings": t("Settings"),
        "versions": t("Versions"),
        "as_recorded": t("In the run's own words."),
        "slices": t("By part"),
        "slices_lead": t(
            "The dev records by what they have in common, worst first. A mean over all of them "
            "hides a part that is answered worse; of few records little follows."
        ),
        "part": t("Part"),
        "recited": t("Repeated from training"),
        "recited_lead": t(
            "Dev answers that repeat 40 characters or more of a training answer, which neither "
            "their question nor their reference has: {n} of {of}."
        ),
        "piece": t("What is repeated"),
        "asked_in": t("Asked in"),
        "taught_in": t("Stands in"),
        "dev": t("dev"),
        "test": t("test"),
    }


def measure_words(t: Translator) -> dict[str, str]:
    """What each measure is called."""
    return {
        "loss": t("loss on the answer"),
        "bleu": "BLEU",
        "chrf": "chrF",
        "exact_match": t("exactly the reference"),
        "json_valid": t("valid JSON"),
        "language": t("in the language asked"),
        "length": t("length in characters"),
        "loop": t("ends in a loop"),
        "over_claim": t("claims an ability"),
        "refusal": t("refuses"),
        "rouge_l": "ROUGE-L",
        "sql_valid": t("valid SQL"),
        "stop": t("stopped by itself"),
        "wrong_value": t("a wrong number, date or name"),
    }


def reason_words(t: Translator) -> dict[str, str]:
    """What each reason of a failure is called."""
    return {
        "empty": t("empty answer"),
        "loop": t("loop"),
        "wrong-value": t("wrong value"),
        "bad-format": t("wrong format"),
        "wrong-language": t("wrong language"),
        "refusal-mismatch": t("refusal does not match"),
        "over-claim": t("claims an ability"),
        "no-stop": t("did not stop"),
        "regression": t("worse than before"),
    }


def verdict_words(t: Translator) -> dict[str, str]:
    """What an interval allows to say."""
    return {
        "better": t("better"),
        "worse": t("worse"),
        "other": t("changed"),
        "none": t("none shown"),
    }


def slice_words(t: Translator) -> dict[str, str]:
    """What records are parted by."""
    return {
        "category": t("category"),
        "language": t("language"),
        "origin": t("origin"),
        "source": t("source"),
    }


def outcome_words(t: Translator) -> dict[str, str]:
    """What became of a record."""
    return {
        "trained": t("trained"),
        "dropped": t("dropped"),
        "left-out": t("left out"),
        "held-out": t("held out (dev, test)"),
    }


def cost_words(t: Translator) -> dict[str, str]:
    """What a run took."""
    return {
        "seconds": t("time of the whole run, answers included"),
        "training_seconds": t("time of training alone"),
        "tokens": t("tokens trained on, padding left out"),
        "alone": t("tokens of a prompt"),
        "few_shot": t("tokens of a prompt with worked examples"),
        "speed": t("tokens a second"),
        "peak": t("peak memory"),
        "processor": t("energy of the processor in training"),
        "card": t("energy of the card in training"),
        "peak_cpu": t("peak memory of the process"),
        "machine": t("machine"),
        "parameters": t("parameters trained"),
        "adapter": t("size of the adapter"),
        "steps": t("steps"),
        "sittings": t("sittings (a resumed run has several)"),
    }


def data_words(t: Translator) -> dict[str, str]:
    """What an approved snapshot says of itself."""
    return {
        "records": t("Records"),
        "languages": t("Languages"),
        "outcomes": t("What review decided"),
        "sources": t("Sources"),
        "categories": t("Categories"),
        "undecided": t("Undecided"),
        "refusal_share": t("Answers that refuse"),
        "agreement": t("Agreement between reviewers"),
        "bad_rate": t("Estimated share of bad records"),
        "licence": t("Licence"),
        "unknown": t("not known"),
    }
