//! What the workbook says of the framework itself, laid over what is stored of it.

use super::dates::{self, Order};
use super::definitions::Set;
use super::exact::{self, Said};
use super::items::{extension_key, read_date};
use super::notes::Notes;
use super::sources::{Fact, Source, plain};
use crate::case::model::{Document, Identity, Link, Subject, Timestamp};
use crate::case::read::proper_uri;

/// A framework that says nothing yet but its title.
pub(super) fn blank(identity: Identity, title: String) -> Document {
    Document {
        identity,
        framework_type: None,
        case_version: None,
        creator: String::new(),
        title,
        official_source_url: None,
        publisher: None,
        description: None,
        subject: None,
        subject_uri: None,
        language: None,
        version: None,
        adoption_status: None,
        status_start_date: None,
        status_end_date: None,
        license_uri: None,
        notes: None,
        extensions: None,
    }
}

/// Lays what is said over the document; tells when it says it changed last.
pub(super) fn overlay(
    document: &mut Document,
    is_stored: bool,
    source: &Source<'_, '_>,
    definitions: &mut Set<'_>,
    notes: &mut Notes,
) -> Option<Timestamp> {
    let facts = &source.facts;
    let mut time = None;
    let (mut license, mut license_text) = (None, None);
    let mut seen: Vec<String> = Vec::new();
    for fact in facts {
        let name = plain(&fact.name);
        // Of two places that say it, the nearer one comes first; a blank leaves it to the other.
        if seen.contains(&name)
            || fact.text.is_none() && facts.iter().any(|f| plain(&f.name) == name && f.text.is_some())
        {
            continue;
        }
        let text = fact.text.as_deref();
        let own = || text.map(str::to_owned);
        match name.as_str() {
            "identifier" | "id" | "uri" | "title" => {}
            "caseversion" => {
                // Nothing else may be stated (digest 9.3).
                if text.is_none_or(|text| text == "1.1") {
                    document.case_version = own();
                }
            }
            // Of the package, or read with the text beside it.
            "cfpackageuri" | "packageextensions" | "definitionsextensions" | "licenseuri" | "subjecturi"
                if fact.exact => {}
            "extensions" if fact.exact => {
                let place = || fact.place.clone();
                // What cannot be read changes nothing.
                let kept = document.extensions.take();
                document.extensions = text.and_then(|text| exact::object(text, place, notes).or(kept));
            }
            "creator" | "author" => {
                if let Some(text) = text {
                    text.clone_into(&mut document.creator);
                }
            }
            "lastchangedatetime" | "lastchangedate" | "lastchanged" => {
                time = text.and_then(|text| {
                    let time = dates::instant(text);
                    if time.is_none() {
                        let sentence = "no date can be made out; write it as year-month-day";
                        notes.loss("date-unreadable", fact.place.clone(), sentence, text);
                    }
                    time
                });
            }
            "officialsourceurl" | "officialsourceuri" | "source" | "sourceurl" => {
                document.official_source_url = address(fact, notes);
            }
            "publisher" => document.publisher = own(),
            "description" => document.description = own(),
            "frameworktype" => document.framework_type = own(),
            "language" | "inlanguage" => document.language = own(),
            "version" => document.version = own(),
            "adoptionstatus" | "status" => document.adoption_status = own(),
            "notes" | "note" => document.notes = own(),
            "statusstartdate" => document.status_start_date = day(fact, notes),
            "statusenddate" => document.status_end_date = day(fact, notes),
            "subject" | "subjects" => subjects(document, is_stored, text, source, definitions),
            "license" | "licence" | "licensetitle" | "licencetitle" => license = Some(own()),
            "licensetext" | "licencetext" => license_text = Some(own()),
            _ => extension(document, fact),
        }
        seen.push(name);
    }
    let given = source.said("licenseURI").map(|fact| exact::link(fact.text(), |uri| definitions.at_uri(uri)));
    let title = license.clone().flatten();
    let same = |link: &Link| {
        let text = definitions.license_text(link).filter(|text| !text.is_empty());
        title.as_ref() == Some(&link.title) && license_text.as_ref().is_none_or(|said| said.as_deref() == text)
    };
    // The link holds unless the title or the text beside it says another one.
    let holds = match &given {
        Said::Silent => false,
        Said::Blank => title.is_none(),
        Said::This(link) => same(link),
    };
    match (license, license_text) {
        _ if holds => given.lay(&mut document.license_uri),
        (Some(None), None | Some(None)) | (None, Some(None)) => document.license_uri = None,
        (title, text) => {
            let text = text.flatten();
            if let Some(title) = title.flatten().or_else(|| text.clone()) {
                let link = definitions.license(&title, text.as_deref());
                if document.license_uri.as_ref().map(|old| &old.identifier) != Some(&link.identifier) {
                    document.license_uri = Some(link);
                }
            }
        }
    }
    time
}

fn subjects(
    document: &mut Document,
    is_stored: bool,
    text: Option<&str>,
    source: &Source<'_, '_>,
    definitions: &mut Set<'_>,
) {
    let split = |text: &str| -> Vec<String> {
        text.split('|').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
    };
    let json = text.filter(|_| source.is_exact()).and_then(exact::texts);
    let all = json.or_else(|| text.map(split).filter(|all| !all.is_empty()));
    let same = document.subject == all || !source.is_exact() && all.is_none() && document.subject == Some(Vec::new());
    let said = source.said("subjectURI").map(|fact| exact::links(fact.text(), |uri| definitions.at_uri(uri)));
    said.follow(&mut document.subject_uri, !same, is_stored, || {
        let links: Vec<_> = all.iter().flatten().map(|title| definitions.link::<Subject>(title)).collect();
        (!links.is_empty()).then_some(links)
    });
    if !same {
        document.subject = all;
    }
}

fn day(fact: &Fact, notes: &mut Notes) -> Option<crate::case::model::Date> {
    fact.text.as_deref().and_then(|text| read_date(text, Order::default(), || fact.place.clone(), notes))
}

fn address(fact: &Fact, notes: &mut Notes) -> Option<String> {
    let text = fact.text.as_deref()?;
    let completed = if text.starts_with("www.") { format!("https://{text}") } else { text.to_owned() };
    let uri = if fact.exact { Some(completed) } else { proper_uri(&completed) };
    if uri.is_none() {
        notes.loss("uri-relative", fact.place.clone(), "no absolute uri; it is left out", text);
    }
    uri
}

/// What the standard has no property for.
fn extension(document: &mut Document, fact: &Fact) {
    let key = extension_key(&fact.name);
    match &fact.text {
        Some(text) => {
            document.extensions.get_or_insert_default().insert(key, text.clone().into());
        }
        None => {
            if let Some(map) = &mut document.extensions {
                map.shift_remove(&key);
            }
        }
    }
}
