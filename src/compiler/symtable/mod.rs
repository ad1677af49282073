//! Scopes: which names a block binds and uses, and where each of them lives.
//!
//! As in CPython the work is done in two passes. [`build`](self::build) walks the tree, opens one [`Scope`] per block and notes for each
//! name how it is used; [`analyze`](self::analyze) then decides from the outside in whether a name is local, a cell, free or global. The
//! SyntaxErrors that depend on names and on the kind of block (PEP 572, 649, 695, 709 among them) are raised here.
//!
//! List, set and dict comprehensions have scopes of their own although the compiler inlines them (PEP 709): a name that only an
//! inlined comprehension uses must not turn the enclosing function's variable into a cell. See [`Scope::inlined`].

mod analyze;
mod build;
mod expressions;
pub(crate) mod report;
mod statements;

use std::collections::HashMap;
use std::rc::Rc;

use snakelet_syntax::{SyntaxWarning, TextRange, TextSize, ast};

pub(crate) use build::build;
pub(crate) use statements::{annotation_order, has_defaults};

/// Index into [`SymbolTable::scopes`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct ScopeId(pub u32);

/// What kind of block a scope belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BlockKind {
    Module,
    Class,
    /// Functions, lambdas, comprehensions and generator expressions.
    Function,
    /// `__annotate__` (PEP 649).
    Annotation,
    /// Bound, constraints or default of a type parameter.
    TypeVariable,
    TypeAlias,
    /// The scope around a generic class, function or alias (PEP 695).
    TypeParameters,
}

/// Whether and which comprehension a scope is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ComprehensionKind {
    No,
    List,
    Set,
    Dict,
    Generator,
}

/// How a name occurs in a block; a set of bits.
pub(crate) mod def {
    pub const GLOBAL: u16 = 1;
    pub const LOCAL: u16 = 2;
    pub const PARAM: u16 = 4;
    pub const NONLOCAL: u16 = 8;
    pub const USE: u16 = 0x10;
    pub const IMPORT: u16 = 0x20;
    pub const ANNOT: u16 = 0x40;
    pub const COMP_ITER: u16 = 0x80;
    pub const TYPE_PARAM: u16 = 0x100;
    /// `del name`, or the name of an `except` clause.
    pub const DELETED: u16 = 0x200;
    pub const BOUND: u16 = LOCAL | PARAM | IMPORT | TYPE_PARAM;
}

/// Where a name lives, seen from one scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    Local,
    /// Local, shared with inner functions.
    Cell,
    Free,
    GlobalExplicit,
    GlobalImplicit,
}

/// A name in a scope.
#[derive(Clone, Debug)]
pub(crate) struct Symbol {
    pub name: Rc<str>,
    /// Bits of [`def`].
    pub flags: u16,
    /// Known after the analysis.
    pub place: Place,
}

/// What a scope's tree node is keyed by: one node may own several scopes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Part {
    Body,
    Annotations,
    TypeParameters,
    Bound,
    Default,
}

/// One annotation `name: value` that a module's or class's `__annotate__` evaluates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeferredAnnotation<'a> {
    pub statement: &'a ast::StmtAnnAssign,
    /// Its number, if it depends on whether the statement has been reached.
    pub condition: Option<u32>,
}

