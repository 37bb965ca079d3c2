//! Pairs of items that may be associated, as a sheet to review: the layout of OpenSALT's sheets of matches, which is read
//! again as `opensalt-crosswalk`, and how sure each line is.

use super::book::Book;
use super::column::{Choices, Column, Look, Sheet};
use super::csv::{Records, table};
use super::{WriteError, xlsx};
use crate::case::model::Package;

/// The name of the sheet in a workbook.
const NAME: &str = "Matches";

/// One pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Match<'m> {
    pub origin: MatchedItem<'m>,
    pub association_type: &'m str,
    pub destination: MatchedItem<'m>,
    /// From 0 to 1.
    pub confidence: f64,
}

/// One end of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatchedItem<'m> {
    pub identifier: &'m str,
    pub code: &'m str,
    pub statement: &'m str,
}

/// The pairs as CSV in UTF-8.
#[must_use]
pub fn matches_csv(matches: &[Match<'_>]) -> Vec<u8> {
    table(Records::new(), sheet(matches))
}

/// The pairs as a workbook, which is called and dated as `package` is.
///
/// # Errors
/// When there are more than a sheet holds, or there is no room for temporary files.
pub fn matches_xlsx(package: &Package, matches: &[Match<'_>]) -> Result<Vec<u8>, WriteError> {
    xlsx::workbook(&Book::new(package), || vec![sheet(matches)], &[])
}

fn sheet<'m>(matches: &'m [Match<'m>]) -> Sheet<'m> {
    let column = |name: &'static str, look, choices| Column { name: name.into(), look, choices };
    let plain = |name, look| column(name, look, Choices::None);
    let columns = vec![
        plain("identifier", Look::ID),
        plain("humanCodingScheme", Look::SHORT),
        plain("fullStatement", Look::LONG),
        column("AssociationType", Look::SHORT, Choices::AssociationTypes),
        plain("Matched humanCodingScheme", Look::SHORT),
        plain("Matched fullStatement", Look::LONG),
        plain("Matched Identifier", Look::ID),
        plain("Association Annotation", Look::MIDDLE),
        plain("Confidence", Look::ID),
    ];
    let rows = matches.iter().map(|one| {
        let Match { origin, association_type, destination, confidence } = one;
        let cells = [
            origin.identifier,
            origin.code,
            origin.statement,
            association_type,
            destination.code,
            destination.statement,
            destination.identifier,
            "",
            &format!("{confidence:.4}"),
        ];
        cells.map(|cell| Some(cell.trim().to_owned())).to_vec()
    });
    Sheet { name: NAME, columns, rows: Box::new(rows) }
}
