//! `open`: from a path and a mode to a stream.

use std::rc::Rc;

use super::binary::{Binary, Source};
use super::errno::Errno;
use super::stream::{Class, State};
use super::text::{Newline, TextLayer, check_encoding, set_mode};
use super::{File, Node};
use crate::host::Stream;
use crate::native::ArgBytes;
use crate::{PyResult, Value, Vm};

/// What a mode string asks for, `t` and `b` left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mode {
    kind: char,
    plus: bool,
}

impl Mode {
    /// Reads a mode without `t` and `b`.
    pub fn parse(vm: &Vm, mode: &str) -> PyResult<Mode> {
        let kinds: Vec<char> = mode.chars().filter(|c| "rwax".contains(*c)).collect();
        let plus = mode.chars().filter(|&c| c == '+').count();
        if mode.chars().any(|c| !"rwax+".contains(c)) {
            return Err(vm.value_error(format!("invalid mode: '{mode}'")));
        }
        match kinds[..] {
            [kind] if plus < 2 => Ok(Mode { kind, plus: plus == 1 }),
            _ => Err(vm.value_error("Must have exactly one of create/read/write/append mode and at most one plus")),
        }
    }

    fn readable(self) -> bool {
        self.kind == 'r' || self.plus
    }

    fn writable(self) -> bool {
        self.kind != 'r' || self.plus
    }

    /// As the attribute of a raw stream.
    fn shown(self) -> &'static str {
        match (self.kind, self.plus) {
            ('x', false) => "xb",
            ('x', true) => "xb+",
            ('a', false) => "ab",
            ('a', true) => "ab+",
            ('w', false) => "wb",
            (_, true) => "rb+",
            (_, false) => "rb",
        }
    }
}

/// `os.fspath`: the path as a str (or bytes, decoded).
pub async fn path_text(vm: &Vm, path: &Value) -> PyResult<String> {
    let mut path = path.clone();
    if path.as_text().is_none()
        && ArgBytes::of(&path).is_none()
        && let Some(found) = vm.call_special(&path, &crate::name!(__fspath__), Vec::new()).await
    {
        let given = vm.type_name(&path);
        path = found?;
        if path.as_text().is_none() && ArgBytes::of(&path).is_none() {
            let got = vm.type_name(&path);
            return Err(vm.type_error(format!("expected {given}.__fspath__() to return str or bytes, not {got}")));
        }
    }
    let text = match (path.as_text(), ArgBytes::of(&path)) {
        (Some(text), _) => text.to_utf8_lossy().into_owned(),
        (None, Some(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
        (None, None) => {
            let got = vm.type_name(&path);
            return Err(vm.type_error(format!("expected str, bytes or os.PathLike object, not {got}")));
        }
    };
    if text.contains('\0') {
        return Err(vm.value_error("embedded null character"));
    }
    Ok(text)
}

/// Opens the file at a path, or the standard stream with a number.
pub async fn open_binary(vm: &Vm, path: &Value, mode: Mode) -> PyResult<Binary> {
    if path.is_int() {
        let source = match path.to_i64() {
            Some(0) => Source::Input,
            Some(1) => Source::Standard(Stream::Stdout),
            Some(2) => Source::Standard(Stream::Stderr),
            Some(number) if number < 0 => return Err(vm.value_error("negative file descriptor")),
            _ => return Err(vm.os_error(Errno::EBADF, None)),
        };
        let mut binary = Binary::new(source, mode.readable(), mode.writable(), path.clone(), mode.shown());
        binary.number = path.to_i64().unwrap_or(0) as i32;
        return Ok(binary);
    }
    let text = path_text(vm, path).await?;
    let file = match file_at(vm, &text, mode) {
        Ok(file) => file,
        Err(error) => return Err(vm.os_error(error, Some(path))),
    };
    let mut binary =
        Binary::new(Source::File(file.clone()), mode.readable(), mode.writable(), path.clone(), mode.shown());
    if mode.kind == 'a' {
        binary.appending = true;
        binary.place.position.set(file.bytes.borrow().len());
    }
    Ok(binary)
}

fn file_at(vm: &Vm, path: &str, mode: Mode) -> Result<Rc<File>, Errno> {
    let files = vm.files();
    files.set_time(vm.host().time());
    match mode.kind {
        'r' => match files.find(path)? {
            Node::File(file) => Ok(file),
            Node::Folder(_) => Err(Errno::EISDIR),
        },
        'x' if files.find(path).is_ok() => Err(Errno::EEXIST),
        'w' => {
            let file = files.create(path)?;
            file.bytes.set(Vec::new());
            Ok(file)
        }
        _ => files.create(path),
    }
}

/// The arguments of `open` beyond file and mode.
pub struct Wishes {
    pub buffering: i64,
    pub encoding: Value,
    pub errors: Value,
    pub newline: Value,
}

/// What the builtin `open` does.
pub async fn open(vm: &Vm, file: &Value, mode: &str, wishes: Wishes) -> PyResult {
    let has = |c: char| mode.contains(c);
    let repeated = mode.chars().enumerate().any(|(at, c)| mode.chars().skip(at + 1).any(|other| other == c));
    if repeated || mode.chars().any(|c| !"rwxabt+".contains(c)) {
        return Err(vm.value_error(format!("invalid mode: '{mode}'")));
    }
    let (binary, text) = (has('b'), has('t'));
    if binary && text {
        return Err(vm.value_error("can't have text and binary mode at once"));
    }
    let kinds = "rwxa".chars().filter(|&c| has(c)).count();
    if kinds > 1 {
        return Err(vm.value_error("must have exactly one of create/read/write/append mode"));
    }
    for (name, value) in [("encoding", &wishes.encoding), ("errors", &wishes.errors), ("newline", &wishes.newline)] {
        if binary && !value.is_none() {
            let article = "an";
            let article = if name == "newline" { "a" } else { article };
            return Err(vm.value_error(format!("binary mode doesn't take {article} {name} argument")));
        }
    }
    let parsed = Mode::parse(vm, &mode.replace(['b', 't'], ""))?;
    let state = open_binary(vm, file, parsed).await?;
    if wishes.buffering == 0 {
        if !binary {
            return Err(vm.value_error("can't have unbuffered text I/O"));
        }
        return Ok(Class::FileIO.make(State::Binary(state)).into_value());
    }
    let class = match (parsed.plus, parsed.kind) {
        (true, _) => Class::BufferedRandom,
        (false, 'r') => Class::BufferedReader,
        _ => Class::BufferedWriter,
    };
    let buffered = class.make(State::Binary(state));
    if binary {
        return Ok(buffered.into_value());
    }
    let newline = Newline::parse(vm, &wishes.newline)?;
    let encoding = check_encoding(vm, wishes.encoding, "UTF-8").await?;
    let errors = if wishes.errors.is_none() { Value::from_str("strict") } else { wishes.errors };
    let mut layer = TextLayer::new(buffered, encoding, errors, newline);
    layer.line_buffering = wishes.buffering == 1;
    let stream = Class::TextIOWrapper.make(State::Text(layer));
    set_mode(&stream, mode);
    Ok(stream.into_value())
}
