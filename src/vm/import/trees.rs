//! Syntax trees as Python objects: what module `_ast`, which is not part of this crate, does for `compile`.
//!
//! The module registers itself when it is first imported; before that no tree can exist.

use std::cell::Cell;

use snakelet_compiler::Options;

use crate::object::Ref;
use crate::types::code::CodeObject;
use crate::{PyResult, Value, Vm};

/// What a tree is made for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TreeMode {
    Exec,
    Eval,
    Single,
    /// The signature of a function in a type comment.
    FunctionType,
}

/// How a tree is made.
pub struct TreeRequest {
    pub mode: TreeMode,
    pub filename: String,
    /// Whether type comments are asked for.
    pub type_comments: bool,
    /// Whether `<>` is the inequality (PEP 401).
    pub barry: bool,
    /// The minor version of the language, or -1.
    pub feature_version: i64,
    /// The preprocessing that `PyCF_OPTIMIZED_AST` asks for, with its level.
    pub optimize: Option<u8>,
}

/// The functions of module `_ast`.
pub struct TreeFunctions {
    /// From text, whose errors have been raised already where the text is incomplete.
    pub parse: fn(&Vm, &str, &TreeRequest) -> PyResult,
    /// Whether an object is a node.
    pub is_node: fn(&Vm, &Value) -> bool,
    /// Raises a TypeError unless a tree fits the mode.
    pub check_mode: fn(&Vm, &Value, TreeMode) -> PyResult<()>,
    /// A preprocessed copy of a tree.
    pub preprocess: fn(&Vm, &Value, &TreeRequest) -> PyResult,
    /// To bytecode. Warnings wait for `issue_syntax_warnings`.
    pub compile: fn(&Vm, &Value, TreeMode, &Options) -> PyResult<Ref<CodeObject>>,
}

/// Where the session keeps them.
#[derive(Default)]
pub struct Trees(pub Cell<Option<&'static TreeFunctions>>);

/// The functions of module `_ast`, once it has been imported.
pub fn tree_functions(vm: &Vm) -> Option<&'static TreeFunctions> {
    vm.extension::<Trees>().0.get()
}
