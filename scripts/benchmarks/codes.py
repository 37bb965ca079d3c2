"""Codes in other spellings: whether the right item is the first hit."""

import collections
import itertools
import random
import re

from .program import Client, stop_with
from .relevance import bundled, packages_of, words_of
from .searching import ROOT, ask, joined, parts, wait_until_current

SPELLINGS = 2_000
# Of tests/fixtures, those that have codes; they are stored beside the bundled ones.
FIXTURES = ["made-2016-form", "opensalt-what-standards-could-be", "sbac-dok-levels", "sbac-hs-math-c1-th"]
# What people put before a code, by framework. What California took from the Common Core is the latter's.
PREFIXES = {
    "ccss-math": ["CCSS.MATH.CONTENT.", "CCSS.", "CCSS "],
    "ca-math-ccss": ["CA.", "CA "],
    "nice-2017": ["NICE "],
    "onet-29.2": ["O*NET ", "ONET "],
    "esco-transversal": ["ESCO "],
    "esco-skill-groups-fr": ["ESCO "],
}
DROPPED = re.compile(r"^CCSS\.Math\.Content\.", re.IGNORECASE)
CLUSTER = re.compile(r"(?<=[A-Z]{2})\.[A-Z](?=\.\d)")  # 3.OA.A.1 is 3.OA.1 for many
CATEGORY = re.compile(r"^HS(?=[A-Z]-)")  # HSF-IF.B.4 is F-IF.B.4 for many
SEPARATORS = [".", "-", " ", "–", "/"]


def bench_spellings(casement, marks):
    casement.stop()
    casement.import_files([ROOT / f"tests/fixtures/case/{name}.json" for name in FIXTURES])
    casement.serve()
    wait_until_current(casement)
    codes = read_codes()
    made = spellings(codes)
    client = Client(casement.port)
    right, wrong = collections.Counter(), collections.defaultdict(list)
    for how, code, spelling in made:
        first = [hit["code"] for hit in ask(client, spelling, 1)[:1]]
        if first == [code]:
            right[how] += 1
        else:
            found = first[0] or "one without a code" if first else "nothing"
            wrong[how].append(f"{spelling!r} for {code} ({how}) found {found}")
    print(f"  {len(made):,} spellings of {len({code for _, code, _ in made}):,} codes; right is a first hit with that very code")
    for how, count in sorted(collections.Counter(how for how, _, _ in made).items()):
        print(f"    {how:30} {count:6} {right[how] / count:8.3f}")
    # The first of each way in turn, so that a way with many does not hide the others.
    for one in [one for some in itertools.zip_longest(*wrong.values()) for one in some if one][:20]:
        print(f"    {one}")
    share = sum(right.values()) / len(made)
    marks.at_least("codes in other spellings, share right", share, 0.99, f"{share:.4f}")
    print(flush=True)


def read_codes():
    """Codes by framework, those of the fixtures together."""
    codes = collections.defaultdict(list)
    fixtures = packages_of(ROOT / f"tests/fixtures/case/{name}.json" for name in FIXTURES)
    for path, package in itertools.chain(bundled(), fixtures):
        name = path.parent.name if path.name == "package.json" else "fixtures"
        codes[name] += sorted({item["humanCodingScheme"] for item in package["CFItems"] if item.get("humanCodingScheme")})
    return codes


def spellings(codes):
    """How, the code, the spelling. Frameworks take turns, so that the large ones' codes are not all
    there is. What would be as good a spelling of another code, or a better one, is left out."""
    rng = random.Random(20261121)
    known = Known(code for some in codes.values() for code in some)
    core = set(codes["ccss-math"])
    made, seen = [], set()
    for name in itertools.islice(itertools.cycle(codes), 100 * SPELLINGS):
        code = rng.choice(codes[name])
        ways = list(ways_of(rng, name, code, code in core))
        # What is left out is harder than the rest, and few codes have it.
        how, spelling = rng.choices(ways, [3 if "dropped" in how else 1 for how, _ in ways])[0]
        if spelling != code and (code, spelling) not in seen and known.is_clear(spelling, code):
            seen.add((code, spelling))
            made.append((how, code, spelling))
        if len(made) == SPELLINGS:
            return made
    stop_with(f"only {len(made)} spellings of codes could be made")


def ways_of(rng, name, code, is_core):
    either = lambda text: text.lower() if rng.random() < 0.5 else text
    separated = lambda text: respelt(rng, text) if rng.random() < 0.5 else text
    yield "lower case", code.lower()
    yield "other separators", either(respelt(rng, code))
    yield "no separators", either("".join(words_of(code)))
    cut = re.split(r"\W", code)
    if len(cut) > 2:
        yield "section sign and brackets", "§" + either(".".join(cut[:-2]) + f"({cut[-2]})({cut[-1]})")
    elif len(cut) > 1:
        yield "section sign and brackets", "§ " + either(f"{cut[0]}({cut[1]})")
    prefixes = PREFIXES["ccss-math"] if is_core else PREFIXES.get(name, [])
    if re.search(r"\bMP\d", code):
        # Practices have another, and those of one grade have none.
        prefixes = ["CCSS.MATH.PRACTICE."] if is_core and code.startswith("MP") else []
    if prefixes and not DROPPED.match(code):
        prefix = rng.choice(prefixes)
        yield "prefix added", either(separated(prefix + code) if prefix.endswith(".") else prefix + separated(code))
    for how, pattern in (("prefix dropped", DROPPED), ("HS dropped", CATEGORY), ("cluster dropped", CLUSTER)):
        if pattern.search(code):
            yield how, either(separated(pattern.sub("", code)))
    if CATEGORY.search(code) and CLUSTER.search(code):
        yield "HS and cluster dropped", either(separated(CLUSTER.sub("", CATEGORY.sub("", code))))


def respelt(rng, code):
    """The code with another separator; between letters and digits, where it has none."""
    cut = words_of(code)
    return rng.choice(SEPARATORS).join(cut if len(cut) > 1 else parts(code))


class Known:
    """All codes, by how near a spelling is to them: 0 part by part, 1 but for separators, 2 with what
    people put before a code or leave out. A spelling is clear when no other code is as near."""

    def __init__(self, codes):
        self.readings = [collections.defaultdict(set) for _ in range(3)]
        prefixes = {joined(prefix) for some in PREFIXES.values() for prefix in some} | {"ccssmathpractice"}
        for code in set(codes):
            self.readings[0][".".join(parts(code))].add(code)
            self.readings[1][joined(code)].add(code)
            forms = {code, DROPPED.sub("", code), CATEGORY.sub("", code)}
            forms |= {CLUSTER.sub("", form) for form in forms}
            for form in {joined(form) for form in forms}:
                for prefix in ("", *prefixes):
                    self.readings[2][prefix + form].add(code)

    def is_clear(self, spelling, code):
        for reading, key in zip(self.readings, (".".join(parts(spelling)), joined(spelling), joined(spelling))):
            if reading[key]:
                return reading[key] == {code}
        raise ValueError(f"{spelling} is no spelling of {code}")
