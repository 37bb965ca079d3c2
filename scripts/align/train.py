#!/usr/bin/env python3
"""Trains what src/align/model/ holds: the ranker and the confidence, with and without a model of meanings.

    casement eval align … --features DIR     writes, for each set, what is known of every candidate
    scripts/align/train.py DIR OUT.json SET [SET …]

A set is NAME or NAME:FAMILY. Needs Python 3.11, numpy, scikit-learn and lightgbm from PyPI. Deterministic: the seeds
are below, and the folds depend only on the names of queries. Nothing that is licensed non-commercially may be among
the sets that train what ships; such sets only measure.
"""
import json
import sys
import zlib

import lightgbm
import numpy
from sklearn.linear_model import LogisticRegression

FOLDS = 5
TREES = 200
FIXED = 0.3  # how much the hand-set sum counts beside the ranker
SEED = 7
PARAMETERS = dict(
    objective="lambdarank", num_leaves=15, learning_rate=0.06, min_data_in_leaf=40, feature_fraction=0.6,
    bagging_fraction=0.8, bagging_freq=1, lambda_l2=5.0, lambdarank_truncation_level=30, seed=SEED,
    deterministic=True, force_col_wise=True, num_threads=2, verbose=-1,
)
NOTHING = 2.0  # how much more a query counts for confidence when nothing fits it
CALIBRATED = 10  # how many of the ranked are looked at for confidence


def main():
    folder, out, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    features = json.load(open(f"{folder}/names.json", encoding="utf-8"))
    sets = {name.split(":")[0]: load(folder, name.split(":")[0], len(features)) for name in names}
    families = {name.split(":")[0]: name.split(":")[-1] for name in names}
    columns = {name: at for at, name in enumerate(features)}

    held_out = {name: [None] * len(queries) for name, queries in sets.items()}
    for fold in range(FOLDS):
        trees = train(sets, lambda query: fold_of(query) != fold)
        for name, queries in sets.items():
            for at, query in enumerate(queries):
                if fold_of(query) == fold:
                    held_out[name][at] = blend(trees, query, columns["fixed"])
    measure("held out by query", sets, held_out)

    unseen = {}
    for family in sorted(set(families.values())):
        trees = train({name: one for name, one in sets.items() if families[name] != family}, lambda _: True)
        for name in sets:
            if families[name] == family:
                unseen[name] = [blend(trees, query, columns["fixed"]) for query in sets[name]]
    measure("held out by family", sets, unseen)

    first, others = calibrate(sets, held_out, columns)
    trees = train(sets, lambda _: True)
    text = json.dumps({
        "ranker": {"features": features, "trees": [tree(one["tree_structure"]) for one in trees.dump_model()["tree_info"]]},
        "fixed": FIXED, "first": first, "others": others,
    }, separators=(",", ":"))
    open(out, "w", encoding="utf-8").write(text + "\n")


def load(folder, name, width):
    rows = numpy.fromfile(f"{folder}/{name}.f32", dtype="<f4").reshape(-1, width)
    queries, at = [], 0
    for line in open(f"{folder}/{name}.jsonl", encoding="utf-8"):
        one = json.loads(line)
        labels = numpy.array(one["labels"], dtype=numpy.int8)
        queries.append({"id": one["id"], "gold": one["gold"], "labels": labels, "rows": rows[at:at + one["n"]]})
        at += one["n"]
    return queries


def fold_of(query):
    return zlib.crc32(query["id"].encode()) % FOLDS


def train(sets, is_in):
    rows, labels, groups, weights = [], [], [], []
    for queries in sets.values():
        # A set counts for what it is about, not for its size.
        weight = min(3.0, max(0.2, 500 / len(queries)))
        for query in queries:
            if query["labels"].sum() > 0 and is_in(query):
                rows.append(query["rows"])
                labels.append(query["labels"])
                groups.append(len(query["labels"]))
                weights.append(numpy.full(len(query["labels"]), weight))
    data = lightgbm.Dataset(numpy.vstack(rows), numpy.concatenate(labels), group=groups, weight=numpy.concatenate(weights))
    return lightgbm.train(PARAMETERS, data, TREES)


def apart(scores):
    return (scores - scores.mean()) / (scores.std() + 1e-6)


def blend(trees, query, fixed):
    if not len(query["rows"]):
        return numpy.zeros(0)
    return apart(trees.predict(query["rows"])) + FIXED * apart(query["rows"][:, fixed])


def measure(what, sets, scores):
    print(f"{what:24s}   MRR   R@10  RP@5")
    means = []
    for name, queries in sets.items():
        each = []
        for query, of in zip(queries, scores[name]):
            if query["gold"]:
                found = query["labels"][numpy.argsort(-of, kind="stable")]
                places = numpy.flatnonzero(found[:50])
                each.append((1 / (places[0] + 1) if len(places) else 0, found[:10].sum() / query["gold"],
                             found[:5].sum() / min(5, query["gold"])))
        if each:
            means.append(numpy.mean(each, axis=0))
            print(f"  {name:22s}  " + "  ".join(f"{value:.3f}" for value in means[-1]))
    print(f"  {'macro':22s}  " + "  ".join(f"{value:.3f}" for value in numpy.mean(means, axis=0)))


