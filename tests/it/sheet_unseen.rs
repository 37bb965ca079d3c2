//! Sheets in layouts that nothing in the program was written for, in many languages, with the tree
//! that somebody who looks at them sees. Those that are not understood yet are marked: neither may a right one
//! become wrong, nor a mark stay that is no longer true.

use casement::tabular::layout;

use crate::support::trees::{book, built, paths};

/// Sheets as lines with `|` between the cells, and the tree with two spaces a level.
struct Unseen {
    name: &'static str,
    /// Marked with a question mark in the file where it is not yet.
    is_understood: bool,
    sheets: Vec<(&'static str, &'static str)>,
    tree: &'static str,
}

fn all() -> Vec<Unseen> {
    let text = include_str!("../fixtures/sheets/unseen.txt");
    let named = text.split("== ").skip(1).map(|one| {
        let (name, parts) = one.split_once('\n').unwrap();
        let (sheets, tree) = parts.split_once("-- tree\n").unwrap();
        let sheets = sheets.split("-- sheet ").skip(1).map(|sheet| sheet.split_once('\n').unwrap()).collect();
        let (name, is_understood) = name.strip_prefix("? ").map_or((name, true), |name| (name, false));
        Unseen { name, is_understood, sheets, tree: tree.trim_end() }
    });
    named.collect()
}

/// The statements from the top down to each line, sorted.
fn expected(tree: &str) -> Vec<Vec<String>> {
    let mut path: Vec<String> = Vec::new();
    let mut all = Vec::new();
    for line in tree.lines() {
        let text = line.trim_start();
        path.truncate((line.len() - text.len()) / 2);
        path.push(text.to_owned());
        all.push(path.clone());
    }
    all.sort();
    all
}

/// The tree that a workbook gives, and how it was read.
fn given(unseen: &Unseen) -> (Vec<Vec<String>>, String) {
    let workbook = book(&unseen.sheets);
    match layout(&workbook) {
        Err(error) => (Vec::new(), error.to_string()),
        Ok(mapping) => {
            let readings = built(&workbook, &mapping);
            let sheets = mapping.sheets.iter().map(|sheet| {
                let columns = sheet.columns.iter().map(|column| format!("{} = {}", column.header, column.field.value));
                let columns = columns.collect::<Vec<_>>().join(", ");
                format!("{} ({}, {}): {columns}", sheet.role, sheet.hierarchy.value, sheet.hierarchy.reason)
            });
            let how = sheets.collect::<Vec<_>>().join("\n");
            (readings.iter().flat_map(paths).collect(), how)
        }
    }
}

#[test]
fn sheets_of_unseen_layouts_give_the_tree_that_a_person_sees() {
    let all = all();
    let mut wrong = Vec::new();
    let mut surprising = Vec::new();
    for unseen in &all {
        let (found, how) = given(unseen);
        let is_right = found == expected(unseen.tree);
        if !is_right {
            wrong.push(unseen.name);
        }
        if is_right != unseen.is_understood {
            let lines: Vec<String> =
                found.iter().map(|path| format!("{}{}", "  ".repeat(path.len() - 1), path[path.len() - 1])).collect();
            let what = if is_right { "is right now: unmark it" } else { "was right before" };
            surprising.push(format!("== {} {what}\n{how}\n{}", unseen.name, lines.join("\n")));
        }
    }
    println!("{} of {} are not understood yet:\n{}", wrong.len(), all.len(), wrong.join("\n"));
    assert!(surprising.is_empty(), "{}", surprising.join("\n\n"));
}
