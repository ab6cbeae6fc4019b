"""Store: what people decided, on SQLite in the workspace or on PostgreSQL.

Small human things only: decisions, leases, drafts, guidelines, settings. `open_store` opens one;
`decisions`, `leases` and `notes` read and write it inside `store.read(...)` or `store.write(...)`.
"""
