//! HR Open: PositionOpening, and JobPosting in the terms of JDX (credentials digest, 4.3).

use serde_json::{Number, Value};

use super::collect::{Collector, Part};
use super::json::At;
use super::model::{Importance, JobError, Section};
use super::{prose, terms};

/// Lists of terms of a JobPosting.
const TERMS: [(&str, Part); 13] = [
    ("competencies", Part::required(Section::Skills)),
    ("skills", Part::required(Section::Skills)),
    ("knowledge", Part::required(Section::Knowledge)),
    ("abilities", Part::required(Section::Skills)),
    ("technologies", Part::required(Section::Skills)),
    ("attitudes", Part::required(Section::Skills)),
    ("tasks", Part::required(Section::Responsibilities)),
    ("responsibilities", Part::required(Section::Responsibilities)),
    ("workActivities", Part::required(Section::Responsibilities)),
    ("educationLevels", Part::required(Section::Education)),
    ("physicalActivities", Part::unstated(Section::Physical)),
    ("sensoryRequirements", Part::unstated(Section::Physical)),
    ("experienceCategories", Part::required(Section::Experience)),
];

/// Lists of texts of a JobPosting.
const TEXTS: [(&str, Part); 12] = [
    ("qualificationSummary", Part::required(Section::Qualifications)),
    ("physicalRequirements", Part::unstated(Section::Physical)),
    ("securityClearanceRequirements", Part::required(Section::Credentials)),
    ("travelRequirements", Part::unstated(Section::Conditions)),
    ("specialCommitments", Part::unstated(Section::Conditions)),
    ("shiftSchedules", Part::unstated(Section::Conditions)),
    ("workHours", Part::unstated(Section::Conditions)),
    ("formattedDescriptions", Part::unstated(Section::Description)),
    ("jobBenefits", Part::unstated(Section::Benefits)),
    ("incentiveCompensation", Part::unstated(Section::Benefits)),
    ("employerOverview", Part::unstated(Section::Employer)),
    ("disclaimers", Part::unstated(Section::Legal)),
];

/// Reads a PositionOpening.
pub(super) fn read_opening(node: &At<'_>, into: &mut Collector) -> Result<(), JobError> {
    let profiles = node.members("positionProfiles");
    into.title = profiles.iter().find_map(|profile| profile.text_of("positionTitle")).map(prose::shown);
    for profile in profiles {
        for category in profile.members("jobCategories") {
            into.classification(&category);
        }
        for qualification in profile.members("positionQualifications") {
            read_qualification(&qualification, into)?;
        }
        for description in profile.members("positionFormattedDescriptions") {
            read_description(&description, into)?;
        }
    }
    Ok(())
}

fn read_qualification(at: &At<'_>, into: &mut Collector) -> Result<(), JobError> {
    for competency in at.members("positionCompetencies") {
        let desired = competency.member("requiredProficiencyLevel").is_none()
            && competency.member("desiredProficiencyLevel").is_some();
        let importance = if desired { Importance::Preferred } else { Importance::Required };
        let weight =
            competency.member("weight").and_then(|weight| weight.member("value")).and_then(|value| number(&value));
        let term = terms::position_competency(&competency);
        let text = competency.member("competencyName").or_else(|| {
            competency.members("competencyIds").iter().find_map(|id| id.member("value")).filter(|_| term.is_some())
        });
        if let Some(text) = text {
            into.term(&text, Part::new(Section::Skills, importance), term, weight)?;
        }
    }
    texts(at, "qualificationSummary", Part::required(Section::Qualifications), into)?;
    for experience in at.members("experienceSummary") {
        texts(&experience, "descriptions", Part::required(Section::Experience), into)?;
    }
    if let Some(education) = at.member("educationRequirement") {
        for name in ["descriptions", "programs", "degreeTypeCode"] {
            texts(&education, name, Part::required(Section::Education), into)?;
        }
    }
    texts(at, "licences", Part::required(Section::Credentials), into)
}

/// A titled part of a profile; its title says which part of the job it is.
fn read_description(at: &At<'_>, into: &mut Collector) -> Result<(), JobError> {
    let announced = at.text_of("title").and_then(super::headings::announced);
    let part =
        announced.map_or(Part::unstated(Section::Description), |(section, importance)| Part::new(section, importance));
    texts(at, "content", part, into)
}

/// Reads a JobPosting.
pub(super) fn read_jdx(node: &At<'_>, into: &mut Collector) -> Result<(), JobError> {
    into.title = node.text_of("title").or_else(|| node.text_of("name")).map(prose::shown);
    for category in node.members("occupationCategories") {
        into.classification(&category);
    }
    for (name, part) in TERMS {
        for at in node.members(name) {
            let part = Part::new(part.section, annotated(&at).unwrap_or(part.importance));
            into.element(&at, &["name", "descriptions"], part, terms::defined_term(&at))?;
        }
    }
    let kinds = [
        ("Education", Section::Education),
        ("Experiences", Section::Experience),
        ("Credentials", Section::Credentials),
    ];
    for (kind, section) in kinds {
        for (how, importance) in [
            ("required", Importance::Required),
            ("minimum", Importance::Required),
            ("equivalent", Importance::Required),
            ("alternative", Importance::Unstated),
            ("preferred", Importance::Preferred),
        ] {
            for at in node.members(&format!("{how}{kind}")) {
                read_qualifying(&at, Part::new(section, importance), into)?;
            }
        }
    }
    for (name, part) in TEXTS {
        texts(node, name, part, into)?;
    }
    Ok(())
}

/// What a qualifying experience or a credential is: its descriptions, else its category or programme.
fn read_qualifying(at: &At<'_>, part: Part, into: &mut Collector) -> Result<(), JobError> {
    let before = into.requirements.len();
    texts(at, "descriptions", part, into)?;
    for name in ["credentialCategory", "educationLevels", "experienceCategories", "program", "programConcentration"] {
        if into.requirements.len() > before {
            break;
        }
        for term in at.members(name) {
            into.element(&term, &["name", "descriptions"], part, terms::defined_term(&term))?;
        }
    }
    Ok(())
}

/// What an annotation says of how much a term is asked for.
fn annotated(at: &At<'_>) -> Option<Importance> {
    let annotation = at.member("annotation")?;
    let says = |name: &str| annotation.value.get(name).and_then(Value::as_bool) == Some(true);
    if says("required") || says("requiredAtHiring") {
        return Some(Importance::Required);
    }
    says("preferred").then_some(Importance::Preferred)
}

fn texts(at: &At<'_>, name: &str, part: Part, into: &mut Collector) -> Result<(), JobError> {
    for text in at.members(name).iter().filter_map(At::text) {
        prose::read_string(&text, part, into)?;
    }
    Ok(())
}

fn number(at: &At<'_>) -> Option<Number> {
    at.value.as_number().cloned()
}
