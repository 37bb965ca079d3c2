//! The files of one import, one after the other: read, planned, shown, applied.

use std::path::Path;

use super::super::failure::{Failure, UsageError};
use super::super::input::{self, Content};
use super::super::output::{ExitStatus, Printer, Progress};
use super::super::remote::{self, Wanted};
use super::super::sheet;
use super::super::text::one_line;
use super::plan::{plan_json, plan_lines, result};
use super::{FileOutcome, FrameworkOutcome, ImportArgs};
use crate::case::read::Reading;
use crate::fetch::{Client, Settings, Target};
use crate::registry::{Applied, Fetched, Origin, Plan, PlanOptions, Registry, RegistryError, readings, tree};
use crate::tabular::profile::Profile;

/// An import under way.
pub(super) struct Job<'a> {
    pub(super) args: &'a ImportArgs,
    /// How spreadsheets are read, where that is given.
    pub(super) profile: Option<Profile>,
    pub(super) settings: &'a Settings,
    pub(super) registry: &'a Registry,
    pub(super) printer: &'a Printer,
    /// The worst so far.
    pub(super) status: ExitStatus,
}

impl Job<'_> {
    pub(super) fn file(&mut self, file: &Path, progress: &Progress<'_>) -> FileOutcome {
        let name = input::name(file);
        match input::content(file, self.args.input.max_size) {
            Ok(Content::Package(bytes)) => self.packages(name, &bytes, progress),
            Ok(Content::Sheet(bytes)) => self.sheet(name, bytes, progress),
            Err(failure) => self.refused(name, failure),
        }
    }

    fn refused(&mut self, file: String, failure: Failure) -> FileOutcome {
        FileOutcome { error: Some(self.failed(failure)), ..FileOutcome::of(file) }
    }

    fn packages(&mut self, name: String, bytes: &[u8], progress: &Progress<'_>) -> FileOutcome {
        let framework = self.args.choice.framework.first().map(|_| "--framework");
        if let Some(flag) = self.args.sheet.given().or(framework) {
            let sentence = format!("this is no spreadsheet, and {flag} is for spreadsheets");
            return self.refused(name.clone(), Failure::from(UsageError(sentence)).at(name));
        }
        let readings = match readings(bytes, &input::context(self.registry.base_url())) {
            Ok((_, readings)) => readings,
            Err(error) => return self.refused(name.clone(), Failure::from(error).at(name)),
        };
        // Each is stored before the next is planned, so that it is compared with what is there then.
        let mut outcome = FileOutcome::of(name);
        for reading in readings {
            let framework = self.framework(&outcome.file, reading, None, progress);
            if self.args.json {
                outcome.frameworks.push(framework);
            }
        }
        outcome
    }

    fn sheet(&mut self, name: String, bytes: Vec<u8>, progress: &Progress<'_>) -> FileOutcome {
        let args = &self.args.sheet;
        progress.stage(&format!("{name}: reading the sheets"));
        let read = || -> Result<_, Failure> {
            let options = args.options(&name, &self.args.choice.framework, self.args.delete_missing)?;
            let opened = args.open(&name, bytes, self.profile.as_ref())?;
            args.save(&opened, self.printer)?;
            let readings = self.registry.read_sheet(&opened.workbook, &opened.mapping, &options)?;
            Ok((opened, readings))
        };
        let (opened, readings) = match read() {
            Ok(read) => read,
            Err(failure) => return self.refused(name.clone(), failure.at(name)),
        };
        let mut outcome = FileOutcome::of(name);
        if self.args.json {
            outcome.mapping = serde_json::to_value(&opened.mapping).ok();
        } else if self.args.dry_run {
            self.printer.line(format!("{}: read as", outcome.file));
            self.printer.lines(&sheet::mapping_lines(&opened));
        } else {
            self.printer.line(format!("{}: {}", outcome.file, sheet::layout(&opened.mapping)));
        }
        drop(opened);
        for reading in readings {
            let tree = tree(&reading.package, sheet::TREE);
            let items = reading.package.items.len();
            let problems = sheet::problems(&reading.report);
            let mut framework = self.framework(&outcome.file, reading, None, progress);
            if self.args.json {
                framework.tree = tree;
                outcome.frameworks.push(framework);
            } else if self.args.dry_run {
                self.printer.lines(&problems);
                self.printer.lines(&sheet::tree_lines(&tree, items));
            }
        }
        outcome
    }

    pub(super) fn server(
        &mut self,
        name: &str,
        target: Result<Target, Failure>,
        progress: &Progress<'_>,
    ) -> FileOutcome {
        let mut outcome = FileOutcome::of(name.to_owned());
        let asked = target.and_then(|target| {
            outcome.file = one_line(&target.shown());
            progress.stage(&format!("{}: asking", outcome.file));
            let client = Client::new(self.settings.clone(), &target.url, self.args.access.access(self.settings));
            let wanted = remote::wanted(&client, target, &self.args.choice)?;
            Ok((client, wanted))
        });
        match asked {
            Ok((client, wanted)) => {
                for one in &wanted {
                    let frameworks = self.fetched(&client, one, progress);
                    if self.args.json {
                        outcome.frameworks.extend(frameworks);
                    }
                }
            }
            Err(failure) => outcome.error = Some(self.failed(failure)),
        }
        outcome
    }

    fn fetched(&mut self, client: &Client, wanted: &Wanted, progress: &Progress<'_>) -> Vec<FrameworkOutcome> {
        let name = wanted.name();
        progress.stage(&format!("{name}: fetching"));
        let fetched = match wanted {
            Wanted::At(target) => self.registry.fetch(client, target, self.args.force),
            Wanted::Listed { base, version, listed } => {
                self.registry.fetch_listed(client, (base, *version), listed, self.args.force)
            }
        };
        match fetched {
            Ok(Fetched::Packages { readings, origin }) => {
                let each = readings.into_iter();
                each.map(|reading| self.framework(&name, reading, Some(&origin), progress)).collect()
            }
            Ok(Fetched::Unchanged { identifier }) => {
                if !self.args.json {
                    self.printer.line(format!("{name}: unchanged, and not downloaded (--force downloads it)"));
                }
                vec![FrameworkOutcome { unchanged: Some(identifier), ..FrameworkOutcome::nothing() }]
            }
            Err(error) => {
                let error = Some(self.failed(Failure::from(error).at(name)));
                vec![FrameworkOutcome { error, ..FrameworkOutcome::nothing() }]
            }
        }
    }

    fn framework(
        &mut self,
        file: &str,
        reading: Reading,
        origin: Option<&Origin>,
        progress: &Progress<'_>,
    ) -> FrameworkOutcome {
        let options = PlanOptions {
            source: file.to_owned(),
            delete_missing: self.args.delete_missing,
            move_objects: self.args.move_objects,
        };
        progress.stage(&format!("{file}: comparing"));
        let plan = match self.registry.plan_reading(reading, options) {
            Ok(plan) => plan,
            Err(error) => {
                let failure = self.failed(Failure::from(error).at(file));
                return FrameworkOutcome { error: Some(failure), ..FrameworkOutcome::nothing() };
            }
        };
        let mut outcome = FrameworkOutcome::nothing();
        if self.args.json {
            outcome.plan = plan_json(&plan);
        } else {
            self.printer.lines(&plan_lines(file, &plan));
        }
        progress.stage(&format!("{file}: storing"));
        match self.carry_out(plan, origin) {
            Ok(applied) => {
                if !self.args.json {
                    self.printer.line(format!("  {}", result(applied.as_ref())));
                }
                outcome.applied = applied;
            }
            Err(error) => outcome.error = Some(self.failed(Failure::from(error).at(file))),
        }
        outcome
    }

    /// `None` on a dry run.
    fn carry_out(&self, plan: Plan, origin: Option<&Origin>) -> Result<Option<Applied>, RegistryError> {
        if !self.args.dry_run {
            let applied = self.registry.apply(plan)?;
            if let Some(origin) = origin {
                self.registry.note_download(&applied.identifier, origin)?;
            }
            return Ok(Some(applied));
        }
        if plan.conflicts.is_empty() || plan.options.move_objects {
            return Ok(None);
        }
        Err(RegistryError::Conflict(plan.conflicts))
    }

    fn failed(&mut self, failure: Failure) -> Failure {
        self.status = self.status.max(failure.status);
        if !self.args.json {
            self.printer.failure(&failure);
        }
        failure
    }
}