/// One block.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    pub kind: BlockKind,
    pub comprehension: ComprehensionKind,
    pub name: Rc<str>,
    pub range: TextRange,
    pub children: Vec<ScopeId>,
    pub symbols: Vec<Symbol>,
    index: HashMap<Rc<str>, u32>,
    /// Parameters in the order of their registers.
    pub parameters: Vec<Rc<str>>,
    /// The class whose name mangles private names.
    pub class_name: Option<Rc<str>>,
    /// In the type parameter scope of a class only these names are mangled.
    mangled: Option<Vec<Rc<str>>>,
    /// Inside a function-like scope.
    pub nested: bool,
    pub generator: bool,
    pub coroutine: bool,
    /// The class body must provide a `__class__` cell.
    pub needs_class_closure: bool,
    /// The class body must provide a `__classdict__` cell.
    pub needs_classdict: bool,
    /// An annotation or type scope directly in a class: sees the class's names.
    pub sees_class: bool,
    /// Functions defined directly in a class.
    pub method: bool,
    /// The comprehension runs in its parent's frame.
    pub inlined: bool,
    /// The names its `__annotate__` gives depend on the course of execution.
    pub conditional_annotations: bool,
    pub annotations_used: bool,
    pub annotation_block: Option<ScopeId>,
    pub deferred: Vec<DeferredAnnotation<'a>>,
    /// Free names: those this block's own code needs, and those that inner functions need.
    own_free: Vec<Rc<str>>,
    nested_free: Vec<Rc<str>>,
    /// Where `global` and `nonlocal` statements name what.
    directives: Vec<(Rc<str>, TextRange)>,
    in_conditional_block: bool,
    /// For messages: what a scope of kind `TypeVariable` evaluates.
    type_variable_part: &'static str,
    comp_iter_target: bool,
    comp_iter_expr: u32,
    condition_count: u32,
}

impl Scope<'_> {
    /// Functions and everything that is compiled as one.
    pub fn is_function_like(&self) -> bool {
        !matches!(self.kind, BlockKind::Module | BlockKind::Class)
    }

    /// The name's entry; `name` must be mangled.
    pub fn symbol(&self, name: &str) -> Option<&Symbol> {
        self.index.get(name).map(|&index| &self.symbols[index as usize])
    }

    fn flags_of(&self, name: &str) -> u16 {
        self.symbol(name).map_or(0, |symbol| symbol.flags)
    }

    /// The names that a closure must hand in, sorted as in `co_freevars`.
    pub fn free_names(&self) -> Vec<Rc<str>> {
        let mut names: Vec<Rc<str>> = self.own_free.iter().chain(&self.nested_free).cloned().collect();
        snakelet_text::order::sort(&mut names);
        names.dedup();
        names
    }
}

/// All scopes of a program.
#[derive(Debug)]
pub(crate) struct SymbolTable<'a> {
    pub scopes: Vec<Scope<'a>>,
    by_node: HashMap<(usize, Part), ScopeId>,
    /// Warnings about `return`, `break` and `continue` in `finally` clauses (PEP 765).
    pub warnings: Vec<SyntaxWarning>,
    /// Start of every assignment expression, sorted: tells whether a part of the program may assign while it is evaluated.
    walruses: Vec<TextSize>,
}

impl<'a> SymbolTable<'a> {
    pub const TOP: ScopeId = ScopeId(0);

    pub fn scope(&self, id: ScopeId) -> &Scope<'a> {
        &self.scopes[id.0 as usize]
    }

    /// The scope that `node` opens.
    pub fn of_node<T>(&self, node: &T, part: Part) -> Option<ScopeId> {
        self.by_node.get(&(std::ptr::from_ref(node) as usize, part)).copied()
    }

    /// Whether an assignment expression starts within `range`.
    pub fn has_walrus(&self, range: TextRange) -> bool {
        let first = self.walruses.partition_point(|&start| start < range.start());
        self.walruses.get(first).is_some_and(|&start| start < range.end())
    }
}

/// Applies name mangling: `__name` within class `_Class` becomes `_Class__name`.
pub(crate) fn mangle(class_name: Option<&str>, name: &str) -> Option<String> {
    let class_name = class_name?;
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') {
        return None;
    }
    let class_name = class_name.trim_start_matches('_');
    if class_name.is_empty() {
        return None;
    }
    let mut mangled = String::with_capacity(1 + class_name.len() + name.len());
    mangled.push('_');
    mangled.push_str(class_name);
    mangled.push_str(name);
    Some(mangled)
}

/// Gives equal names the same allocation.
#[derive(Default, Debug)]
pub(crate) struct Interner {
    names: std::collections::HashSet<Rc<str>>,
}

impl Interner {
    pub fn intern(&mut self, name: &str) -> Rc<str> {
        if let Some(known) = self.names.get(name) {
            return known.clone();
        }
        let name: Rc<str> = name.into();
        self.names.insert(name.clone());
        name
    }
}
