"""Statements as long and as varied as real ones: those of the bundled frameworks, with clauses exchanged."""

import random

from .relevance import bundled


class Statements:
    """Always the same for the same item. Half of one statement and half of another: as many different ones
    as are asked for, each in the words of a language."""

    def __init__(self):
        texts = {item["fullStatement"] for _, package in bundled() for item in package["CFItems"]}
        self.texts = [text.split() for text in sorted(texts) if 6 <= len(text.split()) <= 40]

    def of(self, framework, index):
        return self.mixed(random.Random(f"{framework}.{index}"))

    def mixed(self, rng):
        one, other = rng.choice(self.texts), rng.choice(self.texts)
        return " ".join(one[: (len(one) + 1) // 2] + other[len(other) // 2 :])

    def fields(self, framework, index):
        return {"fullStatement": self.of(framework, index)}

    def queries(self, count):
        """Texts that no item has."""
        rng = random.Random("queries")
        return [self.mixed(rng) for _ in range(count)]
