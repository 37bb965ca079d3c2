//! What rows become: items where the sheet says they stand, and a word about everything that was
//! assumed, repaired or left out.

use casement::case::model::Package;
use casement::case::read::Reading;
use casement::case::report::Severity;
use casement::case::schema::{Shape, violations};
use casement::registry::Registry;
use casement::tabular::build::Options;
use casement::tabular::cells::Kind;
use casement::tabular::mapping::{Hierarchy, Role};

use crate::support::books::Book;
use crate::support::{TestDb, v1p1};

fn registry() -> (TestDb, Registry) {
    let db = TestDb::sqlite();
    let registry = db.registry();
    (db, registry)
}

fn read(book: &Book) -> Reading {
    let (_db, registry) = registry();
    let reading = book.read_one(&registry, &Options { name: "file.csv".to_owned(), ..Options::default() });
    let wire = v1p1(&reading);
    let wrong = violations(casement::case::Version::V1p1, Shape::Package, &wire);
    assert!(wrong.is_empty(), "{wrong:?}");
    reading
}

/// The label of each item and of what it stands under, in the order of the sequence numbers.
fn tree(package: &Package) -> Vec<String> {
    let label = |id: &str| {
        let item = package.items.iter().find(|item| item.identity.identifier == id);
        item.map_or_else(|| "-".to_owned(), |item| item.full_statement.clone())
    };
    let lines = package.associations.iter().filter(|a| a.association_type == "isChildOf").map(|a| {
        let number = a.sequence_number.map_or("?".to_owned(), |number| number.to_string());
        format!("{} < {} {number}", label(&a.origin.identifier), label(&a.destination.identifier))
    });
    lines.collect()
}

fn codes(reading: &Reading) -> Vec<(Severity, &str, &str)> {
    let entries = reading.report.entries.iter();
    entries.map(|entry| (entry.severity, entry.code.as_str(), entry.place.as_str())).collect()
}

#[track_caller]
fn said(reading: &Reading, severity: Severity, code: &str, place: &str) {
    assert!(codes(reading).contains(&(severity, code, place)), "{:#?}", codes(reading));
}

/// Every hierarchy that a sheet may be written in gives the same tree.
#[test]
fn every_way_to_write_a_hierarchy_gives_its_tree() {
    let expect = ["Number < - 1", "Counting < Number 1", "To ten < Counting 1", "Adding < Number 2", "Shapes < - 2"];
    let ways = [
        (Hierarchy::SmartLevel, "smartLevel|statement\n1|Number\n1.1|Counting\n1.1.1|To ten\n1.2|Adding\n2|Shapes"),
        (Hierarchy::Level, "level|statement\n1|Number\n2|Counting\n3|To ten\n2|Adding\n1|Shapes"),
        (Hierarchy::Indentation, "statement\nNumber\n  Counting\n    To ten\n  Adding\nShapes"),
        (
            Hierarchy::LevelColumns,
            "levelColumn:0|levelColumn:1|levelColumn:2\nNumber\n|Counting\n||To ten\n|Adding\nShapes",
        ),
        (
            Hierarchy::LevelColumnsFilled,
            "levelColumn:0|levelColumn:1|levelColumn:2\nNumber||\nNumber|Counting|\nNumber|Counting|To ten\nNumber|Adding|\nShapes||",
        ),
        (
            Hierarchy::ParentIdentifier,
            "identifier|parentIdentifier|statement\na||Number\nb|a|Counting\nc|b|To ten\nd|a|Adding\ne||Shapes",
        ),
        (
            Hierarchy::ParentCode,
            "code|parentCode|statement\na||Number\nb|a|Counting\nc|b|To ten\nd|a|Adding\ne||Shapes",
        ),
        (
            Hierarchy::ParentStatement,
            "parentStatement|statement\n|Number\nNumber|Counting\nCounting|To ten\nNumber|Adding\n|Shapes",
        ),
        (Hierarchy::CodePrefix, "code|statement\nN|Number\nN.1|Counting\nN.1.a|To ten\nN.2|Adding\nS|Shapes"),
        (Hierarchy::Outline, "code|statement\nI.|Number\nA.|Counting\n1.|To ten\nB.|Adding\nII.|Shapes"),
        (
            Hierarchy::ItemType,
            "type|statement\nDomain|Number\nTopic|Counting\nStandard|To ten\nTopic|Adding\nDomain|Shapes",
        ),
    ];
    for (hierarchy, text) in ways {
        let reading = read(&Book::items(hierarchy, text));
        assert_eq!(tree(&reading.package), expect, "{hierarchy}");
        let losses = reading.report.count(Severity::Loss);
        assert_eq!(losses, 0, "{hierarchy}: {:#?}", reading.report);
    }
}

