//! One achievement: its texts, its alignments, its ResultDescriptions and their levels.
//!
//! Never contains what a learner did with it.

use serde_json::{Map, Value};

use super::super::document::{Existing, Place, PlaceOf, Texts, Warning};
use super::super::kind::{Kind, list};
use super::super::texts::Languages;
use super::{Scope, remarks};

/// What was read so far.
pub(super) struct Reader<'a> {
    pub(super) places: Vec<Place>,
    pub(super) warnings: Vec<Warning>,
    language: Option<&'a str>,
}

/// Both members that may hold alignments; which is right depends on the version.
const HOLDERS: [&str; 2] = ["alignment", "alignments"];
const DESCRIPTIONS: [&str; 4] =
    ["resultDescription", "resultDescriptions", "result_description", "result_descriptions"];
const LEVELS: [&str; 4] =
    ["rubricCriterionLevel", "rubricCriterionLevels", "rubric_criterion_level", "rubric_criterion_levels"];

impl<'a> Reader<'a> {
    pub(super) fn new(language: Option<&'a str>) -> Reader<'a> {
        Reader { places: Vec::new(), warnings: Vec::new(), language }
    }

    pub(super) fn achievement(&mut self, kind: Kind, members: &Map<String, Value>, scope: &Scope) {
        let own = Languages::default().member(members, &["inLanguage", "in_language", "@language"]);
        let languages = Languages { asked: self.language, own: own.as_deref() };
        let position = self.places.len();
        remarks::achievement(self, kind, members, &scope.pointer);
        let texts = Texts {
            name: languages.member(members, &["name"]),
            description: languages.member(members, &["description"]),
            criteria: criteria(members, languages),
            tags: languages.members(members, &["tag", "tags"]),
            field_of_study: languages.member(members, &["fieldOfStudy", "field_of_study"]),
            specialization: languages.member(members, &["specialization"]),
            human_code: languages.member(members, &["humanCode", "human_code"]),
            achievement_type: languages.member(members, &["achievementType", "achievement_type"]),
            language: own.clone(),
            levels: Vec::new(),
            level: languages.member(members, &["level"]),
        };
        self.place(PlaceOf::Achievement, Some(position), kind, members, scope, texts, languages);
        for name in DESCRIPTIONS {
            for (scope, description) in scope.each(members, name) {
                if let Some(description) = description.as_object() {
                    self.result_description(position, kind, description, &scope, languages);
                }
            }
        }
    }

    fn result_description(
        &mut self,
        achievement: usize,
        kind: Kind,
        members: &Map<String, Value>,
        scope: &Scope,
        languages: Languages<'_>,
    ) {
        let levels: Vec<(Scope, &Value)> = LEVELS.iter().flat_map(|name| scope.each(members, name)).collect();
        let name = |level: &(Scope, &Value)| languages.member(level.1.as_object()?, &["name"]);
        let texts = Texts {
            name: languages.member(members, &["name"]),
            description: languages.member(members, &["description"]),
            language: languages.own.map(str::to_owned),
            levels: levels.iter().filter_map(name).collect(),
            ..Texts::default()
        };
        self.place(PlaceOf::ResultDescription, Some(achievement), kind, members, scope, texts, languages);
        for (scope, level) in levels {
            let Some(members) = level.as_object() else { continue };
            let texts = Texts {
                name: languages.member(members, &["name"]),
                description: languages.member(members, &["description"]),
                language: languages.own.map(str::to_owned),
                level: languages.member(members, &["level"]),
                ..Texts::default()
            };
            self.place(PlaceOf::Level, Some(achievement), kind, members, &scope, texts, languages);
        }
    }

    /// One learner's result, for the alignments that it adds: nothing else of it is read.
    pub(super) fn result(&mut self, kind: Kind, value: &Value, scope: &Scope) {
        if let Some(members) = value.as_object() {
            let languages = Languages { asked: self.language, own: None };
            self.place(PlaceOf::Result, None, kind, members, scope, Texts::default(), languages);
            if self.places.last().is_some_and(|place| place.alignments.is_empty()) {
                self.places.pop();
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a place has as many sides")]
    fn place(
        &mut self,
        of: PlaceOf,
        achievement: Option<usize>,
        kind: Kind,
        members: &Map<String, Value>,
        scope: &Scope,
        texts: Texts,
        languages: Languages<'_>,
    ) {
        let holder = kind.holder();
        let mut alignments = Vec::new();
        for name in HOLDERS {
            remarks::alignments(self, kind, members, name, &scope.pointer);
            let all = scope.each(members, name);
            alignments.extend(all.iter().filter_map(|(scope, value)| existing(value, &scope.pointer, languages)));
        }
        for alignment in &alignments {
            remarks::alignment(self, alignment);
        }
        self.places.push(Place {
            of,
            pointer: scope.pointer.clone(),
            achievement,
            texts,
            alignments,
            frozen: scope.frozen,
            spelling: kind.spelling(),
            holder,
            held: held(members.get(holder)),
            proofs: scope.proofs.clone(),
            embedded: scope.embedded,
        });
    }
}

/// How many alignments a member holds; nothing when it is no object, list or null.
fn held(holder: Option<&Value>) -> Option<usize> {
    let takes = matches!(holder, None | Some(Value::Null | Value::Array(_) | Value::Object(_)));
    takes.then(|| list(holder).count())
}

/// The narrative: of `criteria`, of `requirement` in CLR 1.0, or of the members of the Badgr API.
fn criteria(members: &Map<String, Value>, languages: Languages<'_>) -> Option<String> {
    for criteria in ["criteria", "requirement"].into_iter().flat_map(|name| list(members.get(name))) {
        let narrative = match criteria {
            Value::Object(criteria) => languages.member(criteria, &["narrative"]),
            // An address in Open Badges 2.0; but some write what is asked.
            other => languages.text(other).filter(|text| !is_address(text)),
        };
        if narrative.is_some() {
            return narrative;
        }
    }
    languages.member(members, &["criteriaNarrative", "criteria_narrative", "criteria_text"])
}

fn is_address(text: &str) -> bool {
    let (scheme, rest) = text.trim().split_once(':').unwrap_or_default();
    !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric()) && !rest.contains(char::is_whitespace)
}

/// An alignment under any of the names that its members have been seen with; an address alone, as JSON-LD allows.
fn existing(value: &Value, pointer: &str, languages: Languages<'_>) -> Option<Existing> {
    let pointer = pointer.to_owned();
    let members = match value {
        Value::Object(members) => members,
        Value::String(url) if is_address(url) => {
            return Some(Existing { pointer, url: Some(url.clone()), ..Existing::default() });
        }
        _ => return None,
    };
    let member = |names: &[&str]| languages.member(members, names);
    Some(Existing {
        pointer,
        url: member(&["targetUrl", "target_url", "url"]),
        code: member(&["targetCode", "target_code"]),
        name: member(&["targetName", "target_name", "name"]),
        description: member(&["targetDescription", "target_description", "description"]),
        framework: member(&["targetFramework", "educationalFramework", "frameworkName", "target_framework"]),
        target_type: member(&["targetType", "target_type"]),
    })
}
