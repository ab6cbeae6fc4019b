"""Trace: from a failure to the training records behind it, each with the reason in words.

run = reading.opened(folder, snapshot)      refused where the snapshot is not the run's data
found = tracing.traced(run)                 one Traced for each failure: triage, ten suspects
"""
