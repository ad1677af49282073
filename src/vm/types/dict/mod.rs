//! `dict`: the payload and what the runtime itself needs of it; methods, views and iterators are in the other files.

mod iterators;
mod lookup;
mod methods;
pub mod table;
mod update;
pub mod views;

pub use iterators::DictKeyIterator;
pub(crate) use lookup::{unusable, unusable_later};

use snakelet_macros::native_type;

use self::table::{Equality, Found, Table};
use crate::Value;
use crate::object::{Native, Ref, VmCell};
use crate::types::string::Str;

/// The payload of dicts.
#[derive(Default)]
#[native_type(
    name = "dict",
    doc = "dict() -> new empty dictionary\ndict(mapping) -> new dictionary with the mapping's items\ndict(iterable) -> new dictionary from pairs of key and value\ndict(**kwargs) -> new dictionary with the keyword arguments as items",
    flags(SUBCLASSABLE, MAPPING, MATCH_SELF)
)]
pub struct Dict {
    pub table: VmCell<Table>,
}

impl Dict {
    /// A new, empty dict object.
    pub fn new_object() -> Ref<Dict> {
        Dict::default().into_object()
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.table.borrow().len()
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the str `name` is. Keys that are not strs can't be equal to it, unless they are of a class with its own `__eq__`
    /// and the same hash, which namespaces don't hold.
    #[inline]
    pub fn find_str(&self, name: &Value) -> Option<usize> {
        let string = name.downcast::<Str>()?;
        let found = self.table.borrow().find(string.hash(), name, |key| match key.downcast::<Str>() {
            Some(other) if other.text() == string.text() => Equality::Equal,
            _ => Equality::Different,
        });
        match found {
            Found::At(at) => Some(at),
            _ => None,
        }
    }

    /// The value of the str key `name`.
    #[inline]
    pub fn get_str(&self, name: &Value) -> Option<Value> {
        let at = self.find_str(name)?;
        Some(self.table.borrow().entries()[at].value.clone())
    }

    /// The value of the key with this text.
    pub fn get_text(&self, name: &str) -> Option<Value> {
        self.get_str(&crate::object::intern::intern(name))
    }

    /// Sets the str key `name`. Namespaces are small, so memory is taken without a check.
    pub fn set_str(&self, name: &Value, value: Value) {
        match self.find_str(name) {
            Some(at) => drop(std::mem::replace(self.table.borrow_mut().value_mut(at), value)),
            None => {
                let Some(string) = name.downcast::<Str>() else { return };
                self.table.borrow_mut().insert_new(string.hash(), name.clone(), value);
            }
        }
    }

    /// Sets the key with this text.
    pub fn set_text(&self, name: &str, value: Value) {
        self.set_str(&crate::object::intern::intern(name), value);
    }

    /// Removes the str key `name`.
    pub fn remove_str(&self, name: &Value) -> Option<Value> {
        let at = self.find_str(name)?;
        let (_key, value) = self.table.borrow_mut().remove(at);
        Some(value)
    }
}
