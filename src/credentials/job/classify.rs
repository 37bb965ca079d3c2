//! What kind of thing a sentence of a posting asks for, and how much, with the reason.
//!
//! Decides by the part of the job it stands in and by phrases in it; never by what it is about.

use super::lexicon::{Found, Signal, found, key};
use super::model::{Class, Importance, Section};

/// What was decided.
pub(super) struct Decision {
    pub class: Class,
    pub importance: Importance,
    /// Why it is of that class.
    pub because: String,
}

/// Decides on a sentence that stands in `section`, where everything is asked for as much as `importance` says.
pub(super) fn classify(text: &str, section: Section, importance: Importance) -> Decision {
    let key = key(text);
    let found = found(&key);
    let (class, because) = class(&key, &found, section);
    let has = |signal| found.iter().any(|found| found.signal == signal);
    let importance = match importance {
        _ if class == Class::Boilerplate => Importance::Unstated,
        _ if has(Signal::Preferred) => Importance::Preferred,
        Importance::Unstated if has(Signal::Required) => Importance::Required,
        stated => stated,
    };
    Decision { class, importance, because }
}

fn class(key: &str, found: &[Found], section: Section) -> (Class, String) {
    let says = |phrase: &str| format!("it says “{phrase}”");
    let first = |signals: &[Signal]| found.iter().find(|found| signals.contains(&found.signal));
    if section.is_boilerplate() {
        return (Class::Boilerplate, stands(section).to_owned());
    }
    if let Some(found) = first(&[Signal::Boilerplate]) {
        return (Class::Boilerplate, says(found.phrase));
    }
    let by_section = match section {
        Section::Education => Some(Class::Education),
        Section::Credentials => Some(Class::Credential),
        Section::Physical | Section::Conditions => Some(Class::Condition),
        _ => None,
    };
    if let Some(class) = by_section {
        return (class, stands(section).to_owned());
    }
    // Who issues licences or teaches at a high school is not asked to have one.
    if section != Section::Responsibilities {
        if let Some(found) = first(&[Signal::Credential, Signal::Education]) {
            let class = if found.signal == Signal::Credential { Class::Credential } else { Class::Education };
            return (class, says(found.phrase));
        }
        if let Some(found) = experience(key, found, section) {
            return (Class::Experience, found);
        }
        if let Some(found) = first(&[Signal::Condition]) {
            return (Class::Condition, says(found.phrase));
        }
        if let Some(found) = first(&[Signal::Knowledge]) {
            return (Class::Knowledge, says(found.phrase));
        }
    }
    if section == Section::Description
        && let Some(found) = first(&[Signal::Blurb])
    {
        return (Class::Boilerplate, says(found.phrase));
    }
    let class = match section {
        Section::Skills | Section::Qualifications => Class::Skill,
        Section::Knowledge => Class::Knowledge,
        Section::Experience => Class::Experience,
        _ => Class::Task,
    };
    (class, stands(section).to_owned())
}

/// Experience is asked for by name, or as a time in the part that is about it.
fn experience(key: &str, found: &[Found], section: Section) -> Option<String> {
    let named = found.iter().find(|found| found.signal == Signal::Experience);
    let words: Vec<&str> = key.split(' ').collect();
    let counted = found.iter().find(|found| {
        let before = found.at.checked_sub(1).and_then(|at| words.get(at));
        found.signal == Signal::Years && before.is_some_and(|before| before.chars().any(char::is_numeric))
    });
    match (named, counted) {
        (Some(named), _) => Some(format!("it says “{}”", named.phrase)),
        (None, Some(counted)) if section == Section::Experience || section == Section::Qualifications => {
            Some(format!("it counts “{}”", counted.phrase))
        }
        _ => None,
    }
}

fn stands(section: Section) -> &'static str {
    match section {
        Section::Description => "nothing says that it is anything else",
        Section::Responsibilities => "it stands among the tasks",
        Section::Qualifications => "it stands among the requirements",
        Section::Skills => "it stands among the skills",
        Section::Knowledge => "it stands among what is to be known",
        Section::Education => "it stands under education",
        Section::Experience => "it stands under experience",
        Section::Credentials => "it stands under licences and certificates",
        Section::Physical => "it stands under physical demands",
        Section::Conditions => "it stands under working conditions",
        Section::Benefits => "it stands among the benefits",
        Section::Employer => "it is about the employer",
        Section::Application => "it tells how to apply",
        Section::Legal => "it is what the law wants to be said",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_told_apart() {
        use Importance::{Preferred, Required, Unstated};
        use Section::{Benefits, Description, Education, Experience, Qualifications, Responsibilities, Skills};
        for (text, section, importance, class, expected) in [
            ("Test water samples", Responsibilities, Required, Class::Task, Required),
            ("A grade D operator licence", Qualifications, Required, Class::Credential, Required),
            ("Renew licences of operators", Responsibilities, Required, Class::Task, Required),
            ("Process health insurance claims", Responsibilities, Required, Class::Task, Required),
            ("Health insurance and a bonus", Description, Unstated, Class::Boilerplate, Unstated),
            ("Equal opportunity employer.", Qualifications, Required, Class::Boilerplate, Unstated),
            ("Free fruit", Benefits, Unstated, Class::Boilerplate, Unstated),
            ("Clear written communication", Qualifications, Required, Class::Skill, Required),
            ("Python is a plus", Skills, Required, Class::Skill, Preferred),
            ("Must know pumps", Description, Unstated, Class::Task, Required),
            ("5+ years of experience with SQL", Qualifications, Required, Class::Experience, Required),
            ("6 months", Experience, Required, Class::Experience, Required),
            ("3 years in a plant", Qualifications, Required, Class::Experience, Required),
            ("Abgeschlossenes Studium der Informatik", Qualifications, Required, Class::Education, Required),
            ("high school", Education, Required, Class::Education, Required),
            ("Good knowledge of pumps", Qualifications, Required, Class::Knowledge, Required),
            ("Teach high school students", Responsibilities, Required, Class::Task, Required),
            ("Ability to lift 20 kg", Qualifications, Required, Class::Condition, Required),
            ("Conocimientos de electricidad, deseable", Qualifications, Required, Class::Knowledge, Preferred),
            ("خبرة في المضخات", Qualifications, Required, Class::Experience, Required),
        ] {
            let decision = classify(text, section, importance);
            assert_eq!((decision.class, decision.importance), (class, expected), "{text}: {}", decision.because);
            assert!(!decision.because.is_empty());
        }
    }
}