#[test]
fn association_rows_may_be_the_hierarchy_and_do_not_double_one() {
    let rows = "identifier|associationType|originIdentifier|destinationIdentifier\n\
                x|Is Child Of|b|a\ny|is_child_of|c|b\nz|IsParentOf|a|d";
    let items = "identifier|statement\na|Number\nb|Counting\nc|To ten\nd|Adding";
    let book =
        Book::items(Hierarchy::Associations, items).sheet("CF Association", Role::Associations, Hierarchy::Flat, rows);
    let reading = read(&book);
    assert_eq!(
        tree(&reading.package),
        ["Number < - 1", "Counting < Number 1", "To ten < Counting 1", "Adding < Number 2"]
    );

    let items = "identifier|smartLevel|statement\na|1|Number\nb|1.1|Counting\nc|1.1.1|To ten\nd|2|Adding";
    let book =
        Book::items(Hierarchy::SmartLevel, items).sheet("CF Association", Role::Associations, Hierarchy::Flat, rows);
    let reading = read(&book);
    assert_eq!(tree(&reading.package), ["Number < - 1", "Counting < Number 1", "To ten < Counting 1", "Adding < - 2"]);
    said(&reading, Severity::Loss, "parent-disagrees", "CF Association!4");
    // The identifiers of the rows are those of the associations.
    let given: Vec<&str> = reading.replaced_identifiers.iter().map(|(received, ..)| received.as_str()).collect();
    assert!(["x", "y", "z"].iter().all(|id| given.contains(id)), "{given:?}");
}

#[test]
fn numbers_that_were_positions_are_mended() {
    let rows: Vec<String> = (1..=11).map(|n| format!("1.{}|s{n}", if n == 10 { 1 } else { n })).collect();
    let text = format!("smartLevel|statement\n1|Number\n{}", rows.join("\n"));
    let mut book = Book::items(Hierarchy::SmartLevel, &text);
    for row in 1..=12 {
        book = book.kind(0, row, 0, Kind::Number);
    }
    let reading = read(&book);
    let ten = "s10 < Number 10".to_owned();
    assert!(tree(&reading.package).contains(&ten), "{:?}", tree(&reading.package));
    said(&reading, Severity::Warning, "level-mended", "Items!A12");

    let text = "smartLevel|statement\n1|Number\n1.1|a\n1.1|b\n3.1|c\n|d";
    let reading = read(&Book::items(Hierarchy::SmartLevel, text));
    assert_eq!(tree(&reading.package), ["Number < - 1", "a < Number 1", "b < Number 1", "c < - 2", "d < - 3"]);
    said(&reading, Severity::Warning, "level-repeated", "Items!A4");
    said(&reading, Severity::Warning, "parent-not-found", "Items!A5");
    said(&reading, Severity::Warning, "parent-not-given", "Items!A6");
}

