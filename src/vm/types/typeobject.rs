//! Type objects: name, bases, MRO, attributes, slots, and the layout of instances.
//!
//! What `type` does as a Python class (`type.__new__`, attributes, reprs) is in `typetype`; looking attributes up is here,
//! since everything else depends on it. Every change of a type's attributes gives it and its subclasses a new version, which
//! is unique in the process: caches compare versions and need no invalidation.

use std::cell::Cell;

use snakelet_macros::native_type;

use crate::Value;
use crate::native::NativeDef;
use crate::object::shape::Shape;
use crate::object::{Header, Native, PayloadTable, Ref, Traverse, Visitor, VmCell};
use crate::types::dict::Dict;
use crate::types::slots::Slots;

/// Facts about a type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TypeFlags(pub u32);

impl TypeFlags {
    /// Created by a `class` statement or `type()`: attributes may be set.
    pub const HEAP: u32 = 1;
    /// May be a base class.
    pub const SUBCLASSABLE: u32 = 2;
    /// Matches sequence patterns.
    pub const SEQUENCE: u32 = 4;
    /// Matches mapping patterns.
    pub const MAPPING: u32 = 8;
    /// A class pattern with one positional sub-pattern matches the subject itself (int, str, ...).
    pub const MATCH_SELF: u32 = 16;
    /// Has abstract methods: cannot be instantiated.
    pub const ABSTRACT: u32 = 32;
    /// Instances have a `__dict__`.
    pub const HAS_DICT: u32 = 64;
    /// Instances can be weakly referenced.
    pub const WEAK_REFERENCES: u32 = 128;
    /// Some class in the MRO defines `__del__`, or the payload needs finalising (generators).
    pub const FINALIZER: u32 = 256;
    /// The function's descriptor binds the instance like a method: `LoadMethod` may skip the bound method.
    pub const METHOD_DESCRIPTOR: u32 = 512;
    /// A subclass of BaseException.
    pub const EXCEPTION: u32 = 1024;
    /// `cls(...)` is refused: "cannot create 'X' instances".
    pub const NO_NEW: u32 = 2048;
}

/// How a builtin type is made.
pub struct TypeSpec {
    pub name: &'static str,
    pub module: &'static str,
    pub doc: Option<&'static str>,
    /// The base class; `object` if absent.
    pub base: Option<fn() -> Ref<Type>>,
    pub flags: u32,
    /// Methods and attributes, in blocks.
    pub defs: &'static [&'static [NativeDef]],
    /// Functions that fill the slots, one for each block.
    pub fill_slots: &'static [fn(&mut Slots)],
    pub table: &'static PayloadTable,
}

/// The payload of type objects.
#[native_type(name = "type", flags(subclassable, weak_references))]
pub struct Type {
    pub name: VmCell<Value>,
    pub qualname: VmCell<Value>,
    pub base: VmCell<Option<Ref<Type>>>,
    pub bases: Kept<Vec<Ref<Type>>>,
    /// Method resolution order, the type itself first.
    pub mro: VmCell<Vec<Ref<Type>>>,
    pub dict: Ref<Dict>,
    #[skip_traverse]
    pub slots: VmCell<Slots>,
    pub flags: Cell<u32>,
    version: Cell<u32>,
    /// Addresses of direct subclasses; each removes itself when freed.
    #[skip_traverse]
    pub(crate) subclasses: VmCell<Vec<*const Header>>,
    /// What the instances' payload is.
    #[skip_traverse]
    pub table: &'static PayloadTable,
    /// Where the instance part starts; 0 if there is none.
    pub(crate) part_offset: u32,
    /// Number of `__slots__` values, inherited ones included.
    slots_count: u32,
    inline_count: u32,
    size: u32,
    #[skip_traverse]
    root_shape: Option<Box<Shape>>,
    /// `del` slot of the payload itself needs no check; see `needs_finalizing`.
    pub(crate) address: Cell<*const Header>,
}

/// A cell whose references the collector sees but never drops: a class needs its bases to the end.
#[derive(Default)]
pub struct Kept<T>(VmCell<T>);

impl<T> std::ops::Deref for Kept<T> {
    type Target = VmCell<T>;

