//! From [`Node`]s, which have been checked, to the parser's tree, so that the compiler need not know where a tree comes from.
//!
//! The compiler asks the text for two things: places of offsets, and escapes of strings that the tree can't hold. So a text is
//! made up along the way: every node opens and closes with an offset of its own, which [`Mark`]s lead back to the node's place,
//! and nested nodes get nested ranges as the compiler expects.

use num_bigint::Sign;
use snakelet_syntax::ast::name::Name;
use snakelet_syntax::ast::{self, AtomicNodeIndex, Expr, Stmt};
use snakelet_syntax::{Mark, TextRange, TextSize};
use snakelet_text::Text;
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::types::complex::Complex;
use snakelet_vm::types::set::FrozenSet;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{PyResult, Value, Vm};

use super::from_syntax::{COMPARISONS, OPERATORS};
use super::nodes::{Kind, Node};

/// The index that the parser's nodes carry; nobody asks for it.
fn index() -> AtomicNodeIndex {
    AtomicNodeIndex::NONE
}

/// The conversion's state.
pub struct Lower<'a> {
    vm: &'a Vm,
    pub text: String,
    pub marks: Vec<Mark>,
}

impl<'a> Lower<'a> {
    pub fn new(vm: &'a Vm) -> Lower<'a> {
        Lower { vm, text: String::new(), marks: Vec::new() }
    }

    /// A whole program.
    pub fn module(&mut self, node: &Node) -> PyResult<ast::Mod> {
        let start = self.at(1, 0);
        if node.kind == Kind::Expression {
            let body = self.required(node, 0)?;
            let range = TextRange::new(start, self.here());
            return Ok(ast::Mod::Expression(ast::ModExpression { node_index: index(), range, body }));
        }
        let body = self.body(node, 0)?;
        let range = TextRange::new(start, self.here());
        Ok(ast::Mod::Module(ast::ModModule { node_index: index(), range, body }))
    }

    // ---- ranges

    fn here(&self) -> TextSize {
        TextSize::new(self.text.len() as u32)
    }

    /// A new offset that stands for this place.
    fn at(&mut self, line: i32, column: i32) -> TextSize {
        let offset = self.here();
        let (line, column) = (line.max(0) as u32, column.max(0) as u32);
        self.marks.push(Mark { offset: offset.to_u32(), line, column });
        self.text.push(' ');
        offset
    }

    fn open(&mut self, node: &Node) -> TextSize {
        self.at(node.span[0], node.span[1])
    }

    fn close(&mut self, node: &Node, start: TextSize) -> TextRange {
        let end = self.at(node.span[2], node.span[3]);
        TextRange::new(start, end)
    }

    /// The range of something that has no place of its own.
    fn bare(&self, start: TextSize) -> TextRange {
        TextRange::new(start, self.here())
    }

    // ---- names

    fn name(&self, value: &Value) -> String {
        value.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned())
    }

    /// A name at a place that has just been opened.
    fn identifier(&self, value: &Value, start: TextSize) -> ast::Identifier {
        ast::Identifier::new(self.name(value), TextRange::empty(start))
    }

    fn optional_identifier(&self, node: &Node, field: usize, start: TextSize) -> Option<ast::Identifier> {
        node.value(field).map(|value| self.identifier(value, start))
    }

    // ---- statements

    fn body(&mut self, node: &Node, field: usize) -> PyResult<Vec<Stmt>> {
        let mut body = Vec::with_capacity(node.list(field).len());
        for statement in node.nodes(field) {
            body.push(self.statement(statement)?);
        }
        Ok(body)
    }

    fn statement(&mut self, node: &Node) -> PyResult<Stmt> {
        match node.kind {
            Kind::FunctionDef | Kind::AsyncFunctionDef => self.function(node),
            Kind::ClassDef => self.class(node),
            Kind::If => self.if_statement(node),
            Kind::For | Kind::AsyncFor | Kind::While | Kind::With | Kind::AsyncWith => self.loop_or_with(node),
            Kind::Try | Kind::TryStar => self.try_statement(node),
            Kind::Match => self.match_statement(node),
            _ => self.simple(node),
        }
    }

