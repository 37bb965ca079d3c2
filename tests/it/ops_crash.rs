//! The program is killed, or its disk is full, in the middle of an import: what is stored is the
//! old edition or the new one, whole.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use casement::case::Version;
use casement::registry::{Gravity, Operation, Registry};
use casement::store::StoreError;
use diesel::connection::SimpleConnection;
use serde_json::json;

use crate::ops_backup::sqlite;
use crate::support::app::{Ran, on};
use crate::support::build::{Framework, id};
use crate::support::{TestDb, casement, for_each_backend};

/// How often an import is killed.
const MOMENTS: u32 = 50;

/// Two editions that differ in every item, in order, and in which items there are.
fn editions(items: usize) -> [Framework; 2] {
    let one = Framework::with_items("f", items);
    let mut other = (1..=items / 10).fold(one.clone(), |framework, n| framework.without(&format!("f.{}", n * 7)));
    for item in other.list("CFItems") {
        item["notes"] = json!("A later edition says more about everything. ".repeat(4));
    }
    other.list("CFItems").reverse();
    let other = (1..=items / 10).fold(other, |framework, n| {
        let name = format!("f.new.{n}");
        framework.item(&name, json!({})).under(&name, "f", items + n)
    });
    [one, other]
}

fn package(registry: &Registry) -> String {
    registry.whole().read(Version::V1p1, Operation::Package, &id("f")).unwrap().unwrap()
}

#[track_caller]
fn assert_no_errors(registry: &Registry, when: &str) {
    let checkup = registry.check(false, |_, _| {}).unwrap_or_else(|error| panic!("{when}: {error}"));
    assert_eq!(checkup.count(Gravity::Error), 0, "{when}: {:#?}", checkup.findings);
}

