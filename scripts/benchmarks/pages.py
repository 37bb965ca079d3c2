"""How long the server takes for pages of a framework of 12,000 items: what a browser waits for before it can draw."""

import random
import statistics
import time

from .language import Language
from .packages import identifier, write_package
from .program import FRAMEWORK, Casement, Client, stop_with
from .searching import wait_until_current

ITEMS = 12_000
MARK = 20  # ms, for a page
BRANCH = 30  # ms, for a node of the tree


def bench_pages(binary, scratch, rounds, asked, marks):
    """Asks for each kind of page `asked` times in a round, one after the other, each time another one where there are more."""
    print(f"pages: a framework of {ITEMS:,} items, SQLite, one connection, {rounds} rounds of {asked} each; medians of all\n", flush=True)
    language = Language()
    package = scratch / "pages.json"
    document = write_package(package, 1, ITEMS, words=20, fields=lambda _, index: language.item(*divmod(index, FRAMEWORK)))
    casement = Casement(binary, scratch / "pages")
    casement.import_files([package])
    casement.index()
    try:
        casement.serve()
        wait_until_current(casement)
        client, rng = Client(casement.port), random.Random(5)
        kinds = paths(document, language)
        taken = {what: [] for what, _, _ in kinds}
        for what, path, _ in kinds:
            look(client, path(rng))
        for _ in range(rounds):
            for what, path, _ in kinds:
                taken[what] += [look(client, path(rng)) for _ in range(asked)]
        for what, _, mark in kinds:
            marks.at_most(what, statistics.median(taken[what]) * 1000, mark, unit=" ms")
            slow = sorted(taken[what])[len(taken[what]) * 95 // 100] * 1000
            print(f"  {'  … 95th percentile':58} {slow:13.2f} ms", flush=True)
    finally:
        casement.stop()


def paths(document, language):
    """What is asked for: its name, an address of it, and its mark."""
    searches = language.searches(ITEMS)
    item = lambda rng: identifier(1, rng.randrange(ITEMS))
    # Only every tenth has something below it.
    parent = lambda rng: identifier(1, rng.randrange(ITEMS // 10))
    return [
        ("framework page", lambda rng: f"/uri/{document}", MARK),
        ("framework page, open at an item", lambda rng: f"/frameworks/{document}?at={item(rng)}", MARK),
        ("item page", lambda rng: f"/uri/{item(rng)}", MARK),
        ("search page", lambda rng: f"/search?q={'+'.join(rng.choice(searches))}", MARK),
        ("tree node", lambda rng: f"/frameworks/{document}/branch?below={parent(rng)}", BRANCH),
    ]


def look(client, path):
    """The seconds that one page took, from asking to its last byte."""
    begin = time.perf_counter()
    status, body = client.get(path, "Accept: text/html\r\n")
    seconds = time.perf_counter() - begin
    if status != 200:
        stop_with(f"{path} answered {status}: {body[:200]!r}")
    return seconds
