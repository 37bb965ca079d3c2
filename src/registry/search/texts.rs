//! What search reads of a stored object, borrowed from its JSON: indexing reads everything there is.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use crate::store::Object;

/// The members of a document or an item that are searched for.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::registry) struct Texts<'a> {
    #[serde(borrow)]
    pub(in crate::registry) uri: Cow<'a, str>,
    #[serde(borrow)]
    pub(in crate::registry) human_coding_scheme: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(in crate::registry) full_statement: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(in crate::registry) abbreviated_statement: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(in crate::registry) alternative_label: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(in crate::registry) list_enumeration: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(in crate::registry) title: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(in crate::registry) creator: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(in crate::registry) description: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(in crate::registry) notes: Option<Cow<'a, str>>,
    #[serde(rename = "CFItemType", borrow)]
    pub(in crate::registry) item_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(in crate::registry) language: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(in crate::registry) adoption_status: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(in crate::registry) status_end_date: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(in crate::registry) category: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(in crate::registry) quality: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(in crate::registry) last_change_date_time: Option<Cow<'a, str>>,
    #[serde(rename = "CFItemTypeURI", borrow)]
    pub(in crate::registry) item_type_link: Option<Link<'a>>,
    pub(in crate::registry) extensions: Option<Value>,
    pub(in crate::registry) concept_keywords: Vec<String>,
    pub(in crate::registry) education_level: Vec<String>,
    pub(in crate::registry) subject: Vec<String>,
}

impl<'a> Texts<'a> {
    /// What is stored was written by us: what is not there is empty.
    pub(in crate::registry) fn of(object: &'a Object) -> Texts<'a> {
        serde_json::from_str(&object.body).unwrap_or_default()
    }

    /// What the object says, in one text: statement, title, or what a rubric's parts have.
    pub(in crate::registry) fn statement(&self) -> String {
        let own = [&self.full_statement, &self.title, &self.category, &self.quality];
        let first = own.into_iter().flatten().find(|text| !text.trim().is_empty());
        first.or(self.description.as_ref()).map(|text| text.clone().into_owned()).unwrap_or_default()
    }
}

/// An association, as far as the tree and exact matches are told by it.
pub(in crate::registry) struct Edge {
    pub(in crate::registry) kind: String,
    pub(in crate::registry) sequence: i64,
    pub(in crate::registry) grouped: bool,
    pub(in crate::registry) origin: End,
    pub(in crate::registry) destination: End,
}

/// One end of an association.
#[derive(Clone, Debug, Default)]
pub(in crate::registry) struct End {
    pub(in crate::registry) id: String,
    pub(in crate::registry) title: String,
}

/// What a link leads to.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::registry) struct Link<'a> {
    #[serde(borrow)]
    pub(in crate::registry) title: Cow<'a, str>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Association<'a> {
    #[serde(borrow)]
    association_type: Cow<'a, str>,
    sequence_number: Option<i64>,
    #[serde(rename = "CFAssociationGroupingURI")]
    grouping: Option<serde::de::IgnoredAny>,
    #[serde(rename = "originNodeURI", borrow)]
    origin: Link<'a>,
    #[serde(rename = "destinationNodeURI", borrow)]
    destination: Link<'a>,
}

impl Edge {
    pub(in crate::registry) fn of(object: &Object) -> Edge {
        let told: Association<'_> = serde_json::from_str(&object.body).unwrap_or_default();
        let end = |id: &Option<String>, link: &Link<'_>| End {
            id: id.clone().unwrap_or_default(),
            title: link.title.clone().into_owned(),
        };
        Edge {
            sequence: told.sequence_number.unwrap_or(i64::MAX),
            grouped: told.grouping.is_some(),
            origin: end(&object.origin, &told.origin),
            destination: end(&object.destination, &told.destination),
            kind: told.association_type.into_owned(),
        }
    }
}

/// A rubric's criteria and their levels, each as JSON.
pub(super) fn members<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
