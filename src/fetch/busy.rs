//! Patience with busy servers: how long to wait before asking again, and when to give up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

/// How often a request is made again.
const MOST_ATTEMPTS: u32 = 4;
/// The longest single wait; a server that asks for more is left alone.
const LONGEST: Duration = Duration::from_secs(60);

/// Tells everything that waits or reads to stop. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Tells.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was told.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Waits, unless it was or is told; false then.
    #[must_use]
    pub fn wait(&self, time: Duration) -> bool {
        let end = Instant::now() + time;
        while !self.is_stopped() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            std::thread::sleep(left.min(Duration::from_millis(100)));
        }
        false
    }
}

/// The patience that one request has.
pub(super) struct Patience {
    attempt: u32,
    deadline: Instant,
}

impl Patience {
    pub(super) fn until(deadline: Instant) -> Patience {
        Patience { attempt: 1, deadline }
    }

    /// How long to wait before the next attempt.
    ///
    /// # Errors
    /// The time that the server asks for, when it is too much; or nothing, after too many attempts.
    pub(super) fn next(&mut self, retry_after: Option<&str>) -> Result<Duration, Option<Duration>> {
        if self.attempt >= MOST_ATTEMPTS {
            return Err(None);
        }
        // 1, 2 and 4 seconds, each with up to a quarter more, so that clients do not come in step.
        let backoff = Duration::from_secs(1 << (self.attempt - 1));
        let own = backoff + jitter(backoff / 4);
        self.attempt += 1;
        let asked = retry_after.and_then(|text| delay(text, Utc::now()));
        let wait = asked.unwrap_or(own);
        let left = self.deadline.saturating_duration_since(Instant::now());
        if wait > LONGEST || wait >= left { Err(Some(wait)) } else { Ok(wait) }
    }
}

/// A random time of at most `most`.
pub(super) fn jitter(most: Duration) -> Duration {
    let [a, b, ..] = *uuid::Uuid::new_v4().as_bytes();
    most * u32::from(u16::from_be_bytes([a, b])) / u32::from(u16::MAX)
}

/// A `Retry-After`: seconds, or a time.
fn delay(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let time = DateTime::parse_from_rfc2822(text).ok()?;
    Some((time.to_utc() - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_says_how_long() {
        let now = DateTime::parse_from_rfc3339("2026-11-21T12:00:00Z").unwrap().to_utc();
        for (text, seconds) in [
            ("0", Some(0)),
            (" 17 ", Some(17)),
            ("Sat, 21 Nov 2026 12:00:30 GMT", Some(30)),
            ("Sat, 21 Nov 2026 11:00:00 GMT", Some(0)),
            ("-1", None),
            ("soon", None),
        ] {
            assert_eq!(delay(text, now), seconds.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn patience_ends() {
        let far = Instant::now() + Duration::from_secs(3600);
        let mut patience = Patience::until(far);
        for least in [1, 2, 4] {
            let wait = patience.next(None).unwrap();
            assert!(wait >= Duration::from_secs(least) && wait <= Duration::from_millis(least * 1250), "{wait:?}");
        }
        assert_eq!(patience.next(Some("0")), Err(None));
        let too_much = Duration::from_secs(61);
        assert_eq!(Patience::until(far).next(Some("61")), Err(Some(too_much)));
        let soon = Instant::now() + Duration::from_secs(5);
        assert_eq!(Patience::until(soon).next(Some("30")), Err(Some(Duration::from_secs(30))));
    }

    #[test]
    fn who_is_told_to_stop_does_not_wait() {
        let stop = Stop::default();
        assert!(stop.wait(Duration::ZERO));
        stop.clone().stop();
        assert!(!stop.wait(Duration::from_secs(3600)));
    }
}
