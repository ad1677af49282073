//! `tuple`: the payload; methods follow.

use snakelet_macros::native_type;

use crate::Value;
use crate::object::Native;

/// The payload of tuples.
#[native_type(name = "tuple", flags(subclassable, sequence, match_self))]
pub struct Tuple {
    items: Box<[Value]>,
}

impl Tuple {
    pub fn new(items: Vec<Value>) -> Tuple {
        Tuple { items: items.into() }
    }

    #[inline(always)]
    pub fn items(&self) -> &[Value] {
        &self.items
    }
}

thread_local! {
    static EMPTY: std::cell::OnceCell<Value> = const { std::cell::OnceCell::new() };
}

impl Value {
    /// A tuple; the empty one is always the same object.
    pub fn from_tuple(items: Vec<Value>) -> Value {
        if items.is_empty() {
            return EMPTY.with(|empty| empty.get_or_init(|| Tuple::new(Vec::new()).into_value()).clone());
        }
        Tuple::new(items).into_value()
    }
}
