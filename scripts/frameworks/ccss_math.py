"""Common Core State Standards for Mathematics, from Learning Commons, with its learning progressions.

buildsTowards becomes precedes, relatesTo becomes isRelatedTo; both sit in one grouping.
"""

from casepack import read_jsonl
from learning_commons import build_tree, read_slice
from licences import CC_BY_4, CCSS

SLUG = "ccss-math"
TYPES = {"buildsTowards": "precedes", "relatesTo": "isRelatedTo"}


def build(root, built):
    nodes, edges, framework = read_slice(root, "Multi-State")
    attributions = sorted({node["attributionStatement"] for node in nodes.values()})
    progressions = read_jsonl(root / "ca-math-ccss" / "source" / "progressions.jsonl.gz")
    attributions += sorted({row["properties"]["attributionStatement"] for row in progressions})
    pack, items = build_tree(
        SLUG, nodes, edges, framework,
        {"title": "CCSS Public License; CC BY 4.0",
         "description": "Statements: CCSS Public License. Data set: CC BY 4.0. Progressions: CC0.",
         "licenseText": "\n\n".join([CCSS, framework["attributionStatement"], *attributions,
                                     "Converted to a CASE package by the Casement project. " + CC_BY_4])},
        {"creator": "National Governors Association Center for Best Practices; Council of Chief State School Officers",
         "publisher": "Learning Commons", "frameworkType": "Learning Standards",
         "officialSourceURL": "https://corestandards.org/wp-content/uploads/2023/09/Math_Standards1.pdf",
         "description": "The Common Core State Standards for Mathematics, kindergarten to grade 12, with the "
                        "connections between standards that Student Achievement Partners describes: what builds "
                        "towards what, and what is related.",
         "version": "2010"})
    grouping = pack.define("CFAssociationGroupings", "progressions", title="Learning progressions",
                           description="Connections between standards, from Student Achievement Partners.")
    for row in progressions:
        pack.associate(TYPES[row["label"]], items[row["source_identifier"]], items[row["target_identifier"]],
                       grouping, identifier=row["identifier"])
    return pack.package()
