//! Generated packages: every class, every optional member, texts and numbers as odd as JSON lets
//! them be, aliases. What comes out is proper CASE 1.1, so reading it must have nothing to say.

use casement::case::model::{
    Association, Concept, Criterion, Date, Definitions, Document, Extensions, Grouping, Identity, Item, ItemType,
    Level, License, Link, NodeLink, Package, Rubric, Subject, Timestamp,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Number, Value};

fn uuid() -> impl Strategy<Value = String> {
    any::<[u8; 16]>().prop_map(|bytes| uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}

/// What spreadsheets take for something else.
const CELLS: [&str; 22] = [
    "=1+1",
    "+x",
    "-x",
    "@sum",
    "'quoted",
    "''",
    "'=x",
    "1.10",
    "00012",
    "-1.50",
    "1e5",
    "TRUE",
    "2019-02-05",
    "#REF!",
    "#sheet",
    "json:\"x\"",
    "json:",
    "[\"a\"]",
    "{\"a\":1}",
    "a|b,c;d",
    "\ttab",
    "_x0041_",
];

/// Any text, with what usually breaks something more often than chance would.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        40 => "[a-zA-Z0-9 .,;:'\"/\\\\-]{0,20}",
        20 => any::<String>(),
        10 => Just(String::new()),
        10 => Just("line\r\none\ttab \u{2028}\u{85}".to_owned()),
        10 => Just("<script>&amp;</script> ${x} %00 '; DROP".to_owned()),
        10 => Just("\u{0}\u{1}\u{7f}".to_owned()),
        10 => Just("𝑑 e\u{301} \u{202e}עברית \u{feff}🏳️‍🌈".to_owned()),
        10 => Just(" leading and trailing ".to_owned()),
        10 => Just("null".to_owned()),
        20 => prop::sample::select(CELLS.as_slice()).prop_map(str::to_owned),
        1 => (32_760..32_780_usize, any::<bool>()).prop_map(|(length, wide)| if wide { "\u{a0}" } else { "x" }.repeat(length)),
    ]
}

fn texts() -> impl Strategy<Value = Option<Vec<String>>> {
    option::of(vec(text(), 0..3))
}

fn number() -> impl Strategy<Value = Number> {
    let spelling = prop_oneof![
        any::<i32>().prop_map(|n| n.to_string()),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?",
        Just("1.50".to_owned()),
        Just("-0".to_owned()),
        Just("0.1e-10".to_owned()),
        Just("12345678901234567890123".to_owned()),
    ];
    spelling.prop_map(|text| serde_json::from_str(&text).expect("a number"))
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number().prop_map(Value::Number),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            vec((text(), inner), 0..3).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn extensions() -> impl Strategy<Value = Option<Extensions>> {
    option::weighted(0.3, vec((text(), json()), 0..3).prop_map(|members| members.into_iter().collect()))
}

/// Absolute uris of several schemes.
fn uri() -> impl Strategy<Value = String> {
    prop_oneof![
        "https://[a-z]{1,8}\\.example/[a-zA-Z0-9/_.~-]{0,20}(\\?a=[0-9]{1,3})?",
        uuid().prop_map(|id| format!("urn:uuid:{id}")),
        uuid().prop_map(|id| format!("http://h.example/ims/case/v1p0/CFItems/{id}")),
        "urn:[a-z]{2,8}:[A-Za-z0-9]{1,12}",
    ]
}

fn time() -> impl Strategy<Value = Timestamp> {
    let zone = prop_oneof![
        Just("Z".to_owned()),
        Just("+00:00".to_owned()),
        Just("-05:30".to_owned()),
        Just("+14:00".to_owned())
    ];
    let fraction = prop_oneof![Just(String::new()), "\\.[0-9]{1,9}"];
    (1970..2100_u32, 1..=12_u32, 1..=28_u32, 0..24_u32, 0..60_u32, fraction, zone).prop_map(
        |(y, m, d, h, s, fraction, zone)| {
            Timestamp::parse(&format!("{y:04}-{m:02}-{d:02}T{h:02}:{s:02}:{s:02}{fraction}{zone}")).expect("a time")
        },
    )
}

fn date() -> impl Strategy<Value = Option<Date>> {
    let some = (1800..2200_u32, 1..=12_u32, 1..=28_u32).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}"));
    option::of(some.prop_map(|text| Date::parse(&text).expect("a date")))
}

