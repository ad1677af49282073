//! `_socket`: sockets of the session's loopback network (`snakelet_vm::files::sockets`).
//!
//! Everything inside a session can talk to each other through 127.0.0.1, ::1 and AF_UNIX names. The outside cannot be reached
//! by sockets from a page: connecting there is ENETUNREACH, and names other than localhost are not known.

mod address;
mod object;

use std::cell::Cell;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

use snakelet_macros::native_module;
use snakelet_vm::errors::Exc;
use snakelet_vm::files::descriptors::{OpenFile, Target};
use snakelet_vm::files::sockets::{AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_STREAM, Socket};
use snakelet_vm::native::{ArgBytes, ModuleDef};
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::types::class_creation::make_class;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::int_arithmetic::Operand;
use snakelet_vm::types::module::Module;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{Native, PyResult, Raised, Ref, Value, Vm, VmCell};

use address::resolve;
use object::SocketObject;

pub const MODULE: ModuleDef = SocketModule::MODULE;

/// Session state of the module.
#[derive(Default)]
struct Defaults {
    /// `setdefaulttimeout`, negative for none.
    timeout: Cell<Option<f64>>,
    gaierror: VmCell<Value>,
    herror: VmCell<Value>,
}

/// `htons` and the others: the bytes of a number of 16 or 32 bits the other way round.
fn swapped(vm: &Vm, x: &Value, bits: u32) -> PyResult<i64> {
    let Some(number) = Operand::any(x) else {
        let got = vm.type_name(x);
        return Err(vm.type_error(format!("'{got}' object cannot be interpreted as an integer")));
    };
    if number.is_negative() {
        return Err(vm.value_error("Cannot convert negative int"));
    }
    match x.to_i64().filter(|x| x >> bits == 0) {
        Some(x) => Ok((x.swap_bytes() >> (64 - bits)) & ((1 << bits) - 1)),
        None => Err(vm.overflow_error(format!("Python int too large for C uint{bits}_t"))),
    }
}

/// Raises `socket.gaierror`.
fn gaierror(vm: &Vm, number: i64, message: &str) -> Raised {
    let class = vm.extension::<Defaults>().gaierror.get();
    let exception = match class.to_ref::<Type>() {
        Some(class) => snakelet_vm::types::exception::instantiate(
            vm,
            &class,
            vec![Value::from_i64(number), Value::from_str(message)],
        ),
        None => Exc::OSError.instance(vm, vec![Value::from_i64(number), Value::from_str(message)]),
    };
    vm.raise(exception)
}

/// A descriptor for the socket.
fn descriptor(vm: &Vm, socket: Rc<Socket>) -> PyResult {
    vm.new_descriptor(OpenFile::new(Target::Socket(socket), true, true, false))
}

