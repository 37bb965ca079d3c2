//! From a query as it was understood to what the index is asked.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use serde::{Deserialize, Serialize};
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery, Query as Ask,
    RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field as Column, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::SearchError;
use super::collect::{CODE, PART, WHOLE};
use super::entry::{CREDENTIAL, KINDS, facet_words, hash_of, stems};
use super::lookup;
use super::query::{Clause, Field, Query, Test};
use super::schema::Fields;
use crate::case::education;
use crate::case::model::Class;
use crate::text::code::{Code, looks_like_code};
use crate::text::{Language, Word, fold, words};

/// How many words of the index one beginning may stand for.
const EXPANDED: usize = 60;
/// In how many texts the words are that one beginning stands for, until it is enough.
const TEXTS: u64 = 50_000;
/// How many words with a beginning are looked at for the most frequent.
const LOOKED_AT: usize = 5_000;
/// How much a word counts that only begins as asked.
const BEGINS: f32 = 0.6;
/// How much a word counts that only stands around: above an item, in its framework's title, or in
/// what it is the same as.
const AROUND: f32 = 0.2;
/// How much a word counts that is a small one of its language.
const SMALL: f32 = 0.1;
/// How many of the words what has most of them must have, as a fraction.
const MOST: (usize, usize) = (3, 10);
/// Phrases say more than their words do.
const PHRASE: f32 = 2.0;
/// How much a code counts that stands among other words.
const AMONG_WORDS: f32 = 20.0;
/// By how many of its words other texts are likened to one.
const TELLING: usize = 12;
/// How many codes one beginning may stand for.
const CODES: usize = 1_000;

type Boxed = Box<dyn Ask>;

/// Plans queries for one part of the index.
pub(super) struct Planner<'a> {
    pub fields: Fields,
    pub searcher: &'a Searcher,
    /// The languages of what is indexed.
    pub languages: Vec<Language>,
    /// The frameworks that a text names.
    pub frameworks: &'a dyn Fn(&str) -> Vec<String>,
    /// Whether the last word is still being typed.
    pub typing: bool,
}

/// What limits a search besides its query.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// Only these frameworks, where told.
    pub packages: Option<BTreeSet<String>>,
    /// Only an item and what is below it.
    pub under: Option<String>,
    /// Only what a credential can be issued for, or only what none can.
    pub eligible: Option<bool>,
    /// Fields of which one value each must match.
    pub fields: Vec<(Field, Vec<String>)>,
}

/// How the words of a query must match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Match {
    #[default]
    All,
    /// Most of them; what has all comes first.
    Most,
    /// One of them.
    Any,
}