    #[inline(never)]
    fn simple(&mut self, node: &Node) -> PyResult<Stmt> {
        let (node_index, start) = (index(), self.open(node));
        Ok(match node.kind {
            Kind::Return => {
                let value = self.optional(node, 0)?;
                Stmt::Return(ast::StmtReturn { node_index, value, range: self.close(node, start) })
            }
            Kind::Delete => {
                let targets = self.exprs(node, 0)?;
                Stmt::Delete(ast::StmtDelete { node_index, targets, range: self.close(node, start) })
            }
            Kind::Assign => {
                let (targets, value) = (self.exprs(node, 0)?, self.required(node, 1)?);
                Stmt::Assign(ast::StmtAssign { node_index, targets, value, range: self.close(node, start) })
            }
            Kind::TypeAlias => {
                let name = self.required(node, 0)?;
                let (type_params, value) = (self.type_params(node, 1)?, self.required(node, 2)?);
                let range = self.close(node, start);
                Stmt::TypeAlias(ast::StmtTypeAlias { node_index, range, name, type_params, value })
            }
            Kind::AugAssign => {
                let (target, op) = (self.required(node, 0)?, operator(node.kind_at(1)));
                let value = self.required(node, 2)?;
                Stmt::AugAssign(ast::StmtAugAssign { node_index, target, op, value, range: self.close(node, start) })
            }
            Kind::AnnAssign => {
                let (target, annotation) = (self.required(node, 0)?, self.required(node, 1)?);
                let (value, simple) = (self.optional(node, 2)?, node.int(3) != 0);
                let range = self.close(node, start);
                Stmt::AnnAssign(ast::StmtAnnAssign { node_index, range, target, annotation, value, simple })
            }
            Kind::Raise => {
                let (exc, cause) = (self.optional(node, 0)?, self.optional(node, 1)?);
                Stmt::Raise(ast::StmtRaise { node_index, exc, cause, range: self.close(node, start) })
            }
            Kind::Assert => {
                let (test, msg) = (self.required(node, 0)?, self.optional(node, 1)?);
                Stmt::Assert(ast::StmtAssert { node_index, test, msg, range: self.close(node, start) })
            }
            Kind::Import => {
                let names = self.aliases(node, 0);
                let range = self.close(node, start);
                Stmt::Import(ast::StmtImport { node_index, range, names, is_lazy: false })
            }
            Kind::ImportFrom => {
                let module = self.optional_identifier(node, 0, start);
                let (names, level) = (self.aliases(node, 1), node.int(2) as u32);
                let range = self.close(node, start);
                Stmt::ImportFrom(ast::StmtImportFrom { node_index, range, module, names, level, is_lazy: false })
            }
            Kind::Global | Kind::Nonlocal => {
                let names = node.values(0).iter().map(|name| self.identifier(name, start)).collect();
                let range = self.close(node, start);
                match node.kind {
                    Kind::Global => Stmt::Global(ast::StmtGlobal { node_index, range, names }),
                    _ => Stmt::Nonlocal(ast::StmtNonlocal { node_index, range, names }),
                }
            }
            Kind::Expr => {
                let value = self.required(node, 0)?;
                Stmt::Expr(ast::StmtExpr { node_index, value, range: self.close(node, start) })
            }
            Kind::Break => Stmt::Break(ast::StmtBreak { node_index, range: self.close(node, start) }),
            Kind::Continue => Stmt::Continue(ast::StmtContinue { node_index, range: self.close(node, start) }),
            _ => Stmt::Pass(ast::StmtPass { node_index, range: self.close(node, start) }),
        })
    }

    fn aliases(&mut self, node: &Node, field: usize) -> Vec<ast::Alias> {
        let mut aliases = Vec::new();
        for alias in node.nodes(field) {
            let start = self.open(alias);
            let name = self.identifier(alias.value(0).unwrap_or(&Value::NONE), start);
            let asname = self.optional_identifier(alias, 1, start);
            aliases.push(ast::Alias { node_index: index(), range: self.close(alias, start), name, asname });
        }
        aliases
    }

    /// The decorators, and the offset where the definition itself starts. The compiler finds that behind the decorators: at the
    /// first thing there that is not blank.
    fn decorators(&mut self, node: &Node, field: usize) -> PyResult<(Vec<ast::Decorator>, TextSize, TextSize)> {
        let outer = self.here();
        let mut decorators = Vec::new();
        for decorator in node.nodes(field) {
            let start = self.at(decorator.span[0], decorator.span[1] - 1);
            let expression = self.expression(decorator)?;
            decorators.push(ast::Decorator { node_index: index(), range: self.bare(start), expression });
        }
        let start = self.open(node);
        self.text.pop();
        self.text.push('d');
        Ok((decorators, if node.nodes(field).next().is_some() { outer } else { start }, start))
    }

    #[inline(never)]
    fn function(&mut self, node: &Node) -> PyResult<Stmt> {
        let (decorator_list, outer, start) = self.decorators(node, 3)?;
        let name = self.identifier(node.value(0).unwrap_or(&Value::NONE), start);
        let type_params = self.type_params(node, 6)?;
        let parameters = Box::new(self.parameters(node, 1)?);
        let (returns, body) = (self.optional(node, 4)?, self.body(node, 2)?);
        let range = self.close(node, outer);
        let is_async = node.kind == Kind::AsyncFunctionDef;
        Ok(Stmt::FunctionDef(ast::StmtFunctionDef {
            node_index: index(),
            range,
            is_async,
            decorator_list,
            name,
            type_params,
            parameters,
            returns,
            body,
        }))
    }

    #[inline(never)]
    fn class(&mut self, node: &Node) -> PyResult<Stmt> {
        let (decorator_list, outer, start) = self.decorators(node, 4)?;
        let name = self.identifier(node.value(0).unwrap_or(&Value::NONE), start);
        let type_params = self.type_params(node, 5)?;
        let arguments = Some(Box::new(self.arguments(node, 1, 2)?));
        let body = self.body(node, 3)?;
        let range = self.close(node, outer);
        let node_index = index();
        Ok(Stmt::ClassDef(ast::StmtClassDef { node_index, range, decorator_list, name, type_params, arguments, body }))
    }

