//! `StringIO`: text in memory.

use snakelet_macros::methods;
use snakelet_text::Text;

use super::stream::{Class, IoObject, State};
use super::text::Newline;
use crate::errors::Exc;
use crate::native::Size;
use crate::types::dict::Dict;
use crate::types::tuple::Tuple;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// The state of a `StringIO`.
pub struct Memory {
    text: Text,
    /// In characters; may lie beyond the end.
    position: usize,
    newline: Newline,
    /// Kinds of line ends that were written, while somebody looks: 1 `\r`, 2 `\n`, 4 `\r\n`.
    seen: u8,
}

impl Memory {
    /// Writes at the position.
    fn write(&mut self, vm: &Vm, written: &Text) -> PyResult<()> {
        let memory = |_| vm.memory_error();
        if written.is_empty() {
            return Ok(());
        }
        vm.check_memory(written.len().saturating_mul(written.kind().width()))?;
        if self.position > self.text.len() {
            let gap = self.position - self.text.len();
            vm.check_memory(gap)?;
            self.text.push_repeated(0, gap).map_err(memory)?;
        }
        if self.position == self.text.len() {
            self.text.push_text(written).map_err(memory)?;
        } else {
            let end = (self.position + written.len()).min(self.text.len());
            let mut text = self.text.slice(0, self.position).map_err(memory)?;
            text.push_text(written).map_err(memory)?;
            text.push_slice(&self.text, end, self.text.len()).map_err(memory)?;
            self.text = text;
        }
        self.position += written.len();
        Ok(())
    }

    fn take(&mut self, vm: &Vm, end: usize) -> PyResult {
        let start = self.position.min(self.text.len());
        let piece = self.text.slice(start, end.max(start)).map_err(|_| vm.memory_error())?;
        if end > start {
            self.position = end;
        }
        Ok(Value::from_text(piece))
    }

    /// Where the line at the position ends.
    fn line_end(&self) -> usize {
        let (mut at, length) = (self.position, self.text.len());
        while at < length {
            let code = self.text.get(at);
            at += 1;
            match self.newline {
                Newline::Keep if code == Some('\r' as u32) => {
                    return if self.text.get(at) == Some('\n' as u32) { at + 1 } else { at };
                }
                Newline::Cr if code == Some('\r' as u32) => return at,
                Newline::CrLf if code == Some('\n' as u32) && at >= 2 && self.text.get(at - 2) == Some('\r' as u32) => {
                    return at;
                }
                Newline::Cr | Newline::CrLf => {}
                _ if code == Some('\n' as u32) => return at,
                _ => {}
            }
        }
        length
    }
}

/// What is written, line ends translated as `newline` says; notes in `seen` which there were.
fn translated(vm: &Vm, text: &Text, newline: Newline, seen: &mut u8) -> PyResult<Text> {
    if matches!(newline, Newline::Universal | Newline::Keep) {
        let mut after_cr = false;
        for code in text.iter() {
            *seen |= match (after_cr, code == '\n' as u32) {
                (true, true) => 4,
                (true, false) => 1,
                (false, true) => 2,
                (false, false) => 0,
            };
            after_cr = code == '\r' as u32;
        }
        *seen |= after_cr as u8;
    }
    let (from, to): (&[&str], &str) = match newline {
        Newline::Universal => (&["\r\n", "\r"], "\n"),
        Newline::Cr | Newline::CrLf => (&["\n"], newline.written().unwrap_or("\n")),
        _ => (&[], ""),
    };
    let mut result = text.try_clone().map_err(|_| vm.memory_error())?;
    for &end in from {
        result = replaced(vm, &result, end.as_bytes(), to)?;
    }
    Ok(result)
}

fn replaced(vm: &Vm, text: &Text, from: &[u8], to: &str) -> PyResult<Text> {
    let (mut out, to) = (Text::new(), Text::from_str(to));
    let (mut start, mut at, memory) = (0, 0, |_| vm.memory_error());
    while at + from.len() <= text.len() {
        if from.iter().enumerate().all(|(offset, &byte)| text.get(at + offset) == Some(byte.into())) {
            out.push_slice(text, start, at).map_err(memory)?;
            out.push_text(&to).map_err(memory)?;
            at += from.len();
            start = at;
        } else {
            at += 1;
        }
    }
    out.push_slice(text, start, text.len()).map_err(memory)?;
    Ok(out)
}

/// A copy of the attributes that a program gave to a stream, or None.
pub async fn attributes(vm: &Vm, this: &Ref<IoObject>) -> PyResult {
    let dict = vm.attr(this.as_value(), "__dict__").await?;
    super::layers::call(vm, &dict, "copy", Vec::new()).await
}

