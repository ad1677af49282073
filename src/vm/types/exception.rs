//! Exception objects: one payload for all classes.
//!
//! What a class has beyond `args` are fields (`errors::fields`); which arguments fill them is decided here by the builtin class
//! that the exception's class is or derives from.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};

use crate::errors::{Exc, fields, group};
use crate::native::Args;
use crate::object::{Ref, VmCell, instance};
use crate::types::bytes::Bytes;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::traceback::Traceback;
use crate::types::tuple::Tuple;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{Native, PyResult, Value, Vm, VmRef};

/// The payload of all exceptions.
#[native_type(
    name = "BaseException",
    doc = "Common base class for all exceptions.",
    flags(subclassable, has_dict, weak_references, exception)
)]
pub struct BaseException {
    /// A tuple.
    pub args: VmCell<Value>,
    /// A traceback object or None.
    pub traceback: VmCell<Value>,
    /// An exception or None.
    pub context: VmCell<Value>,
    /// An exception or None.
    pub cause: VmCell<Value>,
    pub suppress_context: Cell<bool>,
    /// What the class has beyond these (`StopIteration.value`, `OSError.errno`, ...), in the order that `errors::fields` says.
    pub fields: VmCell<Vec<Value>>,
}

impl BaseException {
    fn with_args(args: Vec<Value>) -> BaseException {
        BaseException {
            args: VmCell::new(Value::from_tuple(args)),
            traceback: VmCell::default(),
            context: VmCell::default(),
            cause: VmCell::default(),
            suppress_context: Cell::new(false),
            fields: VmCell::default(),
        }
    }
}

/// A new instance of a builtin exception class, as `class(*args)` makes it.
pub fn instantiate(vm: &Vm, class: &Ref<Type>, args: Vec<Value>) -> Value {
    let class = os_error_class(class, &args);
    let exception = crate::object::allocate(&class, BaseException::with_args(args.clone()));
    if fill(vm, &exception, &args, &[]).is_err() {
        vm.raised.set(None);
    }
    exception
}

/// The builtin class that decides about an exception's fields.
fn builtin_of(class: &Type) -> &'static str {
    const KNOWN: &[&str] = &[
        "StopIteration",
        "SystemExit",
        "ImportError",
        "AttributeError",
        "NameError",
        "OSError",
        "SyntaxError",
        "UnicodeDecodeError",
        "UnicodeEncodeError",
        "UnicodeTranslateError",
        "BaseExceptionGroup",
        "KeyError",
    ];
    for ty in class.mro.borrow().iter().filter(|ty| !ty.has_flag(TypeFlags::HEAP)) {
        let name = ty.name();
        if let Some(known) = KNOWN.iter().find(|known| **known == name) {
            return known;
        }
    }
    ""
}

/// The subclass of OSError for an errno (Linux numbers).
fn os_error_class(class: &Ref<Type>, args: &[Value]) -> Ref<Type> {
    if !class.is(&Exc::OSError.class()) || args.len() < 2 {
        return class.clone();
    }
    let subclass = match args[0].to_i64() {
        Some(11 | 114 | 115) => Exc::BlockingIOError,
        Some(32 | 108) => Exc::BrokenPipeError,
        Some(10) => Exc::ChildProcessError,
        Some(103) => Exc::ConnectionAbortedError,
        Some(111) => Exc::ConnectionRefusedError,
        Some(104) => Exc::ConnectionResetError,
        Some(17) => Exc::FileExistsError,
        Some(2) => Exc::FileNotFoundError,
        Some(4) => Exc::InterruptedError,
        Some(21) => Exc::IsADirectoryError,
        Some(20) => Exc::NotADirectoryError,
        Some(1 | 13) => Exc::PermissionError,
        Some(3) => Exc::ProcessLookupError,
        Some(110) => Exc::TimeoutError,
        _ => return class.clone(),
    };
    subclass.class()
}

fn text(value: &Value) -> String {
    value.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned())
}

