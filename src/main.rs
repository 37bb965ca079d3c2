//! The program: reads the command line, runs one verb, tells what went wrong, and exits.

use std::process::ExitCode;

use casement::cli::Cli;
use casement::cli::output::Printer;
use clap::Parser as _;
use mimalloc::MiMalloc;

/// Many threads allocate and others free: this one gives memory back, and takes less time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // Wrong usage ends here with status 2, --help and --version with 0.
    let cli = Cli::parse();
    let printer = Printer::new(cli.quiet);
    let status = cli.run(&printer).unwrap_or_else(|failure| {
        printer.failure(&failure);
        failure.status
    });
    printer.finish(status).into()
}
