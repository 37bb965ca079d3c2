"""Search: how well it finds beside SQLite FTS5 and PostgreSQL, codes in other spellings, size and speed."""

import collections
import itertools
import json
import math
import os
import pathlib
import pwd
import random
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import tempfile
import time
import unicodedata
from urllib.parse import quote, quote_plus

from .nginx import Wrk
from .packages import identifier
from .program import FRAMEWORK, Casement, Client, install_packages, stop_with

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SEARCH = "/api/v1/search?"


def bench_search(binary, stores, items, rounds, seconds, marks):
    ready()
    casement = Casement(binary, stores.scratch / "search-bundled")
    try:
        # Fresh: what an earlier run has imported would be found too.
        shutil.rmtree(casement.directory)
        casement.directory.mkdir()
        casement.serve(demo=True)
        wait_until_current(casement)
        bench_relevance(casement, marks)
        bench_spellings(casement, marks)
    finally:
        casement.stop()
    bench_speed(stores, items, rounds, seconds, marks)


def ready():
    """Installs what is missing, and ends with a sentence where Python's SQLite has no full text."""
    if find_postgres() is None:
        keep_debian_from_starting_one()
    install_packages(
        [name for name, there in (("postgresql", find_postgres()), ("wrk", shutil.which("wrk"))) if there is None]
    )
    try:
        with sqlite3.connect(":memory:") as database:
            database.execute("CREATE VIRTUAL TABLE test USING fts5(text)")
    except sqlite3.OperationalError:
        stop_with("Python's SQLite has no FTS5")


def wait_until_current(casement):
    """Returns once the index has all that is stored."""
    client = Client(casement.port)
    end = time.monotonic() + 3600
    while time.monotonic() < end:
        status, body = client.get(SEARCH + "q=algebra&limit=1&facets=false")
        if status == 404:
            stop_with("this program has no search")
        if status == 200 and json.loads(body)["index"]["upToDate"]:
            return
        time.sleep(0.05)
    stop_with("the search index is not up to date after an hour", casement.directory / "server.log")


def ask(client, query, limit=10):
    status, body = client.get(f"{SEARCH}q={quote(query)}&limit={limit}&facets=false")
    if status != 200:
        stop_with(f"the search for {query!r} answered {status}: {body[:200]!r}")
    return json.loads(body)["hits"]


# ── relevance ───────────────────────────────────────────────────────────────────────────────────

KINDS = ["code", "words", "misspelt", "language", "sentence", "filter"]
BETTER = 1.15  # how often as good as each of the others: the mark
# What the others search: name, what it weighs for bm25(), its letter for setweight(). Of some twenty
# ways to weigh, these suited them best on all queries. The headings above an item, which Casement
# searches too, made them no better.
COLUMNS = [
    ("statement", 4.0, "A"),
    ("short", 4.0, "A"),
    ("keywords", 6.0, "A"),
    ("code", 2.0, "B"),
    ("notes", 1.0, "C"),
    ("type", 0.25, "D"),
    ("title", 0.25, "D"),
]
NAMES = [name for name, _, _ in COLUMNS]


def bench_relevance(casement, marks):
    texts, queries = bundled_texts(), read_queries()
    print(f"search: {len(queries)} queries of eval/search over {len(texts):,} items and documents\n", flush=True)
    client = Client(casement.port)
    ours = {one["id"]: [hit["identifier"] for hit in ask(client, one["query"])] for one in queries}
    engines = {"Casement": ours, **baselines(texts, queries)}
    show_relevance(queries, engines)
    print()
    for split in ("test", "all"):
        some = [one for one in queries if one["kind"] != "code" and split in (one["split"], "all")]
        figures = {name: measure(some, answers)[0] for name, answers in engines.items()}
        for name in list(engines)[1:]:
            marks.at_least(f"nDCG@10 of text queries, {split}, by that of {name}", figures["Casement"] / figures[name], BETTER)
    print()


def baselines(texts, queries):
    """The answers of the others, each in the better of its ways."""
    found = {}
    with Postgres() as postgres:
        ways = {"SQLite FTS5": ask_sqlite(texts, queries), "PostgreSQL": ask_postgres(postgres, texts, queries)}
    for name, answers in ways.items():
        text = [one for one in queries if one["kind"] != "code"]
        figures = sorted(((measure(text, taken)[0], way) for way, taken in answers.items()), reverse=True)
        print(f"  {name}, the best of {len(figures)} ways to ask by nDCG@10 of all text queries; the first is taken")
        for figure, way in figures[:3]:
            print(f"    {way:66} {figure:.3f}")
        found[name] = answers[figures[0][1]]
    return found


