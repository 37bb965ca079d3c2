//! How often a client may ask, and how often it may come with a wrong token.
//!
//! A client is a token, or else an address: that of the connection or, behind proxies that the
//! configuration trusts, what they say of it. Clients on this machine are not counted, but may not
//! guess either. What is remembered is bounded: a client that has been quiet is forgotten.

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use actix_web::dev::ServiceRequest;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use sha2::{Digest, Sha256};

use crate::config::{Config, Network};

/// How often quiet clients are forgotten, in seconds.
const SWEEP: u64 = 10;
/// How many clients are remembered for having failed, and for not having.
const REMEMBERED: usize = 50_000;
/// How many failed logins are recorded each minute: whoever guesses must not fill the disk.
const RECORDED: NonZeroU32 = match NonZeroU32::new(60) {
    Some(number) => number,
    None => NonZeroU32::MIN,
};

const MINUTE: Duration = Duration::from_secs(60);

/// Whose requests are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Client {
    Address(IpAddr),
    Token(Arc<str>),
}

/// Seconds to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait(pub u64);

/// What is counted, shared by all workers.
pub(crate) struct Limits {
    requests: Option<DefaultKeyedRateLimiter<Client>>,
    started: Instant,
    /// Seconds after the start.
    swept: AtomicU64,
    guesses: Option<Mutex<Guesses>>,
    recorded: DefaultDirectRateLimiter,
    proxies: Vec<Network>,
    told: AtomicBool,
}

impl Limits {
    /// As the configuration says.
    #[must_use]
    pub(crate) fn new(config: &Config) -> Limits {
        let burst = NonZeroU32::new(config.request_burst).unwrap_or(NonZeroU32::MIN);
        let quota = NonZeroU32::new(config.requests_per_second).map(|rate| Quota::per_second(rate).allow_burst(burst));
        let guesses = NonZeroU32::new(config.failed_logins_per_minute).map(Guesses::new);
        Limits {
            requests: quota.map(RateLimiter::keyed),
            started: Instant::now(),
            swept: AtomicU64::new(0),
            guesses: guesses.map(Mutex::new),
            recorded: RateLimiter::direct(Quota::per_minute(RECORDED)),
            proxies: config.trusted_proxies.clone(),
            told: AtomicBool::new(false),
        }
    }

    /// The address of the client that sent a request.
    pub(crate) fn address_of(&self, req: &ServiceRequest) -> IpAddr {
        let peer = req.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
        let mut said = req.headers().get_all("x-forwarded-for").peekable();
        if said.peek().is_none() {
            return peer;
        }
        if !self.trusts(peer) {
            if !self.told.swap(true, Ordering::Relaxed) {
                tracing::warn!(
                    "requests come through a proxy that trusted_proxies does not list: its clients are taken for one"
                );
            }
            return peer;
        }
        let hops = said.filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
        self.last_untrusted(peer, &hops)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.proxies.iter().any(|proxy| proxy.contains(address))
    }

    /// Each proxy adds at the end whom it heard from; the last one that is no proxy of ours is the
    /// client. What it wrote before that itself is not believed.
    fn last_untrusted(&self, peer: IpAddr, hops: &str) -> IpAddr {
        let mut last = peer;
        for hop in hops.rsplit(',') {
            let Some(address) = hop_address(hop.trim()) else { break };
            last = address;
            if !self.trusts(address) {
                break;
            }
        }
        last
    }

    /// Counts a request.
    ///
    /// # Errors
    /// How long to wait, when there were too many.
    pub(crate) fn count(&self, client: Client, address: IpAddr) -> Result<(), Wait> {
        let Some(requests) = &self.requests else { return Ok(()) };
        if address.is_loopback() {
            return Ok(());
        }
        self.sweep(requests);
        let client = match client {
            Client::Address(address) => Client::Address(site(address)),
            token @ Client::Token(_) => token,
        };
        requests.check_key(&client).map_err(|until| {
            let left = until.wait_time_from(DefaultClock::default().now());
            wait(left)
        })
    }

