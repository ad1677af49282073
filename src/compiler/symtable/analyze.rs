//! The second pass: deciding where each name lives, from the outermost block inwards and back.

use std::collections::HashSet;
use std::rc::Rc;

use snakelet_syntax::SyntaxError;

use super::build::Result;
use super::{BlockKind, ComprehensionKind, Place, ScopeId, Symbol, SymbolTable, def};

type Names = HashSet<Rc<str>>;

/// Names that reach a block from around it.
#[derive(Clone, Default)]
struct Surroundings {
    /// Bound in an enclosing function; `None` at module level.
    bound: Option<Names>,
    /// Declared or known global.
    global: Names,
    type_params: Names,
}

/// Cells that a class body provides to the functions in it.
const CLASS_CELLS: [&str; 3] = ["__class__", "__classdict__", "__conditional_annotations__"];

pub(super) fn analyze(source: &str, table: &mut SymbolTable<'_>) -> Result {
    let mut analyzer = Analyzer { source, table };
    analyzer.block(SymbolTable::TOP, Surroundings::default(), None)
}

struct Analyzer<'t, 'a> {
    source: &'t str,
    table: &'t mut SymbolTable<'a>,
}

impl Analyzer<'_, '_> {
    /// Analyses a block and those inside it. Its free names end up in `own_free` and `nested_free`. The nesting of blocks is bounded
    /// by the first pass.
    fn block(&mut self, id: ScopeId, mut around: Surroundings, class: Option<ScopeId>) -> Result {
        let scope = self.table.scope(id);
        let kind = scope.kind;
        let function_like = scope.is_function_like();
        let sees_class = scope.sees_class;
        let mut inner = Surroundings { bound: None, global: Names::new(), type_params: Names::new() };
        if kind == BlockKind::Class {
            inner.global.clone_from(&around.global);
            inner.bound.clone_from(&around.bound);
        }
        let mut local = Names::new();
        let mut own_free = Names::new();
        for index in 0..self.table.scope(id).symbols.len() {
            let place = self.name(id, index, &mut around, &mut local, &mut own_free, class)?;
            self.table.scopes[id.0 as usize].symbols[index].place = place;
        }
        let mut bound = inner.bound.take().unwrap_or_default();
        if kind == BlockKind::Class {
            bound.extend(CLASS_CELLS.iter().map(|&name| Rc::from(name)));
        } else {
            if function_like {
                bound.extend(local.iter().cloned());
            }
            if let Some(outer) = &around.bound {
                bound.extend(outer.iter().cloned());
            }
            inner.global.clone_from(&around.global);
        }
        inner.bound = Some(bound);
        inner.type_params.clone_from(&around.type_params);

        let mut nested_free = Names::new();
        for child in self.table.scope(id).children.clone() {
            let entry = self.table.scope(child);
            let child_class = match (entry.sees_class, kind) {
                (false, _) => None,
                (true, BlockKind::Class) => Some(id),
                (true, _) => class,
            };
            let inlined =
                !matches!(entry.comprehension, ComprehensionKind::No | ComprehensionKind::Generator) && !sees_class;
            self.block(child, inner.clone(), child_class)?;
            let entry = &mut self.table.scopes[child.0 as usize];
            entry.inlined = inlined;
            if !inlined {
                nested_free.extend(entry.own_free.iter().chain(&entry.nested_free).cloned());
                continue;
            }
            if kind == BlockKind::Class {
                // A comprehension is no method: the cells of the class are not for it.
                entry.own_free.retain(|name| !CLASS_CELLS.contains(&&**name));
                for symbol in &mut entry.symbols {
                    if symbol.place == Place::Free && CLASS_CELLS.contains(&&*symbol.name) {
                        symbol.place = Place::GlobalImplicit;
                    }
                }
            }
            nested_free.extend(entry.nested_free.iter().cloned());
            own_free.extend(entry.own_free.iter().filter(|name| !(function_like && local.contains(*name))).cloned());
        }
        self.finish(id, local, own_free, nested_free);
        Ok(())
    }

    /// Turns locals into cells, takes what is bound here out of the free names, and records the rest.
    fn finish(&mut self, id: ScopeId, local: Names, mut own_free: Names, mut nested_free: Names) {
        let scope = &mut self.table.scopes[id.0 as usize];
        if scope.is_function_like() {
            for symbol in &mut scope.symbols {
                if symbol.place == Place::Local && nested_free.contains(&symbol.name) {
                    symbol.place = Place::Cell;
                }
            }
            nested_free.retain(|name| !local.contains(name));
        } else if scope.kind == BlockKind::Class {
            scope.needs_class_closure = nested_free.remove("__class__");
            scope.needs_classdict |= nested_free.remove("__classdict__");
            scope.conditional_annotations |= nested_free.remove("__conditional_annotations__");
        } else {
            own_free.clear();
            nested_free.clear();
        }
        for name in own_free.iter().chain(&nested_free) {
            if !scope.index.contains_key(name) {
                scope.index.insert(name.clone(), scope.symbols.len() as u32);
                scope.symbols.push(Symbol { name: name.clone(), flags: 0, place: Place::Free });
            }
        }
        scope.own_free = own_free.into_iter().collect();
        scope.nested_free = nested_free.into_iter().collect();
    }

    fn name(
        &self,
        id: ScopeId,
        index: usize,
        around: &mut Surroundings,
        local: &mut Names,
        free: &mut Names,
        class: Option<ScopeId>,
    ) -> Result<Place> {
        let scope = self.table.scope(id);
        let Symbol { name, flags, .. } = &scope.symbols[index];
        let flags = *flags;
        if flags & def::GLOBAL != 0 {
            if flags & def::NONLOCAL != 0 {
                return self.directive_error(id, name, format!("name '{name}' is nonlocal and global"));
            }
            around.global.insert(name.clone());
            if let Some(bound) = &mut around.bound {
                bound.remove(name);
            }
            return Ok(Place::GlobalExplicit);
        }
        if flags & def::NONLOCAL != 0 {
            let Some(bound) = &around.bound else {
                return self.directive_error(id, name, "nonlocal declaration not allowed at module level".into());
            };
            if !bound.contains(name) {
                return self.directive_error(id, name, format!("no binding for nonlocal '{name}' found"));
            }
            if around.type_params.contains(name) {
                let message = format!("nonlocal binding not allowed for type parameter '{name}'");
                return self.directive_error(id, name, message);
            }
            free.insert(name.clone());
            return Ok(Place::Free);
        }
        if flags & def::BOUND != 0 {
            local.insert(name.clone());
            around.global.remove(name);
            if flags & def::TYPE_PARAM != 0 {
                around.type_params.insert(name.clone());
            } else {
                around.type_params.remove(name);
            }
            return Ok(Place::Local);
        }
        if let Some(class) = class {
            let in_class = self.table.scope(class).flags_of(name);
            if in_class & def::GLOBAL != 0 {
                return Ok(Place::GlobalExplicit);
            }
            if in_class & def::BOUND != 0 && in_class & def::NONLOCAL == 0 {
                return Ok(Place::GlobalImplicit);
            }
        }
        if around.bound.as_ref().is_some_and(|bound| bound.contains(name)) {
            free.insert(name.clone());
            return Ok(Place::Free);
        }
        Ok(Place::GlobalImplicit)
    }

    fn directive_error<T>(&self, id: ScopeId, name: &str, message: String) -> Result<T> {
        let scope = self.table.scope(id);
        let range =
            scope.directives.iter().find(|(known, _)| &**known == name).map_or(scope.range, |&(_, range)| range);
        Err(Box::new(SyntaxError::of_symbols(self.source, range, message)))
    }
}
