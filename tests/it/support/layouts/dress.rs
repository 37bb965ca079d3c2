//! What people put around their tables: titles, notes, columns of no importance, merged cells.

use super::*;

/// Adds columns that say something else, and shuffles those that are not levels.
pub(super) fn dress(maker: &mut Maker, mut drafts: Vec<Draft>, rows: &[usize], language: usize) -> Vec<Draft> {
    let count = rows.len();
    let mut extra: Vec<Draft> = Vec::new();
    if maker.dice.chance(35) {
        let header = maker.dice.pick(LANGUAGES[language][2]).to_owned();
        let style = maker.dice.below(3);
        let texts = (0..count)
            .map(|_| {
                let grade = maker.dice.below(8) + 1;
                match style {
                    0 => grade.to_string(),
                    1 => format!("{grade:02}"),
                    _ => format!("{}-{}", grade, grade + 2),
                }
            })
            .collect();
        extra.push(Draft { header, texts, kind: Kind::Text });
    }
    if maker.dice.chance(25) {
        let header = maker.dice.pick(LANGUAGES[language][5]).to_owned();
        let texts = (0..count)
            .map(|_| format!("{}, {}", SUBJECTS[maker.dice.below(36)], SUBJECTS[maker.dice.below(36)]))
            .collect();
        extra.push(Draft { header, texts, kind: Kind::Text });
    }
    if maker.dice.chance(25) {
        let header = maker.dice.pick(LANGUAGES[language][4]).to_owned();
        let texts = (0..count)
            .map(|_| {
                if maker.dice.chance(30) {
                    format!("See also the {} of {}", HEADS[maker.dice.below(30)], SUBJECTS[maker.dice.below(36)])
                } else {
                    String::new()
                }
            })
            .collect();
        extra.push(Draft { header, texts, kind: Kind::Text });
    }
    for _ in 0..maker.dice.below(3) {
        let header = NOISE[maker.dice.below(NOISE.len())];
        if extra.iter().any(|draft| draft.header == header) {
            continue;
        }
        let kind = maker.dice.below(4);
        let texts = (0..count)
            .map(|row| match kind {
                0 => ["Approved", "Draft", "In review"][maker.dice.below(3)].to_owned(),
                1 => (row / 3 + 12).to_string(),
                2 => format!("2024-0{}-1{}", maker.dice.below(9) + 1, maker.dice.below(9)),
                _ => {
                    if maker.dice.chance(40) {
                        "x".to_owned()
                    } else {
                        String::new()
                    }
                }
            })
            .collect();
        extra.push(Draft { header: header.to_owned(), texts, kind: Kind::Text });
    }
    let levels = drafts.len() > 3;
    for draft in extra {
        // Columns of levels stay together; others mix.
        let at = if levels && maker.dice.chance(70) { drafts.len() } else { [0, drafts.len()][maker.dice.below(2)] };
        drafts.insert(at, draft);
    }
    if !levels && maker.dice.chance(50) {
        for at in (1..drafts.len()).rev() {
            let other = maker.dice.below(at + 1);
            drafts.swap(at, other);
        }
    }
    if maker.dice.chance(30) {
        let loud = maker.dice.chance(50);
        for draft in &mut drafts {
            draft.header =
                if loud { draft.header.to_uppercase() } else { draft.header.to_lowercase().replace(' ', "_") };
        }
    }
    drafts
}

/// Writes columns as a sheet, below titles and blank rows.
pub(super) fn sheet(maker: &mut Maker, name: &str, drafts: &[Draft], rows: std::ops::Range<usize>) -> Sheet {
    let mut sheet = Sheet { name: name.to_owned(), hidden: false, rows: Vec::new() };
    let mut number = 1 + u32::try_from(maker.dice.below(2)).unwrap_or(0);
    let cell = |column: usize, text: &str, kind: Kind| Cell {
        column: u32::try_from(column).unwrap_or(0),
        text: text.to_owned(),
        kind,
    };
    for title in ["Standards for the Region", "Adopted by the board, second edition"]
        .iter()
        .take([0, 0, 1, 2][maker.dice.below(4)])
    {
        let merged = maker.dice.chance(50);
        let cells = if merged {
            (0..drafts.len()).map(|column| cell(column, title, Kind::Merged)).collect()
        } else {
            vec![cell(0, title, Kind::Text)]
        };
        sheet.rows.push(Row { number, cells });
        number += 1 + u32::try_from(maker.dice.below(2)).unwrap_or(0);
    }
    sheet.rows.push(Row {
        number,
        cells: drafts.iter().enumerate().map(|(at, draft)| cell(at, &draft.header, Kind::Text)).collect(),
    });
    let gaps = maker.dice.chance(20);
    for row in rows {
        number += if gaps && maker.dice.chance(20) { 2 } else { 1 };
        let cells = drafts
            .iter()
            .enumerate()
            .filter(|(_, draft)| !draft.texts[row].trim().is_empty())
            .map(|(at, draft)| cell(at, &draft.texts[row], draft.kind))
            .collect();
        sheet.rows.push(Row { number, cells });
    }
    sheet
}

/// A sheet for each branch of a wider tree, each with the whole header.
pub(super) fn sheets(maker: &mut Maker, drafts: &[Draft], rows: &[usize], paths: &mut Vec<Vec<String>>) -> Workbook {
    let names = ["Mathematics", "Science"];
    // Cut between two branches of the top.
    let second = maker.nodes.iter().position(|node| node.depth == 0 && node.position[0] == 2).unwrap_or(0);
    let cut = rows.iter().position(|at| maker.path(*at)[0] == second).unwrap_or(rows.len() / 2);
    let of = |at: usize| names[usize::from(at >= second)];
    let single = |first: usize, last: usize| (first..last).filter(|at| maker.nodes[*at].depth == 0).count() == 1;
    let whole = maker.nodes.len();
    let alone = [single(0, second), single(second, whole)];
    // With one item above all others in most sheets the sheets need no branch.
    let branched = alone.iter().filter(|one| **one).count() * 2 <= 2 && !(alone[0] && alone[1]);
    if branched {
        for (at, path) in paths.iter_mut().enumerate() {
            path.insert(0, of(at).to_owned());
        }
        paths.extend(names.iter().map(|name| vec![(*name).to_owned()]));
    }
    let first = sheet(maker, names[0], drafts, 0..cut);
    let second = sheet(maker, names[1], drafts, cut..rows.len());
    Workbook { sheets: vec![first, second], ..Workbook::default() }
}
