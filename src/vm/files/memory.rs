//! `StringIO`: text in memory.

use snakelet_macros::methods;
use snakelet_text::Text;

use super::stream::{Class, IoObject, State};
use super::text::{Newline, size_of};
use crate::errors::Exc;
use crate::{PyResult, Value, Vm};

/// The state of a `StringIO`.
pub struct Memory {
    text: Text,
    /// In characters; may lie beyond the end.
    position: usize,
    newline: Newline,
}

impl Memory {
    /// Writes at the position.
    fn write(&mut self, vm: &Vm, written: &Text) -> PyResult<()> {
        let memory = |_| vm.memory_error();
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

/// What is written, line ends translated as `newline` says.
fn translated(vm: &Vm, text: &Text, newline: Newline) -> PyResult<Text> {
    let clone = || text.try_clone().map_err(|_| vm.memory_error());
    match newline {
        Newline::Universal if text.iter().any(|code| code == '\r' as u32) => {
            Ok(Text::from_str(&text.to_utf8_lossy().replace("\r\n", "\n").replace('\r', "\n")))
        }
        Newline::Cr | Newline::CrLf => {
            let end = newline.written().unwrap_or("\n");
            Ok(Text::from_str(&text.to_utf8_lossy().replace('\n', end)))
        }
        _ => clone(),
    }
}

impl IoObject {
    fn memory(&self, vm: &Vm) -> PyResult<&mut Memory> {
        if self.closed.get() {
            return Err(vm.value_error("I/O operation on closed file"));
        }
        match self.state.borrow_mut() {
            State::Memory(memory) => Ok(memory),
            _ => Err(vm.value_error("I/O operation on uninitialized object")),
        }
    }
}

#[methods(block = STRING_IO)]
impl IoObject {
    #[init("StringIO(self, initial_value='', newline='\\n')")]
    fn init_string(vm: &Vm, this: &IoObject, initial_value: &Value, newline: &Value) -> PyResult<()> {
        let newline = Newline::parse(vm, newline)?;
        let mut memory = Memory { text: Text::new(), position: 0, newline };
        if !initial_value.is_none() {
            let Some(text) = initial_value.as_text() else {
                let got = vm.type_name(initial_value);
                return Err(vm.type_error(format!("initial_value must be str or None, not {got}")));
            };
            memory.text = translated(vm, text, newline)?;
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
    fn string_read(vm: &Vm, this: &IoObject, size: Option<&Value>) -> PyResult {
        let memory = this.memory(vm)?;
        let length = memory.text.len();
        let end = size_of(vm, size)?.map_or(length, |size| memory.position.saturating_add(size).min(length));
        memory.take(vm, end)
    }

    /// Read until newline or the end, at most size characters.
    #[method("readline(self, size=-1, /)")]
    fn string_readline(vm: &Vm, this: &IoObject, size: Option<&Value>) -> PyResult {
        let memory = this.memory(vm)?;
        let limit = size_of(vm, size)?.map_or(usize::MAX, |size| memory.position.saturating_add(size));
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
            Newline::Keep | Newline::Lf => memory.write(vm, text)?,
            newline => {
                let text = translated(vm, text, newline)?;
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
    fn string_newlines(this: &IoObject) -> Value {
        let _ = this;
        Value::NONE
    }

    #[getter("encoding")]
    fn string_encoding(this: &IoObject) -> Value {
        let _ = this;
        Value::NONE
    }

    #[getter("errors")]
    fn string_errors(this: &IoObject) -> Value {
        let _ = this;
        Value::NONE
    }
}
