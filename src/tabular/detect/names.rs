//! What the name of a column says: the names in `import/names.toml` and how near a header comes to
//! one. Never looks at what is below the header.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::tabular::mapping::Field;

/// Below this a likeness of names counts as none.
pub(crate) const LIKE: f64 = 0.55;

type Listed = HashMap<String, Vec<String>>;

#[derive(Deserialize)]
struct Lists {
    items: Listed,
    weak: Listed,
    associations: Listed,
    rubrics: Listed,
    definitions: Listed,
    document: Listed,
    ends: Listed,
    levels: Listed,
    other: Listed,
    sheets: Listed,
}

/// The kinds of tables that name their columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    Items,
    Associations,
    Rubrics,
    Definitions,
    Document,
}

/// A name as it is compared.
struct Known<T> {
    words: Vec<String>,
    joined: String,
    /// Which letters it has, to pass over most names quickly.
    letters: u64,
    /// How many letters `joined` has.
    length: usize,
    meaning: T,
    weak: bool,
}

struct Names {
    items: Vec<Known<Field>>,
    associations: Vec<Known<Field>>,
    rubrics: Vec<Known<Field>>,
    definitions: Vec<Known<Field>>,
    document: Vec<Known<Field>>,
    levels: Vec<Known<()>>,
    numbered: Vec<String>,
    other: Vec<Known<()>>,
    sheets: Vec<(String, Vec<String>)>,
}

#[allow(clippy::expect_used, reason = "the lists are compiled in, and a test reads them")]
static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let lists: Lists = toml::from_str(include_str!("../../../import/names.toml")).expect("names.toml is well formed");
    let fields = |listed: &Listed, weak: bool, make: &dyn Fn(&str) -> Field| {
        let mut all = Vec::new();
        for (name, aliases) in listed {
            for alias in aliases {
                let words = words(alias);
                all.push(known(words, make(name), weak));
            }
        }
        // A map has no order, and what is found must not depend on one.
        all.sort_by(|a, b| (&a.joined, a.meaning.to_string()).cmp(&(&b.joined, b.meaning.to_string())));
        all
    };
    let field = |name: &str| name.parse().expect("names.toml names fields");
    let mut items = fields(&lists.items, false, &field);
    items.extend(fields(&lists.weak, true, &field));
    items.extend(fields(&lists.ends, false, &|name| Field::Association(name.to_owned())));
    Names {
        items,
        associations: fields(&lists.associations, false, &field),
        rubrics: fields(&lists.rubrics, false, &field),
        definitions: fields(&lists.definitions, false, &field),
        document: fields(&lists.document, false, &|name| Field::Document(name.to_owned())),
        levels: plain(lists.levels.get("names")),
        numbered: lists.levels.get("numbered").into_iter().flatten().map(|name| words(name).concat()).collect(),
        other: plain(lists.other.get("names")),
        sheets: lists
            .sheets
            .iter()
            .map(|(kind, all)| (kind.clone(), all.iter().map(|name| key(name)).collect()))
            .collect(),
    }
});

/// Names of one meaning.
fn plain(all: Option<&Vec<String>>) -> Vec<Known<()>> {
    all.into_iter().flatten().map(|name| known(words(name), (), false)).collect()
}

fn known<T>(words: Vec<String>, meaning: T, weak: bool) -> Known<T> {
    let joined = words.concat();
    Known { letters: letters(&joined), length: joined.chars().count(), joined, words, meaning, weak }
}

/// A bit for each letter that a word has; those beyond ASCII share some.
fn letters(word: &str) -> u64 {
    word.chars().fold(0, |bits, c| bits | 1 << (u32::from(c) % 61))
}

