"""What the two mathematics frameworks share: one slice of the Learning Commons Knowledge Graph.

The slice holds two frameworks, told apart by `jurisdiction`. Nodes carry their CASE identifier and
uri, which are kept; edges name nodes by the graph's own identifier. The graph gives no order of
siblings, so they are ordered here: by grade, then in the order the standards print their domains.
"""

import json
import re

from casepack import Pack, line, link, natural, prose, read_csv, read_jsonl

DOMAINS = ("MP CC OA NBT NF RP NS EE F MD G SP N-RN N-Q N-CN N-VM A-SSE A-APR A-CED A-REI F-IF F-BF F-LE F-TF "
           "G-CO G-SRT G-C G-GPE G-GMD G-MG S-ID S-IC S-CP S-MD").split()
TOPS = ["Practice", "Math Content", "HS Math", "Kindergarten", "Grade", "Conceptual Category", "Number", "Algebra",
        "Functions", "Geometry", "Statistics", "Traditional", "Integrated", "Advanced", "Mathematics I",
        "Mathematics II", "Mathematics III", "Algebra II"]
GRADES = ["K"] + [str(grade) for grade in range(1, 13)]
TYPE_NOTES = {
    "Grade Level": "All standards of one grade.", "Conceptual Category": "A theme across high school courses.",
    "Course": "The standards of one high school course.", "Domain": "A large group of related standards.",
    "Cluster": "A group of related standards within a domain.",
    "Standard": "What students should understand and be able to do.",
    "Content Standard": "What students should understand and be able to do.",
    "Component": "A part of a standard.",
}


def read_slice(root, jurisdiction):
    """The nodes of one framework by graph identifier, their children, and the framework's own row."""
    source = root / "ca-math-ccss" / "source"
    nodes = {row["identifier"]: row["properties"] for row in read_jsonl(source / "standards.jsonl.gz")
             if row["properties"]["jurisdiction"] == jurisdiction}
    edges = [row for row in read_jsonl(source / "hierarchy.jsonl.gz") if row["target_identifier"] in nodes]
    framework = next(row for row in read_csv(source / "frameworks.csv") if row["jurisdiction"] == jurisdiction)
    return nodes, edges, framework


def build_tree(slug, nodes, edges, framework, licence_fields, document_fields):
    """A package with the document, the items and the tree. Returns it and the items by graph identifier."""
    pack = Pack(slug, framework["dateModified"] + "T00:00:00Z")
    licence = pack.define("CFLicenses", "cc-by-4.0", **licence_fields)
    subject = pack.define("CFSubjects", "1", title="Mathematics", hierarchyCode="1")
    document = pack.document(
        identifier=framework["caseIdentifierUUID"], uri=framework["caseIdentifierURI"], title=framework["name"],
        language=framework["inLanguage"], adoptionStatus=framework["adoptionStatus"], subject=["Mathematics"],
        subjectURI=[link(subject)], licenseURI=link(licence), notes=prose(framework["notes"]), **document_fields)

    kinds = {}
    used = {node.get("statementType") for node in nodes.values()}
    for code, (title, description) in enumerate(TYPE_NOTES.items(), start=1):
        if title in used:
            kinds[title] = pack.define("CFItemTypes", title, title=title, description=description,
                                       hierarchyCode=str(code), typeCode=title.replace(" ", ""))

    children = {}
    for edge in edges:
        children.setdefault(edge["source_identifier"], []).append(edge)
    items = {}

    def order(edge):
        return sibling_order(edge["target_identifier"], nodes, children)

    def place(parent, node_identifier):
        for edge in sorted(children.get(node_identifier, []), key=order):
            node = nodes[edge["target_identifier"]]
            kind = kinds.get(node.get("statementType"))
            item = items[edge["target_identifier"]] = pack.item(
                edge["target_identifier"], identifier=node["caseIdentifierUUID"], uri=node["caseIdentifierURI"],
                humanCodingScheme=node.get("statementCode"), fullStatement=prose(node["description"]),
                CFItemType=kind and kind["title"], CFItemTypeURI=kind and link(kind), notes=prose(node.get("notes")),
                educationLevel=[grade_code(grade) for grade in json.loads(node["gradeLevel"])],
                lastChangeDateTime=node["dateModified"] + "T00:00:00Z",
                extensions={"learningCommonsIdentifier": node["identifier"],
                            **({"alternateStatementCode": node["alternateStatementCode"]}
                               if node.get("alternateStatementCode") else {})})
            pack.child(parent, item, identifier=edge["identifier"],
                       lastChangeDateTime=edge["properties"]["dateModified"] + "T00:00:00Z")
            place(item, edge["target_identifier"])

    place(document, framework["identifier"])
    return pack, items


def grade_code(grade):
    """Grades as the CEDS list writes them: KG, 01 to 12."""
    return "KG" if grade == "K" else grade.zfill(2)


def sibling_order(identifier, nodes, children):
    """Sorting key of a node among its siblings."""
    node = nodes[identifier]
    grades = [GRADES.index(grade) for grade in json.loads(node["gradeLevel"])]
    code = first_code(identifier, nodes, children)
    statement = line(node["description"])
    top = next((len(TOPS) - at for at, word in enumerate(reversed(TOPS)) if word in statement), 0)
    if node.get("statementCode"):
        return (0, 0, 0, domain(code), natural(code), statement)
    practice = 0 if "Practice" in statement else 1
    whole = 0 if len(grades) > 4 else 1  # all grades, or kindergarten to 8, before high school
    return (practice, whole, min(grades), domain(code) if node.get("statementType") == "Domain" else top,
            natural(code), statement)


def first_code(identifier, nodes, children):
    """The node's own code, or the first code below it."""
    own = nodes[identifier].get("statementCode")
    if own:
        return own
    below = [first_code(edge["target_identifier"], nodes, children) for edge in children.get(identifier, [])]
    return min(filter(None, below), key=lambda code: (domain(code), natural(code)), default="")


def domain(code):
    """Where the standards print the domain a code belongs to."""
    found = re.match(r"HS([NAFGS])[.-]([A-Z]+)", code)
    name = f"{found[1]}-{found[2]}" if found else re.sub(r"\d", "", code.split(".")[min(1, code.count("."))])
    return DOMAINS.index(name) if name in DOMAINS else len(DOMAINS)