const NAMES: &[(&str, i64)] = &[
    ("AF_UNSPEC", 0),
    ("AF_UNIX", AF_UNIX),
    ("AF_INET", AF_INET),
    ("AF_INET6", AF_INET6),
    ("SOCK_STREAM", SOCK_STREAM),
    ("SOCK_DGRAM", SOCK_DGRAM),
    ("SOCK_RAW", 3),
    ("SOCK_RDM", 4),
    ("SOCK_SEQPACKET", 5),
    ("SOCK_NONBLOCK", 2048),
    ("SOCK_CLOEXEC", 524_288),
    ("SOL_SOCKET", 1),
    ("SOL_IP", 0),
    ("SOL_TCP", 6),
    ("SOL_UDP", 17),
    ("SO_DEBUG", 1),
    ("SO_REUSEADDR", 2),
    ("SO_TYPE", 3),
    ("SO_ERROR", 4),
    ("SO_DONTROUTE", 5),
    ("SO_BROADCAST", 6),
    ("SO_SNDBUF", 7),
    ("SO_RCVBUF", 8),
    ("SO_KEEPALIVE", 9),
    ("SO_OOBINLINE", 10),
    ("SO_LINGER", 13),
    ("SO_REUSEPORT", 15),
    ("SO_RCVLOWAT", 18),
    ("SO_SNDLOWAT", 19),
    ("SO_RCVTIMEO", 20),
    ("SO_SNDTIMEO", 21),
    ("SO_ACCEPTCONN", 30),
    ("SO_PROTOCOL", 38),
    ("SO_DOMAIN", 39),
    ("SOMAXCONN", 4096),
    ("MSG_OOB", 1),
    ("MSG_PEEK", 2),
    ("MSG_DONTROUTE", 4),
    ("MSG_CTRUNC", 8),
    ("MSG_TRUNC", 32),
    ("MSG_DONTWAIT", 64),
    ("MSG_EOR", 128),
    ("MSG_WAITALL", 256),
    ("MSG_NOSIGNAL", 16384),
    ("IPPROTO_IP", 0),
    ("IPPROTO_ICMP", 1),
    ("IPPROTO_TCP", 6),
    ("IPPROTO_UDP", 17),
    ("IPPROTO_IPV6", 41),
    ("IPPROTO_RAW", 255),
    ("IPV6_V6ONLY", 26),
    ("IP_TOS", 1),
    ("IP_TTL", 2),
    ("TCP_NODELAY", 1),
    ("TCP_MAXSEG", 2),
    ("TCP_KEEPIDLE", 4),
    ("TCP_KEEPINTVL", 5),
    ("TCP_KEEPCNT", 6),
    ("INADDR_ANY", 0),
    ("INADDR_BROADCAST", 0xffff_ffff),
    ("INADDR_LOOPBACK", 0x7f00_0001),
    ("INADDR_NONE", 0xffff_ffff),
    ("SHUT_RD", 0),
    ("SHUT_WR", 1),
    ("SHUT_RDWR", 2),
    ("AI_PASSIVE", 1),
    ("AI_CANONNAME", 2),
    ("AI_NUMERICHOST", 4),
    ("AI_V4MAPPED", 8),
    ("AI_ALL", 16),
    ("AI_ADDRCONFIG", 32),
    ("AI_NUMERICSERV", 1024),
    ("NI_NUMERICHOST", 1),
    ("NI_NUMERICSERV", 2),
    ("NI_NOFQDN", 4),
    ("NI_NAMEREQD", 8),
    ("NI_DGRAM", 16),
    ("NI_MAXHOST", 1025),
    ("NI_MAXSERV", 32),
    ("EAI_BADFLAGS", -1),
    ("EAI_NONAME", -2),
    ("EAI_AGAIN", -3),
    ("EAI_FAIL", -4),
    ("EAI_FAMILY", -6),
    ("EAI_SOCKTYPE", -7),
    ("EAI_SERVICE", -8),
    ("EAI_MEMORY", -10),
    ("EAI_SYSTEM", -11),
    ("EAI_NODATA", -5),
];

/// Well-known services by name, port and protocols.
const SERVICES: &[(&str, u16)] = &[
    ("ftp", 21),
    ("ssh", 22),
    ("telnet", 23),
    ("smtp", 25),
    ("daytime", 13),
    ("domain", 53),
    ("http", 80),
    ("pop3", 110),
    ("ntp", 123),
    ("imap2", 143),
    ("https", 443),
    ("imaps", 993),
    ("pop3s", 995),
];

fn shown_ip(ip: IpAddr) -> Value {
    Value::from_str(&ip.to_string())
}

/// Declares module `_socket`.
struct SocketModule;

/// Implementation module for socket operations.
#[native_module("_socket", types = [SocketObject])]
impl SocketModule {
    #[constant("has_ipv6")]
    const HAS_IPV6: bool = true;

    /// Two connected sockets.
    #[function("socketpair(family=1, type=1, proto=0, /)", text = none)]
    fn socketpair(vm: &Vm, family: Option<i64>, kind: Option<i64>, proto: Option<i64>) -> PyResult {
        let (family, kind) = (family.unwrap_or(AF_UNIX), kind.unwrap_or(SOCK_STREAM) & 0xf);
        let (one, other) = Socket::pair(vm, family, kind, proto.unwrap_or(0));
        let pair = [object::around(vm, one)?, object::around(vm, other)?];
        Ok(Value::from_tuple(pair.to_vec()))
    }

    /// Close an integer socket file descriptor.
    #[function("close(fd, /)", text = none)]
    fn close(vm: &Vm, fd: i32) -> PyResult<()> {
        vm.descriptors().close(fd).map_err(|error| vm.os_error(error, None))
    }

