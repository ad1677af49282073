//! Shapes: which attributes the instances of a class have, and in which slots.
//!
//! Each class owns a tree of shapes: its root has no attributes, and each child adds one. Instances that got the same attributes
//! in the same order share a shape, so an inline cache needs to compare one pointer. Instances that do something
//! unusual (delete an attribute, have too many, are asked for `__dict__`) leave the shapes for a real dict.

use std::cell::RefCell;

use crate::Value;

/// One node of a class's tree of shapes. Freed with the class, which every instance keeps alive.
pub struct Shape {
    /// The attribute names, interned, in the order they were added; the index is the slot.
    keys: Box<[Value]>,
    children: RefCell<Vec<Box<Shape>>>,
}

impl Shape {
    /// The shape without attributes.
    pub fn root() -> Box<Shape> {
        Box::new(Shape { keys: Box::default(), children: RefCell::default() })
    }

    /// The attribute names in order.
    #[inline]
    pub fn keys(&self) -> &[Value] {
        &self.keys
    }

    /// The slot of attribute `name`, an interned str.
    #[inline]
    pub fn find(&self, name: &Value) -> Option<usize> {
        self.keys.iter().position(|key| key.is(name))
    }

    /// The shape with one more attribute.
    pub fn with(&self, name: &Value) -> *const Shape {
        let mut children = self.children.borrow_mut();
        if let Some(child) = children.iter().find(|child| child.keys[self.keys.len()].is(name)) {
            return &raw const **child;
        }
        let keys = self.keys.iter().chain([name]).cloned().collect();
        children.push(Box::new(Shape { keys, children: RefCell::default() }));
        &raw const **children.last().expect("just pushed")
    }
}
