"""Builds one CASE 1.1 CFPackage in memory and writes it as JSON.

Identifier rule. Whatever the source gives no UUID for gets a version 5 UUID:

    namespace  = uuid5(NAMESPACE_URL, "https://casement.example/frameworks/" + slug)
    identifier = uuid5(namespace, kind + ":" + key)

`kind` is the class ("item", "association", ...) and `key` what names the object in the source (its
code, or for an association type, origin and destination). The same source gives the same bytes.

Uri rule. Minted uris are BASE + identifier. BASE is a placeholder: the server puts its own
public address in its place when it loads the bundled frameworks.
"""

import csv
import gzip
import io
import json
import re
import uuid
from pathlib import Path

HOST = "https://casement.example/"
BASE = HOST + "uri/"

# Keys in the order the standard lists them, so that packages read alike and diffs stay small.
ORDER = [
    "CFDocument", "CFItems", "CFAssociations", "CFDefinitions", "CFRubrics",
    "CFConcepts", "CFSubjects", "CFLicenses", "CFItemTypes", "CFAssociationGroupings",
    "identifier", "uri", "frameworkType", "caseVersion", "creator", "title", "associationType",
    "sequenceNumber", "humanCodingScheme", "listEnumeration", "fullStatement", "alternativeLabel",
    "abbreviatedStatement", "CFItemType", "CFItemTypeURI", "conceptKeywords", "conceptKeywordsURI",
    "originNodeURI", "destinationNodeURI", "CFAssociationGroupingURI", "hierarchyCode", "typeCode",
    "keywords", "category", "quality", "score", "weight", "feedback", "position", "rubricId",
    "rubricCriterionId", "CFItemURI", "officialSourceURL", "publisher", "description", "licenseText",
    "notes", "subject", "subjectURI", "language", "educationLevel", "version", "adoptionStatus",
    "licenseURI", "statusStartDate", "statusEndDate", "lastChangeDateTime", "targetType",
    "CFRubricCriteria", "CFRubricCriterionLevels", "extensions",
]
RANK = {key: rank for rank, key in enumerate(ORDER)}


class Pack:
    """A CFPackage under construction."""

    def __init__(self, slug, changed):
        self.slug = slug
        self.changed = changed  # the source's own date, used where an object has none
        self.namespace = uuid.uuid5(uuid.NAMESPACE_URL, HOST + "frameworks/" + slug)
        self.doc = None
        self.items = []
        self.associations = []
        self.definitions = {}
        self.rubrics = []
        self.package_extensions = None
        self.places = {}  # how many children a parent has been given, by (parent uri, grouping)

    def mint(self, kind, key):
        return str(uuid.uuid5(self.namespace, f"{kind}:{key}"))

    def make(self, kind, key, fields):
        """An object with identifier, uri and date; `fields` may bring its own of each."""
        identifier = fields.pop("identifier", None) or self.mint(kind, key)
        uri = fields.pop("uri", None) or BASE + identifier
        made = {"identifier": identifier, "uri": uri, "lastChangeDateTime": self.changed}
        made.update(fields)
        return tidy(made)

    def document(self, **fields):
        self.doc = self.make("document", self.slug, {"caseVersion": "1.1", **fields})
        return self.doc

    def item(self, key, **fields):
        made = self.make("item", key, fields)
        self.items.append(made)
        return made

    def define(self, kind, key, **fields):
        """Adds a definition; `kind` is the list's name, for example CFItemTypes."""
        made = self.make(kind, key, fields)
        self.definitions.setdefault(kind, []).append(made)
        return made

    def associate(self, kind, origin, destination, grouping=None, **fields):
        """Joins two ends. An end is an object of a package, or a ready link to something outside."""
        origin_link, destination_link = end(origin), end(destination)
        key = f"{kind} {origin_link['uri']} {destination_link['uri']}"
        if grouping:
            key += " " + grouping["uri"]
            fields["CFAssociationGroupingURI"] = link(grouping)
        made = self.make("association", key, {
            "associationType": kind, "originNodeURI": origin_link,
            "destinationNodeURI": destination_link, **fields})
        self.associations.append(made)
        return made

    def child(self, parent, child, grouping=None, **fields):
        """Places `child` as the next child of `parent`."""
        place = (parent["uri"], grouping and grouping["uri"])
        self.places[place] = self.places.get(place, 0) + 1
        fields.setdefault("sequenceNumber", self.places[place])
        return self.associate("isChildOf", child, parent, grouping, **fields)

    def package(self):
        """The finished package. The document is as new as the newest thing in it: readers poll its date."""
        self.doc["lastChangeDateTime"] = max(
            made["lastChangeDateTime"] for made in [self.doc, *self.items, *self.associations])
        return tidy({
            "CFDocument": self.doc, "CFItems": self.items, "CFAssociations": self.associations,
            "CFDefinitions": self.definitions, "CFRubrics": self.rubrics,
            "extensions": self.package_extensions}, keep=("CFItems", "CFAssociations"))