/// Gives a stream the attributes that were saved.
pub async fn set_attributes(vm: &Vm, this: &Ref<IoObject>, attributes: &Value) -> PyResult<()> {
    if attributes.is_none() {
        return Ok(());
    }
    if attributes.downcast::<Dict>().is_none() {
        let got = vm.type_name(attributes);
        return Err(vm.type_error(format!("fourth item of state should be a dict, got a {got}")));
    }
    let dict = vm.attr(this.as_value(), "__dict__").await?;
    super::layers::call(vm, &dict, "update", vec![attributes.clone()]).await.map(drop)
}

/// The TypeError for what `__setstate__` cannot use.
#[cold]
pub fn bad_state(vm: &Vm, this: &Ref<IoObject>, state: &Value, items: u8) -> crate::Raised {
    let (class, got) = (vm.type_name(this.as_value()), vm.type_name(state));
    vm.type_error(format!("{class}.__setstate__ argument should be {items}-tuple, got {got}"))
}

/// The position in a state that was saved.
pub fn position(vm: &Vm, position: &Value) -> PyResult<usize> {
    match position.to_i64().filter(|_| position.is_int()).map(usize::try_from) {
        Some(Ok(position)) => Ok(position),
        Some(Err(_)) => Err(vm.value_error("position value cannot be negative")),
        None => {
            let got = vm.type_name(position);
            Err(vm.type_error(format!("third item of state must be an integer, got {got}")))
        }
    }
}

impl IoObject {
    fn memory(&self, vm: &Vm) -> PyResult<&mut Memory> {
        if self.closed.get() {
            return Err(vm.value_error("I/O operation on closed file"));
        }
        match self.state.borrow_mut() {
            State::Memory(memory) => Ok(memory),
            _ => Err(self.not_ready(vm)),
        }
    }
}

#[methods(block = STRING_IO)]
impl IoObject {
    #[init("StringIO(self, initial_value='', newline='\\n')")]
    fn init_string(vm: &Vm, this: &IoObject, initial_value: &Value, newline: &Value) -> PyResult<()> {
        let newline = Newline::parse(vm, newline)?;
        let mut memory = Memory { text: Text::new(), position: 0, newline, seen: 0 };
        if !initial_value.is_none() {
            let Some(text) = initial_value.as_text() else {
                let got = vm.type_name(initial_value);
                return Err(vm.type_error(format!("initial_value must be str or None, not {got}")));
            };
            memory.text = translated(vm, text, newline, &mut memory.seen)?;
        }
        this.state.set(State::Memory(memory));
        this.closed.set(false);
        Ok(())
    }

    /// Retrieve the entire contents of the object.
    #[method("getvalue(self, /)")]
    fn text_value(vm: &Vm, this: &IoObject) -> PyResult {
        let memory = this.memory(vm)?;
        vm.new_text(memory.text.try_clone())
    }

    /// Read at most size characters; everything if size is negative or None.
    #[method("read(self, size=-1, /)")]
    fn string_read(vm: &Vm, this: &IoObject, size: Option<Size>) -> PyResult {
        let memory = this.memory(vm)?;
        let length = memory.text.len();
        let end = Size::limit(size).map_or(length, |size| memory.position.saturating_add(size).min(length));
        memory.take(vm, end)
    }

    /// Read until newline or the end, at most size characters.
    #[method("readline(self, size=-1, /)")]
    fn string_readline(vm: &Vm, this: &IoObject, size: Option<Size>) -> PyResult {
        let memory = this.memory(vm)?;
        let limit = Size::limit(size).map_or(usize::MAX, |size| memory.position.saturating_add(size));
        let end = memory.line_end().min(limit);
        memory.take(vm, end)
    }

    #[slot(next)]
    fn string_next(vm: &Vm, this: &Value) -> PyResult {
        let Some(stream) = this.downcast::<IoObject>() else { return Ok(Value::UNBOUND) };
        let end = |line: Value| if line.as_text().is_some_and(Text::is_empty) { Value::UNBOUND } else { line };
        if stream.is_exactly(this, Class::StringIO) {
            let memory = stream.memory(vm)?;
            let line = memory.line_end();
            return memory.take(vm, line).map(end);
        }
        let (vm, this) = (vm.handle(), this.clone());
        Err(vm.defer(async move {
            let readline = vm.attr(&this, "readline").await?;
            vm.call(&readline, Vec::new()).await.map(end)
        }))
    }

    /// Write string s and return the number of characters written.
    #[method("write(self, s, /)")]
    fn string_write(vm: &Vm, this: &IoObject, s: &Value) -> PyResult<usize> {
        let Some(text) = s.as_text() else {
            let got = vm.type_name(s);
            return Err(vm.type_error(format!("string argument expected, got '{got}'")));
        };
        let memory = this.memory(vm)?;
        match memory.newline {
            Newline::Lf => memory.write(vm, text)?,
            newline => {
                let text = translated(vm, text, newline, &mut memory.seen)?;
                memory.write(vm, &text)?;
            }
        }
        Ok(text.len())
    }

