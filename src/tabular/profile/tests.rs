//! Profiles as text, on workbooks, and saved from mappings.

use super::*;
use crate::tabular::cells::{Cell, Kind, Row, Sheet, Workbook};
use crate::tabular::detect;
use crate::tabular::mapping::{Guess, Mapping};

/// Sheets from lines with `|` between the cells.
pub(crate) fn workbook(sheets: &[(&str, &[&str])]) -> Workbook {
    let row = |(number, line): (u32, &&str)| Row {
        number,
        cells: (0..)
            .zip(line.split('|'))
            .filter(|(_, text)| !text.trim().is_empty())
            .map(|(column, text)| Cell { column, text: text.trim_end().to_owned(), kind: Kind::Text })
            .collect(),
    };
    let sheet = |(name, lines): &(&str, &[&str])| Sheet {
        name: (*name).to_owned(),
        hidden: false,
        rows: (1..).zip(lines.iter()).map(row).filter(|row| !row.cells.is_empty()).collect(),
    };
    Workbook { sheets: sheets.iter().map(sheet).collect(), ..Workbook::default() }
}

fn math() -> Workbook {
    workbook(&[
        (
            "Standards",
            &[
                "Mathematics of the Region",
                "",
                "Standard ID|Standard|Grades|Approved by",
                "3|Numbers and what they are for|3|Ann",
                "3.1|Explain fractions and give reasons|3,4|Ben",
                "3.2|Compare decimals in familiar situations|3|Ann",
                "4|Shapes and where they are found|4|Ben",
                "4.1|Describe angles using drawings|4|Ann",
            ],
        ),
        ("Legend", &["Ann|Ann Smith", "Ben|Ben Jones"]),
    ])
}

/// A mapping without what only a person reads.
fn bare(mapping: &Mapping) -> Mapping {
    let mut mapping = mapping.clone();
    mapping.profile = None;
    for sheet in &mut mapping.sheets {
        sheet.hierarchy = Guess::given(sheet.hierarchy.value);
        for column in &mut sheet.columns {
            column.field = Guess::given(column.field.value.clone());
        }
    }
    mapping
}

#[test]
fn embedded_profiles_are_well_formed_and_have_names_of_their_own() {
    let all = embedded();
    assert!(all.len() >= 25, "{}", all.len());
    for pair in all.windows(2) {
        assert!(pair[0].name < pair[1].name, "{} twice", pair[0].name);
    }
    for profile in all {
        assert_eq!(Profile::parse(&profile.to_toml().unwrap()).as_ref(), Ok(profile), "{}", profile.name);
    }
}

#[test]
fn the_example_of_the_documentation_is_read() {
    let text = include_str!("../../../import/README.md");
    let example = text.split("```toml").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let profile = Profile::parse(example).unwrap();
    let mapping = profile.mapping(&math());
    assert_eq!(mapping.sheets[0].role, Role::Items);
    assert_eq!(mapping.sheets[0].header_row, Some(3));
    assert_eq!(mapping.sheets[1].role, Role::Ignored);
    assert!(profile.matches(&math()) >= 0.7, "{}", profile.matches(&math()));
}

