//! What somebody pasted or dropped without saying what it is: a credential, a job, or just a text.
//!
//! Pure. Tells by the beginning and the members; never reads more of it than that takes.

use serde_json::Value;

use super::job::{self, Section};
use super::jws;
use super::kind::{Kind, recognise};

/// What something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pasted {
    /// A badge, an achievement or a record, signed or not.
    Credential,
    /// A posting or a description of an occupation, in any form that [`job`] reads.
    Job,
    /// A text about anything.
    Text,
}

impl Pasted {
    pub const ALL: [Pasted; 3] = [Pasted::Text, Pasted::Credential, Pasted::Job];

    /// Its name in forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Pasted::Credential => "credential",
            Pasted::Job => "job",
            Pasted::Text => "text",
        }
    }

    /// What has that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Pasted> {
        Pasted::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// Members of a job that an achievement does not have.
const OF_JOBS: [&str; 10] = [
    "title",
    "skills",
    "qualifications",
    "responsibilities",
    "educationRequirements",
    "experienceRequirements",
    "requirements",
    "competencies",
    "knowledge",
    "tasks",
];
/// Members of an achievement that a job does not have.
const OF_ACHIEVEMENTS: [&str; 4] = ["criteria", "alignment", "humanCode", "resultDescription"];
/// How much of a text is read to see whether it is a posting, in bytes.
const LOOKED_AT: usize = 64 * 1024;

/// What bytes are. JSON that is nothing known counts as a credential, whose reader says what is wrong with it.
#[must_use]
pub fn pasted(bytes: &[u8]) -> Pasted {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    match bytes.first() {
        Some(b'{' | b'[') => of_json(bytes),
        Some(b'<') => Pasted::Job,
        // A code such as 3.OA.1 has three parts as well; the header of a JWS is an object, which begins so.
        _ if jws::compact(text.trim_matches('"')).is_some_and(|jws| jws.starts_with("ey")) => Pasted::Credential,
        _ if is_posting(text) => Pasted::Job,
        _ => Pasted::Text,
    }
}

fn of_json(bytes: &[u8]) -> Pasted {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return Pasted::Credential };
    let has = |names: &[&str]| names.iter().any(|name| value.get(*name).is_some());
    match recognise(&value) {
        Some(Kind::Untyped) if has(&OF_JOBS) && !has(&OF_ACHIEVEMENTS) => Pasted::Job,
        None if job::read(bytes, Some("application/json")).is_ok() => Pasted::Job,
        Some(_) | None => Pasted::Credential,
    }
}

/// Whether a text has parts that only postings have: what is to be done, what somebody has to bring, what the employer offers.
fn is_posting(text: &str) -> bool {
    let end = (0..=LOOKED_AT.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    let beginning = text.get(..end).unwrap_or_default();
    let Ok(job) = job::read(beginning.as_bytes(), Some("text/plain")) else { return false };
    let tells = |section: Section| {
        matches!(
            section,
            Section::Responsibilities
                | Section::Qualifications
                | Section::Benefits
                | Section::Application
                | Section::Employer
        )
    };
    job.requirements.iter().any(|requirement| tells(requirement.section))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_known_by_its_beginning_or_its_members() {
        for (text, expect) in [
            ("", Pasted::Text),
            ("Learners add and subtract fractions.", Pasted::Text),
            ("Operator\n\nYou bring:\n- Chlorine residual testing\n", Pasted::Job),
            ("Requirements\n\n- Measure turbidity\n", Pasted::Job),
            ("<p>Measure turbidity</p>", Pasted::Job),
            (r#"{"@type": "JobPosting", "title": "Operator"}"#, Pasted::Job),
            (r#"["Measure turbidity"]"#, Pasted::Job),
            (r#"{"name": "Operator", "skills": "Measure turbidity"}"#, Pasted::Job),
            (r#"{"name": "Water Sampling", "description": "Measures turbidity"}"#, Pasted::Credential),
            (r#"{"name": "x", "title": "y", "criteria": {"narrative": "z"}}"#, Pasted::Credential),
            (r#"{"type": ["Achievement"], "name": "x"}"#, Pasted::Credential),
            (r#"{"type": "Person"}"#, Pasted::Credential),
            ("{\"a\": ", Pasted::Credential),
            ("\u{feff} {\"type\": \"BadgeClass\"}", Pasted::Credential),
            ("3.OA.1", Pasted::Text),
            ("eyJhbGciOiJub25lIn0.eyJuYW1lIjoieCJ9.c2ln", Pasted::Credential),
        ] {
            assert_eq!(pasted(text.as_bytes()), expect, "{text}");
        }
        assert_eq!(pasted(b"\xff\xfe"), Pasted::Text);
    }
}
