"""Asking a server to search, for every part that measures it."""

import json
import pathlib
import re
import time
import unicodedata
from urllib.parse import quote

from .program import Client, stop_with

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SEARCH = "/api/v1/search?"
QUERIES = 20_000  # how many different searches there are
CONNECTIONS = 2


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


def parts(text):
    """Runs of digits and runs of letters, folded."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.findall(r"\d+|[^\W\d_]+", folded)


def joined(text):
    return "".join(parts(text))
