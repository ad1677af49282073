//! Code objects: what the compiler made, with constants as values and the inline caches beside it.

use std::cell::Cell;
use std::ptr::{NonNull, null};
use std::rc::Rc;

use snakelet_bytecode::{Code, CodeFlags, Constant, Instr};
use snakelet_macros::native_type;

use crate::object::intern::intern;
use crate::object::shape::Shape;
use crate::object::{Native, Ref, Traverse, Visitor, VmCell};
use crate::types::dict::Dict;
use crate::{PyResult, Value, Vm};

/// The payload of code objects. Attributes are in `code_methods`.
#[native_type(
    name = "code",
    doc = "Make a code object of its fields. Few programs ever need to.",
    flags(weak_references)
)]
pub struct CodeObject {
    #[skip_traverse]
    pub code: Rc<Code>,
    pub consts: Box<[Value]>,
    /// Interned.
    pub names: Box<[Value]>,
    /// Interned names of the first registers.
    pub varnames: Box<[Value]>,
    pub name: Value,
    pub qualname: Value,
    pub filename: Value,
    /// See [`AttrCache::for_sites`].
    #[skip_traverse]
    pub attr_caches: VmCell<Box<[AttrCache]>>,
    #[skip_traverse]
    pub global_caches: VmCell<Box<[GlobalCache]>>,
    /// As `Function::plain_args`.
    pub plain_args: u16,
    /// Number of registers, and of those that have names.
    pub register_count: u32,
    pub local_count: u32,
    /// Where the instructions are.
    #[skip_traverse]
    pub first: *const Instr,
    /// The text it was compiled from, where several texts share a file name (`<stdin>`).
    #[skip_traverse]
    pub source: Option<Rc<str>>,
    pub tracing: Tracing,
}

/// What a code object needs to be traced; see `exec::trace`.
#[derive(Default)]
pub struct Tracing {
    /// The copy that reports what it does, made at first use.
    pub shadow: VmCell<Option<Ref<CodeObject>>>,
    /// In the copy: the code it was made from, which owns the copy.
    pub original: Option<NonNull<CodeObject>>,
    /// In the copy: the line of each of the original's instructions; 0 where there is none.
    pub lines: Box<[u32]>,
    /// Events of `sys.monitoring` asked for in this code alone, a mask for each tool.
    pub local_events: Cell<[u32; 6]>,
}

impl Traverse for Tracing {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.shadow.traverse(visitor);
    }
}

/// What an attribute access learnt. All of it holds only while the object's type has `version`; pointers are not counted.
#[derive(Clone, Copy)]
pub struct AttrCache {
    pub version: u32,
    pub kind: CacheKind,
    /// Byte offset of the value in the object.
    pub offset: u32,
    /// Byte offset of the shape word in the object.
    pub part_offset: u32,
    /// The instance's shape; null where it does not matter.
    pub shape: *const Shape,
    /// For stores that add an attribute: the shape after it.
    pub next_shape: *const Shape,
    /// Bits of the class attribute found.
    pub value: u64,
}

/// Which attribute access it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum CacheKind {
    Empty,
    /// Instance attribute at `offset`, while the shape is `shape`.
    Inline,
    /// `__slots__` value at `offset`.
    Slot,
    /// Class attribute `value`, which the instance (of `shape`, or without attributes) does not shadow.
    Class,
    /// The same where `value` is a function that binds like a method: for `LoadMethod`, and binding for `LoadAttr`.
    Method,
    /// Store that adds an attribute: `shape` becomes `next_shape`.
    Add,
    /// A property with a Python getter: `value` is the function.
    Property,
}

impl AttrCache {
    pub const EMPTY: AttrCache = AttrCache {
        version: u32::MAX,
        kind: CacheKind::Empty,
        offset: 0,
        part_offset: 0,
        shape: null(),
        next_shape: null(),
        value: 0,
    };

    /// Empty caches for so many sites: two each, the one the loop looks at and, behind all of those, what it was before.
    pub fn for_sites(count: usize) -> Box<[AttrCache]> {
        vec![AttrCache::EMPTY; 2 * count].into()
    }
}

/// Where a global or builtin was found: entry `index` of dict `dict` while its key version is `version` (and, for a builtin,
/// the globals are `globals` in version `globals_version`).
#[derive(Clone, Copy)]
pub struct GlobalCache {
    pub globals: *const Dict,
    pub globals_version: u32,
    pub builtins_version: u32,
    pub index: u32,
    pub is_builtin: bool,
}