    fn arguments(&mut self, node: &Node, args: usize, keywords: usize) -> PyResult<ast::Arguments> {
        let start = self.here();
        let args = self.exprs(node, args)?.into_boxed_slice();
        let mut named = Vec::new();
        for keyword in node.nodes(keywords) {
            let start = self.open(keyword);
            let arg = self.optional_identifier(keyword, 0, start);
            let value = *self.required(keyword, 1)?;
            named.push(ast::Keyword { node_index: index(), range: self.close(keyword, start), arg, value });
        }
        let (range, keywords) = (self.bare(start), named.into_boxed_slice());
        Ok(ast::Arguments { node_index: index(), range, args, keywords })
    }

    /// An `if`; those that are all of an `else` become its clauses.
    #[inline(never)]
    fn if_statement(&mut self, node: &Node) -> PyResult<Stmt> {
        let start = self.open(node);
        let (test, body) = (self.required(node, 0)?, self.body(node, 1)?);
        let mut elif_else_clauses = Vec::new();
        let mut last = node;
        while let [Some(inner)] = last.list(2)
            && inner.kind == Kind::If
        {
            let start = self.open(inner);
            let (test, body) = (Some(*self.required(inner, 0)?), self.body(inner, 1)?);
            let range = self.close(inner, start);
            elif_else_clauses.push(ast::ElifElseClause { node_index: index(), range, test, body });
            last = inner;
        }
        if !last.list(2).is_empty() {
            let start = self.here();
            let body = self.body(last, 2)?;
            let range = self.bare(start);
            elif_else_clauses.push(ast::ElifElseClause { node_index: index(), range, test: None, body });
        }
        let range = self.close(node, start);
        Ok(Stmt::If(ast::StmtIf { node_index: index(), range, test, body, elif_else_clauses }))
    }

    #[inline(never)]
    fn loop_or_with(&mut self, node: &Node) -> PyResult<Stmt> {
        let (node_index, start) = (index(), self.open(node));
        Ok(match node.kind {
            Kind::While => {
                let (test, body, orelse) = (self.required(node, 0)?, self.body(node, 1)?, self.body(node, 2)?);
                Stmt::While(ast::StmtWhile { node_index, test, body, orelse, range: self.close(node, start) })
            }
            Kind::For | Kind::AsyncFor => {
                let (target, iter) = (self.required(node, 0)?, self.required(node, 1)?);
                let (body, orelse) = (self.body(node, 2)?, self.body(node, 3)?);
                let (is_async, range) = (node.kind == Kind::AsyncFor, self.close(node, start));
                Stmt::For(ast::StmtFor { node_index, range, is_async, target, iter, body, orelse })
            }
            _ => {
                let mut items = Vec::new();
                for item in node.nodes(0) {
                    let start = self.here();
                    let context_expr = *self.required(item, 0)?;
                    let optional_vars = self.optional(item, 1)?;
                    items.push(ast::WithItem {
                        node_index: index(),
                        range: self.bare(start),
                        context_expr,
                        optional_vars,
                    });
                }
                let body = self.body(node, 1)?;
                let (is_async, range) = (node.kind == Kind::AsyncWith, self.close(node, start));
                Stmt::With(ast::StmtWith { node_index, range, is_async, items, body })
            }
        })
    }

    #[inline(never)]
    fn try_statement(&mut self, node: &Node) -> PyResult<Stmt> {
        let start = self.open(node);
        let body = self.body(node, 0)?;
        let mut handlers = Vec::new();
        for handler in node.nodes(1) {
            let start = self.open(handler);
            let type_ = self.optional(handler, 0)?;
            let name = self.optional_identifier(handler, 1, start);
            let body = self.body(handler, 2)?;
            let range = self.close(handler, start);
            let handler = ast::ExceptHandlerExceptHandler { node_index: index(), range, type_, name, body };
            handlers.push(ast::ExceptHandler::ExceptHandler(handler));
        }
        let (orelse, finalbody) = (self.body(node, 2)?, self.body(node, 3)?);
        let (is_star, range) = (node.kind == Kind::TryStar, self.close(node, start));
        Ok(Stmt::Try(ast::StmtTry { node_index: index(), range, body, handlers, orelse, finalbody, is_star }))
    }

    #[inline(never)]
    fn match_statement(&mut self, node: &Node) -> PyResult<Stmt> {
        let start = self.open(node);
        let subject = self.required(node, 0)?;
        let mut cases = Vec::new();
        for case in node.nodes(1) {
            let start = self.here();
            let pattern = self.required_pattern(case, 0)?;
            let (guard, body) = (self.optional(case, 1)?, self.body(case, 2)?);
            cases.push(ast::MatchCase { node_index: index(), range: self.bare(start), pattern, guard, body });
        }
        let range = self.close(node, start);
        Ok(Stmt::Match(ast::StmtMatch { node_index: index(), range, subject, cases }))
    }

    // ---- patterns, parameters

    fn required_pattern(&mut self, node: &Node, field: usize) -> PyResult<ast::Pattern> {
        match node.node(field) {
            Some(pattern) => self.pattern(pattern),
            None => Err(self.vm.value_error("None disallowed in pattern list")),
        }
    }

