//! The type `_socket.socket`.

use std::cell::Cell;
use std::rc::Rc;

use snakelet_macros::{methods, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::files::descriptors::Target;
use snakelet_vm::files::errno::Errno;
use snakelet_vm::files::sockets::{AF_INET, Address, SOCK_STREAM, Socket};
use snakelet_vm::native::ArgBytes;
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::types::memoryview::MemoryView;
use snakelet_vm::types::slice::Slice;
use snakelet_vm::{Native, PyResult, Ref, Value, Vm, VmCell, VmRef};

use super::address::{parse, to_value};
use super::{Defaults, descriptor};

const MSG_PEEK: i64 = 2;
const MSG_DONTWAIT: i64 = 64;
const SOCK_NONBLOCK: i64 = 2048;

/// The payload of sockets.
#[native_type(
    name = "socket",
    module = "_socket",
    doc = "A socket object is one endpoint of a network connection.",
    flags(subclassable)
)]
pub struct SocketObject {
    /// The descriptor, -1 when closed.
    fd: Cell<i32>,
    #[skip_traverse]
    socket: VmCell<Option<Rc<Socket>>>,
    /// Seconds to wait; `None` for ever, 0 not at all.
    #[skip_traverse]
    timeout: Cell<Option<f64>>,
    family: Cell<i64>,
    kind: Cell<i64>,
    proto: Cell<i64>,
}

/// A socket object of its own around a socket of the network.
pub fn around(vm: &Vm, socket: Rc<Socket>) -> PyResult {
    let this = SocketObject::closed();
    let fd = descriptor(vm, socket.clone())?.to_i64().unwrap_or(-1) as i32;
    this.open(vm, fd, socket);
    Ok(this.into_value())
}

impl SocketObject {
    fn closed() -> SocketObject {
        SocketObject {
            fd: Cell::new(-1),
            socket: VmCell::new(None),
            timeout: Cell::new(None),
            family: Cell::new(0),
            kind: Cell::new(0),
            proto: Cell::new(0),
        }
    }

    fn open(&self, vm: &Vm, fd: i32, socket: Rc<Socket>) {
        self.fd.set(fd);
        self.family.set(socket.family);
        self.kind.set(socket.kind);
        self.proto.set(socket.proto);
        self.timeout.set(vm.extension::<Defaults>().timeout.get());
        self.socket.set(Some(socket));
    }

    fn live(&self, vm: &Vm) -> PyResult<Rc<Socket>> {
        // The descriptor may have been closed by its number.
        let is_open = |socket: &Rc<Socket>| {
            let open = vm.descriptors().get(self.fd.get());
            matches!(open, Ok(open) if matches!(&open.target, Target::Socket(other) if Rc::ptr_eq(other, socket)))
        };
        match self.socket.borrow() {
            Some(socket) if is_open(socket) => Ok(socket.clone()),
            _ => Err(vm.os_error(Errno::EBADF, None)),
        }
    }

    fn done<T>(vm: &Vm, result: Result<T, Errno>) -> PyResult<T> {
        result.map_err(|error| vm.os_error(error, None))
    }

    /// Tries until it works or the time is up.
    async fn wait_for<T>(
        &self,
        vm: &Vm,
        flags: i64,
        mut attempt: impl FnMut(&Rc<Socket>) -> Option<Result<T, Errno>>,
    ) -> PyResult<T> {
        let timeout = if flags & MSG_DONTWAIT != 0 { Some(0.0) } else { self.timeout.get() };
        let end = timeout.map(|timeout| vm.host().monotonic() + timeout);
        loop {
            let socket = self.live(vm)?;
            if let Some(result) = attempt(&socket) {
                return SocketObject::done(vm, result);
            }
            if timeout == Some(0.0) {
                return Err(vm.os_error(Errno::EAGAIN, None));
            }
            if end.is_some_and(|end| vm.host().monotonic() >= end) {
                return Err(vm.error(Exc::TimeoutError, "timed out"));
            }
            socket.changed.wait(vm, end).await?;
        }
    }

