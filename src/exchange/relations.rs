//! Relations between statements: the properties of ASN, CTDL-ASN and SKOS, and the association
//! types of CASE that they mean. Pure.

use crate::case::vocab::IS_RELATED_TO;

/// The extension of an association that keeps the property it was stated with.
pub(super) const STATED_AS: &str = "rdf:predicate";

/// Association types of CASE's own extension space for what it has no type for.
pub(super) const DERIVED_FROM: &str = "ext:derivedFrom";
pub(super) const IS_VERSION_OF: &str = "ext:isVersionOf";

/// What a property means: the association type, and whether its object is the origin.
pub(super) type Meaning = (&'static str, bool);

/// Properties by their name without the prefix.
const PROPERTIES: &[(&str, Meaning)] = &[
    ("exactAlignment", ("exactMatchOf", false)),
    ("exactMatch", ("exactMatchOf", false)),
    ("majorAlignment", (IS_RELATED_TO, false)),
    ("minorAlignment", (IS_RELATED_TO, false)),
    ("alignTo", (IS_RELATED_TO, false)),
    ("alignFrom", (IS_RELATED_TO, true)),
    ("crossSubjectReference", (IS_RELATED_TO, false)),
    ("closeMatch", (IS_RELATED_TO, false)),
    ("relatedMatch", (IS_RELATED_TO, false)),
    ("broadAlignment", ("isPartOf", false)),
    ("broadMatch", ("isPartOf", false)),
    ("narrowAlignment", ("isPartOf", true)),
    ("narrowMatch", ("isPartOf", true)),
    ("comprisedOf", ("isPartOf", true)),
    ("prerequisiteAlignment", ("precedes", true)),
    ("complexityLevel", ("hasSkillLevel", false)),
    ("isReplacedBy", ("replacedBy", false)),
    ("replaces", ("replacedBy", true)),
    ("derivedFrom", (DERIVED_FROM, false)),
    ("isVersionOf", (IS_VERSION_OF, false)),
];

/// The vocabularies whose relations are known.
const VOCABULARIES: [&str; 4] = ["asn", "ceasn", "skos", "dcterms"];

/// What the property `name`, such as `asn:comprisedOf`, means; `None` when it is no relation.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    let (prefix, local) = name.split_once(':')?;
    let known = PROPERTIES.iter().find(|(property, _)| *property == local);
    known.filter(|_| VOCABULARIES.contains(&prefix)).map(|(_, meaning)| *meaning)
}

/// The property of CTDL-ASN that says the association; `None` where there is none.
pub(super) fn ctdl_asn(association_type: &str, stated_as: Option<&str>) -> Option<(&'static str, Meaning)> {
    let property = match stated_as.and_then(|name| name.split_once(':')) {
        Some((_, local)) if is_ctdl_asn(local) && says(local, association_type) => local,
        _ => match association_type {
            "exactMatchOf" => "exactAlignment",
            "isRelatedTo" | "isPeerOf" => "majorAlignment",
            "isPartOf" => "broadAlignment",
            "precedes" => "prerequisiteAlignment",
            "hasSkillLevel" => "complexityLevel",
            "isTranslationOf" | IS_VERSION_OF => "isVersionOf",
            DERIVED_FROM => "derivedFrom",
            _ => return None,
        },
    };
    PROPERTIES.iter().find(|(name, _)| *name == property).copied()
}

fn says(property: &str, association_type: &str) -> bool {
    PROPERTIES.iter().any(|(name, (kind, _))| *name == property && *kind == association_type)
}

fn is_ctdl_asn(local: &str) -> bool {
    !["exactMatch", "closeMatch", "relatedMatch", "broadMatch", "narrowMatch", "isReplacedBy", "replaces"]
        .contains(&local)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Version;
    use crate::case::vocab::is_association_type;

    #[test]
    fn every_meaning_is_an_association_type() {
        for (property, (kind, _)) in PROPERTIES {
            assert!(is_association_type(Version::V1p1, kind), "{property}");
        }
    }

    #[test]
    fn a_property_is_written_as_it_was_read() {
        for (property, (kind, turned)) in PROPERTIES.iter().filter(|(property, _)| is_ctdl_asn(property)) {
            let stated = format!("ceasn:{property}");
            assert_eq!(meaning(&stated), Some((*kind, *turned)));
            assert_eq!(ctdl_asn(kind, Some(&stated)), Some((*property, (*kind, *turned))));
        }
        // A property that says something else than the type is not believed.
        assert_eq!(ctdl_asn("exactMatchOf", Some("ceasn:alignTo")).map(|(name, _)| name), Some("exactAlignment"));
        assert_eq!(ctdl_asn("exemplar", None), None);
        assert_eq!(meaning("mine:alignTo"), None);
    }
}