/// Sets args and fields from a constructor's arguments.
fn fill(vm: &Vm, exception: &Value, args: &[Value], keywords: &[(Value, Value)]) -> PyResult<()> {
    let Some(payload) = exception.downcast::<BaseException>() else { return Ok(()) };
    let class = vm.type_of(exception);
    let kind = builtin_of(class);
    let first = || args.first().cloned().unwrap_or_default();
    let set = |name: &str, value: Value| fields::set(exception, name, value);
    let allowed: &[&str] = match kind {
        "ImportError" => &["name", "path", "name_from"],
        "AttributeError" => &["name", "obj"],
        "NameError" => &["name"],
        _ => &[],
    };
    for name in allowed {
        set(name, Value::NONE);
    }
    for (name, value) in keywords {
        let name = text(name);
        if !allowed.contains(&name.as_str()) {
            return Err(vm.type_error(if allowed.is_empty() {
                format!("{}() takes no keyword arguments", class.name())
            } else {
                format!("{kind}() got an unexpected keyword argument '{name}'")
            }));
        }
        set(&name, value.clone());
    }
    match kind {
        "StopIteration" => set("value", first()),
        "SystemExit" => set(
            "code",
            match args {
                [] => Value::NONE,
                [only] => only.clone(),
                more => Value::from_tuple(more.to_vec()),
            },
        ),
        "ImportError" => set("msg", if args.len() == 1 { first() } else { Value::NONE }),
        "OSError" if (2..=5).contains(&args.len()) => {
            set("errno", args[0].clone());
            set("strerror", args[1].clone());
            if let Some(filename) = args.get(2).filter(|name| !name.is_none()) {
                set("filename", filename.clone());
                payload.args.set(Value::from_tuple(args[..2].to_vec()));
            }
            if let Some(filename) = args.get(4) {
                set("filename2", filename.clone());
            }
        }
        "SyntaxError" => {
            set("msg", first());
            if let Some(details) = args.get(1).filter(|_| args.len() == 2) {
                let characters = |text: &snakelet_text::Text| {
                    text.to_utf8_lossy().chars().map(|c| Value::from_char(c as u32)).collect()
                };
                let items = vm.sequence_now(details).or_else(|| details.as_text().map(characters));
                let Some(items) = items else {
                    let got = vm.type_name(details);
                    return Err(vm.type_error(format!("'{got}' object is not iterable")));
                };
                if !(4..=7).contains(&items.len()) || items.len() == 5 {
                    return Err(vm.type_error(if items.len() == 5 {
                        "end_offset must be provided when end_lineno is provided".to_string()
                    } else {
                        "function missing required argument 'filename' (pos 1)".to_string()
                    }));
                }
                let names = ["filename", "lineno", "offset", "text", "end_lineno", "end_offset", "_metadata"];
                for (index, name) in names.iter().enumerate() {
                    set(name, items.get(index).cloned().unwrap_or_default());
                }
            }
        }
        "UnicodeDecodeError" | "UnicodeEncodeError" => {
            let [encoding, object, start, end, reason] = args else {
                return Err(vm.type_error(format!("function takes exactly 5 arguments ({} given)", args.len())));
            };
            check_text(vm, 1, encoding)?;
            if kind == "UnicodeEncodeError" {
                check_text(vm, 2, object)?;
            }
            check_range(vm, start, end)?;
            check_text(vm, 5, reason)?;
            for (name, value) in ["encoding", "object", "start", "end", "reason"].iter().zip(args) {
                set(name, value.clone());
            }
            if kind == "UnicodeDecodeError"
                && let Some(bytes) = crate::native::ArgBytes::of(object)
                && object.downcast::<Bytes>().is_none()
            {
                set("object", Value::from_bytes(bytes.to_vec()));
            }
        }
        "UnicodeTranslateError" => {
            let [object, start, end, reason] = args else {
                return Err(vm.type_error(format!("function takes exactly 4 arguments ({} given)", args.len())));
            };
            check_text(vm, 1, object)?;
            check_range(vm, start, end)?;
            check_text(vm, 4, reason)?;
            for (name, value) in ["object", "start", "end", "reason"].iter().zip(args) {
                set(name, value.clone());
            }
        }
        "BaseExceptionGroup" if args.len() == 2 => {
            set("message", args[0].clone());
            let exceptions = match args[1].downcast::<List>() {
                Some(list) => Value::from_tuple(list.items.borrow().clone()),
                None => args[1].clone(),
            };
            set("exceptions", exceptions);
        }
        _ => {}
    }
    Ok(())
}

