//! File descriptors: the numbers of what is open, and pipes.
//!
//! A descriptor leads to an [`OpenFile`], which duplicates share, position and all. Streams own their descriptor through a
//! [`Handle`], which gives the number back when the last of them goes.

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use super::binary::Source;
use super::errno::Errno;
use super::sockets::Socket;
use super::{File, Node, Trail};
use crate::host::Stream;
use crate::object::VmCell;
use crate::{PyResult, Value, Vm};

/// Bytes on their way from the writers to the readers.
#[derive(Default)]
pub struct Pipe {
    bytes: VmCell<VecDeque<u8>>,
    readers: Cell<u32>,
    writers: Cell<u32>,
}

/// One end of a pipe.
pub struct PipeEnd {
    pipe: Rc<Pipe>,
    writes: bool,
}

impl PipeEnd {
    /// Both ends of a new pipe: to read from, to write to.
    pub fn pair() -> (Rc<PipeEnd>, Rc<PipeEnd>) {
        let pipe = Rc::new(Pipe { readers: Cell::new(1), writers: Cell::new(1), ..Pipe::default() });
        (Rc::new(PipeEnd { pipe: pipe.clone(), writes: false }), Rc::new(PipeEnd { pipe, writes: true }))
    }

    /// Whether bytes wait, or, at the end that is written to, whether they may be written.
    pub fn is_ready(&self) -> bool {
        if self.writes {
            return true;
        }
        !self.pipe.bytes.borrow().is_empty() || self.pipe.writers.get() == 0
    }

    /// Up to `count` bytes, as soon as there are some; none when all writers have closed.
    pub async fn read(&self, vm: &Vm, count: usize, blocking: bool) -> PyResult<Vec<u8>> {
        loop {
            let bytes = self.pipe.bytes.borrow_mut();
            if !bytes.is_empty() {
                let count = count.min(bytes.len());
                return Ok(bytes.drain(..count).collect());
            }
            if self.pipe.writers.get() == 0 || count == 0 {
                return Ok(Vec::new());
            }
            if !blocking {
                return Err(vm.os_error(Errno::EAGAIN, None));
            }
            if !vm.threads.has_company() {
                // Nobody is left who could write.
                return Err(vm.os_error(Errno::EDEADLK, None));
            }
            vm.breathe(u32::MAX).await?;
        }
    }

    pub fn write(&self, vm: &Vm, written: &[u8]) -> PyResult<()> {
        if self.pipe.readers.get() == 0 {
            return Err(vm.os_error(Errno::EPIPE, None));
        }
        vm.check_memory(written.len())?;
        let bytes = self.pipe.bytes.borrow_mut();
        bytes.try_reserve(written.len()).map_err(|_| vm.memory_error())?;
        bytes.extend(written);
        Ok(())
    }
}

impl Drop for PipeEnd {
    fn drop(&mut self) {
        let count = if self.writes { &self.pipe.writers } else { &self.pipe.readers };
        count.set(count.get() - 1);
    }
}

/// What was opened.
#[derive(Clone)]
pub enum Target {
    File(Rc<File>),
    Folder(Trail),
    Pipe(Rc<PipeEnd>),
    Socket(Rc<Socket>),
    /// The embedder's lines.
    Input,
    /// The embedder's output.
    Standard(Stream),
}

/// Something open, shared by its descriptors.
pub struct OpenFile {
    pub target: Target,
    pub position: Rc<Cell<usize>>,
    pub readable: bool,
    pub writable: bool,
    pub appending: bool,
    pub blocking: Cell<bool>,
}

impl OpenFile {
    pub fn new(target: Target, readable: bool, writable: bool, appending: bool) -> OpenFile {
        let blocking = Cell::new(true);
        OpenFile { target, position: Rc::default(), readable, writable, appending, blocking }
    }

    /// The node, for `fstat`; none for pipes and standard streams.
    pub fn node(&self, vm: &Vm) -> Option<Node> {
        match &self.target {
            Target::File(file) => Some(Node::File(file.clone())),
            Target::Folder(trail) => Some(Node::Folder(trail.folder(vm.files()))),
            _ => None,
        }
    }

    /// What a stream over it reads and writes.
    pub fn source(&self) -> Result<Source, Errno> {
        Ok(match &self.target {
            Target::File(file) => Source::File(file.clone()),
            Target::Folder(_) => return Err(Errno::EISDIR),
            Target::Socket(_) => return Err(Errno::EINVAL),
            Target::Pipe(end) => Source::Pipe(end.clone()),
            Target::Input => Source::Input,
            Target::Standard(stream) => Source::Standard(*stream),
        })
    }
}

struct Entry {
    open: Rc<OpenFile>,
    inheritable: Cell<bool>,
}

/// The table of descriptors.
pub struct Descriptors {
    entries: VmCell<Vec<Option<Entry>>>,
}

