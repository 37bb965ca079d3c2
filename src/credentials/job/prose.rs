//! Prose: headings, lists and sentences of a posting, whether it is plain text, Markdown or HTML.
//!
//! One pass over the lines. Which part of the job a line stands in is what the last heading said.

use std::ops::Range;

use super::collect::{Collector, Part};
use super::flat::{Flat, flatten, looks_like_html};
use super::headings::{announced, announced_whole};
use super::json::At;
use super::model::{JobError, Section};
use crate::text::{Line, Mark, lines, plain, sentences_within};

/// The level of a heading that is only bold, below those of Markdown and HTML.
const BOLD: u8 = 7;
/// The level of a line that ends with a colon, or that is nothing but a heading we know.
const COLON: u8 = 8;
/// The longest heading, in bytes.
const LONGEST_HEADING: usize = 120;
/// The longest element of a list that is written with commas, in words.
const LISTED: usize = 6;

/// What is left of a text when its markup is taken away.
pub(super) fn shown(text: &str) -> String {
    if looks_like_html(text) { blanks(&flatten(text).text) } else { plain(text).into_owned() }
}

/// Reads a string of a document, which may hold HTML, as `part` until a heading says otherwise.
pub(super) fn read_string(at: &At<'_>, part: Part, into: &mut Collector) -> Result<(), JobError> {
    let Some(text) = at.str() else { return Ok(()) };
    read(text, &at.pointer, part, looks_like_html(text), into).map(drop)
}

