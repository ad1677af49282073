//! Text streams: `_io.TextIOWrapper`, for the standard streams and for files.

use std::borrow::Cow;
use std::cell::Cell;

use snakelet_macros::{methods, native_type};

use crate::errors::Exc;
use crate::host::Stream;
use crate::object::{Ref, VmCell};
use crate::{PyResult, Value, Vm, VmRef};

/// Where a text stream leads.
pub enum Source {
    /// Output of the embedder.
    Standard(Stream),
    /// Lines that the embedder answers.
    Input,
}

crate::no_references!(Source);

/// The payload of text streams.
#[native_type(name = "TextIOWrapper", module = "_io", flags(subclassable, has_dict, weak_references))]
pub struct TextFile {
    #[skip_traverse]
    pub source: Source,
    pub name: Value,
    pub mode: Value,
    pub errors: Value,
    pub closed: Cell<bool>,
    /// What was read from the embedder and not handed out yet.
    pub pending: VmCell<String>,
}

impl TextFile {
    /// The object behind `sys.stdout` and its like.
    pub fn standard(source: Source) -> TextFile {
        let (name, mode, errors) = match source {
            Source::Standard(Stream::Stdout) => ("<stdout>", "w", "strict"),
            Source::Standard(Stream::Stderr) => ("<stderr>", "w", "backslashreplace"),
            Source::Input => ("<stdin>", "r", "strict"),
        };
        TextFile {
            source,
            name: Value::from_str(name),
            mode: Value::from_str(mode),
            errors: Value::from_str(errors),
            closed: Cell::new(false),
            pending: VmCell::default(),
        }
    }

    /// Whether it is an open standard output stream.
    pub fn is_output(&self) -> bool {
        matches!(self.source, Source::Standard(_)) && !self.closed.get()
    }

    /// Whether it is the open standard input.
    pub fn is_input(&self) -> bool {
        matches!(self.source, Source::Input) && !self.closed.get()
    }

    /// Writes to the embedder's stream.
    pub fn write_standard(&self, vm: &Vm, text: &str) {
        if let Source::Standard(stream) = self.source {
            vm.write(stream, text);
        }
    }

    fn check_open(&self, vm: &Vm) -> PyResult<()> {
        if self.closed.get() { Err(vm.value_error("I/O operation on closed file.")) } else { Ok(()) }
    }

    /// `write(text)`
    pub fn write_text(&self, vm: &Vm, text: &Value) -> PyResult {
        self.check_open(vm)?;
        let Some(len) = text.as_text().map(|text| text.len()) else {
            let got = vm.type_name(text);
            return Err(vm.type_error(format!("write() argument must be str, not {got}")));
        };
        match self.source {
            Source::Standard(Stream::Stderr) => {
                let escaped = text.as_text().map_or(Cow::Borrowed(""), escape_surrogates);
                vm.write(Stream::Stderr, &escaped);
            }
            Source::Standard(stream) => vm.write(stream, &encodable(vm, text)?),
            Source::Input => return Err(not_supported(vm, "not writable")),
        }
        Ok(Value::from_usize(len))
    }
}

/// Text for the error stream, which never fails.
fn escape_surrogates(text: &snakelet_text::Text) -> Cow<'_, str> {
    match text.to_utf8() {
        Ok(text) => text,
        Err(_) => Cow::Owned(
            text.iter()
                .map(|code| char::from_u32(code).map_or_else(|| format!("\\u{code:04x}"), String::from))
                .collect(),
        ),
    }
}

/// A str as UTF-8, or UnicodeEncodeError.
pub fn encodable<'a>(vm: &Vm, text: &'a Value) -> PyResult<Cow<'a, str>> {
    let Some(content) = text.as_text() else { return Ok(Cow::Borrowed("")) };
    content.to_utf8().map_err(|position| {
        let args = vec![
            Value::from_str("utf-8"),
            text.clone(),
            Value::from_usize(position),
            Value::from_usize(position + 1),
            Value::from_str("surrogates not allowed"),
        ];
        vm.error_with_args(Exc::UnicodeEncodeError, args)
    })
}

/// `io.UnsupportedOperation`
pub fn not_supported(vm: &Vm, message: &str) -> crate::Raised {
    vm.error(Exc::OSError, message)
}

#[methods]
impl TextFile {
    /// Write string s to stream and return the number of characters written.
    #[method("write(self, text, /)")]
    fn write(vm: &Vm, this: &TextFile, text: &Value) -> PyResult {
        this.write_text(vm, text)
    }

    /// Write a list of lines to stream; line separators are not added.
    #[method("writelines(self, lines, /)")]
    async fn writelines(vm: VmRef, this: Ref<TextFile>, lines: Value) -> PyResult<()> {
        for line in vm.collect(&lines).await? {
            this.write_text(&vm, &line)?;
        }
        Ok(())
    }

    /// Flush write buffers.
    #[method("flush(self, /)")]
    fn flush(vm: &Vm, this: &TextFile) -> PyResult<()> {
        this.check_open(vm)
    }

    /// Return whether this is an interactive stream.
    #[method("isatty(self, /)")]
    fn isatty(vm: &Vm, this: &TextFile) -> PyResult<bool> {
        this.check_open(vm).map(|()| false)
    }

    /// Read and return one line, with its newline; an empty string at the end.
    #[method("readline(self, size=-1, /)")]
    async fn readline(vm: VmRef, this: Ref<TextFile>, size: isize) -> PyResult<String> {
        this.check_open(&vm)?;
        if !this.is_input() {
            return Err(not_supported(&vm, "not readable"));
        }
        if this.pending.borrow().is_empty() {
            let line = crate::builtins::input::read_line(&vm, String::new()).await?.unwrap_or_default();
            this.pending.set(line);
        }
        let mut line = this.pending.take();
        let end = line.find('\n').map_or(line.len(), |at| at + 1);
        let limit =
            line.char_indices().nth(usize::try_from(size).unwrap_or(usize::MAX)).map_or(line.len(), |(at, _)| at);
        let rest = line.split_off(end.min(limit));
        this.pending.set(rest);
        Ok(line)
    }

    /// Close the stream. Further operations raise ValueError.
    #[method("close(self, /)")]
    fn close(this: &TextFile) {
        this.closed.set(true);
    }

    /// Return whether object was opened for reading.
    #[method("readable(self, /)")]
    fn readable(vm: &Vm, this: &TextFile) -> PyResult<bool> {
        this.check_open(vm).map(|()| matches!(this.source, Source::Input))
    }

    /// Return whether object was opened for writing.
    #[method("writable(self, /)")]
    fn writable(vm: &Vm, this: &TextFile) -> PyResult<bool> {
        this.check_open(vm).map(|()| !matches!(this.source, Source::Input))
    }

    #[getter("name")]
    fn name(this: &TextFile) -> Value {
        this.name.clone()
    }

    #[getter("mode")]
    fn mode(this: &TextFile) -> Value {
        this.mode.clone()
    }

    /// Encoding of the text stream.
    #[getter("encoding")]
    fn encoding(this: &TextFile) -> &'static str {
        let _ = this;
        "utf-8"
    }

    /// How encoding errors are handled.
    #[getter("errors")]
    fn errors(this: &TextFile) -> Value {
        this.errors.clone()
    }

    #[getter("closed")]
    fn closed(this: &TextFile) -> bool {
        this.closed.get()
    }

    #[slot(repr)]
    fn repr(this: &TextFile) -> String {
        let text = |value: &Value| value.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
        format!("<_io.TextIOWrapper name='{}' mode='{}' encoding='utf-8'>", text(&this.name), text(&this.mode))
    }
}
