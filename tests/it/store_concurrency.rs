//! Many writers and readers at once, in one process and over one database: nobody fails, nobody
//! sees half of anything, and the sequence of changes stays whole.

use std::sync::atomic::{AtomicBool, Ordering};

use casement::case::Version;
use casement::registry::{Operation, PlanOptions, Registry, RegistryError};
use casement::store::{Change, StoreError};
use serde_json::{Value, json};

use crate::support::build::{Framework, id};
use crate::support::{chain, for_each_backend, import_with};

const THREADS: usize = 8;
const EDITIONS: usize = 6;

/// Edition `n` of a framework: every object says which edition it is of.
fn edition(name: &str, n: usize) -> Framework {
    let mut framework = Framework::with_items(name, 5).document(json!({"version": n.to_string()}));
    for item in framework.list("CFItems") {
        item["notes"] = json!(n.to_string());
    }
    framework
}

fn assert_whole(package: &Value) {
    let version = &package["CFDocument"]["version"];
    for item in package["CFItems"].as_array().unwrap() {
        assert_eq!(&item["notes"], version, "a reader sees one edition only");
    }
}

#[test]
fn writers_and_readers_do_not_fail_each_other() {
    for_each_backend(|db| {
        // Two registries, as a server and a command beside it have.
        let registries = [db.registry(), db.registry()];
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let writers: Vec<_> = (0..THREADS)
                .map(|thread| {
                    let registry = &registries[thread % 2];
                    scope.spawn(move || {
                        let name = format!("f{thread}");
                        for n in 0..EDITIONS {
                            let applied = import_with(registry, edition(&name, n).bytes(), &PlanOptions::default());
                            let applied = applied.unwrap_or_else(|error| panic!("{}", chain(&error)));
                            assert!(applied[0].revision.is_some());
                        }
                        registry.undo(&id(&name)).unwrap_or_else(|error| panic!("{}", chain(&error)));
                    })
                })
                .collect();
            for (thread, registry) in registries.iter().enumerate() {
                let done = &done;
                scope.spawn(move || {
                    while !done.load(Ordering::Relaxed) {
                        for number in 0..THREADS {
                            let body =
                                registry.whole().read(Version::V1p1, Operation::Package, &id(&format!("f{number}")));
                            let body = body.unwrap_or_else(|error| panic!("reader {thread}: {}", chain(&error)));
                            if let Some(body) = body {
                                assert_whole(&serde_json::from_str(&body).unwrap());
                            }
                        }
                    }
                });
            }
            let outcomes: Vec<_> = writers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
            done.store(true, Ordering::Relaxed);
            for outcome in outcomes {
                outcome.unwrap_or_else(|_| panic!("a writer stopped on {}", db.backend));
            }
        });
        let frameworks = registries[0].whole().frameworks().unwrap();
        assert_eq!(frameworks.len(), THREADS);
        for framework in frameworks {
            let body =
                registries[1].whole().read(Version::V1p1, Operation::Package, &framework.identifier).unwrap().unwrap();
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(body["CFDocument"]["version"], (EDITIONS - 2).to_string(), "the last edition was undone");
            assert_whole(&body);
        }
        let changes: Vec<Change> = db.store().read::<_, StoreError>(|tx| tx.changes_since(0, 10_000)).unwrap();
        assert_eq!(changes.len(), THREADS * (EDITIONS + 1));
    });
}

#[test]
fn of_plans_for_one_framework_exactly_one_wins() {
    for_each_backend(|db| {
        let registry = db.registry();
        let plans: Vec<_> = (0..THREADS)
            .map(|n| registry.plan(edition("f", n).bytes(), &PlanOptions::default()).unwrap().remove(0))
            .collect();
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let all: Vec<_> = plans.into_iter().map(|plan| scope.spawn(|| registry.apply(plan))).collect();
            all.into_iter().map(|one| one.join().expect("no thread stops")).collect()
        });
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let stale = outcomes.iter().filter(|outcome| matches!(outcome, Err(RegistryError::Stale { .. }))).count();
        assert_eq!((won, stale), (1, THREADS - 1), "on {}", db.backend);
    });
}

/// Whoever follows the sequence by its numbers must never miss a line that commits later.
#[test]
fn change_numbers_appear_in_the_order_of_commits() {
    for_each_backend(|db| {
        let registry: Registry = db.registry();
        let follower = db.store();
        let done = AtomicBool::new(false);
        let seen = std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let mut seen = Vec::new();
                loop {
                    let last = done.load(Ordering::Acquire);
                    let from = seen.last().copied().unwrap_or(0);
                    let new: Vec<Change> = follower.read::<_, StoreError>(|tx| tx.changes_since(from, 1_000)).unwrap();
                    seen.extend(new.iter().map(|change| change.seq));
                    if last {
                        return seen;
                    }
                }
            });
            let registry = &registry;
            let writers: Vec<_> = (0..THREADS)
                .map(|n| {
                    scope.spawn(move || {
                        for edition_number in 0..3 {
                            let framework = edition(&format!("f{n}"), edition_number);
                            import_with(registry, framework.bytes(), &PlanOptions::default()).unwrap();
                        }
                    })
                })
                .collect();
            for writer in writers {
                writer.join().expect("no writer stops");
            }
            done.store(true, Ordering::Release);
            reader.join().expect("the reader does not stop")
        });
        let all: Vec<Change> = db.store().read::<_, StoreError>(|tx| tx.changes_since(0, 1_000)).unwrap();
        assert_eq!(seen, all.iter().map(|change| change.seq).collect::<Vec<_>>(), "on {}", db.backend);
        assert_eq!(seen.len(), THREADS * 3);
    });
}

#[test]
fn undo_by_many_at_once_undoes_each_revision_once() {
    for_each_backend(|db| {
        let registry = db.registry();
        let revisions: Vec<i64> = (0..4)
            .map(|n| {
                import_with(&registry, edition("f", n).bytes(), &PlanOptions::default()).unwrap()[0].revision.unwrap()
            })
            .collect();
        let mut undone: Vec<i64> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..THREADS).map(|_| scope.spawn(|| registry.undo(&id("f")))).collect();
            all.into_iter()
                .filter_map(|one| one.join().expect("no thread stops").ok())
                .map(|undone| undone.revision)
                .collect()
        });
        undone.sort_unstable();
        assert_eq!(undone, revisions, "on {}", db.backend);
        assert!(registry.whole().frameworks().unwrap().is_empty());
    });
}
