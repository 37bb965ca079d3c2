//! JobPosting and Occupation of schema.org (credentials digest, 4.2).

use super::collect::{Collector, Part};
use super::json::At;
use super::model::{JobError, Section};
use super::{codes, prose, terms};

/// Members whose texts are read sentence by sentence.
const TEXTS: [(&str, Part); 12] = [
    ("responsibilities", Part::required(Section::Responsibilities)),
    ("qualifications", Part::required(Section::Qualifications)),
    ("physicalRequirement", Part::unstated(Section::Physical)),
    ("sensoryRequirement", Part::unstated(Section::Physical)),
    ("securityClearanceRequirement", Part::required(Section::Credentials)),
    ("eligibilityToWorkRequirement", Part::required(Section::Conditions)),
    ("specialCommitments", Part::unstated(Section::Conditions)),
    ("workHours", Part::unstated(Section::Conditions)),
    ("description", Part::unstated(Section::Description)),
    ("jobBenefits", Part::unstated(Section::Benefits)),
    ("incentiveCompensation", Part::unstated(Section::Benefits)),
    ("employerOverview", Part::unstated(Section::Employer)),
];

/// Reads a posting or an occupation at `node` of a document.
pub(super) fn read(document: &At<'_>, node: &At<'_>, into: &mut Collector) -> Result<(), JobError> {
    into.title = node.text_of("title").or_else(|| node.text_of("name")).map(prose::shown);
    members(node, into)?;
    for occupation in node.members("relevantOccupation") {
        let occupation = referred(document, occupation);
        if occupation.value.is_object() {
            members(&occupation, into)?;
        } else if occupation.str().is_some_and(codes::is_code) {
            into.classification(&occupation);
        }
    }
    Ok(())
}

fn members(node: &At<'_>, into: &mut Collector) -> Result<(), JobError> {
    for category in node.members("occupationalCategory") {
        into.classification(&category);
    }
    for skill in node.members("skills") {
        into.element(&skill, &["name", "description"], Part::required(Section::Skills), terms::defined_term(&skill))?;
    }
    for (name, part) in TEXTS {
        for at in node.members(name) {
            match at.text() {
                Some(text) => prose::read_string(&text, part, into)?,
                None => into.element(&at, &["name", "description"], part, terms::defined_term(&at))?,
            }
        }
        if name == "qualifications" {
            education_and_experience(node, into)?;
        }
    }
    Ok(())
}

/// Texts, `EducationalOccupationalCredential` and `OccupationalExperienceRequirements`.
fn education_and_experience(node: &At<'_>, into: &mut Collector) -> Result<(), JobError> {
    for at in node.members("experienceRequirements") {
        if let Some(text) = at.text() {
            prose::read_string(&text, Part::required(Section::Experience), into)?;
            continue;
        }
        if let Some(months) = at.member("monthsOfExperience") {
            into.duration(&months, "months")?;
        }
        for text in at.members("description").iter().filter_map(At::text) {
            prose::read_string(&text, Part::required(Section::Experience), into)?;
        }
    }
    for at in node.members("educationRequirements") {
        let names = ["credentialCategory", "name", "description"];
        match at.text() {
            Some(text) => prose::read_string(&text, Part::required(Section::Education), into)?,
            None => {
                let category = at.member("credentialCategory").filter(|category| category.value.is_object());
                into.element(category.as_ref().unwrap_or(&at), &names, Part::required(Section::Education), None)?;
            }
        }
    }
    Ok(())
}

/// What `{"@id": …}` refers to within the document, one step far.
fn referred<'v>(document: &At<'v>, at: At<'v>) -> At<'v> {
    let only_id = at.value.as_object().is_some_and(|object| object.len() == 1);
    let Some(id) = at.value.get("@id").and_then(|id| id.as_str()).filter(|_| only_id) else { return at };
    let nodes = document.members("@graph");
    nodes.into_iter().find(|node| node.value.get("@id").and_then(|id| id.as_str()) == Some(id)).unwrap_or(at)
}
