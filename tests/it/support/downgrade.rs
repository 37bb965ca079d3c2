//! CASE 1.0 as a table of what it lacks (digest 10 and 11), applied to 1.1 JSON. Written a second
//! time here so that the program is not its own judge.

use serde_json::Value;

/// Members that 1.0 does not define, by the list or member that their object stands in.
const DROPPED: &[(&str, &[&str])] = &[
    ("CFDocument", &["frameworkType", "caseVersion"]),
    ("CFItem", &["subject", "subjectURI"]),
    ("CFAssociation", &["notes"]),
    ("originNodeURI", &["targetType"]),
    ("destinationNodeURI", &["targetType"]),
];

const TYPES: [&str; 9] = [
    "isChildOf",
    "isPeerOf",
    "isPartOf",
    "exactMatchOf",
    "precedes",
    "isRelatedTo",
    "replacedBy",
    "exemplar",
    "hasSkillLevel",
];

/// What `v1p1`, an object of `class` (`CFPackage`, `CFItem` …), is in 1.0.
pub fn to_v1p0(class: &str, v1p1: &Value) -> Value {
    let mut value = v1p1.clone();
    lower(class, &mut value);
    value
}

fn lower(class: &str, value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|one| lower(class, one)),
        Value::Object(map) => {
            map.remove("extensions");
            let dropped = DROPPED.iter().filter(|(of, _)| *of == class).flat_map(|(_, names)| names.iter());
            for name in dropped {
                map.remove(*name);
            }
            if class == "CFAssociation" && !TYPES.contains(&map["associationType"].as_str().unwrap_or_default()) {
                map["associationType"] = Value::from("isRelatedTo");
            }
            for (name, member) in map.iter_mut().filter(|(_, member)| !member.is_string()) {
                lower(name.strip_suffix('s').unwrap_or(name), member);
            }
        }
        _ => {}
    }
}
