"""The Casement Reference Framework: our own, from the TOML files in its source folder.

It fills every property of CASE 1.1 and is written to be read as well. The one item of another
framework in it (the "alias") is the NICE package's item unchanged; its association names its home.
"""

import tomllib

from casepack import Pack, external, link, prose, read_text

SLUG = "casement-reference"
TYPE_BY_DEPTH = ["Domain", "Strand", "Standard", "Component"]


def build(root, built):
    source = root / SLUG / "source"
    frame, outline, links = (tomllib.loads(read_text(source / name))
                             for name in ("framework.toml", "items.toml", "links.toml"))
    pack = Pack(SLUG, frame["changed"])
    terms = define_terms(pack, frame, source)
    document = add_document(pack, frame, terms)
    items = add_items(pack, document, outline["item"], terms)
    add_aliases(pack, items, links["alias"], built)
    add_level_tree(pack, document, outline["item"], items, terms["levels"])
    for entry in links["link"]:
        add_link(pack, items, entry, terms, built)
    for entry in frame["rubric"]:
        add_rubric(pack, items, entry)
    return pack.package()


def define_terms(pack, frame, source):
    """All definitions; returned by code (item types by title, as items name them)."""
    terms = {}
    for entry in frame["concept"]:
        terms[entry["code"]] = pack.define(
            "CFConcepts", entry["code"], title=entry["title"], hierarchyCode=entry["code"],
            keywords=entry["keywords"], description=entry["description"], extensions=entry.get("extensions"))
    for entry in frame["subject"]:
        terms[entry["code"]] = pack.define(
            "CFSubjects", entry["code"], title=entry["title"], hierarchyCode=entry["code"],
            description=entry["description"], extensions=entry.get("extensions"))
    for entry in frame["licence"]:
        terms[entry["code"]] = pack.define(
            "CFLicenses", entry["code"], title=entry["title"], description=entry["description"],
            licenseText=prose(read_text(source / entry["text_file"])), extensions=entry.get("extensions"))
    for entry in frame["itemType"]:
        terms[entry["title"]] = pack.define(
            "CFItemTypes", entry["code"], title=entry["title"], hierarchyCode=entry["code"],
            typeCode=entry["typeCode"], description=entry["description"], extensions=entry.get("extensions"))
    for entry in frame["grouping"]:
        terms[entry["code"]] = pack.define(
            "CFAssociationGroupings", entry["code"], title=entry["title"], description=entry["description"],
            extensions=entry.get("extensions"))
    pack.definitions["extensions"] = frame["definitions"]["extensions"]
    pack.package_extensions = frame["package"]["extensions"]
    return terms


def add_document(pack, frame, terms):
    fields = dict(frame["document"])
    fields["description"] = prose(fields["description"])
    fields["notes"] = prose(fields["notes"])
    fields["subjectURI"] = [link(terms[code]) for code in fields["subjectURI"]]
    fields["licenseURI"] = link(terms[fields["licenseURI"]])
    return pack.document(**fields)


def add_items(pack, document, entries, terms):
    items = {}
    for entry in entries:
        code = entry["code"]
        kind = entry.get("type") or TYPE_BY_DEPTH[code.count(".")]
        subjects = [terms[subject] for subject in entry.get("subjects", [])]
        concept, licence = terms.get(entry.get("concept")), terms.get(entry.get("licence"))
        items[code] = pack.item(
            code, humanCodingScheme=code, fullStatement=prose(entry["text"]), abbreviatedStatement=entry["short"],
            alternativeLabel=entry.get("alternative"), listEnumeration=entry.get("list"), CFItemType=kind,
            CFItemTypeURI=link(terms[kind]), conceptKeywords=entry.get("keywords"),
            conceptKeywordsURI=concept and link(concept), notes=prose(entry.get("notes")),
            subject=[made["title"] for made in subjects], subjectURI=[link(made) for made in subjects],
            language=entry.get("language"), educationLevel=entry.get("grades"), licenseURI=licence and link(licence),
            statusStartDate=entry.get("start"), statusEndDate=entry.get("end"),
            lastChangeDateTime=entry.get("changed", pack.changed), extensions=entry.get("extensions"))

    children = {}
    for entry in entries:
        parent = entry.get("under") or entry["code"].rpartition(".")[0]
        children.setdefault(parent, []).append(entry)
    for parent, below in children.items():
        ordered = [entry for entry in below if "place" not in entry]
        for entry in sorted((entry for entry in below if "place" in entry), key=lambda entry: entry["place"]):
            ordered.insert(entry["place"] - 1, entry)
        for entry in ordered:
            pack.child(items[parent] if parent else document, items[entry["code"]])

    for entry in entries:
        if "translates" in entry:
            pack.associate("isTranslationOf", items[entry["code"]], items[entry["translates"]])
    return items