def label(thing, limit=80):
    """The words a link shows: title, code, short statement, or the beginning of the statement."""
    for key in ("title", "humanCodingScheme", "abbreviatedStatement", "fullStatement"):
        if thing.get(key):
            text = line(thing[key])
            return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + "…"
    return thing["identifier"]


def link(thing):
    """A LinkURI to an object."""
    return {"title": label(thing), "identifier": thing["identifier"], "uri": thing["uri"]}


def end(thing):
    """An association end: an object becomes a link, a link made by `external` stays as it is."""
    return thing if set(thing) <= {"title", "identifier", "uri", "targetType"} else link(thing)


def external(title, uri, target_type=None, identifier=None):
    """An association end outside CASE."""
    return tidy({"title": line(title), "identifier": identifier or uri, "uri": uri,
                 "targetType": target_type})


def line(text):
    """One line: every run of white space becomes a space."""
    return " ".join((text or "").split())


def prose(text):
    """Text that may have line breaks: only trailing blanks and outer white space go."""
    lines = (text or "").replace("\r\n", "\n").replace("\t", " ").replace("\u00a0", " ").split("\n")
    return "\n".join(part.rstrip() for part in lines).strip()


def tidy(fields, keep=()):
    """Drops what is absent (None, "", empty list or object) and sorts the keys that remain."""
    left = {key: value for key, value in fields.items()
            if key in keep or not (value is None or value == "" or value == [] or value == {})}
    return dict(sorted(left.items(), key=lambda pair: RANK[pair[0]]))


def natural(text):
    """Sorting key that puts 2 before 10."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part)
            for part in re.findall(r"\d+|\D+", text or "")]


# Reading sources -----------------------------------------------------------------------------

def read_text(path):
    """A text file, gzipped or not, without a byte order mark."""
    path = Path(path)
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return data.decode("utf-8-sig")


def read_csv(path):
    return list(csv.DictReader(io.StringIO(read_text(path))))


def read_jsonl(path):
    return [json.loads(row) for row in read_text(path).splitlines() if row.strip()]


# Writing -------------------------------------------------------------------------------------

def render(package):
    """The package as text: one object per line, so that a change of one object is one line of diff."""
    def one(value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def rows(values, indent):
        if not values:
            return "[]"
        pad = " " * indent
        return "[\n" + ",\n".join(pad + " " + one(value) for value in values) + "\n" + pad + "]"

    parts = []
    for key, value in package.items():
        if key in ("CFItems", "CFAssociations", "CFRubrics"):
            text = rows(value, 1)
        elif key == "CFDefinitions":
            inner = [f"  {one(name)}: {rows(made, 2) if isinstance(made, list) else one(made)}"
                     for name, made in value.items()]
            text = "{\n" + ",\n".join(inner) + "\n }"
        else:
            text = one(value)
        parts.append(f" {one(key)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"