#[test]
fn words_that_mean_nothing_are_told_with_their_line() {
    let wrong = [
        (
            "name = \"a\"\ntitle = \"b\"\n[[sheet]]\nrole = \"items\"\nnames = [\"x\"]\nhierachy = \"flat\"\n",
            "line 6",
            "hierachy",
        ),
        ("name = \"a\"\ntitle = \"b\"\n[[sheet]]\nrole = \"itms\"\nnames = [\"x\"]\n", "line 4", "role of a sheet"),
        (
            "name = \"a\"\ntitle = \"b\"\n[[sheet]]\nrole = \"items\"\nnames = [\"x\"]\ncolumn = [\n  { field = \"statment\", names = [\"x\"] },\n]\n",
            "line",
            "statment",
        ),
        (
            "name = \"a\"\ntitle = \"b\"\n[[sheet]]\nrole = \"items\"\nnames = [\"x\"]\ncolumn = [{ field = \"notes\", column = \"1\" }]\n",
            "line 6",
            "no column",
        ),
        ("name = \"a\"\n", "line 1", "title"),
        ("name = ", "line 1", ""),
    ];
    for (text, line, word) in wrong {
        let error = Profile::parse(text).unwrap_err().to_string();
        assert!(error.contains(line) && error.contains(word), "{text}: {error}");
    }
    for (text, word) in [
        ("name = \"a\"\ntitle = \"b\"\n[[sheet]]\nrole = \"items\"\n", "neither names nor required"),
        (
            "name = \"a\"\ntitle = \"b\"\n[[sheet]]\nrole = \"items\"\nheader = false\ncolumn = [{ field = \"notes\", names = [\"x\"] }]\n",
            "needs a column",
        ),
        ("name = \"a\"\ntitle = \"b\"\nsheet = []\n", "no [[sheet]]"),
    ] {
        let error = Profile::parse(text).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn a_saved_mapping_reads_back_the_same() {
    let workbook = math();
    let mut mapping = detect::detect(&workbook).unwrap();
    mapping.document.push(("publisher".to_owned(), "The region".to_owned()));
    mapping.sheets[0].constants.push((Field::Subject, "Mathematics".to_owned()));
    mapping.sheets[0].hierarchy = Guess::given(Hierarchy::Flat);
    let saved = Profile::from_mapping("mine", &mapping, &workbook);
    assert_eq!(saved.document, [("publisher".to_owned(), "The region".to_owned())]);
    let read = Profile::parse(&saved.to_toml().unwrap()).unwrap();
    assert_eq!(read, saved);
    mapping.document.rotate_right(1);
    assert_eq!(bare(&read.mapping(&workbook)), bare(&mapping));
    assert!(read.matches(&workbook) > 0.9);
}

#[test]
fn a_saved_profile_finds_its_columns_where_they_have_moved_to() {
    let mapping = detect::detect(&math()).unwrap();
    let saved = Profile::from_mapping("mine", &mapping, &math());
    let moved = workbook(&[(
        "2027",
        &[
            "STANDARD|grades|Approved by|standard id",
            "Count to 100 and back|K|Ann|1",
            "Count by twos and threes|1|Ben|1.1",
        ],
    )]);
    let read = saved.mapping(&moved);
    let of = |field: &Field| {
        read.sheets[0].columns.iter().find(|column| column.field.value == *field).map(|column| column.column)
    };
    assert_eq!(read.sheets[0].role, Role::Items);
    assert_eq!((of(&Field::FullStatement), of(&Field::HumanCodingScheme)), (Some(0), Some(3)));
    assert!(saved.matches(&workbook(&[("x", &["a|b", "1|2"])])) <= 0.0);
}

#[test]
fn a_workbook_of_another_layout_is_told_what_it_lacks() {
    let profile = named("OpenSALT C").unwrap();
    assert_eq!(profile.name, "opensalt-c");
    let lacking = profile.lacking(&math()).unwrap();
    assert!(lacking.contains("“CF Item”"), "{lacking}");
    assert_eq!(
        named("opencase").unwrap().lacking(&workbook(&[("x", &["Level|Full Statement|Item Type", "1|A|B"])])),
        None
    );
}

#[test]
fn names_that_are_near_are_offered() {
    let near = |name: &str| named(name).unwrap_err().near;
    assert_eq!(near("opensalt-d"), near("opensalt d"));
    assert!(near("opensalt").contains(&"opensalt-children") && near("opncase").contains(&"opencase"));
    let error = named("osmt").unwrap_err().to_string();
    assert!(error.starts_with("no profile is called “osmt”; perhaps “osmt-batch” or "), "{error}");
    assert_eq!(named("x").unwrap_err().to_string(), "no profile is called “x”");
}
