"""Single items from a small and from a large store, asked in turns by clients of this program."""

import concurrent.futures
import itertools
import multiprocessing
import random
import statistics
import time

from .program import FEW, Client, item_of, stop_with

READS = [
    ("permalink of any item", "/uri/{}.json", False),
    ("CFItem, any item", "/ims/case/v1p1/CFItems/{}", False),
    (f"CFItem, the same {FEW:,} over and over", "/ims/case/v1p1/CFItems/{}", True),
]


def ask(port, items, target, hot, seed, seconds):
    """One connection, one request after the other for that long: the seconds each took."""
    rng = random.Random(seed)
    known = random.Random(0).sample(range(items), FEW) if hot else range(items)
    client = Client(port)
    taken = []
    now = time.perf_counter()
    end = now + seconds
    while now < end:
        path = target.format(item_of(items, rng.choice(known)))
        begin = time.perf_counter()
        status, body = client.get(path)
        now = time.perf_counter()
        if status != 200:
            stop_with(f"{path} answered {status}: {body[:200]!r}")
        taken.append(now - begin)
    return taken


def one_round(pool, port, items, target, hot, connections, seed, seconds):
    jobs = [pool.submit(ask, port, items, target, hot, seed * 1000 + n, seconds) for n in range(connections)]
    taken = sorted(one for job in jobs for one in job.result())
    return {
        "requests/s": len(taken) / seconds,
        "median ms": taken[len(taken) // 2] * 1000,
        "p95 ms": taken[len(taken) * 95 // 100] * 1000,
        "p99 ms": taken[len(taken) * 99 // 100] * 1000,
    }


def bench_reads(stores, many, rounds, seconds):
    few = FEW
    print(f"reads: single items from {few:,} and from {many:,} stored ones, SQLite\n", flush=True)
    servers = {items: stores.of(items) for items in (few, many)}
    try:
        for casement in servers.values():
            casement.serve()
        context = multiprocessing.get_context("fork")
        for (what, target, hot), connections in itertools.product(READS, (1, 4)):
            with concurrent.futures.ProcessPoolExecutor(connections, mp_context=context) as pool:
                for items, casement in servers.items():
                    one_round(pool, casement.port, items, target, hot, connections, 0, 1.0)
                results = {few: [], many: []}
                for number in range(1, rounds + 1):
                    # Who is first changes, so that neither gains by it.
                    for items in (few, many) if number % 2 else (many, few):
                        port = servers[items].port
                        turn = one_round(pool, port, items, target, hot, connections, number, seconds)
                        results[items].append(turn)
            show_reads(f"{what}, {connections} connection{'s'[: connections > 1]}", rounds, results, few, many)
        for items, casement in servers.items():
            print(f"\n  memory of the server with {items:>9,} items: {casement.memory() / 1e6:.0f} MB", end="")
        print()
    finally:
        for casement in servers.values():
            casement.stop()


def show_reads(what, rounds, results, few, many):
    print(f"\n  {what}, {rounds} rounds; medians")
    print(f"  {'':12} {f'{few:,} items':>16} {f'{many:,} items':>18} {'ratio':>8} {'of rounds':>16}")
    for name in results[few][0]:
        a = [one[name] for one in results[few]]
        b = [one[name] for one in results[many]]
        ratios = [y / x for x, y in zip(a, b)]
        span = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(
            f"  {name:12} {statistics.median(a):16,.3f} {statistics.median(b):18,.3f} "
            f"{statistics.median(ratios):8.2f} {span:>16}",
            flush=True,
        )
