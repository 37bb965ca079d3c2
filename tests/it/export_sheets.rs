//! What packages become as workbooks and in our own CSV form: nothing of them is missing, cells are
//! text, limits are told, and the same package gives the same bytes.

use std::io::Read as _;

use casement::case::model::Package;
use casement::tabular::write::{self, CsvForm, WriteError};
use serde_json::{Value, json};

use crate::support::build::{Framework, id, link, uri};
use crate::support::fixtures::{self, packages_in};
use crate::support::tables::{Table, named, of_csv, of_workbook};
use crate::support::{read, read_one, v1p1};

fn package(framework: &Framework) -> Package {
    read_one(&framework.json).package
}

fn workbook(package: &Package) -> Vec<Table> {
    of_workbook(&write::xlsx(package).unwrap())
}

fn own_csv(package: &Package) -> Vec<Table> {
    of_csv(&write::csv(package, CsvForm::Casement)).1
}

#[test]
fn the_first_columns_are_those_of_an_opensalt_workbook() {
    let tables = workbook(&package(&Framework::with_items("f", 1)));
    for (name, expect) in [
        (
            "CF Doc",
            "identifier creator title lastChangeDate officialSourceURL publisher description subject language version \
             adoptionStatus statusStartDate statusEndDate licenseTitle licenseText notes",
        ),
        (
            "CF Item",
            "identifier fullStatement humanCodingScheme smartLevel listEnumeration abbreviatedStatement \
             conceptKeywords notes language educationLevel CFItemType license",
        ),
        (
            "CF Association",
            "identifier originNodeURI originNodeIdentifier originNodeHumanCodingScheme associationType \
             destinationNodeURI destinationNodeIdentifier destinationNodeHumanCodingScheme \
             associationGroupIdentifier associationGroupName",
        ),
    ] {
        let expect: Vec<&str> = expect.split_whitespace().collect();
        assert_eq!(named(&tables, name).header[..expect.len()], expect, "{name}");
    }
    assert_eq!(
        tables.iter().map(|table| table.name.as_str()).collect::<Vec<_>>(),
        ["CF Doc", "CF Item", "CF Association"]
    );
}

/// The texts and numbers in an object, without those of objects that have rows of their own.
fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|one| leaves(one, found)),
        Value::Object(map) => map
            .iter()
            .filter(|(name, _)| {
                !["CFRubricCriteria", "CFRubricCriterionLevels", "associationType"].contains(&name.as_str())
            })
            .for_each(|(_, one)| leaves(one, found)),
        Value::Null => {}
        other => found.push(other.to_string()),
    }
}

/// Every object of a package that has a row.
fn objects(package: &Value) -> Vec<&Value> {
    let list = |value: &'static str| package[value].as_array().into_iter().flatten();
    let definitions = package["CFDefinitions"].as_object().into_iter().flatten();
    let definitions =
        definitions.filter(|(name, _)| *name != "extensions").filter_map(|(_, list)| list.as_array()).flatten();
    let mut all: Vec<&Value> = std::iter::once(&package["CFDocument"])
        .chain(list("CFItems"))
        .chain(list("CFAssociations"))
        .chain(definitions)
        .collect();
    for rubric in list("CFRubrics") {
        all.push(rubric);
        for criterion in rubric["CFRubricCriteria"].as_array().into_iter().flatten() {
            all.push(criterion);
            all.extend(criterion["CFRubricCriterionLevels"].as_array().into_iter().flatten());
        }
    }
    all
}

/// Fails when a text of any object is neither in its row nor in the row of what it links to.
fn assert_complete(name: &str, package: &Value, tables: &[Table]) {
    let rows: Vec<&Vec<String>> = tables.iter().flat_map(|table| &table.rows).collect();
    let cells: std::collections::HashSet<&str> = rows.iter().copied().flatten().map(String::as_str).collect();
    // By all that a row begins with: an identifier may name an item and something else.
    let mut of: std::collections::HashMap<&str, String> = std::collections::HashMap::new();
    for row in rows {
        for cell in row.iter().take(2) {
            let text = of.entry(cell).or_default();
            row.iter().for_each(|cell| {
                text.push_str(cell);
                text.push('\n');
            });
        }
    }
    for object in objects(package) {
        let identifier = object["identifier"].as_str().unwrap();
        let row = of.get(identifier).unwrap_or_else(|| panic!("{name}: no row for {identifier}"));
        let mut texts = Vec::new();
        leaves(object, &mut texts);
        for text in texts {
            let quoted = json!(text).to_string();
            let there =
                row.contains(&text) || row.contains(&quoted[1..quoted.len() - 1]) || cells.contains(text.as_str());
            assert!(there, "{name}: {identifier}: {text:?} is in no cell: {row}");
        }
    }
}