impl GlobalCache {
    pub const EMPTY: GlobalCache =
        GlobalCache { globals: null(), globals_version: 0, builtins_version: 0, index: 0, is_builtin: false };
}

impl CodeObject {
    /// The object for compiled code.
    pub fn new_object(vm: &Vm, code: Rc<Code>) -> PyResult<Ref<CodeObject>> {
        let mut consts = Vec::with_capacity(code.consts.len());
        for constant in &code.consts {
            consts.push(constant_value(vm, constant)?);
        }
        let source = if code.filename.starts_with('<') { vm.remembered_source(&code.filename) } else { None };
        Ok(CodeObject::from_parts(code, consts.into(), source))
    }

    /// The object for code whose constants are given as values. The instructions must be sound.
    pub fn from_parts(code: Rc<Code>, consts: Box<[Value]>, source: Option<Rc<str>>) -> Ref<CodeObject> {
        let needs_binding = code.flags.has(CodeFlags::VARARGS | CodeFlags::VARKEYWORDS)
            || code.kwonly_count > 0
            || code.flags.is_generator_like();
        CodeObject {
            consts,
            names: code.names.iter().map(|name| intern(name)).collect(),
            varnames: code.varnames.iter().map(|name| intern(name)).collect(),
            name: intern(&code.name),
            qualname: intern(&code.qualname),
            filename: intern(&code.filename),
            attr_caches: VmCell::new(AttrCache::for_sites(code.attr_sites.len())),
            global_caches: VmCell::new(vec![GlobalCache::EMPTY; code.global_sites.len()].into()),
            plain_args: if needs_binding { u16::MAX } else { code.arg_count },
            register_count: code.register_count as u32,
            local_count: code.varnames.len() as u32,
            first: code.instrs.as_ptr(),
            tracing: Tracing::default(),
            source,
            code,
        }
        .into_object()
    }

    /// A line of the source text, counted from 1.
    pub fn source_line(&self, vm: &Vm, line: usize) -> Option<String> {
        match &self.source {
            Some(source) => crate::import::line_of(source, line),
            None => vm.source_line(&self.code.filename, line),
        }
    }

    pub fn has_flag(&self, flag: u32) -> bool {
        self.code.flags.has(flag)
    }
}

/// The constant `b''`.
#[derive(Default)]
struct EmptyBytes(VmCell<Value>);

/// A constant as a value. Strs that look like identifiers are interned, as attribute names that natives are given should be.
fn constant_value(vm: &Vm, constant: &Constant) -> PyResult {
    Ok(match constant {
        Constant::None => Value::NONE,
        Constant::True => Value::TRUE,
        Constant::False => Value::FALSE,
        Constant::Ellipsis => Value::ELLIPSIS,
        Constant::Int(n) => Value::from_i64(*n),
        Constant::BigInt(n) => Value::from_bigint(n.clone()),
        Constant::Float(x) => Value::float(*x),
        Constant::Complex { real, imag } => crate::types::complex::Complex::new(*real, *imag).into_value(),
        Constant::Str(text) => {
            if text.len() <= 40 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
                intern(text)
            } else {
                Value::from_str(text)
            }
        }
        Constant::StrCodePoints(points) => {
            Value::from_text(snakelet_text::Text::from_code_points(points).map_err(|_| vm.memory_error())?)
        }
        // One object, as in CPython.
        Constant::Bytes(bytes) if bytes.is_empty() => {
            let empty = &vm.extension::<EmptyBytes>().0;
            if empty.borrow().is_none() {
                empty.set(Value::from_bytes(Vec::new()));
            }
            empty.borrow().clone()
        }
        Constant::Bytes(bytes) => crate::types::bytes::Bytes::new(bytes.clone()).into_value(),
        Constant::Tuple(items) => {
            let items = items.iter().map(|item| constant_value(vm, item)).collect::<PyResult<Vec<Value>>>()?;
            Value::from_tuple(items)
        }
        Constant::FrozenSet(items) => {
            let items = items.iter().map(|item| constant_value(vm, item)).collect::<PyResult<Vec<Value>>>()?;
            crate::types::set::frozen_set_of_constants(vm, items)?
        }
        Constant::Slice(parts) => {
            let [start, stop, step] = &**parts;
            crate::types::slice::Slice::new(
                constant_value(vm, start)?,
                constant_value(vm, stop)?,
                constant_value(vm, step)?,
            )
            .into_value()
        }
        Constant::Code(code) => CodeObject::new_object(vm, code.clone())?.into_value(),
    })
}
