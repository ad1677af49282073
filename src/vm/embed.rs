//! What embedders need of values beyond running programs: the names of `__main__`, descriptions of objects, and completion.
//!
//! No Python code runs here. What would need some is described more coarsely or left out.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::errors::report::{ErrorReport, report};
use crate::session::Session;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::method::BoundMethod;
use crate::types::module::Module;
use crate::types::tuple::Tuple;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{PyResult, Ref, Value, Vm};

/// What a Python object can do, as bits of [`Description::abilities`].
pub mod ability {
    pub const CALL: u32 = 1;
    pub const LENGTH: u32 = 2;
    pub const ITEMS: u32 = 4;
    pub const ITERATE: u32 = 8;
    pub const AWAIT: u32 = 16;
    pub const NEXT: u32 = 32;
    pub const BUFFER: u32 = 64;
    pub const SET_ITEMS: u32 = 128;
    pub const CONTAINS: u32 = 256;
    pub const SEQUENCE: u32 = 512;
}

/// An object in words.
pub struct Description {
    /// Its class: with the module, unless that is `builtins` or `__main__`.
    pub class: String,
    /// What it can do, see [`ability`].
    pub abilities: u32,
}

/// The object's class and abilities.
pub fn describe(vm: &Vm, value: &Value) -> Description {
    let class = vm.type_of(value);
    let slots = class.slots();
    let abilities = [
        (slots.call.is_some(), ability::CALL),
        (slots.len.is_some(), ability::LENGTH),
        (slots.getitem.is_some(), ability::ITEMS),
        (slots.iter.is_some() || (slots.getitem.is_some() && class.has_flag(TypeFlags::HEAP)), ability::ITERATE),
        (slots.await_.is_some(), ability::AWAIT),
        (slots.next.is_some(), ability::NEXT),
        (matches!(&*class.name(), "bytes" | "bytearray" | "memoryview" | "array"), ability::BUFFER),
        (slots.setitem.is_some(), ability::SET_ITEMS),
        (slots.contains.is_some(), ability::CONTAINS),
        (is_sequence(class), ability::SEQUENCE),
    ];
    let abilities = abilities.into_iter().filter(|&(has, _)| has).fold(0, |bits, (_, bit)| bits | bit);
    let name = class.name();
    let module = class
        .dict
        .get_text("__module__")
        .and_then(|module| module.as_text().map(|text| text.to_utf8_lossy().into_owned()));
    let class = match module {
        Some(module) if module != "builtins" && module != "__main__" => format!("{module}.{name}"),
        _ => name,
    };
    Description { class, abilities }
}

/// Whether objects of a class are sequences: those that sequence patterns match, and bytes.
fn is_sequence(class: &Type) -> bool {
    let named = |ty: &Ref<Type>| matches!(&*ty.name(), "bytes" | "bytearray" | "array" | "deque");
    class.mro.borrow().iter().any(|ty| (ty.has_flag(TypeFlags::SEQUENCE) || named(ty)) && &*ty.name() != "memoryview")
}

/// `repr(value)` if that needs no Python code, else something like it.
pub fn short_repr(vm: &Vm, value: &Value) -> String {
    match vm.repr_of(value) {
        Ok(text) if text.as_text().is_some() => {
            text.as_text().map(|text| text.to_utf8_lossy().into_owned()).unwrap_or_default()
        }
        Ok(_) => format!("<{} object>", vm.type_of(value).name()),
        Err(_) => {
            // Python code would have to run, or the object is broken.
            if vm.take_deferral().is_none() {
                drop(vm.take_raised());
            }
            format!("<{} object>", vm.type_of(value).name())
        }
    }
}

/// The exception's report, if it needs no Python code.
pub fn report_now(vm: &Vm, exception: &Value) -> Option<ErrorReport> {
    let mut future = pin!(report(vm.handle(), exception));
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(report) => Some(report),
        Poll::Pending => {
            // It asked the loop for something, and nobody will answer.
            vm.request.set(None);
            None
        }
    }
}

