//! Builtin types, methods, functions and modules: how they are declared, called and shown.
//!
//! # How to declare a type
//!
//! A type is a Rust struct (the *payload* of its objects) in a file of its own. Everything Python sees of it is declared by an
//! attribute where it is written; there is no list to extend elsewhere.
//!
//! ```ignore
//! use snakelet_macros::{methods, native_type};
//! use crate::{PyResult, Ref, Value, Vm, VmCell, VmRef};
//!
//! #[native_type(name = "list", doc = "Built-in mutable sequence. ...", flags(subclassable, sequence))]
//! pub struct List { items: VmCell<Vec<Value>> }
//!
//! #[methods]
//! impl List {
//!     /// Append object to the end of the list.            (this becomes __doc__)
//!     #[method("append(self, object, /)")]
//!     fn append(vm: &Vm, this: &List, object: Value) -> PyResult<()> { ... }
//!
//!     #[method("pop(self, index=-1, /)")]
//!     fn pop(vm: &Vm, this: &List, index: isize) -> PyResult { ... }
//!
//!     // Calls Python code: an async fn. Everything it takes is owned.
//!     #[method("sort(self, /, *, key=None, reverse=False)")]
//!     async fn sort(vm: VmRef, this: Ref<List>, key: Option<Value>, reverse: bool) -> PyResult<()> {
//!         let key = vm.call(&function, vec![item]).await?; ...
//!     }
//!
//!     #[classmethod("fromkeys(cls, iterable, value=None, /)")]
//!     async fn fromkeys(vm: VmRef, cls: Value, iterable: Value, value: Value) -> PyResult { ... }
//!
//!     #[staticmethod("maketrans(x, y=<unrepresentable>, z=<unrepresentable>, /)")]
//!     fn maketrans(vm: &Vm, x: &Value, y: Option<&Value>, z: Option<&Value>) -> PyResult { ... }
//!
//!     #[new("list(iterable=(), /)")]                       // __new__; the text is the type's __text_signature__
//!     fn new(vm: &Vm, cls: &Value, iterable: &Value) -> PyResult { vm.new_instance(cls, List { ... }) }
//!     #[init("list(self, iterable=(), /)")]                // __init__
//!     fn init(vm: &Vm, this: &List, iterable: &Value) -> PyResult<()> { ... }
//!
//!     /// The number of items that fit.
//!     #[getter("capacity")]
//!     fn capacity(this: &List) -> usize { ... }
//!     #[setter("capacity")]                                // None: `del obj.capacity`
//!     fn set_capacity(vm: &Vm, this: &List, value: Option<&Value>) -> PyResult<()> { ... }
//!
//!     // One entry of `types::slots::Slots`, with that slot's signature (the receiver may be `&Value` or `&List`; an async fn
//!     // takes owned values instead). `__repr__` and so on come from it, with CPython's names and docs (`wrappers.rs`).
//!     #[slot(repr)]
//!     fn repr(vm: &Vm, this: &Value) -> PyResult { ... }
//! }
//! ```
//!
//! A long type spreads over files: `#[methods(block = SEARCH)] impl List { ... }` in another file declares `List::SEARCH`, and the
//! main block takes it in: `#[methods(with = [List::SEARCH])]`. A type without methods needs no `#[methods]`.
//!
//! # How to declare a module
//!
//! ```ignore
//! #[native_module("math", doc = "...", types = [Something], with = [trigonometry::FUNCTIONS])]
//! pub mod math {
//!     #[function("sqrt(x, /)")]
//!     fn sqrt(vm: &Vm, x: f64) -> PyResult<f64> { ... }
//!     #[constant("pi")]
//!     const PI: f64 = std::f64::consts::PI;
//!     #[exec]                                              // whatever else the module needs when it is made
//!     fn exec(vm: &Vm, module: &Value) -> PyResult<()> { ... }
//! }
//! ```
//!
//! That adds `math::MODULE`, a [`ModuleDef`]. Another file's part is `#[functions("math", FUNCTIONS)] mod trigonometry { ... }`.
//! Both attributes also work on the impl block of a unit struct.
//!
//! # Parameters
//!
//! The text in the attribute is CPython's own signature, with `/`, `*`, `*args`, `**kwargs` and defaults. The Rust function takes
//! `vm: &Vm` (async: `vm: VmRef`) unless it does not need it, the receiver if there is one, then one parameter for each in the
//! text, converted by [`FromArg`] (`args.rs` lists the types). A parameter with a default is one of
//!
//! - `Option<T>`: `None` if absent; if the default is `None`, then for an explicit None as well;
//! - another type, if the default is a literal that Rust can make: `None`, `True`, `False`, an int, a str, `()`, `sys.maxsize`.
//!
//! `*args` is `&[Value]` (async: `Vec<Value>`), `**kwargs` is [`KwArgs`] (async: `Vec<(Value, Value)>`). Results are what
//! [`IntoResult`] knows: `PyResult<T>` or `T` for `Value`, `()`, bool, integers, `f64`, `String`, `&str`, `Text`, `Ref<T>`,
//! `Option<T>` (None).
//!
//! Conversions that need Python code (`__index__`, `__float__`, `__bool__`) suspend the call and repeat it with the converted
//! argument, so a plain native may take `isize`, `f64` or `bool` freely.
//!
//! # Errors
//!
//! CPython words argument errors by the parser a function uses. The [`Family`] follows from the signature as in CPython's
//! Argument Clinic; `family = "..."` in the attribute overrides it: `none`, `one`, `positional`, `keywords`, `mixed` (positional
//! wording while no keyword is given: `int`, `str`), `tuple` (older functions: "f() takes exactly 2 arguments (1 given)").
//! `text = none` declares that there is no `__text_signature__`, `text = "(...)"` another one than the parsed.
//!
//! # Rules for plain natives
//!
//! Arguments are borrowed from the register stack. A plain `fn` never runs Python code; if it has to, it takes owned copies and
//! returns `Err(vm.defer(async move { ... }))`, or `Err(vm.defer_call(function, args))`. See the headers of `vm.rs` and `deferral.rs`.

