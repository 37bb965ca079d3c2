//! Changing JSON as text: something is put in or taken out at some places, and every other byte stays, also how numbers are
//! spelled, which no JSON library keeps.
//!
//! Works on text that was read as JSON before. Never contains what is put in.

use std::ops::Range;

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

/// What is appended to one list.
pub(super) struct Insertion {
    /// JSON pointer of the object that has the list as a member.
    pub(super) owner: String,
    pub(super) member: String,
    pub(super) elements: Vec<Value>,
}

/// The text with elements appended to lists. A member that is absent or `null` becomes a list; one object or text becomes
/// the first of one. Nothing when an owner is no object of the text.
pub(super) fn insert(text: &str, insertions: &[Insertion]) -> Option<String> {
    let unit = indentation(text);
    let mut edits: Vec<(Range<usize>, String)> =
        insertions.iter().map(|insertion| edit(text, insertion, unit)).collect::<Option<_>>()?;
    edits.sort_by_key(|(at, _)| std::cmp::Reverse(at.start));
    let mut text = text.to_owned();
    for (at, new) in edits {
        text.replace_range(at, &new);
    }
    Some(text)
}

/// The text without a member of an object.
pub(super) fn remove(text: &str, owner: &str, name: &str) -> Option<String> {
    let mut text = text.to_owned();
    loop {
        let members = members(&text, find(&text, owner)?)?;
        let Some(at) = members.iter().position(|member| member.name == name) else { return Some(text) };
        let cut = match (at.checked_sub(1).and_then(|before| members.get(before)), members.get(at), members.get(at + 1))
        {
            (Some(before), Some(member), _) => before.value.end..member.value.end,
            (None, Some(member), Some(next)) => member.key..next.key,
            (None, Some(member), None) => member.key..member.value.end,
            (_, None, _) => return None,
        };
        text.replace_range(cut, "");
    }
}

/// The text of the value at a JSON pointer.
pub(super) fn at<'t>(text: &'t str, pointer: &str) -> Option<&'t str> {
    text.get(find(text, pointer)?)
}

fn edit(text: &str, insertion: &Insertion, unit: Option<&str>) -> Option<(Range<usize>, String)> {
    let Insertion { owner, member: name, elements } = insertion;
    let owner = find(text, owner)?;
    let members = members(text, owner.clone())?;
    let list = Value::Array(elements.clone());
    let Some(held) = members.iter().rev().find(|member| member.name == *name) else {
        let Some(last) = members.last() else {
            let inside = owner.start + 1;
            return Some((inside..inside, format!("\"{name}\":{list}")));
        };
        let lead = lead(text, last.key);
        let colon = text.get(last.colon.clone())?;
        let list = written(&list, lead, unit);
        return Some((last.value.end..last.value.end, format!(",{lead}\"{name}\"{colon}{list}")));
    };
    let old = text.get(held.value.clone())?;
    if old.starts_with(['{', '"']) {
        let new: String = elements.iter().map(|element| format!(",{element}")).collect();
        return Some((held.value.clone(), format!("[{old}{new}]")));
    }
    let there = if old.starts_with('[') { elements_of(text, held.value.clone())? } else { Vec::new() };
    if let Some(last) = there.last() {
        let lead = lead(text, last.start);
        let new: String = elements.iter().map(|element| format!(",{lead}{}", written(element, lead, unit))).collect();
        return Some((last.end..last.end, new));
    }
    Some((held.value.clone(), written(&list, lead(text, held.key), unit)))
}

/// A value as the text around it is written: indented when what it stands beside begins a line.
fn written(value: &Value, lead: &str, unit: Option<&str>) -> String {
    let Some((_, base)) = lead.rsplit_once('\n') else { return value.to_string() };
    let mut bytes = Vec::new();
    let formatter = PrettyFormatter::with_indent(unit.unwrap_or("  ").as_bytes());
    // Writing a value into memory does not fail, and gives UTF-8.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut bytes, formatter));
    let end = if lead.contains("\r\n") { "\r\n" } else { "\n" };
    String::from_utf8_lossy(&bytes).replace('\n', &format!("{end}{base}"))
}

/// The white space before a place.
fn lead(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    before.get(before.trim_end_matches(BLANK).len()..).unwrap_or_default()
}

/// By how much the members of the document are indented, when each begins a line.
fn indentation(text: &str) -> Option<&str> {
    const WIDEST: usize = 16;
    let rest = text.trim_start_matches(BLANK).strip_prefix('{')?;
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))?;
    let indent = rest.get(..rest.len() - rest.trim_start_matches([' ', '\t']).len())?;
    (!indent.is_empty() && indent.len() <= WIDEST).then_some(indent)
}

/// The white space of JSON.
const BLANK: [char; 4] = [' ', '\t', '\r', '\n'];

/// One member of an object, in bytes of the text.
struct Member {
    name: String,
    /// Where its name begins.
    key: usize,
    /// From its name to its value.
    colon: Range<usize>,
    value: Range<usize>,
}

/// Where the value of a JSON pointer stands. Of members of one name, the last counts, as it does for the reader.
fn find(text: &str, pointer: &str) -> Option<Range<usize>> {
    let mut at = value(text, 0)?;
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        at = match text.as_bytes().get(at.start)? {
            b'{' => members(text, at)?.into_iter().rev().find(|member| member.name == step)?.value,
            b'[' => elements_of(text, at)?.get(step.parse::<usize>().ok()?)?.clone(),
            _ => return None,
        };
    }
    Some(at)
}

fn members(text: &str, object: Range<usize>) -> Option<Vec<Member>> {
    let bytes = text.as_bytes();
    (bytes.get(object.start) == Some(&b'{')).then_some(())?;
    let mut members = Vec::new();
    let mut at = blank(bytes, object.start + 1);
    while bytes.get(at) == Some(&b'"') {
        let name = value(text, at)?;
        let colon = blank(bytes, name.end);
        (bytes.get(colon) == Some(&b':')).then_some(())?;
        let value = value(text, colon + 1)?;
        let after = blank(bytes, value.end);
        let key = name.start;
        let unescaped = serde_json::from_str(text.get(name.clone())?).ok()?;
        members.push(Member { name: unescaped, key, colon: name.end..value.start, value });
        at = if bytes.get(after) == Some(&b',') { blank(bytes, after + 1) } else { after };
    }
    (bytes.get(at) == Some(&b'}')).then_some(members)
}

fn elements_of(text: &str, array: Range<usize>) -> Option<Vec<Range<usize>>> {
    let bytes = text.as_bytes();
    let mut elements = Vec::new();
    let mut at = blank(bytes, array.start + 1);
    while bytes.get(at)? != &b']' {
        let element = value(text, at)?;
        let after = blank(bytes, element.end);
        elements.push(element);
        at = if bytes.get(after) == Some(&b',') { blank(bytes, after + 1) } else { after };
    }
    Some(elements)
}

/// The first place that is not blank.
fn blank(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count()
}

/// Where the value that begins at a place, or after blanks there, stands.
fn value(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let start = blank(bytes, from);
    let (mut depth, mut at) = (0_usize, start);
    loop {
        match bytes.get(at)? {
            b'"' => at = string_end(bytes, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                at += 1;
            }
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            _ => {
                let rest = bytes.get(at..)?;
                at += rest.iter().take_while(|byte| !b",:]}{[\" \t\r\n".contains(byte)).count();
            }
        }
        if depth == 0 {
            return Some(start..at);
        }
    }
}

/// After the string that begins at a place.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}