def show_relevance(queries, engines):
    for split in ("test", "all"):
        names, width = "".join(f"{name:>12}" for name in engines), 12 * len(engines)
        print(f"\n  {split + ' queries':13} {'':4}{'nDCG@10':>{width}}{'MRR':>{width}}{'nothing found':>{width}}")
        print(f"  {'':13} {'':4}{names * 3}")
        groups = [(kind, [kind]) for kind in KINDS] + [("text", KINDS[1:]), ("all", KINDS)]
        for group, kinds in groups:
            some = [one for one in queries if one["kind"] in kinds and split in (one["split"], "all")]
            figures = zip(*(measure(some, answers) for answers in engines.values()))
            told = "".join(f"{figure:12.3f}" for column in figures for figure in column)
            print(f"  {group:13} {len(some):4}{told}", flush=True)


def measure(queries, answers):
    """Means over queries: nDCG@10, MRR of what is clearly useful, and how many found nothing."""
    gains, firsts, nothing = [], [], 0
    for one in queries:
        grades = one["answers"]
        found = answers[one["id"]][:10]
        best = gain(sorted(grades.values(), reverse=True)[:10])
        gains.append(gain([grades.get(answer, 0) for answer in found]) / best)
        useful = [place for place, answer in enumerate(found, 1) if grades.get(answer, 0) >= 2]
        firsts.append(1 / useful[0] if useful else 0.0)
        nothing += not found
    return statistics.mean(gains), statistics.mean(firsts), nothing / len(queries)


def gain(grades):
    return sum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, 1))