    /// Change the position, and return the new one.
    #[method("seek(self, pos, whence=0, /)")]
    fn string_seek(vm: &Vm, this: &IoObject, pos: i64, whence: i64) -> PyResult<usize> {
        let memory = this.memory(vm)?;
        let target = match whence {
            0 => match usize::try_from(pos) {
                Ok(pos) => pos,
                Err(_) => return Err(vm.value_error(format!("Negative seek position {pos}"))),
            },
            1 | 2 if pos != 0 => {
                return Err(vm.error(
                    Exc::OSError,
                    if whence == 1 {
                        "Can't do nonzero cur-relative seeks"
                    } else {
                        "Can't do nonzero end-relative seeks"
                    },
                ));
            }
            1 => memory.position,
            2 => memory.text.len(),
            _ => return Err(vm.value_error(format!("Invalid whence ({whence}, should be 0, 1 or 2)"))),
        };
        memory.position = target;
        Ok(target)
    }

    /// Return the position.
    #[method("tell(self, /)")]
    fn string_tell(vm: &Vm, this: &IoObject) -> PyResult<usize> {
        this.memory(vm).map(|memory| memory.position)
    }

    /// Truncate to pos characters, the current position by default.
    #[method("truncate(self, pos=None, /)")]
    fn string_truncate(vm: &Vm, this: &IoObject, pos: Option<i64>) -> PyResult<usize> {
        let memory = this.memory(vm)?;
        let size = match pos {
            None => memory.position,
            Some(pos) => match usize::try_from(pos) {
                Ok(pos) => pos,
                Err(_) => return Err(vm.value_error(format!("Negative size value {pos}"))),
            },
        };
        if size < memory.text.len() {
            memory.text = memory.text.slice(0, size).map_err(|_| vm.memory_error())?;
        }
        Ok(size)
    }

    /// Close the stream. Further operations raise ValueError.
    #[method("close(self, /)")]
    fn string_close(this: &IoObject) {
        if !this.closed.replace(true)
            && let State::Memory(memory) = this.state.borrow_mut()
        {
            memory.text = Text::new();
        }
    }

    /// Return whether the stream can be read.
    #[method("readable(self, /)")]
    fn string_readable(vm: &Vm, this: &IoObject) -> PyResult<bool> {
        this.memory(vm).map(|_| true)
    }

    /// Return whether the stream can be written.
    #[method("writable(self, /)")]
    fn string_writable(vm: &Vm, this: &IoObject) -> PyResult<bool> {
        this.memory(vm).map(|_| true)
    }

    /// Return whether the position can be changed.
    #[method("seekable(self, /)")]
    fn string_seekable(vm: &Vm, this: &IoObject) -> PyResult<bool> {
        this.memory(vm).map(|_| true)
    }

    #[getter("line_buffering")]
    fn string_line_buffering(vm: &Vm, this: &IoObject) -> PyResult<bool> {
        this.memory(vm).map(|_| false)
    }

    #[getter("newlines")]
    fn string_newlines(vm: &Vm, this: &IoObject) -> PyResult {
        this.memory(vm).map(|memory| super::text::kinds_of_ends(memory.seen))
    }

    #[method("__getstate__(self, /)")]
    async fn string_state(vm: VmRef, this: Ref<IoObject>) -> PyResult {
        let memory = this.memory(&vm)?;
        let text = vm.new_text(memory.text.try_clone())?;
        let (newline, position) = (memory.newline.argument(), Value::from_usize(memory.position));
        let attributes = attributes(&vm, &this).await?;
        Ok(Value::from_tuple(vec![text, newline, position, attributes]))
    }

    #[method("__setstate__(self, state, /)")]
    async fn set_string_state(vm: VmRef, this: Ref<IoObject>, state: Value) -> PyResult<()> {
        if !matches!(this.state.borrow(), State::Plain) {
            this.memory(&vm)?;
        }
        let items = state.downcast::<Tuple>().map(|items| items.items().to_vec());
        let Some([text, newline, at, attributes]) = items.as_deref() else {
            return Err(bad_state(&vm, &this, &state, 4));
        };
        IoObject::init_string(&vm, &this, &Value::NONE, newline)?;
        let at = position(&vm, at)?;
        let memory = this.memory(&vm)?;
        match text.as_text() {
            // It was translated before it was saved.
            Some(text) => {
                translated(&vm, text, memory.newline, &mut memory.seen)?;
                memory.text = text.try_clone().map_err(|_| vm.memory_error())?;
            }
            None => {
                let got = vm.type_name(text);
                return Err(vm.type_error(format!("initial_value must be str or None, not {got}")));
            }
        }
        memory.position = at;
        set_attributes(&vm, &this, attributes).await
    }
}