/// Argument `position` must be a str.
fn check_text(vm: &Vm, position: usize, value: &Value) -> PyResult<()> {
    if value.as_text().is_some() {
        return Ok(());
    }
    let got = vm.type_name(value);
    Err(vm.type_error(format!("argument {position} must be str, not {got}")))
}

/// Both ends of a range must be ints.
fn check_range(vm: &Vm, start: &Value, end: &Value) -> PyResult<()> {
    match [start, end].into_iter().find(|value| !value.is_int()) {
        None => Ok(()),
        Some(bad) => {
            let got = vm.type_name(bad);
            Err(vm.type_error(format!("'{got}' object cannot be interpreted as an integer")))
        }
    }
}

/// The class that `BaseExceptionGroup(...)` really makes, after checking the arguments.
fn group_class(vm: &Vm, class: &Ref<Type>, args: &[Value]) -> PyResult<Ref<Type>> {
    let [message, exceptions] = args else {
        return Err(
            vm.type_error(format!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)", args.len()))
        );
    };
    check_text(vm, 1, message)?;
    let list = exceptions.downcast::<List>().map(|list| list.items.borrow().clone());
    let items = match (list, exceptions.downcast::<Tuple>()) {
        (Some(items), _) => items,
        (None, Some(tuple)) => tuple.items().to_vec(),
        _ => return Err(vm.type_error("second argument (exceptions) must be a sequence")),
    };
    if items.is_empty() {
        return Err(vm.value_error("second argument (exceptions) must be a non-empty sequence"));
    }
    if let Some(at) = items.iter().position(|item| item.downcast::<BaseException>().is_none()) {
        return Err(vm.value_error(format!("Item {at} of second argument (exceptions) is not an exception")));
    }
    let all_plain = items.iter().all(|item| Exc::Exception.matches(item));
    let base_group = Exc::BaseExceptionGroup.class();
    if class.is(&base_group) {
        return Ok(if all_plain { Exc::ExceptionGroup.class() } else { base_group });
    }
    if !all_plain && Exc::Exception.is_base_of(class.as_value()) {
        let name = class.name();
        return Err(vm.type_error(if class.is(&Exc::ExceptionGroup.class()) {
            "Cannot nest BaseExceptions in an ExceptionGroup".to_string()
        } else {
            format!("Cannot nest BaseExceptions in '{name}'")
        }));
    }
    Ok(class.clone())
}

fn keywords(args: &Args<'_>) -> Vec<(Value, Value)> {
    let positional = args.positional_count();
    args.kwnames.iter().cloned().zip(args.values[positional..].iter().cloned()).collect()
}

/// Joins the reprs of values: `(1, 'a')` without the parentheses.
async fn reprs(vm: VmRef, values: &[Value]) -> PyResult<String> {
    let mut parts = Vec::new();
    for value in values {
        parts.push(vm.repr(value).await?.to_string_lossy());
    }
    Ok(parts.join(", "))
}