def read_queries():
    with open(ROOT / "eval/search/queries.jsonl", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def packages_of(paths):
    for path in paths:
        with open(path, encoding="utf-8") as file:
            yield path, json.load(file)


def bundled():
    return packages_of(sorted(ROOT.glob("frameworks/*/package.json")))


def bundled_texts():
    """What is published of each item and document, as words, and what filters ask for."""
    texts = []
    for path, package in bundled():
        document = package["CFDocument"]
        for one in [document, *package["CFItems"]]:
            is_document = one is document
            texts.append(
                {
                    "id": one["identifier"],
                    "statement": one["title"] if is_document else one["fullStatement"],
                    "short": one.get("abbreviatedStatement") or "",
                    "keywords": ", ".join(one.get("conceptKeywords") or []),
                    "code": " ".join(words_of(one.get("humanCodingScheme") or "")),
                    "notes": one.get("description" if is_document else "notes") or "",
                    "type": one.get("CFItemType") or "",
                    "title": document["title"],
                    "whole code": one.get("humanCodingScheme") or "",
                    "folder": path.parent.name,
                    "grades": one.get("educationLevel") or [],
                    "subjects": one.get("subject") or document.get("subject") or [],
                    "language": (one.get("language") or document.get("language") or "en")[:2],
                }
            )
    return texts


def words_of(text):
    return re.findall(r"[^\W_]+", text)


class Query:
    """A query as one who writes a baseline would take it apart. Only those of the kind `filter` have
    fields; what these ask for goes to WHERE, and their quoted phrases and words with a minus too."""

    def __init__(self, one, texts):
        self.id = one["id"]
        self.words, self.phrases, self.nots, self.allowed = [], [], [], None
        if one["kind"] != "filter":
            self.words = words_of(one["query"])
            return
        fields = []
        for minus, field, value in re.findall(r'(-?)(?:(\w+):)?("[^"]*"|\S+)', one["query"]):
            words = words_of(value)
            if field:
                fields.append((field, value.strip('"')))
            elif minus:
                self.nots.append(words)
            elif value != "OR":
                self.words += words
                if value.startswith('"'):
                    self.phrases.append(words)
        if fields:
            fits = lambda text: all(fits_field(text, field, value) for field, value in fields)
            self.allowed = [number for number, text in enumerate(texts) if fits(text)]


def fits_field(text, field, value):
    """By the rules of eval/search/README.md."""
    same = lambda one: one.casefold() == value.casefold()
    if field == "grade":
        return value.zfill(2) in text["grades"]
    if field == "type":
        return same(text["type"])
    if field == "subject":
        return any(same(subject) for subject in text["subjects"])
    if field == "framework":
        return value.casefold() in text["title"].casefold() or value.casefold() in text["folder"]
    if field == "code":
        return joined(text["whole code"]).startswith(joined(value.rstrip("*")))
    raise ValueError(field)


def combined(every, some):
    """The ways to ask for words, from the answers with all of them and those with any of them."""
    return {
        "any word": some,
        "all words, else any": {key: every[key] or some[key] for key in some},
        "all words, then any": {key: list(dict.fromkeys(every[key] + some[key]))[:10] for key in some},
    }


def ask_sqlite(texts, queries):
    """By how it was asked, answers by query."""
    database = sqlite3.connect(":memory:")
    tokenizer = "porter unicode61 remove_diacritics 2"
    database.execute(f"CREATE VIRTUAL TABLE texts USING fts5({', '.join(NAMES)}, tokenize = '{tokenizer}')")
    database.executemany(
        f"INSERT INTO texts (rowid, {', '.join(NAMES)}) VALUES (?{', ?' * len(NAMES)})",
        ([number, *(text[name] for name in NAMES)] for number, text in enumerate(texts)),
    )
    database.execute("CREATE TABLE allowed (number INTEGER PRIMARY KEY)")
    phrase = lambda words: '"' + " ".join(words) + '"'

    def rows(weights, query, operator):
        where = ["texts MATCH ?"]
        arguments = [f" {operator} ".join(phrase([word]) for word in query.words)]
        for sense, phrases in (("IN", query.phrases), ("NOT IN", query.nots)):
            for words in phrases:
                where.append(f"rowid {sense} (SELECT rowid FROM texts WHERE texts MATCH ?)")
                arguments.append(phrase(words))
        if query.allowed is not None:
            database.execute("DELETE FROM allowed")
            database.executemany("INSERT INTO allowed VALUES (?)", ([number] for number in query.allowed))
            where.append("rowid IN (SELECT number FROM allowed)")
        found = database.execute(
            f"SELECT rowid FROM texts WHERE {' AND '.join(where)} ORDER BY bm25(texts, {weights}), rowid LIMIT 10", arguments
        )
        return [texts[number]["id"] for (number,) in found]

    taken = [Query(one, texts) for one in queries]
    ways = {}
    weightings = {"weighted columns": [weight for _, weight, _ in COLUMNS], "equal columns": [1] * len(COLUMNS)}
    for named, weights in weightings.items():
        weights = ", ".join(map(str, weights))
        every, some = ({query.id: rows(weights, query, operator) for query in taken} for operator in ("AND", "OR"))
        for way, answers in combined(every, some).items():
            ways[f"bm25, {named}, {way}"] = answers
    database.close()
    return ways


# Accents are taken off as SQLite does: PostgreSQL's own configurations tell é from e.
CONFIGURATIONS = {"en": "english", "fr": "french", "es": "spanish"}
# How it ranks: a function, and what it does with the length of a text.
RANKS = list(itertools.product(["ts_rank_cd", "ts_rank"], [0, 1, 2]))


def ask_postgres(postgres, texts, queries):
    """By how it was asked, answers by query."""
    sql = ["CREATE EXTENSION unaccent;"]
    for name in CONFIGURATIONS.values():
        sql.append(f"CREATE TEXT SEARCH CONFIGURATION plain_{name} (COPY = {name});")
        mapping = f"FOR hword, hword_part, word WITH unaccent, {name}_stem"
        sql.append(f"ALTER TEXT SEARCH CONFIGURATION plain_{name} ALTER MAPPING {mapping};")
    sql.append(f"CREATE TABLE texts (number int PRIMARY KEY, language text, {' text, '.join(NAMES)} text);")
    sql.append(f"COPY texts (number, language, {', '.join(NAMES)}) FROM STDIN;")
    for number, text in enumerate(texts):
        sql.append("\t".join([str(number), text["language"], *(for_copy(text[name]) for name in NAMES)]))
    sql.append("\\.")
    cases = " ".join(f"WHEN '{language}' THEN 'plain_{name}'" for language, name in CONFIGURATIONS.items())
    chosen = f"(CASE language {cases} ELSE 'simple' END)::regconfig"
    for column, configuration in (("english", "'plain_english'"), ("own", chosen)):
        vector = " || ".join(f"setweight(to_tsvector({configuration}, {name}), '{letter}')" for name, _, letter in COLUMNS)
        sql.append(f"ALTER TABLE texts ADD {column} tsvector; UPDATE texts SET {column} = {vector};")
        sql.append(f"CREATE INDEX ON texts USING gin ({column});")
    sql.append("ANALYZE texts;")
    taken = [Query(one, texts) for one in queries]
    # Of a query's language nothing is known, so each word is asked for in all three.
    asked = {"english": ["plain_english"], "own": [f"plain_{name}" for name in CONFIGURATIONS.values()]}
    for (column, configurations), query in itertools.product(asked.items(), taken):
        where = [f"{column} @@ query"]
        in_all = lambda ask, words: " || ".join(f"{ask}('{name}', '{' '.join(words)}')" for name in configurations)
        for sense, phrases in (("", query.phrases), ("NOT ", query.nots)):
            where += [f"{sense}{column} @@ ({in_all('phraseto_tsquery', words)})" for words in phrases]
        if query.allowed is not None:
            where.append(f"number = ANY('{{{','.join(map(str, query.allowed))}}}')")
        every = in_all("websearch_to_tsquery", query.words)
        some = " || ".join(in_all("to_tsquery", [word]) for word in query.words)
        for (operator, words), (rank, norm) in itertools.product((("every", every), ("some", some)), RANKS):
            sql.append(
                f"SELECT '{query.id}', '{column}', '{operator}', '{rank}', {norm}, number"
                f" FROM texts, (SELECT {words}) AS asked (query)"
                f" WHERE {' AND '.join(where)} ORDER BY {rank}({column}, query, {norm}) DESC, number LIMIT 10;"
            )
    answers = collections.defaultdict(lambda: {query.id: [] for query in taken})
    for line in postgres.run("\n".join(sql)).splitlines():
        key, column, operator, rank, norm, number = line.split("|")
        answers[column, rank, norm, operator][key].append(texts[int(number)]["id"])
    told = {"english": "english", "own": "each text by its language"}
    ways = {}
    for column, (rank, norm) in itertools.product(asked, RANKS):
        every, some = (answers[column, rank, str(norm), operator] for operator in ("every", "some"))
        for way, found in combined(every, some).items():
            ways[f"{told[column]}, {rank} with {norm}, {way}"] = found
    return ways


def for_copy(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


# ── codes ───────────────────────────────────────────────────────────────────────────────────────

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


def parts(text):
    """Runs of digits and runs of letters, folded."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.findall(r"\d+|[^\W\d_]+", folded)


def joined(text):
    return "".join(parts(text))


# ── size and speed ──────────────────────────────────────────────────────────────────────────────

QUERIES = 20_000
CONNECTIONS = 2
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


def bench_speed(stores, items, rounds, seconds, marks):
    print(f"search: {items:,} items, SQLite; three words; {CONNECTIONS} connections\n", flush=True)
    language = Language()
    casement = stores.of(items, "store-words", language.item)
    index = casement.directory / "search"
    shutil.rmtree(index, ignore_errors=True)
    searches = language.searches(items)
    lists = write_lists(stores.scratch, searches)
    try:
        begin = time.perf_counter()
        casement.serve()
        wait_until_current(casement)
        took = time.perf_counter() - begin
        marks.at_least("items indexed a second, from the start of the server", items / took, 25_000, f"{items / took:,.0f}")
        size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file()) / 1e6
        print(f"  {took:.1f} s; {memory_of(casement)}")
        # The mark is one for a million items.
        if items == 1_000_000:
            marks.at_most("size of the index", size, 600, unit=" MB")
        else:
            print(f"  {'size of the index':58} {size:13.2f} MB")
        speed_of_searches(casement, stores.scratch, lists, searches, items, rounds, seconds, marks)
        peak, now = (memory(casement, name) / 1e6 for name in ("VmHWM", "VmRSS"))
        print(f"  {memory_of(casement)}")
        marks.at_most("most memory, indexing and searching", peak, 400, unit=" MB")
        marks.at_most("memory after that", now, 400, unit=" MB")
        print(flush=True)
    finally:
        casement.stop()


def memory(casement, name):
    with open(f"/proc/{casement.server.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(f"{name}:"))


def memory_of(casement):
    peak, now, own, files = (memory(casement, name) / 1e6 for name in ("VmHWM", "VmRSS", "RssAnon", "RssFile"))
    return f"memory {now:.0f} MB ({own:.0f} MB its own, {files:.0f} MB of files that it has mapped), at most {peak:.0f} MB"


def write_lists(scratch, searches):
    """What wrk asks for: searches, and what is typed on the way to one or two words."""
    rng = random.Random(13)
    lists = {"search": scratch / "searches.txt", "suggest": scratch / "typed.txt"}
    lists["search"].write_text("".join(f"q={'+'.join(words)} - -\n" for words in searches))
    with open(lists["suggest"], "w", encoding="ascii") as file:
        for number, words in enumerate(searches):
            typed = words[1][: rng.randint(2, 6)]
            file.write(f"q={quote_plus(f'{words[0]} {typed}' if number % 2 else typed)} - -\n")
    return lists


# With facets and without, and what is printed of them.
ASKED = {"with facets": SEARCH + "limit=10&", "without facets": SEARCH + "limit=10&facets=false&"}


def speed_of_searches(casement, scratch, lists, searches, items, rounds, seconds, marks):
    wrk = Wrk(scratch, seconds, CONNECTIONS, apart=True)
    with Postgres() as postgres:
        load_postgres(postgres, items, searches)
        same_matches(casement, postgres, searches)
        faster = min(WITH_FACETS, key=lambda way: postgres.bench(WITH_FACETS[way], 2 * seconds)["median"])
        ways = {"with facets": WITH_FACETS[faster], "without facets": WITHOUT_FACETS}
        look_up = postgres.bench(LOOK_UP, 1)["rate"]
        print(f"  PostgreSQL counts facets {faster}, its faster way here. All its figures have the look-up of")
        print(f"  what to search for in them, which alone it does {look_up:,.0f} times a second.\n")
        results = {(name, way): [] for name in ("Casement", "PostgreSQL") for way in ASKED}
        for prefix in ASKED.values():
            wrk.run(casement.port, lists["search"], prefix, "", start=random.random(), seconds=2)
        # Who is first changes, so that neither gains by it.
        for number, way in itertools.product(range(rounds), ASKED):
            turns = {
                "Casement": lambda: wrk.run(casement.port, lists["search"], ASKED[way], "", start=random.random()),
                "PostgreSQL": lambda: postgres.bench(ways[way], seconds),
            }
            for name in turns if number % 2 else reversed(turns):
                results[name, way].append(turns[name]())
    print(f"  {f'{rounds} rounds of {seconds:g} s; medians':30} {'requests/s':>12} {'median ms':>12} {'p99 ms':>12}")
    for (name, way), turns in results.items():
        rate, median, p99 = (statistics.median(turn[key] for turn in turns) for key in ("rate", "median", "p99"))
        print(f"  {f'{name}, {way}':30} {rate:12,.1f} {median:12.2f} {p99:12.2f}", flush=True)
    print()
    for way in ASKED:
        ratios = [ours["rate"] / theirs["rate"] for ours, theirs in zip(results["Casement", way], results["PostgreSQL", way])]
        shown = f"{statistics.median(ratios):.1f} ({min(ratios):.1f}-{max(ratios):.1f})"
        marks.at_least(f"requests a second by PostgreSQL's, {way}", statistics.median(ratios), 5, shown)
    ours = results["Casement", "with facets"]
    marks.at_most("search with facets, median", statistics.median(turn["median"] for turn in ours), 5, unit=" ms")
    marks.at_most("search with facets, 99th percentile", statistics.median(turn["p99"] for turn in ours), 30, unit=" ms")
    typed = [wrk.run(casement.port, lists["suggest"], "/api/v1/suggest?", "", start=random.random()) for _ in range(rounds)]
    rate, median, p99 = (statistics.median(turn[key] for turn in typed) for key in ("rate", "median", "p99"))
    print(f"  suggestions while typing: {rate:,.0f} requests/s, median {median:.2f} ms")
    marks.at_most("suggestion, 99th percentile", p99, 10, unit=" ms")


def same_matches(casement, postgres, searches):
    """Prints how much each finds, and ends the benchmark where Casement does not find what PostgreSQL
    does. Casement also finds what has most of the words, where few items have all."""
    client, sample = Client(casement.port), random.Random(17).sample(range(len(searches)), 200)
    ours = []
    for number in sample:
        status, body = client.get(f"{ASKED['without facets']}q={'+'.join(searches[number])}")
        if status != 200:
            stop_with(f"a search answered {status}: {body[:200]!r}")
        ours.append(json.loads(body)["total"])
    count = "SELECT count(*) FROM items, queries WHERE words @@ to_tsquery('english', q) AND n ="
    theirs = [int(line) for line in postgres.run(f"{count} {number + 1};\n" for number in sample).split()]
    told = lambda counts: f"mean {statistics.mean(counts):,.1f}, median {statistics.median(counts):,g}, most {max(counts):,}"
    print(f"  matches of 200 searches: Casement {told(ours)}")
    print(f"  {'':24}PostgreSQL {told(theirs)}")
    # Endings are cut a little differently.
    if sum(ours) < 0.9 * sum(theirs):
        stop_with("Casement does not find what PostgreSQL finds")


def load_postgres(postgres, items, searches):
    """The same statements with what their facets need, and the searches. Casement finds an item by
    the headings above it too, so these are searched here as well, and weigh as little."""
    begin = time.perf_counter()
    language = Language()

    def lines():
        yield """
            CREATE TABLE items (number int PRIMARY KEY, id uuid, framework text, subject text, grade text, type text,
              code text, statement text, above text, words tsvector GENERATED ALWAYS AS (setweight(to_tsvector('english',
              statement), 'A') || setweight(to_tsvector('english', above), 'D')) STORED);
            COPY items (number, id, framework, subject, grade, type, code, statement, above) FROM STDIN;\n"""
        for number in range(items):
            framework, index = divmod(number, FRAMEWORK)
            item = language.item(framework, index)
            # As `write_package` makes its trees, whose items come before what is below them.
            statements = [] if index == 0 else statements
            above = statements[index // 10] if index >= 10 else ("", "")
            statements.append((item["fullStatement"], " ".join(above).strip()))
            columns = [str(number), identifier(framework, index), f"Benchmark framework {framework}", item["subject"][0]]
            columns += [item["educationLevel"][0], item["CFItemType"], f"B{framework}.{index}", *statements[index]]
            yield "\t".join(columns) + "\n"
        yield "\\.\nCREATE INDEX ON items USING gin (words) WITH (fastupdate = off);\n"
        yield "CREATE TABLE queries (n int PRIMARY KEY, q text);\nCOPY queries FROM STDIN;\n"
        for number, words in enumerate(searches, 1):
            yield f"{number}\t{' & '.join(words)}\n"
        yield "\\.\nVACUUM ANALYZE items; VACUUM ANALYZE queries;\n"
        yield "SELECT pg_table_size('items') + pg_indexes_size('items'), pg_relation_size('items_words_idx');\n"

    sizes = [int(size) / 1e6 for size in postgres.run(lines()).strip().split("|")]
    print(
        f"  PostgreSQL has the same statements: {time.perf_counter() - begin:.0f} s with making them up, "
        f"{sizes[0]:,.0f} MB, of which {sizes[1]:,.0f} MB the GIN index",
        flush=True,
    )


# One search of pgbench; the facets of Casement are these and more.
LOOK_UP = f"\\set number random(1, {QUERIES})\nSELECT q FROM queries WHERE n = :number \\gset\n"
MATCHING = "FROM items, to_tsquery('english', ':q') AS query WHERE words @@ query"
WITHOUT_FACETS = LOOK_UP + (
    f"SELECT id, code, statement, ts_rank_cd(words, query) AS score {MATCHING} ORDER BY score DESC, number LIMIT 10;\n"
)
FACETS = ("framework", "subject", "grade", "type")
WITH_FACETS = {
    "each with a query of its own": WITHOUT_FACETS
    + "".join(f"SELECT {facet}, count(*) {MATCHING} GROUP BY {facet};\n" for facet in FACETS),
    "all in one query": LOOK_UP
    + f"WITH found AS MATERIALIZED (SELECT id, code, statement, number, {', '.join(FACETS)}, "
    + f"ts_rank_cd(words, query) AS score {MATCHING}) "
    + "(SELECT 'hit', id::text, code, statement, score FROM found ORDER BY score DESC, number LIMIT 10) "
    + "".join(f"UNION ALL (SELECT '{facet}', {facet}, '', '', count(*) FROM found GROUP BY {facet}) " for facet in FACETS)
    + ";\n",
}


# ── PostgreSQL ──────────────────────────────────────────────────────────────────────────────────


def find_postgres():
    """Where its programs are; Debian keeps them out of PATH."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pgbench"), key=lambda path: float(path.parent.parent.name))
    if found and (found[-1].parent / "initdb").exists():
        return found[-1].parent
    elsewhere = [shutil.which(name) for name in ("initdb", "pgbench")]
    return pathlib.Path(elsewhere[0]).parent if all(elsewhere) else None


