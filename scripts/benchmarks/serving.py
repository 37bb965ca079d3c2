"""Casement beside nginx with the same bytes in files, in turns; memory; and the cold start."""

import random
import statistics
import time

from .nginx import Nginx, Wrk
from .packages import identifier, write_package
from .program import FEW, FRAMEWORK, Casement, Client, item_of, stop_with

JSON = "Accept: application/json"
ITEM = "/ims/case/v1p1/CFItems/"
PACKAGE = "/ims/case/v1p1/CFPackages/"
# Of how many items `any` is one, taken at random: several times what Casement keeps in memory.
ANY = 100_000
# What is asked for, where, and whether the client has it already.
KINDS = [("CFItem", ITEM, False), ("permalink", "/uri/", False), ("CFItem, 304", ITEM, True)]


def bench_serving(stores, many, rounds, seconds, marks):
    print("serving: requests a second beside nginx with the same bytes as files, in turns; wrk, 2 threads, 32 connections;")
    print(f"  medians of {rounds} rounds of {seconds:g} s; µs is the processor time of the server for one request\n")
    for items in (FEW, many):
        casement = stores.of(items)
        www = copy_items(casement, stores.scratch / f"www-{items}", items)
        casement.serve()
        nginx = Nginx(stores.scratch / "nginx", www / "items", www, casement, item_of(items, 0))
        try:
            same_answers(casement, nginx, www)
            bench_items(casement, nginx, www, items, Wrk(stores.scratch, seconds, 32), rounds, marks)
            if items == many:
                ask_packages(casement, items)
                memory = casement.memory()
                print()
                marks.at_most(f"memory after that, {items:,} items stored", memory / 1e6, 200, unit=" MB")
        finally:
            nginx.stop()
            casement.stop()


def bench_items(casement, nginx, www, items, wrk, rounds, marks):
    lists = [(f"the same {FEW:,}", www / "few.txt")] + [("any", www / "all.txt")] * (items > FEW)
    print(f"\n  {f'{items:,} items stored':34} {'nginx':>8} {'µs':>5} {'Casement':>9} {'µs':>5} {'p99 ms':>8} {'ratio':>6} {'of rounds':>13}")
    for what, prefix, conditional in KINDS:
        for which, listed in lists:
            ratio = in_turns(casement, nginx, wrk, rounds, f"{what}, {which}", listed, prefix, JSON + "|", conditional)
            marks.at_least(f"  ratio, {what}, {which}", ratio, 1.0 if conditional else 0.5)


def in_turns(casement, nginx, wrk, rounds, what, listed, prefix, headers, conditional=False):
    """The median ratio of Casement's requests a second to nginx's."""
    servers = [(nginx, 2 * conditional), (casement, 1 * conditional)]
    for server, column in servers:
        wrk.run(server.port, listed, prefix, headers, column, 0.0, seconds=2)
    results = {nginx: [], casement: []}
    for number in range(rounds):
        # Who is first changes, so that neither gains by it. Each turn begins somewhere else.
        for server, column in servers if number % 2 else reversed(servers):
            before = server.processor()
            turn = wrk.run(server.port, listed, prefix, headers, column, random.random())
            turn["micros"] = (server.processor() - before) / max(1, turn["requests"]) * 1e6
            results[server].append(turn)
    ratios = [ours["rate"] / theirs["rate"] for theirs, ours in zip(results[nginx], results[casement])]
    theirs, ours = ({key: statistics.median(turn[key] for turn in turns) for key in turns[0]} for turns in results.values())
    ratio = statistics.median(ratios)
    print(
        f"  {what:34} {theirs['rate']:8,.0f} {theirs['micros']:5.0f} {ours['rate']:9,.0f} {ours['micros']:5.0f} "
        f"{ours['p99']:8.2f} {ratio:6.2f} {f'{min(ratios):.2f} to {max(ratios):.2f}':>13}",
        flush=True,
    )
    return ratio


def copy_items(casement, www, items):
    """Casement's answers as files, and lists of them for wrk; taken from an earlier run if whole."""
    whole = www / "whole"
    if whole.exists():
        return www
    begin = time.perf_counter()
    (www / "items").mkdir(parents=True, exist_ok=True)
    casement.serve()
    try:
        client = Client(casement.port)
        order = random.Random(1).sample(range(items), min(items, ANY))
        with open(www / "all.txt", "w", encoding="ascii") as listed:
            for index in order:
                one = item_of(items, index)
                status, body = client.get(ITEM + one)
                if status != 200:
                    stop_with(f"{one} answered {status}: {body[:200]!r}")
                path = www / "items" / one
                path.write_bytes(body)
                listed.write(f"{one} {client.header('etag')} {nginx_tag(path)}\n")
    finally:
        casement.stop()
    with open(www / "all.txt", encoding="ascii") as listed:
        (www / "few.txt").write_text("".join(line for line, _ in zip(listed, range(FEW))))
    whole.touch()
    print(f"  {len(order):,} answers written to files: {time.perf_counter() - begin:.0f} s", flush=True)
    return www