    fn sweep(&self, requests: &DefaultKeyedRateLimiter<Client>) {
        let (now, last) = (self.started.elapsed().as_secs(), self.swept.load(Ordering::Relaxed));
        let is_due = now.saturating_sub(last) >= SWEEP;
        if is_due && self.swept.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            requests.retain_recent();
            requests.shrink_to_fit();
        }
    }

    /// Whether a client may try a secret. One that it came with before, and that was right, it may
    /// always: whoever shares an address with somebody who guesses can go on.
    ///
    /// # Errors
    /// How long to wait, when there were too many wrong ones.
    pub(crate) fn may_try(&self, address: IpAddr, secret: &str) -> Result<(), Wait> {
        let Some(guesses) = self.guesses() else { return Ok(()) };
        match guesses.left(site(address), Instant::now()) {
            Some(left) if !guesses.known.contains(&proof(address, secret)) => Err(wait(left)),
            _ => Ok(()),
        }
    }

    /// Whether a client came with that secret before, and it was right.
    pub(crate) fn is_known(&self, address: IpAddr, secret: &str) -> bool {
        self.guesses().is_some_and(|guesses| guesses.known.contains(&proof(address, secret)))
    }

    /// Remembers that a secret was right.
    pub(crate) fn was_right(&self, address: IpAddr, secret: &str) {
        let Some(mut guesses) = self.guesses() else { return };
        if guesses.known.len() >= REMEMBERED {
            guesses.known.clear();
        }
        guesses.known.insert(proof(address, secret));
    }

    /// Counts a wrong secret.
    ///
    /// # Errors
    /// How long to wait, when there were too many, some of them at this very moment.
    pub(crate) fn was_wrong(&self, address: IpAddr) -> Result<(), Wait> {
        let Some(mut guesses) = self.guesses() else { return Ok(()) };
        let (site, now) = (site(address), Instant::now());
        match guesses.left(site, now) {
            Some(left) => Err(wait(left)),
            None => {
                guesses.count(site, now);
                Ok(())
            }
        }
    }

    /// Whether there is room to record one more failed login.
    pub(crate) fn may_record(&self) -> bool {
        self.recorded.check().is_ok()
    }

    fn guesses(&self) -> Option<MutexGuard<'_, Guesses>> {
        // Nothing in it can be half done.
        self.guesses.as_ref().map(|guesses| guesses.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Wrong secrets, as a bucket for each client that drains by one each `interval`.
struct Guesses {
    interval: Duration,
    /// When each client's bucket will be empty.
    empty_at: HashMap<IpAddr, Instant>,
    /// Who came with a right secret: a hash of both, for it must not be known here.
    known: HashSet<[u8; 32]>,
}

impl Guesses {
    fn new(per_minute: NonZeroU32) -> Guesses {
        Guesses { interval: MINUTE / per_minute.get(), empty_at: HashMap::new(), known: HashSet::new() }
    }

    /// How long the bucket is too full for one more; `None` when it is not.
    fn left(&self, site: IpAddr, now: Instant) -> Option<Duration> {
        let level = self.empty_at.get(&site)?.saturating_duration_since(now);
        (level + self.interval).checked_sub(MINUTE).filter(|over| !over.is_zero())
    }

    fn count(&mut self, site: IpAddr, now: Instant) {
        if self.empty_at.len() >= REMEMBERED {
            self.empty_at.retain(|_, empty_at| *empty_at > now);
        }
        if self.empty_at.len() >= REMEMBERED {
            self.empty_at.clear();
        }
        let empty_at = self.empty_at.entry(site).or_insert(now);
        *empty_at = (*empty_at).max(now) + self.interval;
    }
}

/// An address as it stands in X-Forwarded-For, a port behind it or not.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(address, _)| address);
    let without_port = || hop.rsplit_once(':').map(|(address, _)| address).filter(|address| !address.contains(':'));
    let address = bare.or_else(without_port).unwrap_or(hop);
    address.parse().ok().map(|address: IpAddr| address.to_canonical())
}

/// Those who share it are one client: whoever has an IPv6 address has 2^64 of them.
fn site(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
    }
}

fn proof(address: IpAddr, secret: &str) -> [u8; 32] {
    Sha256::digest(format!("{} {secret}", site(address))).into()
}

