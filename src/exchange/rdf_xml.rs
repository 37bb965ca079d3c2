//! RDF/XML into a graph. Bounded: depth, attributes and namespaces have limits, entities of the
//! file are never expanded, and work and memory grow with the file only.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{QName, ResolveResult};
use quick_xml::{Error, NsReader, XmlVersion};
use serde_json::{Value, json};
use url::Url;

use super::ExchangeError;
use super::graph::{Graph, literal};
use super::names::{self, RDF};
use crate::case::report::{Entry, Severity};

/// As deep as JSON may be.
const DEEPEST: usize = 128;
/// Real elements have a handful.
const MOST_ATTRIBUTES: usize = 256;

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const ASN: &str = "http://purl.org/ASN/schema/core/";

/// Whether the text is RDF about the Achievement Standards Network.
pub(super) fn is_asn(text: &str) -> bool {
    text.contains(RDF) && text.contains(ASN)
}

/// Everything that the text says, and what there is to tell about its XML.
///
/// # Errors
/// When it is no XML, is cut off, or exceeds a limit.
pub(super) fn graph(text: &str) -> Result<(Graph, Vec<Entry>), ExchangeError> {
    let mut parser = Parser {
        text,
        reader: NsReader::from_str(text),
        graph: Graph::default(),
        notes: Vec::new(),
        stack: Vec::new(),
        line: (0, 1),
        unnamed: 0,
    };
    parser.run()?;
    Ok((parser.graph, parser.notes))
}

enum Open {
    /// `rdf:RDF`, which says nothing itself.
    Root,
    /// A thing, by its name.
    Thing(String),
    /// A property of the thing below, with the text so far.
    Property { name: String, datatype: Option<String>, text: String, has_thing: bool, list: bool },
    /// An element inside a literal of XML: only its text counts.
    Markup,
}

struct Frame {
    open: Open,
    language: Option<String>,
    base: Option<Url>,
}

struct Parser<'t> {
    text: &'t str,
    reader: NsReader<&'t [u8]>,
    graph: Graph,
    notes: Vec<Entry>,
    stack: Vec<Frame>,
    /// A position in the text and its line.
    line: (usize, usize),
    unnamed: usize,
}

/// The attributes of an element that mean something in RDF, and the rest, which are properties.
#[derive(Default)]
struct Attributes {
    about: Option<String>,
    id: Option<String>,
    node_id: Option<String>,
    resource: Option<String>,
    datatype: Option<String>,
    parse_type: Option<String>,
    language: Option<String>,
    base: Option<Url>,
    properties: Vec<(String, String)>,
}