    async fn receive(&self, vm: &Vm, count: isize, flags: i64) -> PyResult<(Vec<u8>, Option<Address>)> {
        let Ok(count) = usize::try_from(count) else { return Err(vm.value_error("negative buffersize in recv")) };
        self.wait_for(vm, flags, |socket| socket.receive(count, flags & MSG_PEEK != 0)).await
    }

    async fn send_all(&self, vm: &Vm, bytes: &[u8], flags: i64) -> PyResult<()> {
        let mut sent = 0;
        loop {
            sent += self.wait_for(vm, flags, |socket| socket.send(&bytes[sent..], None)).await?;
            if sent >= bytes.len() {
                return Ok(());
            }
            vm.breathe(1).await?;
        }
    }
}

/// Copies what was received into a writable buffer.
async fn store(vm: &Vm, buffer: &Value, bytes: Vec<u8>) -> PyResult<()> {
    let count = Value::from_usize(bytes.len());
    let view = MemoryView::of(vm, buffer)?.into_value();
    let slice = Slice { start: Value::small_int(0), stop: count, step: Value::NONE }.into_value();
    vm.store_item(&view, &slice, &Bytes::new(bytes).into_value()).await
}

/// How many bytes to receive into a buffer.
async fn room(vm: &Vm, buffer: &Value, nbytes: isize) -> PyResult<isize> {
    let Some(length) = ArgBytes::of(buffer).map(|bytes| bytes.len() as isize) else {
        let got = vm.type_name(buffer);
        return Err(vm.type_error(format!("recv_into() argument 1 must be read-write bytes-like object, not {got}")));
    };
    if nbytes < 0 {
        return Err(vm.value_error("negative buffersize in recv_into"));
    }
    if nbytes > length {
        return Err(vm.value_error("buffer too small for requested bytes"));
    }
    Ok(if nbytes == 0 { length } else { nbytes })
}

