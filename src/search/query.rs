//! The query language: words, "phrases", -not, OR, and fields.
//!
//! Nothing is a syntax error: what cannot be understood is searched as text, with a hint.

use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::text::words;

/// How much of a query is read, in characters, and how many clauses of it.
const LONGEST: usize = 2_000;
const CLAUSES: usize = 64;

/// A query as it was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// All must match.
    pub clauses: Vec<Clause>,
    /// What is told to whoever asked.
    pub hints: Vec<String>,
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clause {
    /// One word as typed, or something like a code; with `prefix` whatever begins with it.
    Word {
        text: String,
        prefix: bool,
    },
    Phrase(String),
    Field(Field, Test),
    Not(Box<Clause>),
    /// Any of these.
    Any(Vec<Clause>),
}

/// What can be named before a colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Code,
    Type,
    Grade,
    Subject,
    Framework,
    Language,
    Status,
    Creator,
    Kind,
    Updated,
}

/// What a field is asked to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    Is {
        text: String,
        prefix: bool,
    },
    /// Seconds since 1970: from the first, to before the second.
    Between(Option<i64>, Option<i64>),
}

/// The names of fields, the usual one of each first.
const FIELDS: [(&str, Field); 17] = [
    ("code", Field::Code),
    ("type", Field::Type),
    ("grade", Field::Grade),
    ("subject", Field::Subject),
    ("framework", Field::Framework),
    ("language", Field::Language),
    ("status", Field::Status),
    ("creator", Field::Creator),
    ("kind", Field::Kind),
    ("updated", Field::Updated),
    ("itemtype", Field::Type),
    ("level", Field::Grade),
    ("educationlevel", Field::Grade),
    ("lang", Field::Language),
    ("in", Field::Framework),
    ("publisher", Field::Creator),
    ("changed", Field::Updated),
];

impl Query {
    /// Reads a query; anything is one.
    #[must_use]
    pub fn parse(text: &str) -> Query {
        let mut query = Query::default();
        let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
        if end < text.len() {
            query.hints.push(format!("Only the first {LONGEST} characters are searched for."));
        }
        let mut or = false;
        let mut rest = text.get(..end).unwrap_or_default();
        while let Some((token, after)) = token(rest) {
            rest = after;
            if token == "OR" || token == "|" {
                or = !query.clauses.is_empty();
                continue;
            }
            if token == "AND" || token == "&&" {
                continue;
            }
            if query.clauses.len() >= CLAUSES {
                query.hints.push(format!("Only the first {CLAUSES} words are searched for."));
                break;
            }
            let Some(clause) = query.clause(token) else { continue };
            match query.clauses.last_mut() {
                Some(Clause::Any(any)) if or => any.push(clause),
                Some(last) if or => {
                    let first = std::mem::replace(last, Clause::Any(Vec::new()));
                    *last = Clause::Any(vec![first, clause]);
                }
                _ => query.clauses.push(clause),
            }
            or = false;
        }
        if query.clauses.iter().all(|clause| matches!(clause, Clause::Not(_))) && !query.clauses.is_empty() {
            query.hints.push("Everything without those words is found; add a word to look for.".to_owned());
        }
        query
    }

    fn clause(&mut self, token: &str) -> Option<Clause> {
        if let Some(rest) =
            token.strip_prefix('-').filter(|rest| rest.starts_with(|c: char| c == '"' || c.is_alphanumeric()))
        {
            return self.clause(rest).map(|clause| match clause {
                Clause::Not(inner) => *inner,
                clause => Clause::Not(Box::new(clause)),
            });
        }
        if let Some(quoted) = token.strip_prefix('"') {
            let Some(phrase) = quoted.strip_suffix('"') else {
                self.hints
                    .push("A quotation mark has no second one; the words are searched for one by one.".to_owned());
                return self.clause(quoted);
            };
            return words(phrase).next().map(|_| Clause::Phrase(phrase.to_owned()));
        }
        if let Some((name, value)) = token.split_once(':')
            && let Some(field) = field(name)
        {
            return self.field(field, name, value);
        }
        let (text, prefix) = starred(token);
        words(text).next().map(|_| Clause::Word { text: text.to_owned(), prefix })
    }

