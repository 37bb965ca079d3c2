//! Builds small CASE packages as JSON, so that a test shows only what it is about.

use serde_json::{Value, json};
use uuid::Uuid;

/// When everything that a builder makes was last changed.
pub const CHANGED: &str = "2026-01-02T03:04:05+00:00";

/// The identifier that stands for `name` in all tests.
pub fn id(name: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
}

/// The uri that goes with [`id`].
pub fn uri(name: &str) -> String {
    format!("https://origin.example/uri/{}", id(name))
}

/// A LinkURI, or the end of an association, to what `name` stands for.
pub fn link(name: &str) -> Value {
    json!({"title": name, "identifier": id(name), "uri": uri(name)})
}

/// The identity that every object starts with, and `members` after it.
pub fn object(name: &str, members: Value) -> Value {
    let mut object = json!({"identifier": id(name), "uri": uri(name), "lastChangeDateTime": CHANGED});
    merge(&mut object, members);
    object
}

/// Sets the members of `more` in `object`; `null` takes one away.
pub fn merge(object: &mut Value, more: Value) {
    let Value::Object(more) = more else { panic!("members come as an object") };
    for (name, value) in more {
        match value {
            Value::Null => drop(object.as_object_mut().expect("an object").remove(&name)),
            value => object[name] = value,
        }
    }
}

/// A package that grows item by item.
#[derive(Clone)]
pub struct Framework {
    pub name: String,
    pub json: Value,
}

impl Framework {
    /// A framework without items; its document is `id(name)`.
    pub fn new(name: &str) -> Framework {
        let document = object(name, json!({"creator": "Tests", "title": name}));
        let json = json!({"CFDocument": document, "CFItems": [], "CFAssociations": []});
        Framework { name: name.to_owned(), json }
    }

    /// A framework of items `{name}.1` to `{name}.{count}`, all at the top.
    pub fn with_items(name: &str, count: usize) -> Framework {
        (1..=count).fold(Framework::new(name), |all, n| {
            let item = format!("{name}.{n}");
            all.item(&item, json!({})).under(&item, name, n)
        })
    }

    pub fn id(&self) -> String {
        id(&self.name)
    }

    /// Sets members of the document.
    pub fn document(mut self, members: Value) -> Framework {
        merge(&mut self.json["CFDocument"], members);
        self
    }

    /// Adds the item `name`, whose code and statement are its name unless `members` say otherwise.
    pub fn item(mut self, name: &str, members: Value) -> Framework {
        let mut item =
            object(name, json!({"fullStatement": format!("Statement of {name}"), "humanCodingScheme": name}));
        merge(&mut item, members);
        self.list("CFItems").push(item);
        self
    }

    /// Puts `child` under `parent` (an item or the document).
    pub fn under(self, child: &str, parent: &str, sequence: usize) -> Framework {
        let members = json!({"sequenceNumber": sequence});
        self.associate(child, "isChildOf", parent, members)
    }

    /// Adds the association `{origin} {kind} {destination}`.
    pub fn associate(mut self, origin: &str, kind: &str, destination: &str, members: Value) -> Framework {
        let mut association = object(
            &format!("{origin} {kind} {destination}"),
            json!({"associationType": kind, "originNodeURI": link(origin), "destinationNodeURI": link(destination)}),
        );
        merge(&mut association, members);
        self.list("CFAssociations").push(association);
        self
    }

    /// Adds a definition to the list `list`.
    pub fn define(mut self, list: &str, name: &str, members: Value) -> Framework {
        let mut definition = object(name, json!({"title": name}));
        merge(&mut definition, members);
        if self.json.get("CFDefinitions").is_none() {
            self.json["CFDefinitions"] = json!({});
        }
        if self.json["CFDefinitions"].get(list).is_none() {
            self.json["CFDefinitions"][list] = json!([]);
        }
        self.json["CFDefinitions"][list].as_array_mut().expect("a list").push(definition);
        self
    }

    /// Sets any member of the package.
    pub fn set(mut self, name: &str, value: Value) -> Framework {
        self.json[name] = value;
        self
    }

    /// Changes the item `name`.
    pub fn change(mut self, name: &str, members: Value) -> Framework {
        let wanted = id(name);
        let item = self.list("CFItems").iter_mut().find(|item| item["identifier"] == wanted.as_str());
        merge(item.unwrap_or_else(|| panic!("no item {name}")), members);
        self
    }

    /// Takes the item `name` and its associations away.
    pub fn without(mut self, name: &str) -> Framework {
        let gone = id(name);
        self.list("CFItems").retain(|item| item["identifier"] != gone.as_str());
        self.list("CFAssociations").retain(|association| {
            ["originNodeURI", "destinationNodeURI"].iter().all(|end| association[end]["identifier"] != gone.as_str())
        });
        self
    }

    pub fn list(&mut self, name: &str) -> &mut Vec<Value> {
        self.json[name].as_array_mut().expect("a list")
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.json.to_string().into_bytes()
    }
}
