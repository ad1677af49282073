//! `open`: from a path and a mode to a stream.

use std::rc::Rc;

use super::binary::Binary;
use super::descriptors::{Handle, OpenFile, Target};
use super::errno::Errno;
use super::stream::{Class, State};
use super::text::{Newline, TextLayer, check_encoding, is_direct, set_mode};
use super::{Node, Trail};
use crate::errors::Exc;
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

    /// As flags of `os.open`.
    fn flags(self) -> i64 {
        let access = match (self.kind, self.plus) {
            (_, true) => flags::READ_WRITE,
            ('r', false) => 0,
            _ => flags::WRITE_ONLY,
        };
        let more = match self.kind {
            'w' => flags::CREATE | flags::TRUNCATE,
            'x' => flags::CREATE | flags::EXCLUSIVE,
            'a' => flags::CREATE | flags::APPEND,
            _ => 0,
        };
        access | more | flags::CLOSE_ON_EXEC
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

/// Flags of `os.open`, with Linux's numbers.
pub mod flags {
    pub const WRITE_ONLY: i64 = 1;
    pub const READ_WRITE: i64 = 2;
    pub const CREATE: i64 = 0o100;
    pub const EXCLUSIVE: i64 = 0o200;
    pub const TRUNCATE: i64 = 0o1000;
    pub const APPEND: i64 = 0o2000;
    pub const NON_BLOCKING: i64 = 0o4000;
    pub const DIRECTORY: i64 = 0o200_000;
    pub const NO_FOLLOW: i64 = 0o400_000;
    pub const CLOSE_ON_EXEC: i64 = 0o2_000_000;
}

/// Opens what is at a path.
pub fn open_path(vm: &Vm, base: Option<&Trail>, path: &str, wanted: i64, mode: u32) -> Result<OpenFile, Errno> {
    let files = vm.files();
    files.set_time(vm.host().time());
    let access = wanted & 3;
    let (readable, writable) = (access != flags::WRITE_ONLY, access != 0);
    let has = |flag: i64| wanted & flag != 0;
    let follow = !has(flags::NO_FOLLOW);
    let target = if has(flags::CREATE) {
        if !follow && matches!(files.find_at(base, path, false), Ok(Node::Link(_))) {
            return Err(Errno::ELOOP);
        }
        Target::File(files.create(base, path, mode, has(flags::EXCLUSIVE))?)
    } else {
        match files.find_at(base, path, follow)? {
            Node::Folder(_) if writable => return Err(Errno::EISDIR),
            Node::Folder(_) => Target::Folder(files.folder_at(base, path)?),
            Node::File(_) if has(flags::DIRECTORY) => return Err(Errno::ENOTDIR),
            Node::File(file) => Target::File(file),
            Node::Link(_) => return Err(Errno::ELOOP),
        }
    };
    if let Target::File(file) = &target
        && has(flags::TRUNCATE)
        && writable
    {
        file.bytes.set(Vec::new());
        file.about.touch(vm.host().time());
    }
    let open = OpenFile::new(target, readable, writable, has(flags::APPEND));
    open.blocking.set(!has(flags::NON_BLOCKING));
    Ok(open)
}

/// Opens the file at a path, or takes a file descriptor.
pub async fn open_binary(vm: &Vm, path: &Value, mode: Mode, closefd: bool, opener: &Value) -> PyResult<Binary> {
    if path.as_bool().is_some() {
        crate::errors::warn::warn(vm.handle(), Exc::RuntimeWarning, "bool is used as a file descriptor", 1).await?;
    }
    let (number, owned) = if path.is_int() {
        match path.to_i64().and_then(|number| i32::try_from(number).ok()) {
            Some(number) if number < 0 => return Err(vm.value_error("negative file descriptor")),
            Some(number) => (number, closefd),
            None => return Err(vm.overflow_error("Python int too large to convert to C int")),
        }
    } else if !closefd {
        return Err(vm.value_error("Cannot use closefd=False with file name"));
    } else if !opener.is_none() {
        let given = vm.call(opener, vec![path.clone(), Value::from_i64(mode.flags())]).await?;
        match given.to_i64().filter(|_| given.is_int()).map(i32::try_from) {
            Some(Ok(number)) if number >= 0 => (number, true),
            Some(_) => {
                let number = given.to_i64().unwrap_or(-1);
                return Err(vm.value_error(format!("opener returned {number}")));
            }
            None => return Err(vm.type_error("expected integer from opener")),
        }
    } else {
        let text = path_text(vm, path).await?;
        crate::import::fetch_path(vm, None, &text).await?;
        let opened = open_path(vm, None, &text, mode.flags(), 0o666);
        let opened = opened.and_then(|open| match open.target {
            Target::Folder(_) => Err(Errno::EISDIR),
            _ => vm.descriptors().add(Rc::new(open), 0),
        });
        (opened.map_err(|error| vm.os_error(error, Some(path)))?, true)
    };
    let open = vm.descriptor(number)?;
    // A descriptor that was given stays open when it cannot be used.
    let source = open.source().map_err(|error| vm.os_error(error, Some(path)))?;
    let handle = Handle::new(vm, number, owned);
    let mut binary = Binary::new(source, mode.readable(), mode.writable(), path.clone(), mode.shown());
    binary.place.position = open.position.clone();
    binary.place.handle = Some(handle);
    binary.appending = open.appending || mode.kind == 'a';
    if let Target::File(file) = &open.target
        && mode.kind == 'a'
    {
        binary.place.position.set(file.bytes.borrow().len());
    }
    Ok(binary)
}

/// The arguments of `open` beyond file and mode.
pub struct Wishes {
    pub buffering: i64,
    pub encoding: Value,
    pub errors: Value,
    pub newline: Value,
    /// Whether closing the stream closes a descriptor that was given.
    pub closefd: bool,
    /// Makes the descriptor, unless None.
    pub opener: Value,
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
    // The stream is called by the path, not by the object that stands for it.
    let named = match vm.call_special(file, &crate::name!(__fspath__), Vec::new()).await {
        Some(path) if !file.is_int() && file.as_text().is_none() => Some(path?),
        _ => None,
    };
    let named = named.filter(|path| path.as_text().is_some() || ArgBytes::of(path).is_some());
    let file = named.as_ref().unwrap_or(file);
    if binary && wishes.buffering == 1 {
        let message =
            "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used";
        crate::errors::warn::warn(vm.handle(), Exc::RuntimeWarning, message, 1).await?;
    }
    if wishes.buffering < -1 {
        return Err(vm.value_error("invalid buffering size"));
    }
    let state = open_binary(vm, file, parsed, wishes.closefd, &wishes.opener).await?;
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
    if !wishes.errors.is_none() && wishes.errors.as_text().is_none() {
        let got = vm.type_name(&wishes.errors);
        return Err(vm.type_error(format!("open() argument 'errors' must be str or None, not {got}")));
    }
    if !is_direct(&encoding) {
        let lines = Value::bool(wishes.buffering == 1);
        let args = vec![buffered.into_value(), encoding, wishes.errors, wishes.newline, lines];
        let stream = Class::TextIOWrapper.make(super::layers::make(vm, "TextIOWrapper", args).await?);
        set_mode(&stream, mode);
        return Ok(stream.into_value());
    }
    let errors = if wishes.errors.is_none() { Value::from_str("strict") } else { wishes.errors };
    let mut layer = TextLayer::new(buffered, encoding, errors, newline);
    layer.line_buffering = wishes.buffering == 1;
    let stream = Class::TextIOWrapper.make(State::Text(layer));
    set_mode(&stream, mode);
    Ok(stream.into_value())
}