    fn deref(&self) -> &VmCell<T> {
        &self.0
    }
}

impl<T: Traverse> Traverse for Kept<T> {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.0.traverse(visitor);
    }
}

impl Drop for Type {
    fn drop(&mut self) {
        for base in self.bases.borrow() {
            base.subclasses.borrow_mut().retain(|&sub| sub != self.address.get());
        }
    }
}

/// The layout of instances of a new class.
pub struct Layout {
    pub table: &'static PayloadTable,
    pub slots_count: u32,
    /// Room for attributes in the instance itself; at least 1 where there is a dict.
    pub inline_count: u32,
    pub has_dict: bool,
}

crate::local! {
    static NEXT_VERSION: Cell<u32> = Cell::new(1);
    static METHOD_CACHE: VmCell<Vec<CacheEntry>> = VmCell::new(Vec::new());
}

/// An entry of the method cache: the result of looking `name` up in the type of that version, borrowed.
#[derive(Clone, Copy)]
struct CacheEntry {
    version: u32,
    name: u64,
    /// The bits of the value found, which the type keeps alive as long as its version lasts; 0: not there.
    found: Option<std::num::NonZeroU64>,
}

const CACHE_SIZE: usize = 2048;

impl Type {
    /// A type payload with empty MRO, slots and bases, to be completed by the caller (`typetype`, `builtin`).
    pub(crate) fn with_layout(name: Value, qualname: Value, dict: Ref<Dict>, flags: u32, layout: Layout) -> Type {
        let has_part = layout.has_dict || layout.slots_count > 0;
        let part_offset = if has_part { layout.table.size.next_multiple_of(8) as u32 } else { 0 };
        let inline_count = if layout.has_dict { layout.inline_count.max(1) } else { 0 };
        let size =
            if has_part { part_offset + 8 + 8 * (layout.slots_count + inline_count) } else { layout.table.size as u32 };
        let flags = if layout.has_dict { flags | TypeFlags::HAS_DICT } else { flags };
        Type {
            name: VmCell::new(name),
            qualname: VmCell::new(qualname),
            base: VmCell::default(),
            bases: Kept::default(),
            mro: VmCell::default(),
            dict,
            slots: VmCell::default(),
            flags: Cell::new(flags),
            version: Cell::new(0),
            subclasses: VmCell::default(),
            table: layout.table,
            part_offset,
            slots_count: layout.slots_count,
            inline_count,
            size,
            root_shape: layout.has_dict.then(Shape::root),
            address: Cell::new(std::ptr::null()),
        }
    }

    #[inline(always)]
    pub fn has_flag(&self, flag: u32) -> bool {
        self.flags.get() & flag != 0
    }

    pub fn set_flag(&self, flag: u32) {
        self.flags.set(self.flags.get() | flag);
    }

    /// The class object.
    pub(crate) fn own_value(&self) -> Value {
        // SAFETY: types live in objects, and `address` is this one's header from its making on.
        unsafe { crate::object::retained(self.address.get()) }
    }

    /// The type's `__name__`.
    pub fn name(&self) -> String {
        self.name.borrow().downcast::<crate::types::string::Str>().map_or(String::new(), |s| s.to_string_lossy())
    }

    /// The slot `pick` selects.
    #[inline(always)]
    pub fn slots(&self) -> &Slots {
        self.slots.borrow()
    }

    #[inline(always)]
    pub(crate) fn instance_size(&self) -> usize {
        self.size as usize
    }

    #[inline(always)]
    pub(crate) fn has_instance_part(&self) -> bool {
        self.part_offset != 0
    }

    #[inline(always)]
    pub fn has_dict(&self) -> bool {
        self.has_flag(TypeFlags::HAS_DICT)
    }

    #[inline(always)]
    pub(crate) fn root_shape(&self) -> *const Shape {
        self.root_shape.as_deref().map_or(std::ptr::null(), |shape| shape)
    }

    #[inline(always)]
    pub fn slot_count(&self) -> usize {
        self.slots_count as usize
    }

    #[inline(always)]
    pub(crate) fn inline_capacity(&self) -> usize {
        self.inline_count as usize
    }