    fn field(&mut self, field: Field, name: &str, value: &str) -> Option<Clause> {
        let value = value.trim_matches('"').trim();
        if value.is_empty() {
            self.hints.push(format!("{name}: has no value; write it without a space, such as {}.", example(field)));
            return None;
        }
        if field == Field::Updated {
            let Some(test) = between(value) else {
                self.hints.push(format!("{value} is no date; write {}.", example(field)));
                return Some(Clause::Word { text: value.to_owned(), prefix: false });
            };
            return Some(Clause::Field(field, test));
        }
        let (text, prefix) = starred(value);
        Some(Clause::Field(field, Test::Is { text: text.to_owned(), prefix }))
    }

    /// The words that are looked for, in order; without what must not be.
    #[must_use]
    pub fn words(&self) -> Vec<&str> {
        fn of<'c>(clause: &'c Clause, all: &mut Vec<&'c str>) {
            match clause {
                Clause::Word { text, .. } | Clause::Phrase(text) => all.push(text),
                Clause::Any(any) => any.iter().for_each(|one| of(one, all)),
                Clause::Field(..) | Clause::Not(_) => {}
            }
        }
        let mut all = Vec::new();
        self.clauses.iter().for_each(|clause| of(clause, &mut all));
        all
    }
}

fn field(name: &str) -> Option<Field> {
    FIELDS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, field)| *field)
}

fn example(field: Field) -> &'static str {
    match field {
        Field::Code => "code:3.OA.A.1",
        Field::Type => "type:Standard",
        Field::Grade => "grade:3",
        Field::Subject => "subject:Mathematics",
        Field::Framework => "framework:\"Common Core\"",
        Field::Language => "language:fr",
        Field::Status => "status:Adopted",
        Field::Creator => "creator:State",
        Field::Kind => "kind:item",
        Field::Updated => "updated:>2025-01-01",
    }
}

/// A text without the asterisks at its end, and whether it had any.
fn starred(text: &str) -> (&str, bool) {
    let plain = text.trim_end_matches('*');
    (plain, plain.len() < text.len())
}

/// The first token of a text and what comes after it: until the next space outside of quotation marks.
fn token(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let opens = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        before.is_empty() || before.ends_with(':') || before == "-"
    };
    let quoted =
        text.find('"').filter(|at| opens(*at) && !text.get(..*at).unwrap_or_default().contains(char::is_whitespace));
    let end = match quoted {
        Some(at) => match text.get(at + 1..).and_then(|rest| rest.find('"')) {
            Some(close) => at + close + 2,
            // The mark alone; what follows is read as words.
            None => text.find(char::is_whitespace).unwrap_or(text.len()),
        },
        None => text.find(char::is_whitespace).unwrap_or(text.len()),
    };
    let (token, rest) = text.split_at_checked(end)?;
    (!token.is_empty()).then_some((token, rest))
}

/// `>2025-01-01`, `2025`, `2025-03..2025-06`.
fn between(value: &str) -> Option<Test> {
    if let Some((from, to)) = value.split_once("..") {
        let from = if from.is_empty() { None } else { Some(span(from)?.0) };
        let to = if to.is_empty() { None } else { Some(span(to)?.1) };
        return Some(Test::Between(from, to));
    }
    let comparing = value.trim_start_matches(['<', '>', '=']);
    let (begin, end) = span(comparing)?;
    Some(match value.get(..value.len() - comparing.len()).unwrap_or_default() {
        ">" => Test::Between(Some(end), None),
        ">=" => Test::Between(Some(begin), None),
        "<" => Test::Between(None, Some(begin)),
        "<=" => Test::Between(None, Some(end)),
        "" | "=" => Test::Between(Some(begin), Some(end)),
        _ => return None,
    })
}

