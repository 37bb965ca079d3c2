//! The other verbs: export, validate, diff, frameworks, undo, config, openapi, serve; and usage.

use casement::case::Version;
use serde_json::{Value, json};

use crate::support::app::program;
use crate::support::build::{Framework, id};
use crate::support::downgrade::to_v1p0;
use crate::support::fixtures;
use crate::support::{BASE, TestApp, TestDb, casement, casement_with, for_each_backend, import_one};

#[test]
fn export_writes_what_the_server_publishes_in_both_versions() {
    let reference = &fixtures::reference().json;
    let document = reference["CFDocument"]["identifier"].as_str().unwrap();
    for_each_backend(|db| {
        import_one(&db.registry(), reference);
        assert_eq!(casement(db, &["export", document]).expect(0).json(), *reference);
        assert_eq!(casement(db, &["export", &document.to_uppercase()]).expect(0).json(), *reference);
        let old = casement(db, &["export", "--case-version", "1.0", "--pretty", document]).expect(0);
        assert!(old.stdout.lines().count() > 100, "indented");
        assert_eq!(old.json(), to_v1p0("CFPackage", reference));
        let app = TestApp::start(db);
        for version in Version::ALL {
            let served = app.get(&format!("/ims/case/{}/CFPackages/{document}", version.segment())).expect(200).text();
            let exported = casement(db, &["export", "--case-version", version.number(), document]).expect(0).stdout;
            assert_eq!(exported.trim_end(), served);
        }
    });
}

#[test]
fn export_replaces_files_whole_and_fills_folders() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("f.json");
    let folder = dir.path().join("all");
    let frameworks = ["one", "two"].map(|name| Framework::with_items(name, 1));
    for_each_backend(|db| {
        for framework in &frameworks {
            import_one(&db.registry(), &framework.json);
        }
        std::fs::write(&file, "older and much longer than nothing").unwrap();
        let ran = casement(db, &["export", &id("one"), "--output", &file.display().to_string()]).expect(0);
        assert_eq!(ran.stdout, "");
        let read = |path: &std::path::Path| -> Value { serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() };
        assert_eq!(read(&file), frameworks[0].json);
        casement(db, &["export", "--all", "--output-dir", &folder.display().to_string()]).expect(0);
        for framework in &frameworks {
            assert_eq!(read(&folder.join(format!("{}.json", framework.id()))), framework.json);
        }
        // Errors leave files alone.
        casement(db, &["export", &id("nobody"), "--output", &file.display().to_string()]).expect(1);
        assert_eq!(read(&file), frameworks[0].json);
        casement(db, &["export", &id("one"), "--output", &dir.path().display().to_string()]).expect(3);
        casement(db, &["export", &id("one"), &id("two")]).expect(2);
        casement(db, &["export", "--all"]).expect(2);
        casement(db, &["export"]).expect(2);
        let some = casement(db, &["export", &id("nobody"), &id("two"), "--output-dir", &folder.display().to_string()])
            .expect(1);
        assert!(some.stderr.contains(&id("nobody")), "{}", some.stderr);
    });
}

#[test]
fn validate_tells_the_schema_the_reader_and_our_own_output_apart() {
    let clean = Framework::with_items("f", 1);
    let odd = clean.clone().change("f.1", json!({"archived": true, "educationLevel": "KG"}));
    let repaired = clean.clone().change("f.1", json!({"lastChangeDateTime": "2016-07-28T00:14:52"}));
    let db = TestDb::sqlite();
    let validate = |framework: &Framework, args: &[&str]| {
        casement_with(&db, &[&["validate", "-"], args].concat(), &framework.bytes())
    };
    let good = validate(&clean, &["--json"]).expect(0).json();
    let package = &good["files"][0]["packages"][0];
    assert_eq!(
        (&package["valid"], &package["outputValid"], &package["losses"]),
        (&json!(true), &json!(true), &json!(0))
    );
    assert_eq!(good["caseVersion"], "1.1");

    let bad = validate(&odd, &["--json"]).expect(1).json();
    let package = &bad["files"][0]["packages"][0];
    assert_eq!(
        (&package["valid"], &package["outputValid"], &package["losses"]),
        (&json!(false), &json!(true), &json!(1))
    );
    let pointers: Vec<&str> =
        package["violations"].as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap()).collect();
    assert!(pointers.iter().any(|pointer| pointer.starts_with("/CFItems/0")), "{pointers:?}");
    assert!(validate(&odd, &[]).expect(1).stdout.contains("archived"));
    validate(&repaired, &[]).expect(1);

    // What 1.1 added is a violation of 1.0.
    let newer = clean.clone().change("f.1", json!({"subject": ["Math"]}));
    validate(&newer, &["--case-version", "1.1"]).expect(0);
    validate(&newer, &["--case-version", "1.0"]).expect(1);
    validate(&newer, &["--case-version", "2.0"]).expect(2);
    assert!(db.file().is_none_or(|path| !path.exists()), "validation needs no database");
}

