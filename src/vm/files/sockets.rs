//! The loopback network: stream and datagram sockets that reach each other inside a session, and nothing outside.
//!
//! Nothing here waits. What cannot be done at once is `None`, and [`Socket::changed`] is the queue of the threads that will try
//! again: every change of a socket wakes all of them.

use std::cell::Cell;
use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::{Rc, Weak};

/// Bytes, and for datagrams who sent them.
pub type Received = (Vec<u8>, Option<Address>);

use super::errno::Errno;
use crate::exec::wait::WaitQueue;
use crate::object::VmCell;
use crate::{Vm, VmRef};

pub const AF_UNIX: i64 = 1;
pub const AF_INET: i64 = 2;
pub const AF_INET6: i64 = 10;
pub const SOCK_STREAM: i64 = 1;
pub const SOCK_DGRAM: i64 = 2;

/// How many bytes may be on their way to a socket.
const CAPACITY: usize = 212_992;
/// The first port that is given out to those who don't choose one.
const FIRST_PORT: u16 = 49_152;

/// Where a socket is.
#[derive(Clone, PartialEq, Debug)]
pub enum Address {
    Internet(IpAddr, u16),
    /// A path, which names no file here; empty for none.
    Unix(Vec<u8>),
}

impl Address {
    /// The address of a socket that has none.
    pub fn none(family: i64) -> Address {
        match family {
            AF_INET => Address::Internet(Ipv4Addr::UNSPECIFIED.into(), 0),
            AF_INET6 => Address::Internet(Ipv6Addr::UNSPECIFIED.into(), 0),
            _ => Address::Unix(Vec::new()),
        }
    }

    /// Whether something sent to `self` arrives at a socket bound to `bound`.
    fn reaches(&self, bound: &Address) -> bool {
        match (self, bound) {
            (Address::Internet(to, port), Address::Internet(at, own)) => {
                port == own && (to == at || at.is_unspecified() || to.is_unspecified() && at.is_loopback())
            }
            _ => self == bound,
        }
    }

    /// Whether it is one of this session's own.
    fn is_local(&self) -> bool {
        match self {
            Address::Internet(ip, _) => ip.is_loopback() || ip.is_unspecified(),
            Address::Unix(_) => true,
        }
    }
}

enum State {
    Fresh,
    Listening { limit: usize, waiting: VecDeque<Rc<Socket>> },
    Connected,
}

/// One socket.
pub struct Socket {
    vm: VmRef,
    pub family: i64,
    pub kind: i64,
    pub proto: i64,
    state: VmCell<State>,
    bytes: VmCell<VecDeque<u8>>,
    datagrams: VmCell<VecDeque<(Vec<u8>, Address)>>,
    peer: VmCell<Weak<Socket>>,
    local: VmCell<Option<Address>>,
    remote: VmCell<Option<Address>>,
    /// Nothing more will come.
    ended: Cell<bool>,
    /// The other side has closed without reading everything.
    reset: Cell<bool>,
    /// Something was sent after the other side had closed.
    lost: Cell<bool>,
    /// Nothing more may be sent.
    shut: Cell<bool>,
    pub changed: WaitQueue,
    /// Options as they were set: level, name, value.
    pub options: VmCell<Vec<(i64, i64, i64)>>,
}

/// The sockets that have an address.
#[derive(Default)]
struct Network {
    bound: VmCell<Vec<(i64, Address, Weak<Socket>)>>,
    next_port: Cell<u16>,
}

impl Network {
    fn find(&self, kind: i64, address: &Address) -> Option<Rc<Socket>> {
        let mut bound = self.bound.borrow().iter();
        bound.find(|(own, at, _)| *own == kind && address.reaches(at)).and_then(|(_, _, socket)| socket.upgrade())
    }

    fn free_port(&self) -> u16 {
        let port = self.next_port.get().max(FIRST_PORT);
        self.next_port.set(port.checked_add(1).unwrap_or(FIRST_PORT));
        port
    }
}