#[methods(with = [BaseException::REDUCE])]
impl BaseException {
    #[slot(new)]
    fn new_slot(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        let Some(class) = cls.to_ref::<Type>().filter(|class| class.is_subtype_of::<BaseException>()) else {
            return Err(vm.type_error("BaseException.__new__(X): X is not a type object"));
        };
        let positional = &args.values[..args.positional_count()];
        let is_group = Exc::BaseExceptionGroup.is_base_of(cls);
        let class = if is_group { group_class(vm, &class, positional)? } else { os_error_class(&class, positional) };
        let exception = crate::object::allocate(&class, BaseException::with_args(positional.to_vec()));
        let own_init = vm.type_of(&exception).slots().init.map(|slot| slot as usize)
            != Some(Self::init_slot as *const () as usize);
        // An OSError with an `__init__` of its own is filled there, unless it has a `__new__` as well.
        let own_new =
            vm.type_of(&exception).slots().new.map(|slot| slot as usize) != Some(Self::new_slot as *const () as usize);
        if own_init && !own_new && builtin_of(vm.type_of(&exception)) == "OSError" {
            if let Some(payload) = exception.downcast::<BaseException>() {
                payload.args.set(Value::from_tuple(Vec::new()));
            }
            return Ok(exception);
        }
        let keywords = keywords(&args);
        let keywords = if own_init { &[][..] } else { &keywords };
        // With an `__init__` of its own the class decides what the arguments mean.
        let filled = fill(vm, &exception, positional, keywords);
        let unset = positional.is_empty() && builtin_of(vm.type_of(&exception)).starts_with("Unicode");
        if !unset && (!own_init || is_group) {
            filled?;
        } else if filled.is_err() {
            vm.raised.set(None);
        }
        Ok(exception)
    }