/// A letter without its accent, in small.
fn fold(c: char) -> Option<&'static str> {
    Some(match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' => "a",
        'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ę' => "e",
        'í' | 'ì' | 'î' | 'ï' | 'ī' => "i",
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' | 'ō' => "o",
        'ú' | 'ù' | 'û' | 'ü' | 'ū' => "u",
        'ç' | 'č' | 'ć' => "c",
        'ñ' | 'ń' => "n",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        'š' | 'ś' => "s",
        'ž' | 'ź' | 'ż' => "z",
        'ł' => "l",
        'ý' | 'ÿ' => "y",
        _ => return None,
    })
}

/// The words of a name: split at spaces, punctuation and humps (`fullStatement`), small, without
/// accents and plural s.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    let chars: Vec<char> = name.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        let next_small = chars.get(at + 1).is_some_and(|next| next.is_lowercase());
        let hump = c.is_uppercase() && (before.is_lowercase() || before.is_uppercase() && next_small && word.len() > 1);
        let digits = c.is_ascii_digit() != before.is_ascii_digit() && before.is_alphanumeric();
        if (!c.is_alphanumeric() && c != '#' || hump || digits) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() || c == '#' {
            for small in c.to_lowercase() {
                match fold(small) {
                    Some(folded) => word.push_str(folded),
                    // Accents that stand by themselves, behind their letter.
                    None if ('\u{300}'..='\u{36f}').contains(&small) => {}
                    None => word.push(small),
                }
            }
        }
        before = c;
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    for word in &mut words {
        if word.len() > 3
            && word.ends_with('s')
            && !word.ends_with("ss")
            && !word.ends_with("us")
            && !word.ends_with("is")
        {
            word.pop();
        }
    }
    words
}

/// A name as it is compared with others: its words in one.
pub(crate) fn key(name: &str) -> String {
    words(name).concat()
}

/// How much a name is like a known one, from 0 to 1, by their words.
fn likeness<T>(Form { words: name, joined, letters, length: own }: &Form, known: &Known<T>) -> f64 {
    if *joined == known.joined {
        return 1.0;
    }
    let missing = (known.letters & !letters).count_ones();
    let length = known.length;
    if length >= 5 && (letters & !known.letters).count_ones() <= 2 && own.abs_diff(length) <= 2 {
        let distance = distance(joined, &known.joined);
        if distance == 1 && length >= 6 || distance == 2 && length >= 10 {
            return 0.85;
        }
    }
    if missing > 0 {
        return 0.0;
    }
    // A few words of a longer name; a single short one says little.
    let ideographs = known.joined.chars().all(|c| !c.is_ascii()) && length >= 2;
    if ideographs && joined.contains(&known.joined) {
        return 0.6 + 0.3 * ratio(length, *own);
    }
    if length < 4 || known.words.len() > name.len() {
        return 0.0;
    }
    let Some(at) = name.windows(known.words.len()).position(|window| window == known.words.as_slice()) else {
        return 0.0;
    };
    let last = at + known.words.len() == name.len();
    0.5 + 0.35 * ratio(known.words.len(), name.len()) + if last { 0.05 } else { 0.0 }
}

fn ratio(part: usize, whole: usize) -> f64 {
    f64::from(u32::try_from(part).unwrap_or(u32::MAX)) / f64::from(u32::try_from(whole.max(1)).unwrap_or(u32::MAX))
}

/// How many letters differ, two that changed places counting as one.
pub(crate) fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut above = vec![0; other.len() + 1];
    let mut line: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let at = |line: &[usize], j: usize| line.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&line, j) + usize::from(a != b)).min(at(&line, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = i > 0 && j > 0 && one.get(i - 1) == Some(b) && other.get(j - 1) == Some(a);
            if swapped && a != b {
                best = best.min(at(&above, j - 1) + 1);
            }
            next.push(best);
        }
        above = std::mem::replace(&mut line, next);
    }
    line.last().copied().unwrap_or(0)
}

