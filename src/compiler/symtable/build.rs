//! The first pass: opening blocks and noting names. The walks over [statements](super::statements) and
//! [expressions](super::expressions) build on what is here.

use std::collections::HashMap;
use std::rc::Rc;

use snakelet_syntax::{Kind, SyntaxError, TextRange, TextSize, ast};

use super::{BlockKind, ComprehensionKind, Interner, Part, Place, Scope, ScopeId, Symbol, SymbolTable, def, mangle};
use crate::future::Futures;

pub(super) use crate::compiler::Result;

/// How a name is about to be used, for what `__debug__` allows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    Load,
    Store,
    Delete,
}

pub(super) struct Builder<'a, 'i> {
    pub source: &'a str,
    pub table: SymbolTable<'a>,
    pub interner: &'i mut Interner,
    pub current: ScopeId,
    pub stack: Vec<ScopeId>,
    /// The innermost class, for mangling.
    pub class_name: Option<Rc<str>>,
    pub futures: Futures,
    pub top_level_await: bool,
    pub depth: u32,
    /// Inside a `finally` clause, and inside a loop in it (or in no clause).
    pub in_finally: bool,
    pub in_loop: bool,
    /// The table is to be shown, not to be compiled from.
    pub for_report: bool,
}

/// Builds and analyses the scopes of a program.
pub(crate) fn build<'a>(
    source: &'a str,
    module: &'a ast::Mod,
    interner: &mut Interner,
    futures: Futures,
    top_level_await: bool,
    for_report: bool,
) -> Result<SymbolTable<'a>> {
    let table = SymbolTable { scopes: Vec::new(), by_node: HashMap::new(), walruses: Vec::new(), warnings: Vec::new() };
    let mut builder = Builder {
        source,
        table,
        interner,
        current: ScopeId(0),
        stack: Vec::new(),
        class_name: None,
        futures,
        top_level_await,
        depth: 0,
        in_finally: false,
        in_loop: false,
        for_report,
    };
    builder.enter("top", BlockKind::Module, TextRange::default());
    match module {
        ast::Mod::Module(module) => builder.statements(&module.body)?,
        ast::Mod::Expression(expression) => builder.expression(&expression.body)?,
    }
    snakelet_text::order::sort(&mut builder.table.walruses);
    super::analyze::analyze(source, &mut builder.table)?;
    Ok(builder.table)
}

