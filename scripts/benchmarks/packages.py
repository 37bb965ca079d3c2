"""Made-up packages: always the same bytes for the same arguments."""

import hashlib
import json
import random
import uuid

TIME = "2026-01-02T03:04:05+00:00"
WORDS = (
    "analyse compare describe explain apply evaluate design model measure solve number ratio function "
    "evidence argument source language data system energy matter structure pattern cause effect scale "
    "proportion change stability text reader writer purpose audience claim reasoning strategy context"
).split()


def identifier(*name):
    """A UUID of version 4 in form, always the same for the same name."""
    return str(uuid.UUID(bytes=hashlib.md5(repr(name).encode()).digest(), version=4))


def sentence(rng, words):
    return " ".join(rng.choices(WORDS, k=words)).capitalize() + "."


def write_package(path, framework, items, words, edition=0, fields=None):
    """Streams a package: items in a tree of tens, each with as many words of text and notes. An
    edition above 0 stands in every item's `humanCodingScheme`. What `fields` has for an item takes
    the place of its own."""
    rng = random.Random(framework)
    base = "https://bench.example/uri/"
    document = identifier(framework, "document")
    title = f"Benchmark framework {framework}"

    def link(title, identifier):
        return {"title": title, "identifier": identifier, "uri": base + identifier}

    def lines(one):
        for index in range(items):
            yield ("" if index == 0 else ",\n") + json.dumps(one(index), separators=(",", ":"))

    def item(index):
        ours = identifier(framework, index)
        made = {
            "identifier": ours,
            "uri": base + ours,
            "fullStatement": sentence(rng, words),
            "humanCodingScheme": f"Edition {edition}" if edition else f"B{framework}.{index}",
            "CFItemType": "Standard",
            "language": "en",
            "educationLevel": ["09", "10"],
            "lastChangeDateTime": TIME,
        }
        if words > 20:
            made["abbreviatedStatement"] = sentence(rng, 8)
            made["notes"] = sentence(rng, words)
        if fields:
            made.update(fields(framework, index))
        return made

    def association(index):
        ours = identifier(framework, index, "parent")
        parent = document if index < 10 else identifier(framework, index // 10)
        above = title if index < 10 else f"B{framework}.{index // 10}"
        return {
            "identifier": ours,
            "uri": base + ours,
            "associationType": "isChildOf",
            "sequenceNumber": index % 10 + 1,
            "originNodeURI": link(f"B{framework}.{index}", identifier(framework, index)),
            "destinationNodeURI": link(above, parent),
            "lastChangeDateTime": TIME,
        }

    head = {
        "identifier": document,
        "uri": base + document,
        "creator": "scripts/bench",
        "title": title,
        "language": "en",
        "adoptionStatus": "Draft",
        "lastChangeDateTime": TIME,
    }
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"CFDocument":' + json.dumps(head) + ',\n"CFItems":[\n')
        file.writelines(lines(item))
        file.write('],\n"CFAssociations":[\n')
        file.writelines(lines(association))
        file.write("]}\n")
    return document