    fn patterns(&mut self, node: &Node, field: usize) -> PyResult<Vec<ast::Pattern>> {
        let mut patterns = Vec::new();
        for pattern in node.nodes(field) {
            patterns.push(self.pattern(pattern)?);
        }
        Ok(patterns)
    }

    #[inline(never)]
    fn pattern(&mut self, node: &Node) -> PyResult<ast::Pattern> {
        let (node_index, start) = (index(), self.open(node));
        Ok(match node.kind {
            Kind::MatchValue => {
                let value = self.required(node, 0)?;
                ast::Pattern::MatchValue(ast::PatternMatchValue { node_index, value, range: self.close(node, start) })
            }
            Kind::MatchSingleton => {
                let value = match node.value(0) {
                    Some(value) if value.is_true() => ast::Singleton::True,
                    Some(value) if value.is_false() => ast::Singleton::False,
                    _ => ast::Singleton::None,
                };
                let range = self.close(node, start);
                ast::Pattern::MatchSingleton(ast::PatternMatchSingleton { node_index, range, value })
            }
            Kind::MatchSequence => {
                let patterns = self.patterns(node, 0)?;
                let range = self.close(node, start);
                ast::Pattern::MatchSequence(ast::PatternMatchSequence { node_index, range, patterns })
            }
            Kind::MatchMapping => {
                let (keys, patterns) = (self.exprs(node, 0)?, self.patterns(node, 1)?);
                let rest = self.optional_identifier(node, 2, start);
                let range = self.close(node, start);
                ast::Pattern::MatchMapping(ast::PatternMatchMapping { node_index, range, keys, patterns, rest })
            }
            Kind::MatchClass => {
                let cls = self.required(node, 0)?;
                let inner = self.here();
                let patterns = self.patterns(node, 1)?;
                let mut keywords = Vec::new();
                for (attr, pattern) in node.values(2).iter().zip(node.nodes(3)) {
                    let start = self.open(pattern);
                    let attr = self.identifier(attr, start);
                    let pattern = self.pattern(pattern)?;
                    keywords.push(ast::PatternKeyword { node_index: index(), range: self.bare(start), attr, pattern });
                }
                let arguments =
                    ast::PatternArguments { node_index: index(), range: self.bare(inner), patterns, keywords };
                let range = self.close(node, start);
                ast::Pattern::MatchClass(ast::PatternMatchClass { node_index, range, cls, arguments })
            }
            Kind::MatchStar => {
                let name = self.optional_identifier(node, 0, start);
                ast::Pattern::MatchStar(ast::PatternMatchStar { node_index, name, range: self.close(node, start) })
            }
            Kind::MatchOr => {
                let patterns = self.patterns(node, 0)?;
                ast::Pattern::MatchOr(ast::PatternMatchOr { node_index, patterns, range: self.close(node, start) })
            }
            _ => {
                let pattern = match node.node(0) {
                    Some(pattern) => Some(Box::new(self.pattern(pattern)?)),
                    None => None,
                };
                let name = self.optional_identifier(node, 1, start);
                let range = self.close(node, start);
                ast::Pattern::MatchAs(ast::PatternMatchAs { node_index, range, pattern, name })
            }
        })
    }

    fn type_params(&mut self, node: &Node, field: usize) -> PyResult<Option<Box<ast::TypeParams>>> {
        if node.list(field).is_empty() {
            return Ok(None);
        }
        let outer = self.here();
        let mut type_params = Vec::new();
        for param in node.nodes(field) {
            let (node_index, start) = (index(), self.open(param));
            let name = self.identifier(param.value(0).unwrap_or(&Value::NONE), start);
            type_params.push(match param.kind {
                Kind::TypeVar => {
                    let (bound, default) = (self.optional(param, 1)?, self.optional(param, 2)?);
                    let range = self.close(param, start);
                    ast::TypeParam::TypeVar(ast::TypeParamTypeVar { node_index, range, name, bound, default })
                }
                Kind::ParamSpec => {
                    let default = self.optional(param, 1)?;
                    let range = self.close(param, start);
                    ast::TypeParam::ParamSpec(ast::TypeParamParamSpec { node_index, range, name, default })
                }
                _ => {
                    let default = self.optional(param, 1)?;
                    let range = self.close(param, start);
                    ast::TypeParam::TypeVarTuple(ast::TypeParamTypeVarTuple { node_index, range, name, default })
                }
            });
        }
        Ok(Some(Box::new(ast::TypeParams { node_index: index(), range: self.bare(outer), type_params })))
    }