impl<'a> Builder<'a, '_> {
    pub fn error<T>(&self, range: TextRange, message: impl Into<String>) -> Result<T> {
        Err(Box::new(SyntaxError::of_symbols(self.source, range, message)))
    }

    pub fn scope(&mut self) -> &mut Scope<'a> {
        &mut self.table.scopes[self.current.0 as usize]
    }

    pub fn scope_ref(&self) -> &Scope<'a> {
        &self.table.scopes[self.current.0 as usize]
    }

    /// Counts one level of nesting.
    pub fn deeper(&mut self) -> Result {
        self.depth += 1;
        if self.depth > crate::MAX_DEPTH {
            let message = "maximum recursion depth exceeded during compilation";
            return Err(Box::new(SyntaxError::without_position(Kind::Recursion, message)));
        }
        Ok(())
    }

    /// Opens a block inside the current one.
    pub fn enter(&mut self, name: &str, kind: BlockKind, range: TextRange) -> ScopeId {
        self.enter_detached(name, kind, range, true)
    }

    /// Opens a block; one that is not `attached` is checked but takes no part in the analysis.
    pub fn enter_detached(&mut self, name: &str, kind: BlockKind, range: TextRange, attached: bool) -> ScopeId {
        let id = ScopeId(self.table.scopes.len() as u32);
        let parent = (id.0 != 0).then_some(self.current);
        let (nested, method) = match parent.map(|parent| self.table.scope(parent)) {
            Some(parent) => (parent.nested || parent.is_function_like(), parent.kind == BlockKind::Class),
            None => (false, false),
        };
        self.table.scopes.push(Scope {
            kind,
            comprehension: ComprehensionKind::No,
            name: self.interner.intern(name),
            range,
            children: Vec::new(),
            symbols: Vec::new(),
            index: HashMap::new(),
            parameters: Vec::new(),
            class_name: self.class_name.clone(),
            mangled: None,
            nested,
            generator: false,
            coroutine: false,
            needs_class_closure: false,
            needs_classdict: false,
            sees_class: false,
            method: method && kind == BlockKind::Function,
            inlined: false,
            conditional_annotations: false,
            annotations_used: false,
            annotation_block: None,
            deferred: Vec::new(),
            own_free: Vec::new(),
            nested_free: Vec::new(),
            directives: Vec::new(),
            in_conditional_block: false,
            type_variable_part: "a TypeVar bound",
            comp_iter_target: false,
            // Walruses are forbidden in the whole expression, lambdas and comprehensions in it included.
            comp_iter_expr: parent.map_or(0, |parent| self.table.scope(parent).comp_iter_expr),
            condition_count: 0,
        });
        if let Some(parent) = parent
            && attached
        {
            self.table.scopes[parent.0 as usize].children.push(id);
        }
        self.stack.push(self.current);
        self.current = id;
        if matches!(kind, BlockKind::Annotation | BlockKind::TypeVariable | BlockKind::TypeAlias) {
            let name = self.interner.intern(".format");
            self.insert(id, &name, def::PARAM | def::USE);
        }
        id
    }

    pub fn enter_existing(&mut self, id: ScopeId) {
        self.stack.push(self.current);
        self.current = id;
    }

    pub fn exit(&mut self) {
        if let Some(outer) = self.stack.pop() {
            self.current = outer;
        }
    }

    pub fn register<T>(&mut self, node: &T, part: Part, id: ScopeId) {
        self.table.by_node.insert((std::ptr::from_ref(node) as usize, part), id);
    }

    /// The name as the current block's symbols spell it.
    pub fn mangled(&mut self, name: &str) -> Rc<str> {
        self.mangled_in(self.current, name)
    }

    pub fn mangled_in(&mut self, scope: ScopeId, name: &str) -> Rc<str> {
        if name.starts_with("__")
            && let Some(class_name) = &self.class_name
        {
            let restricted = &self.table.scope(scope).mangled;
            if restricted.as_ref().is_none_or(|names| names.iter().any(|known| &**known == name))
                && let Some(mangled) = mangle(Some(class_name), name)
            {
                return self.interner.intern(&mangled);
            }
        }
        self.interner.intern(name)
    }

    /// Notes a use of a name in the current block.
    pub fn add(&mut self, name: &str, flags: u16, range: TextRange) -> Result {
        let context = if flags & (def::PARAM | def::LOCAL | def::IMPORT) != 0 { Context::Store } else { Context::Load };
        self.add_in_context(name, flags, range, context)
    }

    pub fn add_in_context(&mut self, name: &str, flags: u16, range: TextRange, context: Context) -> Result {
        self.check_name(name, range, context)?;
        if flags & def::TYPE_PARAM != 0 {
            let interned = self.interner.intern(name);
            if let Some(mangled) = &mut self.scope().mangled {
                mangled.push(interned);
            }
        }
        self.add_to(self.current, name, flags, range)
    }

    /// `__debug__` can be neither assigned nor deleted.
    pub fn check_name(&self, name: &str, range: TextRange, context: Context) -> Result {
        match context {
            Context::Store if name == "__debug__" => self.error(range, "cannot assign to __debug__"),
            Context::Delete if name == "__debug__" => self.error(range, "cannot delete __debug__"),
            _ => Ok(()),
        }
    }

    pub fn add_to(&mut self, scope: ScopeId, name: &str, flags: u16, range: TextRange) -> Result {
        let name = self.mangled_in(scope, name);
        let old = self.table.scope(scope).flags_of(&name);
        if flags & old & def::PARAM != 0 {
            return self.error(range, format!("duplicate argument '{name}' in function definition"));
        }
        if flags & old & def::TYPE_PARAM != 0 {
            return self.error(range, format!("duplicate type parameter '{name}'"));
        }
        let mut new = old | flags;
        if self.table.scope(scope).comp_iter_target {
            if new & (def::GLOBAL | def::NONLOCAL) != 0 {
                let message = format!("comprehension inner loop cannot rebind assignment expression target '{name}'");
                return self.error(range, message);
            }
            new |= def::COMP_ITER;
        }
        self.insert(scope, &name, new);
        if flags & def::PARAM == 0 && flags & def::GLOBAL != 0 {
            let top = SymbolTable::TOP;
            let at_top = self.table.scope(top).flags_of(&name);
            self.insert(top, &name, at_top | flags);
        }
        Ok(())
    }

    /// Sets the flags of an already mangled name.
    fn insert(&mut self, scope: ScopeId, name: &Rc<str>, flags: u16) {
        let scope = &mut self.table.scopes[scope.0 as usize];
        match scope.index.get(name) {
            Some(&index) => {
                let symbol = &mut scope.symbols[index as usize];
                if flags & !symbol.flags & def::PARAM != 0 {
                    scope.parameters.push(name.clone());
                }
                symbol.flags = flags;
            }
            None => {
                scope.index.insert(name.clone(), scope.symbols.len() as u32);
                scope.symbols.push(Symbol { name: name.clone(), flags, place: Place::GlobalImplicit });
                if flags & def::PARAM != 0 {
                    scope.parameters.push(name.clone());
                }
            }
        }
    }

    pub fn lookup(&mut self, name: &str) -> u16 {
        let name = self.mangled(name);
        self.scope_ref().flags_of(&name)
    }

    /// Whether the current block is the body of an `async def` (or of an async comprehension).
    pub fn in_async_function(&self) -> bool {
        let scope = self.scope_ref();
        scope.kind == BlockKind::Function && scope.coroutine
    }

    /// Whether this is the block of a module that may await.
    pub fn is_awaiting_module(&self) -> bool {
        self.top_level_await && self.scope_ref().kind == BlockKind::Module
    }

    /// Fails where a statement with `async` may not stand; makes a module that may await a coroutine.
    pub fn require_coroutine(&mut self, range: TextRange, message: &str) -> Result {
        if self.is_awaiting_module() {
            self.scope().coroutine = true;
        }
        if self.scope_ref().coroutine { Ok(()) } else { self.error(range, message) }
    }

    pub fn note_walrus(&mut self, start: TextSize) {
        self.table.walruses.push(start);
    }

    pub fn limit_mangling(&mut self) {
        self.scope().mangled = Some(Vec::new());
    }
}
