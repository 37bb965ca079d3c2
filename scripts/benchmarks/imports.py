"""How long a large package takes from its file until it is served."""

import concurrent.futures
import json
import shutil
import statistics
import time

from .packages import write_package
from .program import Casement, Client, stop_with


def bench_import(binary, scratch, rounds):
    package = scratch / "package.json"
    document = write_package(package, 1, 12_000, words=74)
    size = package.stat().st_size
    print(f"import: 12,000 items and 12,000 associations, {size / 1e6:.1f} MB, SQLite, {rounds} round{'s'[: rounds > 1]}\n")
    print(f"  {'':10} {'committed':>12} {'servable':>12} {'peak memory':>14} {'memory/file':>12}")
    results = []
    for number in range(rounds):
        casement = Casement(binary, scratch / f"import-{number}")
        casement.serve()
        try:
            begin = time.perf_counter()
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                importing = pool.submit(casement.import_files, [package])
                path = f"/ims/case/v1p1/CFPackages/{document}"
                client = Client(casement.port)
                while True:
                    status, body = client.get(path)
                    if status == 200:
                        break
                    if importing.done():
                        importing.result()
                    time.sleep(0.02)
                servable = time.perf_counter() - begin
                seconds, memory = importing.result()
            count = len(json.loads(body)["CFItems"])
            if count != 12_000:
                stop_with(f"the package came back with {count} items")
        finally:
            casement.stop()
            shutil.rmtree(casement.directory)
        results.append((seconds, servable, memory))
        show_import(f"round {number + 1}", results[-1], size)
    show_import("median", [statistics.median(column) for column in zip(*results)], size)
    package.unlink()


def show_import(name, result, size):
    seconds, servable, memory = result
    print(f"  {name:10} {seconds:10.2f} s {servable:10.2f} s {memory / 1e6:11.0f} MB {memory / size:11.1f}x", flush=True)
