//! The ready snippet of one CASE object for the formats that point at CASE: what somebody copies or a program fetches.
//!
//! Where each form is from is in docs/credentials.md. Never contains a whole document of any of these formats.

use std::fmt::Write as _;
use std::str::FromStr;

use quick_xml::escape::escape;
use serde_json::{Map, Value, json};

use super::alignment::{AlignmentOptions, Spelling, UnknownChoice, alignment, description, name};
use super::target::Target;

/// What a snippet can be written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SnippetFormat {
    /// Open Badges 2.0: an element of `alignment`.
    Ob2,
    /// Open Badges 3.0: an element of `alignment`.
    Ob3,
    /// CLR 1.0: an element of `alignments`.
    Clr1,
    /// CLR 2.0: an element of `alignment`.
    Clr2,
    /// schema.org: a DefinedTerm, for `skills` of a JobPosting.
    SchemaOrg,
    /// HR Open: a PositionCompetency.
    HrOpen,
    /// CTDL: a CredentialAlignmentObject.
    Ctdl,
    /// QTI 3: `curriculumStandardsMetadataSet`, XML.
    Qti,
    /// Common Cartridge 1.4: `curriculumStandardsMetadataSet`, XML.
    CommonCartridge,
    /// LTI Resource Search: an element of `learningObjectives`.
    Lti,
    /// OneRoster 1.2: an element of `learningObjectiveSet` of a line item.
    OneRoster,
}

impl SnippetFormat {
    pub const ALL: [SnippetFormat; 11] = [
        SnippetFormat::Ob2,
        SnippetFormat::Ob3,
        SnippetFormat::Clr1,
        SnippetFormat::Clr2,
        SnippetFormat::SchemaOrg,
        SnippetFormat::HrOpen,
        SnippetFormat::Ctdl,
        SnippetFormat::Qti,
        SnippetFormat::CommonCartridge,
        SnippetFormat::Lti,
        SnippetFormat::OneRoster,
    ];

    /// Its name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SnippetFormat::Ob2 => "ob2",
            SnippetFormat::Ob3 => "ob3",
            SnippetFormat::Clr1 => "clr1",
            SnippetFormat::Clr2 => "clr2",
            SnippetFormat::SchemaOrg => "schema.org",
            SnippetFormat::HrOpen => "hropen",
            SnippetFormat::Ctdl => "ctdl",
            SnippetFormat::Qti => "qti",
            SnippetFormat::CommonCartridge => "cc",
            SnippetFormat::Lti => "lti",
            SnippetFormat::OneRoster => "oneroster",
        }
    }

    /// Whether the snippet is XML: a string that holds it.
    #[must_use]
    pub fn is_xml(self) -> bool {
        matches!(self, SnippetFormat::Qti | SnippetFormat::CommonCartridge)
    }

    /// The media type of a snippet that is sent by itself.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        if self.is_xml() { "application/xml" } else { "application/json" }
    }
}

impl FromStr for SnippetFormat {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<SnippetFormat, UnknownChoice> {
        SnippetFormat::ALL.into_iter().find(|format| format.name() == text).ok_or(UnknownChoice {
            option: "format",
            values: "ob2, ob3, clr1, clr2, schema.org, hropen, ctdl, qti, cc, lti or oneroster",
        })
    }
}

/// The snippet: JSON, or XML as a string ([`SnippetFormat::is_xml`]). No member is empty or null.
#[must_use]
pub fn snippet(format: SnippetFormat, target: &Target, options: AlignmentOptions) -> Value {
    match format {
        SnippetFormat::Ob2 => Value::Object(alignment(Spelling::Ob2, target, options)),
        SnippetFormat::Ob3 | SnippetFormat::Clr2 => Value::Object(alignment(Spelling::Ob3, target, options)),
        SnippetFormat::Clr1 => Value::Object(alignment(Spelling::Clr1, target, options)),
        SnippetFormat::SchemaOrg => schema_org(target, options),
        SnippetFormat::HrOpen => hr_open(target, options),
        SnippetFormat::Ctdl => ctdl(target, options),
        SnippetFormat::Qti => Value::from(standards_metadata(QTI, target, options)),
        SnippetFormat::CommonCartridge => Value::from(standards_metadata(COMMON_CARTRIDGE, target, options)),
        SnippetFormat::Lti => lti(target, options),
        SnippetFormat::OneRoster => json!({ "source": "case", "learningObjectiveIds": [target.identifier] }),
    }
}

