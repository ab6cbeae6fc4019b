"""Raw: from the bytes of a source to cells, before anything knows what a conversation is.

`streams` unpacks, `encodings` recognises, `lines`, `elements`, `tables` and `arrow_stream` cut,
`strict_json`, `objects` and `flat` decode, `cells` and `frames` hold the outcome by column.
"""
