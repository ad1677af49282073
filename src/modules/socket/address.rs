//! Addresses as Python writes them, and the names of hosts: localhost is the only one known.

use std::net::IpAddr;

use snakelet_vm::files::sockets::{AF_INET, AF_INET6, AF_UNIX, Address, SOCK_DGRAM, SOCK_STREAM};
use snakelet_vm::native::ArgBytes;
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{Native, PyResult, Raised, Value, Vm};

use super::{SERVICES, gaierror};

/// What getaddrinfo is told about the wanted addresses: family, type, protocol, flags.
type Hints = (i64, i64, i64, i64);

const AI_PASSIVE: i64 = 1;
const NI_NUMERICHOST: i64 = 1;
const NI_NUMERICSERV: i64 = 2;

/// The address of a host in this family, if it is known.
pub fn resolve(host: &str, family: i64) -> Option<IpAddr> {
    let ip = match host {
        "" => return Some(if family == AF_INET6 { [0u8; 16].into() } else { [0u8; 4].into() }),
        "localhost" | "localhost.localdomain" | "ip6-localhost" => {
            return Some(if family == AF_INET6 { 1u128.to_be_bytes().into() } else { [127, 0, 0, 1].into() });
        }
        "<broadcast>" => return Some([255u8; 4].into()),
        numeric => numeric.split('%').next().unwrap_or(numeric).parse::<IpAddr>().ok()?,
    };
    (ip.is_ipv6() == (family == AF_INET6)).then_some(ip)
}

pub fn unknown_host(vm: &Vm) -> Raised {
    gaierror(vm, -2, "Name or service not known (sockets reach only localhost; the outside is for urllib and fetch)")
}

fn text(value: &Value) -> Option<String> {
    match value.as_text() {
        Some(text) => Some(text.to_utf8_lossy().into_owned()),
        None => ArgBytes::of(value).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// A Python address of this family.
pub fn parse(vm: &Vm, family: i64, address: &Value, function: &str) -> PyResult<Address> {
    if family == AF_UNIX {
        return match text(address) {
            Some(path) => Ok(Address::Unix(path.into_bytes())),
            None => {
                let got = vm.type_name(address);
                Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")))
            }
        };
    }
    let kind = if family == AF_INET6 { "AF_INET6" } else { "AF_INET" };
    let Some(tuple) = address.downcast::<Tuple>() else {
        let got = vm.type_name(address);
        return Err(vm.type_error(format!("{function}(): {kind} address must be tuple, not {got}")));
    };
    let (Some(host), Some(port)) = (tuple.items().first(), tuple.items().get(1)) else {
        return Err(vm.type_error(format!("{function}(): {kind} address must be a pair (host, port)")));
    };
    let Some(host) = text(host) else {
        let got = vm.type_name(host);
        return Err(vm.type_error(format!("str, bytes or bytearray expected, not {got}")));
    };
    let Some(port) = port.to_i64() else {
        let got = vm.type_name(port);
        return Err(vm.type_error(format!("'{got}' object cannot be interpreted as an integer")));
    };
    let Ok(port) = u16::try_from(port) else {
        return Err(vm.overflow_error(format!("{function}(): port must be 0-65535.")));
    };
    match resolve(&host, family) {
        Some(ip) => Ok(Address::Internet(ip, port)),
        None => Err(unknown_host(vm)),
    }
}

/// An address as Python sees it.
pub fn to_value(address: &Address) -> Value {
    match address {
        Address::Internet(ip, port) => {
            let mut items = vec![Value::from_str(&ip.to_string()), Value::from_i64((*port).into())];
            if ip.is_ipv6() {
                items.extend([Value::small_int(0), Value::small_int(0)]);
            }
            Value::from_tuple(items)
        }
        Address::Unix(path) if path.first() == Some(&0) => Bytes::new(path.clone()).into_value(),
        Address::Unix(path) => Value::from_str(&String::from_utf8_lossy(path)),
    }
}

/// `getaddrinfo`
pub fn address_info(vm: &Vm, host: &Value, port: &Value, hints: Hints) -> PyResult {
    let (family, kind, proto, flags) = hints;
    let port = if port.is_none() {
        0
    } else if let Some(port) = port.to_i64() {
        match u16::try_from(port) {
            Ok(port) => port,
            Err(_) => return Err(gaierror(vm, -8, "Servname not supported for ai_socktype")),
        }
    } else {
        let name = text(port).unwrap_or_default();
        let known = SERVICES.iter().find(|service| service.0 == name).map(|service| service.1);
        match known.or_else(|| name.parse().ok()) {
            Some(port) => port,
            None => return Err(gaierror(vm, -8, "Servname not supported for ai_socktype")),
        }
    };
    let host = if host.is_none() {
        if flags & AI_PASSIVE != 0 { Some(String::new()) } else { Some("localhost".to_string()) }
    } else {
        text(host)
    };
    let Some(host) = host else {
        return Err(vm.type_error("getaddrinfo() argument 1 must be string or None"));
    };
    let mut found = Vec::new();
    // A name means IPv4 here, unless IPv6 is asked for.
    let families: &[i64] = match family {
        0 if host.contains(':') => &[AF_INET6],
        0 => &[AF_INET],
        AF_INET => &[AF_INET],
        AF_INET6 => &[AF_INET6],
        _ => return Err(gaierror(vm, -6, "ai_family not supported")),
    };
    for &family in families {
        let Some(ip) = resolve(&host, family) else { continue };
        for (own, protocol) in [(SOCK_STREAM, 6), (SOCK_DGRAM, 17), (3, 0)] {
            let wanted = (kind == 0 || kind & 0xf == own) && (proto == 0 || protocol == 0 || proto == protocol);
            if wanted {
                found.push(Value::from_tuple(vec![
                    Value::from_i64(family),
                    Value::from_i64(own),
                    Value::from_i64(protocol),
                    Value::from_str(""),
                    to_value(&Address::Internet(ip, port)),
                ]));
            }
        }
    }
    if found.is_empty() { Err(unknown_host(vm)) } else { Ok(Value::from_list(found)) }
}

/// `getnameinfo`
pub fn name_info(vm: &Vm, address: &Value, flags: i64) -> PyResult {
    let family = match address.downcast::<Tuple>().and_then(|tuple| tuple.items().first()).and_then(text) {
        Some(host) if host.contains(':') => AF_INET6,
        _ => AF_INET,
    };
    let Address::Internet(ip, port) = parse(vm, family, address, "getnameinfo")? else { return Ok(Value::NONE) };
    let host = if ip.is_loopback() && flags & NI_NUMERICHOST == 0 { "localhost".to_string() } else { ip.to_string() };
    let service = SERVICES.iter().find(|service| service.1 == port && flags & NI_NUMERICSERV == 0);
    let service = service.map_or_else(|| port.to_string(), |service| service.0.to_string());
    Ok(Value::from_tuple(vec![Value::from_str(&host), Value::from_str(&service)]))
}
