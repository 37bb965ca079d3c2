//! Known clients, replayed request by request (digest 16.3).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::build::{Framework, id};
use crate::support::fixtures;
use crate::support::{TestApp, TestDb, for_each_backend, import, import_one};

/// A server whose public address is its own, as clients follow what stands in the answers.
fn start_public(db: &TestDb) -> TestApp {
    TestApp::start_with(db, &["--no-demo", "--public-url", crate::support::BASE])
}

/// The path of a uri of this server.
fn path_of(uri: &str) -> &str {
    uri.strip_prefix(crate::support::BASE).unwrap_or_else(|| panic!("{uri} is not of this server"))
}

/// The CaSS harvester: lists without paging, reads the bare document, fetches the package by
/// `CFPackageURI.identifier`, and joins by node uris; knows isChildOf and exactMatchOf only.
#[test]
fn the_cass_harvester_joins_items_by_the_uris_of_nodes() {
    let fixture = fixtures::named("sbac-hs-math-c1-th.json");
    for_each_backend(|db| {
        let app = start_public(db);
        import(&db.registry(), &fixture.json);
        let get = |path: &str| {
            app.send("GET", &format!("/ims/case/v1p0{path}"), &[("Accept", "application/json")]).expect(200).json()
        };
        let list = get("/CFDocuments");
        let mut joined = 0;
        for listed in list["CFDocuments"].as_array().unwrap() {
            let document = get(&format!("/CFDocuments/{}", listed["identifier"].as_str().unwrap()));
            let package = get(&format!("/CFPackages/{}", document["CFPackageURI"]["identifier"].as_str().unwrap()));
            let mut nodes: BTreeSet<&str> =
                package["CFItems"].as_array().unwrap().iter().map(|item| item["uri"].as_str().unwrap()).collect();
            nodes.insert(package["CFDocument"]["uri"].as_str().unwrap());
            for association in package["CFAssociations"].as_array().unwrap() {
                if association["associationType"] == "isChildOf" {
                    for end in ["originNodeURI", "destinationNodeURI"] {
                        let uri = association[end]["uri"].as_str().unwrap();
                        assert!(nodes.contains(uri), "{end} {uri} is no node of the package");
                    }
                    joined += 1;
                }
            }
        }
        let expect = fixture.json["CFAssociations"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["associationType"] == "isChildOf");
        assert_eq!(joined, expect.count());
    });
}

/// A 1EdTech-style client: pages of 50, in order of identifiers, until an empty array.
#[test]
fn the_paging_client_ends_at_the_empty_array() {
    let count = 120;
    for_each_backend(|db| {
        let registry = db.registry();
        for n in 0..count {
            import_one(&registry, &Framework::new(&format!("framework {n}")).json);
        }
        let app = start_public(db);
        for version in ["v1p0", "v1p1"] {
            let mut seen: Vec<String> = Vec::new();
            let mut requests = 0;
            loop {
                let offset = seen.len();
                let page = app.json(&format!(
                    "/ims/case/{version}/CFDocuments?limit=50&offset={offset}&sort=identifier&orderBy=asc"
                ));
                let ids: Vec<String> = page["CFDocuments"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|one| one["identifier"].as_str().unwrap().to_owned())
                    .collect();
                requests += 1;
                if ids.is_empty() {
                    break;
                }
                seen.extend(ids);
            }
            assert_eq!((seen.len(), requests), (count, 4));
            assert!(seen.is_sorted() && seen.iter().collect::<BTreeSet<_>>().len() == count);
        }
    });
}

/// Tries `CFPackages/{id}`, then `/uri/p{id}.json`, and takes what has a CFDocument at its top.
#[test]
fn the_client_that_tries_two_addresses_finds_a_package_at_both() {
    let framework = Framework::with_items("f", 2);
    for_each_backend(|db| {
        let app = start_public(db);
        import_one(&db.registry(), &framework.json);
        for path in [
            format!("/ims/case/v1p0/CFPackages/{}", id("f")),
            format!("/uri/p{}.json", id("f")),
            format!("/cfpackage/doc/{}.json", id("f")),
        ] {
            let package = app.send("GET", &path, &[("Accept", "application/json")]).expect(200).json();
            assert_eq!(package["CFDocument"]["identifier"], id("f"), "{path}");
        }
        for path in [format!("/ims/case/v1p0/CFPackages/{}", id("g")), format!("/uri/p{}.json", id("g"))] {
            let answer = app.send("GET", &path, &[("Accept", "application/json")]).expect(404);
            assert!(answer.json().get("CFDocument").is_none());
        }
    });
}

