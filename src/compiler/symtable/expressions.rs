//! The first pass over expressions.

use snakelet_syntax::{TextRange, ast};

use super::build::{Builder, Context, Result};
use super::{BlockKind, ComprehensionKind, Part, def};

impl<'a> Builder<'a, '_> {
    pub fn expressions(&mut self, expressions: &'a [ast::Expr]) -> Result {
        expressions.iter().try_for_each(|expression| self.expression(expression))
    }

    pub fn optional(&mut self, expression: Option<&'a ast::Expr>) -> Result {
        expression.map_or(Ok(()), |expression| self.expression(expression))
    }

    pub fn keywords(&mut self, keywords: &'a [ast::Keyword]) -> Result {
        for keyword in keywords {
            if let Some(name) = &keyword.arg {
                self.check_name(name.as_str(), keyword.range, Context::Store)?;
            }
            self.expression(&keyword.value)?;
        }
        Ok(())
    }

    pub fn expression(&mut self, expression: &'a ast::Expr) -> Result {
        self.deeper()?;
        match expression {
            ast::Expr::BoolOp(bool_op) => self.expressions(&bool_op.values)?,
            ast::Expr::Named(named) => self.named(named)?,
            ast::Expr::BinOp(_) | ast::Expr::Attribute(_) | ast::Expr::Call(_) | ast::Expr::Subscript(_) => {
                self.left_chain(expression)?;
            }
            ast::Expr::UnaryOp(unary) => self.expression(&unary.operand)?,
            ast::Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.defaults(parameters)?;
                }
                let id = self.enter("<lambda>", BlockKind::Function, lambda.range);
                self.register(lambda, Part::Body, id);
                if let Some(parameters) = &lambda.parameters {
                    self.parameters(parameters)?;
                }
                self.expression(&lambda.body)?;
                self.exit();
            }
            ast::Expr::If(conditional) => {
                self.expression(&conditional.test)?;
                self.expression(&conditional.body)?;
                self.expression(&conditional.orelse)?;
            }
            ast::Expr::Dict(dict) => {
                for item in &dict.items {
                    self.optional(item.key.as_ref())?;
                    self.expression(&item.value)?;
                }
            }
            ast::Expr::Set(set) => self.expressions(&set.elts)?,
            ast::Expr::ListComp(comp) => {
                let kind = ComprehensionKind::List;
                self.comprehension("<listcomp>", kind, comp, comp.range, &comp.generators, &comp.elt, None)?;
            }
            ast::Expr::SetComp(comp) => {
                let kind = ComprehensionKind::Set;
                self.comprehension("<setcomp>", kind, comp, comp.range, &comp.generators, &comp.elt, None)?;
            }
            ast::Expr::DictComp(comp) => {
                let kind = ComprehensionKind::Dict;
                let value = Some(&*comp.value);
                self.comprehension("<dictcomp>", kind, comp, comp.range, &comp.generators, &comp.key, value)?;
            }
            ast::Expr::Generator(comp) => {
                let kind = ComprehensionKind::Generator;
                self.comprehension("<genexpr>", kind, comp, comp.range, &comp.generators, &comp.elt, None)?;
            }
            ast::Expr::Await(await_) => {
                self.forbid_in_annotation("await expression", await_.range)?;
                if !self.is_awaiting_module() {
                    if !self.scope_ref().is_function_like() {
                        return self.error(await_.range, "'await' outside function");
                    }
                    if !self.in_async_function() && self.scope_ref().comprehension == ComprehensionKind::No {
                        return self.error(await_.range, "'await' outside async function");
                    }
                }
                self.expression(&await_.value)?;
                self.scope().coroutine = true;
            }
            ast::Expr::Yield(yield_) => {
                self.forbid_in_annotation("yield expression", yield_.range)?;
                self.optional(yield_.value.as_deref())?;
                self.note_yield(yield_.range)?;
            }
            ast::Expr::YieldFrom(yield_) => {
                self.forbid_in_annotation("yield expression", yield_.range)?;
                self.expression(&yield_.value)?;
                self.note_yield(yield_.range)?;
            }
            ast::Expr::Compare(compare) => {
                self.expression(&compare.left)?;
                self.expressions(&compare.comparators)?;
            }
            ast::Expr::FString(string) => {
                for element in string.value.elements() {
                    self.interpolated(element)?;
                }
            }
            ast::Expr::TString(string) => {
                for element in string.value.elements() {
                    self.interpolated(element)?;
                }
            }
            ast::Expr::Starred(starred) => self.expression(&starred.value)?,
            ast::Expr::Name(name) => {
                let context = context_of(name.ctx);
                let flags = match context {
                    Context::Load => def::USE,
                    Context::Store => def::LOCAL,
                    Context::Delete => def::LOCAL | def::DELETED,
                };
                self.add_in_context(name.id.as_str(), flags, name.range, context)?;
                if context == Context::Load && name.id.as_str() == "super" && self.scope_ref().is_function_like() {
                    self.add("__class__", def::USE, name.range)?;
                }
            }
            ast::Expr::List(list) => self.expressions(&list.elts)?,
            ast::Expr::Tuple(tuple) => self.expressions(&tuple.elts)?,
            ast::Expr::Slice(slice) => {
                self.optional(slice.lower.as_deref())?;
                self.optional(slice.upper.as_deref())?;
                self.optional(slice.step.as_deref())?;
            }
            ast::Expr::StringLiteral(_)
            | ast::Expr::BytesLiteral(_)
            | ast::Expr::NumberLiteral(_)
            | ast::Expr::BooleanLiteral(_)
            | ast::Expr::NoneLiteral(_)
            | ast::Expr::EllipsisLiteral(_)
            | ast::Expr::IpyEscapeCommand(_) => {}
        }
        self.depth -= 1;
        Ok(())
    }

    /// `a + b + c + ...` and `a.b().c[d]...` lean to the left, thousands deep at times.
    fn left_chain(&mut self, expression: &'a ast::Expr) -> Result {
        let mut chain = Vec::new();
        let mut left = expression;
        loop {
            let next = match left {
                ast::Expr::BinOp(binary) => &*binary.left,
                ast::Expr::Attribute(attribute) => &*attribute.value,
                ast::Expr::Call(call) => &*call.func,
                ast::Expr::Subscript(subscript) => &*subscript.value,
                _ => break,
            };
            chain.push(left);
            left = next;
        }
        self.expression(left)?;
        while let Some(link) = chain.pop() {
            match link {
                ast::Expr::BinOp(binary) => self.expression(&binary.right)?,
                ast::Expr::Attribute(attribute) => {
                    let context = context_of(attribute.ctx);
                    self.check_name(attribute.attr.as_str(), attribute.range, context)?;
                }
                ast::Expr::Call(call) => {
                    self.expressions(&call.arguments.args)?;
                    self.keywords(&call.arguments.keywords)?;
                }
                ast::Expr::Subscript(subscript) => self.expression(&subscript.slice)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn interpolated(&mut self, element: &'a ast::InterpolatedStringElement) -> Result {
        let ast::InterpolatedStringElement::Interpolation(field) = element else { return Ok(()) };
        self.expression(&field.expression)?;
        if let Some(spec) = &field.format_spec {
            self.deeper()?;
            spec.elements.iter().try_for_each(|element| self.interpolated(element))?;
            self.depth -= 1;
        }
        Ok(())
    }

    fn note_yield(&mut self, range: TextRange) -> Result {
        self.scope().generator = true;
        let what = match self.scope_ref().comprehension {
            ComprehensionKind::No => return Ok(()),
            ComprehensionKind::List => "list comprehension",
            ComprehensionKind::Set => "set comprehension",
            ComprehensionKind::Dict => "dict comprehension",
            ComprehensionKind::Generator => "generator expression",
        };
        self.error(range, format!("'yield' inside {what}"))
    }

    fn forbid_in_annotation(&self, what: &str, range: TextRange) -> Result {
        let scope = self.scope_ref();
        let place = match scope.kind {
            BlockKind::Annotation => "an annotation",
            BlockKind::TypeAlias => "a type alias",
            BlockKind::TypeParameters => "the definition of a generic",
            BlockKind::TypeVariable => scope.type_variable_part,
            _ => return Ok(()),
        };
        self.error(range, format!("{what} cannot be used within {place}"))
    }

    fn named(&mut self, named: &'a ast::ExprNamed) -> Result {
        self.forbid_in_annotation("named expression", named.range)?;
        if self.scope_ref().comp_iter_expr > 0 {
            let message = "assignment expression cannot be used in a comprehension iterable expression";
            return self.error(named.range, message);
        }
        self.note_walrus(named.range.start());
        if self.scope_ref().comprehension != ComprehensionKind::No
            && let ast::Expr::Name(target) = &*named.target
        {
            self.extend_scope_of_named(target)?;
        }
        self.expression(&named.value)?;
        self.expression(&named.target)
    }

    /// Within comprehensions the target belongs to the function or module around them (PEP 572).
    fn extend_scope_of_named(&mut self, target: &'a ast::ExprName) -> Result {
        let name = target.id.as_str();
        let enclosing: Vec<_> = self.stack.iter().skip(1).copied().chain([self.current]).rev().collect();
        for id in enclosing {
            let mangled = self.mangled_in(id, name);
            let scope = self.table.scope(id);
            let known = scope.flags_of(&mangled);
            if scope.comprehension != ComprehensionKind::No {
                if known & def::COMP_ITER != 0 && known & (def::LOCAL | def::GLOBAL) != 0 {
                    let message =
                        format!("assignment expression cannot rebind comprehension iteration variable '{name}'");
                    return self.error(target.range, message);
                }
                continue;
            }
            let place = match scope.kind {
                BlockKind::Function => {
                    let flag = if known & def::GLOBAL != 0 { def::GLOBAL } else { def::NONLOCAL };
                    self.add(name, flag, target.range)?;
                    self.record_directive(name, target.range);
                    return self.add_to(id, name, def::LOCAL, target.range);
                }
                BlockKind::Module => {
                    self.add(name, def::GLOBAL, target.range)?;
                    self.record_directive(name, target.range);
                    return self.add_to(id, name, def::GLOBAL, target.range);
                }
                BlockKind::Class => "a class body",
                BlockKind::TypeParameters => "the definition of a generic",
                BlockKind::TypeAlias => "a type alias",
                BlockKind::TypeVariable => scope.type_variable_part,
                BlockKind::Annotation => continue,
            };
            let what = if scope.kind == BlockKind::TypeParameters { "within" } else { "in" };
            let message = format!("assignment expression within a comprehension cannot be used {what} {place}");
            return self.error(target.range, message);
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of the four kinds of nodes")]
    fn comprehension<T>(
        &mut self,
        name: &str,
        kind: ComprehensionKind,
        node: &T,
        range: TextRange,
        generators: &'a [ast::Comprehension],
        element: &'a ast::Expr,
        value: Option<&'a ast::Expr>,
    ) -> Result {
        let Some((outermost, rest)) = generators.split_first() else { return Ok(()) };
        self.scope().comp_iter_expr += 1;
        self.expression(&outermost.iter)?;
        self.scope().comp_iter_expr -= 1;
        let id = self.enter(name, BlockKind::Function, range);
        self.register(node, Part::Body, id);
        self.scope().method = false;
        self.scope().comprehension = kind;
        self.scope().coroutine = outermost.is_async;
        self.add(".0", def::PARAM | def::USE, range)?;
        self.comprehension_target(&outermost.target)?;
        self.expressions(&outermost.ifs)?;
        for generator in rest {
            self.comprehension_target(&generator.target)?;
            self.scope().comp_iter_expr += 1;
            self.expression(&generator.iter)?;
            self.scope().comp_iter_expr -= 1;
            self.expressions(&generator.ifs)?;
            if generator.is_async {
                self.scope().coroutine = true;
            }
        }
        self.optional(value)?;
        self.expression(element)?;
        self.scope().generator = kind == ComprehensionKind::Generator;
        let is_async = self.scope_ref().coroutine && kind != ComprehensionKind::Generator;
        self.exit();
        if is_async {
            if !self.in_async_function()
                && self.scope_ref().comprehension == ComprehensionKind::No
                && !self.is_awaiting_module()
            {
                return self.error(range, "asynchronous comprehension outside of an asynchronous function");
            }
            self.scope().coroutine = true;
        }
        Ok(())
    }

    fn comprehension_target(&mut self, target: &'a ast::Expr) -> Result {
        self.scope().comp_iter_target = true;
        let result = self.expression(target);
        self.scope().comp_iter_target = false;
        result
    }
}

fn context_of(context: ast::ExprContext) -> Context {
    match context {
        ast::ExprContext::Load | ast::ExprContext::Invalid => Context::Load,
        ast::ExprContext::Store => Context::Store,
        ast::ExprContext::Del => Context::Delete,
    }
}
