"""CauseBench: from a wrong answer to the records that taught it, measured where the truth is known.

    make causebench
    python -m bench.causebench [--seeds 0,1,2,3,4] [--records 600] [--share 0.10] [--model tiny]
    python -m bench.causebench --fit       coefficients of triage and of `best`, on other seeds
    python -m bench.causebench --docs      docs/causebench.md from results.json

A benchmark that was killed goes on where it was. Only the default form, over its own seeds, is
written to bench/causebench/results.json and docs/causebench.md.
"""