impl Socket {
    pub fn new(vm: &Vm, family: i64, kind: i64, proto: i64) -> Rc<Socket> {
        Rc::new(Socket {
            vm: vm.handle(),
            family,
            kind,
            proto,
            state: VmCell::new(State::Fresh),
            bytes: VmCell::default(),
            datagrams: VmCell::default(),
            peer: VmCell::default(),
            local: VmCell::new(None),
            remote: VmCell::new(None),
            ended: Cell::new(false),
            reset: Cell::new(false),
            lost: Cell::new(false),
            shut: Cell::new(false),
            changed: WaitQueue::default(),
            options: VmCell::default(),
        })
    }

    /// Two sockets that are connected to each other.
    pub fn pair(vm: &Vm, family: i64, kind: i64, proto: i64) -> (Rc<Socket>, Rc<Socket>) {
        let (one, other) = (Socket::new(vm, family, kind, proto), Socket::new(vm, family, kind, proto));
        join(&one, &other);
        (one, other)
    }

    fn network(&self) -> &Network {
        let first: *const Vm = &raw const *self.vm.first();
        // SAFETY: the first interpreter of a session outlives the others.
        unsafe { (*first).extension::<Network>() }
    }

    /// `getsockname()`
    pub fn local(&self) -> Address {
        self.local.get().unwrap_or_else(|| Address::none(self.family))
    }

    /// `getpeername()`
    pub fn remote(&self) -> Option<Address> {
        if matches!(self.state.borrow(), State::Connected) { self.remote.get() } else { None }
    }

    pub fn is_listening(&self) -> bool {
        matches!(self.state.borrow(), State::Listening { .. })
    }

    pub fn bind(self: &Rc<Socket>, address: Address) -> Result<(), Errno> {
        if self.local.borrow().is_some() {
            return Err(Errno::EINVAL);
        }
        if !address.is_local() {
            return Err(Errno::from_number(99));
        }
        let network = self.network();
        network.bound.borrow_mut().retain(|(_, _, socket)| socket.strong_count() > 0);
        let address = match address {
            Address::Internet(ip, 0) => Address::Internet(ip, network.free_port()),
            other => other,
        };
        let taken = network.bound.borrow().iter().any(|(kind, at, _)| *kind == self.kind && *at == address);
        if taken {
            return Err(Errno::from_number(98));
        }
        if address != Address::Unix(Vec::new()) {
            network.bound.borrow_mut().push((self.kind, address.clone(), Rc::downgrade(self)));
        }
        self.local.set(Some(address));
        Ok(())
    }

    pub fn listen(self: &Rc<Socket>, backlog: i64) -> Result<(), Errno> {
        if self.kind != SOCK_STREAM {
            return Err(Errno::from_number(95));
        }
        if self.local.borrow().is_none() {
            self.bind(Address::none(self.family))?;
        }
        let limit = backlog.clamp(1, 4096) as usize + 128;
        match self.state.borrow_mut() {
            State::Connected => return Err(Errno::EINVAL),
            State::Listening { limit: known, .. } => *known = limit,
            state => *state = State::Listening { limit, waiting: VecDeque::new() },
        }
        Ok(())
    }