#[methods]
impl SocketObject {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: snakelet_vm::native::Args<'_>) -> PyResult {
        let _ = args;
        vm.new_instance(cls, SocketObject::closed())
    }

    #[init("socket(self, family=-1, type=-1, proto=-1, fileno=None)")]
    fn init(vm: &Vm, this: &SocketObject, family: i64, kind: i64, proto: i64, fileno: Option<i32>) -> PyResult<()> {
        if let Some(fd) = fileno {
            if fd < 0 {
                return Err(vm.value_error("negative file descriptor"));
            }
            let open = vm.descriptor(fd)?;
            let Target::Socket(socket) = &open.target else {
                return Err(vm.os_error(Errno::from_number(88), None));
            };
            this.open(vm, fd, socket.clone());
            for (given, own) in [(family, &this.family), (kind, &this.kind), (proto, &this.proto)] {
                if given != -1 {
                    own.set(given);
                }
            }
            if !open.blocking.get() {
                this.timeout.set(Some(0.0));
            }
            return Ok(());
        }
        let family = if family == -1 { AF_INET } else { family };
        let kind = if kind == -1 { SOCK_STREAM } else { kind };
        if ![1, 2, 10].contains(&family) {
            return Err(vm.os_error(Errno::from_number(97), None));
        }
        if ![1, 2].contains(&(kind & 0xf)) {
            return Err(vm.os_error(Errno::from_number(94), None));
        }
        let socket = Socket::new(vm, family, kind & 0xf, proto.max(0));
        let fd = descriptor(vm, socket.clone())?.to_i64().unwrap_or(-1) as i32;
        this.open(vm, fd, socket);
        if kind & SOCK_NONBLOCK != 0 {
            this.timeout.set(Some(0.0));
        }
        Ok(())
    }

    #[slot(repr)]
    fn repr(this: &SocketObject) -> String {
        let (family, kind, proto) = (this.family.get(), this.kind.get(), this.proto.get());
        format!("<socket object, fd={}, family={family}, type={kind}, proto={proto}>", this.fd.get())
    }

    #[getter("family")]
    fn family(this: &SocketObject) -> i64 {
        this.family.get()
    }

    #[getter("type")]
    fn kind(this: &SocketObject) -> i64 {
        this.kind.get()
    }

    #[getter("proto")]
    fn proto(this: &SocketObject) -> i64 {
        this.proto.get()
    }

    #[getter("timeout")]
    fn timeout(this: &SocketObject) -> Value {
        this.timeout.get().map_or(Value::NONE, Value::float)
    }

    /// Wait for an incoming connection: its descriptor and the client's address.
    #[method("_accept(self, /)", text = none)]
    async fn accept(vm: VmRef, this: Ref<SocketObject>) -> PyResult {
        let accepted = this.wait_for(&vm, 0, |socket| socket.accept()).await?;
        let from = accepted.remote().map_or(Value::NONE, |address| to_value(&address));
        Ok(Value::from_tuple(vec![descriptor(&vm, accepted)?, from]))
    }

    /// Bind the socket to a local address.
    #[method("bind(self, address, /)", text = none)]
    fn bind(vm: &Vm, this: &SocketObject, address: &Value) -> PyResult<()> {
        let address = parse(vm, this.family.get(), address, "bind")?;
        SocketObject::done(vm, this.live(vm)?.bind(address))
    }

    /// Close the socket. It cannot be used after this call.
    #[method("close(self, /)", text = none)]
    fn close(vm: &Vm, this: &SocketObject) -> PyResult<()> {
        let Some(socket) = this.socket.take() else { return Ok(()) };
        let fd = this.fd.replace(-1);
        // Whoever waits on it is to see that it has gone.
        let closed = vm.descriptors().close(fd);
        socket.changed.wake_all(vm);
        drop(socket);
        SocketObject::done(vm, closed)
    }

    /// Connect the socket to a remote address.
    #[method("connect(self, address, /)", text = none)]
    fn connect(vm: &Vm, this: &SocketObject, address: &Value) -> PyResult<()> {
        let address = parse(vm, this.family.get(), address, "connect")?;
        SocketObject::done(vm, this.live(vm)?.connect(address))
    }

    /// This is like connect(address), but returns an error code instead of raising an exception when an error occurs.
    #[method("connect_ex(self, address, /)", text = none)]
    fn connect_ex(vm: &Vm, this: &SocketObject, address: &Value) -> PyResult<i64> {
        let address = parse(vm, this.family.get(), address, "connect_ex")?;
        Ok(this.live(vm)?.connect(address).map_or_else(|error| error.number().into(), |()| 0))
    }

    /// Close the socket object without closing the underlying descriptor, and return that.
    #[method("detach(self, /)", text = none)]
    fn detach(this: &SocketObject) -> i64 {
        this.socket.set(None);
        this.fd.replace(-1).into()
    }

    /// Return the integer file descriptor of the socket.
    #[method("fileno(self, /)", text = none)]
    fn fileno(this: &SocketObject) -> i64 {
        this.fd.get().into()
    }

    /// Return the address of the remote endpoint.
    #[method("getpeername(self, /)", text = none)]
    fn getpeername(vm: &Vm, this: &SocketObject) -> PyResult {
        match this.live(vm)?.remote() {
            Some(address) => Ok(to_value(&address)),
            None => Err(vm.os_error(Errno::from_number(107), None)),
        }
    }

    /// Return the address of the local endpoint.
    #[method("getsockname(self, /)", text = none)]
    fn getsockname(vm: &Vm, this: &SocketObject) -> PyResult {
        Ok(to_value(&this.live(vm)?.local()))
    }

    /// Get a socket option: an int, or bytes if a buffer size is given.
    #[method("getsockopt(self, level, option, buffersize=0, /)", text = none)]
    fn getsockopt(vm: &Vm, this: &SocketObject, level: i64, option: i64, buffersize: Option<i64>) -> PyResult {
        let socket = this.live(vm)?;
        let set = socket.options.borrow().iter().find(|known| known.0 == level && known.1 == option);
        let value = match (level, option) {
            (1, 3) => socket.kind,
            (1, 30) => socket.is_listening().into(),
            (1, 38) => socket.proto,
            (1, 39) => socket.family,
            (1, 7 | 8) if set.is_none() => 212_992,
            _ => set.map_or(0, |known| known.2),
        };
        Ok(match buffersize {
            Some(size) if size > 0 => {
                let mut bytes = value.to_le_bytes().to_vec();
                bytes.resize(size.clamp(1, 1024) as usize, 0);
                Bytes::new(bytes).into_value()
            }
            _ => Value::from_i64(value),
        })
    }

    /// Set a socket option, which is remembered and changes nothing.
    #[method("setsockopt(self, level, option, value, optlen=0, /)", text = none)]
    fn setsockopt(
        vm: &Vm,
        this: &SocketObject,
        level: i64,
        option: i64,
        value: &Value,
        optlen: Option<i64>,
    ) -> PyResult<()> {
        let _ = optlen;
        let socket = this.live(vm)?;
        let number = value.to_i64().unwrap_or(0);
        let options = socket.options.borrow_mut();
        options.retain(|known| known.0 != level || known.1 != option);
        options.push((level, option, number));
        Ok(())
    }

    /// Enable a server to accept connections.
    #[method("listen(self, backlog=128, /)", text = none)]
    fn listen(vm: &Vm, this: &SocketObject, backlog: Option<i64>) -> PyResult<()> {
        SocketObject::done(vm, this.live(vm)?.listen(backlog.unwrap_or(128)))
    }

    /// Receive up to buffersize bytes. Empty at the end.
    #[method("recv(self, buffersize, flags=0, /)", text = none)]
    async fn recv(vm: VmRef, this: Ref<SocketObject>, buffersize: isize, flags: Option<i64>) -> PyResult {
        let (bytes, _) = this.receive(&vm, buffersize, flags.unwrap_or(0)).await?;
        Ok(Bytes::new(bytes).into_value())
    }

    /// Receive into a buffer; the number of bytes.
    #[method("recv_into(self, buffer, nbytes=0, flags=0)", text = none)]
    async fn recv_into(
        vm: VmRef,
        this: Ref<SocketObject>,
        buffer: Value,
        nbytes: isize,
        flags: i64,
    ) -> PyResult<usize> {
        let count = room(&vm, &buffer, nbytes).await?;
        let (bytes, _) = this.receive(&vm, count, flags).await?;
        let length = bytes.len();
        store(&vm, &buffer, bytes).await?;
        Ok(length)
    }

    /// Like recv(), with the sender's address.
    #[method("recvfrom(self, buffersize, flags=0, /)", text = none)]
    async fn recvfrom(vm: VmRef, this: Ref<SocketObject>, buffersize: isize, flags: Option<i64>) -> PyResult {
        let (bytes, from) = this.receive(&vm, buffersize, flags.unwrap_or(0)).await?;
        let from = from.map_or(Value::NONE, |from| to_value(&from));
        Ok(Value::from_tuple(vec![Bytes::new(bytes).into_value(), from]))
    }

    /// Like recv_into(), with the sender's address.
    #[method("recvfrom_into(self, buffer, nbytes=0, flags=0)", text = none)]
    async fn recvfrom_into(vm: VmRef, this: Ref<SocketObject>, buffer: Value, nbytes: isize, flags: i64) -> PyResult {
        let count = room(&vm, &buffer, nbytes).await?;
        let (bytes, from) = this.receive(&vm, count, flags).await?;
        let length = Value::from_usize(bytes.len());
        store(&vm, &buffer, bytes).await?;
        Ok(Value::from_tuple(vec![length, from.map_or(Value::NONE, |from| to_value(&from))]))
    }

    /// Send data; the number of bytes sent, which may be fewer.
    #[method("send(self, data, flags=0, /)", text = none)]
    async fn send(vm: VmRef, this: Ref<SocketObject>, data: Value, flags: Option<i64>) -> PyResult<usize> {
        let bytes = bytes_of(&vm, &data)?;
        this.wait_for(&vm, flags.unwrap_or(0), |socket| socket.send(&bytes, None)).await
    }

    /// Send all of the data.
    #[method("sendall(self, data, flags=0, /)", text = none)]
    async fn sendall(vm: VmRef, this: Ref<SocketObject>, data: Value, flags: Option<i64>) -> PyResult<()> {
        let bytes = bytes_of(&vm, &data)?;
        this.send_all(&vm, &bytes, flags.unwrap_or(0)).await
    }

    /// Like send(), but to this address; flags may stand before it.
    #[method("sendto(self, data, flags, address=<unrepresentable>, /)", text = none)]
    async fn sendto(
        vm: VmRef,
        this: Ref<SocketObject>,
        data: Value,
        flags: Value,
        address: Option<Value>,
    ) -> PyResult<usize> {
        let bytes = bytes_of(&vm, &data)?;
        let (flags, address) = match address {
            Some(address) => (flags.to_i64().unwrap_or(0), address),
            None => (0, flags),
        };
        let address = parse(&vm, this.family.get(), &address, "sendto")?;
        this.wait_for(&vm, flags, |socket| socket.send(&bytes, Some(&address))).await
    }

    /// Set the socket to blocking or not.
    #[method("setblocking(self, flag, /)", text = none)]
    fn setblocking(vm: &Vm, this: &SocketObject, flag: bool) -> PyResult<()> {
        set_timeout(vm, this, if flag { None } else { Some(0.0) })
    }

    /// Whether the socket blocks.
    #[method("getblocking(self, /)", text = none)]
    fn getblocking(this: &SocketObject) -> bool {
        this.timeout.get() != Some(0.0)
    }

    /// Set the time that operations may take, in seconds; None for any.
    #[method("settimeout(self, timeout, /)", text = none)]
    async fn settimeout(vm: VmRef, this: Ref<SocketObject>, timeout: Value) -> PyResult<()> {
        let timeout = if timeout.is_none() { None } else { Some(vm.float(&timeout).await?) };
        if timeout.is_some_and(|timeout| timeout < 0.0) {
            return Err(vm.value_error("Timeout value out of range"));
        }
        set_timeout(&vm, &this, timeout)
    }

    /// The time that operations may take, None for any.
    #[method("gettimeout(self, /)", text = none)]
    fn gettimeout(this: &SocketObject) -> Value {
        this.timeout.get().map_or(Value::NONE, Value::float)
    }

    /// Shut down the reading side, the writing side or both.
    #[method("shutdown(self, how, /)", text = none)]
    fn shutdown(vm: &Vm, this: &SocketObject, how: i64) -> PyResult<()> {
        SocketObject::done(vm, this.live(vm)?.shutdown(how))
    }

    #[slot(del)]
    fn del(vm: &Vm, this: &SocketObject) -> PyResult {
        if this.socket.take().is_some() {
            let _ = vm.descriptors().close(this.fd.replace(-1));
        }
        Ok(Value::NONE)
    }
}

fn bytes_of(vm: &Vm, data: &Value) -> PyResult<Vec<u8>> {
    match ArgBytes::of(data) {
        Some(bytes) => Ok(bytes.to_vec()),
        None => {
            let got = vm.type_name(data);
            Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")))
        }
    }
}

fn set_timeout(vm: &Vm, this: &SocketObject, timeout: Option<f64>) -> PyResult<()> {
    this.live(vm)?;
    this.timeout.set(timeout);
    if let Ok(open) = vm.descriptors().get(this.fd.get()) {
        open.blocking.set(timeout != Some(0.0));
    }
    Ok(())
}