pub mod args;
mod bind;
pub mod descriptors;
mod docstring;
pub mod function;
pub mod registry;
mod result;
#[cfg(test)]
mod tests;
pub mod wrappers;

use std::cell::Cell;

pub use args::{
    ArgBytes, Clamped, FromArg, FromKeywords, FromRest, FromSelf, KwArgs, Size, SlotArg, empty_tuple, interned,
    optional, optional_or_none, or_default, slot_receiver,
};
pub use bind::Cx;
pub use descriptors::{ClassMethodDescriptor, GetSetDescriptor, MethodDescriptor};
pub use docstring::Docstring;
pub use function::{NativeFunction, call_new, call_with_receiver};
pub use result::{IntoResult, IntoValue};
pub use wrappers::{MethodWrapper, WrapperDescriptor};

pub use crate::object::{Native, Object};
pub use crate::types::slots::{CallSlot, Slots};
pub use crate::types::typeobject::{Type, TypeFlags, TypeSpec};
pub use crate::{PyResult, Raised, Ref, Value, Vm, VmRef};

/// The Rust side of a builtin function.
pub type NativeFn = fn(&Vm, Args<'_>) -> PyResult;

/// Arguments as the loop passes them: positional values, then one value for each keyword name (interned strs).
/// A method's receiver is the first positional value.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    pub values: &'a [Value],
    pub kwnames: &'a [Value],
}

impl<'a> Args<'a> {
    /// No keywords.
    #[inline(always)]
    pub const fn positional(values: &'a [Value]) -> Args<'a> {
        Args { values, kwnames: &[] }
    }

    /// How many values were given by position.
    #[inline(always)]
    pub fn positional_count(&self) -> usize {
        self.values.len() - self.kwnames.len()
    }
}

/// What a [`NativeDef`] declares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DefKind {
    Function,
    Method,
    ClassMethod,
    StaticMethod,
    /// `__new__`: the table entry describes the arguments, the code is in the type's `new` slot.
    New,
    /// `__init__`, likewise.
    Init,
    /// An attribute: `function` reads it, `Extra::Setter` writes it (with one value) or deletes it (with none).
    GetSet,
}

/// Code that only some kinds have.
#[derive(Clone, Copy)]
pub enum Extra {
    None,
    Setter(NativeFn),
    Constructor(CallSlot),
}

/// Which of CPython's argument parsers the error texts imitate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// "list.clear() takes no arguments (1 given)"
    NoArguments,
    /// "list.append() takes exactly one argument (0 given)"
    OneArgument,
    /// "insert expected 2 arguments, got 1"
    Positional,
    /// "open() missing required argument 'file' (pos 1)"
    Keywords,
    /// `Positional` in calls without keywords, else `Keywords`.
    Mixed,
    /// "f() takes exactly 2 arguments (1 given)"
    Tuple,
}

/// The parameters of a native, receiver and starred ones left out of the counts.
pub struct Params {
    /// Names in order: positional, then keyword-only.
    pub names: &'static [&'static str],
    pub positional_only: u8,
    /// How many can be given by position.
    pub positional: u8,
    /// One past the last positional parameter without default.
    pub required: u8,
    /// Keyword-only parameters without default; they come first among the keyword-only ones.
    pub required_keywords: u8,
    /// Has `*args`.
    pub rest: bool,
    /// Has `**kwargs`.
    pub keywords: bool,
    pub family: Family,
}

impl Params {
    pub const NONE: Params = Params {
        names: &[],
        positional_only: 0,
        positional: 0,
        required: 0,
        required_keywords: 0,
        rest: false,
        keywords: false,
        family: Family::NoArguments,
    };
}

/// The static description of a builtin function, method or attribute.
pub struct NativeDef {
    pub name: &'static str,
    /// `__text_signature__`
    pub text: Docstring,
    pub doc: Docstring,
    /// Name of the type or module.
    pub owner: &'static str,
    pub function: NativeFn,
    pub extra: Extra,
    pub kind: DefKind,
    pub params: Params,
}

