//! Comparison, hashing, truth.

use crate::types::slots::CompareOp;
use crate::{PyResult, Value, Vm};

impl Vm {
    /// `left op right`: any value. May defer.
    pub fn rich_compare(&self, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        crate::protocol::compare::rich_compare(self, left, right, op)
    }
}
