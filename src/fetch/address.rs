//! Which addresses may be connected to: public ones, and those that the configuration names.
//!
//! Pure functions on addresses and text; what a name resolves to is `resolve`'s affair.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Whether an address belongs to the public internet: unicast, routed between networks, and no
/// cover for an address that does not.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// What does not belong to the public internet (IANA's special-purpose registry, multicast, and
/// what was never handed out).
const NOT_PUBLIC_V4: [(Ipv4Addr, u8); 16] = [
    (Ipv4Addr::UNSPECIFIED, 8),            // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),       // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),    // carrier-grade NAT; the metadata service of one cloud
    (Ipv4Addr::new(127, 0, 0, 0), 8),      // loopback
    (Ipv4Addr::new(168, 63, 129, 16), 32), // the metadata service of another, at a public address
    (Ipv4Addr::new(169, 254, 0, 0), 16),   // link-local; the metadata service of most
    (Ipv4Addr::new(172, 16, 0, 0), 12),    // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),     // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),     // documentation
    (Ipv4Addr::new(192, 88, 99, 0), 24),   // former relays to IPv6
    (Ipv4Addr::new(192, 168, 0, 0), 16),   // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),    // benchmarks
    (Ipv4Addr::new(198, 51, 100, 0), 24),  // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),   // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4),      // multicast
    (Ipv4Addr::new(240, 0, 0, 0), 4),      // reserved, broadcast
];

/// The same within 2000::/3, outside of which nothing is public but one prefix.
const NOT_PUBLIC_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments, tunnels
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // IPv4 in disguise (6to4)
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let inside = |(network, prefix): &(Ipv4Addr, u8)| within(IpAddr::V4(*network), *prefix, IpAddr::V4(address));
    !NOT_PUBLIC_V4.iter().any(inside)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // Networks without IPv4 reach it under this prefix; what counts is the address behind it.
    if segments.starts_with(&[0x64, 0xff9b, 0, 0, 0, 0]) {
        let [.., a, b, c, d] = address.octets();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    let inside = |(network, prefix): &(Ipv6Addr, u8)| within(IpAddr::V6(*network), *prefix, IpAddr::V6(address));
    let global = within(IpAddr::V6(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0)), 3, IpAddr::V6(address));
    global && !NOT_PUBLIC_V6.iter().any(inside)
}

fn within(network: IpAddr, prefix: u8, address: IpAddr) -> bool {
    let same = |a: u128, b: u128, width: u8| {
        let rest = width.saturating_sub(prefix);
        a.checked_shr(rest.into()).unwrap_or(0) == b.checked_shr(rest.into()).unwrap_or(0)
    };
    match (network, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => same(u32::from(a).into(), u32::from(b).into(), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => same(a.into(), b.into(), 128),
        _ => false,
    }
}

/// Places that may be connected to although they are not public: hosts by name, networks by block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    hosts: Vec<String>,
    blocks: Vec<(IpAddr, u8)>,
}

impl Allowed {
    /// Whether `host`, as the URL has it, may be connected to at `address`.
    #[must_use]
    pub fn permits(&self, host: &str, address: IpAddr) -> bool {
        is_public(address)
            || self.names(host)
            || self.blocks.iter().any(|(network, prefix)| within(*network, *prefix, address))
    }

    /// Whether the host itself is named, or is an address in one of the blocks.
    #[must_use]
    pub fn names(&self, host: &str) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
        let literal: Option<IpAddr> = host.parse().ok();
        let inside = |address| self.blocks.iter().any(|(network, prefix)| within(*network, *prefix, address));
        self.hosts.iter().any(|name| name.eq_ignore_ascii_case(host)) || literal.is_some_and(inside)
    }
}

impl FromStr for Allowed {
    type Err = String;

    /// Host names, addresses and blocks (`10.0.0.0/8`), separated by commas.
    fn from_str(text: &str) -> Result<Allowed, String> {
        let mut allowed = Allowed::default();
        for entry in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let (host, prefix) = entry.split_once('/').map_or((entry, None), |(host, prefix)| (host, Some(prefix)));
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            let width = |address: IpAddr| if address.is_ipv4() { 32 } else { 128 };
            match (bare.parse::<IpAddr>(), prefix) {
                (Ok(address), None) => allowed.blocks.push((address, width(address))),
                (Ok(address), Some(prefix)) => match prefix.parse() {
                    Ok(prefix) if prefix <= width(address) => allowed.blocks.push((address, prefix)),
                    _ => return Err(expected()),
                },
                (Err(_), None) if is_host(bare) => allowed.hosts.push(bare.trim_end_matches('.').to_owned()),
                (Err(_), _) => return Err(expected()),
            }
        }
        Ok(allowed)
    }
}

fn expected() -> String {
    "a list of host names, addresses and blocks such as case.intern.example,10.1.0.0/16,::1".to_owned()
}

fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_public_is_known() {
        for text in [
            // IPv4: the first and last of each block.
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "100.100.100.200",
            "127.0.0.0",
            "127.0.0.1",
            "127.255.255.255",
            "168.63.129.16",
            "169.254.0.0",
            "169.254.169.254",
            "169.254.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.0",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.0",
            "192.168.255.255",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            // IPv6.
            "::",
            "::1",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::",
            "3fff::1",
            "5f00::1",
            "4000::1",
            "8000::1",
            "fc00::1",
            "fd00:ec2::254",
            "fdff:ffff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_public_may_be_reached() {
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "168.63.129.15",
            "168.63.129.17",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.88.98.1",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "198.51.99.1",
            "203.0.112.1",
            "223.255.255.255",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2606:4700:4700::1111",
            "2a00::1",
            "3ffe::1",
            "64:ff9b::808:808",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn the_configuration_may_allow_more() {
        let allowed: Allowed = "Case.Intern.example, 10.1.0.0/16,::1 ,fd12:3456::/32".parse().unwrap();
        for (host, address, permitted) in [
            ("case.intern.example", "192.168.7.7", true),
            ("case.intern.example.", "192.168.7.7", true),
            ("other.example", "192.168.7.7", false),
            ("other.example", "10.1.255.255", true),
            ("other.example", "10.2.0.0", false),
            ("other.example", "::1", true),
            ("other.example", "::2", false),
            ("other.example", "fd12:3456:ffff::1", true),
            ("other.example", "fd12:3457::1", false),
            ("other.example", "::ffff:10.1.0.1", false),
            ("other.example", "8.8.8.8", true),
        ] {
            assert_eq!(allowed.permits(host, address.parse().unwrap()), permitted, "{host} {address}");
        }
        assert!(allowed.names("10.1.2.3") && allowed.names("[::1]") && !allowed.names("10.2.2.3"));
        assert!(!Allowed::default().permits("localhost", "127.0.0.1".parse().unwrap()));
        let everything: Allowed = "0.0.0.0/0,::/0".parse().unwrap();
        assert!(
            everything.permits("h", "127.0.0.1".parse().unwrap()) && everything.permits("h", "::1".parse().unwrap())
        );
    }

    #[test]
    fn a_list_that_is_none_is_refused() {
        for wrong in ["10.0.0.0/33", "::/129", "10.0.0.0/x", "host/8", "a b", "http://h", "10.0.0.0/-1"] {
            assert!(wrong.parse::<Allowed>().is_err(), "{wrong}");
        }
        assert_eq!("".parse::<Allowed>().unwrap(), Allowed::default());
    }
}