#[test]
fn validate_judges_every_package_of_a_file_with_its_place() {
    let db = TestDb::sqlite();
    let fixture = fixtures::named("sbac-ela-and-math-two-packages.json.gz");
    let told = casement_with(&db, &["validate", "--json", "-"], &fixture.bytes).expect(1).json();
    let packages = told["files"][0]["packages"].as_array().unwrap();
    let places: Vec<String> = fixture.packages().into_iter().map(|(place, _)| place).collect();
    assert_eq!(packages.iter().map(|one| one["place"].as_str().unwrap().to_owned()).collect::<Vec<_>>(), places);
    for package in packages {
        assert_eq!(package["outputValid"], true, "{}", package["outputViolations"]);
    }
}

#[test]
fn diff_compares_files_and_what_is_stored() {
    let old = Framework::with_items("f", 2);
    let new = old.clone().without("f.1").change("f.2", json!({"notes": "later"})).item("f.3", json!({}));
    let dir = tempfile::tempdir().unwrap();
    let [a, b] = [("a.json", &old), ("b.json", &new)].map(|(name, framework)| {
        std::fs::write(dir.path().join(name), framework.bytes()).unwrap();
        dir.path().join(name).display().to_string()
    });
    for_each_backend(|db| {
        import_one(&db.registry(), &old.json);
        for side in [&a, &id("f"), &id("f").to_uppercase()] {
            casement(db, &["diff", side, &a]).expect(0);
            casement(db, &["diff", &a, side]).expect(0);
            let told = casement(db, &["diff", "--json", side, &b]).expect(1).json();
            assert_eq!(told["same"], false);
            let found = |list: &str| -> Vec<&str> {
                told["difference"][list]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|one| one["identifier"].as_str().unwrap())
                    .collect()
            };
            assert_eq!(found("added"), [id("f.3").as_str()]);
            assert!(found("removed").contains(&id("f.1").as_str()));
            assert_eq!(found("changed"), [id("f.2").as_str()]);
            let text = casement(db, &["diff", side, &b]).expect(1).stdout;
            for word in ["f.3", "f.1", "notes", "later"] {
                assert!(text.contains(word), "{word}: {text}");
            }
        }
        for trouble in [id("nobody"), "missing.json".to_owned()] {
            let ran = casement(db, &["diff", &a, &trouble]).expect(3);
            assert!(ran.stderr.contains(&trouble), "{}", ran.stderr);
        }
        casement(db, &["diff", &a]).expect(2);
    });
}

#[test]
fn frameworks_lists_what_is_stored() {
    for_each_backend(|db| {
        let none = casement(db, &["frameworks"]).expect(0);
        assert!(none.stdout.is_empty() && none.stderr.contains("import"), "{}", none.stderr);
        assert_eq!(casement(db, &["frameworks", "--json"]).expect(0).json(), json!([]));
        let framework =
            Framework::with_items("A title", 3).document(json!({"adoptionStatus": "Draft", "language": "en"}));
        import_one(&db.registry(), &framework.json);
        let told = casement(db, &["frameworks", "--json"]).expect(0).json();
        let expect = json!({"identifier": id("A title"), "title": "A title", "creator": "Tests", "adoptionStatus": "Draft", "language": "en",
            "uri": framework.json["CFDocument"]["uri"], "lastChangeDateTime": framework.json["CFDocument"]["lastChangeDateTime"],
            "items": 3, "associations": 3, "private": false, "revision": told[0]["revision"]});
        assert_eq!(told, json!([expect]));
        let line = casement(db, &["frameworks"]).expect(0).stdout;
        assert!(line.contains("A title") && line.contains(&id("A title")) && line.contains("Draft"), "{line}");
    });
}

#[test]
fn undo_takes_back_and_lists() {
    let old = Framework::with_items("f", 1);
    let new = old.clone().document(json!({"notes": "n"}));
    for_each_backend(|db| {
        for framework in [&old, &new] {
            casement_with(db, &["import", "-"], &framework.bytes()).expect(0);
        }
        let list = casement(db, &["undo", "--list", "--json", &id("f")]).expect(0).json();
        let revisions: Vec<i64> =
            list.as_array().unwrap().iter().map(|one| one["revision"].as_i64().unwrap()).collect();
        assert!(revisions.len() == 2 && revisions[0] > revisions[1], "newest first: {list}");
        assert_eq!(
            (&list[0]["source"], &list[0]["counts"]["changed"], &list[0]["undoneAt"]),
            (&json!("stdin"), &json!(1), &Value::Null)
        );
        let told = casement(db, &["undo", "--json", &id("f").to_uppercase()]).expect(0).json();
        assert_eq!((told["revision"].as_i64(), told["nowAt"].as_i64()), (Some(revisions[0]), Some(revisions[1])));
        assert_eq!(casement(db, &["export", &id("f")]).expect(0).json(), old.json);
        casement(db, &["undo", &id("f")]).expect(0);
        let nothing = casement(db, &["undo", &id("f")]).expect(1);
        assert!(nothing.stderr.contains(&id("f")), "{}", nothing.stderr);
        // What was done is still told.
        let list = casement(db, &["undo", "--list", &id("f")]).expect(0).stdout;
        assert_eq!(list.matches("undone").count(), 2, "{list}");
        casement(db, &["undo", "--list", &id("nobody")]).expect(1);
    });
}

