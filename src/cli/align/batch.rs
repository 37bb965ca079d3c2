//! `casement align --batch`: lines of JSON in, a line of JSON out for each, as /api/v1/align/batch answers.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::output::{ExitStatus, Printer, Progress};
use crate::cli::text::count;
use crate::registry::{BATCH_AT_ONCE, BatchAnswer, BatchAnswered, BatchLine, BatchLines, View};

/// How many bytes are read at once.
const PIECE: usize = 64 << 10;

/// One line of the answer.
#[derive(Serialize)]
struct Line<'a> {
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'a BatchAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Wrong>,
}

/// Why there is no answer.
#[derive(Serialize)]
struct Wrong {
    detail: String,
}

/// How many lines were answered, and how many of them had something wrong with them.
#[derive(Default)]
struct Tally {
    lines: usize,
    failed: usize,
}

/// Answers the lines of a file as they are read; [`ExitStatus::Input`] when something was wrong with some.
///
/// # Errors
/// When the file cannot be read, or the database, the index or the model cannot be used.
pub(super) fn run(file: &Path, view: &View<'_>, printer: &Printer) -> Result<ExitStatus, Failure> {
    let named = |error: io::Error| Failure::from(input::InputError::Unreadable(error)).at(input::name(file));
    let total = if input::is_stdin(file) { 0 } else { lines_of(open(file)?).map_err(named)? };
    let mut source: Box<dyn Read> =
        if input::is_stdin(file) { Box::new(io::stdin().lock()) } else { Box::new(open(file)?) };
    let mut progress = printer.progress(total);
    let (mut lines, mut tally, mut piece) = (BatchLines::default(), Tally::default(), vec![0; PIECE]);
    loop {
        let length = match source.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(named)?,
        };
        let mut ready = lines.push(piece.get(..length).unwrap_or_default());
        if length == 0 {
            ready.extend(lines.finish());
        }
        while !ready.is_empty() && printer.is_heard() {
            let later = ready.split_off(ready.len().min(BATCH_AT_ONCE));
            answer(ready, view, printer, &mut progress, &mut tally)?;
            // Who sends lines one by one waits for their answers.
            printer.flush();
            ready = later;
        }
        if length == 0 || !printer.is_heard() {
            break;
        }
    }
    drop(progress);
    printer.say(format!("{}, {} failed", count(tally.lines, "line"), tally.failed));
    Ok(if tally.failed > 0 { ExitStatus::Input } else { ExitStatus::Done })
}

fn answer(
    lines: Vec<BatchLine>,
    view: &View<'_>,
    printer: &Printer,
    progress: &mut Progress<'_>,
    tally: &mut Tally,
) -> Result<(), Failure> {
    for BatchAnswered { line, id, outcome } in view.align_batch(lines, &|| true) {
        let (answer, error) = match outcome {
            Ok(answer) => (Some(answer), None),
            Err(error) => {
                let failure = Failure::from(error);
                if failure.status == ExitStatus::Environment {
                    return Err(failure);
                }
                tally.failed += 1;
                (None, Some(Wrong { detail: failure.message() }))
            }
        };
        let told = Line { line, id: id.as_deref(), answer: answer.as_ref(), error };
        printer.line(serde_json::to_string(&told).map_err(|error| Failure::of_any(error.into()))?);
        tally.lines += 1;
        progress.next_quietly(&format!("{} failed", tally.failed));
    }
    Ok(())
}

fn open(file: &Path) -> Result<File, Failure> {
    input::open(file).map_err(|error| Failure::from(error).at(input::name(file)))
}

/// How many lines there are, for who wants to see how far the work is.
fn lines_of(mut file: File) -> io::Result<usize> {
    let (mut count, mut piece) = (0, vec![0; PIECE]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(count),
            length => {
                count += memchr::memchr_iter(b'\n', piece.get(..length).unwrap_or_default()).count();
            }
        }
    }
}