    #[inline(always)]
    pub(crate) fn place_count(&self) -> usize {
        (self.slots_count + self.inline_count) as usize
    }

    #[inline(always)]
    pub(crate) fn has_finalizer(&self) -> bool {
        self.has_flag(TypeFlags::FINALIZER)
    }

    /// Whether this object has something to finalise. Generators that never started or have ended have not.
    pub(crate) fn needs_finalizing(&self, header: *const Header) -> bool {
        // SAFETY: called for live objects of this type.
        crate::types::generator::needs_finalizing(unsafe { &*header })
    }

    /// The version of the type's attributes, made up if there is none since the last change.
    #[inline]
    pub fn version(&self) -> u32 {
        let version = self.version.get();
        if version != 0 { version } else { self.assign_version() }
    }

    #[cold]
    fn assign_version(&self) -> u32 {
        let version = NEXT_VERSION.get();
        NEXT_VERSION.set(version + 1);
        if !self.has_foreign_order() {
            self.version.set(version);
        }
        version
    }

    /// Whether a metaclass's `mro` put a class into the order that is no base: its changes are not told to this type.
    fn has_foreign_order(&self) -> bool {
        let order = self.mro.borrow();
        let is_base =
            |class: &Ref<Type>| order.iter().any(|other| other.bases.borrow().iter().any(|base| base.is(class)));
        order.iter().any(|class| !std::ptr::eq(&**class, self) && !is_base(class))
    }

    /// The version if one is assigned, else 0, which no cache holds.
    #[inline(always)]
    pub fn version_or_zero(&self) -> u32 {
        self.version.get()
    }

    /// To be called after every change of the type's dict, bases or slots.
    pub fn modified(&self) {
        self.version.set(0);
        for &subclass in self.subclasses.borrow() {
            // SAFETY: subclasses remove themselves from the list when they are freed.
            let subclass = unsafe { crate::object::retained(subclass) };
            if let Some(ty) = subclass.downcast::<Type>() {
                ty.modified();
            }
        }
    }

    /// Direct subclasses that are still alive.
    pub fn live_subclasses(&self) -> Vec<Value> {
        // SAFETY: as in `modified`.
        self.subclasses.borrow().iter().map(|&subclass| unsafe { crate::object::retained(subclass) }).collect()
    }

    /// Whether `other` is in this type's MRO.
    pub fn is_subtype(&self, other: &Type) -> bool {
        std::ptr::eq(self, other) || self.mro.borrow().iter().any(|ty| std::ptr::eq(&**ty, other))
    }

    /// Whether the type is `T`'s builtin type or a subclass of it.
    pub fn is_subtype_of<T: Native>(&self) -> bool {
        let other = T::type_pointer();
        // SAFETY: builtin types are never freed.
        self.is_subtype(unsafe { &(*other).payload })
    }

    /// The attribute `name` (an interned str) in the classes of the MRO, raw: no descriptor is invoked.
    pub fn lookup(&self, name: &Value) -> Option<Value> {
        let version = self.version();
        let slot = (version.wrapping_mul(0x9e37_79b1) ^ (name.bits() >> 4) as u32) as usize % CACHE_SIZE;
        METHOD_CACHE.with(|cache| {
            let cache = cache.borrow_mut();
            if cache.is_empty() {
                cache.resize(CACHE_SIZE, CacheEntry { version: 0, name: 0, found: None });
            }
            let entry = &mut cache[slot];
            if entry.version == version && entry.name == name.bits() {
                // SAFETY: the value belongs to a class of the MRO, unchanged since this version.
                return entry.found.map(|bits| unsafe { Value::borrowed_from_bits(bits) });
            }
            let found = self.mro.borrow().iter().find_map(|ty| ty.dict.get_str(name));
            *entry = CacheEntry { version, name: name.bits(), found: found.as_ref().map(Value::non_zero_bits) };
            found
        })
    }

    /// The same with the class where it was found.
    pub fn lookup_with_owner(&self, name: &Value) -> Option<(Value, Ref<Type>)> {
        self.mro.borrow().iter().find_map(|ty| Some((ty.dict.get_str(name)?, ty.clone())))
    }
}
