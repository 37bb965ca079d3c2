//! One alignment, in each of the spellings that credentials have for it.
//!
//! The rules are those of section 1.5 of the design's digest of the standards. Never contains a score: an unknown
//! member of an alignment is not signed with it.

use std::str::FromStr;

use serde_json::{Map, Value};

use super::target::{Target, TargetClass};

/// How members of an alignment are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spelling {
    /// Open Badges 2.0, and version 2 of the Badgr API: no types.
    Ob2,
    /// Open Badges 3.0 and CLR 2.0: `type` is an array.
    Ob3,
    /// CLR 1.0: `type` is a string.
    Clr1,
    /// Version 1 of the Badgr API: `target_name`.
    BadgrV1,
}

/// What `targetCode` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TargetCode {
    /// The GUID, as the example of the Open Badges 3.0 guide has it.
    #[default]
    Guid,
    /// humanCodingScheme, or the GUID of what has none.
    Human,
    /// Nothing.
    None,
}

/// What `targetName` says of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TargetName {
    /// The abbreviated statement where there is one; the full statement is then the description.
    #[default]
    Short,
    /// The full statement, as the example of the Open Badges 3.0 guide has it.
    Full,
}

/// What the caller may choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AlignmentOptions {
    pub code: TargetCode,
    pub name: TargetName,
    /// Describe the target by its notes, where it has any.
    pub notes: bool,
}

/// A value that is not among those that an option has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{option} is {values}")]
pub struct UnknownChoice {
    /// The option, as it is spelled over HTTP.
    pub option: &'static str,
    /// The values, in words.
    pub values: &'static str,
}

impl FromStr for TargetCode {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<TargetCode, UnknownChoice> {
        match text {
            "guid" => Ok(TargetCode::Guid),
            "human" => Ok(TargetCode::Human),
            "none" => Ok(TargetCode::None),
            _ => Err(UnknownChoice { option: "targetCode", values: "guid, human or none" }),
        }
    }
}

impl FromStr for TargetName {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<TargetName, UnknownChoice> {
        match text {
            "short" => Ok(TargetName::Short),
            "full" => Ok(TargetName::Full),
            _ => Err(UnknownChoice { option: "targetName", values: "short or full" }),
        }
    }
}

/// The alignment to a target. No member is empty or null.
#[must_use]
pub fn alignment(spelling: Spelling, target: &Target, options: AlignmentOptions) -> Map<String, Value> {
    let name = name(target, options.name);
    let mut members = Map::new();
    match spelling {
        Spelling::Ob2 | Spelling::BadgrV1 => {}
        Spelling::Ob3 => {
            members.insert("type".to_owned(), Value::Array(vec![Value::from("Alignment")]));
        }
        Spelling::Clr1 => {
            members.insert("type".to_owned(), Value::from("Alignment"));
        }
    }
    let mut put = |member: &'static str, text: Option<&str>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            members.insert(spelling.member(member).to_owned(), Value::from(text));
        }
    };
    put("targetName", Some(name));
    put("targetUrl", Some(&target.url()));
    put("targetFramework", Some(&target.framework.title));
    put("targetCode", code(target, options.code));
    if matches!(spelling, Spelling::Ob3 | Spelling::Clr1) {
        put("targetType", Some(target.class.target_type()));
    }
    put("targetDescription", description(target, name, options));
    members
}

/// `targetName`.
pub(super) fn name(target: &Target, wanted: TargetName) -> &str {
    match (wanted, target.class) {
        (TargetName::Full, TargetClass::Item) => target.full().unwrap_or_else(|| target.name()),
        _ => target.name(),
    }
}

/// `targetDescription`: what the name leaves out.
pub(super) fn description<'a>(target: &'a Target, name: &str, options: AlignmentOptions) -> Option<&'a str> {
    let notes = target.notes().filter(|_| options.notes);
    notes.or(target.full()).filter(|text| *text != name)
}

fn code(target: &Target, wanted: TargetCode) -> Option<&str> {
    match wanted {
        TargetCode::Guid => Some(&target.identifier),
        TargetCode::Human => Some(target.code().unwrap_or(&target.identifier)),
        TargetCode::None => None,
    }
}

/// The members that every spelling has, as Open Badges spells them and as version 1 of the Badgr API does.
const MEMBERS: [(&str, &str); 5] = [
    ("targetName", "target_name"),
    ("targetUrl", "target_url"),
    ("targetDescription", "target_description"),
    ("targetFramework", "target_framework"),
    ("targetCode", "target_code"),
];

impl Spelling {
    /// How it spells a member.
    fn member(self, name: &'static str) -> &'static str {
        match self {
            Spelling::BadgrV1 => snake(name),
            _ => name,
        }
    }
}

/// The member in snake case; as it is when no API has it so.
pub(super) fn snake(name: &'static str) -> &'static str {
    MEMBERS.iter().find(|(open, _)| *open == name).map_or(name, |(_, snake)| snake)
}

/// Whether an alignment that a document has is to this target: by its canonical uri, or by its GUID in `targetUrl`
/// or `targetCode`.
#[must_use]
pub fn same_target(target: &Target, url: Option<&str>, code: Option<&str>) -> bool {
    let names = |text: &str| guid_in(text).is_some_and(|guid| guid.eq_ignore_ascii_case(&target.identifier));
    url.is_some_and(|url| url == target.uri || url == target.url() || names(url)) || code.is_some_and(names)
}

/// The GUID that a url, a code or a CTID is about: the last one, since what comes before names the framework
/// (`https://casenetwork.1edtech.org/{document}/{item}`).
pub(super) fn guid_in(text: &str) -> Option<&str> {
    const LENGTH: usize = 36;
    let bytes = text.as_bytes();
    let hex = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_hexdigit);
    let starts = (0..=bytes.len().checked_sub(LENGTH)?).rev();
    let guid = starts.filter_map(|start| Some((start, text.get(start..start + LENGTH)?)));
    guid.filter(|(start, _)| !hex(start.checked_sub(1)) && !hex(Some(start + LENGTH)))
        .find_map(|(_, guid)| is_guid(guid).then_some(guid))
}

fn is_guid(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}