def keep_debian_from_starting_one():
    """Debian's package would start a cluster for the machine, which nobody asked for."""
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    directory = "/etc/postgresql-common/createcluster.d"
    script = f"mkdir -p {directory} && echo create_main_cluster = false > {directory}/casement-bench.conf"
    subprocess.run([*prefix, "sh", "-c", script], stderr=subprocess.DEVNULL)


class Postgres:
    """A cluster of its own in a temporary directory, on loopback, gone afterwards."""

    # Room for the whole table; no forks for one search, since both cores are asked already.
    SETTINGS = {
        "listen_addresses": "127.0.0.1",
        "shared_buffers": "1GB",
        "work_mem": "64MB",
        "maintenance_work_mem": "512MB",
        "max_parallel_workers_per_gather": "0",
        "jit": "off",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_wal_size": "8GB",
        "autovacuum": "off",
    }

    def __enter__(self):
        self.programs = find_postgres()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="casement-bench-postgres-"))
        # PostgreSQL refuses to run as root.
        self.user = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam(postgres_user())
            self.user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(self.directory, user.pw_uid, user.pw_gid)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        try:
            self.control("initdb", "--username=casement", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
            settings = {**self.SETTINGS, "port": self.port, "unix_socket_directories": self.directory}
            options = " ".join(f"-c {name}={value}" for name, value in settings.items())
            self.control("pg_ctl", "start", "--wait", "--silent", f"--log={self.directory / 'log'}", f"--options={options}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if (self.directory / "data/postmaster.pid").exists():
            self.control("pg_ctl", "stop", "--mode=immediate", "--silent")
        shutil.rmtree(self.directory, ignore_errors=True)

    def control(self, program, *arguments):
        # Into a file: the server would keep a pipe open for as long as it runs.
        with open(self.directory / "out", "ab") as out:
            command = [self.programs / program, f"--pgdata={self.directory / 'data'}", *arguments]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.directory, **self.user)
        if done.returncode != 0:
            stop_with(f"PostgreSQL's {program} failed", self.directory / "out")

    def at(self):
        return ["--host=127.0.0.1", f"--port={self.port}", "--username=casement"]

    def run(self, sql):
        """What the statements answer, rows as lines; of the text or of its pieces."""
        command = [self.programs / "psql", *self.at(), "-X", "-q", "-A", "-t", "--set=ON_ERROR_STOP=1", "postgres"]
        out, errors = self.directory / "answers", self.directory / "errors"
        with open(out, "w+", encoding="utf-8") as answers, open(errors, "w", encoding="utf-8") as told:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=answers, stderr=told, encoding="utf-8")
            try:
                with process.stdin as psql:
                    psql.writelines([sql] if isinstance(sql, str) else sql)
            except BrokenPipeError:
                pass
            if process.wait() != 0:
                stop_with("psql failed", errors)
            answers.seek(0)
            return answers.read()

    def bench(self, script, seconds):
        """Transactions a second, and the 50th and 99th percentile of their times in milliseconds."""
        directory = self.directory / "bench"
        directory.mkdir()
        try:
            (directory / "script").write_text(script)
            command = [self.programs / "pgbench", *self.at(), "--no-vacuum", f"--client={CONNECTIONS}", f"--jobs={CONNECTIONS}"]
            command += [f"--time={max(1, round(seconds))}", f"--file={directory / 'script'}", "--log", "postgres"]
            done = subprocess.run(command, cwd=directory, capture_output=True, text=True)
            rate = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
            if done.returncode != 0 or rate is None or "aborted" in done.stdout + done.stderr:
                stop_with(f"pgbench failed: {done.stdout}{done.stderr}")
            # The third column of its logs is the time of one, in microseconds.
            logs = [path.read_text().splitlines() for path in directory.glob("pgbench_log.*")]
            times = sorted(int(line.split()[2]) / 1000 for lines in logs for line in lines)
            return {"rate": float(rate.group(1)), "median": times[len(times) // 2], "p99": times[len(times) * 99 // 100]}
        finally:
            shutil.rmtree(directory)


def postgres_user():
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"