/// A set of these members. Fails on members that have no hash or need Python code for it.
pub fn new_set(vm: &Vm, members: Vec<Value>) -> PyResult {
    let set = crate::types::set::set_of(vm, &members)?;
    Ok(set)
}

impl Session {
    /// Writes a file of the session's file system; its folders are made. The error is the system's message.
    pub fn write_file(&self, path: &str, bytes: Vec<u8>) -> Result<(), &'static str> {
        let files = self.vm().files();
        files.set_time(self.vm().host().time());
        if let Some((folder, _)) = path.rsplit_once('/').filter(|(folder, _)| !folder.is_empty()) {
            files.make_folders(folder).map_err(|error| error.message())?;
        }
        files.write(path, bytes).map_err(|error| error.message())
    }

    /// A file's bytes.
    pub fn read_file(&self, path: &str) -> Option<Vec<u8>> {
        self.vm().files().read(path).ok()
    }

    /// The value of a name of `__main__`.
    pub fn global(&self, name: &str) -> Option<Value> {
        self.main_dict().get_text(name)
    }

    pub fn set_global(&self, name: &str, value: Value) {
        self.main_dict().set_text(name, value);
    }

    /// Whether there was such a name.
    pub fn delete_global(&self, name: &str) -> bool {
        self.main_dict().remove_str(&crate::object::intern::intern(name)).is_some()
    }

    /// The names of `__main__`, in the order of their definition.
    pub fn global_names(&self) -> Vec<String> {
        names_of(&self.main_dict())
    }

    /// What can stand at byte `cursor` of `text` in place of the word there: attributes after a dot, modules after `import`,
    /// else keywords, names of `__main__` and builtins. Callables end in a parenthesis.
    pub fn complete(&self, text: &str, cursor: usize) -> Vec<String> {
        let text = text.get(..cursor.min(text.len())).unwrap_or(text);
        let start = text
            .rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
            .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
        let dotted = &text[start..];
        let statement = text[..start].trim_start().rsplit(['\n', ';']).next().unwrap_or_default().trim();
        let mut found: Vec<String> = match dotted.rsplit_once('.') {
            _ if matches!(statement, "import" | "from") => {
                // Only what stands after the last dot is replaced.
                let known = dotted.rfind('.').map_or(0, |at| at + 1);
                names_of(&self.vm().modules)
                    .into_iter()
                    .filter(|name| name.starts_with(dotted))
                    .map(|name| name[known..].to_string())
                    .collect()
            }
            None if imported_from(statement).is_some() => self.names_in(imported_from(statement), dotted),
            Some((path, word)) => {
                self.attributes(path).into_iter().filter(|(name, _)| wanted(name, word)).map(call_form).collect()
            }
            None => self.names(dotted),
        };
        snakelet_text::order::sort(&mut found);
        found.dedup();
        found
    }

    /// The parameters of the innermost call that is open at the end of `text`, with the name of what is called:
    /// `range(start, stop, step)`.
    pub fn signature(&self, text: &str) -> Option<String> {
        let open = open_call(text)?;
        let head = text[..open].trim_end();
        let start = head
            .rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
            .map_or(0, |at| at + head[at..].chars().next().map_or(1, char::len_utf8));
        let path = &head[start..];
        let callee = match path.rsplit_once('.') {
            Some((owner, name)) => self.attributes(owner).into_iter().find(|(found, _)| found == name)?.1,
            None => self.global(path).or_else(|| self.vm().builtins.get_text(path))?,
        };
        let is_method = path.contains('.') && callee.downcast::<Module>().is_none();
        let text = parameters(
            self.vm(),
            &callee,
            is_method && !self.is_module(path.rsplit_once('.').map_or("", |(owner, _)| owner)),
        )?;
        Some(format!("{}{text}", path.rsplit('.').next().unwrap_or(path)))
    }

    fn is_module(&self, path: &str) -> bool {
        let first = path.split('.').next().unwrap_or_default();
        self.global(first)
            .is_some_and(|value| value.downcast::<Module>().is_some() || value.downcast::<Type>().is_some())
            || self.vm().builtins.get_text(first).is_some()
    }

    /// The public names of a loaded module that start with the word.
    fn names_in(&self, module: Option<&str>, word: &str) -> Vec<String> {
        let Some(module) = module.and_then(|name| self.vm().modules.get_text(name)) else { return Vec::new() };
        let names = attributes_of(self.vm(), &module).into_iter().map(|(name, _)| name);
        names.filter(|name| name.starts_with(word) && wanted(name, word)).collect()
    }

    /// Keywords, names of `__main__` and builtins that start with the word.
    fn names(&self, word: &str) -> Vec<String> {
        if word.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<String> =
            KEYWORDS.iter().filter(|name| name.starts_with(word)).map(|name| keyword_form(name)).collect();
        for dict in [&self.main_dict(), &self.vm().builtins] {
            found.extend(
                entries_of(dict)
                    .into_iter()
                    .filter(|(name, _)| name.starts_with(word) && wanted(name, word))
                    .map(call_form),
            );
        }
        found
    }

    /// The attributes of the object behind a dotted name.
    fn attributes(&self, path: &str) -> Vec<(String, Value)> {
        let mut parts = path.split('.');
        let first = parts.next().unwrap_or_default();
        let Some(mut object) = self.global(first).or_else(|| self.vm().builtins.get_text(first)) else {
            return Vec::new();
        };
        for part in parts {
            let Some((_, value)) = attributes_of(self.vm(), &object).into_iter().find(|(name, _)| name == part) else {
                return Vec::new();
            };
            object = value;
        }
        attributes_of(self.vm(), &object)
    }

    fn main_dict(&self) -> Ref<Dict> {
        match self.globals().into_ref::<Dict>() {
            Ok(dict) => dict,
            Err(_) => Dict::new_object(),
        }
    }
}