/// Reads a string that is an element of a list of skills, or such a list with commas, semicolons or line breaks.
pub(super) fn read_listed(at: &At<'_>, part: Part, into: &mut Collector) -> Result<(), JobError> {
    let Some(text) = at.str() else { return Ok(()) };
    let is_separator = |c: char| matches!(c, ',' | ';' | '\n' | '|' | '•' | '،' | '、' | '，' | '；');
    let few = |part: &str| part.split_whitespace().count() <= LISTED;
    if looks_like_html(text) || !text.split(is_separator).all(few) || text.contains(". ") {
        return read_string(at, part, into);
    }
    let mut place = Scalars::new(text);
    let mut begin = 0;
    for piece in text.split(is_separator) {
        let start = begin + piece.len() - piece.trim_start().len();
        let end = start + piece.trim().len();
        if piece.contains(char::is_alphanumeric) {
            let span = place.span(start..end);
            into.sentence(&at.pointer, span, plain(piece).into_owned(), part)?;
        }
        begin += piece.len();
        begin += text.get(begin..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    Ok(())
}

/// Reads a text as a whole, which may begin with the title of the job.
pub(super) fn read_text(text: &str, into: &mut Collector) -> Result<(), JobError> {
    let title = read(text, "", Part::unstated(Section::Description), false, into)?;
    into.title = into.title.take().or(title);
    Ok(())
}

/// Reads a text that has no title.
pub(super) fn read_without_title(text: &str, into: &mut Collector) -> Result<(), JobError> {
    let mut reader = Reader { untitled: true, ..Reader::new(text, "", Part::unstated(Section::Description)) };
    reader.read(text, None, into)
}

/// Reads a page.
pub(super) fn read_page(html: &str, flat: &Flat, into: &mut Collector) -> Result<(), JobError> {
    let mut reader = Reader { untitled: true, ..Reader::new(html, "", Part::unstated(Section::Description)) };
    reader.read(&flat.text, Some(flat), into)?;
    into.title = into.title.take().or(reader.title).or_else(|| flat.title.clone());
    Ok(())
}

fn read(source: &str, pointer: &str, part: Part, html: bool, into: &mut Collector) -> Result<Option<String>, JobError> {
    let mut reader = Reader::new(source, pointer, part);
    if html {
        let flat = flatten(source);
        reader.read(&flat.text, Some(&flat), into)?;
    } else {
        reader.read(source, None, into)?;
    }
    Ok(reader.title)
}

struct Reader<'t> {
    pointer: &'t str,
    place: Scalars<'t>,
    /// What stands before any heading.
    first: Part,
    /// What the last heading said, and its level; the higher the number, the lower.
    part: Part,
    level: u8,
    title: Option<String>,
    /// Whether a first line without marks is no title.
    untitled: bool,
    lines: usize,
    /// Where the last line ended, and whether it was an element of a list.
    before: usize,
    listed: bool,
}

impl<'t> Reader<'t> {
    fn new(source: &'t str, pointer: &'t str, part: Part) -> Reader<'t> {
        let place = Scalars::new(source);
        Reader {
            pointer,
            place,
            first: part,
            part,
            level: COLON,
            title: None,
            untitled: false,
            lines: 0,
            before: 0,
            listed: false,
        }
    }

    fn read(&mut self, text: &str, flat: Option<&Flat>, into: &mut Collector) -> Result<(), JobError> {
        for line in lines(text) {
            let Some(content) = text.get(line.at.clone()) else { continue };
            let bold = match flat {
                Some(flat) => flat.bold.binary_search(&line.at.start).is_ok(),
                None => content.starts_with("**") && content.trim_end_matches(':').ends_with("**"),
            };
            let rest = self.heading(text, &line, content, bold);
            self.lines += 1;
            (self.before, self.listed) = (line.at.end, line.mark == Mark::Bullet);
            for at in rest.into_iter().flat_map(|rest| sentences_within(text, rest)) {
                let sentence = text.get(at.clone()).unwrap_or_default();
                let shown = if flat.is_some() { blanks(sentence) } else { plain(sentence).into_owned() };
                let span = self.place.span(flat.map_or(at.clone(), |flat| flat.origin(&at)));
                into.sentence(self.pointer, span, shown, self.part)?;
            }
        }
        Ok(())
    }

    /// Takes a line as a heading or as the title, and gives what of it is neither.
    fn heading(&mut self, text: &str, line: &Line, content: &str, bold: bool) -> Option<Range<usize>> {
        let everything = Some(line.at.clone());
        let colon = content.trim_end_matches(['*', '_', ' ']).ends_with([':', '：']);
        let level = match line.mark {
            _ if content.len() > LONGEST_HEADING => return self.inline_heading(text, line, content),
            Mark::Heading(level) => level,
            // An element of a list that only introduces others is no heading, and asks for nothing.
            Mark::Bullet if colon && announced_whole(content).is_none() => return None,
            _ if bold && line.mark != Mark::Bullet => BOLD,
            Mark::None if colon => COLON,
            _ if announced_whole(content).is_some() => COLON,
            _ if self.is_title(content) => {
                self.title = Some(plain(content).into_owned());
                return None;
            }
            _ => return self.inline_heading(text, line, content),
        };
        if let Some((section, importance)) = announced(content) {
            (self.part, self.level) = (Part::new(section, importance), level);
            return None;
        }
        if self.lines == 0 && self.pointer.is_empty() && !colon {
            self.title = Some(plain(content).into_owned());
        } else if level <= self.level.min(BOLD) || (self.part.section.is_boilerplate() && level <= self.level) {
            (self.part, self.level) = (self.first, level);
        }
        // Only marks make a heading of a line that we do not know.
        if level == BOLD && content.ends_with(['.', '!', '?']) { everything } else { None }
    }

    /// A line that begins with a heading we know and a colon; what follows belongs to it.
    fn inline_heading(&mut self, text: &str, line: &Line, content: &str) -> Option<Range<usize>> {
        self.leave_list(text, line);
        let colon = content.find([':', '：']).filter(|colon| *colon <= LONGEST_HEADING);
        let head = colon.and_then(|colon| content.get(..colon));
        let Some((head, (section, importance))) = head.and_then(|head| Some((head, announced_whole(head)?))) else {
            return Some(line.at.clone());
        };
        (self.part, self.level) = (Part::new(section, importance), COLON);
        let colon = content.get(head.len()..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Some(line.at.start + head.len() + colon..line.at.end)
    }

    /// The first line of a text is its title when it is short and no sentence.
    fn is_title(&self, content: &str) -> bool {
        self.lines == 0
            && !self.untitled
            && self.pointer.is_empty()
            && content.split_whitespace().count() <= 12
            && !content.ends_with(['.', '!', '?', ';', ',', '。', '؟'])
    }

    /// After a list and an empty line, what is no heading is no longer of the list's part.
    fn leave_list(&mut self, text: &str, line: &Line) {
        let between = text.get(self.before..line.at.start).unwrap_or_default();
        let empty = between.bytes().filter(|byte| *byte == b'\n').count() > 1;
        if self.listed && line.mark == Mark::None && empty {
            self.part = self.first;
            self.level = COLON;
        }
    }
}

/// Counts the Unicode scalar values of a text up to places that are asked for in order.
struct Scalars<'t> {
    text: &'t str,
    bytes: usize,
    scalars: usize,
}

impl<'t> Scalars<'t> {
    fn new(text: &'t str) -> Scalars<'t> {
        Scalars { text, bytes: 0, scalars: 0 }
    }

    fn span(&mut self, at: Range<usize>) -> [usize; 2] {
        [self.at(at.start), self.at(at.end)]
    }

    fn at(&mut self, byte: usize) -> usize {
        if byte < self.bytes {
            (self.bytes, self.scalars) = (0, 0);
        }
        self.scalars += self.text.get(self.bytes..byte).map_or(0, |passed| passed.chars().count());
        self.bytes = byte.max(self.bytes);
        self.scalars
    }
}

fn blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
