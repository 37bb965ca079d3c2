//! Two servers on one database, while somebody else writes to it a thousand times: neither ever
//! answers what has been untrue for longer than a second.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use casement::case::Version;
use casement::registry::{Access, Actor, Operation, Registry};
use serde_json::{Value, json};

use crate::support::build::{Framework, id};
use crate::support::db::databases;
use crate::support::{TestApp, TestDb, import_one};

const FRAMEWORKS: usize = 5;
/// What the servers promise.
const PROMISED: Duration = Duration::from_secs(1);

/// What anybody is told of one framework: its version, or that it is not there.
type Told = Option<String>;

/// Something that was true from a moment between `started` and `noted` on, until the next.
struct State {
    started: Instant,
    noted: Instant,
    told: Told,
}

/// What a server said of one framework.
struct Said {
    number: usize,
    asked: Instant,
    answered: Instant,
    told: Told,
}

/// Numbers that look random, and are the same for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

fn document(number: usize) -> String {
    id(&format!("f{number}"))
}

fn version(json: &Value, member: &str) -> String {
    json.pointer(member).and_then(Value::as_str).expect("a version").to_owned()
}

/// Imports, takes back, hides or opens one framework.
fn write(registry: &Registry, random: &mut Random, number: usize, edition: usize) {
    match random.below(10) {
        // There may be nothing to take back.
        0 | 1 => drop(registry.undo(&document(number))),
        2 => drop(registry.mark_private(&document(number), true, &Actor::cli()).unwrap()),
        3 | 4 => drop(registry.mark_private(&document(number), false, &Actor::cli()).unwrap()),
        _ => {
            let framework = Framework::with_items(&format!("f{number}"), 2);
            drop(import_one(registry, &framework.document(json!({"version": edition.to_string()})).json));
        }
    }
}

/// What the database tells everybody.
fn truth(registry: &Registry, number: usize) -> Told {
    let found = registry.seen_by(Access::anonymous()).read(Version::V1p1, Operation::Document, &document(number));
    found.unwrap().map(|json| version(&serde_json::from_str(&json).unwrap(), "/version"))
}

/// What a server says, by one of the ways to ask it.
fn ask(app: &TestApp, number: usize, way: usize) -> Told {
    let (path, member) = match way {
        0 => (format!("/ims/case/v1p1/CFDocuments/{}", document(number)), "/version"),
        1 => (format!("/ims/case/v1p1/CFPackages/{}", document(number)), "/CFDocument/version"),
        _ => (format!("/uri/{}.json", document(number)), "/version"),
    };
    let answer = app.get(&path);
    (answer.status != 404).then(|| version(&answer.expect(200).json(), member))
}

/// Asks until nothing is written any more.
fn read(app: &TestApp, random: &mut Random, done: &AtomicBool) -> Vec<Said> {
    let mut all = Vec::new();
    while !done.load(Ordering::SeqCst) {
        let (number, way) = (random.below(FRAMEWORKS), random.below(3));
        let asked = Instant::now();
        let told = ask(app, number, way);
        all.push(Said { number, asked, answered: Instant::now(), told });
    }
    all
}

/// Whether what was said may have been true within the second before it was asked for, or since.
fn is_fresh(states: &[State], said: &Said) -> bool {
    states.iter().enumerate().any(|(at, state)| {
        let replaced = states.get(at + 1).map(|next| next.noted);
        state.told == said.told
            && state.started <= said.answered
            && replaced.is_none_or(|replaced| replaced + PROMISED > said.asked)
    })
}

fn run(db: &TestDb, writes: usize) {
    let servers = [TestApp::start(db), TestApp::start(db)];
    let registry = db.registry();
    let done = AtomicBool::new(false);
    let seed = uuid::Uuid::new_v4().as_u64_pair().0;
    let begun = Instant::now();
    let mut history: Vec<Vec<State>> =
        (0..FRAMEWORKS).map(|_| vec![State { started: begun, noted: begun, told: None }]).collect();
    let all: Vec<Said> = std::thread::scope(|scope| {
        let readers: Vec<_> = servers
            .iter()
            .zip(1..)
            .map(|(server, number)| {
                let done = &done;
                scope.spawn(move || read(server, &mut Random(seed ^ number), done))
            })
            .collect();
        let mut random = Random(seed);
        let written = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for edition in 0..writes {
                let number = random.below(FRAMEWORKS);
                let started = Instant::now();
                write(&registry, &mut random, number, edition);
                let noted = Instant::now();
                history[number].push(State { started, noted, told: truth(&registry, number) });
            }
        }));
        done.store(true, Ordering::SeqCst);
        let all = readers.into_iter().flat_map(|reader| reader.join().expect("a reader goes on to the end")).collect();
        written.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        all
    });
    assert!(all.len() > writes / 10, "only {} answers", all.len());
    for said in &all {
        assert!(is_fresh(&history[said.number], said), "seed {seed}: f{} was {:?}", said.number, said.told);
    }
    for (number, server) in (0..FRAMEWORKS).flat_map(|number| servers.iter().map(move |server| (number, server))) {
        for way in 0..3 {
            server.until(|| ask(server, number, way) == truth(&registry, number));
        }
    }
}

#[test]
fn a_thousand_random_writes_are_seen_by_both() {
    for db in databases() {
        run(&db, if db.backend == "postgres" { 1_000 } else { 200 });
    }
}