    #[slot(init)]
    fn init_slot(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let positional = &args.values[..args.positional_count()];
        if Exc::BaseExceptionGroup.matches(this) {
            return Ok(Value::NONE);
        }
        if let Some(payload) = this.downcast::<BaseException>() {
            payload.args.set(Value::from_tuple(positional.to_vec()));
        }
        fill(vm, this, positional, &keywords(&args))?;
        Ok(Value::NONE)
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult {
        let args = this.downcast::<BaseException>().map_or(Value::NONE, |payload| payload.args.get());
        let items = args.downcast::<Tuple>().map_or(Vec::new(), |args| args.items().to_vec());
        let name = vm.class_name(&this);
        let shown = reprs(vm, &items).await?;
        Ok(Value::from_str(&format!("{name}({shown})")))
    }

    #[slot(str)]
    async fn str(vm: VmRef, this: Value) -> PyResult {
        let args = this.downcast::<BaseException>().map_or(Value::NONE, |payload| payload.args.get());
        let items = args.downcast::<Tuple>().map_or(Vec::new(), |args| args.items().to_vec());
        let field = |name: &str| fields::get(&this, name);
        match builtin_of(vm.type_of(&this)) {
            "KeyError" if items.len() == 1 => return vm.repr(&items[0]).await.map(Ref::into_value),
            "ImportError" if field("msg").as_text().is_some() => return Ok(field("msg")),
            "OSError" => {
                let (errno, strerror) = (field("errno"), field("strerror"));
                let (filename, filename2) = (field("filename"), field("filename2"));
                if !filename.is_none() {
                    let (number, message) = (vm.str(&errno).await?, vm.str(&strerror).await?);
                    let mut shown = format!("[Errno {}] {}: ", number.to_string_lossy(), message.to_string_lossy());
                    shown += &vm.repr(&filename).await?.to_string_lossy();
                    if !filename2.is_none() {
                        shown += &format!(" -> {}", vm.repr(&filename2).await?.to_string_lossy());
                    }
                    return Ok(Value::from_str(&shown));
                }
                if items.len() >= 2 {
                    let (number, message) = (vm.str(&errno).await?, vm.str(&strerror).await?);
                    let shown = format!("[Errno {}] {}", number.to_string_lossy(), message.to_string_lossy());
                    return Ok(Value::from_str(&shown));
                }
            }
            "SyntaxError" => {
                let message = vm.str(&field("msg")).await?.to_string_lossy();
                let filename = field("filename").as_text().map(|name| name.to_utf8_lossy().into_owned());
                let filename = filename.map(|name| name.rsplit('/').next().unwrap_or("").to_string());
                let shown = match (filename, field("lineno").to_i64()) {
                    (Some(filename), Some(line)) => format!("{message} ({filename}, line {line})"),
                    (Some(filename), None) => format!("{message} ({filename})"),
                    (None, Some(line)) => format!("{message} (line {line})"),
                    (None, None) => message,
                };
                return Ok(Value::from_str(&shown));
            }
            kind if kind.starts_with("Unicode") => return unicode_text(vm, &this, kind).await,
            "BaseExceptionGroup" => {
                let count = group::members(&this).len();
                let plural = if count == 1 { "" } else { "s" };
                return Ok(Value::from_str(&format!("{} ({count} sub-exception{plural})", text(&field("message")))));
            }
            _ => {}
        }
        match items.as_slice() {
            [] => Ok(Value::from_str("")),
            [only] => vm.str(only).await.map(Ref::into_value),
            _ => vm.repr(&args).await.map(Ref::into_value),
        }
    }

    /// Sets the traceback and returns the exception.
    #[method("with_traceback(self, tb, /)")]
    fn with_traceback(vm: &Vm, this: &Value, object: &Value) -> PyResult {
        set_traceback(vm, this, Some(object))?;
        Ok(this.clone())
    }

    /// Adds a note that is shown below the traceback.
    #[method("add_note(self, note, /)")]
    fn add_note(vm: &Vm, this: &Value, object: &Value) -> PyResult<()> {
        if object.as_text().is_none() {
            let got = vm.type_name(object);
            return Err(vm.type_error(format!("add_note() argument must be str, not {got}")));
        }
        let name = crate::name!(__notes__);
        let Some(header) = this.header() else { return Ok(()) };
        match instance::get(header, &name) {
            None => instance::set(header, &name, Value::from_list(vec![object.clone()])),
            Some(notes) => match notes.downcast::<List>() {
                Some(notes) => notes.items.borrow_mut().push(object.clone()),
                None => return Err(vm.type_error("Cannot add note: __notes__ is not a list")),
            },
        }
        Ok(())
    }

    /// For unpickling: takes over attributes.
    #[method("__setstate__(self, state, /)")]
    async fn setstate(vm: VmRef, this: Value, object: Value) -> PyResult<()> {
        if object.is_none() {
            return Ok(());
        }
        let Some(dict) = object.downcast::<Dict>() else { return Err(vm.type_error("state is not a dictionary")) };
        let entries: Vec<(Value, Value)> =
            dict.table.borrow().iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
        for (name, value) in entries {
            let name = crate::builtins::attributes::attribute_name(&vm, &name)?;
            vm.store_attr(&this, &name, &value).await?;
        }
        Ok(())
    }

    /// The arguments.
    #[getter("args")]
    fn args(this: &BaseException) -> Value {
        this.args.get()
    }

    #[setter("args")]
    fn set_args(vm: &Vm, this: &BaseException, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("args may not be deleted")) };
        let items = match (value.downcast::<Tuple>(), value.downcast::<List>()) {
            (Some(tuple), _) => tuple.items().to_vec(),
            (None, Some(list)) => list.items.borrow().clone(),
            _ => {
                let got = vm.type_name(value);
                return Err(vm.type_error(format!("'{got}' object is not iterable")));
            }
        };
        this.args.set(Value::from_tuple(items));
        Ok(())
    }

    /// The traceback.
    #[getter("__traceback__")]
    fn traceback(this: &BaseException) -> Value {
        this.traceback.get()
    }

    #[setter("__traceback__")]
    fn set_traceback(vm: &Vm, this: &Value, value: Option<&Value>) -> PyResult<()> {
        set_traceback(vm, this, value)
    }

    /// The exception that was being handled when this one was raised.
    #[getter("__context__")]
    fn context(this: &BaseException) -> Value {
        this.context.get()
    }

    #[setter("__context__")]
    fn set_context(vm: &Vm, this: &BaseException, value: Option<&Value>) -> PyResult<()> {
        this.context.set(exception_or_none(vm, "context", value)?);
        Ok(())
    }

    /// The exception that `raise ... from` names.
    #[getter("__cause__")]
    fn cause(this: &BaseException) -> Value {
        this.cause.get()
    }

    #[setter("__cause__")]
    fn set_cause(vm: &Vm, this: &BaseException, value: Option<&Value>) -> PyResult<()> {
        this.cause.set(exception_or_none(vm, "cause", value)?);
        this.suppress_context.set(true);
        Ok(())
    }

    /// Whether the context is left out of tracebacks.
    #[getter("__suppress_context__")]
    fn get_suppress(this: &BaseException) -> bool {
        this.suppress_context.get()
    }

    #[setter("__suppress_context__")]
    fn set_suppress(vm: &Vm, this: &BaseException, value: Option<&Value>) -> PyResult<()> {
        this.suppress_context.set(value.is_some_and(|value| vm.truth_now(value) == Some(true)));
        Ok(())
    }

    /// The instance's attributes.
    #[getter("__dict__")]
    fn dict(this: &Value) -> Option<Value> {
        this.header().map(|header| instance::dict(header).into_value())
    }

    #[setter("__dict__")]
    fn set_dict(vm: &Vm, this: &Value, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("__dict__ may not be deleted")) };
        match (this.header(), value.to_ref::<crate::types::dict::Dict>()) {
            (Some(header), Some(dict)) => instance::replace_dict(header, dict),
            _ => return Err(vm.type_error("__dict__ must be a dictionary")),
        }
        Ok(())
    }
}