    #[inline(never)]
    fn parameters(&mut self, owner: &Node, field: usize) -> PyResult<ast::Parameters> {
        let start = self.here();
        let mut parameters = ast::Parameters {
            range: TextRange::empty(start),
            node_index: index(),
            posonlyargs: Vec::new(),
            args: Vec::new(),
            vararg: None,
            kwonlyargs: Vec::new(),
            kwarg: None,
        };
        let Some(node) = owner.node(field) else { return Ok(parameters) };
        let positional = node.list(0).len() + node.list(1).len();
        let defaults: Vec<&Node> = node.nodes(6).collect();
        // The last parameters have the defaults.
        let default_of = |number: usize| (number + defaults.len()).checked_sub(positional).map(|at| defaults[at]);
        for (number, parameter) in node.nodes(0).enumerate() {
            parameters.posonlyargs.push(self.parameter_with_default(parameter, default_of(number))?);
        }
        for (number, parameter) in node.nodes(1).enumerate() {
            let default = default_of(number + node.list(0).len());
            parameters.args.push(self.parameter_with_default(parameter, default)?);
        }
        if let Some(parameter) = node.node(2) {
            parameters.vararg = Some(Box::new(self.parameter(parameter)?));
        }
        for (parameter, default) in node.nodes(3).zip(node.list(4)) {
            parameters.kwonlyargs.push(self.parameter_with_default(parameter, default.as_ref())?);
        }
        if let Some(parameter) = node.node(5) {
            parameters.kwarg = Some(Box::new(self.parameter(parameter)?));
        }
        parameters.range = self.bare(start);
        Ok(parameters)
    }

    fn parameter(&mut self, node: &Node) -> PyResult<ast::Parameter> {
        let start = self.open(node);
        let name = self.identifier(node.value(0).unwrap_or(&Value::NONE), start);
        let annotation = self.optional(node, 1)?;
        Ok(ast::Parameter { node_index: index(), name, annotation, range: self.close(node, start) })
    }

    fn parameter_with_default(&mut self, node: &Node, default: Option<&Node>) -> PyResult<ast::ParameterWithDefault> {
        let start = self.here();
        let parameter = self.parameter(node)?;
        let default = match default {
            Some(default) => Some(Box::new(self.expression(default)?)),
            None => None,
        };
        Ok(ast::ParameterWithDefault { node_index: index(), range: self.bare(start), parameter, default })
    }

    // ---- expressions

    fn required(&mut self, node: &Node, field: usize) -> PyResult<Box<Expr>> {
        match node.node(field) {
            Some(expression) => self.expression(expression).map(Box::new),
            None => Err(self.vm.value_error("None disallowed in expression list")),
        }
    }

    fn optional(&mut self, node: &Node, field: usize) -> PyResult<Option<Box<Expr>>> {
        match node.node(field) {
            Some(expression) => self.expression(expression).map(|expression| Some(Box::new(expression))),
            None => Ok(None),
        }
    }

    fn exprs(&mut self, node: &Node, field: usize) -> PyResult<Vec<Expr>> {
        let mut expressions = Vec::with_capacity(node.list(field).len());
        for expression in node.nodes(field) {
            expressions.push(self.expression(expression)?);
        }
        Ok(expressions)
    }

    fn expression(&mut self, node: &Node) -> PyResult<Expr> {
        match node.kind {
            Kind::Constant => {
                let value = node.value(0).cloned().unwrap_or_default();
                self.constant(node, &value)
            }
            Kind::JoinedStr | Kind::FormattedValue | Kind::TemplateStr | Kind::Interpolation => self.string(node),
            Kind::ListComp | Kind::SetComp | Kind::DictComp | Kind::GeneratorExp => self.comprehension(node),
            Kind::Attribute | Kind::Subscript | Kind::Starred | Kind::Name | Kind::List | Kind::Tuple => {
                self.target(node)
            }
            _ => self.operation(node),
        }
    }

    #[inline(never)]
    fn target(&mut self, node: &Node) -> PyResult<Expr> {
        let (node_index, start) = (index(), self.open(node));
        let ctx = |field: usize| match node.kind_at(field) {
            Some(Kind::Store) => ast::ExprContext::Store,
            Some(Kind::Del) => ast::ExprContext::Del,
            _ => ast::ExprContext::Load,
        };
        Ok(match node.kind {
            Kind::Attribute => {
                let value = self.required(node, 0)?;
                // The name stands at the end.
                let mut attr = self.identifier(node.value(1).unwrap_or(&Value::NONE), start);
                let before = node.span[3].saturating_sub(i32::try_from(attr.id.len()).unwrap_or(i32::MAX));
                let name_start = self.at(node.span[2], before.max(0));
                let range = self.close(node, start);
                attr.range = TextRange::new(name_start, range.end());
                Expr::Attribute(ast::ExprAttribute { node_index, range, value, attr, ctx: ctx(2) })
            }
            Kind::Subscript => {
                let (value, slice) = (self.required(node, 0)?, self.required(node, 1)?);
                let range = self.close(node, start);
                Expr::Subscript(ast::ExprSubscript { node_index, range, value, slice, ctx: ctx(2) })
            }
            Kind::Starred => {
                let value = self.required(node, 0)?;
                Expr::Starred(ast::ExprStarred { node_index, value, ctx: ctx(1), range: self.close(node, start) })
            }
            Kind::List => {
                let elts = self.exprs(node, 0)?;
                Expr::List(ast::ExprList { node_index, elts, ctx: ctx(1), range: self.close(node, start) })
            }
            Kind::Tuple => {
                let elts = self.exprs(node, 0)?;
                let range = self.close(node, start);
                Expr::Tuple(ast::ExprTuple { node_index, range, elts, ctx: ctx(1), parenthesized: true })
            }
            _ => {
                let id = Name::from(self.name(node.value(0).unwrap_or(&Value::NONE)));
                Expr::Name(ast::ExprName { node_index, id, ctx: ctx(1), range: self.close(node, start) })
            }
        })
    }

