//! The first pass over statements, type parameters and patterns.

use snakelet_syntax::{Ranged, SyntaxError, SyntaxWarning, TextRange, ast};

use super::build::{Builder, Context, Result};
use super::{BlockKind, DeferredAnnotation, Part, def};
use crate::location::definition_range;

impl<'a> Builder<'a, '_> {
    pub fn statements(&mut self, body: &'a [ast::Stmt]) -> Result {
        body.iter().try_for_each(|statement| self.statement(statement))
    }

    /// A block whose execution depends on conditions: annotations in it do too.
    fn conditional(&mut self, body: &'a [ast::Stmt]) -> Result {
        let outer = std::mem::replace(&mut self.scope().in_conditional_block, true);
        self.statements(body)?;
        self.scope().in_conditional_block = outer;
        Ok(())
    }

    fn loop_body(&mut self, body: &'a [ast::Stmt]) -> Result {
        let outer = std::mem::replace(&mut self.in_loop, true);
        self.conditional(body)?;
        self.in_loop = outer;
        Ok(())
    }

    fn warn(&mut self, message: &str, range: TextRange) {
        self.table.warnings.push(SyntaxWarning { message: message.to_owned(), range });
    }

    fn statement(&mut self, statement: &'a ast::Stmt) -> Result {
        self.deeper()?;
        match statement {
            ast::Stmt::FunctionDef(function) => self.function(function)?,
            ast::Stmt::ClassDef(class) => self.class(class)?,
            ast::Stmt::TypeAlias(alias) => self.type_alias(alias)?,
            ast::Stmt::Return(statement) => {
                if self.in_finally {
                    self.warn("'return' in a 'finally' block", statement.range);
                }
                self.optional(statement.value.as_deref())?;
            }
            ast::Stmt::Delete(statement) => self.expressions(&statement.targets)?,
            ast::Stmt::Assign(statement) => {
                self.expressions(&statement.targets)?;
                self.expression(&statement.value)?;
            }
            ast::Stmt::AnnAssign(statement) => self.annotated_assignment(statement)?,
            ast::Stmt::AugAssign(statement) => {
                self.expression(&statement.target)?;
                self.expression(&statement.value)?;
            }
            ast::Stmt::For(statement) => {
                if statement.is_async {
                    self.require_coroutine(statement.range, "'async for' outside async function")?;
                }
                self.expression(&statement.target)?;
                self.expression(&statement.iter)?;
                self.loop_body(&statement.body)?;
                self.conditional(&statement.orelse)?;
            }
            ast::Stmt::While(statement) => {
                self.expression(&statement.test)?;
                self.loop_body(&statement.body)?;
                self.conditional(&statement.orelse)?;
            }
            ast::Stmt::If(statement) => {
                self.expression(&statement.test)?;
                self.conditional(&statement.body)?;
                for clause in &statement.elif_else_clauses {
                    self.optional(clause.test.as_ref())?;
                    self.conditional(&clause.body)?;
                }
            }
            ast::Stmt::Match(statement) => {
                self.expression(&statement.subject)?;
                for case in &statement.cases {
                    self.pattern(&case.pattern)?;
                    self.optional(case.guard.as_deref())?;
                    self.conditional(&case.body)?;
                }
            }
            ast::Stmt::Raise(statement) => {
                self.optional(statement.exc.as_deref())?;
                self.optional(statement.cause.as_deref())?;
            }
            ast::Stmt::Try(statement) => {
                self.conditional(&statement.body)?;
                for ast::ExceptHandler::ExceptHandler(handler) in &statement.handlers {
                    self.optional(handler.type_.as_deref())?;
                    if let Some(name) = &handler.name {
                        self.add(name.as_str(), def::LOCAL | def::DELETED, handler.range)?;
                    }
                    self.conditional(&handler.body)?;
                }
                self.conditional(&statement.orelse)?;
                let outer = (self.in_finally, self.in_loop);
                (self.in_finally, self.in_loop) = (true, false);
                self.conditional(&statement.finalbody)?;
                (self.in_finally, self.in_loop) = outer;
            }
            ast::Stmt::Assert(statement) => {
                self.expression(&statement.test)?;
                self.optional(statement.msg.as_deref())?;
            }
            ast::Stmt::Import(statement) => {
                statement.names.iter().try_for_each(|alias| self.alias(alias))?;
            }
            ast::Stmt::ImportFrom(statement) => {
                statement.names.iter().try_for_each(|alias| self.alias(alias))?;
            }
            ast::Stmt::Global(statement) => {
                for name in &statement.names {
                    self.directive(name.as_str(), def::GLOBAL, statement.range)?;
                }
            }
            ast::Stmt::Nonlocal(statement) => {
                for name in &statement.names {
                    self.directive(name.as_str(), def::NONLOCAL, statement.range)?;
                }
            }
            ast::Stmt::Expr(statement) => self.expression(&statement.value)?,
            ast::Stmt::With(statement) => {
                if statement.is_async {
                    self.require_coroutine(statement.range, "'async with' outside async function")?;
                }
                for item in &statement.items {
                    self.expression(&item.context_expr)?;
                    self.optional(item.optional_vars.as_deref())?;
                }
                self.conditional(&statement.body)?;
            }
            ast::Stmt::Break(statement) if self.in_finally && !self.in_loop => {
                self.warn("'break' in a 'finally' block", statement.range);
            }
            ast::Stmt::Continue(statement) if self.in_finally && !self.in_loop => {
                self.warn("'continue' in a 'finally' block", statement.range);
            }
            ast::Stmt::Pass(_) | ast::Stmt::Break(_) | ast::Stmt::Continue(_) | ast::Stmt::IpyEscapeCommand(_) => {}
        }
        self.depth -= 1;
        Ok(())
    }

    fn function(&mut self, function: &'a ast::StmtFunctionDef) -> Result {
        let name = function.name.as_str();
        let range = definition_range(self.source, function.range, &function.decorator_list);
        self.add(name, def::LOCAL, range)?;
        self.defaults(&function.parameters)?;
        function.decorator_list.iter().try_for_each(|decorator| self.expression(&decorator.expression))?;
        if let Some(type_params) = &function.type_params {
            let (positional, keyword) = has_defaults(&function.parameters);
            self.enter_type_parameters(name, type_params, range, false)?;
            if positional {
                self.add(".defaults", def::PARAM, range)?;
            }
            if keyword {
                self.add(".kwdefaults", def::PARAM, range)?;
            }
            self.type_parameters(type_params)?;
        }
        self.function_annotations(function, range)?;
        let id = self.enter(name, BlockKind::Function, range);
        self.register(function, Part::Body, id);
        if function.is_async {
            self.scope().coroutine = true;
        }
        self.parameters(&function.parameters)?;
        let outer = (self.in_finally, self.in_loop);
        (self.in_finally, self.in_loop) = (false, false);
        self.statements(&function.body)?;
        (self.in_finally, self.in_loop) = outer;
        self.exit();
        if function.type_params.is_some() {
            self.exit();
        }
        Ok(())
    }

    fn function_annotations(&mut self, function: &'a ast::StmtFunctionDef, range: TextRange) -> Result {
        let parameters = &function.parameters;
        if self.scope_ref().kind == BlockKind::Class && !self.futures.annotations {
            // As in CPython, whether or not there are annotations.
            self.scope().needs_classdict = true;
        }
        let in_class = self.scope_ref().sees_class || self.scope_ref().kind == BlockKind::Class;
        if function.returns.is_none() && parameters.iter().all(|parameter| parameter.annotation().is_none()) {
            if self.for_report {
                // Nothing is compiled for this block, but module `symtable` shows it.
                self.enter("__annotate__", BlockKind::Annotation, range);
                if in_class {
                    self.scope().sees_class = true;
                    self.add("__classdict__", def::USE, range)?;
                }
                self.exit();
            }
            return Ok(());
        }
        let id = self.enter_detached("__annotate__", BlockKind::Annotation, range, !self.futures.annotations);
        self.register(function, Part::Annotations, id);
        if in_class {
            self.scope().sees_class = true;
            self.add("__classdict__", def::USE, range)?;
        }
        for parameter in annotation_order(parameters) {
            self.optional(parameter.annotation())?;
        }
        self.optional(function.returns.as_deref())?;
        self.exit();
        Ok(())
    }

    fn class(&mut self, class: &'a ast::StmtClassDef) -> Result {
        let name = class.name.as_str();
        let range = definition_range(self.source, class.range, &class.decorator_list);
        self.add(name, def::LOCAL, range)?;
        class.decorator_list.iter().try_for_each(|decorator| self.expression(&decorator.expression))?;
        let outer = self.class_name.clone();
        if let Some(type_params) = &class.type_params {
            self.enter_type_parameters(name, type_params, range, true)?;
            let interned = self.interner.intern(name);
            self.scope().class_name = Some(interned.clone());
            self.class_name = Some(interned);
            self.limit_mangling();
            self.type_parameters(type_params)?;
        }
        if let Some(arguments) = &class.arguments {
            self.expressions(&arguments.args)?;
            self.keywords(&arguments.keywords)?;
        }
        let id = self.enter(name, BlockKind::Class, range);
        self.register(class, Part::Body, id);
        let interned = self.interner.intern(name);
        self.scope().class_name = Some(interned.clone());
        self.class_name = Some(interned);
        if class.type_params.is_some() {
            self.add("__type_params__", def::LOCAL, range)?;
            self.add(".type_params", def::USE, range)?;
        }
        self.statements(&class.body)?;
        self.exit();
        if class.type_params.is_some() {
            self.exit();
        }
        self.class_name = outer;
        Ok(())
    }

    fn type_alias(&mut self, alias: &'a ast::StmtTypeAlias) -> Result {
        self.expression(&alias.name)?;
        let name = match &*alias.name {
            ast::Expr::Name(name) => name.id.as_str(),
            _ => "",
        };
        let in_class = self.scope_ref().kind == BlockKind::Class;
        if let Some(type_params) = &alias.type_params {
            self.enter_type_parameters(name, type_params, alias.range, false)?;
            self.type_parameters(type_params)?;
        }
        let id = self.enter(name, BlockKind::TypeAlias, alias.range);
        self.register(alias, Part::Body, id);
        if in_class {
            self.scope().sees_class = true;
            self.add("__classdict__", def::USE, alias.value.range())?;
        }
        self.expression(&alias.value)?;
        self.exit();
        if alias.type_params.is_some() {
            self.exit();
        }
        Ok(())
    }

    fn enter_type_parameters(
        &mut self,
        name: &str,
        type_params: &'a ast::TypeParams,
        range: TextRange,
        of_class: bool,
    ) -> Result {
        let in_class = self.scope_ref().kind == BlockKind::Class;
        let id = self.enter(name, BlockKind::TypeParameters, range);
        self.register(type_params, Part::TypeParameters, id);
        if in_class {
            self.scope().sees_class = true;
            self.add("__classdict__", def::USE, range)?;
        }
        if of_class {
            self.add(".type_params", def::LOCAL | def::USE, range)?;
            self.add(".generic_base", def::LOCAL | def::USE, range)?;
        }
        Ok(())
    }

    fn type_parameters(&mut self, type_params: &'a ast::TypeParams) -> Result {
        let mut seen_default = false;
        for parameter in type_params {
            let name = parameter.name();
            if parameter.default().is_some() {
                seen_default = true;
            } else if seen_default {
                let message = format!("non-default type parameter '{name}' follows default type parameter");
                return Err(Box::new(SyntaxError::at(self.source, parameter.range(), message)));
            }
            self.add(name.as_str(), def::TYPE_PARAM | def::LOCAL, parameter.range())?;
            match parameter {
                ast::TypeParam::TypeVar(variable) => {
                    if let Some(bound) = &variable.bound {
                        let what = if bound.is_tuple_expr() { "a TypeVar constraint" } else { "a TypeVar bound" };
                        self.type_parameter_part(name, variable, Part::Bound, bound, what)?;
                    }
                    if let Some(default) = &variable.default {
                        self.type_parameter_part(name, variable, Part::Default, default, "a TypeVar default")?;
                    }
                }
                ast::TypeParam::TypeVarTuple(variable) => {
                    if let Some(default) = &variable.default {
                        self.type_parameter_part(name, variable, Part::Default, default, "a TypeVarTuple default")?;
                    }
                }
                ast::TypeParam::ParamSpec(variable) => {
                    if let Some(default) = &variable.default {
                        self.type_parameter_part(name, variable, Part::Default, default, "a ParamSpec default")?;
                    }
                }
            }
            if name.as_str() == "__classdict__" {
                return self
                    .error(parameter.range(), "reserved name '__classdict__' cannot be used for type parameter");
            }
        }
        Ok(())
    }

    fn type_parameter_part<T>(
        &mut self,
        name: &str,
        node: &T,
        part: Part,
        value: &'a ast::Expr,
        description: &'static str,
    ) -> Result {
        let sees_class = self.scope_ref().sees_class;
        let id = self.enter(name, BlockKind::TypeVariable, value.range());
        self.register(node, part, id);
        self.scope().type_variable_part = description;
        if sees_class {
            self.scope().sees_class = true;
            self.add("__classdict__", def::USE, value.range())?;
        }
        self.expression(value)?;
        self.exit();
        Ok(())
    }

    fn annotated_assignment(&mut self, statement: &'a ast::StmtAnnAssign) -> Result {
        self.scope().annotations_used = true;
        match &*statement.target {
            ast::Expr::Name(target) => {
                let name = target.id.as_str();
                let known = self.lookup(name);
                if known & (def::GLOBAL | def::NONLOCAL) != 0 && self.current.0 != 0 && statement.simple {
                    let what = if known & def::GLOBAL != 0 { "global" } else { "nonlocal" };
                    return self.error(statement.range, format!("annotated name '{name}' can't be {what}"));
                }
                if statement.simple {
                    self.add(name, def::ANNOT | def::LOCAL, target.range)?;
                } else if statement.value.is_some() {
                    self.add(name, def::LOCAL, target.range)?;
                }
            }
            target => self.expression(target)?,
        }
        self.annotation(statement)?;
        self.optional(statement.value.as_deref())
    }

    fn annotation(&mut self, statement: &'a ast::StmtAnnAssign) -> Result {
        let range = statement.annotation.range();
        let scope = self.scope_ref();
        let kind = scope.kind;
        let conditional = kind == BlockKind::Module || kind == BlockKind::Class && scope.in_conditional_block;
        if conditional && !scope.conditional_annotations {
            self.scope().conditional_annotations = true;
            self.add("__conditional_annotations__", def::USE, range)?;
        }
        if !matches!(kind, BlockKind::Module | BlockKind::Class) || self.futures.annotations || !statement.simple {
            // Not evaluated, or not in a scope of its own: only checked.
            self.enter_detached("__annotate__", BlockKind::Annotation, range, false);
            self.expression(&statement.annotation)?;
            self.exit();
            return Ok(());
        }
        let scope = self.scope();
        let condition = conditional.then_some(scope.condition_count);
        scope.condition_count += u32::from(conditional);
        scope.deferred.push(DeferredAnnotation { statement, condition });
        let id = match scope.annotation_block {
            Some(id) => {
                self.enter_existing(id);
                id
            }
            None => {
                let parent = self.current;
                let id = self.enter("__annotate__", BlockKind::Annotation, range);
                self.table.scopes[parent.0 as usize].annotation_block = Some(id);
                if kind == BlockKind::Class {
                    self.scope().sees_class = true;
                    self.add("__classdict__", def::USE, range)?;
                }
                id
            }
        };
        debug_assert_eq!(id, self.current);
        if conditional {
            self.add("__conditional_annotations__", def::USE, range)?;
        }
        self.expression(&statement.annotation)?;
        self.exit();
        Ok(())
    }

    fn alias(&mut self, alias: &'a ast::Alias) -> Result {
        if alias.name.as_str() == "*" {
            if self.scope_ref().kind != BlockKind::Module {
                return self.error(alias.range, "import * only allowed at module level");
            }
            return Ok(());
        }
        let name = match &alias.asname {
            Some(name) => name.as_str(),
            None => alias.name.as_str().split('.').next().unwrap_or_default(),
        };
        self.add(name, def::IMPORT, alias.range)
    }

    fn directive(&mut self, name: &str, flag: u16, range: TextRange) -> Result {
        let what = if flag == def::GLOBAL { "global" } else { "nonlocal" };
        let known = self.lookup(name);
        if known & (def::PARAM | def::LOCAL | def::USE | def::ANNOT) != 0 {
            let message = if known & def::PARAM != 0 {
                format!("name '{name}' is parameter and {what}")
            } else if known & def::USE != 0 {
                format!("name '{name}' is used prior to {what} declaration")
            } else if known & def::ANNOT != 0 {
                format!("annotated name '{name}' can't be {what}")
            } else {
                format!("name '{name}' is assigned to before {what} declaration")
            };
            return self.error(range, message);
        }
        self.add(name, flag, range)?;
        self.record_directive(name, range);
        Ok(())
    }

    pub fn record_directive(&mut self, name: &str, range: TextRange) {
        let name = self.mangled(name);
        self.scope().directives.push((name, range));
    }

    /// The default values of parameters belong to the block around the function.
    pub fn defaults(&mut self, parameters: &'a ast::Parameters) -> Result {
        for parameter in parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs) {
            self.optional(parameter.default())?;
        }
        Ok(())
    }

    /// Adds the parameters in the order of their registers.
    pub fn parameters(&mut self, parameters: &'a ast::Parameters) -> Result {
        for parameter in parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs) {
            self.add(parameter.name().as_str(), def::PARAM, parameter.parameter.range)?;
        }
        for parameter in parameters.vararg.iter().chain(&parameters.kwarg) {
            let range = TextRange::new(parameter.name.range().start(), parameter.range.end());
            self.add(parameter.name.as_str(), def::PARAM, range)?;
        }
        Ok(())
    }

    fn pattern(&mut self, pattern: &'a ast::Pattern) -> Result {
        self.deeper()?;
        match pattern {
            ast::Pattern::MatchValue(pattern) => self.expression(&pattern.value)?,
            ast::Pattern::MatchSingleton(_) => {}
            ast::Pattern::MatchSequence(sequence) => {
                sequence.patterns.iter().try_for_each(|pattern| self.pattern(pattern))?;
            }
            ast::Pattern::MatchMapping(mapping) => {
                self.expressions(&mapping.keys)?;
                mapping.patterns.iter().try_for_each(|pattern| self.pattern(pattern))?;
                if let Some(rest) = &mapping.rest {
                    self.add(rest.as_str(), def::LOCAL, mapping.range)?;
                }
            }
            ast::Pattern::MatchClass(class) => {
                self.expression(&class.cls)?;
                class.arguments.patterns.iter().try_for_each(|pattern| self.pattern(pattern))?;
                for keyword in &class.arguments.keywords {
                    self.check_name(keyword.attr.as_str(), keyword.pattern.range(), Context::Store)?;
                }
                class.arguments.keywords.iter().try_for_each(|keyword| self.pattern(&keyword.pattern))?;
            }
            ast::Pattern::MatchStar(star) => {
                if let Some(name) = &star.name {
                    self.add(name.as_str(), def::LOCAL, star.range)?;
                }
            }
            ast::Pattern::MatchAs(capture) => {
                if let Some(pattern) = &capture.pattern {
                    self.pattern(pattern)?;
                }
                if let Some(name) = &capture.name {
                    self.add(name.as_str(), def::LOCAL, capture.range)?;
                }
            }
            ast::Pattern::MatchOr(or) => or.patterns.iter().try_for_each(|pattern| self.pattern(pattern))?,
        }
        self.depth -= 1;
        Ok(())
    }
}

/// Whether a function has default values for positional and for keyword-only parameters.
pub(crate) fn has_defaults(parameters: &ast::Parameters) -> (bool, bool) {
    let positional = parameters.posonlyargs.iter().chain(&parameters.args).any(|p| p.default.is_some());
    (positional, parameters.kwonlyargs.iter().any(|p| p.default.is_some()))
}

/// The parameters in the order in which annotations are evaluated.
pub(crate) fn annotation_order(parameters: &ast::Parameters) -> impl Iterator<Item = &ast::Parameter> {
    let positional = parameters.posonlyargs.iter().chain(&parameters.args).map(|p| &p.parameter);
    let vararg = parameters.vararg.as_deref();
    let keyword_only = parameters.kwonlyargs.iter().map(|p| &p.parameter);
    positional.chain(vararg).chain(keyword_only).chain(parameters.kwarg.as_deref())
}