/// Whole seconds, at least one: that is what `Retry-After` can say.
fn wait(left: Duration) -> Wait {
    Wait((left.as_secs() + u64::from(left.subsec_nanos() > 0)).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(variables: &'static [(&str, &str)]) -> Limits {
        let environment = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, v)| (*v).to_owned());
        let nowhere = tempfile::tempdir().unwrap();
        let config = Config::load_from(&Default::default(), &Default::default(), &environment, nowhere.path());
        Limits::new(&config.unwrap())
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_hop_that_is_no_proxy_is_the_client() {
        let limits = limits(&[("CASEMENT_TRUSTED_PROXIES", "10.0.0.0/8,::1")]);
        for (hops, expect) in [
            ("203.0.113.7", "203.0.113.7"),
            ("1.1.1.1, 203.0.113.7", "203.0.113.7"),
            ("1.1.1.1, 203.0.113.7, 10.1.1.1", "203.0.113.7"),
            ("1.1.1.1, nonsense, 10.1.1.1", "10.1.1.1"),
            ("nonsense", "10.0.0.1"),
            ("", "10.0.0.1"),
            ("10.3.3.3,10.2.2.2", "10.3.3.3"),
            ("203.0.113.7:4711", "203.0.113.7"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
            ("2001:db8::7", "2001:db8::7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
        ] {
            assert_eq!(limits.last_untrusted(ip("10.0.0.1"), hops), ip(expect), "{hops}");
        }
    }

    #[test]
    fn a_burst_is_let_through_and_no_more() {
        let limits = limits(&[("CASEMENT_REQUESTS_PER_SECOND", "1"), ("CASEMENT_REQUEST_BURST", "3")]);
        let ask = |address: &str| limits.count(Client::Address(ip(address)), ip(address));
        for _ in 0..3 {
            assert_eq!(ask("2001:db8::1"), Ok(()));
        }
        assert_eq!(ask("2001:db8::2"), Err(Wait(1)), "the same site");
        assert_eq!(ask("2001:db8:0:1::1"), Ok(()));
        for _ in 0..9 {
            assert_eq!(ask("127.0.0.1"), Ok(()));
        }
        let token = || limits.count(Client::Token("t".into()), ip("2001:db8::1"));
        assert_eq!((token(), token(), token(), token()), (Ok(()), Ok(()), Ok(()), Err(Wait(1))));
    }

    #[test]
    fn after_some_wrong_secrets_nothing_but_a_known_one_is_tried() {
        let limits = limits(&[("CASEMENT_FAILED_LOGINS_PER_MINUTE", "3")]);
        let (here, there) = (ip("203.0.113.7"), ip("203.0.113.8"));
        limits.was_right(here, "known");
        for _ in 0..3 {
            assert_eq!((limits.may_try(here, "x"), limits.was_wrong(here)), (Ok(()), Ok(())));
        }
        assert_eq!(limits.was_wrong(here), Err(Wait(20)));
        assert_eq!(limits.may_try(here, "x"), Err(Wait(20)));
        assert_eq!(limits.may_try(here, "known"), Ok(()));
        assert_eq!(limits.may_try(there, "x"), Ok(()));
        for _ in 0..3 {
            limits.was_wrong(there).unwrap();
        }
        assert_eq!(limits.may_try(there, "known"), Err(Wait(20)), "known from elsewhere");
    }

    #[test]
    fn a_bucket_drains() {
        let mut guesses = Guesses::new(NonZeroU32::new(10).unwrap());
        let (site, now) = (ip("203.0.113.7"), Instant::now());
        for _ in 0..10 {
            assert_eq!(guesses.left(site, now), None);
            guesses.count(site, now);
        }
        let left = guesses.left(site, now).unwrap();
        assert_eq!(left, Duration::from_secs(6));
        assert_eq!(guesses.left(site, now + left), None);
        assert_eq!(guesses.left(site, now + MINUTE * 2), None);
    }

    #[test]
    fn waiting_is_told_in_whole_seconds() {
        for (milliseconds, seconds) in [(0, 1), (1, 1), (1000, 1), (1001, 2), (6000, 6)] {
            assert_eq!(wait(Duration::from_millis(milliseconds)), Wait(seconds));
        }
    }
}