    #[inline(never)]
    fn operation(&mut self, node: &Node) -> PyResult<Expr> {
        let (node_index, start) = (index(), self.open(node));
        Ok(match node.kind {
            Kind::BoolOp => {
                let op = if node.kind_at(0) == Some(Kind::Or) { ast::BoolOp::Or } else { ast::BoolOp::And };
                let values = self.exprs(node, 1)?;
                Expr::BoolOp(ast::ExprBoolOp { node_index, op, values, range: self.close(node, start) })
            }
            Kind::NamedExpr => {
                let (target, value) = (self.required(node, 0)?, self.required(node, 1)?);
                Expr::Named(ast::ExprNamed { node_index, target, value, range: self.close(node, start) })
            }
            Kind::BinOp => {
                let (left, op) = (self.required(node, 0)?, operator(node.kind_at(1)));
                let right = self.required(node, 2)?;
                Expr::BinOp(ast::ExprBinOp { node_index, left, op, right, range: self.close(node, start) })
            }
            Kind::UnaryOp => {
                let op = match node.kind_at(0) {
                    Some(Kind::Invert) => ast::UnaryOp::Invert,
                    Some(Kind::UAdd) => ast::UnaryOp::UAdd,
                    Some(Kind::USub) => ast::UnaryOp::USub,
                    _ => ast::UnaryOp::Not,
                };
                let operand = self.required(node, 1)?;
                Expr::UnaryOp(ast::ExprUnaryOp { node_index, op, operand, range: self.close(node, start) })
            }
            Kind::Lambda => {
                let parameters = Some(Box::new(self.parameters(node, 0)?));
                let body = self.required(node, 1)?;
                Expr::Lambda(ast::ExprLambda { node_index, parameters, body, range: self.close(node, start) })
            }
            Kind::IfExp => {
                let (test, body, orelse) = (self.required(node, 0)?, self.required(node, 1)?, self.required(node, 2)?);
                Expr::If(ast::ExprIf { node_index, test, body, orelse, range: self.close(node, start) })
            }
            Kind::Dict => {
                let mut items = Vec::new();
                for (key, value) in node.list(0).iter().zip(node.nodes(1)) {
                    let key = match key {
                        Some(key) => Some(self.expression(key)?),
                        None => None,
                    };
                    items.push(ast::DictItem { key, value: self.expression(value)? });
                }
                Expr::Dict(ast::ExprDict { node_index, items, range: self.close(node, start) })
            }
            Kind::Set => {
                let elts = self.exprs(node, 0)?;
                Expr::Set(ast::ExprSet { node_index, elts, range: self.close(node, start) })
            }
            Kind::Await => {
                let value = self.required(node, 0)?;
                Expr::Await(ast::ExprAwait { node_index, value, range: self.close(node, start) })
            }
            Kind::Yield => {
                let value = self.optional(node, 0)?;
                Expr::Yield(ast::ExprYield { node_index, value, range: self.close(node, start) })
            }
            Kind::YieldFrom => {
                let value = self.required(node, 0)?;
                Expr::YieldFrom(ast::ExprYieldFrom { node_index, value, range: self.close(node, start) })
            }
            Kind::Compare => {
                let left = self.required(node, 0)?;
                let ops = node.kinds(1).iter().map(|&kind| comparison(kind)).collect();
                let comparators = self.exprs(node, 2)?.into_boxed_slice();
                Expr::Compare(ast::ExprCompare { node_index, left, ops, comparators, range: self.close(node, start) })
            }
            Kind::Call => {
                let func = self.required(node, 0)?;
                let arguments = self.arguments(node, 1, 2)?;
                Expr::Call(ast::ExprCall { node_index, func, arguments, range: self.close(node, start) })
            }
            _ => {
                let (lower, upper, step) = (self.optional(node, 0)?, self.optional(node, 1)?, self.optional(node, 2)?);
                Expr::Slice(ast::ExprSlice { node_index, lower, upper, step, range: self.close(node, start) })
            }
        })
    }

    #[inline(never)]
    fn comprehension(&mut self, node: &Node) -> PyResult<Expr> {
        let (node_index, start) = (index(), self.open(node));
        let elt = self.required(node, 0)?;
        let value = if node.kind == Kind::DictComp { Some(self.required(node, 1)?) } else { None };
        let mut generators = Vec::new();
        for clause in node.nodes(if value.is_some() { 2 } else { 1 }) {
            let start = self.here();
            let (target, iter) = (*self.required(clause, 0)?, *self.required(clause, 1)?);
            let (ifs, is_async) = (self.exprs(clause, 2)?, clause.int(3) != 0);
            let range = self.bare(start);
            generators.push(ast::Comprehension { node_index: index(), range, target, iter, ifs, is_async });
        }
        let range = self.close(node, start);
        Ok(match (node.kind, value) {
            (_, Some(value)) => Expr::DictComp(ast::ExprDictComp { node_index, range, key: elt, value, generators }),
            (Kind::ListComp, _) => Expr::ListComp(ast::ExprListComp { node_index, range, elt, generators }),
            (Kind::SetComp, _) => Expr::SetComp(ast::ExprSetComp { node_index, range, elt, generators }),
            _ => Expr::Generator(ast::ExprGenerator { node_index, range, elt, generators, parenthesized: true }),
        })
    }

