"""How fast a million items are indexed and searched, beside PostgreSQL."""

import itertools
import json
import random
import shutil
import statistics
import time
from urllib.parse import quote_plus

from .language import Language
from .nginx import Wrk
from .packages import identifier
from .postgres import Postgres
from .program import FRAMEWORK, Client, stop_with
from .searching import CONNECTIONS, QUERIES, SEARCH, wait_until_current



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