fn set_traceback(vm: &Vm, this: &Value, value: Option<&Value>) -> PyResult<()> {
    let Some(value) = value else { return Err(vm.type_error("__traceback__ may not be deleted")) };
    if !value.is_none() && value.downcast::<Traceback>().is_none() {
        return Err(vm.type_error("__traceback__ must be a traceback or None"));
    }
    if let Some(payload) = this.downcast::<BaseException>() {
        payload.traceback.set(value.clone());
    }
    Ok(())
}

fn exception_or_none(vm: &Vm, what: &str, value: Option<&Value>) -> PyResult {
    let Some(value) = value else { return Err(vm.type_error(format!("__{what}__ may not be deleted"))) };
    if !value.is_none() && value.downcast::<BaseException>().is_none() {
        return Err(vm.type_error(format!("exception {what} must be None or derive from BaseException")));
    }
    Ok(value.clone())
}

/// What pickling saves beside the arguments, if anything.
fn state_of(vm: &Vm, this: &Value) -> PyResult<Option<Value>> {
    let Some(header) = this.header() else { return Ok(None) };
    let kind = builtin_of(vm.type_of(this));
    let names: &[&str] = match kind {
        "ImportError" => &["name", "path", "name_from"],
        "AttributeError" => &["name"],
        _ => &[],
    };
    let mut fields: Vec<(&str, Value)> =
        names.iter().map(|name| (*name, fields::get(this, name))).filter(|field| !field.1.is_none()).collect();
    if kind == "AttributeError" {
        fields.extend(this.downcast::<BaseException>().map(|payload| ("args", payload.args.get())));
    }
    if fields.is_empty() && instance::len(header) == 0 {
        return Ok(None);
    }
    let own = instance::dict(header);
    let state = if fields.is_empty() { own } else { own.copy(vm)? };
    for (name, value) in fields {
        state.set_text(name, value);
    }
    Ok(Some(state.into_value()))
}

/// What the classes define that save more, too.
#[methods(block = REDUCE)]
impl BaseException {
    /// For pickling.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &Value) -> PyResult {
        let mut given = this.downcast::<BaseException>().map_or(Value::NONE, |payload| payload.args.get());
        if builtin_of(vm.type_of(this)) == "OSError"
            && let Some([number, message]) = given.downcast::<Tuple>().map(Tuple::items)
        {
            let (first, second) = (fields::get(this, "filename"), fields::get(this, "filename2"));
            let mut all = vec![number.clone(), message.clone()];
            if !first.is_none() {
                all.push(first);
                if !second.is_none() {
                    all.extend([Value::NONE, second]);
                }
            }
            given = Value::from_tuple(all);
        }
        let mut parts = vec![vm.class_of(this).into_value(), given];
        parts.extend(state_of(vm, this)?);
        Ok(Value::from_tuple(parts))
    }
}