    /// Duplicate an integer socket file descriptor.
    #[function("dup(fd, /)", text = none)]
    fn dup(vm: &Vm, fd: i32) -> PyResult {
        let open = vm.descriptor(fd)?;
        match vm.descriptors().add(open, 0) {
            Ok(number) => Ok(Value::from_i64(number.into())),
            Err(error) => Err(vm.os_error(error, None)),
        }
    }

    /// The current host name.
    #[function("gethostname()", text = none)]
    fn gethostname() -> &'static str {
        "localhost"
    }

    #[function("gethostbyname(host, /)", text = none)]
    fn gethostbyname(vm: &Vm, host: String) -> PyResult {
        match resolve(&host, AF_INET) {
            Some(ip) => Ok(shown_ip(ip)),
            None => Err(address::unknown_host(vm)),
        }
    }

    #[function("gethostbyname_ex(host, /)", text = none)]
    fn gethostbyname_ex(vm: &Vm, host: String) -> PyResult {
        let ip = SocketModule::gethostbyname(vm, host.clone())?;
        let empty = Value::from_list(Vec::new());
        Ok(Value::from_tuple(vec![Value::from_str(&host), empty, Value::from_list(vec![ip])]))
    }

    #[function("gethostbyaddr(host, /)", text = none)]
    fn gethostbyaddr(vm: &Vm, host: String) -> PyResult {
        let ip = SocketModule::gethostbyname(vm, host)?;
        let empty = Value::from_list(Vec::new());
        Ok(Value::from_tuple(vec![Value::from_str("localhost"), empty, Value::from_list(vec![ip])]))
    }

    /// Port number of a service.
    #[function("getservbyname(servicename, protocolname=None, /)", text = none)]
    fn getservbyname(vm: &Vm, servicename: String, protocolname: Option<&Value>) -> PyResult<i64> {
        let _ = protocolname;
        match SERVICES.iter().find(|service| service.0 == servicename) {
            Some(service) => Ok(service.1.into()),
            None => Err(vm.error(Exc::OSError, "service/proto not found")),
        }
    }

    #[function("getservbyport(port, protocolname=None, /)", text = none)]
    fn getservbyport(vm: &Vm, port: i64, protocolname: Option<&Value>) -> PyResult {
        let _ = protocolname;
        if u16::try_from(port).is_err() {
            return Err(vm.overflow_error("getservbyport: port must be 0-65535."));
        }
        match SERVICES.iter().find(|service| i64::from(service.1) == port) {
            Some(service) => Ok(Value::from_str(service.0)),
            None => Err(vm.error(Exc::OSError, "port/proto not found")),
        }
    }

    #[function("getprotobyname(name, /)", text = none)]
    fn getprotobyname(vm: &Vm, name: String) -> PyResult<i64> {
        match name.as_str() {
            "ip" => Ok(0),
            "icmp" => Ok(1),
            "tcp" => Ok(6),
            "udp" => Ok(17),
            _ => Err(vm.error(Exc::OSError, "protocol not found")),
        }
    }

    /// The addresses of a host and service: tuples (family, type, proto, canonname, sockaddr).
    #[function("getaddrinfo(host, port, family=0, type=0, proto=0, flags=0)", text = none)]
    fn getaddrinfo(
        vm: &Vm,
        host: &Value,
        port: &Value,
        family: Option<i64>,
        kind: Option<i64>,
        proto: Option<i64>,
        flags: Option<i64>,
    ) -> PyResult {
        let hints = (family.unwrap_or(0), kind.unwrap_or(0), proto.unwrap_or(0), flags.unwrap_or(0));
        address::address_info(vm, host, port, hints)
    }

    /// Host and service of an address.
    #[function("getnameinfo(sockaddr, flags, /)", text = none)]
    fn getnameinfo(vm: &Vm, sockaddr: &Value, flags: i64) -> PyResult {
        address::name_info(vm, sockaddr, flags)
    }

    #[function("getdefaulttimeout()", text = none)]
    fn getdefaulttimeout(vm: &Vm) -> Value {
        vm.extension::<Defaults>().timeout.get().map_or(Value::NONE, Value::float)
    }

    #[function("setdefaulttimeout(timeout, /)", text = none)]
    fn setdefaulttimeout(vm: &Vm, timeout: &Value) -> PyResult<()> {
        let timeout = if timeout.is_none() { None } else { vm.float_now(timeout).transpose()? };
        if timeout.is_some_and(|timeout| timeout < 0.0) {
            return Err(vm.value_error("Timeout value out of range"));
        }
        vm.extension::<Defaults>().timeout.set(timeout);
        Ok(())
    }

    #[function("htons(x, /)", text = none)]
    fn htons(vm: &Vm, x: &Value) -> PyResult<i64> {
        swapped(vm, x, 16)
    }

    #[function("ntohs(x, /)", text = none)]
    fn ntohs(vm: &Vm, x: &Value) -> PyResult<i64> {
        swapped(vm, x, 16)
    }

    #[function("htonl(x, /)", text = none)]
    fn htonl(vm: &Vm, x: &Value) -> PyResult<i64> {
        swapped(vm, x, 32)
    }

    #[function("ntohl(x, /)", text = none)]
    fn ntohl(vm: &Vm, x: &Value) -> PyResult<i64> {
        swapped(vm, x, 32)
    }

    #[function("inet_aton(ip_addr, /)")]
    fn inet_aton(vm: &Vm, ip_addr: String) -> PyResult {
        match ip_addr.parse::<Ipv4Addr>() {
            Ok(ip) => Ok(Bytes::new(ip.octets().to_vec()).into_value()),
            Err(_) => Err(vm.error(Exc::OSError, "illegal IP address string passed to inet_aton")),
        }
    }

    #[function("inet_ntoa(packed_ip, /)")]
    fn inet_ntoa(vm: &Vm, packed_ip: ArgBytes<'_>) -> PyResult {
        match <[u8; 4]>::try_from(&packed_ip[..]) {
            Ok(octets) => Ok(shown_ip(Ipv4Addr::from(octets).into())),
            Err(_) => Err(vm.error(Exc::OSError, "packed IP wrong length")),
        }
    }

    #[function("inet_pton(af, ip, /)", text = none)]
    fn inet_pton(vm: &Vm, af: i64, ip: String) -> PyResult {
        let octets = match af {
            AF_INET => ip.parse::<Ipv4Addr>().ok().map(|ip| ip.octets().to_vec()),
            AF_INET6 => ip.parse::<Ipv6Addr>().ok().map(|ip| ip.octets().to_vec()),
            _ => return Err(vm.os_error(snakelet_vm::files::errno::Errno::from_number(97), None)),
        };
        match octets {
            Some(octets) => Ok(Bytes::new(octets).into_value()),
            None => Err(vm.error(Exc::OSError, "illegal IP address string passed to inet_pton")),
        }
    }

    #[function("inet_ntop(af, packed_ip, /)", text = none)]
    fn inet_ntop(vm: &Vm, af: i64, packed_ip: ArgBytes<'_>) -> PyResult {
        let wrong = || vm.value_error("invalid length of packed IP address string");
        match af {
            AF_INET => Ok(shown_ip(<[u8; 4]>::try_from(&packed_ip[..]).map_err(|_| wrong())?.into())),
            AF_INET6 => Ok(shown_ip(<[u8; 16]>::try_from(&packed_ip[..]).map_err(|_| wrong())?.into())),
            _ => Err(vm.value_error(format!("unknown address family {af}"))),
        }
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let Some(dict) = module.downcast::<Module>().map(|module| module.dict.clone()) else { return Ok(()) };
        for &(name, number) in NAMES {
            dict.set_text(name, Value::from_i64(number));
        }
        dict.set_text("error", Exc::OSError.class().into_value());
        dict.set_text("timeout", Exc::TimeoutError.class().into_value());
        dict.set_text("SocketType", SocketObject::type_object().into_value());
        dict.set_text("CAPI", Value::NONE);
        let vm = vm.handle();
        Err(vm.defer(async move {
            let defaults = vm.extension::<Defaults>();
            for (name, kept) in [("gaierror", &defaults.gaierror), ("herror", &defaults.herror)] {
                let namespace: Ref<Dict> = Dict::new_object();
                namespace.set_text("__module__", Value::from_str("socket"));
                let bases = vec![Exc::OSError.class().into_value()];
                let class =
                    make_class(vm, Type::type_object(), Value::from_str(name), bases, namespace, Vec::new()).await?;
                kept.set(class.clone());
                dict.set_text(name, class);
            }
            Ok(Value::NONE)
        }))
    }
}