def inputs(scores, rows, columns):
    """As `rank::inputs` has them: src/align/rank.rs."""
    best = scores[0]
    shares = numpy.exp(scores - best)
    shares = shares / shares.sum()
    score = lambda at: scores[at] if at < len(scores) else -5.0
    of = lambda name: rows[:, columns[name]]
    count = len(scores)
    return numpy.column_stack([
        scores, scores - numpy.append(scores[1:], -5.0), best - scores,
        numpy.full(count, best - score(1)), numpy.full(count, best - score(4)), numpy.log(numpy.maximum(shares, 1e-30)),
        of("cosine"), of("cosine_full"), of("cosine_notes"), of("cosine_piece"), of("statement_share"),
        of("everything_share"), of("item_covered"), of("query_covered"), of("piece_overlap"), of("label_overlap"),
        numpy.maximum(of("phrase"), of("label_phrase")), numpy.maximum(of("grade_gap"), 0), of("grade_known"),
        of("query_words"), of("item_words"), of("fixed"),
    ])


def calibrate(sets, held_out, columns):
    """Logistic models of whether the first, and whether one of the next, is right; on scores held out."""
    firsts, others = [], []
    for name, queries in sets.items():
        weight = min(3.0, max(0.2, 500 / len(queries)))
        for query, scores in zip(queries, held_out[name]):
            if not len(scores):
                continue
            order = numpy.argsort(-scores, kind="stable")
            own = weight if query["gold"] else weight * NOTHING
            told = inputs(scores[order], query["rows"][order], columns)[:CALIBRATED]
            right = query["labels"][order][:CALIBRATED]
            firsts.append((told[:1], right[:1], numpy.full(1, own), fold_of(query), name, query["gold"] > 0))
            others.append((told[1:], right[1:], numpy.full(len(right) - 1, own)))
    check(firsts)
    return logistic(firsts), logistic(others)


def fit(parts):
    told = numpy.vstack([part[0] for part in parts])
    right = numpy.concatenate([part[1] for part in parts])
    weight = numpy.concatenate([part[2] for part in parts])
    mean, spread = told.mean(axis=0), told.std(axis=0) + 1e-6
    model = LogisticRegression(C=0.3, max_iter=2000)
    model.fit(numpy.clip((told - mean) / spread, -4, 4), right, sample_weight=weight)
    return mean, spread, model


def logistic(parts):
    mean, spread, model = fit(parts)
    numbers = lambda of: [round(float(one), 6) for one in of]
    return {"mean": numbers(mean), "spread": numbers(spread), "weights": numbers(model.coef_[0]),
            "bias": round(float(model.intercept_[0]), 6)}


def check(parts):
    """Calibration of the first answer, with models that did not see the query."""
    said, right, names, fits = [], [], [], []
    for fold in range(FOLDS):
        mean, spread, model = fit([part for part in parts if part[3] != fold])
        for told, truth, _, own, name, is_fitted in parts:
            if own == fold:
                said.append(model.predict_proba(numpy.clip((told - mean) / spread, -4, 4))[0, 1])
                right.append(truth[0])
                names.append(name)
                fits.append(is_fitted)
    said, right, names, fits = numpy.array(said), numpy.array(right), numpy.array(names), numpy.array(fits)
    print("first answers              error  right  said>=.5 (right)  said>=.8 (right)")
    errors = []
    for name in dict.fromkeys(names):
        own = names == name
        order = numpy.argsort(said[own])
        bins = [one for one in numpy.array_split(order, 15) if len(one)]
        error = sum(len(one) * abs(said[own][one].mean() - right[own][one].mean()) for one in bins) / own.sum()
        errors.append(error)
        line = f"  {name:22s}   {error:.3f}  {right[own].mean():.3f}"
        for least in (0.5, 0.8):
            sure = said[own] >= least
            line += f"  {sure.mean():.3f} ({right[own][sure].mean() if sure.any() else 0:.3f})"
        print(line)
    print(f"  mean error               {numpy.mean(errors):.3f}")
    for least in (0.5, 0.8):
        sure = said >= least
        print(f"  all said >= {least}: share {sure.mean():.3f}, right {right[sure].mean():.3f}")
    refusals(said, right == 1, fits)


def refusals(said, right, fits):
    """What comes of refusing below a confidence (REFUSED_BELOW in src/align/engine.rs), as if half of all fitted nothing."""
    if fits.all():
        return
    for least in (0.15, 0.2, 0.25, 0.3, 0.35, 0.4):
        refused = said < least
        found, wrong = refused[~fits].mean(), refused[fits].mean()
        f1 = 2 * found / (found + wrong + 1)
        print(f"  refused below {least:.2f}: F1 {f1:.3f}, of the right ones {refused[right].mean():.3f}")


def tree(structure):
    """One tree as src/align/trees.rs reads it."""
    questions, values = [], []

    def walk(node):
        if "leaf_value" in node:
            values.append(round(node["leaf_value"], 6))
            return -len(values)
        at = len(questions)
        questions.append(None)
        left, right = walk(node["left_child"]), walk(node["right_child"])
        questions[at] = (node["split_feature"], float(numpy.float32(node["threshold"])), left, right)
        return at

    walk(structure)
    columns = list(zip(*questions)) if questions else [(), (), (), ()]
    return {"feature": columns[0], "most": [float(f"{most:.7g}") for most in columns[1]], "left": columns[2],
            "right": columns[3], "values": values}


if __name__ == "__main__":
    main()