impl Parser<'_> {
    fn run(&mut self) -> Result<(), ExchangeError> {
        loop {
            let event = self.reader.read_event().map_err(|error| self.error(&error))?;
            match event {
                Event::Start(element) => self.start(&element)?,
                Event::Empty(element) => {
                    self.start(&element)?;
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(text) => self.push_text(&text.xml10_content()),
                Event::CData(data) => self.push_text(&data.xml10_content()),
                Event::GeneralRef(reference) => self.reference(&reference),
                Event::DocType(_) => {
                    let sentence = "a DOCTYPE is not read, and the entities it defines are not expanded";
                    self.note(Severity::Info, "xml-doctype", sentence.to_owned(), None);
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof if self.stack.is_empty() => return Ok(()),
                Event::Eof => return Err(ExchangeError::XmlTruncated { line: self.line() }),
            }
        }
    }

    fn error(&mut self, error: &Error) -> ExchangeError {
        let line = self.line();
        match error {
            Error::Syntax(_) => ExchangeError::XmlTruncated { line },
            other => ExchangeError::NotXml { line, problem: other.to_string() },
        }
    }

    /// The line where the reader is, counted on from the last one asked for.
    fn line(&mut self) -> usize {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX).min(self.text.len());
        let (from, line) = self.line;
        let line = line + self.text.get(from..at).unwrap_or_default().matches('\n').count();
        self.line = (at.max(from), line);
        line
    }

    fn note(&mut self, severity: Severity, code: &str, sentence: String, original: Option<&str>) {
        let place = format!("line {}", self.line());
        let original = original.map(|text| Value::from(text).to_string());
        self.notes.push(Entry { severity, code: code.to_owned(), place, sentence, original });
    }

    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), ExchangeError> {
        if self.stack.len() >= DEEPEST {
            return Err(ExchangeError::XmlTooDeep { line: self.line(), limit: DEEPEST });
        }
        let name = self.resolve(element.name(), true);
        let attributes = self.attributes(element)?;
        let above = self.stack.last();
        let language = attributes.language.clone().or_else(|| above.and_then(|frame| frame.language.clone()));
        let base = attributes.base.clone().or_else(|| above.and_then(|frame| frame.base.clone()));
        let open = match above.map(|frame| &frame.open) {
            None if name == "rdf:RDF" => Open::Root,
            None | Some(Open::Root | Open::Property { .. }) if !self.in_markup() => {
                self.thing(&name, attributes, base.as_ref(), language.as_deref())
            }
            Some(Open::Thing(owner)) => {
                let owner = owner.clone();
                self.property(&owner, name, attributes, base.as_ref())
            }
            _ => Open::Markup,
        };
        self.stack.push(Frame { open, language, base });
        Ok(())
    }

    /// Whether the innermost property is a literal of XML.
    fn in_markup(&self) -> bool {
        let literal = "rdf:XMLLiteral";
        self.stack.last().is_some_and(
            |frame| matches!(&frame.open, Open::Property { datatype: Some(datatype), .. } if datatype == literal),
        )
    }

    fn thing(&mut self, name: &str, attributes: Attributes, base: Option<&Url>, language: Option<&str>) -> Open {
        let id = match (attributes.about, attributes.id, attributes.node_id) {
            (Some(about), _, _) => absolute(&about, base),
            (None, Some(id), _) => absolute(&format!("#{id}"), base),
            (None, None, Some(id)) => format!("_:{id}"),
            (None, None, None) => self.unnamed(),
        };
        if let Some(Frame { open: Open::Property { name, has_thing, .. }, .. }) = self.stack.last_mut() {
            *has_thing = true;
            let name = name.clone();
            let owner = self.stack.iter().rev().skip(1).find_map(|frame| match &frame.open {
                Open::Thing(owner) => Some(owner.clone()),
                _ => None,
            });
            if let Some(owner) = owner {
                self.add(&owner, &name, json!({"@id": id}));
            }
        }
        let place = format!("line {}", self.line());
        let node = self.graph.node(&id, || place);
        if name != "rdf:Description" && !node.is(name) {
            node.types.push(name.to_owned());
        }
        for (name, value) in attributes.properties {
            if name == "rdf:type" {
                node.types.push(names::short(&value));
            } else {
                node.add(&name, literal(value, language.map(str::to_owned), None));
            }
        }
        Open::Thing(id)
    }

    fn property(&mut self, owner: &str, name: String, attributes: Attributes, base: Option<&Url>) -> Open {
        let target = match (attributes.resource, attributes.node_id) {
            (Some(uri), _) => Some(absolute(&uri, base)),
            (None, Some(id)) => Some(format!("_:{id}")),
            (None, None) => None,
        };
        let has_thing = target.is_some();
        match target {
            Some(class) if name == "rdf:type" => {
                let place = format!("line {}", self.line());
                self.graph.node(owner, || place).types.push(names::short(&class));
            }
            Some(uri) => self.add(owner, &name, json!({"@id": uri})),
            None => {}
        }
        let parse_type = attributes.parse_type.as_deref();
        if parse_type == Some("Resource") {
            let id = self.unnamed();
            self.add(owner, &name, json!({"@id": id}));
            return Open::Thing(id);
        }
        let datatype = match parse_type {
            Some("Literal") => Some("rdf:XMLLiteral".to_owned()),
            _ => attributes.datatype.map(|uri| names::short(&uri)),
        };
        Open::Property { name, datatype, text: String::new(), has_thing, list: parse_type == Some("Collection") }
    }

    fn add(&mut self, owner: &str, name: &str, value: Value) {
        let place = format!("line {}", self.line());
        self.graph.node(owner, || place).add(name, value);
    }

    fn unnamed(&mut self) -> String {
        self.unnamed += 1;
        format!("_:unnamed-{}", self.unnamed)
    }

    fn end(&mut self) {
        let Some(Frame { open, language, .. }) = self.stack.pop() else { return };
        let Open::Property { name, datatype, text, has_thing: false, list: false } = open else { return };
        if let Some(Frame { open: Open::Thing(owner), .. }) = self.stack.last() {
            let owner = owner.clone();
            self.add(&owner, &name, literal(text, language, datatype));
        }
    }

    fn push_text(&mut self, more: &str) {
        let innermost = self.stack.iter_mut().rev().find(|frame| !matches!(frame.open, Open::Markup));
        match innermost.map(|frame| &mut frame.open) {
            Some(Open::Property { text, .. }) => text.push_str(more),
            _ if more.trim().is_empty() => {}
            _ => {
                let sentence = "a text outside of any property says nothing in RDF; left out";
                self.note(Severity::Loss, "xml-stray-text", sentence.to_owned(), Some(more.trim()));
            }
        }
    }

    /// `&amp;` and its like; the file's own entities stay as they are written.
    fn reference(&mut self, reference: &BytesRef<'_>) {
        if let Ok(Some(character)) = reference.resolve_char_ref() {
            return self.push_text(character.encode_utf8(&mut [0; 4]));
        }
        let name = reference.xml10_content();
        if let Some(text) = quick_xml::escape::resolve_predefined_entity(&name) {
            return self.push_text(text);
        }
        let written = format!("&{name};");
        let sentence = "an entity that the file defines itself is not expanded; it is kept as it is written";
        self.note(Severity::Warning, "xml-entity", sentence.to_owned(), Some(&written));
        self.push_text(&written);
    }

    fn resolve(&self, name: QName<'_>, is_element: bool) -> String {
        let resolver = self.reader.resolver();
        let (namespace, local) =
            if is_element { resolver.resolve_element(name) } else { resolver.resolve_attribute(name) };
        match namespace {
            ResolveResult::Bound(namespace) => {
                names::short(&format!("{}{}", namespace.into_inner(), local.into_inner()))
            }
            ResolveResult::Unbound | ResolveResult::Unknown(_) => name.into_inner().to_owned(),
        }
    }

    fn attributes(&mut self, element: &BytesStart<'_>) -> Result<Attributes, ExchangeError> {
        let mut found = Attributes::default();
        // Looking for repeated names takes the square of their number.
        for (index, attribute) in element.attributes().with_checks(false).enumerate() {
            if index >= MOST_ATTRIBUTES {
                return Err(ExchangeError::XmlTooWide { line: self.line(), limit: MOST_ATTRIBUTES });
            }
            let attribute =
                attribute.map_err(|error| ExchangeError::NotXml { line: self.line(), problem: error.to_string() })?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let name = self.resolve(attribute.key, false);
            let value = match attribute.normalized_value(XmlVersion::Implicit1_0) {
                Ok(value) => value.into_owned(),
                Err(_) => {
                    let written = attribute.value.clone().into_owned();
                    let sentence =
                        "an entity that the file defines itself is not expanded; it is kept as it is written";
                    self.note(Severity::Warning, "xml-entity", sentence.to_owned(), Some(&written));
                    written
                }
            };
            match name.as_str() {
                "rdf:about" | "about" => found.about = Some(value),
                "rdf:ID" | "ID" => found.id = Some(value),
                "rdf:nodeID" => found.node_id = Some(value),
                "rdf:resource" | "resource" => found.resource = Some(value),
                "rdf:datatype" => found.datatype = Some(value),
                "rdf:parseType" => found.parse_type = Some(value),
                _ => match name.strip_prefix(XML) {
                    Some("lang") => found.language = Some(value).filter(|tag| !tag.is_empty()),
                    Some("base") => found.base = Url::parse(&value).ok(),
                    None if name.contains(':') => found.properties.push((name, value)),
                    _ => {}
                },
            }
        }
        Ok(found)
    }
}

/// A uri that may be relative to the file's base; without one it stays as it is written.
fn absolute(uri: &str, base: Option<&Url>) -> String {
    match base {
        Some(base) if !uri.contains("://") && !uri.starts_with("urn:") => {
            base.join(uri).map_or_else(|_| uri.to_owned(), String::from)
        }
        _ => uri.to_owned(),
    }
}
