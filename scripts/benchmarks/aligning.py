"""Alignment: one text at a time, texts in batches, vectors, references; beside Python's sentence-transformers."""

import json
import random
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request

from .program import FRAMEWORK, Casement, item_of, stop_with
from .searching import ROOT
from .statements import Statements

ITEMS = 14_000  # that one text is aligned to
MANY = 100_000  # of them, searched exactly
BATCH = 10_000  # statements that get vectors, and references that are resolved
QUERIES = 200
PACKAGES = ["sentence-transformers", "numpy"]

# A worker that answers a line of JSON with one: the same texts through sentence-transformers, on the same processors.
WORKER = """
import json, sys, time
import numpy, torch
from sentence_transformers import SentenceTransformer, models
torch.set_num_threads(int(sys.argv[2]))
words = models.Transformer(sys.argv[1], max_seq_length=256)
model = SentenceTransformer(modules=[words, models.Pooling(words.get_word_embedding_dimension()), models.Normalize()], device="cpu")
items = None
for line in sys.stdin:
    asked = json.loads(line)
    begin = time.perf_counter()
    vectors = model.encode(asked["texts"], batch_size=64, show_progress_bar=False, convert_to_numpy=True)
    if asked["kind"] == "items":
        items = vectors
    elif asked["kind"] == "one":
        best = numpy.argsort(-(items @ vectors[0]))[:10]
    print(json.dumps(time.perf_counter() - begin), flush=True)
"""


class Worker:
    """The other side, ready when it has answered once."""

    def __init__(self, scratch, model, threads):
        python = scratch / "python"
        if not (python / "ready").exists():
            print("scripts/bench: installing sentence-transformers (about 5 GB) with pip", file=sys.stderr, flush=True)
            subprocess.run([sys.executable, "-m", "venv", str(python)], check=True)
            subprocess.run([str(python / "bin/pip"), "install", "--quiet", *PACKAGES], check=True)
            (python / "ready").touch()
        command = [str(python / "bin/python"), "-c", WORKER, str(model), str(threads)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.seconds("other", ["a"])

    def seconds(self, kind, texts):
        self.process.stdin.write(json.dumps({"kind": kind, "texts": texts}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            stop_with("sentence-transformers does not answer")
        return json.loads(line)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(30)


def bench_aligning(binary, stores, rounds, marks):
    model = stores.scratch / "model"
    subprocess.run([str(ROOT / "scripts/model"), str(model)], check=True, stdout=subprocess.DEVNULL)
    statements = Statements()
    fields = {"fields": statements.fields, "name": "align"}
    print(f"align: {ITEMS:,} items with statements as long as real ones; {rounds} rounds, medians\n", flush=True)
    casement = stores.of(ITEMS, **fields)
    casement.environment["CASEMENT_MODEL_DIR"] = str(model)
    worker = Worker(stores.scratch, model, threads=2)
    try:
        bench_vectors(casement, worker, statements, marks)
        bench_one(casement, worker, statements, rounds, marks)
    finally:
        worker.stop()
        casement.stop()
    bench_exact(marks)


def bench_vectors(casement, worker, statements, marks):
    """Vectors of all items anew, each side once with all texts."""
    texts = [statements.of(*divmod(index, FRAMEWORK)) for index in range(ITEMS)]
    theirs = worker.seconds("items", texts)
    shutil.rmtree(casement.directory / "vectors", ignore_errors=True)
    begin = time.perf_counter()
    run(casement, "model", "embed")
    ours = time.perf_counter() - begin
    print(f"  {'sentences/s, sentence-transformers':58} {ITEMS / theirs:16,.0f}")
    print(f"  {'sentences/s, casement model embed, from start to end':58} {ITEMS / ours:16,.0f}")
    marks.at_least("sentences/s in batches, by that of sentence-transformers", theirs / ours, 1.5)
    marks.at_most(f"vectors of {BATCH:,} statements, two threads", ours / ITEMS * BATCH, 70, unit=" s")


def bench_one(casement, worker, statements, rounds, marks):
    casement.serve()
    queries = statements.queries(QUERIES)
    wait_until_ready(casement, queries[0])
    ours, theirs, resolved = [], [], []
    for _ in range(rounds):
        for query in queries[: QUERIES // rounds]:
            ours.append(timed(casement, "/api/v1/align/text", {"text": query}))
            theirs.append(worker.seconds("one", [query]))
        resolved.append(timed(casement, "/api/v1/resolve", {"references": references()}))
    median = statistics.median(ours)
    marks.at_most(f"a text aligned to {ITEMS:,} items, median", median * 1e3, 40, unit=" ms")
    print(f"  {'… 99th percentile':58} {statistics.quantiles(ours, n=100)[98] * 1e3:13.2f} ms")
    print(f"  {'… its vector and cosines alone, sentence-transformers':58} {statistics.median(theirs) * 1e3:13.2f} ms")
    marks.at_most(f"{BATCH:,} references resolved", statistics.median(resolved), 1, unit=" s")
    marks.at_most("memory with the model, after all of it", casement.memory() / 1e6, 400, unit=" MB")


def bench_exact(marks):
    """The comparison with every vector by itself, on one thread."""
    command = ["cargo", "bench", "--quiet", "--locked", "--bench", "cosines", "--", str(MANY)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        stop_with("cargo bench failed: " + done.stderr[-2000:])
    marks.at_most(f"{MANY:,} items searched exactly, one thread", float(done.stdout.split()[-1]) * 1e3, 4, unit=" ms")


def references():
    """Of items of the store, in the shapes that documents have."""
    rng = random.Random(5)
    made = []
    for number in range(BATCH):
        index = rng.randrange(ITEMS)
        identifier, framework = item_of(ITEMS, index), index // FRAMEWORK
        title = f"Benchmark framework {framework}"
        made.append(
            (
                identifier,
                f"https://bench.example/uri/{identifier}",
                {"code": f"B{framework}.{index % FRAMEWORK}", "framework": title},
                {"targetUrl": f"https://other.example/ims/case/v1p0/CFItems/{identifier}", "targetFramework": title},
            )[number % 4]
        )
    return made


def wait_until_ready(casement, query):
    """Until meanings are compared: the server has the vectors from `casement model embed`."""
    for _ in range(600):
        if post(casement, "/api/v1/align/text", {"text": query})["methods"]["semantic"] == "on":
            return
        time.sleep(0.1)
    stop_with("the vectors are not used", casement.directory / "server.log")


def timed(casement, path, body):
    begin = time.perf_counter()
    post(casement, path, body)
    return time.perf_counter() - begin


def post(casement, path, body):
    request = urllib.request.Request(
        f"http://127.0.0.1:{casement.port}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def run(casement, *arguments):
    log = casement.directory / "command.log"
    with open(log, "ab") as end:
        done = subprocess.run([casement.binary, *arguments], env=casement.environment, stdout=end, stderr=end)
    if done.returncode != 0:
        stop_with(f"casement {' '.join(arguments)} failed", log)