/// The forms of a header that are compared: all of it, without what is in brackets, behind the
/// prefix of a namespace.
fn forms(header: &str) -> Vec<Vec<String>> {
    let mut forms = vec![words(header)];
    let mut depth = 0_u32;
    let outside: String = header
        .chars()
        .filter(|c| {
            match c {
                '(' | '[' | '（' => depth += 1,
                ')' | ']' | '）' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect();
    let mut add = |form: &str| {
        let form = words(form);
        if !form.is_empty() && !forms.contains(&form) {
            forms.push(form);
        }
    };
    add(&outside);
    if let Some((_, local)) =
        header.rsplit_once(':').filter(|(prefix, local)| !prefix.contains(' ') && !local.starts_with(' '))
    {
        add(local);
    }
    // "Código / Code": the same in two languages.
    for part in header.split(['/', '\n', '|']) {
        add(part);
    }
    forms
}

/// One of the forms of a header.
struct Form {
    words: Vec<String>,
    joined: String,
    letters: u64,
    length: usize,
}

impl Form {
    fn new(words: Vec<String>) -> Form {
        let joined = words.concat();
        Form { letters: letters(&joined), length: joined.chars().count(), joined, words }
    }
}

fn best<T>(header: &str, known: &[Known<T>], mut take: impl FnMut(&Known<T>, f64)) {
    let forms: Vec<Form> = forms(header).into_iter().map(Form::new).collect();
    for one in known {
        let mut likely = 0.0;
        for (at, form) in forms.iter().enumerate() {
            // Nearly all names are told apart by their letters.
            if (one.letters & !form.letters).count_ones() <= 2 {
                likely = f64::max(likely, likeness(form, one) - if at > 0 { 0.03 } else { 0.0 });
            }
        }
        if likely >= LIKE {
            take(one, likely);
        }
    }
}

/// The fields that a header can name in a kind of table, the likeliest first, with how likely.
pub(crate) fn fields(table: Table, header: &str) -> Vec<(Field, f64)> {
    let known = match table {
        Table::Items => &NAMES.items,
        Table::Associations => &NAMES.associations,
        Table::Rubrics => &NAMES.rubrics,
        Table::Definitions => &NAMES.definitions,
        Table::Document => &NAMES.document,
    };
    let mut found: Vec<(Field, f64)> = Vec::new();
    best(header, known, |one, likeness| {
        let likeness = if one.weak { likeness * 0.8 } else { likeness };
        match found.iter_mut().find(|(field, _)| *field == one.meaning) {
            Some((_, known)) if *known >= likeness => {}
            Some(known) => known.1 = likeness,
            None => found.push((one.meaning.clone(), likeness)),
        }
    });
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.to_string().cmp(&b.0.to_string())));
    found
}

/// How much a header is like the name of a level of a hierarchy ("Strand").
pub(crate) fn level(header: &str) -> f64 {
    let mut likely = 0.0_f64;
    best(header, &NAMES.levels, |_, likeness| likely = likely.max(likeness));
    // "Domaine d'activité", "Área de competencia": a level of something.
    let words = words(header);
    if let [first, "of" | "de" | "d" | "du" | "del" | "des" | "der" | "di" | "van" | "da" | "do", _, ..] =
        words.iter().map(String::as_str).collect::<Vec<_>>().as_slice()
    {
        best(first, &NAMES.levels, |_, likeness| likely = likely.max(likeness - 0.05));
    }
    likely
}

/// The number in a header that names one of several levels: "Level 2", "L2", "Nivel II", "2. Ebene".
/// The second is what the number belongs to ("level", "level code").
pub(crate) fn numbered(header: &str) -> Option<(u8, String)> {
    let words = words(header);
    let roman = |word: &str| {
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii"].iter().position(|one| *one == word).map(|at| at + 1)
    };
    let is_number = |word: &String| word.parse::<u8>().is_ok() || roman(word).is_some();
    let at = words.iter().position(is_number)?;
    let number = words.get(at)?;
    let number = number.parse::<u8>().ok().or_else(|| roman(number).and_then(|one| u8::try_from(one).ok()))?;
    let rest: Vec<&str> =
        words.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, word)| word.as_str()).collect();
    let stem = rest.concat();
    let first = rest.first().copied().unwrap_or_default();
    let known = NAMES.numbered.contains(&stem)
        || NAMES.numbered.iter().any(|one| one == first)
        || level(&rest.join(" ")) >= 0.85;
    (known && number <= 20).then_some((number, stem))
}

