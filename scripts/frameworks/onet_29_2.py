"""O*NET 29.2: the content model, and under its work activities the intermediate and detailed ones.

Tree: content model by its dotted element ids; under each generalized work activity its intermediate
work activities (IWA), under those the detailed ones (DWA). The expert links from abilities and
skills to work activities are isRelatedTo associations, each set in its own grouping.
"""

import xml.etree.ElementTree as ElementTree
import zipfile

from casepack import Pack, line, link

SLUG = "onet-29.2"
PUBLISHED = "2025-02-01T00:00:00Z"  # the month is known, the day is not
BY_PREFIX = [  # item type of an element without elements below it, by the beginning of its id
    ("1.A", "Ability"), ("1.B.1", "Occupational interest"), ("1.B.2", "Work value"),
    ("1.B.3", "Occupational interest"), ("1.C", "Work style"), ("2.A", "Skill"), ("2.B", "Skill"),
    ("2.C", "Knowledge"), ("2.D", "Education"), ("3", "Experience requirement"),
    ("4.A", "Generalized work activity"), ("4.B", "Organizational context"), ("4.C", "Work context"),
    ("", "Other element"),
]


def read_sheet(path):
    """The first sheet of an .xlsx file as a list of rows, each a dict by the header's words."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as book:
        shared = ["".join(text.text or "" for text in entry.iter(space + "t"))
                  for entry in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in sheet.iter(space + "row"):
        cells = {}
        for cell in row:
            value = cell.find(space + "v")
            if value is not None:
                column = cell.get("r").rstrip("0123456789")
                text = shared[int(value.text)] if cell.get("t") == "s" else value.text
                cells[column] = line(text)
        rows.append(cells)
    header, *rest = rows
    return [{header[column]: text for column, text in cells.items()} for cells in rest]


def build(root, built):
    source = root / SLUG / "source"
    pack = Pack(SLUG, PUBLISHED)
    licence = pack.define(
        "CFLicenses", "cc-by-4.0", title="Creative Commons Attribution 4.0 International (CC BY 4.0)",
        description="Licence of the O*NET database.",
        licenseText=(
            "This page includes information from the O*NET 29.2 Database by the U.S. Department of Labor, "
            "Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. O*NET® is a "
            "trademark of USDOL/ETA. The Casement project has modified all or some of this information. "
            "USDOL/ETA has not approved, endorsed, or tested these modifications.\n\n"
            "Full text of the licence: https://creativecommons.org/licenses/by/4.0/legalcode"))
    document = pack.document(
        title="O*NET 29.2 Content Model and Work Activities",
        creator="U.S. Department of Labor, Employment and Training Administration",
        publisher="National Center for O*NET Development", frameworkType="Occupational framework",
        officialSourceURL="https://www.onetcenter.org/db_releases.html",
        description="The O*NET content model: what work asks of people (abilities, interests, work styles, skills, "
                    "knowledge, education, experience) and what it consists of (work activities, work context), with "
                    "the intermediate and detailed work activities, and the links experts drew from abilities and "
                    "skills to work activities.",
        version="29.2", language="en", adoptionStatus="Implemented", statusStartDate="2025-02-01",
        subject=["Occupations", "Work activities"], licenseURI=link(licence))

    kinds = {}

    def kind_link(title):
        if title not in kinds:
            kinds[title] = pack.define(
                "CFItemTypes", title, title=title, hierarchyCode=str(len(kinds) + 1),
                description=f"{title} of the O*NET content model.", typeCode=title.title().replace(" ", ""))
        return link(kinds[title])

    def add(parent, kind, code, statement, **fields):
        item = pack.item(code, humanCodingScheme=code, fullStatement=statement, CFItemType=kind,
                         CFItemTypeURI=kind_link(kind), **fields)
        pack.child(parent, item)
        return item

    elements = read_sheet(source / "content-model-reference.xlsx")
    codes = {row["Element ID"] for row in elements}
    above = {code: next((code[:at] for at in range(len(code) - 1, 0, -1)
                         if code[at] == "." and code[:at] in codes), None) for code in codes}
    folders = set(above.values())
    items = {}
    for row in elements:  # the file lists every element after the one above it
        code, name, about = row["Element ID"], row["Element Name"], row.get("Description", "")
        kind = next(kind for prefix, kind in BY_PREFIX if code.startswith(prefix))
        if code in folders:
            kind = "Content model domain" if "." not in code else "Content model category"
        parent = items[above[code]] if above[code] else document
        if not about or about == name:
            items[code] = add(parent, kind, code, name)
        elif len(name) > 60:
            items[code] = add(parent, kind, code, f"{name}: {about}")
        else:
            items[code] = add(parent, kind, code, about, abbreviatedStatement=name)

    for row in read_sheet(source / "iwa-reference.xlsx"):
        items[row["IWA ID"]] = add(items[row["Element ID"]], "Intermediate work activity", row["IWA ID"],
                                   row["IWA Title"])
    for row in read_sheet(source / "dwa-reference.xlsx"):
        items[row["DWA ID"]] = add(items[row["IWA ID"]], "Detailed work activity", row["DWA ID"], row["DWA Title"])

    for title, name, field in [
            ("Abilities to work activities", "abilities-to-work-activities.xlsx", "Abilities Element ID"),
            ("Skills to work activities", "skills-to-work-activities.xlsx", "Skills Element ID")]:
        grouping = pack.define("CFAssociationGroupings", title, title=title,
                               description=f"O*NET expert links: {title.lower()}.")
        for row in read_sheet(source / name):
            pack.associate("isRelatedTo", items[row[field]], items[row["Work Activities Element ID"]], grouping)
    return pack.package()
