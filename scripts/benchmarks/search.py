"""Search: how well it finds beside SQLite FTS5 and PostgreSQL, codes in other spellings, size and speed."""

import shutil
import sqlite3

from .codes import bench_spellings
from .postgres import find_postgres, keep_debian_from_starting_one
from .program import Casement, install_packages, stop_with
from .relevance import bench_relevance
from .search_speed import bench_speed
from .searching import wait_until_current


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