def nginx_tag(path):
    stat = path.stat()
    return f'"{int(stat.st_mtime):x}-{stat.st_size:x}"'


def same_answers(casement, nginx, www):
    """Both answer with the same bytes, and with 304 to who has them."""
    with open(www / "few.txt", encoding="ascii") as listed:
        known = [line.split()[0] for line in listed]
    for one in random.Random(2).sample(known, 20):
        for prefix in (ITEM, "/uri/"):
            path = prefix + one
            bodies = set()
            for server in (casement, nginx):
                client = Client(server.port)
                bodies.add(client.get(path, JSON + "\r\n"))
                status, _ = client.get(path, f"{JSON}\r\nIf-None-Match: {client.header('etag')}\r\n")
                if status != 304:
                    stop_with(f"{path} of port {server.port} answered {status} in place of 304")
            if len(bodies) != 1 or next(iter(bodies))[0] != 200:
                stop_with(f"{path} is not the same on both servers: {bodies}")


def ask_packages(casement, items):
    """Asks for some packages, as they come and compressed, and for them again once rendered."""
    client = Client(casement.port)
    for _ in range(2):
        for framework in range(min(20, items // FRAMEWORK)):
            for headers in ("", "Accept-Encoding: gzip\r\n"):
                client.get(PACKAGE + identifier(framework, "document"), headers)
        time.sleep(5)


def bench_package(binary, scratch, rounds, seconds, marks):
    """One large package, compressed, beside nginx with the compressed file."""
    store, www = scratch / "package", scratch / "www-package"
    casement = Casement(binary, store)
    path = scratch / "package.json"
    document = write_package(path, 1, 12_000, words=74)
    if not (store / "whole").exists():
        casement.import_files([path])
        (store / "whole").touch()
    path.unlink()
    www.mkdir(exist_ok=True)
    casement.serve()
    headers = "Accept: application/json\r\nAccept-Encoding: gzip\r\n"
    try:
        client = Client(casement.port)
        for _ in range(300):
            # Until it is rendered, it is sent as it is read.
            _, body = client.get(PACKAGE + document, headers)
            if client.header("transfer-encoding") is None:
                break
            time.sleep(0.2)
        (www / f"{document}.gz").write_bytes(body)
        (www / document).write_bytes(b"only the compressed form is asked for")
        (www / "package.txt").write_text(f"{document} - -\n")
        nginx = Nginx(scratch / "nginx", www, www, casement, identifier(1, 0))
        try:
            other = Client(nginx.port)
            if other.get(PACKAGE + document, headers)[1] != body:
                stop_with("the package of nginx is another")
            print(f"\n  a package of 12,000 items, gzip, {len(body) / 1e6:.1f} MB")
            wrk = Wrk(scratch, seconds, 8)
            asked = headers.replace("\r\n", "|")
            ratio = in_turns(casement, nginx, wrk, rounds, "  CFPackage, gzip", www / "package.txt", PACKAGE, asked)
            marks.at_least("  ratio, CFPackage, gzip", ratio, 0.9)
            firsts = [(c.first_byte(PACKAGE + document, headers) * 1000 for c in (client, other)) for _ in range(100)]
            ours, theirs = (statistics.median(column) for column in zip(*firsts))
            print(f"  median time to the first byte, one client: nginx {theirs:.2f} ms, Casement {ours:.2f} ms")
            marks.at_most("  first byte after nginx's", ours - theirs, 5, unit=" ms")
        finally:
            nginx.stop()
    finally:
        casement.stop()


def bench_start(stores, many, rounds, marks):
    """Start with nothing of the files in memory, to the first answer; and the memory then."""
    print(f"\n  cold start with {many:,} items stored: the files of the store and the program dropped from memory")
    casement = stores.of(many)
    starts, memories = [], []
    path = ITEM + item_of(many, many // 2)
    for _ in range(rounds):
        casement.forget_files()
        begin = time.perf_counter()
        casement.serve()
        try:
            status, _ = Client(casement.port).get(path)
            starts.append(time.perf_counter() - begin)
            if status != 200:
                stop_with(f"{path} answered {status}")
            time.sleep(2)
            memories.append(casement.memory() / 1e6)
        finally:
            casement.stop()
    shown = f"{statistics.median(starts):.3f} s"
    marks.at_most("  start to first answer, the slowest of " + str(rounds), max(starts), 1.0, unit=" s")
    print(f"  median {shown}")
    marks.at_most("  idle memory after one answer", max(memories), 200, unit=" MB")