/// How much a header names something that is of no importance for a competency.
pub(crate) fn other(header: &str) -> f64 {
    let mut likely = 0.0_f64;
    best(header, &NAMES.other, |_, likeness| likely = likely.max(likeness));
    likely
}

/// Whether a sheet's name is one of a kind in `[sheets]`; numbers in the name do not count.
pub(crate) fn is_sheet(kind: &str, name: &str) -> bool {
    let words: Vec<String> = words(name).into_iter().filter(|word| word.parse::<u32>().is_err()).collect();
    let joined = words.concat();
    NAMES.sheets.iter().find(|(known, _)| known == kind).is_some_and(|(_, all)| all.contains(&joined))
}

/// How much a header is a name that anybody would give to a column.
pub(crate) fn any(header: &str) -> f64 {
    let tables = [Table::Items, Table::Associations, Table::Rubrics, Table::Document];
    let named = tables.iter().filter_map(|table| fields(*table, header).first().map(|(_, likely)| *likely));
    let numbered = if numbered(header).is_some() { 1.0 } else { 0.0 };
    named.fold(level(header).max(other(header)).max(numbered), f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(header: &str) -> Option<Field> {
        fields(Table::Items, header).into_iter().next().map(|(field, _)| field)
    }

    #[test]
    fn names_are_known_in_any_case_and_in_nine_languages() {
        let statement = [
            "full_statement",
            "FULLSTATEMENT",
            "Full  Statement",
            "fullStatement*",
            "Statement Text (required)",
            "Énoncé",
            "Kompetenzbeschreibung",
            "Enunciado",
            "Kompetansemål",
            "Leerdoel",
            "Descrizione",
            "到達目標",
            "ceasn:competencyText",
            "Ful Statement",
        ];
        for header in statement {
            assert_eq!(first(header), Some(Field::FullStatement), "{header}");
        }
        let code = [
            "Código",
            "CODE",
            "Human Coding Scheme",
            "human-coding-scheme",
            "Kürzel",
            "Sigla",
            "Codice",
            "コード",
            "Standard ID",
            "Math Standard Code",
        ];
        for header in code {
            assert_eq!(first(header), Some(Field::HumanCodingScheme), "{header}");
        }
        assert_eq!(first("Grade(s)"), Some(Field::EducationLevel));
        assert_eq!(first("Is Peer Of"), Some(Field::Association("isPeerOf".to_owned())));
        assert_eq!(first("CFItemType"), Some(Field::CfItemType));
        assert_eq!(first("xyzzy"), None);
    }

    #[test]
    fn levels_are_known_by_name_and_number() {
        for header in ["Domain", "STRANDS", "Sub-strand", "Eje temático", "Kompetenzbereich", "領域"] {
            assert!(level(header) >= 0.9, "{header}");
        }
        assert_eq!(numbered("Level 2"), Some((2, "level".to_owned())));
        assert_eq!(numbered("L3").map(|(number, _)| number), Some(3));
        assert_eq!(numbered("Niveau II").map(|(number, _)| number), Some(2));
        assert_eq!(numbered("Grade"), None);
        assert_eq!(numbered("Level 0 code"), Some((0, "levelcode".to_owned())));
    }

    #[test]
    fn swapped_and_missing_letters_count_one() {
        assert_eq!(distance("statment", "statement"), 1);
        assert_eq!(distance("statemnet", "statement"), 1);
        assert_eq!(distance("", "abc"), 3);
    }
}
