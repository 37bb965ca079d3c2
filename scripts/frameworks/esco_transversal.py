"""ESCO 1.2.0: the transversal skills collection under the groups of the transversal skills hierarchy.

Every item's `uri` is ours. Its ESCO concept is the destination of an exactMatchOf association whose
targetType is `ext:esco` and whose identifier and uri both are the ESCO uri: that is a standard
property that every reader understands, also in CASE 1.0, where extensions do not exist.
"""

from casepack import Pack, external, line, link, natural, prose, read_csv
from licences import ESCO

SLUG = "esco-transversal"
PUBLISHED = "2024-05-15T00:00:00Z"


def read_hierarchy(path):
    """Skill groups by uri: {uri, label, code, parent uri, description, scope note}."""
    groups = {}
    for row in read_csv(path):
        chain = [level for level in range(4) if row[f"Level {level} URI"]]
        level = chain[-1]
        uri = row[f"Level {level} URI"]
        groups[uri] = {
            "uri": uri, "label": line(row[f"Level {level} preferred term"]),
            "code": row[f"Level {level} code"], "description": prose(row["Description"]),
            "scope": prose(row["Scope note"]),
            "parent": row[f"Level {chain[-2]} URI"] if len(chain) > 1 else None}
    return groups


def build(root, built):
    source = root / SLUG / "source"
    pack = Pack(SLUG, PUBLISHED)
    licence = pack.define("CFLicenses", "esco", title="ESCO reuse conditions",
                          description="Commission Decision 2011/833/EU.", licenseText=ESCO)
    document = pack.document(
        title="ESCO 1.2.0 Transversal Skills", creator="European Commission", publisher="European Commission",
        frameworkType="Skills classification", officialSourceURL="https://esco.ec.europa.eu/en/classification/skill_main",
        description="The transversal skills and competences of ESCO, the European classification of skills, competences, "
                    "occupations and qualifications: the groups of its transversal hierarchy and the skills of its "
                    "transversal collection.",
        version="1.2.0", language="en", adoptionStatus="Implemented", statusStartDate="2024-05-15",
        subject=["Transversal skills"], licenseURI=link(licence),
        notes="An adapted version of a part of ESCO, converted to CASE.")
    group_type = pack.define("CFItemTypes", "SkillGroup", title="Skill group", hierarchyCode="1", typeCode="SkillGroup",
                             description="A group of the ESCO skills hierarchy.")
    types = {
        "skill/competence": pack.define(
            "CFItemTypes", "skill", title="Skill or competence", hierarchyCode="2", typeCode="skill/competence",
            description="A skill or competence of the ESCO skills pillar."),
        "knowledge": pack.define(
            "CFItemTypes", "knowledge", title="Knowledge", hierarchyCode="3", typeCode="knowledge",
            description="A knowledge concept of the ESCO skills pillar."),
    }
    same = pack.define("CFAssociationGroupings", "esco", title="ESCO concepts",
                       description="The ESCO concept each item stands for.")

    def add(uri, parent, kind, statement, **fields):
        item = pack.item(uri, fullStatement=statement, CFItemType=kind["title"], CFItemTypeURI=link(kind), **fields)
        pack.child(parent, item)
        pack.associate("exactMatchOf", item, external(statement, uri, "ext:esco"), same,
                       lastChangeDateTime=item["lastChangeDateTime"])
        return item

    details = {row["conceptUri"]: row for row in read_csv(source / "skillGroups_en.csv.gz")}
    hierarchy = read_hierarchy(source / "skillsHierarchy_en.csv.gz")
    items = {}
    for group in sorted(hierarchy.values(), key=lambda group: natural(group["code"])):
        if not group["code"].startswith("T"):
            continue
        detail = details[group["uri"]]
        items[group["uri"]] = add(
            group["uri"], items[group["parent"]] if group["parent"] else document, group_type, group["label"],
            humanCodingScheme=group["code"], notes="\n\n".join(filter(None, [group["description"], group["scope"]])),
            conceptKeywords=[line(word) for word in detail["altLabels"].split("\n") if word.strip()],
            lastChangeDateTime=detail["modifiedDate"] or PUBLISHED)

    rows = read_csv(source / "transversalSkillsCollection_en.csv")
    for row in sorted(rows, key=lambda row: line(row["preferredLabel"]).casefold()):
        broader = [uri.strip() for uri in row["broaderConceptUri"].split("|")]
        names = [name.strip() for name in row["broaderConceptPT"].split("|")]
        group = next(uri for uri in broader if uri in items)
        item = add(row["conceptUri"], items[group], types[row["skillType"]], line(row["preferredLabel"]),
                   notes=prose(row["description"]),
                   conceptKeywords=[line(word) for word in row["altLabels"].split("|") if word.strip()])
        for uri, name in zip(broader, names):
            if uri != group:  # a second broader concept outside the transversal hierarchy
                pack.associate("isPartOf", item, external(name, uri, "ext:esco"), same,
                               notes="ESCO broader concept outside the transversal hierarchy.")
    return pack.package()
