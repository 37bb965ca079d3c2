//! CTDL: Occupation, Job, WorkRole and Task of the Credential Transparency Description Language (credentials digest, 4.1).

use super::collect::{Collector, Part};
use super::json::At;
use super::model::{Importance, JobError, Section};
use super::{prose, terms};

/// Members whose elements are competencies or tasks, as addresses or as objects.
const NODES: [(&str, Section); 6] = [
    ("skillEmbodied", Section::Skills),
    ("knowledgeEmbodied", Section::Knowledge),
    ("abilityEmbodied", Section::Skills),
    ("targetCompetency", Section::Skills),
    ("hasTask", Section::Responsibilities),
    ("hasWorkRole", Section::Responsibilities),
];
/// Where a node has its words.
const NAMES: [&str; 5] = ["targetNodeName", "competencyText", "competencyLabel", "name", "description"];
/// The most nodes of a graph that references are looked for in.
const MOST_NODES: usize = 20_000;

/// Reads the job at `node` of a document.
pub(super) fn read(document: &At<'_>, node: &At<'_>, into: &mut Collector) -> Result<(), JobError> {
    into.title = node.text_of("name").map(str::to_owned);
    let graph = Graph::new(document);
    for name in ["occupationType", "classification"] {
        for occupation in node.members(name) {
            into.classification(&occupation);
        }
    }
    read_nodes(&graph, node, Importance::Required, into)?;
    for (name, importance) in [("requires", Importance::Required), ("recommends", Importance::Preferred)] {
        for profile in node.members(name) {
            read_profile(&graph, &graph.node(profile), importance, into)?;
        }
    }
    texts(node, "description", Part::unstated(Section::Description), into)
}

/// A ConditionProfile.
fn read_profile(graph: &Graph<'_>, at: &At<'_>, importance: Importance, into: &mut Collector) -> Result<(), JobError> {
    read_nodes(graph, at, importance, into)?;
    for name in ["description", "condition", "submissionOf"] {
        texts(at, name, Part::new(Section::Qualifications, importance), into)?;
    }
    texts(at, "experience", Part::new(Section::Experience, importance), into)?;
    if let Some(years) = at.member("yearsOfExperience") {
        into.duration(&years, "years")?;
    }
    for credential in at.members("targetCredential") {
        let credential = graph.node(credential);
        into.element(&credential, &NAMES, Part::new(Section::Credentials, importance), terms::node(&credential))?;
    }
    Ok(())
}

fn read_nodes(graph: &Graph<'_>, at: &At<'_>, importance: Importance, into: &mut Collector) -> Result<(), JobError> {
    for (name, section) in NODES {
        for element in at.members(name) {
            let found = graph.node(element.clone());
            // What the graph does not hold is only an address, which is a term all the same.
            into.element(&found, &NAMES, Part::new(section, importance), terms::node(&found))?;
        }
    }
    Ok(())
}

fn texts(at: &At<'_>, name: &str, part: Part, into: &mut Collector) -> Result<(), JobError> {
    let member = at.member(name);
    let elements =
        member.map_or_else(Vec::new, |member| if member.text().is_some() { vec![member] } else { member.elements() });
    for text in elements.iter().filter_map(At::text) {
        prose::read_string(&text, part, into)?;
    }
    Ok(())
}

/// The nodes of a document, by their addresses.
struct Graph<'v> {
    nodes: std::collections::HashMap<&'v str, At<'v>>,
}

impl<'v> Graph<'v> {
    fn new(document: &At<'v>) -> Graph<'v> {
        let nodes = document.members("@graph").into_iter().take(MOST_NODES);
        Graph { nodes: nodes.filter_map(|node| Some((node.value.get("@id")?.as_str()?, node))).collect() }
    }

    /// What an address, or an object with nothing but one, stands for in this document; else itself.
    fn node(&self, at: At<'v>) -> At<'v> {
        let only_id = at.value.as_object().is_some_and(|object| object.len() == 1);
        let id = at.value.as_str().or_else(|| at.value.get("@id")?.as_str().filter(|_| only_id));
        id.and_then(|id| self.nodes.get(id).cloned()).unwrap_or(at)
    }
}
