//! Credential Engine's CTDL-ASN: competency frameworks and competencies as JSON-LD.
//!
//! What CTDL-ASN has no property for is written beside it under [`CASE_OBJECT`], as the CASE JSON
//! that it is; so what is written is read back whole, and whoever does not know that property
//! reads plain CTDL-ASN. `terms` has the properties, `read` and `write` use them.

mod read;
mod terms;
mod write;

use serde_json::Value;

use super::draft::Draft;
use super::json_ld;

pub use write::write;

/// Where resources of the Credential Registry live.
const REGISTRY: &str = "https://credentialengineregistry.org/resources/";

const FRAMEWORK: &str = "ceasn:CompetencyFramework";
const COMPETENCY: &str = "ceasn:Competency";

/// Members of a CASE object that its CTDL-ASN properties do not say, or say otherwise; `null`
/// stands for a member that it does not have.
const CASE_OBJECT: &str = "https://purl.imsglobal.org/spec/case/v1p1#object";
const CASE_OBJECT_SHORT: &str = "case:object";
/// The class of things that are CASE associations.
const CASE_ASSOCIATION: &str = "https://purl.imsglobal.org/spec/case/v1p1#CFAssociation";
const CASE_ASSOCIATION_SHORT: &str = "case:CFAssociation";

const CLASSES: &[&str] = &[FRAMEWORK, COMPETENCY, CASE_ASSOCIATION_SHORT];

/// Whether the value is CTDL-ASN.
pub(super) fn is_it(value: &Value) -> bool {
    json_ld::holds(value, &[FRAMEWORK, COMPETENCY])
}

/// The frameworks in the value.
pub(super) fn drafts(value: Value) -> Vec<Draft> {
    read::drafts(value)
}