/// Open Badge Factory fetches the `uri` of an item with a JSON Accept header.
#[test]
fn a_minted_uri_answers_with_the_item() {
    let mut framework = Framework::with_items("f", 3);
    for item in framework.list("CFItems") {
        item.as_object_mut().unwrap().remove("uri");
    }
    for_each_backend(|db| {
        let app = start_public(db);
        import_one(&db.registry(), &framework.json);
        let package = app.json(&format!("/ims/case/v1p1/CFPackages/{}", id("f")));
        for item in package["CFItems"].as_array().unwrap() {
            let uri = item["uri"].as_str().unwrap();
            let fetched = app.send("GET", path_of(uri), &[("Accept", "application/json")]).expect(200).json();
            assert_eq!(
                (&fetched["identifier"], &fetched["fullStatement"], &fetched["uri"]),
                (&item["identifier"], &item["fullStatement"], &item["uri"])
            );
            assert_eq!(fetched["CFDocumentURI"]["identifier"], id("f"));
        }
    });
}

/// An importer that follows CFPackageURI of the list gets the package of the same version.
#[test]
fn the_package_uri_of_a_listed_document_is_followed() {
    let framework = Framework::with_items("f", 1);
    for_each_backend(|db| {
        let app = start_public(db);
        import_one(&db.registry(), &framework.json);
        for version in ["v1p0", "v1p1"] {
            let list = app.json(&format!("/ims/case/{version}/CFDocuments"));
            let uri = list["CFDocuments"][0]["CFPackageURI"]["uri"].as_str().unwrap().to_owned();
            assert!(uri.contains(version));
            assert_eq!(app.json(path_of(&uri))["CFDocument"]["identifier"], id("f"));
        }
    });
}

/// Another Casement, or any importer, takes over a whole server: what it stores is what we serve.
#[test]
fn a_mirror_of_everything_is_the_same_again() {
    let files = ["sbac-dok-levels.json", "opensalt-test-MarkdownFramework.json", "casement-reference/package.json"];
    for_each_backend(|db| {
        let app = start_public(db);
        for file in files {
            import(&db.registry(), &fixtures::named(file).json);
        }
        let mirror = TestDb::sqlite();
        let copy = mirror.registry();
        let packages = |app: &TestApp| -> BTreeMap<String, Value> {
            let list = app.json("/ims/case/v1p1/CFDocuments");
            let ids = list["CFDocuments"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["identifier"].as_str().unwrap().to_owned());
            ids.map(|id| (id.clone(), app.json(&format!("/ims/case/v1p1/CFPackages/{id}")))).collect()
        };
        let ours = packages(&app);
        assert_eq!(ours.len(), files.len());
        for package in ours.values() {
            let plan = copy.plan(package.to_string().into_bytes(), &Default::default()).unwrap().remove(0);
            let worth_saying = plan.report.entries.iter().filter(|entry| entry.code != "identifier-version").count();
            assert_eq!(worth_saying, 0, "{:#?}", plan.report.entries);
            copy.apply(plan).unwrap();
        }
        let other = TestApp::start(&mirror);
        assert_eq!(packages(&other), ours);
    });
}

/// With no flag at all the bundled frameworks are there, valid, and their uris lead to this server.
#[test]
fn a_first_start_publishes_the_bundled_frameworks() {
    let folders = std::fs::read_dir(fixtures::root("frameworks")).unwrap();
    let bundled = folders.filter(|entry| entry.as_ref().unwrap().path().join("package.json").exists()).count();
    for_each_backend(|db| {
        let app = TestApp::start_with(db, &[]);
        let list = app.json("/ims/case/v1p1/CFDocuments");
        let documents = list["CFDocuments"].as_array().unwrap();
        assert_eq!(documents.len(), bundled);
        for document in documents {
            let package = app.json(path_of(document["CFPackageURI"]["uri"].as_str().unwrap()));
            assert!(!package.to_string().contains("casement.example/uri"), "{} keeps a placeholder", document["title"]);
            crate::http_conformance::assert_valid(
                casement::case::Version::V1p1,
                casement::case::schema::Shape::Package,
                &package,
                &document["title"].to_string(),
            );
        }
        drop(app);
        // A second start loads nothing twice.
        let again = TestApp::start_with(db, &[]);
        assert_eq!(again.json("/ims/case/v1p1/CFDocuments"), list);
        assert!(db.registry().whole().frameworks().unwrap().iter().all(|framework| framework.revision > 0));
    });
}