#[test]
fn loops_orphans_and_rows_without_content_are_told_and_nothing_else_stops() {
    let text = "code|parentCode|statement|notes\na|c|A\nb|a|B\nc|b|C\nd|nowhere|D\ne|e|E\n|||only a note\nf|a|";
    let reading = read(&Book::items(Hierarchy::ParentCode, text));
    assert_eq!(reading.package.items.len(), 6);
    assert_eq!(reading.report.entries.iter().filter(|entry| entry.code == "parent-cycle").count(), 2);
    said(&reading, Severity::Warning, "parent-not-found", "Items!B5");
    said(&reading, Severity::Loss, "row-left-out", "Items!7");
    said(&reading, Severity::Warning, "required-filled", "Items!C8");
    let places: Vec<_> = reading.package.associations.iter().map(|a| &a.origin.identifier).collect();
    assert_eq!(places.len(), 6, "one place each");
}

#[test]
fn identifiers_become_uuids_and_are_kept_as_received() {
    let uuid = "EB8AE273-6667-52EC-A73F-3D8A631BDE9F";
    let text = format!(
        "identifier|code|statement\nMath.Fractions|M.F|A\n{uuid}|M.G|B\n|M.H|C\nMath.Fractions|M.I|D\nMath.Fractions|M.F|A"
    );
    let reading = read(&Book::items(Hierarchy::Flat, &text));
    let ids: Vec<&str> = reading.package.items.iter().map(|item| item.identity.identifier.as_str()).collect();
    assert_eq!(ids.len(), 4, "the repeated row is read once");
    assert_eq!(ids[1], uuid.to_lowercase());
    let received: Vec<_> =
        reading.replaced_identifiers.iter().map(|(text, _, id)| (text.as_str(), id.as_str())).collect();
    assert_eq!(received, [("Math.Fractions", ids[0])]);
    said(&reading, Severity::Warning, "identifier-replaced", "Items!A2");
    said(&reading, Severity::Info, "identifier-normalised", "Items!A3");
    said(&reading, Severity::Warning, "identifier-minted", "Items!A4");
    said(&reading, Severity::Warning, "identifier-taken", "Items!A5");
    said(&reading, Severity::Info, "row-repeated", "Items!A6");
    // The same sheet gives the same identifiers.
    let again = read(&Book::items(Hierarchy::Flat, &text));
    assert_eq!(v1p1(&again)["CFItems"][2]["identifier"], ids[2]);
    let all: std::collections::HashSet<&str> = ids.iter().copied().collect();
    assert_eq!(all.len(), ids.len());
}

#[test]
fn every_property_is_read_and_limits_are_warnings() {
    let text = format!(
        "statement|abbreviatedStatement|alternativeLabel|listEnumeration|conceptKeywords[,]|notes|subject[,]|language|\
         grade[,]|type|license|statusStartDate|statusEndDate|extension:Approved by|uri\n\
         Count|{}|alt|1.|one, two|a note|Maths,Art|en|3,K-1,Year 7|Standard|CC BY|2019-02-05 00:00:00|05/02/2019|The Board|https://x.example/1",
        "s".repeat(61)
    );
    let book = Book::items(Hierarchy::Flat, &text).document("creator", "Board").document("licenseTitle", "CC BY");
    let reading = read(&book);
    let wire = v1p1(&reading);
    let item = &wire["CFItems"][0];
    assert_eq!(item["conceptKeywords"], serde_json::json!(["one", "two"]));
    assert_eq!(item["educationLevel"], serde_json::json!(["03", "KG", "01", "Year 7"]));
    assert_eq!(item["subject"], serde_json::json!(["Maths", "Art"]));
    assert_eq!(item["subjectURI"][1]["title"], "Art");
    assert_eq!(item["CFItemTypeURI"]["title"], "Standard");
    assert_eq!(item["licenseURI"], wire["CFDocument"]["licenseURI"], "one licence");
    assert_eq!(item["statusStartDate"], "2019-02-05");
    assert_eq!(item["statusEndDate"], "2019-05-02");
    assert_eq!(item["extensions"]["approvedBy"], "The Board");
    assert_eq!(item["uri"], "https://x.example/1");
    assert_eq!(wire["CFDefinitions"]["CFLicenses"].as_array().map(Vec::len), Some(1));
    said(&reading, Severity::Warning, "longer-than-suggested", "Items!B2");
    said(&reading, Severity::Warning, "date-ambiguous", "Items!M2");
    said(&reading, Severity::Info, "grade-unknown", "Items!I2");
}