fn link() -> impl Strategy<Value = Link> {
    (text(), uuid(), uri()).prop_map(|(title, identifier, uri)| Link { title, identifier, uri })
}

fn identity() -> impl Strategy<Value = Identity> {
    (uuid(), uri(), time()).prop_map(|(identifier, uri, last_change)| Identity { identifier, uri, last_change })
}

/// An association's end: something of CASE, or anything at all.
fn node() -> impl Strategy<Value = NodeLink> {
    let identifier = prop_oneof![3 => uuid(), 1 => "[A-Za-z][A-Za-z0-9 /:._-]{0,30}[A-Za-z]", 1 => "x{301,310}"];
    let target = option::of(prop_oneof![Just("CASE".to_owned()), "ext:[a-zA-Z0-9._-]{1,10}"]);
    (text(), identifier, uri(), target).prop_map(|(title, identifier, uri, target_type)| NodeLink {
        title,
        identifier,
        uri,
        target_type,
    })
}

prop_compose! {
    fn document()(
        identity in identity(),
        (creator, title, official_source_url, publisher) in (text(), text(), option::of(uri()), option::of(text())),
        (framework_type, case_version, description, notes) in
            (option::of(text()), option::of(Just("1.1".to_owned())), option::of(text()), option::of(text())),
        (subject, subject_uri, license_uri) in (texts(), option::of(vec(link(), 0..3)), option::of(link())),
        (language, version, adoption_status) in (option::of(text()), option::of(text()), option::of(text())),
        (status_start_date, status_end_date, extensions) in (date(), date(), extensions()),
    ) -> Document {
        Document {
            identity, framework_type, case_version, creator, title, official_source_url, publisher, description, subject,
            subject_uri, language, version, adoption_status, status_start_date, status_end_date, license_uri, notes,
            extensions,
        }
    }
}

prop_compose! {
    fn item()(
        identity in identity(),
        (full_statement, alternative_label, item_type, human_coding_scheme) in
            (text(), option::of(text()), option::of(text()), option::of(text())),
        (list_enumeration, abbreviated_statement, notes, language) in
            (option::of(text()), option::of(text()), option::of(text()), option::of(text())),
        (concept_keywords, subject, education_level) in (texts(), texts(), texts()),
        (concept_keywords_uri, subject_uri, item_type_uri, license_uri) in
            (option::of(link()), option::of(vec(link(), 0..2)), option::of(link()), option::of(link())),
        (status_start_date, status_end_date, extensions) in (date(), date(), extensions()),
    ) -> Item {
        Item {
            identity, full_statement, alternative_label, item_type, human_coding_scheme, list_enumeration,
            abbreviated_statement, concept_keywords, concept_keywords_uri, notes, subject, subject_uri, language,
            education_level, item_type_uri, license_uri, status_start_date, status_end_date, extensions, home: None,
        }
    }
}

prop_compose! {
    fn association()(
        identity in identity(),
        association_type in prop_oneof![
            Just("isChildOf".to_owned()), Just("exactMatchOf".to_owned()), Just("isTranslationOf".to_owned()),
            "ext:[a-zA-Z0-9._-]{1,10}",
        ],
        sequence_number in option::of(any::<i32>().prop_map(i64::from)),
        (origin, destination) in (node(), node()),
        (grouping_uri, notes, extensions) in (option::of(link()), option::of(text()), extensions()),
    ) -> Association {
        Association { identity, association_type, sequence_number, origin, destination, grouping_uri, notes, extensions }
    }
}

prop_compose! {
    fn definitions()(
        concepts in option::of(vec((identity(), text(), option::of(text()), text(), option::of(text()), extensions()), 0..3)),
        subjects in option::of(vec((identity(), text(), text(), option::of(text()), extensions()), 0..3)),
        licenses in option::of(vec((identity(), text(), option::of(text()), text(), extensions()), 0..2)),
        item_types in option::of(vec((identity(), text(), text(), text(), option::of(text()), extensions()), 0..3)),
        groupings in option::of(vec((identity(), text(), option::of(text()), extensions()), 0..2)),
        extensions in extensions(),
    ) -> Definitions {
        Definitions {
            concepts: concepts.map(|all| all.into_iter().map(|(identity, title, keywords, hierarchy_code, description, extensions)|
                Concept { identity, title, keywords, hierarchy_code, description, extensions }).collect()),
            subjects: subjects.map(|all| all.into_iter().map(|(identity, title, hierarchy_code, description, extensions)|
                Subject { identity, title, hierarchy_code, description, extensions }).collect()),
            licenses: licenses.map(|all| all.into_iter().map(|(identity, title, description, license_text, extensions)|
                License { identity, title, description, license_text, extensions }).collect()),
            item_types: item_types.map(|all| all.into_iter().map(|(identity, title, description, hierarchy_code, type_code, extensions)|
                ItemType { identity, title, description, hierarchy_code, type_code, extensions }).collect()),
            groupings: groupings.map(|all| all.into_iter().map(|(identity, title, description, extensions)|
                Grouping { identity, title, description, extensions }).collect()),
            extensions,
        }
    }
}