/// An object without what is absent.
fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let given = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(given.collect::<Map<String, Value>>())
}

fn text(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| Value::from(text))
}

fn schema_org(target: &Target, options: AlignmentOptions) -> Value {
    let name = name(target, options.name);
    let set = object([
        ("@type", text("DefinedTermSet")),
        ("@id", target.framework_url().as_deref().and_then(text)),
        ("name", text(&target.framework.title)),
    ]);
    let named = target.framework_url().is_some() || !target.framework.title.is_empty();
    object([
        ("@type", text("DefinedTerm")),
        ("@id", text(&target.url())),
        ("name", text(name)),
        ("description", description(target, name, options).and_then(text)),
        ("termCode", target.code().and_then(text)),
        ("inDefinedTermSet", named.then_some(set)),
    ])
}

fn hr_open(target: &Target, options: AlignmentOptions) -> Value {
    let competency = json!([{ "value": target.identifier, "schemeId": "CASE", "schemeLink": target.url() }]);
    let framework = target.framework_url().map(|url| {
        let taxonomy = object([
            ("value", text(&target.framework.identifier)),
            ("schemeId", text("CASE CFDocument")),
            ("description", text(&target.framework.title)),
            ("schemeLink", text(&url)),
        ]);
        Value::Array(vec![taxonomy])
    });
    object([
        ("competencyName", text(name(target, options.name))),
        ("competencyIds", Some(competency)),
        ("taxonomyIds", framework),
    ])
}

fn ctdl(target: &Target, options: AlignmentOptions) -> Value {
    let name = name(target, options.name);
    // A text of CTDL is a map of languages; `und` is the tag of none.
    let language = target.language.as_deref().filter(|tag| !tag.is_empty()).unwrap_or("und");
    let map = |text: &str| (!text.is_empty()).then(|| json!({ language: text }));
    object([
        ("@type", text("ceterms:CredentialAlignmentObject")),
        ("ceterms:targetNode", text(&target.url())),
        ("ceterms:targetNodeName", map(name)),
        ("ceterms:targetNodeDescription", description(target, name, options).and_then(map)),
        ("ceterms:framework", target.framework_url().as_deref().and_then(text)),
        ("ceterms:frameworkName", map(&target.framework.title)),
        ("ceterms:codedNotation", target.code().and_then(text)),
    ])
}

/// Without `alignmentType`, since only the resource knows whether it teaches or assesses.
fn lti(target: &Target, options: AlignmentOptions) -> Value {
    let name = name(target, options.name);
    object([
        ("educationalFramework", text(&target.framework.title)),
        ("targetDescription", description(target, name, options).and_then(text)),
        ("targetName", text(name)),
        ("targetURL", text(&target.url())),
        ("caseItemUri", text(&target.url())),
        ("caseItemGUID", text(&target.identifier)),
    ])
}

/// Namespaces of Curriculum Standards Metadata 1.1, which is the first with `caseItemURI`.
const QTI: &str = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscsmd_v1p1";
const COMMON_CARTRIDGE: &str = "http://www.imsglobal.org/xsd/imsccv1p4/imscsmd_v1p1";

fn standards_metadata(namespace: &str, target: &Target, options: AlignmentOptions) -> String {
    let name = name(target, options.name);
    let label = target.code().filter(|code| *code != name).map_or(name.to_owned(), |code| format!("{code} {name}"));
    let mut xml = String::new();
    let mut line = |text: &str| {
        let _ = writeln!(xml, "{text}");
    };
    line(&format!(r#"<curriculumStandardsMetadataSet xmlns="{namespace}">"#));
    line(r#"  <curriculumStandardsMetadata providerId="CASE">"#);
    line("    <setOfGUIDs>");
    line("      <labelledGUID>");
    line(&format!("        <label>{}</label>", normalized(&label)));
    line(&format!("        <caseItemURI>{}</caseItemURI>", normalized(&target.url())));
    line(&format!("        <GUID>{}</GUID>", normalized(&target.identifier)));
    line("      </labelledGUID>");
    line("    </setOfGUIDs>");
    line("  </curriculumStandardsMetadata>");
    line("</curriculumStandardsMetadataSet>");
    xml
}

/// A `normalizedString` of XML: one line, without the characters that XML 1.0 cannot say.
fn normalized(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let sayable = one_line.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'));
    escape(sayable.collect::<String>()).into_owned()
}
