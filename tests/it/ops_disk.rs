//! PostgreSQL's disk is full in the middle of an import: the old edition stays, and the import says
//! why it failed. (What SQLite does is in `ops_crash`.)

#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ops_crash::write_editions;
use crate::support::app::Ran;
use crate::support::build::id;

/// Where PostgreSQL's own programs are.
fn postgres() -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = installed.map(|version| version.path().join("bin")).collect();
    all.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    all.into_iter().rev().chain(std::env::split_paths(&path)).find(|bin| bin.join("initdb").is_file())
}

/// Runs a script as a user of its own who may mount file systems that nobody else sees.
fn alone(script: &str, bin: &Path, disk: &Path, files: &Path) -> Option<Ran> {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-user=1000", "--map-group=1000", "--mount", "--keep-caps", "bash", "-c", script]);
    command.env("BIN", bin).env("DISK", disk).env("FILES", files).env("ID", id("f"));
    command.env("PROGRAM", env!("CARGO_BIN_EXE_casement")).current_dir(files);
    command.output().ok().map(Ran::from)
}

#[test]
fn a_full_disk_of_postgresql_leaves_the_old_edition_and_is_told() {
    let script = r#"
        set -e
        mount -t tmpfs -o size=200m tmpfs "$DISK"
        "$BIN/initdb" -D "$DISK/data" -A trust -U casement --wal-segsize=1 >/dev/null
        start() {
            "$BIN/pg_ctl" -w -D "$DISK/data" -l "$DISK/log" start >/dev/null \
                -o "-k $DISK -c listen_addresses= -c wal_level=minimal -c max_wal_senders=0 -c min_wal_size=2MB -c max_wal_size=2MB"
        }
        start
        trap '"$BIN/pg_ctl" -D "$DISK/data" -m immediate stop >/dev/null' EXIT
        export CASEMENT_DATA_DIR="$FILES/data" CASEMENT_PUBLIC_URL=https://casement.test
        export CASEMENT_DATABASE_URL="postgres://casement@/postgres?host=$DISK"
        "$PROGRAM" import "$FILES/0.json" >/dev/null
        "$PROGRAM" export "$ID" >"$FILES/before"
        set +e
        # All but two megabytes.
        free=$(df --output=avail --block-size=1M "$DISK" | tail -n 1)
        dd if=/dev/zero of="$DISK/filler" bs=1M count=$((free - 2)) status=none
        "$PROGRAM" import --delete-missing "$FILES/1.json" >/dev/null 2>"$FILES/stderr"
        echo "code $?"
        rm "$DISK/filler"
        # When it is the log that cannot be written, the database stops, and may not be back yet.
        "$BIN/pg_ctl" -D "$DISK/data" status >/dev/null || start
        until "$BIN/pg_isready" -q -h "$DISK"; do :; done
        "$PROGRAM" check >/dev/null; echo "check $?"
        "$PROGRAM" export "$ID" >"$FILES/after"; echo "export $?"
        "$PROGRAM" import --delete-missing "$FILES/1.json" >/dev/null; echo "again $?"
        "$PROGRAM" check >/dev/null; echo "check $?"
    "#;
    let (folder, disk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_editions(&folder, 6_000);
    let bin = postgres();
    let mounts = bin.as_ref().and_then(|bin| alone(r#"mount -t tmpfs tmpfs "$DISK""#, bin, disk.path(), folder.path()));
    let (Some(bin), Some(Ran { code: Some(0), .. })) = (bin, mounts) else {
        let told = b"no PostgreSQL is installed, or no file system can be mounted: its full disk is not tested\n";
        let _ = std::io::Write::write_all(&mut std::io::stderr(), told);
        return;
    };
    let ran = alone(script, &bin, disk.path(), folder.path()).unwrap();
    let told = std::fs::read_to_string(folder.path().join("stderr")).unwrap_or_default();
    assert_eq!(ran.stdout, "code 3\ncheck 0\nexport 0\nagain 0\ncheck 0\n", "{told}{}", ran.stderr);
    assert!(told.contains("caused by: "), "{told}");
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    assert!(read("before") == read("after") && !read("after").is_empty());
}