def add_aliases(pack, items, entries, built):
    for entry in entries:
        home = built[entry["slug"]]
        foreign = by_code(home, entry["code"])
        pack.items.append(foreign)
        pack.child(items[entry["under"]], foreign, extensions={
            "sourceDocumentIdentifier": home["CFDocument"]["identifier"],
            "sourceDocumentURI": home["CFDocument"]["uri"]})


def add_level_tree(pack, document, entries, items, grouping):
    """The alternative tree: levels under the document, standards under their level."""
    for code in ("L1", "L2", "L3", "L4"):
        pack.child(document, items[code], grouping)
    first = True
    for entry in sorted((entry for entry in entries if "level" in entry), key=lambda entry: entry["code"]):
        fields = {}
        if first:  # this association fills every optional property of a CFAssociation
            first = False
            fields = {"notes": "The level at which the standard is *first* expected.",
                      "extensions": {"agreedBy": "editorial board", "confidence": 0.9},
                      "originNodeURI": {**link(items[entry["code"]]), "targetType": "CASE"},
                      "destinationNodeURI": {**link(items[entry["level"]]), "targetType": "CASE"}}
        pack.child(items[entry["level"]], items[entry["code"]], grouping, **fields)


def add_link(pack, items, entry, terms, built):
    if isinstance(entry["to"], dict):
        to = entry["to"]
        destination = external(to["title"], to["uri"], to.get("targetType"), to["identifier"])
    else:
        target = by_code(built[entry["slug"]], entry["to"]) if "slug" in entry else items[entry["to"]]
        destination = {**link(target), **({"targetType": entry["targetType"]} if "targetType" in entry else {})}
    pack.associate(entry["type"], items[entry["from"]], destination, terms.get(entry.get("grouping")),
                   notes=entry.get("notes"), extensions=entry.get("extensions"),
                   lastChangeDateTime=entry.get("changed", pack.changed))


def by_code(package, code):
    found = [item for item in package["CFItems"] if item.get("humanCodingScheme") == code]
    if len(found) != 1:
        raise ValueError(f"{len(found)} items have the code {code} in {package['CFDocument']['title']}")
    return found[0]


def add_rubric(pack, items, entry):
    rubric = pack.make("rubric", entry["code"], {
        "title": entry["title"], "description": prose(entry["description"]), "extensions": entry.get("extensions")})
    rubric["CFRubricCriteria"] = []
    for position, row in enumerate(entry["criterion"], start=1):
        key = f"{entry['code']}/{row['code']}"
        criterion = pack.make("criterion", key, {
            "category": row["category"], "description": row["description"], "CFItemURI": link(items[row["item"]]),
            "weight": row["weight"], "position": position, "rubricId": rubric["identifier"],
            "extensions": row.get("extensions")})
        colours = row.get("level_extensions", [None] * len(row["levels"]))
        criterion["CFRubricCriterionLevels"] = [
            pack.make("level", f"{key}/{at}", {
                "quality": entry["qualities"][at - 1], "score": entry["scores"][at - 1], "description": description,
                "feedback": feedback, "position": at, "rubricCriterionId": criterion["identifier"],
                "extensions": colours[at - 1]})
            for at, (description, feedback) in enumerate(row["levels"], start=1)]
        rubric["CFRubricCriteria"].append(criterion)
    pack.rubrics.append(rubric)
