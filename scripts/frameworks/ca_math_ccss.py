"""California's Common Core mathematics standards, from Learning Commons, with a crosswalk to ccss-math.

The crosswalk says how much two standards share of their learning components (Jaccard index). It
becomes exactMatchOf where everything is shared and the words are the same, and isRelatedTo
elsewhere; the numbers are kept in the association's extensions.
"""

from casepack import line, read_jsonl
from learning_commons import build_tree, read_slice
from licences import CC_BY_4, CCSS

SLUG = "ca-math-ccss"


def build(root, built):
    nodes, edges, framework = read_slice(root, "California")
    attributions = sorted({node["attributionStatement"] for node in nodes.values()})
    pack, items = build_tree(
        SLUG, nodes, edges, framework,
        {"title": "CC BY 4.0; CCSS Public License",
         "description": "Data set: CC BY 4.0. Statements taken from the Common Core: CCSS Public License.",
         "licenseText": "\n\n".join([framework["attributionStatement"], *attributions,
                                     "Converted to a CASE package by the Casement project. " + CC_BY_4, CCSS])},
        {"creator": "California Department of Education", "publisher": "Learning Commons",
         "frameworkType": "Learning Standards",
         "officialSourceURL": "https://www.cde.ca.gov/be/st/ss/documents/ccssmathstandardaug2013.pdf",
         "description": "The mathematics standards of California (2013): kindergarten to grade 8 by grade, high school "
                        "by conceptual category and again by course, with a crosswalk to the Common Core State "
                        "Standards.",
         "version": "2013"})

    core = {made["extensions"]["learningCommonsIdentifier"]: made for made in built["ccss-math"]["CFItems"]}
    grouping = pack.define("CFAssociationGroupings", "crosswalk", title="Crosswalk to the Common Core",
                           description="California standards and Common Core standards that share learning components, "
                                       "computed by Learning Commons.")
    for row in read_jsonl(root / SLUG / "source" / "crosswalk.jsonl.gz"):
        origin, destination = items[row["source_identifier"]], core[row["target_identifier"]]
        facts = row["properties"]
        same = float(facts["jaccard"]) == 1 and line(origin["fullStatement"]) == line(destination["fullStatement"])
        pack.associate(
            "exactMatchOf" if same else "isRelatedTo", origin, destination, grouping, identifier=row["identifier"],
            lastChangeDateTime=facts["dateModified"] + "T00:00:00Z",
            extensions={"jaccard": float(facts["jaccard"]), "sharedComponents": int(facts["sharedLCCount"]),
                        "stateComponents": int(facts["stateLCCount"]), "coreComponents": int(facts["ccssLCCount"])})
    return pack.package()
