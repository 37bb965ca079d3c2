"""Many clients for a long time, while the store changes under them."""

import json
import multiprocessing
import random
import statistics
import threading
import time
import zlib

from .packages import identifier, write_package
from .program import Client, item_of

CLIENTS = 64
PROCESSES = 4
EVERY = 10  # seconds between imports
PROMISED = 1  # seconds after a commit within which it is seen
CHANGING = 1_000_000_000  # the framework that changes
ITEMS = 200  # of it

# How much of what is asked for: of the framework that changes, and of the rest.
TARGETS = [
    (40, "any item", "/ims/case/v1p1/CFItems/{}"),
    (25, "changing item", "/ims/case/v1p1/CFItems/{}"),
    (25, "changing permalink", "/uri/{}"),
    (10, "changing package", "/ims/case/v1p1/CFPackages/{}"),
]


class Edition:
    """Which edition is committed, shared by all processes: its number, and when its import ended."""

    def __init__(self, context):
        self.lock = context.Lock()
        self.number = context.Value("q", 0, lock=False)
        self.before = context.Value("q", 0, lock=False)
        self.since = context.Value("d", 0.0, lock=False)

    def committed(self, number):
        with self.lock:
            self.before.value, self.number.value, self.since.value = self.number.value, number, time.monotonic()

    def oldest_allowed(self):
        """What an answer to a request of now must show, or a later one."""
        with self.lock:
            is_due = time.monotonic() - self.since.value > PROMISED
            return self.number.value if is_due else self.before.value


def ask_on(port, items, end, edition, seed, found):
    """One client until the end; what is wrong goes to `found`, with how many requests there were."""
    rng = random.Random(seed)
    count, wrong = 0, []
    try:
        client = Client(port)
        while time.monotonic() < end:
            _, what, target = rng.choices(TARGETS, [weight for weight, _, _ in TARGETS])[0]
            one = item_of(items, rng.randrange(items)) if what == "any item" else identifier(CHANGING, rng.randrange(ITEMS))
            one = identifier(CHANGING, "document") if what == "changing package" else one
            headers = "Accept: application/json\r\n" + "Accept-Encoding: gzip\r\n" * (what == "changing package")
            allowed = edition.oldest_allowed()
            status, body = client.get(target.format(one), headers)
            count += 1
            if status != 200:
                wrong.append(f"{what} {one} answered {status}: {body[:200]!r}")
            elif what != "any item":
                if client.header("content-encoding") == "gzip":
                    body = zlib.decompress(body, 31)
                told = json.loads(body)
                told = {item["humanCodingScheme"] for item in told.get("CFItems", [told])}
                if len(told) != 1 or int(next(iter(told)).split()[1]) < allowed:
                    wrong.append(f"{what} {one} shows {sorted(told)} where edition {allowed} is long committed")
    except Exception as error:
        wrong.append(f"a client failed: {error!r}")
    found.append((count, wrong))


def ask_on_threads(port, items, end, edition, process, queue):
    found = []
    threads = [
        threading.Thread(target=ask_on, args=(port, items, end, edition, process * 1000 + number, found))
        for number in range(CLIENTS // PROCESSES)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.put((sum(count for count, _ in found), [one for _, wrong in found for one in wrong]))


def bench_soak(stores, items, seconds, marks):
    print(f"soak: {CLIENTS} clients for {seconds:g} s on {items:,} items, an import of {ITEMS} changed items every {EVERY} s\n", flush=True)
    casement = stores.of(items)
    context = multiprocessing.get_context("fork")
    edition, queue, file = Edition(context), context.Queue(), stores.scratch / "changing.json"
    # Editions only go up, also in a store that is kept.
    number = int(time.time())

    def publish():
        nonlocal number
        number += 1
        write_package(file, CHANGING, ITEMS, words=12, edition=number)
        casement.import_files([file])
        edition.committed(number)

    publish()
    publish()
    casement.serve()
    try:
        begin = time.monotonic()
        end = begin + seconds
        processes = [
            context.Process(target=ask_on_threads, args=(casement.port, items, end, edition, process, queue))
            for process in range(PROCESSES)
        ]
        for process in processes:
            process.start()
        samples, imports, due = [], 0, begin + EVERY
        while time.monotonic() < end:
            samples.append((time.monotonic() - begin, casement.memory() / 1e6))
            if time.monotonic() >= due:
                publish()
                imports, due = imports + 1, due + EVERY
            time.sleep(0.5)
        results = [queue.get() for _ in processes]
        for process in processes:
            process.join()
    finally:
        casement.stop()
        file.unlink()
    count = sum(count for count, _ in results)
    wrong = [one for _, some in results for one in some]
    for one in wrong[:10]:
        print(f"  {one}")
    print(f"  {count:,} requests ({count / seconds:,.0f}/s), {imports} imports")
    marks.at_most("errors and stale answers", len(wrong), 0, shown=str(len(wrong)))
    window = min(60, seconds / 4)
    # What is kept in memory fills up in the first window.
    first = statistics.mean(memory for at, memory in samples if window < at <= 2 * window)
    last = statistics.mean(memory for at, memory in samples if at >= seconds - window)
    print(f"  memory, mean of the second {window:g} s: {first:.0f} MB, of the last: {last:.0f} MB, most: {max(m for _, m in samples):.0f} MB")
    marks.at_most("memory of the last by that of the second", last / first, 1.1)
    marks.at_most("most memory", max(memory for _, memory in samples), 200, unit=" MB")
