"""NICE Cybersecurity Workforce Framework (NIST SP 800-181, August 2017).

Tree: seven categories > speciality areas > work roles, and beside them four strands: knowledge,
skills, abilities, tasks. The source lists which area a role belongs to, but not which knowledge,
skills, abilities and tasks a role needs; so there are no such associations.
"""

import re

from casepack import Pack, line, read_csv, read_text

SLUG = "nice-2017"
PUBLISHED = "2017-08-07T00:00:00Z"
STRANDS = [  # title, code letter, file, field of the code, field of the statement, what they are
    ("Knowledge", "K", "nice_knowledge.yml", "kId", "knowledgeDescription",
     "Bodies of information applied directly to the performance of a function."),
    ("Skills", "S", "nice_skills.yml", "sId", "skillDescription",
     "Observable competences to perform a learned act with the aid of tools or knowledge."),
    ("Abilities", "A", "nice_abilities.yml", "aId", "abilityDescription",
     "Competences to perform an observable behaviour or one that results in an observable product."),
    ("Tasks", "T", "nice_tasks.csv", "tId", "taskDescription",
     "Specific pieces of work that, combined with others, make up the work of a role."),
]
MISSING_AREA = {  # the transcription left this one out and put its two roles under All-Source Analysis
    "Area": "Targets", "acronym": "tgt",
    "Description": "Applies current knowledge of one or more regions, countries, non-state entities, and/or "
                   "technologies.",
}


def read_flat_yaml(path):
    """The source's YAML: a list of flat records, one `name: value` to a line."""
    records = []
    for row in read_text(path).splitlines():
        if row.strip() == "-":
            records.append({})
        elif ":" in row and row.startswith(" "):
            name, value = row.split(":", 1)
            records[-1][name.strip()] = unquote(value)
    return records


def unquote(value):
    value = line(value)
    if len(value) > 1 and value[0] == value[-1] == "'":
        value = value[1:-1].replace("''", "'")
    return value


def build(root, built):
    source = root / SLUG / "source"
    pack = Pack(SLUG, PUBLISHED)
    subject = pack.define("CFSubjects", "1", title="Cybersecurity", hierarchyCode="1")
    licence = pack.define(
        "CFLicenses", "us-government-work", title="U.S. Government work",
        description="Not subject to copyright protection in the United States (17 U.S.C. § 105).",
        licenseText="Reprinted courtesy of the National Institute of Standards and Technology, U.S. Department "
                    "of Commerce. Not copyrightable in the United States.")
    kinds = {}
    for code, (title, description) in enumerate([
            ("Category", "A high-level grouping of common cybersecurity functions."),
            ("Speciality area", "An area of concentrated work, or function, within a category."),
            ("Work role", "The most detailed grouping of cybersecurity work."),
            ("Strand", "A list of statements of one kind."),
            ("Knowledge", STRANDS[0][5]), ("Skill", STRANDS[1][5]),
            ("Ability", STRANDS[2][5]), ("Task", STRANDS[3][5])], start=1):
        kinds[title] = pack.define("CFItemTypes", title, title=title, description=description,
                                   hierarchyCode=str(code), typeCode=title.replace(" ", ""))
    document = pack.document(
        title="NICE Cybersecurity Workforce Framework", creator="National Institute of Standards and Technology",
        publisher="National Initiative for Cybersecurity Education (NICE)",
        frameworkType="Workforce framework", officialSourceURL="https://doi.org/10.6028/NIST.SP.800-181",
        description="Categories, speciality areas and work roles of cybersecurity work, with the knowledge, "
                    "skills, abilities and tasks of NIST Special Publication 800-181 (August 2017). It was "
                    "superseded by Revision 1 in November 2020 and is kept because curricula still refer to it.",
        version="2017", language="en", adoptionStatus="Retired", statusStartDate="2017-08-07",
        statusEndDate="2020-11-16", subject=["Cybersecurity"],
        subjectURI=[{"title": "Cybersecurity", "identifier": subject["identifier"], "uri": subject["uri"]}],
        licenseURI={"title": licence["title"], "identifier": licence["identifier"], "uri": licence["uri"]},
        notes="Converted from a transcription; the wording was not changed.")

    def add(parent, kind, code, statement, **fields):
        made = kinds[kind]
        item = pack.item(
            code, humanCodingScheme=code, fullStatement=statement, CFItemType=kind,
            CFItemTypeURI={"title": kind, "identifier": made["identifier"], "uri": made["uri"]}, **fields)
        pack.child(parent, item)
        return item

    categories = {}
    for record in read_flat_yaml(source / "nice_domains.yml"):
        code = record["acryonym"].upper()
        categories[code] = add(document, "Category", code, record["Description"],
                               abbreviatedStatement=record["Domain"])

    described = {record["acronym"].upper(): record
                 for record in [*read_flat_yaml(source / "nice_specialityAreas.yml"), MISSING_AREA]}
    areas = {}
    for record in read_flat_yaml(source / "nice_workRoles.yml"):
        category, area, _ = record["workRoleID"].split("-")
        code = f"{category}-{area}"
        if code not in areas:
            about = described.pop(area)
            areas[code] = add(categories[category], "Speciality area", code, about["Description"],
                              abbreviatedStatement=about["Area"])
        named = {"abbreviatedStatement": record["workRole"]}
        statement = record["description"]
        if len(record["workRole"]) > 60:
            named, statement = {}, f"{record['workRole']}: {statement}"
        add(areas[code], "Work role", record["workRoleID"], statement, **named,
            notes=f"OPM cybersecurity code {record['opmCode']}.")
    if described:
        raise ValueError(f"no work role belongs to: {', '.join(described)}")

    for title, letter, name, code_field, text_field, about in STRANDS:
        strand = add(document, "Strand", letter, about, abbreviatedStatement=title)
        kind = {"Knowledge": "Knowledge", "Skills": "Skill", "Abilities": "Ability", "Tasks": "Task"}[title]
        path = source / name
        records = read_csv(path) if name.endswith(".csv") else read_flat_yaml(path)
        for record in sorted(records, key=lambda record: record[code_field]):
            code = record[code_field].strip()
            if not re.fullmatch(letter + r"\d{4}[A-Z]?", code):
                raise ValueError(f"unexpected code {code} in {name}")
            add(strand, kind, code, unquote(record[text_field]))
    return pack.package()