    pub fn connect(self: &Rc<Socket>, address: Address) -> Result<(), Errno> {
        if self.kind == SOCK_DGRAM {
            self.bind_somewhere()?;
            self.remote.set(Some(address));
            self.state.set(State::Connected);
            return Ok(());
        }
        match self.state.borrow() {
            State::Connected => return Err(Errno::from_number(106)),
            State::Listening { .. } => return Err(Errno::EINVAL),
            State::Fresh => {}
        }
        if !address.is_local() {
            return Err(Errno::from_number(101));
        }
        let listener = self.network().find(SOCK_STREAM, &address);
        let refused = match &address {
            Address::Unix(_) if listener.is_none() => Errno::ENOENT,
            _ => Errno::from_number(111),
        };
        let listener = listener.ok_or(refused)?;
        let State::Listening { limit, waiting } = listener.state.borrow_mut() else { return Err(refused) };
        if waiting.len() >= *limit {
            return Err(refused);
        }
        self.bind_somewhere()?;
        let server = Socket::new(&self.vm, self.family, self.kind, self.proto);
        let at = match (&address, listener.local()) {
            (Address::Internet(ip, port), _) if ip.is_unspecified() => Address::Internet(loopback(self.family), *port),
            (_, Address::Unix(path)) => Address::Unix(path),
            _ => address.clone(),
        };
        server.local.set(Some(at));
        server.remote.set(Some(self.local()));
        join(self, &server);
        self.remote.set(Some(address));
        waiting.push_back(server);
        listener.changed.wake_all(&self.vm);
        Ok(())
    }

    fn bind_somewhere(self: &Rc<Socket>) -> Result<(), Errno> {
        if self.local.borrow().is_some() || self.family == AF_UNIX {
            return Ok(());
        }
        self.bind(Address::Internet(loopback(self.family), 0))
    }

    /// The next connection that waits.
    pub fn accept(&self) -> Option<Result<Rc<Socket>, Errno>> {
        match self.state.borrow_mut() {
            State::Listening { waiting, .. } => waiting.pop_front().map(Ok),
            _ => Some(Err(Errno::EINVAL)),
        }
    }

    /// Up to `count` bytes, or one datagram's first ones, and who sent it.
    pub fn receive(&self, count: usize, peek: bool) -> Option<Result<Received, Errno>> {
        if self.kind == SOCK_DGRAM {
            let waiting = self.datagrams.borrow_mut();
            let (mut bytes, from) = if peek { waiting.front().cloned() } else { waiting.pop_front() }?;
            bytes.truncate(count);
            return Some(Ok((bytes, Some(from))));
        }
        if !matches!(self.state.borrow(), State::Connected) {
            return Some(Err(Errno::from_number(107)));
        }
        let bytes = self.bytes.borrow_mut();
        if bytes.is_empty() {
            if self.reset.replace(false) {
                return Some(Err(Errno::from_number(104)));
            }
            let over = self.ended.get() || count == 0;
            return over.then(|| Ok((Vec::new(), None)));
        }
        let count = count.min(bytes.len());
        let taken = if peek { bytes.iter().take(count).copied().collect() } else { bytes.drain(..count).collect() };
        if let Some(peer) = self.peer.borrow().upgrade() {
            peer.changed.wake_all(&self.vm);
        }
        Some(Ok((taken, None)))
    }

    /// Sends as many bytes as the other side has room for; a datagram whole.
    pub fn send(self: &Rc<Socket>, bytes: &[u8], to: Option<&Address>) -> Option<Result<usize, Errno>> {
        if self.kind == SOCK_DGRAM {
            return self.send_datagram(bytes, to);
        }
        if !matches!(self.state.borrow(), State::Connected) {
            return Some(Err(Errno::EPIPE));
        }
        let peer = self.peer.borrow().upgrade().filter(|peer| !self.shut.get() && !peer.ended.get());
        let Some(peer) = peer else {
            if !self.shut.get() && self.family != AF_UNIX && !bytes.is_empty() && !self.lost.replace(true) {
                // What is sent first is lost on its way: only the answer says that nobody listens any more.
                return Some(Ok(bytes.len()));
            }
            return Some(Err(if self.reset.replace(false) { Errno::from_number(104) } else { Errno::EPIPE }));
        };
        let waiting = peer.bytes.borrow_mut();
        let room = CAPACITY.saturating_sub(waiting.len());
        if room == 0 && !bytes.is_empty() {
            return None;
        }
        let count = room.min(bytes.len());
        waiting.extend(&bytes[..count]);
        peer.changed.wake_all(&self.vm);
        Some(Ok(count))
    }

