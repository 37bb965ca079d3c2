//! How one workbook is read: which sheet holds what, what each column means, how the hierarchy is
//! written. A person can read and correct it, and keep it as a profile.
//!
//! Only the types; what finds a mapping is in `detect`, what a profile looks like in `profile`, what
//! makes a package of it in `build`.

mod spelling;

use serde::{Deserialize, Serialize};

pub use spelling::UnknownField;

/// How the sheets of a workbook are read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mapping {
    /// The profile it was made from, if any, and how much of the workbook that explains.
    pub profile: Option<Guess<String>>,
    /// Properties of the framework that stand outside of any table (`#title,…` lines, a title row),
    /// or that a person gave: a property of CFDocument in its CASE spelling, and its text.
    pub document: Vec<(String, String)>,
    /// Whether it is our own layout, whose rows say all there is of an object, in the notation of
    /// [`notation`](super::notation).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exact: bool,
    pub sheets: Vec<SheetMapping>,
}

/// How one sheet is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SheetMapping {
    /// Its name in the workbook.
    pub sheet: String,
    pub role: Role,
    /// The number of the row that names the columns, from 1; none when there is no such row.
    pub header_row: Option<u32>,
    /// The number of the first row that is data, from 1.
    pub first_row: u32,
    /// A column may be here twice: as a level and as a grade, say; or as code and statement (or
    /// [`Field::LevelCode`] and [`Field::LevelColumn`]) when its cells hold both, the code in front,
    /// as [`codes::split`](super::codes::split) takes them apart.
    pub columns: Vec<ColumnMapping>,
    pub hierarchy: Guess<Hierarchy>,
    /// What holds for every row of this sheet, e.g. its subject or grade when there is a sheet for
    /// each: a field and its text. A [`Field::Branch`] puts all of its items under one item.
    pub constants: Vec<(Field, String)>,
    /// Rows between the items that are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asides: Vec<Aside>,
    /// Why the sheet was given this role.
    pub reason: String,
}

/// A row that is no item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside {
    /// Its number, from 1.
    pub row: u32,
    pub what: What,
}

/// What a row is that is no item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum What {
    /// The names of the columns once more.
    Header,
    /// A sum.
    Total,
    /// A remark below the table.
    Note,
    /// What the rows below it, down to the next, stand under.
    Heading(String),
}

/// What a sheet holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// One row of framework properties.
    Document,
    /// Two columns: property and value.
    DocumentPairs,
    Items,
    Associations,
    /// Rows of rubrics, criteria and levels.
    Rubrics,
    /// Rows of definitions: CFItemTypes, CFSubjects, CFConcepts, CFLicenses, CFAssociationGroupings.
    Definitions,
    /// Not read: notes, a legend, look-up lists.
    Ignored,
}

/// What one column means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ColumnMapping {
    /// From 0.
    pub column: u32,
    /// As the sheet names it.
    pub header: String,
    pub field: Guess<Field>,
    /// What separates several values in one cell; none when a cell is one value.
    pub separator: Option<char>,
}

/// Something that was found out, with how sure it is and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guess<T> {
    pub value: T,
    /// From 0 to 1; 1 when a person or a profile said so.
    pub confidence: f64,
    /// For a person: "the header is an alias of fullStatement", "94 of 97 cells look like codes".
    pub reason: String,
}

impl<T> Guess<T> {
    /// What a person or a profile said.
    #[must_use]
    pub fn given(value: T) -> Guess<T> {
        Guess { value, confidence: 1.0, reason: "given".to_owned() }
    }
}

/// What a cell can be. Spelled as in CASE where CASE has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    // Of items.
    Identifier,
    Uri,
    FullStatement,
    HumanCodingScheme,
    AbbreviatedStatement,
    AlternativeLabel,
    ListEnumeration,
    ConceptKeywords,
    Notes,
    Subject,
    Language,
    EducationLevel,
    /// Two columns that are the ends of a range of grades.
    EducationLevelFrom,
    EducationLevelTo,
    CfItemType,
    License,
    StatusStartDate,
    StatusEndDate,
    LastChangeDateTime,
    SequenceNumber,
    /// A column that becomes a member of `extensions`, under this name.
    Extension(String),
    /// A property of the framework that every row repeats (its title, its identifier), in the CASE
    /// spelling of CFDocument. Rows with different identifiers or titles are different frameworks.
    Document(String),

    // Where an item stands.
    SmartLevel,
    /// A whole number; the lowest in the sheet is the top.
    Level,
    /// The n-th of one column per level, from 0: its text is the statement of the item on that level.
    LevelColumn(u8),
    /// The code of the item in the level column of the same number.
    LevelCode(u8),
    ParentIdentifier,
    ParentCode,
    /// The parent's statement or abbreviated statement.
    ParentStatement,
    /// The title of a branch that the rows of a sheet hang under.
    Branch,

    // Associations of an item, in a column of its own: the type, in its CASE spelling; the cell
    // names the other ends by identifier, uri or code.
    Association(String),
    /// Numbered triples such as OSMT's `Alignment 2 Name`: number and part.
    AlignmentTitle(u8),
    AlignmentUri(u8),
    AlignmentFramework(u8),

    // Of association sheets.
    AssociationType,
    OriginUri,
    OriginIdentifier,
    OriginCode,
    OriginStatement,
    DestinationUri,
    DestinationIdentifier,
    DestinationCode,
    DestinationStatement,
    /// The framework that the destination's code is of: an identifier, a uri or a title.
    DestinationFramework,
    GroupingIdentifier,
    GroupingTitle,

    // Of rubric and definition sheets.
    RowType,
    RubricIdentifier,
    CriterionIdentifier,
    ItemIdentifier,
    Title,
    Description,
    Category,
    Weight,
    Position,
    Quality,
    Score,
    Feedback,
    HierarchyCode,
    LicenseText,

    /// What only our own sheets have, by its name there: a link, what is left of `extensions`, and
    /// other properties that people do not write in sheets.
    Property(String),

    /// Read by nobody.
    Ignored,
}

/// How the sheet says what stands under what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Hierarchy {
    /// Every item stands under the framework.
    Flat,
    /// Dotted positions ("1.2.10") in [`Field::SmartLevel`].
    SmartLevel,
    /// Whole numbers in [`Field::Level`]: the parent is the nearest row above of a lower number.
    Level,
    /// Spaces, tabs or marks (`-`, `•`, `>`) before the statement.
    Indentation,
    /// One column per level ([`Field::LevelColumn`]); a blank cell repeats the one above where a
    /// deeper column is filled.
    LevelColumns,
    /// One column per level, and each row says all of its levels: a blank cell means that the branch
    /// has no item on that level.
    LevelColumnsFilled,
    /// The kinds of items ([`Field::CfItemType`]) in the order in which they first appear: an item
    /// stands under the nearest row above whose kind came earlier.
    ItemType,
    /// [`Field::ParentIdentifier`].
    ParentIdentifier,
    /// [`Field::ParentCode`].
    ParentCode,
    /// [`Field::ParentStatement`].
    ParentStatement,
    /// The code of the parent begins the code of the child ("A.B" over "A.B.C", "3" over "3a").
    CodePrefix,
    /// Codes are outline numbers of several alphabets ("I.", "A.", "1.", "a."), depth by alphabet.
    Outline,
    /// Only association rows say it (`isChildOf`).
    Associations,
}