prop_compose! {
    fn level()(
        identity in identity(),
        (description, quality, feedback) in (option::of(text()), option::of(text()), option::of(text())),
        (score, position) in (option::of(number()), option::of(any::<i32>().prop_map(i64::from))),
        rubric_criterion_id in option::of(uuid()),
        extensions in option::weighted(0.3, vec(extensions().prop_map(Option::unwrap_or_default), 0..3)),
    ) -> Level {
        Level { identity, description, quality, score, feedback, position, rubric_criterion_id, extensions }
    }
}

prop_compose! {
    fn criterion()(
        identity in identity(),
        (category, description, item_uri) in (option::of(text()), option::of(text()), option::of(link())),
        (weight, position) in (option::of(number()), option::of(any::<i32>().prop_map(i64::from))),
        (rubric_id, levels, extensions) in (option::of(uuid()), option::of(vec(level(), 0..3)), extensions()),
    ) -> Criterion {
        Criterion { identity, category, description, item_uri, weight, position, rubric_id, levels, extensions }
    }
}

prop_compose! {
    fn rubric()(
        identity in identity(),
        (title, description) in (option::of(text()), option::of(text())),
        (criteria, extensions) in (option::of(vec(criterion(), 0..3)), extensions()),
    ) -> Rubric {
        Rubric { identity, title, description, criteria, extensions }
    }
}

/// An alias is what an isChildOf with a source document in its extensions says it is.
fn borrow(item: &mut Item, association: &mut Association, home: &Link) {
    association.association_type = "isChildOf".to_owned();
    association.origin.identifier.clone_from(&item.identity.identifier);
    let mut extensions = Extensions::new();
    extensions.insert("sourceDocumentIdentifier".to_owned(), home.identifier.clone().into());
    extensions.insert("sourceDocumentURI".to_owned(), home.uri.clone().into());
    association.extensions = Some(extensions);
    item.home = Some(Link { title: home.identifier.clone(), ..home.clone() });
}

/// Makes ends of an association items of the package, or the document, in half of all cases: as
/// they are called there or otherwise.
fn tie(
    association: &mut Association,
    document: &Document,
    items: &[Item],
    (origin, destination): (prop::sample::Index, prop::sample::Index),
    how: u8,
) {
    if items.is_empty() || how.is_multiple_of(2) {
        return;
    }
    let to = |end: &mut NodeLink, item: &Item| {
        end.identifier.clone_from(&item.identity.identifier);
        if how & 2 == 0 {
            (end.uri, end.title) = (item.identity.uri.clone(), item.label().to_owned());
        }
    };
    to(&mut association.origin, origin.get(items));
    if how & 4 == 0 {
        to(&mut association.destination, destination.get(items));
    } else {
        association.destination.identifier.clone_from(&document.identity.identifier);
    }
    if how & 8 == 0 {
        "isChildOf".clone_into(&mut association.association_type);
    }
    if how & 16 == 0 {
        association.grouping_uri = None;
    }
}

prop_compose! {
    /// A package as CASE 1.1 allows it, every identifier once.
    pub fn package()(
        document in document(),
        mut items in vec(item(), 0..4),
        mut associations in vec(association(), 0..4),
        definitions in option::of(definitions()),
        rubrics in option::of(vec(rubric(), 0..3)),
        extensions in extensions(),
        home in option::weighted(0.3, link()),
        ties in vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 4),
    ) -> Package {
        for (association, (origin, destination, how)) in associations.iter_mut().zip(ties) {
            tie(association, &document, &items, (origin, destination), how);
        }
        if let (Some(home), Some(item), Some(association)) = (home, items.first_mut(), associations.first_mut()) {
            borrow(item, association, &home);
        }
        Package { document, package_uri: None, items, associations, definitions, rubrics, extensions }
    }
}
