"""Review: the queue, who looks at what, and what they decide."""

from curate.review.review import ALL, Review, open_review

__all__ = ["ALL", "Review", "open_review"]