/// The import of an edition by a process of its own.
fn import(db: &TestDb, folder: &tempfile::TempDir, edition: usize) -> Command {
    let mut command = on(db, folder.path());
    command.args(["import", "--quiet", "--delete-missing"]).arg(folder.path().join(format!("{edition}.json")));
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

pub fn write_editions(folder: &tempfile::TempDir, items: usize) {
    for (n, edition) in editions(items).iter().enumerate() {
        std::fs::write(folder.path().join(format!("{n}.json")), edition.bytes()).unwrap();
    }
}

#[test]
fn an_import_that_is_killed_leaves_the_old_or_the_new_edition() {
    for_each_backend(|db| {
        let folder = tempfile::tempdir().unwrap();
        write_editions(&folder, 800);
        // What each edition looks like, and how long it takes to import it over the other.
        let mut whole = [String::new(), String::new()];
        let mut times = Vec::new();
        for n in [0, 1, 0, 1, 0, 1, 0] {
            let begun = Instant::now();
            assert!(import(db, &folder, n).status().unwrap().success());
            times.push(begun.elapsed());
            let now = package(&db.registry());
            assert!(whole[n].is_empty() || whole[n] == now, "an edition is the same each time");
            whole[n] = now;
        }
        assert_ne!(whole[0], whole[1]);
        times.sort();
        let mut full: Duration = times[times.len() / 2];

        let (mut at, mut killed, mut kept, mut replaced) = (0, 0, 0, 0);
        for moment in 1..=MOMENTS {
            let mut child = import(db, &folder, 1 - at).spawn().unwrap();
            // From its beginning to a little after its end, and more of them the nearer to that.
            let delay = full.mul_f64(1.2 * (f64::from(moment) / f64::from(MOMENTS)).sqrt());
            std::thread::sleep(delay);
            // It may have ended by itself, sooner than was thought.
            let _ = child.kill();
            let status = child.wait().unwrap();
            // How long it takes now; what is killed leaves the others work to do.
            if status.success() {
                full = full.min(delay);
            } else {
                killed += 1;
                full = if delay > full { full.mul_f64(1.1) } else { full };
            }
            let when = format!("on {}, killed at moment {moment} of {MOMENTS} in {full:?}", db.backend);
            let registry = db.registry();
            // PostgreSQL may still be about to commit for it: whoever writes next waits for that.
            db.store().write::<_, StoreError>(|_| Ok(())).unwrap_or_else(|error| panic!("{when}: {error}"));
            let now = package(&registry);
            let found = whole.iter().position(|edition| *edition == now);
            let found = found.unwrap_or_else(|| panic!("{when}: neither the old nor the new edition"));
            assert!(status.code() != Some(0) || found != at, "{when}: it said it was done");
            assert_no_errors(&registry, &when);
            *if found == at { &mut kept } else { &mut replaced } += 1;
            at = found;
        }
        assert!(killed > 0, "no import was killed: {full:?}");
        // Nothing that was left behind is in the way of the next.
        assert!(import(db, &folder, 1 - at).status().unwrap().success());
        assert!(package(&db.registry()) == whole[1 - at]);
        let _ = std::io::Write::write_fmt(
            &mut std::io::stderr(),
            format_args!(
                "{}: {killed} of {MOMENTS} killed, {kept} kept the old edition, {replaced} had the new\n",
                db.backend
            ),
        );
    });
}

/// The same in the middle of writing, byte by byte: SQLite's log of an import, cut off anywhere.
#[test]
fn a_log_that_was_cut_off_anywhere_is_the_old_edition() {
    let db = TestDb::sqlite();
    let folder = tempfile::tempdir().unwrap();
    write_editions(&folder, 300);
    assert!(import(&db, &folder, 0).status().unwrap().success());
    let old = package(&db.registry());
    let file = db.file().unwrap();
    // Whoever reads keeps the log from being moved into the file.
    let mut reader = sqlite(&file);
    reader.batch_execute("BEGIN; SELECT COUNT(*) FROM documents").unwrap();
    assert!(import(&db, &folder, 1).status().unwrap().success());
    let main = std::fs::read(&file).unwrap();
    let log = std::fs::read(file.with_extension("db-wal")).unwrap();
    drop(reader);
    let new = package(&db.registry());
    assert!(log.len() > 100_000 && old != new);
    for cut in 0..=50 {
        let copy = TestDb::sqlite();
        let file = copy.file().unwrap();
        std::fs::write(&file, &main).unwrap();
        std::fs::write(file.with_extension("db-wal"), &log[..log.len() * cut / 50]).unwrap();
        let registry = copy.registry();
        let now = package(&registry);
        assert!(now == old && cut < 50 || now == new && cut == 50, "cut off at {cut}/50");
        assert_no_errors(&registry, &format!("cut off at {cut}/50"));
    }
}

/// Runs the import through a shell that first limits what may be written.
#[cfg(unix)]
fn limited(db: &TestDb, folder: &tempfile::TempDir, kilobytes: u64) -> Ran {
    let import = import(db, folder, 1);
    // Without the signal, writing beyond the limit is an error like that of a full disk.
    let script = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"");
    let mut command = Command::new("bash");
    command.arg("-c").arg(script).arg(import.get_program()).args(import.get_args());
    for (name, value) in import.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.output().unwrap().into()
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_grow_leaves_the_old_edition() {
    let db = TestDb::sqlite();
    let folder = tempfile::tempdir().unwrap();
    write_editions(&folder, 600);
    assert!(import(&db, &folder, 0).status().unwrap().success());
    let before = package(&db.registry());
    let size = db.file().unwrap().metadata().unwrap().len() / 1024;
    let mut failed = 0;
    // From nothing at all to nearly enough.
    for part in 0..10 {
        let ran = limited(&db, &folder, size * part / 8);
        let when = format!("at {part}/8 of {size} kB: {}{}", ran.stdout, ran.stderr);
        let registry = db.registry();
        assert_no_errors(&registry, &when);
        if ran.code == Some(0) {
            continue;
        }
        failed += 1;
        assert_eq!(ran.code, Some(3), "{when}");
        assert!(ran.stderr.contains("caused by: "), "{when}");
        assert!(package(&registry) == before, "{when}");
    }
    assert!(failed >= 4, "only {failed} imports failed");
    casement(&db, &["import", "--delete-missing", &folder.path().join("1.json").display().to_string()]).expect(0);
    assert!(package(&db.registry()) != before);
    assert_no_errors(&db.registry(), "afterwards");
}

/// A file system of a few megabytes, where this user may mount one in a namespace of its own.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_edition_and_is_told() {
    let script = r#"
        set -e
        mount -t tmpfs -o size=3m tmpfs "$DISK"
        export CASEMENT_DATA_DIR="$DISK" CASEMENT_PUBLIC_URL=https://casement.test
        "$PROGRAM" import "$FILES/0.json" >/dev/null
        "$PROGRAM" export "$ID" >"$FILES/before"
        set +e
        "$PROGRAM" import --delete-missing "$FILES/1.json" >/dev/null 2>"$FILES/stderr"
        echo "code $?"
        "$PROGRAM" check >/dev/null; echo "check $?"
        "$PROGRAM" export "$ID" >"$FILES/after"; echo "export $?"
        mount -o remount,size=64m "$DISK"
        "$PROGRAM" import --delete-missing "$FILES/1.json" >/dev/null; echo "again $?"
        "$PROGRAM" check >/dev/null; echo "check $?"
    "#;
    let folder = tempfile::tempdir().unwrap();
    write_editions(&folder, 1_000);
    let disk = tempfile::tempdir().unwrap();
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "bash", "-c", script]);
        command.env("DISK", disk.path()).env("FILES", folder.path()).env("ID", id("f"));
        command.env("PROGRAM", env!("CARGO_BIN_EXE_casement")).current_dir(folder.path());
        command.output().map(Ran::from)
    };
    let probe = unshare(r#"mount -t tmpfs -o size=1m tmpfs "$DISK""#);
    if !probe.is_ok_and(|ran| ran.code == Some(0)) {
        // The test before this one has told what can be told here.
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            b"no file system can be mounted: a full disk is not tested\n",
        );
        return;
    }
    let ran = unshare(script).unwrap();
    let told = std::fs::read_to_string(folder.path().join("stderr")).unwrap();
    assert_eq!(ran.stdout, "code 3\ncheck 0\nexport 0\nagain 0\ncheck 0\n", "{told}{}", ran.stderr);
    assert!(told.contains("full"), "{told}");
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    assert!(read("before") == read("after") && !read("after").is_empty());
}
