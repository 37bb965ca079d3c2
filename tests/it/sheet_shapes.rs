//! Layouts as people write them, one small sheet each, with the tree that looking at it must give.

use casement::tabular::cells::Workbook;
use casement::tabular::detect::detect;
use casement::tabular::mapping::{Field, Hierarchy, Mapping, Role};

use crate::support::trees::{book, built, paths};

/// The tree as lines, two spaces a level, in the order of the alphabet.
fn tree(workbook: &Workbook) -> (Mapping, String) {
    let mapping = detect(workbook).unwrap_or_else(|error| panic!("{error}"));
    let readings = built(workbook, &mapping);
    assert_eq!(readings.len(), 1);
    let line = |path: &Vec<String>| format!("{}{}\n", "  ".repeat(path.len() - 1), path.last().unwrap());
    (mapping, paths(&readings[0]).iter().map(line).collect())
}

#[track_caller]
fn gives(sheets: &[(&str, &str)], hierarchy: Hierarchy, expected: &str) -> Mapping {
    let (mapping, tree) = tree(&book(sheets));
    let items: Vec<Hierarchy> =
        mapping.sheets.iter().filter(|sheet| sheet.role == Role::Items).map(|sheet| sheet.hierarchy.value).collect();
    assert_eq!(tree, expected.trim_start_matches('\n'), "{mapping:#?}");
    assert!(items.iter().all(|found| *found == hierarchy), "{items:?}");
    mapping
}

#[track_caller]
fn field(mapping: &Mapping, header: &str) -> Field {
    let column = mapping.sheets.iter().flat_map(|sheet| &sheet.columns).find(|column| column.header == header);
    column.unwrap_or_else(|| panic!("no column {header}")).field.value.clone()
}

#[test]
fn without_a_header_cells_say_what_they_are() {
    let sheet = "Count and compare|A|Domain|K-2\n  Count to one hundred by ones|A1|Standard|K\n  Compare two groups of objects|A2|Standard|1\nShapes and space|B|Domain|K-2\n  Name shapes wherever they lie|B1|Standard|2";
    gives(
        &[("s", sheet)],
        Hierarchy::Indentation,
        "
Count and compare
  Compare two groups of objects
  Count to one hundred by ones
Shapes and space
  Name shapes wherever they lie
",
    );
}

#[test]
fn without_a_header_codes_are_the_hierarchy() {
    let sheet = "1|Numbers and what they are for\n1.1|Count to one hundred by ones and tens\n1.2|Compare two numbers of two digits\n2|Shapes and the space around us\n2.1|Name shapes wherever they lie";
    let mapping = gives(
        &[("s", sheet)],
        Hierarchy::CodePrefix,
        "
Numbers and what they are for
  Compare two numbers of two digits
  Count to one hundred by ones and tens
Shapes and the space around us
  Name shapes wherever they lie
",
    );
    assert_eq!(mapping.sheets[0].header_row, None);
}

#[test]
fn titles_and_key_lines_above_are_of_the_framework() {
    let sheet = "#title|Mathematics for all\n#version|2.1\nStandards of the Region|^|^\n\nCode|Statement|Grade\n1|Count to one hundred|K\n1.1|Count by tens|K";
    let mapping = gives(&[("s", sheet)], Hierarchy::CodePrefix, "\nCount to one hundred\n  Count by tens\n");
    let has = |name: &str, text: &str| mapping.document.contains(&(name.to_owned(), text.to_owned()));
    assert!(has("title", "Mathematics for all") && has("version", "2.1"), "{:?}", mapping.document);
    let sheet = "Framework: Mathematics for all\nPublisher|The Region\n\nCode|Statement\n1|Count to one hundred\n1.1|Count by tens";
    let (mapping, _) = tree(&book(&[("s", sheet)]));
    assert!(mapping.document.contains(&("publisher".to_owned(), "The Region".to_owned())), "{:?}", mapping.document);
}

#[test]
fn a_list_of_definitions_is_a_list_of_items() {
    let sheet = "Code|Title|Description\n11-1011|Chief Executives|Determine and formulate policies of companies\n13-2011|Accountants|Examine and analyse records of accounts\n15-1251|Programmers|Create and modify code and scripts";
    let mapping = gives(
        &[("s", sheet)],
        Hierarchy::Flat,
        "\nCreate and modify code and scripts\nDetermine and formulate policies of companies\nExamine and analyse records of accounts\n",
    );
    assert_eq!(field(&mapping, "Title"), Field::AbbreviatedStatement);
    let sheet = "Rank|Code|Title\n1|KG|Kindergarten\n2|01|First grade\n3|02|Second grade";
    let mapping = gives(&[("s", sheet)], Hierarchy::Flat, "\nFirst grade\nKindergarten\nSecond grade\n");
    assert_eq!(field(&mapping, "Title"), Field::FullStatement);
}

