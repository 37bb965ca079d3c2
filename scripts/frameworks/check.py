"""Checks a finished CFPackage: what the CASE schema cannot say, and the slips it lets through.

Validation against the official JSON schema is the test suite's work; this file needs no schema.
"""

import re
from collections import Counter

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
MULTI_LINE = {"fullStatement", "description", "notes", "licenseText", "feedback"}
LISTS = ("CFConcepts", "CFSubjects", "CFLicenses", "CFItemTypes", "CFAssociationGroupings")


def problems(package):
    """Every problem found, as sentences. An empty list means the package is sound."""
    found = []
    say = found.append
    document, items, associations = package["CFDocument"], package["CFItems"], package["CFAssociations"]
    definitions = package.get("CFDefinitions", {})

    walk(package, "package", say)

    owned = [("CFDocument", document)]
    owned += [("CFItem", made) for made in items] + [("CFAssociation", made) for made in associations]
    owned += [(name, made) for name in LISTS for made in definitions.get(name, [])]
    for rubric in package.get("CFRubrics", []):
        owned.append(("CFRubric", rubric))
        for criterion in rubric.get("CFRubricCriteria", []):
            owned.append(("CFRubricCriterion", criterion))
            if criterion.get("rubricId", rubric["identifier"]) != rubric["identifier"]:
                say(f"criterion {criterion['identifier']} names another rubric")
            for level in criterion.get("CFRubricCriterionLevels", []):
                owned.append(("CFRubricCriterionLevel", level))
                if level.get("rubricCriterionId", criterion["identifier"]) != criterion["identifier"]:
                    say(f"level {level['identifier']} names another criterion")
    for identifier, count in Counter(made["identifier"] for _, made in owned).items():
        if count > 1:
            say(f"identifier {identifier} is used {count} times")
    for kind, made in owned:
        if not UUID.fullmatch(made["identifier"]):
            say(f"{kind} identifier {made['identifier']} is not a version 1 to 5 UUID")

    by_identifier = {made["identifier"]: made for _, made in owned}
    by_uri = {made["uri"]: made for _, made in owned}
    for where, found_link in links(package):
        target = by_identifier.get(found_link["identifier"])
        if target and target["uri"] != found_link["uri"]:
            say(f"{where} link to {found_link['identifier']} has another uri than the object")
        if found_link["uri"] in by_uri and not target:
            say(f"{where} link to {found_link['uri']} has another identifier than the object")

    parents = {}
    for made in associations:
        if made["associationType"] != "isChildOf":
            continue
        if "sequenceNumber" not in made:
            say(f"isChildOf {made['identifier']} has no sequenceNumber")
        if "CFAssociationGroupingURI" not in made:
            parents.setdefault(made["originNodeURI"]["identifier"], []).append(
                made["destinationNodeURI"]["identifier"])
    for made in items:
        up = parents.get(made["identifier"], [])
        if len(up) != 1:
            say(f"item {made['identifier']} has {len(up)} parents in the ungrouped tree")
        seen, at = set(), made["identifier"]
        while at != document["identifier"]:
            if at in seen:
                say(f"item {made['identifier']} is in a circle")
                break
            seen.add(at)
            if not parents.get(at):
                say(f"item {made['identifier']} is not reachable from the document")
                break
            at = parents[at][0]
    return found


def walk(value, where, say):
    """Looks at every value: nothing null, nothing empty, no line breaks where the type forbids them."""
    if value is None:
        say(f"{where} is null")
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "extensions":
                continue
            here = f"{where}.{key}"
            if isinstance(inner, str):
                if not inner.strip():
                    say(f"{here} is empty")
                if key not in MULTI_LINE and re.search(r"[\r\n\t]", inner):
                    say(f"{here} has a line break or tab")
                if key in ("statusStartDate", "statusEndDate") and not DATE.fullmatch(inner):
                    say(f"{here} is not a date: {inner}")
                if key == "lastChangeDateTime" and not DATE_TIME.fullmatch(inner):
                    say(f"{here} is not a date-time with a zone: {inner}")
            walk(inner, here, say)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            walk(inner, f"{where}[{at}]", say)


def links(value, where=""):
    """Every link object in the package with the property it sits in."""
    if isinstance(value, dict):
        if {"title", "identifier", "uri"} <= set(value) <= {"title", "identifier", "uri", "targetType"}:
            yield where, value
        for key, inner in value.items():
            if key != "extensions":
                yield from links(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from links(inner, where)
