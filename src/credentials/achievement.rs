//! A CASE item that a credential can be issued for, as the Open Badges 3.0 Achievement that an issuer
//! takes over (section 6 of the design's digest of the credential standards).
//!
//! Never contains a learner, a result, or how the item was found.

use serde_json::{Map, Value, json};

/// What the type of such an item begins with.
const PREFIX: &str = "Credential - ";
/// The member of `extensions` by which any item is marked: `true`, or the type of the achievement.
const MARK: &str = "credentialEligible";

/// The achievement types of Open Badges 3.0.
const TYPES: [&str; 31] = [
    "Achievement",
    "ApprenticeshipCertificate",
    "Assessment",
    "Assignment",
    "AssociateDegree",
    "Award",
    "Badge",
    "BachelorDegree",
    "Certificate",
    "CertificateOfCompletion",
    "Certification",
    "CommunityService",
    "Competency",
    "Course",
    "CoCurricular",
    "Degree",
    "Diploma",
    "DoctoralDegree",
    "Fieldwork",
    "GeneralEducationDevelopment",
    "JourneymanCertificate",
    "LearningProgram",
    "License",
    "Membership",
    "ProfessionalDoctorate",
    "QualityAssuranceCredential",
    "MasterCertificate",
    "MasterDegree",
    "MicroCredential",
    "ResearchDoctorate",
    "SecondarySchoolDiploma",
];

/// The type of the achievement that an item stands for, by the title of its type or a mark of its own;
/// `None` for every other item.
#[must_use]
pub fn achievement_type(item_types: &[&str], extensions: Option<&Value>) -> Option<String> {
    match extensions.and_then(|extensions| extensions.get(MARK)) {
        Some(Value::String(of)) if !of.trim().is_empty() => return Some(term(of)),
        Some(Value::Bool(true)) => return Some(item_types.iter().find_map(|of| named(of)).unwrap_or_else(|| term(""))),
        // Marked as none, whatever its type is called.
        Some(Value::Bool(false)) => return None,
        _ => {}
    }
    item_types.iter().find_map(|of| named(of))
}

fn named(item_type: &str) -> Option<String> {
    let item_type = item_type.trim_start();
    let begins = item_type.get(..PREFIX.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(PREFIX));
    begins.then(|| term(item_type.get(PREFIX.len()..).unwrap_or_default()))
}

/// A word for a kind of achievement as Open Badges has it: one of its own types, else an extension.
fn term(text: &str) -> String {
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    if let Some(known) = TYPES.iter().find(|known| known.eq_ignore_ascii_case(&plain)) {
        return (*known).to_owned();
    }
    let own = text.trim();
    let own = own.strip_prefix("ext:").unwrap_or(own);
    let own: String = own.chars().filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c)).collect();
    if own.chars().any(|c| c.is_ascii_alphanumeric()) { format!("ext:{own}") } else { "Achievement".to_owned() }
}

/// What an achievement is made of. Texts are as published.
#[derive(Clone, Debug, Default)]
pub struct Achievement {
    /// The uri of the item.
    pub id: String,
    /// See [`achievement_type`].
    pub achievement_type: String,
    pub name: String,
    pub description: String,
    pub code: Option<String>,
    /// A language tag.
    pub language: Option<String>,
    /// The page of the item.
    pub page: String,
    /// What has to come before it, a line each.
    pub criteria: Vec<String>,
    pub image: Option<String>,
    /// Alignments in the spelling of Open Badges 3.0.
    pub alignments: Vec<Map<String, Value>>,
}

impl Achievement {
    /// The document, with its context. No member is empty or null.
    #[must_use]
    pub fn document(&self) -> Value {
        let mut criteria = json!({ "id": self.page });
        if !self.criteria.is_empty() {
            let lines: Vec<String> = self.criteria.iter().map(|line| format!("- {}", one_line(line))).collect();
            criteria["narrative"] = lines.join("\n").into();
        }
        let mut document = json!({
            "@context": [
                "https://www.w3.org/ns/credentials/v2",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            ],
            "id": self.id,
            "type": ["Achievement"],
            "achievementType": self.achievement_type,
            "name": self.name,
            "description": self.description,
            "criteria": criteria,
        });
        let mut put = |name: &str, value: Value| document[name] = value;
        if let Some(code) = given(&self.code) {
            put("humanCode", code.into());
        }
        if let Some(language) = given(&self.language).filter(|tag| is_language(tag)) {
            put("inLanguage", language.into());
        }
        if let Some(image) = given(&self.image) {
            put("image", json!({ "id": image, "type": "Image" }));
        }
        if !self.alignments.is_empty() {
            put("alignment", self.alignments.iter().cloned().map(Value::Object).collect());
        }
        document
    }
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.trim().is_empty())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a tag has the form that the schema of Open Badges 3.0 asks for: `en`, `fr-CA`, `zh-Hant`.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first =
        parts.next().is_some_and(|part| matches!(part.len(), 2..=4) && part.bytes().all(|b| b.is_ascii_lowercase()));
    first
        && parts.all(|part| match part.len() {
            2 => part.bytes().all(|byte| byte.is_ascii_uppercase()),
            4 => {
                part.starts_with(|c: char| c.is_ascii_uppercase())
                    && part.bytes().skip(1).all(|b| b.is_ascii_lowercase())
            }
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eligible_items_are_told_by_type_or_mark() {
        for (types, extensions, expect) in [
            (vec!["Credential - Badge"], None, Some("Badge")),
            (vec!["credential - micro credential"], None, Some("MicroCredential")),
            (vec!["Credential - Nano Degree!"], None, Some("ext:NanoDegree")),
            (vec!["Credential - 証明"], None, Some("Achievement")),
            (vec!["Credential - "], None, Some("Achievement")),
            (vec!["Standard", "Credential - Course"], None, Some("Course")),
            (vec!["Credentials"], None, None),
            (vec!["Standard"], None, None),
            (vec![], Some(json!({"credentialEligible": true})), Some("Achievement")),
            (vec!["Credential - Badge"], Some(json!({"credentialEligible": true})), Some("Badge")),
            (vec!["Standard"], Some(json!({"credentialEligible": "Certification"})), Some("Certification")),
            (vec!["Standard"], Some(json!({"credentialEligible": "ext:Stack.able"})), Some("ext:Stack.able")),
            (vec!["Credential - Badge"], Some(json!({"credentialEligible": false})), None),
            (vec!["Standard"], Some(json!({"credentialEligible": "true".len()})), None),
        ] {
            assert_eq!(achievement_type(&types, extensions.as_ref()).as_deref(), expect, "{types:?} {extensions:?}");
        }
    }

    #[test]
    fn nothing_is_written_that_is_empty() {
        let achievement = Achievement {
            id: "https://h/uri/1".to_owned(),
            achievement_type: "Badge".to_owned(),
            name: "N".to_owned(),
            description: "D".to_owned(),
            page: "https://h/uri/1.html".to_owned(),
            code: Some(" ".to_owned()),
            language: Some("English".to_owned()),
            ..Achievement::default()
        };
        let document = achievement.document();
        let members: Vec<&String> = document.as_object().unwrap().keys().collect();
        assert_eq!(members, ["@context", "id", "type", "achievementType", "name", "description", "criteria"]);
        let fuller =
            Achievement { criteria: vec!["a\n b".to_owned()], language: Some("fr-CA".to_owned()), ..achievement };
        assert_eq!(fuller.document()["criteria"]["narrative"], "- a b");
        assert_eq!(fuller.document()["inLanguage"], "fr-CA");
    }
}