/// Numbers from here on are not given out.
const MAX_DESCRIPTORS: usize = 4096;

impl Descriptors {
    fn standard() -> Descriptors {
        let targets = [Target::Input, Target::Standard(Stream::Stdout), Target::Standard(Stream::Stderr)];
        let entries = targets.into_iter().enumerate().map(|(number, target)| {
            let open = Rc::new(OpenFile::new(target, number == 0, number != 0, false));
            Some(Entry { open, inheritable: Cell::new(true) })
        });
        Descriptors { entries: VmCell::new(entries.collect()) }
    }

    /// What descriptor `number` leads to.
    pub fn get(&self, number: i32) -> Result<Rc<OpenFile>, Errno> {
        let entry = usize::try_from(number).ok().and_then(|number| self.entries.borrow().get(number)?.as_ref());
        entry.map(|entry| entry.open.clone()).ok_or(Errno::EBADF)
    }

    /// Gives out the lowest free number, from `from` on.
    pub fn add(&self, open: Rc<OpenFile>, from: usize) -> Result<i32, Errno> {
        let entries = self.entries.borrow_mut();
        let free = entries.iter().skip(from).position(Option::is_none);
        let number = free.map_or(entries.len().max(from), |free| free + from);
        if number >= MAX_DESCRIPTORS {
            return Err(Errno::EMFILE);
        }
        self.set(number, open, false);
        Ok(number as i32)
    }

    fn set(&self, number: usize, open: Rc<OpenFile>, inheritable: bool) {
        let entries = self.entries.borrow_mut();
        if entries.len() <= number {
            entries.resize_with(number + 1, || None);
        }
        let old = entries[number].replace(Entry { open, inheritable: Cell::new(inheritable) });
        drop(old);
    }

    /// `dup2`
    pub fn replace(&self, number: i32, open: Rc<OpenFile>, inheritable: bool) -> Result<(), Errno> {
        match usize::try_from(number) {
            Ok(number) if number < MAX_DESCRIPTORS => {
                self.set(number, open, inheritable);
                Ok(())
            }
            _ => Err(Errno::EBADF),
        }
    }

    pub fn close(&self, number: i32) -> Result<(), Errno> {
        let entries = self.entries.borrow_mut();
        let entry = usize::try_from(number).ok().and_then(|number| entries.get_mut(number)?.take());
        drop(entry.ok_or(Errno::EBADF)?);
        Ok(())
    }

    /// Whether descriptor `number` is to be inherited.
    pub fn inheritable(&self, number: i32) -> Result<&Cell<bool>, Errno> {
        let entry = usize::try_from(number).ok().and_then(|number| self.entries.borrow().get(number)?.as_ref());
        entry.map(|entry| &entry.inheritable).ok_or(Errno::EBADF)
    }
}

/// A stream's hold on its descriptor.
pub struct Handle {
    pub number: i32,
    table: Weak<Descriptors>,
    /// Whether closing the stream closes the descriptor.
    pub owned: Cell<bool>,
}

impl Handle {
    pub fn new(vm: &Vm, number: i32, owned: bool) -> Rc<Handle> {
        let table = Rc::downgrade(&vm.first().extension::<Table>().0);
        Rc::new(Handle { number, table, owned: Cell::new(owned) })
    }

    /// Whether the number still leads to something.
    pub fn is_open(&self) -> bool {
        self.table.upgrade().is_none_or(|table| table.get(self.number).is_ok())
    }

    /// Closes the descriptor, once.
    pub fn close(&self) -> Result<(), Errno> {
        match self.table.upgrade() {
            Some(table) if self.owned.replace(false) => table.close(self.number),
            _ => Ok(()),
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // Whoever closed the descriptor before is not to be told now.
        let _ = self.close();
    }
}

/// The session's table.
pub struct Table(Rc<Descriptors>);

impl Default for Table {
    fn default() -> Table {
        Table(Rc::new(Descriptors::standard()))
    }
}

impl Vm {
    /// The session's file descriptors.
    pub fn descriptors(&self) -> &Descriptors {
        let first: *const Vm = &raw const *self.first();
        // SAFETY: the first interpreter of a session outlives the others.
        unsafe { &(*first).extension::<Table>().0 }
    }

    /// What descriptor `number` leads to, or OSError.
    pub fn descriptor(&self, number: i32) -> PyResult<Rc<OpenFile>> {
        self.descriptors().get(number).map_err(|error| self.os_error(error, None))
    }

    /// A new descriptor as an int.
    pub fn new_descriptor(&self, open: OpenFile) -> PyResult {
        match self.descriptors().add(Rc::new(open), 0) {
            Ok(number) => Ok(Value::from_i64(number.into())),
            Err(error) => Err(self.os_error(error, None)),
        }
    }
}
