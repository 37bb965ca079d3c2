"""Made-up statements whose words are as frequent as those of a language, and searches for them."""

import collections
import itertools
import random
import re

from .program import FRAMEWORK
from .relevance import bundled
from .searching import QUERIES, joined

VOCABULARY = 30_000
REAL = 300  # of the vocabulary, the most frequent
TOPICS = 100  # a million items have many that are about the same
TOPIC = 60  # words that each has of its own
# Words that say too little to be searched for, as PostgreSQL and Casement see it, and those of titles and types.
SMALL = set(
    "about above after again all also among and any are because been before being below between both but can cannot could did "
    "does doing down during each either etc few for from further had has have having her here hers him his how into its itself "
    "just may might more most must nor not now off once one only other others our ours out over own per same shall she should "
    "some such than that the their theirs them then there these they this those through too two under until upon use used using "
    "very via was were what when where which while who whom whose why will with within without would you your yours frac "
    "benchmark framework standard cluster domain component strand skill".split()
)
TYPES = ["Standard", "Standard", "Standard", "Component", "Cluster", "Domain", "Strand", "Skill"]
SUBJECTS = "Mathematics Science History Geography Music Art Health Civics Technology Reading Writing Languages".split()
GRADES = ["KG", *(f"{grade:02}" for grade in range(1, 13))]


class Language:
    """Made-up statements whose words are as frequent as those of a language (Zipf), always the same
    for the same item: the most frequent are real, with the small words among them. Half of an item's
    words are those of its topic: without that, three words together would be in one item only, and
    no search is like that."""

    def __init__(self):
        rng = random.Random(7)
        counts = collections.Counter()
        for path, package in bundled():
            if path.parent.name in ("ccss-math", "nice-2017", "onet-29.2"):
                for item in package["CFItems"]:
                    counts.update(re.findall(r"[a-z]{2,}", item["fullStatement"].lower()))
        # Words of titles and types would be found in every item.
        own = {joined(name) for name in TYPES} | {"benchmark", "framework"}
        words = [word for word, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])) if word not in own][:REAL]
        known, ends = set(words), ["", "n", "r", "l", "t", "nd", "rk"]
        starts, vowels = "b c d f g l m n p r s t v br cl dr fl gr pl st tr".split(), "a e i o u ai ea".split()
        syllables = [start + vowel for start in starts for vowel in vowels]
        while len(words) < VOCABULARY:
            word = "".join(rng.choices(syllables, k=rng.choice((2, 3, 3, 4)))) + rng.choice(ends)
            if word not in known:
                known.add(word)
                words.append(word)
        self.words = words
        self.shares = list(itertools.accumulate(map(share_of, range(VOCABULARY))))
        # Not the most frequent words, which belong to no topic; in the order they are drawn, so that
        # each topic has frequent words of its own.
        special, shares = words[REAL // 3 :], list(itertools.accumulate(map(share_of, range(REAL // 3, VOCABULARY))))
        self.topics = []
        for _ in range(TOPICS):
            some = dict.fromkeys(filter(is_large, rng.choices(special, cum_weights=shares, k=10 * TOPIC)))
            self.topics.append(list(some)[:TOPIC])
        self.topic_shares = self.shares[: min(map(len, self.topics))]

    def statement(self, rng, topic):
        count = rng.randint(8, 20)
        special = self.topics[topic][: len(self.topic_shares)]
        words = rng.choices(special, cum_weights=self.topic_shares, k=count // 2)
        words += rng.choices(self.words, cum_weights=self.shares, k=count - count // 2)
        rng.shuffle(words)
        return " ".join(words).capitalize() + "."

    def item(self, framework, index):
        """What an item of a store has that others have not."""
        rng = random.Random(framework * FRAMEWORK + index)
        return {
            "fullStatement": self.statement(rng, topic_of(framework, index)),
            "CFItemType": rng.choice(TYPES),
            "subject": [SUBJECTS[(framework + rng.randrange(2)) % len(SUBJECTS)]],
            "educationLevel": [rng.choice(GRADES)],
        }

    def searches(self, items):
        """Three words of one item each: in a third of the searches words of its topic, in a third the
        most frequent, and in a third any and its rarest."""
        rng = random.Random(11)
        ranks = {word: rank for rank, word in enumerate(self.words)}
        searches = []
        while len(searches) < QUERIES:
            framework, index = divmod(rng.randrange(items), FRAMEWORK)
            statement = self.item(framework, index)["fullStatement"].lower().rstrip(".")
            words = sorted(set(filter(is_large, statement.split())), key=ranks.get)
            topic = set(self.topics[topic_of(framework, index)])
            special = [word for word in words if word in topic]
            if len(special) < 3:
                continue
            kind = len(searches) % 3
            if kind == 0:
                words = rng.sample(special, 3)
            elif kind == 1:
                words = words[:3]
            else:
                words = [*rng.sample(words[:-1], 2), words[-1]]
            rng.shuffle(words)
            searches.append(words)
        return searches


def share_of(rank):
    """How frequent the word of a rank is among words, by that of others."""
    return 1 / (rank + 3.7)


def topic_of(framework, index):
    return (framework * 7 + index * 8 // FRAMEWORK) % TOPICS


def is_large(word):
    return len(word) > 2 and word not in SMALL