impl Planner<'_> {
    /// The whole query within its limits.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(super) fn plan(&self, query: &Query, limits: &Limits, how: Match) -> Result<Boxed, SearchError> {
        let mut parts: Vec<(Occur, Boxed)> = Vec::new();
        let mut texts: Vec<Option<Boxed>> = Vec::new();
        let small = small_words(query);
        let last = query.clauses.len().saturating_sub(1);
        for (at, clause) in query.clauses.iter().enumerate() {
            match clause {
                Clause::Not(clause) => parts.extend(self.clause(clause, false)?.map(|not| (Occur::MustNot, not))),
                Clause::Field(..) => parts.push((Occur::Must, unscored(or_none(self.clause(clause, false)?)))),
                Clause::Word { text, .. } if small.contains(text.as_str()) => {}
                _ => texts.push(self.clause(clause, self.typing && at == last)?),
            }
        }
        if !texts.is_empty() {
            let text = combined(texts, how);
            parts.push((Occur::Must, or_none(either(self.whole_code(query)?.into_iter().chain(text).collect()))));
        }
        self.limit(limits, &mut parts)?;
        if !parts.iter().any(|(occur, _)| *occur == Occur::Must) {
            parts.push((Occur::Must, unscored(self.everything())));
        }
        Ok(Box::new(BooleanQuery::new(parts)))
    }

    /// What shares the rarest words of a text, without the object it is of.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(super) fn alike(&self, text: &str, key: u64, limits: &Limits) -> Result<Boxed, SearchError> {
        let language = Language::guess(text).unwrap_or(Language::English);
        let mut seen = BTreeSet::new();
        let mut rare: Vec<(u64, Boxed)> = Vec::new();
        for word in words(text).filter(|word| !language.is_small(&word.text)).take(LOOKED_AT) {
            let forms = self.forms(text.get(word.at.clone()).unwrap_or(&word.text), &word)?;
            if let Some(form) = best_of(forms).filter(|_| seen.insert(word.text.clone())) {
                let frequency = self.searcher.doc_freq(&Term::from_field_text(self.fields.words, &word.text))?;
                rare.push((frequency, form));
            }
        }
        rare.sort_by_key(|(frequency, _)| *frequency);
        rare.truncate(TELLING);
        let needed = rare.len().div_ceil(4).max(1);
        let some = rare.into_iter().map(|(_, form)| (Occur::Should, form)).collect();
        let itself = TermQuery::new(Term::from_field_u64(self.fields.key, key), IndexRecordOption::Basic);
        let mut parts: Vec<(Occur, Boxed)> = vec![
            (Occur::Must, Box::new(BooleanQuery::with_minimum_required_clauses(some, needed))),
            (Occur::MustNot, Box::new(itself)),
        ];
        self.limit(limits, &mut parts)?;
        Ok(Box::new(BooleanQuery::new(parts)))
    }

    /// Everything that can be found.
    pub(super) fn everything(&self) -> Boxed {
        let kind = |class: &Class| Term::from_field_text(self.fields.kind, class.name());
        Box::new(TermSetQuery::new(KINDS.iter().map(kind)))
    }

    fn limit(&self, limits: &Limits, parts: &mut Vec<(Occur, Boxed)>) -> Result<(), SearchError> {
        if let Some(packages) = &limits.packages {
            let terms = packages.iter().map(|id| Term::from_field_text(self.fields.package, id));
            parts.push((Occur::Must, unscored(Box::new(TermSetQuery::new(terms)))));
        }
        if let Some(under) = &limits.under {
            let term = Term::from_field_u64(self.fields.under, hash_of(under));
            parts.push((Occur::Must, unscored(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))));
        }
        if let Some(eligible) = limits.eligible {
            let occur = if eligible { Occur::Must } else { Occur::MustNot };
            parts.push((occur, unscored(term(self.fields.mark, CREDENTIAL))));
        }
        for (field, values) in &limits.fields {
            let any = values.iter().map(|value| self.is(*field, value, false)).collect::<Result<Vec<_>, _>>()?;
            parts.push((Occur::Must, unscored(or_none(either(any.into_iter().flatten().collect())))));
        }
        Ok(())
    }

    /// `None` for what nothing can match.
    fn clause(&self, clause: &Clause, typing: bool) -> Result<Option<Boxed>, SearchError> {
        Ok(match clause {
            Clause::Word { text, prefix } => self.word_or_code(text, *prefix || typing)?,
            Clause::Phrase(text) => self.phrase(text),
            Clause::Any(any) => {
                let any = any.iter().map(|one| self.clause(one, false)).collect::<Result<Vec<_>, _>>()?;
                either(any.into_iter().flatten().collect())
            }
            Clause::Not(inner) => {
                let mut parts = vec![(Occur::Must, unscored(self.everything()))];
                parts.extend(self.clause(inner, false)?.map(|not| (Occur::MustNot, not)));
                Some(Box::new(BooleanQuery::new(parts)))
            }
            Clause::Field(field, Test::Is { text, prefix }) => self.is(*field, text, *prefix)?,
            Clause::Field(_, Test::Between(from, to)) => Some(self.changed(*from, *to)),
        })
    }

    fn changed(&self, from: Option<i64>, to: Option<i64>) -> Boxed {
        let bound = |at: i64| Term::from_field_i64(self.fields.changed, at);
        let from = from.map_or(Bound::Unbounded, |at| Bound::Included(bound(at)));
        let to = to.map_or(Bound::Unbounded, |at| Bound::Excluded(bound(at)));
        match (&from, &to) {
            (Bound::Unbounded, Bound::Unbounded) => self.everything(),
            _ => Box::new(RangeQuery::new(from, to)),
        }
    }

    /// A word, or a code among words.
    fn word_or_code(&self, text: &str, prefix: bool) -> Result<Option<Boxed>, SearchError> {
        let word = self.word(text, prefix)?;
        if !looks_like_code(text) {
            return Ok(word);
        }
        let code = self.code(text, false)?.map(|code| -> Boxed { Box::new(ConstScoreQuery::new(code, AMONG_WORDS)) });
        Ok(either(word.into_iter().chain(code).collect()))
    }

    /// A word in all its forms; every word of what is several, such as `twenty-one`.
    fn word(&self, text: &str, prefix: bool) -> Result<Option<Boxed>, SearchError> {
        let mut all: Vec<Boxed> = Vec::new();
        let mut parts = words(text).peekable();
        while let Some(word) = parts.next() {
            let written = text.get(word.at.clone()).unwrap_or(&word.text);
            let mut forms = self.forms(written, &word)?;
            if prefix && parts.peek().is_none() {
                let begun = self.beginning_with(self.fields.words, &word.text, EXPANDED)?;
                forms.extend(begun.into_iter().map(|term| weighed(self.fields.words, &term, BEGINS)));
            }
            let Some(form) = best_of(forms) else { return Ok(None) };
            all.push(form);
        }
        Ok(every(all))
    }

    /// Whether anything has a word, or a code, in any form.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(super) fn knows(&self, text: &str, word: &Word<'_>) -> Result<bool, SearchError> {
        let written = text.get(word.at.clone()).unwrap_or(&word.text);
        Ok(!self.forms(written, word)?.is_empty() || looks_like_code(text) && self.code(text, false)?.is_some())
    }

    /// A word as it may stand in a text of any language here.
    fn forms(&self, written: &str, word: &Word<'_>) -> Result<Vec<Boxed>, SearchError> {
        let mut terms = BTreeSet::from([word.text.clone().into_owned()]);
        for language in self.languages.iter().filter(|_| !word.is_pair) {
            terms.extend(stems(Some(*language), written, &word.text));
        }
        let mut forms: Vec<Boxed> = Vec::new();
        for term in terms {
            let own = Term::from_field_text(self.fields.text, &term);
            let mut places: Vec<Boxed> = Vec::new();
            // A form that no text has need not be asked for.
            if self.searcher.doc_freq(&own)? > 0 {
                places.push(Box::new(TermQuery::new(own, IndexRecordOption::WithFreqs)));
            }
            if self.has(self.fields.around, &term)? {
                places.push(weighed(self.fields.around, &term, AROUND));
            }
            forms.extend(either(places));
        }
        // What is small in its language is no term of a text, but still a word of it.
        if forms.is_empty() && self.has(self.fields.words, &word.text)? {
            forms.push(weighed(self.fields.words, &word.text, SMALL));
        }
        Ok(forms)
    }

    /// Words that stand side by side, just as they are written.
    fn phrase(&self, text: &str) -> Option<Boxed> {
        let mut terms: Vec<Term> =
            words(text).map(|word| Term::from_field_text(self.fields.words, &word.text)).collect();
        match terms.len() {
            0 => None,
            1 => Some(Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::Basic))),
            _ => Some(Box::new(BoostQuery::new(Box::new(PhraseQuery::new(terms)), PHRASE))),
        }
    }

    /// A field's value, all of whose words must be in it.
    fn is(&self, field: Field, value: &str, prefix: bool) -> Result<Option<Boxed>, SearchError> {
        let column = match field {
            Field::Code => return self.code(value, prefix),
            Field::Framework => return Ok(Some(self.in_frameworks(value))),
            Field::Kind => return Ok(kind(value).map(|class| term(self.fields.kind, class.name()))),
            Field::Grade => match education::level(value) {
                Some(level) => return Ok(Some(term(self.fields.grade, &fold(level)))),
                None => self.fields.grade,
            },
            Field::Updated => return Ok(None),
            Field::Type => self.fields.item_type,
            Field::Subject => self.fields.subject,
            Field::Language => self.fields.language,
            Field::Status => self.fields.status,
            Field::Creator => self.fields.creator,
        };
        let mut parts = facet_words(value);
        let mut all: Vec<Boxed> = Vec::new();
        if let Some(begun) = parts.pop_if(|_| prefix) {
            let terms = self.beginning_with(column, &begun, EXPANDED)?;
            all.push(Box::new(TermSetQuery::new(terms.iter().map(|term| Term::from_field_text(column, term)))));
        }
        all.extend(parts.iter().map(|part| term(column, part)));
        Ok(every(all))
    }

    fn in_frameworks(&self, value: &str) -> Boxed {
        let ids = (self.frameworks)(value);
        Box::new(TermSetQuery::new(ids.iter().map(|id| Term::from_field_text(self.fields.package, id))))
    }

    /// The query as a code, when all of it may be one.
    fn whole_code(&self, query: &Query) -> Result<Option<Boxed>, SearchError> {
        let mut texts = Vec::new();
        for clause in &query.clauses {
            match clause {
                Clause::Word { text, prefix } => texts.push((text.as_str(), *prefix)),
                Clause::Field(..) | Clause::Not(_) => {}
                Clause::Phrase(_) | Clause::Any(_) => return Ok(None),
            }
        }
        let prefix = self.typing || texts.last().is_some_and(|(_, prefix)| *prefix);
        let text = texts.iter().map(|(text, _)| *text).collect::<Vec<_>>().join(" ");
        if looks_like_code(&text) { self.code(&text, prefix) } else { self.plain_code(&text) }
    }

    /// A code in all the ways it may be written; the nearest way counts.
    fn code(&self, text: &str, prefix: bool) -> Result<Option<Boxed>, SearchError> {
        let Some(code) = Code::new(text) else { return Ok(None) };
        let (separated, joined) = (code.separated(), code.joined());
        let mut ways = lookup::ways(&code);
        ways.push((format!("a{joined}"), 1, 1));
        ways.extend(code.variants().into_iter().map(|variant| (format!("a{variant}"), 1, 1)));
        let separator = if prefix { "" } else { "." };
        for begun in [format!("c{separated}{separator}"), format!("t{joined}")] {
            let most = if self.typing { EXPANDED } else { CODES };
            let terms = self.beginning_with(self.fields.code, &begun, most)?;
            ways.extend(terms.into_iter().map(|term| (term, 1, 0)));
        }
        self.nearest_code(&ways)
    }

    /// A text that does not look like a code may be one all the same, just as it stands.
    fn plain_code(&self, text: &str) -> Result<Option<Boxed>, SearchError> {
        const LONGEST: usize = 24;
        let Some(code) = Code::new(text).filter(|_| text.len() <= LONGEST) else { return Ok(None) };
        self.nearest_code(&[(format!("c{}", code.separated()), 6, 0), (format!("j{}", code.joined()), 5, 0)])
    }

    /// Any of some terms of codes, each with how near it is: the nearest counts.
    fn nearest_code(&self, ways: &[(String, u8, usize)]) -> Result<Option<Boxed>, SearchError> {
        let mut terms: BTreeMap<(u8, usize), Vec<Term>> = BTreeMap::new();
        for (term, near, parts) in ways {
            if self.has(self.fields.code, term)? {
                terms.entry((*near, *parts)).or_default().push(Term::from_field_text(self.fields.code, term));
            }
        }
        let one = |((near, parts), terms): ((u8, usize), Vec<Term>)| -> Boxed {
            let parts = f32::from(u8::try_from(parts).unwrap_or(u8::MAX).min(39));
            let score = f32::from(near).mul_add(CODE, parts * PART);
            Box::new(ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), score))
        };
        Ok(best_of(terms.into_iter().map(one).collect()))
    }

    fn has(&self, column: Column, term: &str) -> Result<bool, SearchError> {
        Ok(self.searcher.doc_freq(&Term::from_field_text(column, term))? > 0)
    }

    /// The most frequent terms with a beginning.
    fn beginning_with(&self, column: Column, begin: &str, most: usize) -> Result<Vec<String>, SearchError> {
        let mut found: HashMap<String, u64> = HashMap::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(column)?;
            let mut terms = index.terms().range().ge(begin.as_bytes()).into_stream()?;
            let mut looked_at = 0;
            while terms.advance() && terms.key().starts_with(begin.as_bytes()) && looked_at < LOOKED_AT {
                let term = String::from_utf8_lossy(terms.key()).into_owned();
                *found.entry(term).or_default() += u64::from(terms.value().doc_freq);
                looked_at += 1;
            }
        }
        let mut found: Vec<(u64, String)> = found.into_iter().map(|(term, count)| (count, term)).collect();
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        found.truncate(most);
        let mut texts = 0;
        let few = found.into_iter().take_while(|(count, _)| {
            texts += count;
            texts - count < TEXTS
        });
        Ok(few.map(|(_, term)| term).collect())
    }
}