#[test]
fn nothing_of_any_package_is_missing() {
    // Files that are to be refused are among them.
    for fixture in fixtures::all().iter().filter(|fixture| !packages_in(&fixture.json).is_empty()) {
        for reading in read(&fixture.json) {
            let json = v1p1(&reading);
            let name = &fixture.name;
            assert_complete(name, &json, &workbook(&reading.package));
            // The framework stands in lines of its own there.
            let csv = write::csv(&reading.package, CsvForm::Casement);
            let (pairs, mut tables) = of_csv(&csv);
            tables.push(Table { rows: vec![pairs.into_values().collect()], ..Table::default() });
            let row = tables.last_mut().unwrap();
            row.rows[0].insert(0, json["CFDocument"]["identifier"].as_str().unwrap().to_owned());
            assert_complete(name, &json, &tables);
        }
    }
}

#[test]
fn every_cell_is_text_and_comes_back_as_it_was() {
    let texts = [
        "=1+1",
        "+x",
        "-x",
        "@sum",
        "1.10",
        "00012",
        "'quoted",
        "'=x",
        "TRUE",
        "2019-02-05",
        "#REF!",
        "a\nb\n\nc",
        "\"a\",b;c",
        "👩‍🔬 ✓",
        "مرحبا بالعالم",
        "数学",
        "  two spaces before",
        "_x0041_ stays",
        "bell \u{7} inside",
        "<b>&amp;</b>",
        "{\"a\":1}",
    ];
    let framework = texts.iter().enumerate().fold(Framework::new("f"), |all, (n, text)| {
        let name = format!("f.{n}");
        all.item(&name, json!({"fullStatement": text, "humanCodingScheme": text})).under(&name, "f", n + 1)
    });
    let package = package(&framework);
    let item_sheets = [named(&workbook(&package), "CF Item").clone(), own_csv(&package).remove(0)];
    for table in item_sheets {
        assert_eq!(table.column("fullStatement"), texts);
        assert_eq!(table.column("humanCodingScheme"), texts);
    }
    let raw = String::from_utf8(write::csv(&package, CsvForm::OpenCase)).unwrap();
    for formula in ["=1+1", "+x", "-x", "@sum"] {
        assert!(raw.contains(&format!(",'{formula},")) && !raw.contains(&format!(",{formula},")), "{raw}");
    }
}

#[test]
fn a_text_that_no_cell_can_hold_goes_on_in_the_next_and_is_never_cut() {
    // A letter outside the first plane counts twice.
    let longest = "x".repeat(32_767 - 2) + "👩";
    let fits = package(&Framework::new("f").item("f.1", json!({"fullStatement": longest})));
    let header = |package: &Package| named(&workbook(package), "CF Item").header[..4].join(" ");
    assert_eq!(named(&workbook(&fits), "CF Item").column("fullStatement"), [longest.as_str()]);
    assert_eq!(header(&fits), "identifier fullStatement humanCodingScheme smartLevel");
    let longer = longest.clone() + "x";
    let framework = Framework::with_items("f", 2);
    let exceeds = package(&framework.clone().change("f.2", json!({"fullStatement": longer})));
    assert_eq!(header(&exceeds), "identifier fullStatement fullStatement humanCodingScheme");
    assert_eq!(named(&workbook(&exceeds), "CF Item").rows[1][1..3].concat(), longer);
    assert_eq!(own_csv(&exceeds)[0].column("fullStatement")[1], longer);
    let endless = package(&framework.change("f.2", json!({"fullStatement": "x".repeat(7_000_000)})));
    let error = write::xlsx(&endless).unwrap_err();
    assert!(error.is_limit() && matches!(error, WriteError::TooManyColumns { .. }), "{error}");
    assert!(error.to_string().contains("CF Item") && error.to_string().contains("csv"), "{error}");
}