/// The module of an unfinished `from module import a, b, `.
fn imported_from(statement: &str) -> Option<&str> {
    let (module, names) = statement.strip_prefix("from ")?.trim_start().split_once(" import")?;
    let is_list = names.chars().all(|c| c.is_alphanumeric() || "_,( \t".contains(c));
    (is_list && !module.contains(' ')).then_some(module)
}

/// Where the innermost parenthesis stands that is open at the end of the text. Strings and comments are skipped.
fn open_call(text: &str) -> Option<usize> {
    let mut open = Vec::new();
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(end), c) if c == end => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[' | '{') => open.push((at, c)),
            (None, ')' | ']' | '}') => drop(open.pop()),
            _ => {}
        }
    }
    open.into_iter().rev().find(|&(_, c)| c == '(').map(|(at, _)| at)
}

/// The parameters of a callable as text in parentheses; a method's receiver is left out.
fn parameters(vm: &Vm, callee: &Value, is_method: bool) -> Option<String> {
    use crate::native::{ClassMethodDescriptor, MethodDescriptor, NativeFunction};
    let native = if let Some(function) = callee.downcast::<NativeFunction>() {
        function.def.text.now(vm)
    } else if let Some(method) = callee.downcast::<MethodDescriptor>() {
        method.def.text.now(vm)
    } else if let Some(method) = callee.downcast::<ClassMethodDescriptor>() {
        method.def.text.now(vm)
    } else {
        None
    };
    if let Some(text) = native {
        let text = ["$self, /, ", "$self, ", "$module, /, ", "$module, ", "$type, /, ", "$type, "]
            .iter()
            .find_map(|prefix| text.strip_prefix('(')?.strip_prefix(prefix))
            .map_or_else(|| text.to_string(), |rest| format!("({rest}"));
        return Some(if text == "($self, /)" || text == "($self)" { "()".to_string() } else { text });
    }
    if let Some(class) = callee.downcast::<Type>() {
        let init = class.mro.borrow().iter().find_map(|base| base.dict.get_text("__init__"));
        return match init.filter(|init| init.downcast::<Function>().is_some()) {
            Some(init) => parameters(vm, &init, true),
            None => crate::native::registry::text_signature(class).now(vm).map(str::to_string),
        };
    }
    let (function, skips) = match callee.downcast::<BoundMethod>() {
        Some(method) => (method.function.clone(), true),
        None => (callee.clone(), is_method),
    };
    let function = function.downcast::<Function>()?;
    let code = function.code.borrow().code.clone();
    let names: Vec<&str> = code.varnames.iter().map(|name| &**name).collect();
    let (count, keywords) = (code.arg_count as usize, code.kwonly_count as usize);
    let defaults = function.defaults.borrow().downcast::<Tuple>().map_or(0, |tuple| tuple.items().len());
    let mut parts: Vec<String> = Vec::new();
    for (index, name) in names.iter().take(count).enumerate() {
        let default = if index + defaults >= count { "=..." } else { "" };
        parts.push(format!("{name}{default}"));
        if code.posonly_count as usize == index + 1 {
            parts.push("/".to_string());
        }
    }
    let flags = code.flags.0;
    let mut next = count + keywords;
    if flags & 0x4 != 0 {
        parts.push(format!("*{}", names.get(next).unwrap_or(&"args")));
        next += 1;
    } else if keywords > 0 {
        parts.push("*".to_string());
    }
    for name in names.iter().skip(count).take(keywords) {
        parts.push(format!("{name}=..."));
    }
    if flags & 0x8 != 0 {
        parts.push(format!("**{}", names.get(next).unwrap_or(&"kwargs")));
    }
    if skips && !parts.is_empty() {
        parts.remove(0);
    }
    Some(format!("({})", parts.join(", ")))
}