/// What AttributeError defines.
#[methods(block = STATE)]
impl BaseException {
    /// What pickling saves of the exception.
    #[method("__getstate__(self, /)")]
    fn getstate(vm: &Vm, this: &Value) -> PyResult<Option<Value>> {
        state_of(vm, this)
    }
}

/// The text of the three Unicode errors; `encoding` and `reason` are what `str` says of them.
async fn unicode_text(vm: VmRef, this: &Value, kind: &str) -> PyResult {
    if fields::find(this, "object").is_none() {
        return Ok(Value::from_str(""));
    }
    let mut shown = [String::new(), String::new()];
    for (text, name) in shown.iter_mut().zip(["reason", "encoding"]) {
        *text = match fields::find(this, name) {
            Some(value) => vm.str(&value).await?.to_string_lossy(),
            None => "<NULL>".to_string(),
        };
    }
    let [reason, encoding] = shown;
    let decode = kind == "UnicodeDecodeError";
    // The texts may have come from methods that changed the exception.
    let object = fields::get(this, "object");
    let fits = if decode { object.downcast::<Bytes>().is_some() } else { object.as_text().is_some() };
    if !fits {
        let wanted = if decode { "bytes" } else { "string" };
        return Err(vm.type_error(format!("UnicodeError 'object' attribute must be a {wanted}")));
    }
    let codec = match kind {
        "UnicodeTranslateError" => "can't translate".to_string(),
        _ => format!("'{encoding}' codec can't {}", if decode { "decode" } else { "encode" }),
    };
    Ok(unicode_message(this, decode, &codec, &reason))
}

fn unicode_message(this: &Value, decode: bool, codec: &str, reason: &str) -> Value {
    let field = |name: &str| fields::get(this, name);
    let (start, end) = (field("start").to_i64().unwrap_or(0).max(0), field("end").to_i64().unwrap_or(0));
    let object = field("object");
    let single = end == start + 1;
    let shown = if decode {
        let byte = object.downcast::<Bytes>().and_then(|bytes| bytes.as_slice().get(start as usize).copied());
        match byte.filter(|_| single) {
            Some(byte) => format!("{codec} byte {byte:#04x} in position {start}: {reason}"),
            None => format!("{codec} bytes in position {start}-{}: {reason}", end - 1),
        }
    } else {
        let code = object.as_text().and_then(|text| text.get(start as usize));
        match code.filter(|_| single) {
            Some(code) => {
                let escaped = match code {
                    0..=0xff => format!("\\x{code:02x}"),
                    0x100..=0xffff => format!("\\u{code:04x}"),
                    _ => format!("\\U{code:08x}"),
                };
                format!("{codec} character '{escaped}' in position {start}: {reason}")
            }
            None => format!("{codec} characters in position {start}-{}: {reason}", end - 1),
        }
    };
    Value::from_str(&shown)
}

/// How a group is divided: by types or by a callable.
#[derive(Clone)]
enum Condition {
    Types(Vec<Ref<Type>>),
    Callable(Value),
    Leaves(Vec<Value>),
}

/// A condition that selects exactly these leaf exceptions; passed to `subgroup`.
pub fn leaf_condition(leaves: Vec<Value>) -> Value {
    LeafCondition { leaves: leaves.into() }.into_value()
}

/// See `leaf_condition`.
#[native_type(name = "leaf_condition", module = "_snakelet")]
pub struct LeafCondition {
    leaves: Box<[Value]>,
}

fn condition(vm: &Vm, value: &Value) -> PyResult<Condition> {
    if let Some(leaves) = value.downcast::<LeafCondition>() {
        return Ok(Condition::Leaves(leaves.leaves.to_vec()));
    }
    let classes = value.downcast::<Tuple>().map_or(std::slice::from_ref(value), Tuple::items);
    if !classes.is_empty() && classes.iter().all(|class| Exc::BaseException.is_base_of(class)) {
        return Ok(Condition::Types(classes.iter().filter_map(Value::to_ref::<Type>).collect()));
    }
    if value.downcast::<Type>().is_none()
        && value.downcast::<Tuple>().is_none()
        && vm.type_of(value).slots().call.is_some()
    {
        return Ok(Condition::Callable(value.clone()));
    }
    Err(vm.type_error("expected an exception type, a tuple of exception types, or a callable (other than a class)"))
}