#[test]
fn config_prints_what_counts_and_no_password() {
    let run = |args: &[&str]| -> crate::support::app::Ran {
        let mut command = program();
        command.env("CASEMENT_DATABASE_URL", "postgres://me:hunter2@h.example/d").args(args);
        command.output().unwrap().into()
    };
    let ran = run(&["config"]).expect(0);
    assert!(ran.stdout.contains("h.example") && !ran.stdout.contains("hunter2"), "{}", ran.stdout);
    toml::from_str::<toml::Table>(&ran.stdout).expect("what it prints can be read back");
}

#[test]
fn openapi_is_the_document_that_is_served() {
    let db = TestDb::sqlite();
    let app = TestApp::start(&db);
    let printed = casement(&db, &["openapi"]).expect(0).json();
    let served = app.json("/openapi.json");
    assert_eq!(printed["paths"], served["paths"]);
    assert!(
        served["paths"].as_object().unwrap().contains_key("/uri/{id}"),
        "{:?}",
        served["paths"].as_object().unwrap().keys()
    );
}

#[test]
fn wrong_usage_is_2_and_help_is_0() {
    let run = |args: &[&str]| -> crate::support::app::Ran { program().args(args).output().unwrap().into() };
    for wrong in [
        &["serv"][..],
        &["import"],
        &["import", "--no-such-flag", "x"],
        &["undo"],
        &["serve", "--addr"],
        &["import", "-", "-"],
    ] {
        let ran = run(wrong).expect(2);
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty(), "{wrong:?}");
    }
    let help = run(&["--help"]).expect(0).stdout;
    for verb in ["serve", "import", "export", "validate", "diff", "frameworks", "undo", "config", "openapi"] {
        assert!(help.contains(verb), "{verb}");
        let own = run(&[verb, "--help"]).expect(0).stdout;
        assert!(own.contains("Usage: ") && own.len() > 200, "{verb}: {own}");
    }
    assert!(run(&["--version"]).expect(0).stdout.starts_with("casement "));
}

#[test]
fn an_environment_that_fails_is_3_and_says_what() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a file");
    std::fs::write(&file, "x").unwrap();
    let run = |database: &str, data_dir: &std::path::Path, args: &[&str]| -> crate::support::app::Ran {
        let mut command = program();
        command
            .env("CASEMENT_DATABASE_URL", database)
            .env("CASEMENT_DATA_DIR", data_dir)
            .args(args)
            .output()
            .unwrap()
            .into()
    };
    let nowhere = "postgres://me:secret@127.0.0.1:1/none";
    let ran = run(nowhere, dir.path(), &["frameworks"]).expect(3);
    assert!(ran.stderr.contains("127.0.0.1") && !ran.stderr.contains("secret"), "{}", ran.stderr);
    run("sqlite:/nowhere/at/all/c.db", dir.path(), &["import", "-"]).expect(3);
    run("sqlite:c.db", &file, &["import", "-"]).expect(3);
    let typo = run("postgress://h/d", dir.path(), &["frameworks"]).expect(2);
    assert!(typo.stderr.contains("postgres://"), "{}", typo.stderr);
    assert!(!dir.path().join("postgress:").exists());

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ran = run(
        &format!("sqlite:{}", dir.path().join("c.db").display()),
        dir.path(),
        &["serve", "--no-demo", "--addr", &address],
    )
    .expect(3);
    assert!(ran.stderr.contains(&address) && ran.stdout.is_empty(), "{}", ran.stderr);
}

#[test]
fn a_server_told_to_stop_finishes_and_exits_with_0() {
    let db = TestDb::sqlite();
    let dir = tempfile::tempdir().unwrap();
    let mut command = crate::support::app::on(&db, dir.path());
    command
        .args(["serve", "--addr", "127.0.0.1:0", "--no-demo"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    let at = line.find("http://127.0.0.1:").unwrap_or_else(|| panic!("{line}"));
    // It listens for signals once it answers.
    ureq::get(format!("{}/healthz", line[at..].trim())).call().unwrap();
    let told = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// Uris are minted under the configured address, by commands as by the server.
#[test]
fn uris_are_minted_under_the_public_address() {
    let mut framework = Framework::with_items("f", 1);
    framework.json["CFItems"][0].as_object_mut().unwrap().remove("uri");
    for_each_backend(|db| {
        casement_with(db, &["import", "-"], &framework.bytes()).expect(0);
        let package = casement(db, &["export", &id("f")]).expect(0).json();
        assert_eq!(package["CFItems"][0]["uri"], format!("{BASE}/uri/{}", id("f.1")));
    });
}