/// An object's own attributes and its classes', as far as they lie in dicts.
fn attributes_of(vm: &Vm, object: &Value) -> Vec<(String, Value)> {
    if let Some(module) = object.downcast::<Module>() {
        return entries_of(&module.dict);
    }
    let mut found = Vec::new();
    let mut classes = |class: &Type| {
        for base in class.mro.borrow().iter() {
            found.extend(entries_of(&base.dict));
        }
    };
    if let Some(class) = object.downcast::<Type>() {
        classes(class);
    } else {
        let class = vm.type_of(object);
        classes(class);
        if let Some(header) = object.header().filter(|_| class.has_dict()) {
            found.splice(0..0, entries_of(&crate::object::instance::dict(header)));
        }
    }
    found
}

/// Names with an underscore are only shown to those who ask for them.
fn wanted(name: &str, word: &str) -> bool {
    name.starts_with(word) && (word.starts_with('_') || !name.starts_with('_'))
}

fn call_form((name, value): (String, Value)) -> String {
    let is_callable = value.header().is_some_and(|header| header.ty().slots().call.is_some());
    if is_callable { name + "(" } else { name }
}

/// What usually follows the keyword.
fn keyword_form(name: &str) -> String {
    match name {
        "finally" | "try" => format!("{name}:"),
        "False" | "None" | "True" | "break" | "continue" | "pass" | "else" => name.to_string(),
        _ => format!("{name} "),
    }
}

fn names_of(dict: &Dict) -> Vec<String> {
    entries_of(dict).into_iter().map(|(name, _)| name).collect()
}

fn entries_of(dict: &Dict) -> Vec<(String, Value)> {
    let table = dict.table.borrow();
    let named =
        table.iter().filter_map(|entry| Some((entry.key.as_text()?.to_utf8_lossy().into_owned(), entry.value.clone())));
    named.collect()
}

const KEYWORDS: [&str; 38] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "match",
    "nonlocal", "not", "or", "pass", "raise", "return", "try", "type", "while", "with", "yield",
];
