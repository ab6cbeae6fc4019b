"""The review app: people decide on the records that an audit found."""