    fn send_datagram(self: &Rc<Socket>, bytes: &[u8], to: Option<&Address>) -> Option<Result<usize, Errno>> {
        let target = match to {
            Some(to) if !to.is_local() => return Some(Err(Errno::from_number(101))),
            Some(to) => self.network().find(SOCK_DGRAM, to),
            None => match (self.peer.borrow().upgrade(), self.remote.borrow()) {
                (Some(peer), _) => Some(peer),
                (None, Some(remote)) => self.network().find(SOCK_DGRAM, remote),
                (None, None) => return Some(Err(Errno::from_number(89))),
            },
        };
        if let Err(error) = self.bind_somewhere() {
            return Some(Err(error));
        }
        let Some(target) = target else {
            return Some(if self.family == AF_UNIX { Err(Errno::from_number(111)) } else { Ok(bytes.len()) });
        };
        let waiting = target.datagrams.borrow_mut();
        if waiting.len() >= 1024 {
            return None;
        }
        waiting.push_back((bytes.to_vec(), self.local()));
        target.changed.wake_all(&self.vm);
        Some(Ok(bytes.len()))
    }

    /// Ends one direction or both: 0 to read, 1 to write, 2 both.
    pub fn shutdown(&self, how: i64) -> Result<(), Errno> {
        if !matches!(self.state.borrow(), State::Connected) {
            return Err(Errno::from_number(107));
        }
        if how != 1 {
            self.ended.set(true);
        }
        if how != 0 {
            self.shut.set(true);
            if let Some(peer) = self.peer.borrow().upgrade() {
                peer.ended_by_peer();
            }
        }
        self.changed.wake_all(&self.vm);
        Ok(())
    }

    fn ended_by_peer(&self) {
        self.ended.set(true);
        self.changed.wake_all(&self.vm);
    }

    /// Whether something can be read or accepted without waiting.
    pub fn is_readable(&self) -> bool {
        match self.state.borrow() {
            State::Listening { waiting, .. } => !waiting.is_empty(),
            _ if self.kind == SOCK_DGRAM => !self.datagrams.borrow().is_empty(),
            State::Connected => !self.bytes.borrow().is_empty() || self.ended.get() || self.reset.get(),
            State::Fresh => false,
        }
    }

    /// Whether something can be sent without waiting.
    pub fn is_writable(&self) -> bool {
        match self.state.borrow() {
            State::Listening { .. } => false,
            State::Fresh => self.kind == SOCK_DGRAM,
            State::Connected => match self.peer.borrow().upgrade() {
                Some(peer) if self.kind == SOCK_STREAM => peer.bytes.borrow().len() < CAPACITY,
                _ => true,
            },
        }
    }

    /// Whether the connection is over in both directions.
    pub fn is_hung_up(&self) -> bool {
        match self.state.borrow() {
            State::Fresh => self.kind == SOCK_STREAM,
            State::Connected => self.kind == SOCK_STREAM && self.ended.get() && self.peer.borrow().strong_count() == 0,
            State::Listening { .. } => false,
        }
    }
}

fn loopback(family: i64) -> IpAddr {
    if family == AF_INET6 { Ipv6Addr::LOCALHOST.into() } else { Ipv4Addr::LOCALHOST.into() }
}

fn join(one: &Rc<Socket>, other: &Rc<Socket>) {
    for (socket, peer) in [(one, other), (other, one)] {
        socket.peer.set(Rc::downgrade(peer));
        socket.state.set(State::Connected);
        if socket.remote.borrow().is_none() {
            socket.remote.set(Some(Address::none(socket.family)));
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if let Some(peer) = self.peer.borrow().upgrade() {
            if !self.bytes.borrow().is_empty() {
                peer.reset.set(true);
            }
            peer.ended_by_peer();
        }
    }
}
