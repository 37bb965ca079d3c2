"""The reference framework without extensions of any kind, for consumers and tests that forbid them.

Made from casement-reference: no `extensions`, no `ext:` association types, no ends with an `ext:`
targetType, no item of another framework. Every object is new: its identifier is uuid5 of this
framework's namespace and "copy:" + the original identifier, so nothing is at home in two frameworks. Each item is exactMatchOf the item it was copied from.
"""

import casement_reference
from casepack import BASE, Pack

SLUG = "casement-reference-plain"


def build(root, built):
    original = built[casement_reference.SLUG]
    pack = Pack(SLUG, original["CFDocument"]["lastChangeDateTime"])
    package = without_extensions(original)

    aliases = {made["originNodeURI"]["identifier"] for made in original["CFAssociations"]
               if "sourceDocumentIdentifier" in made.get("extensions", {})}
    package["CFItems"] = [item for item in package["CFItems"] if item["identifier"] not in aliases]
    package["CFAssociations"] = [
        made for made in package["CFAssociations"]
        if not made["associationType"].startswith("ext:")
        and not any(made[side].get("targetType", "").startswith("ext:") for side in ("originNodeURI", "destinationNodeURI"))
        and made["originNodeURI"]["identifier"] not in aliases]

    names = {identifier: pack.mint("copy", identifier) for identifier in identifiers(package)}
    package = renamed(package, names)
    document = package["CFDocument"]
    title, document["title"] = document["title"], "Casement Reference Framework, Plain Edition"
    document["notes"] = f"“{title}” without extensions.\n\n" + document["notes"]
    for made in package["CFAssociations"]:
        for side in ("originNodeURI", "destinationNodeURI"):
            if made[side]["identifier"] == document["identifier"]:
                made[side]["title"] = document["title"]
    kept = (item for item in original["CFItems"] if item["identifier"] not in aliases)
    for copy, source in zip(package["CFItems"], kept):
        package["CFAssociations"].append(pack.associate("exactMatchOf", copy, source))
    return package


def without_extensions(value):
    if isinstance(value, dict):
        return {key: without_extensions(inner) for key, inner in value.items() if key != "extensions"}
    if isinstance(value, list):
        return [without_extensions(inner) for inner in value]
    return value


def identifiers(value):
    """The identifier of every object in the package; links do not count."""
    if isinstance(value, dict):
        if "lastChangeDateTime" in value:
            yield value["identifier"]
        for inner in value.values():
            yield from identifiers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from identifiers(inner)


def renamed(value, names):
    if isinstance(value, dict):
        return {key: renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [renamed(inner, names) for inner in value]
    if isinstance(value, str):
        if value in names:
            return names[value]
        if value.startswith(BASE) and value[len(BASE):] in names:
            return BASE + names[value[len(BASE):]]
    return value