/// A file of a workbook, unpacked; read here without the crate that wrote it.
fn part(workbook: &[u8], name: &str) -> String {
    let at = workbook.windows(name.len()).position(|window| window == name.as_bytes()).unwrap();
    let extra = usize::from(u16::from_le_bytes([workbook[at - 2], workbook[at - 1]]));
    let mut text = String::new();
    flate2::read::DeflateDecoder::new(&workbook[at + name.len() + extra..]).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_same_package_gives_the_same_bytes_dated_by_itself() {
    let package = read_one(&fixtures::reference().json).package;
    let bytes = write::xlsx(&package).unwrap();
    assert_eq!(bytes, write::xlsx(&package).unwrap());
    let core = part(&bytes, "docProps/core.xml");
    let changed = package.document.last_change().as_str();
    assert!(core.contains(&format!(">{changed}</dcterms:created>")), "{core}");
    assert!(core.contains(&format!(">{changed}</dcterms:modified>")), "{core}");
    assert_eq!(write::csv(&package, CsvForm::Casement), write::csv(&package, CsvForm::Casement));
}

#[test]
fn workbooks_are_fit_to_be_worked_in() {
    let package = read_one(&fixtures::reference().json).package;
    let bytes = write::xlsx(&package).unwrap();
    let items = part(&bytes, "xl/worksheets/sheet2.xml");
    assert!(items.contains(r#"<pane ySplit="1""#), "the header stays");
    assert!(items.contains("<hyperlink "), "uris are links");
    assert!(items.contains("Standard") && items.contains("<dataValidation type=\"list\""), "types are offered");
    let associations = part(&bytes, "xl/worksheets/sheet3.xml");
    assert!(associations.contains("Is Child Of,Is Peer Of"), "association types are offered");
    assert!(part(&bytes, "xl/worksheets/sheet1.xml").contains("Private Draft,Draft"), "statuses are offered");
}

#[test]
fn the_tree_is_told_for_any_shape() {
    let levels = |framework: &Framework| {
        let table = named(&workbook(&package(framework)), "CF Item").clone();
        let names = table.column("humanCodingScheme").into_iter().map(str::to_owned);
        names.zip(table.column("smartLevel").into_iter().map(str::to_owned)).collect::<Vec<_>>()
    };
    let expect = |all: &[(&str, &str)]| all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
    let all = |names: &[&str]| names.iter().fold(Framework::new("f"), |all, name| all.item(name, json!({})));
    // The sequence decides, not the order of the list; eleven siblings sort as numbers do.
    let framework =
        all(&["b", "a", "a.2", "a.1"]).under("a", "f", 1).under("b", "f", 2).under("a.1", "a", 1).under("a.2", "a", 11);
    assert_eq!(levels(&framework), expect(&[("a", "1"), ("a.1", "1.1"), ("a.2", "1.2"), ("b", "2")]));
    // Of two parents the one outside of a grouping counts; what has none stands at the top.
    let framework = all(&["a", "b", "c", "d"]).under("a", "f", 1).under("b", "f", 2).under("c", "b", 1);
    let framework = framework.associate("c", "isChildOf", "a", json!({"CFAssociationGroupingURI": link("g")}));
    assert_eq!(levels(&framework), expect(&[("a", "1"), ("b", "2"), ("c", "2.1"), ("d", "3")]));
    // Loops end.
    let framework = all(&["a", "b", "c"]).under("a", "b", 1).under("b", "a", 1).under("c", "c", 1);
    assert_eq!(levels(&framework), expect(&[("c", "1"), ("a", "2"), ("b", "2.1")]));
    // No depth is too deep, and none makes text of its square.
    let mut framework = Framework::new("f").item("0", json!({})).under("0", "f", 1);
    for n in 1..2_000 {
        framework = framework.item(&n.to_string(), json!({})).under(&n.to_string(), &(n - 1).to_string(), 1);
    }
    let deep = levels(&framework);
    assert_eq!((deep.len(), deep[99].1.len(), deep[100].1.as_str()), (2_000, 199, ""));
}

#[test]
fn groupings_and_ends_outside_are_kept() {
    let outside = json!({"title": "There", "identifier": "X-1", "uri": "https://elsewhere.example/x?a=1&b=2", "targetType": "ext:web"});
    let framework = Framework::with_items("f", 2)
        .define("CFAssociationGroupings", "one", json!({}))
        .define("CFAssociationGroupings", "two", json!({"description": "The second"}))
        .associate("f.1", "exactMatchOf", "f.2", json!({"CFAssociationGroupingURI": link("one"), "notes": "=sure"}))
        .associate(
            "f.1",
            "ext:covers",
            "out",
            json!({"CFAssociationGroupingURI": link("two"), "destinationNodeURI": outside}),
        );
    let package = package(&framework);
    for tables in [workbook(&package), own_csv(&package)] {
        let associations = named(&tables, "CF Association");
        assert_eq!(
            associations.column("associationType"),
            ["Is Child Of", "Is Child Of", "Exact Match Of", "ext:covers"]
        );
        let matched = associations.row("associationType", "Exact Match Of");
        assert_eq!(matched["associationGroupIdentifier"], id("one"));
        assert_eq!(matched["associationGroupName"], "one");
        assert_eq!(matched["CFAssociationGroupingURI"], uri("one"));
        assert_eq!(matched["notes"], "=sure");
        assert_eq!(
            (matched["originNodeHumanCodingScheme"], matched["destinationNodeIdentifier"]),
            ("f.1", id("f.2").as_str())
        );
        let covers = associations.row("associationType", "ext:covers");
        assert_eq!(covers["destinationNodeURI"], "https://elsewhere.example/x?a=1&b=2");
        assert_eq!((covers["destinationNodeIdentifier"], covers["destinationNodeTargetType"]), ("X-1", "ext:web"));
        assert_eq!(covers["destinationStatement"], "There");
        let definitions = named(&tables, "CF Definition");
        assert_eq!(definitions.column("class"), ["CFAssociationGrouping"; 2]);
        assert_eq!(definitions.row("title", "two")["description"], "The second");
    }
}

#[test]
fn extensions_get_columns_where_those_say_all_of_them() {
    let mut many: serde_json::Map<String, Value> =
        (0..100).map(|n| (format!("custom {n:03}"), json!(format!("=v{n}")))).collect();
    many.insert("Full Statement".to_owned(), json!("another one"));
    many.insert("number".to_owned(), json!(1.50));
    many.insert("blank".to_owned(), json!(""));
    let framework = Framework::with_items("f", 2)
        .change("f.1", json!({"extensions": many}))
        .change("f.2", json!({"extensions": {}}));
    let package = package(&framework);
    for items in [named(&workbook(&package), "CF Item").clone(), own_csv(&package).remove(0)] {
        assert_eq!(items.column("custom 099"), ["=v99", ""]);
        let rest: Vec<Value> =
            items.column("extensions").into_iter().map(|cell| serde_json::from_str(cell).unwrap()).collect();
        assert_eq!(rest, [json!({"Full Statement": "another one", "number": 1.5, "blank": ""}), json!({})]);
        assert_eq!(items.header.iter().filter(|header| header.starts_with("custom ")).count(), 100);
    }
}

#[test]
fn an_empty_framework_has_its_sheets_and_no_rows() {
    let package =
        package(&Framework::new("f").set("CFRubrics", json!([])).set("CFDefinitions", json!({"CFConcepts": []})));
    for (name, rows) in [("CF Doc", 1), ("CF Item", 0), ("CF Association", 0), ("CF Definition", 1), ("CF Rubric", 0)] {
        let tables = workbook(&package);
        let table = named(&tables, name);
        assert_eq!(table.rows.len(), rows, "{name}");
        assert!(table.header.len() > 9, "{name}");
    }
    assert_eq!(own_csv(&package)[0].rows.len(), 0);
}

#[test]
fn rubrics_are_rows_under_each_other() {
    let package = read_one(&fixtures::reference().json).package;
    let tables = workbook(&package);
    let rubrics = named(&tables, "CF Rubric");
    let types = rubrics.column("Type");
    assert_eq!(types[..3], ["Rubric", "Criterion", "Level"]);
    let rubric = &package.rubrics.as_ref().unwrap()[0];
    let criterion = &rubric.criteria.as_ref().unwrap()[0];
    let level = rubrics.row("Identifier", &criterion.levels.as_ref().unwrap()[0].identity.identifier);
    assert_eq!(level["RubricIdentifier"], rubric.identity.identifier);
    assert_eq!(level["CriterionIdentifier"], criterion.identity.identifier);
    let row = rubrics.row("Identifier", &criterion.identity.identifier);
    assert_eq!(row["CFItemIdentifier"], criterion.item_uri.as_ref().unwrap().identifier);
    assert_eq!(row["Weight"], criterion.weight.as_ref().unwrap().to_string());
}
