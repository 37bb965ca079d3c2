//! Everything the command line prints: data to stdout, talk to stderr, progress only for a terminal.
//!
//! The only file that prints. Never decides what a result means; a reader that goes away (a broken
//! pipe) silences stdout and fails nothing.

use std::cell::{Cell, RefCell};
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::failure::Failure;
use super::text::one_line;

/// What the program exits with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitStatus {
    /// 0: done.
    Done,
    /// 1: the input has errors; for `diff`, the two differ.
    Input,
    /// 2: the command line or the configuration is wrong.
    Usage,
    /// 3: the environment failed, such as a database or a file that cannot be opened.
    Environment,
}

impl ExitStatus {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            ExitStatus::Done => 0,
            ExitStatus::Input => 1,
            ExitStatus::Usage => 2,
            ExitStatus::Environment => 3,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> ExitCode {
        ExitCode::from(status.code())
    }
}

/// Where a verb's results and remarks go.
pub struct Printer {
    quiet: bool,
    out: RefCell<BufWriter<io::Stdout>>,
    /// Nobody reads stdout any more, or it failed.
    closed: Cell<bool>,
    failure: RefCell<Option<io::Error>>,
    bar: RefCell<Option<ProgressBar>>,
}

impl Printer {
    /// A printer; a quiet one keeps remarks and progress to itself.
    #[must_use]
    pub fn new(quiet: bool) -> Printer {
        Printer {
            quiet,
            out: RefCell::new(BufWriter::new(io::stdout())),
            closed: Cell::new(false),
            failure: RefCell::new(None),
            bar: RefCell::new(None),
        }
    }

    /// A line of the result, to stdout.
    pub fn line(&self, line: impl AsRef<str>) {
        self.suspended(|| {
            self.write(line.as_ref().as_bytes());
            self.write(b"\n");
        });
    }

    /// Lines of the result, to stdout.
    pub fn lines(&self, lines: &[String]) {
        for line in lines {
            self.line(line);
        }
    }

    /// A document of the result, to stdout, ending in a line break.
    pub fn document(&self, text: &str) {
        self.line(text.trim_end_matches('\n'));
    }

    /// A file as the result, to stdout, byte by byte.
    pub fn bytes(&self, bytes: &[u8]) {
        self.suspended(|| self.write(bytes));
    }

    /// Whether a person would see what goes to stdout.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Whether anybody still reads stdout.
    #[must_use]
    pub fn is_heard(&self) -> bool {
        !self.closed.get()
    }

    /// A result for programs, to stdout.
    pub fn json(&self, value: &impl Serialize) {
        match serde_json::to_string_pretty(value) {
            Ok(text) => self.line(text),
            Err(error) => self.fail(io::Error::other(error)),
        }
    }

    /// Rows under a header, to stdout; columns named in `right` are aligned to the right. The last
    /// column may be of any width.
    pub fn table(&self, header: &[&str], right: &[&str], rows: &[Vec<String>]) {
        let width = |at: usize| {
            let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
            cells.chain(header.get(at).map(|name| name.chars().count())).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..header.len()).map(width).collect();
        let show = |cells: &[String]| {
            let mut line = String::new();
            for ((cell, width), name) in cells.iter().zip(&widths).zip(header) {
                let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
                let (before, after) = if right.contains(name) { (pad.as_str(), "") } else { ("", pad.as_str()) };
                line.extend([before, cell, after, "  "]);
            }
            self.line(line.trim_end());
        };
        show(&header.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        for row in rows {
            show(row);
        }
    }

    /// A remark, to stderr.
    pub fn say(&self, remark: impl AsRef<str>) {
        if !self.quiet {
            self.complain(remark.as_ref());
        }
    }

    /// What went wrong with all that is behind it, to stderr.
    pub fn failure(&self, failure: &Failure) {
        self.complain(&format!("casement: {}", failure.message()));
        for cause in failure.causes() {
            self.complain(&format!("  caused by: {cause}"));
        }
        if let Some(hint) = failure.hint {
            self.complain(&format!("  hint: {hint}"));
        }
    }

    /// Shows how far a work of `total` steps is; 0 when nobody knows how many there are.
    #[must_use]
    pub fn progress(&self, total: usize) -> Progress<'_> {
        if !self.quiet && io::stderr().is_terminal() {
            let bar = ProgressBar::new(total as u64);
            if let Ok(style) = ProgressStyle::with_template(if total == 0 {
                "{spinner} [{pos}] {wide_msg}"
            } else {
                "{spinner} [{pos}/{len}] {wide_msg}"
            }) {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            self.bar.replace(Some(bar));
        }
        Progress { printer: self, total, step: 0 }
    }

    /// Writes what is still held back, and says what to exit with. Output that could not be
    /// written is a failure, unless its reader had seen enough.
    #[must_use]
    pub fn finish(&self, status: ExitStatus) -> ExitStatus {
        self.flush();
        match self.failure.take() {
            None => status,
            Some(error) => {
                self.complain(&format!("casement: the result could not be written: {}", one_line(&error.to_string())));
                ExitStatus::Environment
            }
        }
    }

    fn write(&self, bytes: &[u8]) {
        if !self.closed.get() {
            let written = self.out.borrow_mut().write_all(bytes);
            written.unwrap_or_else(|error| self.fail(error));
        }
    }

    /// Writes what is still held back.
    pub fn flush(&self) {
        if !self.closed.get() {
            let flushed = self.out.borrow_mut().flush();
            flushed.unwrap_or_else(|error| self.fail(error));
        }
    }

    fn fail(&self, error: io::Error) {
        self.closed.set(true);
        if error.kind() != io::ErrorKind::BrokenPipe {
            self.failure.replace(Some(error));
        }
    }

    fn complain(&self, line: &str) {
        // What was printed before is to be seen before.
        self.flush();
        self.suspended(|| {
            // There is nowhere left to say that stderr is gone.
            let _ = writeln!(io::stderr().lock(), "{line}");
        });
    }

    /// Takes the progress bar out of the way while something is printed.
    fn suspended(&self, print: impl FnOnce()) {
        match &*self.bar.borrow() {
            Some(bar) => bar.suspend(|| {
                print();
                self.flush();
            }),
            None => print(),
        }
    }
}

/// A work of several steps, shown until it is dropped.
pub struct Progress<'p> {
    printer: &'p Printer,
    total: usize,
    step: usize,
}

impl Progress<'_> {
    /// Begins the next step.
    pub fn next(&mut self, what: &str) {
        self.next_quietly(what);
        let is_plain = self.printer.bar.borrow().is_none();
        if is_plain && self.total > 1 {
            self.printer.say(format!("[{}/{}] {what}", self.step, self.total));
        }
    }

    /// Begins the next step of a work that prints a line for each step anyway.
    pub fn next_quietly(&mut self, what: &str) {
        self.step += 1;
        if let Some(bar) = &*self.printer.bar.borrow() {
            bar.set_position(self.step as u64);
        }
        self.stage(what);
    }

    /// What is being done within the step; shown on terminals only.
    pub fn stage(&self, what: &str) {
        if let Some(bar) = &*self.printer.bar.borrow() {
            bar.set_message(what.to_owned());
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Some(bar) = self.printer.bar.take() {
            bar.finish_and_clear();
        }
    }
}