impl NativeDef {
    /// The name in messages such as "insert expected 2 arguments": for constructors the type's.
    pub fn message_name(&self) -> &'static str {
        if matches!(self.kind, DefKind::New | DefKind::Init) { self.owner } else { self.name }
    }

    /// `list.append`, `math.sqrt`, `len`: the name in messages that qualify it.
    pub fn full_name(&self) -> String {
        match self.kind {
            DefKind::New | DefKind::Init => self.owner.to_string(),
            DefKind::Function if self.owner == "builtins" => self.name.to_string(),
            _ => format!("{}.{}", self.owner, self.name),
        }
    }

    /// `__qualname__`
    pub fn qualname(&self) -> String {
        if self.kind == DefKind::Function { self.name.to_string() } else { format!("{}.{}", self.owner, self.name) }
    }
}

/// The declarations of one `#[methods]` block.
#[derive(Clone, Copy)]
pub struct MethodBlock {
    pub defs: &'static [NativeDef],
    pub fill_slots: fn(&mut Slots),
}

/// Gives every payload type without a `#[methods]` block an empty list of blocks. Types with one have an inherent constant
/// of the same name, which is preferred.
pub trait NativeMethods {
    const BLOCKS: &'static [MethodBlock] = &[];
}

impl<T> NativeMethods for T {}

/// The tables of `blocks`, for a `TypeSpec`.
pub const fn block_defs<const N: usize>(blocks: &'static [MethodBlock]) -> [&'static [NativeDef]; N] {
    let mut result: [&'static [NativeDef]; N] = [&[]; N];
    let mut index = 0;
    while index < N {
        result[index] = blocks[index].defs;
        index += 1;
    }
    result
}

/// The slot fillers of `blocks`, for a `TypeSpec`.
pub const fn block_fills<const N: usize>(blocks: &'static [MethodBlock]) -> [fn(&mut Slots); N] {
    fn nothing(_slots: &mut Slots) {}
    let mut result: [fn(&mut Slots); N] = [nothing; N];
    let mut index = 0;
    while index < N {
        result[index] = blocks[index].fill_slots;
        index += 1;
    }
    result
}

/// A constant of a module.
pub struct ConstantDef {
    pub name: &'static str,
    pub value: fn(&Vm) -> PyResult,
}

/// The declarations of one part of a module.
#[derive(Clone, Copy)]
pub struct FunctionBlock {
    pub defs: &'static [NativeDef],
    pub constants: &'static [ConstantDef],
}

/// A native module; [`registry::fill_module`] makes its contents.
#[derive(Clone, Copy)]
pub struct ModuleDef {
    pub name: &'static str,
    /// The last name of the Rust module that declares it, of those that the embedder may load late.
    pub part: Option<&'static str>,
    /// What it contains; a function, so that whatever the contents mention can be loaded late as well.
    pub contents: fn() -> ModuleContents,
}

/// What a [`ModuleDef`] declares.
#[derive(Clone, Copy)]
pub struct ModuleContents {
    pub doc: Option<&'static str>,
    pub blocks: &'static [FunctionBlock],
    /// Types that become attributes of the module under their names.
    pub types: &'static [fn() -> Ref<Type>],
    pub exec: Option<fn(&Vm, &Value) -> PyResult<()>>,
}

/// [`ModuleDef::part`] from the path of the Rust module that declares it.
pub const fn part_of(path: &'static str) -> Option<&'static str> {
    let bytes = path.as_bytes();
    let start = match (after(bytes, b"snakelet_modules::"), after(bytes, b"snakelet_vm::modules::")) {
        (Some(start), _) | (_, Some(start)) => start,
        _ => return None,
    };
    let mut end = start;
    while end < bytes.len() && bytes[end] != b':' {
        end += 1;
    }
    let (path, _) = bytes.split_at(end);
    let (_, name) = path.split_at(start);
    match std::str::from_utf8(name) {
        Ok(name) => Some(name),
        Err(_) => None,
    }
}

/// Where `text` goes on after `prefix`, if it begins with it.
const fn after(text: &[u8], prefix: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < prefix.len() {
        if at >= text.len() || text[at] != prefix[at] {
            return None;
        }
        at += 1;
    }
    Some(at)
}

/// Where a builtin type's object is, once it is made.
pub struct TypePointer(Cell<*const Object<Type>>);

impl TypePointer {
    #[expect(clippy::new_without_default, reason = "only made in statics")]
    pub const fn new() -> TypePointer {
        TypePointer(Cell::new(std::ptr::null()))
    }

    /// The type object, made now if this is its first use.
    #[inline(always)]
    pub fn get<T: Native>(&self) -> *const Object<Type> {
        let pointer = self.0.get();
        if pointer.is_null() { self.make(T::spec) } else { pointer }
    }

    #[inline(always)]
    pub fn known(&self) -> *const Object<Type> {
        self.0.get()
    }

    #[cold]
    fn make(&self, spec: fn() -> TypeSpec) -> *const Object<Type> {
        crate::types::builtin::make_type(&self.0, spec());
        self.0.get()
    }
}
