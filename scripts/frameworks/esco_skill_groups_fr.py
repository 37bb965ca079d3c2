"""ESCO 1.1.2 in French: the groups of the skills pillar.

Tree: the groups of the skills hierarchy by their code (S > S1 > S1.2 > S1.2.3); knowledge fields by
their ISCED-F number, which the source gives only inside the uri (00 > 001 > 0011), under the group K.
The ESCO uri is kept as in esco-transversal, so that items of the two frameworks meet at their concept.
"""

from casepack import Pack, external, line, link, natural, prose, read_csv
from licences import CC_BY_4, ESCO

SLUG = "esco-skill-groups-fr"
PUBLISHED = "2024-02-01T00:00:00Z"  # the month is known, the day is not


def above(code, codes):
    """The code of the group one step up, or None at the top."""
    if code[0].isdigit():
        return code[:-1] if len(code) > 2 else "K"
    if len(code) == 1:
        return None
    up = code.rsplit(".", 1)[0] if "." in code else code[0]
    while up not in codes:
        up = up.rsplit(".", 1)[0] if "." in up else up[0]
    return up


def build(root, built):
    source = root / SLUG / "source"
    pack = Pack(SLUG, PUBLISHED)
    licence = pack.define("CFLicenses", "esco", title="ESCO et CC BY 4.0",
                          description="Commission Decision 2011/833/EU; CC BY 4.0 for the tables made by Tabiya.",
                          licenseText=ESCO + "\n\nTables: Tabiya, https://tabiya.org/. " + CC_BY_4)
    document = pack.document(
        title="ESCO 1.1.2 : groupes d'aptitudes et de compétences", creator="European Commission",
        publisher="Tabiya", frameworkType="Skills classification",
        officialSourceURL="https://esco.ec.europa.eu/fr/classification/skill_main",
        description="Les groupes du pilier « aptitudes et compétences » d'ESCO en français : aptitudes, compétences "
                    "transversales, langues et domaines de connaissances (CITE-F).",
        version="1.1.2", language="fr", adoptionStatus="Implemented", statusStartDate="2024-02-01",
        subject=["Aptitudes et compétences"], licenseURI=link(licence),
        notes="Version adaptée d'une partie d'ESCO, convertie au format CASE.")
    group_type = pack.define("CFItemTypes", "SkillGroup", title="Groupe d'aptitudes", hierarchyCode="1",
                             typeCode="SkillGroup", description="Groupe de la hiérarchie des aptitudes d'ESCO.")
    field_type = pack.define("CFItemTypes", "KnowledgeField", title="Domaine de connaissances", hierarchyCode="2",
                             typeCode="ISCED-F", description="Domaine d'études et de formation de la CITE-F 2013.")
    same = pack.define("CFAssociationGroupings", "esco", title="Concepts ESCO",
                       description="Le concept ESCO que chaque élément représente.")

    groups = {}
    for row in read_csv(source / "skill_groups_fr.csv.gz"):
        groups[row["CODE"] or row["ORIGINURI"].rsplit("/", 1)[1]] = row
    items = {}
    for code in sorted(groups, key=lambda code: (code[0].isdigit(), natural(code))):
        row = groups[code]
        kind = field_type if code[0].isdigit() else group_type
        statement = line(row["PREFERREDLABEL"])
        words = [line(word) for word in row["ALTLABELS"].split("\n") if line(word) not in ("", statement)]
        items[code] = pack.item(
            row["ORIGINURI"], humanCodingScheme=code, fullStatement=statement, CFItemType=kind["title"],
            CFItemTypeURI=link(kind), conceptKeywords=words,
            notes="\n\n".join(filter(None, [prose(row["DESCRIPTION"]), prose(row["SCOPENOTE"])])))
        up = above(code, groups)
        pack.child(items[up] if up else document, items[code])
        pack.associate("exactMatchOf", items[code], external(statement, row["ORIGINURI"], "ext:esco"), same)
    return pack.package()