/// When a day, a month or a year begins and ends, in seconds since 1970.
fn span(text: &str) -> Option<(i64, i64)> {
    let mut numbers = text.split('-').map(str::parse::<u32>);
    let mut number = || numbers.next().transpose().ok();
    let (year, month, day) = (number()??, number()?, number()?);
    if numbers.next().is_some() {
        return None;
    }
    let begin = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month.unwrap_or(1), day.unwrap_or(1))?;
    let end = match (month, day) {
        (_, Some(_)) => begin.checked_add_days(Days::new(1))?,
        (Some(_), None) => begin.checked_add_months(Months::new(1))?,
        (None, None) => begin.with_year(begin.year() + 1)?,
    };
    let seconds = |date: NaiveDate| date.and_hms_opt(0, 0, 0).map(|time| time.and_utc().timestamp());
    Some((seconds(begin)?, seconds(end)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Clause {
        Clause::Word { text: text.to_owned(), prefix: false }
    }

    fn is(field: Field, text: &str) -> Clause {
        Clause::Field(field, Test::Is { text: text.to_owned(), prefix: false })
    }

    fn clauses(text: &str) -> Vec<Clause> {
        let query = Query::parse(text);
        assert!(query.hints.is_empty(), "{text}: {:?}", query.hints);
        query.clauses
    }

    #[test]
    fn what_people_know_is_understood() {
        assert_eq!(clauses("add fractions"), [word("add"), word("fractions")]);
        assert_eq!(
            clauses("\"equal shares\" -half"),
            [Clause::Phrase("equal shares".to_owned()), Clause::Not(Box::new(word("half")))]
        );
        assert_eq!(clauses("a OR b OR c d"), [Clause::Any(vec![word("a"), word("b"), word("c")]), word("d")]);
        assert_eq!(clauses("grade:3 Type:Standard"), [is(Field::Grade, "3"), is(Field::Type, "Standard")]);
        assert_eq!(clauses("framework:\"Common Core\" add"), [is(Field::Framework, "Common Core"), word("add")]);
        assert_eq!(
            clauses("code:3.OA*"),
            [Clause::Field(Field::Code, Test::Is { text: "3.OA".to_owned(), prefix: true })]
        );
        assert_eq!(clauses("mult*"), [Clause::Word { text: "mult".to_owned(), prefix: true }]);
        assert_eq!(clauses("-\"a b\" x"), [Clause::Not(Box::new(Clause::Phrase("a b".to_owned()))), word("x")]);
        assert_eq!(clauses("-type:Standard x").len(), 2);
        assert_eq!(clauses("§111.26(b)(2)(A)"), [word("§111.26(b)(2)(A)")]);
        assert_eq!(clauses("MS-PS1-2"), [word("MS-PS1-2")]);
        assert_eq!(clauses("http://a.example/x"), [word("http://a.example/x")]);
        assert_eq!(clauses("5\" pipe"), [word("5\""), word("pipe")]);
    }

    #[test]
    fn dates_are_spans() {
        let at = |year, month, day| {
            NaiveDate::from_ymd_opt(year, month, day).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp()
        };
        for (text, from, to) in [
            ("updated:>2025-01-01", Some(at(2025, 1, 2)), None),
            ("updated:>=2025-01-01", Some(at(2025, 1, 1)), None),
            ("updated:<2025", None, Some(at(2025, 1, 1))),
            ("updated:<=2025", None, Some(at(2026, 1, 1))),
            ("updated:2025-12", Some(at(2025, 12, 1)), Some(at(2026, 1, 1))),
            ("updated:2025-03..2025-04", Some(at(2025, 3, 1)), Some(at(2025, 5, 1))),
            ("updated:..2025", None, Some(at(2026, 1, 1))),
        ] {
            assert_eq!(clauses(text), [Clause::Field(Field::Updated, Test::Between(from, to))], "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_text_with_a_hint() {
        for (text, found, says) in [
            ("\"equal shares", 2, "quotation mark"),
            ("updated:yesterday fractions", 2, "is no date"),
            ("updated:2025-99-99", 1, "is no date"),
            ("grade: 3", 1, "no value"),
            ("-half", 1, "without those words"),
        ] {
            let query = Query::parse(text);
            assert_eq!(query.clauses.len(), found, "{text}: {query:?}");
            assert!(query.hints.iter().any(|hint| hint.contains(says)), "{text}: {:?}", query.hints);
        }
    }

    #[test]
    fn anything_is_a_query() {
        for text in [
            "",
            "\"",
            "\"\"",
            "-",
            "--",
            "OR",
            "OR OR a",
            "a OR",
            ":",
            "code:",
            "*",
            "-*",
            "\u{0}\u{1}",
            "(((",
            "a:b:c",
            "grade:\"",
        ] {
            let query = Query::parse(text);
            assert!(query.clauses.len() <= 2, "{text}: {query:?}");
        }
        let long = Query::parse(&"a ".repeat(10_000));
        assert_eq!(long.clauses.len(), CLAUSES);
        assert_eq!(long.hints.len(), 2);
        for text in ["\"".repeat(10_000), "a*".repeat(1_000)] {
            assert!(Query::parse(&text).clauses.len() <= CLAUSES);
        }
    }
}