    // ---- constants and strings

    #[inline(never)]
    fn constant(&mut self, node: &Node, value: &Value) -> PyResult<Expr> {
        let (node_index, start) = (index(), self.open(node));
        if let Some(text) = value.as_text() {
            return Ok(Expr::StringLiteral(self.string_literal(node, text, start)));
        }
        if let Some(bytes) = value.downcast::<Bytes>() {
            let range = self.close(node, start);
            let literal = ast::BytesLiteral {
                range,
                node_index: index(),
                value: bytes.as_slice().into(),
                flags: ast::BytesLiteralFlags::empty(),
            };
            let value = ast::BytesLiteralValue::single(literal);
            return Ok(Expr::BytesLiteral(ast::ExprBytesLiteral { node_index, range, value }));
        }
        if let Some(value) = value.as_bool() {
            let range = self.close(node, start);
            return Ok(Expr::BooleanLiteral(ast::ExprBooleanLiteral { node_index, range, value }));
        }
        if let Some(number) = value.to_bigint() {
            return Ok(self.int(node, &number, start));
        }
        let items = match (value.downcast::<Tuple>(), value.downcast::<FrozenSet>()) {
            (Some(tuple), _) => Some((tuple.items().to_vec(), false)),
            (_, Some(set)) => Some((set.table.borrow().iter().map(|entry| entry.key.clone()).collect(), true)),
            _ => None,
        };
        if let Some((items, is_set)) = items {
            let mut elts = Vec::with_capacity(items.len());
            for item in &items {
                elts.push(self.constant(node, item)?);
            }
            let range = self.close(node, start);
            let ctx = ast::ExprContext::Load;
            let tuple = Expr::Tuple(ast::ExprTuple { node_index, range, elts, ctx, parenthesized: true });
            return Ok(if is_set { frozenset(range, tuple) } else { tuple });
        }
        let range = self.close(node, start);
        let value = match (value.as_float(), value.downcast::<Complex>()) {
            (Some(number), _) => ast::Number::Float(number),
            (_, Some(number)) => ast::Number::Complex { real: number.real, imag: number.imag },
            _ if value.is(&Value::ELLIPSIS) => {
                return Ok(Expr::EllipsisLiteral(ast::ExprEllipsisLiteral { node_index, range }));
            }
            _ => return Ok(Expr::NoneLiteral(ast::ExprNoneLiteral { node_index, range })),
        };
        Ok(Expr::NumberLiteral(ast::ExprNumberLiteral { node_index, range, value }))
    }

    /// An int; negative ones are written with a minus.
    fn int(&mut self, node: &Node, number: &num_bigint::BigInt, start: TextSize) -> Expr {
        let digits = number.magnitude().to_str_radix(16);
        let token = ["0x", &digits].concat();
        let int = ast::Int::from_str_radix(&digits, 16, &token).unwrap_or(ast::Int::ZERO);
        let range = self.close(node, start);
        let value = ast::Number::Int(int);
        let literal = Expr::NumberLiteral(ast::ExprNumberLiteral { node_index: index(), range, value });
        if number.sign() != Sign::Minus {
            return literal;
        }
        let operand = Box::new(literal);
        Expr::UnaryOp(ast::ExprUnaryOp { node_index: index(), range, op: ast::UnaryOp::USub, operand })
    }

    /// The literal's value; what the tree can't hold is written into the text as escapes.
    fn spell(&mut self, text: &Text) -> Box<str> {
        let lossy = text.to_utf8_lossy();
        if lossy.contains('\u{FFFD}') {
            for code in text.iter() {
                self.text.push_str(&format!("\\U{code:08x}"));
            }
        }
        lossy.into()
    }

    fn string_literal(&mut self, node: &Node, text: &Text, start: TextSize) -> ast::ExprStringLiteral {
        // The quotes are the two offsets that mark the ends.
        let value = self.spell(text);
        self.close(node, start);
        let range = TextRange::new(start, self.here());
        self.text.push(' ');
        let literal = ast::StringLiteral { range, node_index: index(), value, flags: ast::StringLiteralFlags::empty() };
        ast::ExprStringLiteral { node_index: index(), range, value: ast::StringLiteralValue::single(literal) }
    }