#[test]
fn the_framework_is_what_the_sheet_or_the_file_says() {
    let reading = read(&Book::default().sheet("Items", Role::Items, Hierarchy::Flat, "statement\nA"));
    assert_eq!(reading.package.document.title, "file");
    assert_eq!(reading.package.document.creator, "Unknown");
    said(&reading, Severity::Warning, "required-filled", "");
    let book = Book::default()
        .sheet("CF Doc", Role::Document, Hierarchy::Flat,
            "identifier|document:title|document:creator|document:subject[|document:lastChangeDate|document:licenseText|document:Local note\n\
             eb8ae273-6667-52ec-a73f-3d8a631bde9f|Maths|Board|Maths|2019-02-05|Free|hello".replace("document:subject[", "document:subject").as_str())
        .sheet("Items", Role::Items, Hierarchy::Flat, "statement\nA");
    let reading = read(&book);
    let document = v1p1(&reading)["CFDocument"].clone();
    assert_eq!(document["identifier"], "eb8ae273-6667-52ec-a73f-3d8a631bde9f");
    assert_eq!(document["lastChangeDateTime"], "2019-02-05T00:00:00+00:00");
    assert_eq!(document["licenseURI"]["title"], "Free");
    assert_eq!(document["extensions"]["localNote"], "hello");
}

#[test]
fn rows_of_several_frameworks_are_several_packages() {
    let text = "document:title|code|statement\nMaths|M.1|A\nArt|A.1|B\nMaths|M.2|C";
    let rows = "associationType|originCode|destinationCode\nisPeerOf|A.1|M.1";
    let book = Book::default().sheet("Items", Role::Items, Hierarchy::Flat, text).sheet(
        "Links",
        Role::Associations,
        Hierarchy::Flat,
        rows,
    );
    let (_db, registry) = registry();
    let readings = book.read(&registry, &Options::default());
    let counts: Vec<_> = readings
        .iter()
        .map(|reading| {
            (reading.package.document.title.as_str(), reading.package.items.len(), reading.package.associations.len())
        })
        .collect();
    assert_eq!(counts, [("Maths", 2, 2), ("Art", 1, 2)]);
    let one = Options { title: Some("x".to_owned()), ..Options::default() };
    let error = registry.read_sheet(&book.workbook, &book.mapping, &one).err().unwrap();
    assert!(error.to_string().contains("2 frameworks"), "{error}");
}

#[test]
fn associations_are_read_in_every_spelling_and_keep_ends_that_are_elsewhere() {
    let text = "code|statement|association:Is Related To[,]|association:replaces|association:exactMatchOf\n\
                a|A|b,https://x.example/skill/1,CCSS.1||\nb|B||a|1a2b3c4d-1111-4222-8333-444455556666";
    let reading = read(&Book::items(Hierarchy::Flat, text));
    let wire = v1p1(&reading);
    let others: Vec<String> = wire["CFAssociations"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|a| a["associationType"] != "isChildOf")
        .map(|a| {
            format!(
                "{} {} {} {}",
                a["associationType"],
                a["originNodeURI"]["title"],
                a["destinationNodeURI"]["title"],
                a["destinationNodeURI"]["uri"]
            )
            .replace('"', "")
        })
        .collect();
    let id = |at: usize| reading.package.items[at].identity.uri.clone();
    assert_eq!(
        others,
        [
            format!("isRelatedTo a b {}", id(1)),
            "isRelatedTo a https://x.example/skill/1 https://x.example/skill/1".to_owned(),
            "isRelatedTo a CCSS.1 data:text/x-ref-unresolved,CCSS.1".to_owned(),
            format!("replacedBy a b {}", id(1)),
            "exactMatchOf b 1a2b3c4d-1111-4222-8333-444455556666 https://casement.test/uri/1a2b3c4d-1111-4222-8333-444455556666".to_owned(),
        ]
    );
    said(&reading, Severity::Warning, "end-not-found", "Items!C2");
    said(&reading, Severity::Info, "end-external", "Items!C2");
}

