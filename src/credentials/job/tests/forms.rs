//! JSON in every form that is read.

use serde_json::json;

use super::{GUID, read_as, told};
use crate::credentials::job::{JobError, Kind, read};

const JSON: &str = "application/json";

#[test]
fn a_job_posting_of_schema_org() {
    let posting = json!({"@context": "https://schema.org/", "@type": "JobPosting", "title": "Operator &amp; more",
        "description": "<p>Operate and monitor the plant.</p><p>We offer free fruit.</p>",
        "responsibilities": "Collect samples. Log readings.", "qualifications": "State grade D operator licence within 12 months.",
        "skills": ["Chlorine residual testing", {"@type": "DefinedTerm", "name": "Operate pumps",
            "url": "http://data.europa.eu/esco/skill/1", "inDefinedTermSet": "http://data.europa.eu/esco/concept-scheme/skills"},
            "Python, SQL; Excel"],
        "educationRequirements": {"@type": "EducationalOccupationalCredential", "credentialCategory": "high school"},
        "experienceRequirements": {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": 6},
        "occupationalCategory": ["51-8031.00 Water Operators", {"@type": "CategoryCode", "codeValue": "51-8031", "inCodeSet": "SOC 2018"}],
        "relevantOccupation": {"@type": "Occupation", "name": "Operator", "skills": "Use valves"}});
    let job = read_as(&posting.to_string(), "application/ld+json");
    assert_eq!((job.kind, job.title.as_deref()), (Kind::JobPosting, Some("Operator & more")));
    assert_eq!(
        told(&job),
        [
            "Skills Skill Required: Chlorine residual testing",
            "Skills Skill Required: Operate pumps",
            "Skills Skill Required: Python",
            "Skills Skill Required: SQL",
            "Skills Skill Required: Excel",
            "Responsibilities Task Required: Collect samples.",
            "Responsibilities Task Required: Log readings.",
            "Qualifications Credential Required: State grade D operator licence within 12 months.",
            "Experience Experience Required: 6 months of experience",
            "Education Education Required: high school",
            "Description Task Unstated: Operate and monitor the plant.",
            "Description Boilerplate Unstated: We offer free fruit.",
            "Skills Skill Required: Use valves",
        ]
    );
    let pointers: Vec<&str> = job.requirements.iter().map(|requirement| requirement.pointer.as_str()).collect();
    assert_eq!(pointers[..4], ["/skills/0", "/skills/1/name", "/skills/2", "/skills/2"]);
    assert_eq!(job.requirements[1].term.as_ref().and_then(|term| term.scheme), Some("ESCO"));
    assert_eq!(job.requirements[3].span, [8, 11]);
    let codes: Vec<(&str, &str, &str)> = job
        .classifications
        .iter()
        .map(|found| (found.scheme.as_str(), found.code.as_str(), found.comparable.as_str()))
        .collect();
    assert_eq!(codes, [("O*NET-SOC", "51-8031.00", "SOC 51-8031"), ("SOC", "51-8031", "SOC 51-8031")]);
}

#[test]
fn names_of_schema_org_have_many_spellings() {
    for (wrap, pointer) in [
        (
            json!([{"@type": ["schema:JobPosting"], "schema:skills": {"@value": "Test water"}}]),
            "/0/schema:skills/@value",
        ),
        (
            json!({"@graph": [{"@type": "https://schema.org/JobPosting", "https://schema.org/skills": ["Test water"]}]}),
            "/@graph/0/https:~1~1schema.org~1skills/0",
        ),
        (
            json!({"@type": "WebPage", "mainEntity": {"@type": "JobPosting", "skills": "Test water"}}),
            "/mainEntity/skills",
        ),
        (json!({"@type": "Occupation", "name": "X", "skills": "Test water"}), "/skills"),
        (json!({"title": "X", "skills": "Test water"}), "/skills"),
    ] {
        let job = read_as(&wrap.to_string(), JSON);
        assert_eq!((job.requirements[0].pointer.as_str(), job.requirements[0].text.as_str()), (pointer, "Test water"));
    }
    let referred = json!({"@graph": [{"@type": "JobPosting", "relevantOccupation": {"@id": "#o"}}, {"@id": "#o", "@type": "Thing",
        "skills": ["Test water"]}]});
    assert_eq!(read_as(&referred.to_string(), JSON).requirements[0].pointer, "/@graph/1/skills/0");
    let two = json!([{"@type": "JobPosting", "skills": "A"}, {"@type": "JobPosting", "skills": "B"}]);
    assert!(read_as(&two.to_string(), JSON).warnings[0].contains("2 jobs"));
}

#[test]
fn a_position_opening_of_hr_open() {
    let opening = json!({"positionProfiles": [{"positionTitle": "Operator", "jobCategories": [{"id": {"value": "51-8031.00", "schemeId": "O*NET-SOC"}, "name": "Operators"}],
        "positionQualifications": [{"qualificationSummary": "Operates a plant.", "positionCompetencies": [
            {"competencyName": "Chlorine residual testing", "competencyIds": [{"value": GUID, "schemeId": "CASE", "schemeLink": "https://case.example.org/uri/f"}],
             "weight": {"value": 40.50}},
            {"competencyName": "Jar testing", "desiredProficiencyLevel": {"value": 3}}],
          "educationRequirement": {"descriptions": ["High school diploma"]}, "experienceSummary": [{"descriptions": ["1 year with pumps"]}],
          "licences": ["Grade D licence"]}],
        "positionFormattedDescriptions": [{"title": "Duties", "content": "<ul><li>Collect samples</li><li>Adjust rates</li></ul>"}]}]});
    let text = opening.to_string().replace("40.5", "40.50");
    let job = read_as(&text, JSON);
    assert_eq!((job.kind, job.title.as_deref()), (Kind::PositionOpening, Some("Operator")));
    assert_eq!(
        told(&job),
        [
            "Skills Skill Required: Chlorine residual testing",
            "Skills Skill Preferred: Jar testing",
            "Qualifications Skill Required: Operates a plant.",
            "Experience Experience Required: 1 year with pumps",
            "Education Education Required: High school diploma",
            "Credentials Credential Required: Grade D licence",
            "Responsibilities Task Required: Collect samples",
            "Responsibilities Task Required: Adjust rates",
        ]
    );
    let first = &job.requirements[0];
    assert_eq!(first.weight.as_ref().map(ToString::to_string).as_deref(), Some("40.50"));
    assert_eq!(first.term.as_ref().and_then(|term| term.identifier.as_deref()), Some(GUID));
    assert_eq!(job.classifications[0].comparable, "SOC 51-8031");
    assert_eq!(job.classifications[0].name.as_deref(), Some("Operators"));
}

#[test]
fn a_job_posting_in_the_terms_of_jdx() {
    let posting = json!({"title": "Operator", "skills": [{"name": "Jar testing", "termCode": "WT.1", "inDefinedTermSet": {"name": "Water", "url": "https://x.example/f"},
            "annotation": {"preferred": true}}], "knowledge": [{"name": "Chlorine"}], "tasks": [{"descriptions": ["Collect samples"]}],
        "qualificationSummary": ["Runs a plant."], "requiredCredentials": [{"descriptions": ["Grade D licence"]}],
        "preferredEducation": [{"program": "Water technology"}], "minimumExperiences": [{"descriptions": ["6 months"]}],
        "jobBenefits": ["Free fruit"], "occupationCategories": [{"termCode": "51-8031.00", "inDefinedTermSet": {"name": "O*NET-SOC"}}]});
    let job = read_as(&posting.to_string(), JSON);
    assert_eq!(job.kind, Kind::Jdx);
    assert_eq!(
        told(&job),
        [
            "Skills Skill Preferred: Jar testing",
            "Knowledge Knowledge Required: Chlorine",
            "Responsibilities Task Required: Collect samples",
            "Education Education Preferred: Water technology",
            "Experience Experience Required: 6 months",
            "Credentials Credential Required: Grade D licence",
            "Qualifications Skill Required: Runs a plant.",
            "Benefits Boilerplate Unstated: Free fruit",
        ]
    );
    assert_eq!(job.requirements[0].term.as_ref().and_then(|term| term.set.as_ref()?.name.as_deref()), Some("Water"));
}

#[test]
fn ctdl_is_read_with_its_graph() {
    let graph = json!({"@context": "https://credreg.net/ctdl/schema/context/json", "@graph": [
        {"@id": "https://x.example/o", "@type": "ceterms:Occupation", "ceterms:name": {"en-US": "Operator"},
         "ceterms:description": {"en-US": "Operates a plant."}, "ceasn:skillEmbodied": ["https://x.example/c", "https://credentialengineregistry.org/resources/ce-1"],
         "ceterms:hasTask": [{"@id": "https://x.example/t"}],
         "ceterms:occupationType": [{"@type": "ceterms:CredentialAlignmentObject", "ceterms:codedNotation": "51-8031.00", "ceterms:targetNodeName": {"en-US": "Operators"}}],
         "ceterms:requires": [{"@type": "ceterms:ConditionProfile", "ceterms:yearsOfExperience": 1.50, "ceterms:condition": {"en-US": ["Drives a truck"]},
            "ceterms:targetCompetency": [{"@type": "ceterms:CredentialAlignmentObject", "ceterms:targetNode": "https://x.example/k",
            "ceterms:targetNodeName": {"en-US": "Chlorine"}, "ceterms:frameworkName": {"en-US": "Water"}}]}]},
        {"@id": "https://x.example/c", "@type": "ceasn:Competency", "ceasn:competencyText": {"en-US": "Jar testing"}},
        {"@id": "https://x.example/t", "@type": "ceterms:Task", "ceterms:description": {"en-US": "Collect samples"}}]});
    let job = read_as(&graph.to_string(), JSON);
    assert_eq!((job.kind, job.title.as_deref()), (Kind::Ctdl, Some("Operator")));
    assert_eq!(
        told(&job),
        [
            "Skills Skill Required: Jar testing",
            "Skills Skill Required: https://credentialengineregistry.org/resources/ce-1",
            "Responsibilities Task Required: Collect samples",
            "Skills Skill Required: Chlorine",
            "Qualifications Skill Required: Drives a truck",
            "Experience Experience Required: 1.5 years of experience",
            "Description Task Unstated: Operates a plant.",
        ]
    );
    assert_eq!(job.requirements[0].term.as_ref().and_then(|term| term.uri.as_deref()), Some("https://x.example/c"));
    assert_eq!(job.classifications[0].name.as_deref(), Some("Operators"));
}

#[test]
fn lists_of_strings() {
    for (list, pointer) in [
        (json!(["Test water", "A licence"]), "/0"),
        (json!({"title": "X", "requirements": ["Test water", "A licence"]}), "/requirements/0"),
        (json!([{"text": "Test water"}, "A licence"]), "/0/text"),
    ] {
        let job = read_as(&list.to_string(), JSON);
        assert_eq!((job.kind, job.requirements[0].pointer.as_str()), (Kind::List, pointer));
        assert_eq!(told(&job)[1], "Qualifications Credential Required: A licence");
    }
    assert_eq!(read(b"[]", Some(JSON)), Err(JobError::Empty));
}

#[test]
fn what_is_no_job_is_told_what_is() {
    for (body, media_type, expected) in [
        ("", None, "nothing to read"),
        (" \n…", None, "nothing to read"),
        ("{\"a\": ", Some(JSON), "cannot be read"),
        ("{\"a\": 1}", Some(JSON), "its members are a"),
        ("{\"@type\": \"Person\", \"name\": \"x\"}", None, "its type is Person"),
        ("3", Some(JSON), "no job"),
        ("[1, 2]", None, "no job"),
        ("x", Some("image/png"), "image/png is not read"),
        ("x", Some("application/pdf"), "send text/plain"),
    ] {
        let error = read(body.as_bytes(), media_type).unwrap_err().to_string();
        assert!(error.contains(expected), "{body}: {error}");
    }
    assert_eq!(read(b"ab\xff", None), Err(JobError::Encoding(2)));
    assert_eq!(read_as("\u{feff}Test water", "").requirements[0].span, [0, 10]);
}