    /// f-strings and t-strings.
    #[inline(never)]
    fn string(&mut self, node: &Node) -> PyResult<Expr> {
        let (node_index, start) = (index(), self.open(node));
        let mut elements = Vec::new();
        match node.kind {
            Kind::JoinedStr | Kind::TemplateStr => {
                for part in node.nodes(0) {
                    self.element(part, &mut elements)?;
                }
            }
            _ => self.element(node, &mut elements)?,
        }
        let range = self.close(node, start);
        let elements: ast::InterpolatedStringElements = elements.into();
        if node.kind == Kind::JoinedStr || node.kind == Kind::FormattedValue {
            let flags = ast::FStringFlags::empty();
            let string = ast::FString { range, node_index: index(), elements, flags };
            let value = ast::FStringValue::single(string);
            return Ok(Expr::FString(ast::ExprFString { node_index, range, value }));
        }
        let string = ast::TString { range, node_index: index(), elements, flags: ast::TStringFlags::empty() };
        let value = ast::TStringValue::single(string);
        let template = Expr::TString(ast::ExprTString { node_index, range, value });
        Ok(if node.kind == Kind::Interpolation { first_interpolation(range, template) } else { template })
    }

    fn element(&mut self, node: &Node, elements: &mut Vec<ast::InterpolatedStringElement>) -> PyResult<()> {
        match node.kind {
            Kind::Constant if node.value(0).is_some_and(|value| value.as_text().is_some()) => {
                let Some(text) = node.value(0).and_then(Value::as_text) else { return Ok(()) };
                self.open(node);
                let start = self.here();
                let value = self.spell(text);
                let range = TextRange::new(start, self.here());
                self.at(node.span[2], node.span[3]);
                let element = ast::InterpolatedStringLiteralElement { range, node_index: index(), value };
                elements.push(ast::InterpolatedStringElement::Literal(element));
            }
            Kind::JoinedStr => {
                for part in node.nodes(0) {
                    self.element(part, elements)?;
                }
            }
            Kind::FormattedValue | Kind::Interpolation => {
                let start = self.open(node);
                let expression = self.required(node, 0)?;
                let text = if node.kind == Kind::Interpolation { 1 } else { 0 };
                let conversion = match node.int(1 + text) {
                    115 => ast::ConversionFlag::Str,
                    114 => ast::ConversionFlag::Repr,
                    97 => ast::ConversionFlag::Ascii,
                    _ => ast::ConversionFlag::None,
                };
                let format_spec = match node.node(2 + text) {
                    Some(spec) => {
                        let start = self.open(spec);
                        let mut elements = Vec::new();
                        self.element(spec, &mut elements)?;
                        let range = self.close(spec, start);
                        let elements = elements.into();
                        Some(Box::new(ast::InterpolatedStringFormatSpec { range, node_index: index(), elements }))
                    }
                    None => None,
                };
                let mut range = self.close(node, start);
                if let (Kind::Interpolation, Some(text)) = (node.kind, node.value(1)) {
                    // The text of the expression stands behind it; `expression_text` knows.
                    let start = self.open(node) + TextSize::new(1);
                    let text = self.name(text);
                    self.text.push_str(&text);
                    range = TextRange::new(start, self.here());
                    self.at(node.span[2], node.span[3]);
                }
                let element = ast::InterpolatedElement {
                    range,
                    node_index: index(),
                    expression,
                    debug_text: None,
                    conversion,
                    format_spec,
                };
                elements.push(ast::InterpolatedStringElement::Interpolation(element));
            }
            _ => {
                let start = self.open(node);
                let expression = Box::new(self.expression(node)?);
                let range = self.close(node, start);
                elements.push(ast::InterpolatedStringElement::Interpolation(ast::InterpolatedElement {
                    range,
                    node_index: index(),
                    expression,
                    debug_text: None,
                    conversion: ast::ConversionFlag::None,
                    format_spec: None,
                }));
            }
        }
        Ok(())
    }
}

/// `frozenset(tuple)`: the parser has no literal for it.
fn frozenset(range: TextRange, tuple: Expr) -> Expr {
    let id = Name::new_static("frozenset");
    let func = Box::new(Expr::Name(ast::ExprName { node_index: index(), range, id, ctx: ast::ExprContext::Load }));
    let (args, keywords) = (Box::new([tuple]) as Box<[Expr]>, Box::default());
    let arguments = ast::Arguments { node_index: index(), range, args, keywords };
    Expr::Call(ast::ExprCall { node_index: index(), range, func, arguments })
}

/// `template.interpolations[0]`: an interpolation on its own.
fn first_interpolation(range: TextRange, template: Expr) -> Expr {
    let ctx = ast::ExprContext::Load;
    let attr = ast::Identifier::new("interpolations", range);
    let value = Box::new(Expr::Attribute(ast::ExprAttribute {
        node_index: index(),
        range,
        value: Box::new(template),
        attr,
        ctx,
    }));
    let zero = ast::Number::Int(ast::Int::ZERO);
    let slice = Box::new(Expr::NumberLiteral(ast::ExprNumberLiteral { node_index: index(), range, value: zero }));
    Expr::Subscript(ast::ExprSubscript { node_index: index(), range, value, slice, ctx })
}

fn operator(kind: Option<Kind>) -> ast::Operator {
    OPERATORS.iter().find(|pair| Some(pair.1) == kind).map_or(ast::Operator::Add, |pair| pair.0)
}

fn comparison(kind: Kind) -> ast::CmpOp {
    COMPARISONS.iter().find(|pair| pair.1 == kind).map_or(ast::CmpOp::Eq, |pair| pair.0)
}