#[test]
fn ends_are_found_in_other_frameworks_by_code() {
    let (_db, registry) = registry();
    let options = Options::default();
    Book::items(Hierarchy::Flat, "code|statement\nX.1|Far").title("Elsewhere").import(&registry, &options);
    let other =
        Book::default().title("Elsewhere").sheet("Items", Role::Items, Hierarchy::Flat, "code|statement\nX.1|Far");
    other.import(&registry, &options);
    let far = other.read_one(&registry, &options).package.items[0].identity.clone();
    let rows = "associationType|originCode|destinationCode|destinationFramework|groupingTitle\n\
                exact match|a|X.1|elsewhere|Crosswalk\nPrecedes|a|X.2|Elsewhere|Crosswalk\ncovers|a|b||";
    let book = Book::items(Hierarchy::Flat, "code|statement\na|A\nb|B").title("Here").sheet(
        "Links",
        Role::Associations,
        Hierarchy::Flat,
        rows,
    );
    let reading = book.read_one(&registry, &options);
    let found = reading.package.associations.iter().find(|a| a.association_type == "exactMatchOf").unwrap();
    assert_eq!(found.destination.identifier, far.identifier);
    assert_eq!(found.destination.uri, far.uri);
    let groupings = reading.package.definitions.as_ref().and_then(|all| all.groupings.as_ref()).unwrap();
    assert_eq!(groupings.len(), 1, "found or created once");
    assert!(reading.package.associations.iter().any(|a| a.association_type == "ext:covers"));
    said(&reading, Severity::Warning, "association-type", "Links!A4");
    said(&reading, Severity::Warning, "end-not-found", "Links!C3");
}

#[test]
fn rubrics_come_from_rows() {
    let text = "rowType|identifier|title|description|category|weight|position|quality|score|feedback|itemIdentifier\n\
                Rubric|r|Essay|Judges essays\nCriterion|c||Well put|Style|0.3|1||||M.1\nLevel|l||Best||||Excellent|4.0|Go on\n\
                Level|||||||Poor|x\nCriterion|||||||||nobody";
    let book =
        Book::items(Hierarchy::Flat, "code|statement\nM.1|A").sheet("Rubrics", Role::Rubrics, Hierarchy::Flat, text);
    let reading = read(&book);
    let wire = v1p1(&reading);
    let criterion = &wire["CFRubrics"][0]["CFRubricCriteria"][0];
    assert_eq!(criterion["weight"].to_string(), "0.3");
    assert_eq!(criterion["CFItemURI"]["identifier"], wire["CFItems"][0]["identifier"]);
    assert_eq!(criterion["CFRubricCriterionLevels"][0]["score"].to_string(), "4.0");
    assert_eq!(criterion["CFRubricCriterionLevels"][1]["position"], 2);
    said(&reading, Severity::Loss, "not-a-number", "Rubrics!I5");
}

#[test]
fn a_sheet_without_rows_is_said_to_have_none() {
    let (_db, registry) = registry();
    let book = Book::default().sheet("CF Item", Role::Items, Hierarchy::Flat, "identifier|statement");
    let error = registry.read_sheet(&book.workbook, &book.mapping, &Options::default()).err().unwrap();
    assert_eq!(error.to_string(), "there is no row of data in “CF Item”; nothing can be imported");
    let book = Book::items(Hierarchy::Flat, "statement\nA");
    let under = Options { under: Some("X".to_owned()), ..Options::default() };
    let error = registry.read_sheet(&book.workbook, &book.mapping, &under).err().unwrap();
    assert!(error.to_string().contains("no stored item has the identifier or code X"), "{error}");
    let mut book = book;
    book.mapping.sheets[0].sheet = "Gone".to_owned();
    let reading = book.read_one(&registry, &Options::default());
    said(&reading, Severity::Loss, "sheet-missing", "Gone");
}
