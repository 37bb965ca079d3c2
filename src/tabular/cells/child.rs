//! Starts the process that reads XLS and XLSB, and waits for it, but not for ever. Never reads a
//! workbook itself.

use std::io::{BufReader, Read, Write};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::error::SheetError;
use super::legacy::{Answer, Kind, Request};
use super::options::Options;
use super::{Origin, Workbook};

/// Time for starting the process and taking over its answer, beyond what reading may take.
const GRACE: Duration = Duration::from_secs(5);

/// What the answer may be longer than its text: names and numbers around every cell.
const ANSWER_PER_CELL: u64 = 128;

/// Reads a workbook in a process of its own.
///
/// # Errors
/// What that process says, or how it ended if it said nothing.
pub(super) fn read(kind: Kind, file: Vec<u8>, options: &Options) -> Result<Workbook, SheetError> {
    let stopped = |what: String| SheetError::Child { what };
    let program = options.program.as_ref().ok_or_else(|| stopped("this program was not told how".to_owned()))?;
    let mut command = Command::new(program);
    command.arg(Options::VERB).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| stopped(format!("its reader could not be started: {error}")))?;
    let (input, output) = (child.stdin.take(), child.stdout.take());

    let request = serde_json::to_vec(&Request { kind, limits: options.limits.clone() });
    let request = request.map_err(|error| stopped(error.to_string()))?;
    std::thread::spawn(move || send(input, &request, &file));
    let (sender, receiver) = mpsc::channel();
    let longest =
        options.limits.unpacked_bytes.saturating_mul(2) + options.limits.cells.saturating_mul(ANSWER_PER_CELL);
    std::thread::spawn(move || {
        let answer = output.map(|output| serde_json::from_reader::<_, Answer>(BufReader::new(output.take(longest))));
        // The one who waits may have given up.
        let _ = sender.send(answer.and_then(Result::ok));
    });

    let answer = receiver.recv_timeout(Duration::from_secs(options.limits.seconds) + GRACE);
    if answer.is_err() {
        // It may have ended just now.
        let _ = child.kill();
    }
    let ended = child.wait();
    match answer {
        Ok(Some(sheets)) => {
            let origin = Origin { format: kind.name(), ..Origin::default() };
            Ok(Workbook { sheets: sheets?, origin })
        }
        Ok(None) => {
            let how = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
            Err(stopped(format!("its reader stopped ({how}), as it does at damaged files and when memory runs out")))
        }
        Err(_) => Err(SheetError::TooSlow { seconds: options.limits.seconds }),
    }
}

/// A process that has ended before it read everything has its reasons, which are looked at elsewhere.
fn send(input: Option<ChildStdin>, request: &[u8], file: &[u8]) {
    if let Some(mut input) = input {
        let _ = input.write_all(request).and_then(|()| input.write_all(b"\n")).and_then(|()| input.write_all(file));
    }
}