async fn selects(vm: VmRef, condition: &Condition, exception: &Value) -> PyResult<bool> {
    match condition {
        Condition::Types(classes) => Ok(classes.iter().any(|class| vm.is_instance(exception, class))),
        Condition::Callable(callable) => {
            let answer = vm.call(callable, vec![exception.clone()]).await?;
            vm.truth(&answer).await
        }
        Condition::Leaves(leaves) => Ok(leaves.iter().any(|leaf| leaf.is(exception))),
    }
}

/// Divides an exception: (matching, rest). Nested groups are divided through native frames of their own.
async fn divide(vm: VmRef, exception: Value, by: Condition) -> PyResult {
    let pair = |matching: Value, rest: Value| Ok(Value::from_tuple(vec![matching, rest]));
    if selects(vm, &by, &exception).await? {
        return pair(exception, Value::NONE);
    }
    if !group::is_group(&exception) {
        return pair(Value::NONE, exception);
    }
    let (mut matching, mut rest) = (Vec::new(), Vec::new());
    for member in group::members(&exception) {
        let parts = vm.run_nested(Box::pin(divide(vm, member, by.clone()))).await?;
        if let Some([first, second]) = parts.downcast::<Tuple>().map(Tuple::items) {
            if !first.is_none() {
                matching.push(first.clone());
            }
            if !second.is_none() {
                rest.push(second.clone());
            }
        }
    }
    let first = derive(vm, &exception, matching).await?;
    let second = derive(vm, &exception, rest).await?;
    pair(first, second)
}

/// A group like `original` of these members; None if there are none.
async fn derive(vm: VmRef, original: &Value, members: Vec<Value>) -> PyResult {
    if members.is_empty() {
        return Ok(Value::NONE);
    }
    let derive = vm.attr(original, "derive").await?;
    let made = vm.call(&derive, vec![Value::from_list(members)]).await?;
    if !group::is_group(&made) {
        return Err(vm.type_error("derive must return an instance of BaseExceptionGroup"));
    }
    if let (Some(from), Some(to)) = (original.downcast::<BaseException>(), made.downcast::<BaseException>()) {
        to.traceback.set(from.traceback.get());
        to.context.set(from.context.get());
        to.cause.set(from.cause.get());
        to.suppress_context.set(from.suppress_context.get());
        let name = crate::name!(__notes__);
        if let Some(notes) = original.header().and_then(|header| instance::get(header, &name))
            && let (Some(notes), Some(header)) = (notes.downcast::<List>(), made.header())
        {
            instance::set(header, &name, Value::from_list(notes.items.borrow().clone()));
        }
    }
    Ok(made)
}

#[methods(block = GROUP)]
impl BaseException {
    /// Splits the group into the part that matches a condition and the rest.
    #[method("split(self, matcher_value, /)")]
    async fn split(vm: VmRef, this: Value, matcher_value: Value) -> PyResult {
        let by = condition(&vm, &matcher_value)?;
        divide(vm, this, by).await
    }

    /// The part of the group that matches a condition, or None.
    #[method("subgroup(self, matcher_value, /)")]
    async fn subgroup(vm: VmRef, this: Value, matcher_value: Value) -> PyResult {
        let by = condition(&vm, &matcher_value)?;
        let pair = divide(vm, this, by).await?;
        Ok(pair.downcast::<Tuple>().and_then(|pair| pair.items().first().cloned()).unwrap_or_default())
    }

    /// A group with the same message and these exceptions.
    #[method("derive(self, excs, /)")]
    async fn derive(vm: VmRef, this: Value, excs: Value) -> PyResult {
        let class = Exc::BaseExceptionGroup.class();
        vm.call(class.as_value(), vec![fields::get(&this, "message"), excs]).await
    }

    /// Groups can be parameterised in annotations.
    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        crate::types::generic_alias::alias(cls, object)
    }
}
