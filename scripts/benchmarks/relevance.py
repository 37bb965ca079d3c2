"""How well search finds: judged queries, asked of Casement, of SQLite FTS5 and of PostgreSQL."""

import collections
import itertools
import json
import math
import re
import sqlite3
import statistics

from .postgres import Postgres
from .program import Client
from .searching import ROOT, ask, joined

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