/// The words that say nothing; none when there are no others.
fn small_words(query: &Query) -> BTreeSet<&str> {
    let all = query.words();
    let language = Language::guess(&all.join(" ")).unwrap_or(Language::English);
    let is_small = |text: &&str| {
        let mut parts = words(text);
        parts.next().is_some_and(|word| language.is_small(&word.text)) && parts.next().is_none()
    };
    let small: BTreeSet<&str> = all.iter().copied().filter(is_small).collect();
    if all.iter().all(|text| small.contains(text)) { BTreeSet::new() } else { small }
}

fn term(column: Column, text: &str) -> Boxed {
    Box::new(TermQuery::new(Term::from_field_text(column, text), IndexRecordOption::Basic))
}

/// The class that a word means.
fn kind(value: &str) -> Option<Class> {
    let value = fold(value);
    let value = value.strip_prefix("cf").unwrap_or(&value);
    Some(match value.trim_end_matches('s') {
        "item" | "standard" | "competency" | "competencie" | "skill" => Class::Item,
        "document" | "framework" => Class::Document,
        "criterion" | "criteria" | "rubriccriterion" => Class::Criterion,
        "level" | "criterionlevel" | "rubriccriterionlevel" => Class::Level,
        _ => return None,
    })
}

/// The texts together; `None` when nothing can match them.
fn combined(texts: Vec<Option<Boxed>>, how: Match) -> Option<Boxed> {
    let asked = texts.len();
    let known: Vec<Boxed> = texts.into_iter().flatten().collect();
    if known.is_empty() || how == Match::All {
        return if known.len() == asked { every(known) } else { None };
    }
    let needed = match known.len() {
        _ if how == Match::Any => 1,
        // Of two or three words all but one.
        few @ 0..=3 => few.saturating_sub(1).max(1),
        many => (many * MOST.0).div_ceil(MOST.1),
    };
    let whole = (known.len() == asked).then(|| every(known.iter().map(|one| one.box_clone()).collect())).flatten();
    let some: Boxed = Box::new(BooleanQuery::with_minimum_required_clauses(
        known.into_iter().map(|one| (Occur::Should, one)).collect(),
        needed,
    ));
    let whole = whole.map(|whole| -> Boxed { Box::new(ConstScoreQuery::new(whole, WHOLE)) });
    either(std::iter::once(some).chain(whole).collect())
}

fn every(mut all: Vec<Boxed>) -> Option<Boxed> {
    match all.len() {
        0 | 1 => all.pop(),
        _ => Some(Box::new(BooleanQuery::intersection(all))),
    }
}

/// Any of these; scores add up.
fn either(mut any: Vec<Boxed>) -> Option<Boxed> {
    match any.len() {
        0 | 1 => any.pop(),
        _ => Some(Box::new(BooleanQuery::union(any))),
    }
}

/// Any of these; the best score counts.
fn best_of(mut any: Vec<Boxed>) -> Option<Boxed> {
    match any.len() {
        0 | 1 => any.pop(),
        _ => Some(Box::new(DisjunctionMaxQuery::new(any))),
    }
}

fn or_none(query: Option<Boxed>) -> Boxed {
    query.unwrap_or_else(|| Box::new(EmptyQuery))
}

fn unscored(query: Boxed) -> Boxed {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn weighed(column: Column, text: &str, weight: f32) -> Boxed {
    let term = TermQuery::new(Term::from_field_text(column, text), IndexRecordOption::Basic);
    Box::new(BoostQuery::new(Box::new(term), weight))
}