#[test]
fn look_up_lists_legends_and_hidden_sheets_are_not_items() {
    let items = "Code|Statement|Type\n1|Count to one hundred|Domain\n1.1|Count by tens|Standard\n1.2|Count by ones|Standard\n2|Shapes and space|Domain\n2.1|Name shapes wherever they lie|Standard";
    let mapping = gives(
        &[
            ("Read me", "How to use this\nFill in the sheet Standards."),
            ("Standards", items),
            ("Kinds", "Type\nDomain\nStandard"),
            ("~Old", "Code|Statement\n9|Draw lines with a ruler"),
            ("Lists", "Grades|Types\nK|Domain\n1|Standard"),
        ],
        Hierarchy::CodePrefix,
        "
Count to one hundred
  Count by ones
  Count by tens
Shapes and space
  Name shapes wherever they lie
",
    );
    let roles: Vec<Role> = mapping.sheets.iter().map(|sheet| sheet.role).collect();
    assert_eq!(roles, [Role::Ignored, Role::Items, Role::Ignored, Role::Ignored, Role::Ignored]);
    assert!(mapping.sheets.iter().all(|sheet| !sheet.reason.is_empty()));
    let alone = detect(&book(&[("~Old", items)])).unwrap();
    assert_eq!(alone.sheets[0].role, Role::Items);
}

#[test]
fn columns_without_known_names_are_told_by_their_cells() {
    let sheet = "Foo|Bar|Baz|Qux\n93a2f014-2988-11e9-a3f0-673da56e176f|X.1|Count to one hundred by ones and tens|en\n93a34668-2988-11e9-b303-4d039254c617|X.1.1|Compare two numbers of two digits each|en\n93a38c04-2988-11e9-965c-13cdc43414be|X.1.2|Name shapes wherever they lie on paper|en\n93a38c04-2988-11e9-965c-13cdc43414bf|X.2|Draw shapes with the corners that are given|en";
    let mapping = gives(
        &[("s", sheet)],
        Hierarchy::CodePrefix,
        "
Count to one hundred by ones and tens
  Compare two numbers of two digits each
  Name shapes wherever they lie on paper
Draw shapes with the corners that are given
",
    );
    let fields = ["Foo", "Bar", "Baz", "Qux"].map(|header| field(&mapping, header));
    assert_eq!(fields, [Field::Identifier, Field::HumanCodingScheme, Field::FullStatement, Field::Language]);
}

#[test]
fn a_pair_of_columns_of_ids_is_a_tree_whatever_its_name() {
    let sheet = "Nr|Text|Gehört zu\n10|Zahlen und Rechnen|\n11|Bis hundert zählen können|10\n12|Zahlen vergleichen können|10\n20|Formen und Raum|\n21|Formen benennen können|20";
    let (_, tree) = tree(&book(&[("s", sheet)]));
    assert_eq!(
        tree,
        "Formen und Raum\n  Formen benennen können\nZahlen und Rechnen\n  Bis hundert zählen können\n  Zahlen vergleichen können\n"
    );
}

#[test]
fn kinds_that_stand_side_by_side_are_no_levels() {
    let sheet = "Type|Code|Statement\nKnowledge|1|Know the rules of the workshop\nSkill|2|Use tools in a safe way\nAttitude|3|Care for the safety of others\nKnowledge|4|Know the names of the tools\nSkill|5|Measure lengths with a ruler\nAttitude|6|Keep the workshop clean";
    let (mapping, _) = tree(&book(&[("s", sheet)]));
    assert_eq!(mapping.sheets[0].hierarchy.value, Hierarchy::Flat);
}

#[test]
fn what_is_of_no_importance_is_kept_and_does_not_disturb() {
    let sheet = "Page|Teacher|Done|Code|Statement|Approval status\n12|Ann|x|1|Count to one hundred|Draft\n12|Ben||1.1|Count by tens|Draft\n13|Ann|x|1.2|Count by ones|Approved\n14|Ben||2|Shapes and space|Draft\n14|Ann|x|2.1|Name shapes wherever they lie|Approved";
    let mapping = gives(
        &[("s", sheet)],
        Hierarchy::CodePrefix,
        "
Count to one hundred
  Count by ones
  Count by tens
Shapes and space
  Name shapes wherever they lie
",
    );
    assert_eq!(field(&mapping, "Teacher"), Field::Extension("Teacher".to_owned()));
    assert_eq!(field(&mapping, "Page"), Field::Extension("Page".to_owned()));
}

/// Levels and positions are whatever somebody typed: the least and the greatest numbers there are
/// are read like any other.
#[test]
fn numbers_at_the_ends_of_their_range_are_read() {
    let rows: String = (0..120)
        .map(|row| match row {
            60 => format!("{}|A{row}|Learn thing {row} well\n", i64::MAX),
            61 | 90 => format!("{}|A{row}|Learn thing {row} well\n", i64::MIN),
            _ => format!("{}|A{row}|Learn thing {row} well\n", row % 3),
        })
        .collect();
    let (_, found) = tree(&book(&[("s", &format!("Level|Code|Statement\n{rows}"))]));
    assert_eq!(found.lines().count(), 120);

    let rows = format!("1|Count\n1.{0}|Count to ten\n1.{0}|Count to twenty\n1.1|Count to thirty\n", i64::MAX);
    let (_, found) = tree(&book(&[("s", &format!("Smart Level|Statement\n{rows}"))]));
    assert_eq!(found.lines().count(), 4);
}
