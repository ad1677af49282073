//! From the parser's tree to [`Node`]s, with CPython's shape and places.
//!
//! Where the two trees differ: `elif` clauses nest here, definitions start after their decorators, a generator expression that is
//! a call's only argument takes the call's parentheses, and defaults are lists of their own. Strings are in `strings`.

use snakelet_syntax::ast::{self, Expr, Stmt};
use snakelet_syntax::{IntValue, LineIndex, Ranged, TextRange, TextSize, TypeComment, TypeComments, int_value};
use snakelet_vm::errors::Exc;
use snakelet_vm::object::intern::intern;
use snakelet_vm::types::complex::Complex;
use snakelet_vm::{Native, PyResult, Value, Vm};

use super::nodes::{Field, Kind, Node};

/// Levels of nesting; more is a RecursionError, as in CPython.
pub const MAX_DEPTH: u32 = 1000;

/// The conversion's state.
pub struct Raise<'a> {
    pub vm: &'a Vm,
    pub source: &'a str,
    lines: LineIndex,
    /// Characters before the text that the parser was given beyond the program's own (or too few): columns of the first line are
    /// less by this.
    shift: i32,
    depth: u32,
    /// The comments about types, where they are asked for.
    pub comments: TypeComments,
}

impl<'a> Raise<'a> {
    pub fn new(vm: &'a Vm, source: &'a str, shift: i32) -> Raise<'a> {
        Raise { vm, source, lines: LineIndex::new(source), shift, depth: 0, comments: TypeComments::default() }
    }

    /// A whole program; `interactive` is the mode `single`.
    pub fn module(&mut self, module: &ast::Mod, interactive: bool) -> PyResult<Node> {
        match module {
            ast::Mod::Expression(expression) => {
                let fields = vec![self.expr(&expression.body)?];
                Ok(Node { kind: Kind::Expression, span: [0; 4], fields })
            }
            ast::Mod::Module(module) => {
                let body = self.body(&module.body)?;
                Ok(if interactive {
                    Node { kind: Kind::Interactive, span: [0; 4], fields: vec![body] }
                } else {
                    let ignore = |(line, tag): &(u32, String)| {
                        let fields = [Value::small_int((*line).into()), Value::from_str(tag)];
                        Some(Node { kind: Kind::TypeIgnore, span: [0; 4], fields: fields.map(Field::Value).into() })
                    };
                    let ignores = self.comments.ignores.iter().map(ignore).collect();
                    Node { kind: Kind::Module, span: [0; 4], fields: vec![body, Field::List(ignores)] }
                })
            }
        }
    }

    /// Line and byte column of an offset.
    pub fn place(&self, offset: TextSize) -> (i32, i32) {
        let (line, column) = self.lines.line_and_byte_column(offset);
        let shift = if line == 1 { self.shift } else { 0 };
        (line as i32, column as i32 - shift)
    }

    pub fn span(&self, range: TextRange) -> [i32; 4] {
        let ((line, column), (end_line, end_column)) = (self.place(range.start()), self.place(range.end()));
        [line, column, end_line, end_column]
    }

    fn make(&self, kind: Kind, range: TextRange, fields: Vec<Field>) -> Node {
        Node { kind, span: self.span(range), fields }
    }

    /// The range of a compound statement or one of its clauses: a semicolon after its last statement belongs to it.
    fn block_range(&self, range: TextRange) -> TextRange {
        let rest = self.source.get(range.end().to_usize()..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let more = if rest[blanks..].starts_with(';') { blanks as u32 + 1 } else { 0 };
        TextRange::new(range.start(), range.end() + TextSize::new(more))
    }

    fn deeper(&mut self) -> PyResult<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = "maximum recursion depth exceeded during ast construction";
            return Err(self.vm.error(Exc::RecursionError, message));
        }
        Ok(())
    }

    // ---- statements

    fn body(&mut self, body: &[Stmt]) -> PyResult<Field> {
        let mut nodes = Vec::with_capacity(body.len());
        for statement in body {
            nodes.push(Some(self.statement(statement)?));
        }
        Ok(Field::List(nodes))
    }

    fn statement(&mut self, statement: &Stmt) -> PyResult<Node> {
        self.deeper()?;
        let (kind, fields) = match statement {
            Stmt::FunctionDef(def) => {
                let node = self.function(def);
                self.depth -= 1;
                return node;
            }
            Stmt::ClassDef(class) => {
                let node = self.class(class);
                self.depth -= 1;
                return node;
            }
            Stmt::If(statement) => (Kind::If, self.if_fields(statement)?),
            Stmt::For(f) => {
                let kind = if f.is_async { Kind::AsyncFor } else { Kind::For };
                let (target, iter) = (self.expr(&f.target)?, self.expr(&f.iter)?);
                let comment = self.header_comment(f.iter.end(), &f.body);
                (kind, vec![target, iter, self.body(&f.body)?, self.body(&f.orelse)?, comment])
            }
            Stmt::While(w) => (Kind::While, vec![self.expr(&w.test)?, self.body(&w.body)?, self.body(&w.orelse)?]),
            Stmt::With(with) => self.with(with)?,
            Stmt::Match(statement) => self.match_statement(statement)?,
            Stmt::Try(statement) => self.try_statement(statement)?,
            Stmt::Import(_) | Stmt::ImportFrom(_) | Stmt::Global(_) | Stmt::Nonlocal(_) => self.names(statement),
            _ => self.simple(statement)?,
        };
        self.depth -= 1;
        let compound = matches!(
            statement,
            Stmt::If(_) | Stmt::For(_) | Stmt::While(_) | Stmt::With(_) | Stmt::Match(_) | Stmt::Try(_)
        );
        let range = if compound { self.block_range(statement.range()) } else { statement.range() };
        Ok(self.make(kind, range, fields))
    }

    fn simple(&mut self, statement: &Stmt) -> PyResult<(Kind, Vec<Field>)> {
        Ok(match statement {
            Stmt::Return(s) => (Kind::Return, vec![self.optional(s.value.as_deref())?]),
            Stmt::Delete(s) => (Kind::Delete, vec![self.exprs(&s.targets)?]),
            Stmt::Assign(s) => {
                let comment = self.comment(|comment| comment.after == s.range.end().to_u32());
                (Kind::Assign, vec![self.exprs(&s.targets)?, self.expr(&s.value)?, comment])
            }
            Stmt::TypeAlias(s) => {
                let name = self.expr(&s.name)?;
                (Kind::TypeAlias, vec![name, self.type_params(s.type_params.as_deref())?, self.expr(&s.value)?])
            }
            Stmt::AugAssign(s) => {
                let target = self.expr(&s.target)?;
                (Kind::AugAssign, vec![target, Field::Kind(operator(s.op)), self.expr(&s.value)?])
            }
            Stmt::AnnAssign(s) => {
                let (target, annotation) = (self.expr(&s.target)?, self.expr(&s.annotation)?);
                let simple = Field::Value(Value::small_int(s.simple.into()));
                (Kind::AnnAssign, vec![target, annotation, self.optional(s.value.as_deref())?, simple])
            }
            Stmt::Raise(s) => (Kind::Raise, vec![self.optional(s.exc.as_deref())?, self.optional(s.cause.as_deref())?]),
            Stmt::Assert(s) => (Kind::Assert, vec![self.expr(&s.test)?, self.optional(s.msg.as_deref())?]),
            Stmt::Expr(s) => (Kind::Expr, vec![self.expr(&s.value)?]),
            Stmt::Break(_) => (Kind::Break, Vec::new()),
            Stmt::Continue(_) => (Kind::Continue, Vec::new()),
            _ => (Kind::Pass, Vec::new()),
        })
    }

    /// The type that the first fitting comment tells.
    fn comment(&self, fits: impl Fn(&TypeComment) -> bool) -> Field {
        let found = self.comments.comments.iter().find(|comment| fits(comment));
        found.map_or(Field::None, |comment| Field::Value(Value::from_str(&comment.text)))
    }

    /// The comment in a compound statement's header, whose last expression ends at `from`.
    fn header_comment(&self, from: TextSize, body: &[Stmt]) -> Field {
        let (from, to) = (from.to_u32(), body.first().map_or(from, Ranged::start).to_u32());
        self.comment(|comment| (from..to).contains(&comment.start))
    }

    fn names(&self, statement: &Stmt) -> (Kind, Vec<Field>) {
        let identifiers =
            |names: &[ast::Identifier]| vec![Field::Values(names.iter().map(|name| intern(name)).collect())];
        match statement {
            Stmt::Import(s) => (Kind::Import, vec![self.aliases(&s.names)]),
            Stmt::ImportFrom(s) => {
                let level = Field::Value(Value::small_int(s.level.into()));
                (Kind::ImportFrom, vec![identifier(s.module.as_ref()), self.aliases(&s.names), level])
            }
            Stmt::Global(s) => (Kind::Global, identifiers(&s.names)),
            Stmt::Nonlocal(s) => (Kind::Nonlocal, identifiers(&s.names)),
            _ => (Kind::Pass, Vec::new()),
        }
    }

    fn aliases(&self, names: &[ast::Alias]) -> Field {
        let alias = |alias: &ast::Alias| {
            let fields = vec![identifier(Some(&alias.name)), identifier(alias.asname.as_ref())];
            Some(self.make(Kind::alias, alias.range, fields))
        };
        Field::List(names.iter().map(alias).collect())
    }

    /// Where a definition starts: after its decorators.
    fn definition_range(&self, range: TextRange, decorators: &[ast::Decorator]) -> TextRange {
        self.block_range(snakelet_compiler::definition_range(self.source, range, decorators))
    }

    fn decorators(&mut self, decorators: &[ast::Decorator]) -> PyResult<Field> {
        let mut nodes = Vec::with_capacity(decorators.len());
        for decorator in decorators {
            nodes.push(Some(self.expression(&decorator.expression)?));
        }
        Ok(Field::List(nodes))
    }

    #[inline(never)]
    fn function(&mut self, def: &ast::StmtFunctionDef) -> PyResult<Node> {
        let kind = if def.is_async { Kind::AsyncFunctionDef } else { Kind::FunctionDef };
        let fields = vec![
            identifier(Some(&def.name)),
            self.parameters(Some(&def.parameters))?,
            self.body(&def.body)?,
            self.decorators(&def.decorator_list)?,
            self.optional(def.returns.as_deref())?,
            self.header_comment(def.returns.as_ref().map_or(def.parameters.end(), |returns| returns.end()), &def.body),
            self.type_params(def.type_params.as_deref())?,
        ];
        Ok(self.make(kind, self.definition_range(def.range, &def.decorator_list), fields))
    }

    #[inline(never)]
    fn class(&mut self, class: &ast::StmtClassDef) -> PyResult<Node> {
        let fields = vec![
            identifier(Some(&class.name)),
            self.exprs(class.bases())?,
            self.keywords(class.keywords())?,
            self.body(&class.body)?,
            self.decorators(&class.decorator_list)?,
            self.type_params(class.type_params.as_deref())?,
        ];
        Ok(self.make(Kind::ClassDef, self.definition_range(class.range, &class.decorator_list), fields))
    }

    /// An `if` with its clauses, which nest: made from the last one on.
    #[inline(never)]
    fn if_fields(&mut self, statement: &ast::StmtIf) -> PyResult<Vec<Field>> {
        let mut orelse = Field::List(Vec::new());
        let end = self.block_range(statement.range).end();
        if statement.elif_else_clauses.len() as u32 > MAX_DEPTH {
            self.depth = MAX_DEPTH;
            self.deeper()?;
        }
        for clause in statement.elif_else_clauses.iter().rev() {
            let body = self.body(&clause.body)?;
            orelse = match &clause.test {
                None => body,
                Some(test) => {
                    let fields = vec![self.expr(test)?, body, orelse];
                    let node = self.make(Kind::If, TextRange::new(clause.range.start(), end), fields);
                    Field::List(vec![Some(node)])
                }
            };
        }
        Ok(vec![self.expr(&statement.test)?, self.body(&statement.body)?, orelse])
    }

    #[inline(never)]
    fn with(&mut self, with: &ast::StmtWith) -> PyResult<(Kind, Vec<Field>)> {
        let mut items = Vec::with_capacity(with.items.len());
        for item in &with.items {
            let fields = vec![self.expr(&item.context_expr)?, self.optional(item.optional_vars.as_deref())?];
            items.push(Some(self.make(Kind::withitem, item.range, fields)));
        }
        let kind = if with.is_async { Kind::AsyncWith } else { Kind::With };
        let comment = self.header_comment(with.items.last().map_or(with.range.start(), Ranged::end), &with.body);
        Ok((kind, vec![Field::List(items), self.body(&with.body)?, comment]))
    }

    #[inline(never)]
    fn match_statement(&mut self, statement: &ast::StmtMatch) -> PyResult<(Kind, Vec<Field>)> {
        let subject = self.expr(&statement.subject)?;
        let mut cases = Vec::with_capacity(statement.cases.len());
        for case in &statement.cases {
            let pattern = Field::Node(Box::new(self.pattern(&case.pattern)?));
            let fields = vec![pattern, self.optional(case.guard.as_deref())?, self.body(&case.body)?];
            cases.push(Some(self.make(Kind::match_case, case.range, fields)));
        }
        Ok((Kind::Match, vec![subject, Field::List(cases)]))
    }

    #[inline(never)]
    fn try_statement(&mut self, statement: &ast::StmtTry) -> PyResult<(Kind, Vec<Field>)> {
        let body = self.body(&statement.body)?;
        let mut handlers = Vec::with_capacity(statement.handlers.len());
        for ast::ExceptHandler::ExceptHandler(handler) in &statement.handlers {
            let ty = self.optional(handler.type_.as_deref())?;
            let fields = vec![ty, identifier(handler.name.as_ref()), self.body(&handler.body)?];
            handlers.push(Some(self.make(Kind::ExceptHandler, self.block_range(handler.range), fields)));
        }
        let (orelse, finalbody) = (self.body(&statement.orelse)?, self.body(&statement.finalbody)?);
        let kind = if statement.is_star { Kind::TryStar } else { Kind::Try };
        Ok((kind, vec![body, Field::List(handlers), orelse, finalbody]))
    }

    #[inline(never)]
    fn pattern(&mut self, pattern: &ast::Pattern) -> PyResult<Node> {
        self.deeper()?;
        let (kind, fields) = match pattern {
            ast::Pattern::MatchValue(p) => (Kind::MatchValue, vec![self.expr(&p.value)?]),
            ast::Pattern::MatchSingleton(p) => (
                Kind::MatchSingleton,
                vec![Field::Value(match p.value {
                    ast::Singleton::None => Value::NONE,
                    ast::Singleton::True => Value::bool(true),
                    ast::Singleton::False => Value::bool(false),
                })],
            ),
            ast::Pattern::MatchSequence(p) => (Kind::MatchSequence, vec![self.patterns(&p.patterns)?]),
            ast::Pattern::MatchMapping(p) => (
                Kind::MatchMapping,
                vec![self.exprs(&p.keys)?, self.patterns(&p.patterns)?, identifier(p.rest.as_ref())],
            ),
            ast::Pattern::MatchClass(p) => {
                let (cls, patterns) = (self.expr(&p.cls)?, self.patterns(&p.arguments.patterns)?);
                let names = p.arguments.keywords.iter().map(|keyword| intern(&keyword.attr)).collect();
                let mut values = Vec::new();
                for keyword in &p.arguments.keywords {
                    values.push(Some(self.pattern(&keyword.pattern)?));
                }
                (Kind::MatchClass, vec![cls, patterns, Field::Values(names), Field::List(values)])
            }
            ast::Pattern::MatchStar(p) => (Kind::MatchStar, vec![identifier(p.name.as_ref())]),
            ast::Pattern::MatchAs(p) => {
                let inner = match &p.pattern {
                    Some(inner) => Field::Node(Box::new(self.pattern(inner)?)),
                    None => Field::None,
                };
                (Kind::MatchAs, vec![inner, identifier(p.name.as_ref())])
            }
            ast::Pattern::MatchOr(p) => (Kind::MatchOr, vec![self.patterns(&p.patterns)?]),
        };
        self.depth -= 1;
        Ok(self.make(kind, pattern.range(), fields))
    }

    fn patterns(&mut self, patterns: &[ast::Pattern]) -> PyResult<Field> {
        let mut nodes = Vec::with_capacity(patterns.len());
        for pattern in patterns {
            nodes.push(Some(self.pattern(pattern)?));
        }
        Ok(Field::List(nodes))
    }

    fn type_params(&mut self, params: Option<&ast::TypeParams>) -> PyResult<Field> {
        let mut nodes = Vec::new();
        for param in params.map_or(&[][..], |params| &params.type_params) {
            let name = identifier(Some(param.name()));
            let (kind, fields) = match param {
                ast::TypeParam::TypeVar(p) => {
                    let bound = self.optional(p.bound.as_deref())?;
                    (Kind::TypeVar, vec![name, bound, self.optional(p.default.as_deref())?])
                }
                ast::TypeParam::ParamSpec(p) => (Kind::ParamSpec, vec![name, self.optional(p.default.as_deref())?]),
                ast::TypeParam::TypeVarTuple(p) => {
                    (Kind::TypeVarTuple, vec![name, self.optional(p.default.as_deref())?])
                }
            };
            nodes.push(Some(self.make(kind, param.range(), fields)));
        }
        Ok(Field::List(nodes))
    }

    #[inline(never)]
    fn parameters(&mut self, parameters: Option<&ast::Parameters>) -> PyResult<Field> {
        let empty = || Field::List(Vec::new());
        let Some(p) = parameters else {
            let fields = vec![empty(), empty(), Field::None, empty(), empty(), Field::None, empty()];
            return Ok(Field::Node(Box::new(Node { kind: Kind::arguments, span: [0; 4], fields })));
        };
        // A comment belongs to the parameter before it.
        let all = p.posonlyargs.iter().chain(&p.args).chain(&p.kwonlyargs).map(|parameter| &parameter.parameter);
        let all = all.chain(p.vararg.as_deref()).chain(p.kwarg.as_deref());
        let starts: Vec<TextSize> = all.map(|parameter| parameter.range.start()).collect();
        let until = |parameter: &ast::Parameter| {
            let later = starts.iter().filter(|&&start| start >= parameter.range.end());
            later.min().copied().unwrap_or(p.range.end())
        };
        let mut defaults = Vec::new();
        let mut groups = Vec::new();
        for group in [&p.posonlyargs, &p.args, &p.kwonlyargs] {
            let mut nodes = Vec::new();
            for parameter in group {
                nodes.push(Some(self.parameter(&parameter.parameter, until(&parameter.parameter))?));
            }
            groups.push(Field::List(nodes));
        }
        for parameter in p.posonlyargs.iter().chain(&p.args) {
            if let Some(default) = &parameter.default {
                defaults.push(Some(self.expression(default)?));
            }
        }
        let mut keyword_defaults = Vec::new();
        for parameter in &p.kwonlyargs {
            keyword_defaults.push(match &parameter.default {
                Some(default) => Some(self.expression(default)?),
                None => None,
            });
        }
        let mut starred = |parameter: Option<&ast::Parameter>| {
            Ok(match parameter {
                Some(parameter) => Field::Node(Box::new(self.parameter(parameter, until(parameter))?)),
                None => Field::None,
            })
        };
        let (vararg, kwarg) = (starred(p.vararg.as_deref())?, starred(p.kwarg.as_deref())?);
        let mut groups = groups.into_iter();
        let mut next = || groups.next().unwrap_or(Field::None);
        let fields = vec![next(), next(), vararg, next(), Field::List(keyword_defaults), kwarg, Field::List(defaults)];
        Ok(Field::Node(Box::new(Node { kind: Kind::arguments, span: [0; 4], fields })))
    }

    fn parameter(&mut self, parameter: &ast::Parameter, until: TextSize) -> PyResult<Node> {
        let annotation = self.optional(parameter.annotation.as_deref())?;
        let range = TextRange::new(parameter.name.range.start(), parameter.range.end());
        let between = parameter.range.end().to_u32()..until.to_u32();
        let comment = self.comment(|comment| between.contains(&comment.start));
        Ok(self.make(Kind::arg, range, vec![identifier(Some(&parameter.name)), annotation, comment]))
    }

    fn keywords(&mut self, keywords: &[ast::Keyword]) -> PyResult<Field> {
        let mut nodes = Vec::with_capacity(keywords.len());
        for keyword in keywords {
            let fields = vec![identifier(keyword.arg.as_ref()), self.expr(&keyword.value)?];
            nodes.push(Some(self.make(Kind::keyword, keyword.range, fields)));
        }
        Ok(Field::List(nodes))
    }

    // ---- expressions

    pub fn expr(&mut self, expression: &Expr) -> PyResult<Field> {
        Ok(Field::Node(Box::new(self.expression(expression)?)))
    }

    fn optional(&mut self, expression: Option<&Expr>) -> PyResult<Field> {
        expression.map_or(Ok(Field::None), |expression| self.expr(expression))
    }

    fn exprs(&mut self, expressions: &[Expr]) -> PyResult<Field> {
        let mut nodes = Vec::with_capacity(expressions.len());
        for expression in expressions {
            nodes.push(Some(self.expression(expression)?));
        }
        Ok(Field::List(nodes))
    }

    pub fn expression(&mut self, expression: &Expr) -> PyResult<Node> {
        self.deeper()?;
        let node = match expression {
            Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::FString(_) | Expr::TString(_) => {
                self.string(expression)
            }
            Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::IpyEscapeCommand(_) => Ok(self.constant(expression)),
            Expr::Call(call) => self.call(call),
            Expr::Attribute(_)
            | Expr::Subscript(_)
            | Expr::Starred(_)
            | Expr::Name(_)
            | Expr::List(_)
            | Expr::Tuple(_) => self.target(expression),
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.comprehension(expression)
            }
            _ => self.operation(expression),
        };
        self.depth -= 1;
        node
    }

    /// What may be assigned to.
    #[inline(never)]
    fn target(&mut self, expression: &Expr) -> PyResult<Node> {
        let (kind, fields) = match expression {
            Expr::Attribute(e) => {
                let value = self.expr(&e.value)?;
                (Kind::Attribute, vec![value, identifier(Some(&e.attr)), context(e.ctx)])
            }
            Expr::Subscript(e) => (Kind::Subscript, vec![self.expr(&e.value)?, self.expr(&e.slice)?, context(e.ctx)]),
            Expr::Starred(e) => (Kind::Starred, vec![self.expr(&e.value)?, context(e.ctx)]),
            Expr::Name(e) => (Kind::Name, vec![Field::Value(intern(&e.id)), context(e.ctx)]),
            Expr::List(e) => (Kind::List, vec![self.exprs(&e.elts)?, context(e.ctx)]),
            Expr::Tuple(e) => (Kind::Tuple, vec![self.exprs(&e.elts)?, context(e.ctx)]),
            _ => return Ok(self.constant(expression)),
        };
        Ok(self.make(kind, expression.range(), fields))
    }

    #[inline(never)]
    fn call(&mut self, call: &ast::ExprCall) -> PyResult<Node> {
        let func = self.expr(&call.func)?;
        let mut args = self.exprs(&call.arguments.args)?;
        if let (Field::List(nodes), [Expr::Generator(generator)]) = (&mut args, &*call.arguments.args)
            && !generator.parenthesized
            && let Some(Some(node)) = nodes.first_mut()
        {
            node.span = self.span(call.arguments.range);
        }
        let fields = vec![func, args, self.keywords(&call.arguments.keywords)?];
        Ok(self.make(Kind::Call, call.range, fields))
    }

    #[inline(never)]
    fn operation(&mut self, expression: &Expr) -> PyResult<Node> {
        let (kind, fields) = match expression {
            Expr::BoolOp(e) => {
                let op = if e.op == ast::BoolOp::And { Kind::And } else { Kind::Or };
                (Kind::BoolOp, vec![Field::Kind(op), self.exprs(&e.values)?])
            }
            Expr::Named(e) => (Kind::NamedExpr, vec![self.expr(&e.target)?, self.expr(&e.value)?]),
            Expr::BinOp(e) => {
                (Kind::BinOp, vec![self.expr(&e.left)?, Field::Kind(operator(e.op)), self.expr(&e.right)?])
            }
            Expr::UnaryOp(e) => {
                let op = match e.op {
                    ast::UnaryOp::Invert => Kind::Invert,
                    ast::UnaryOp::Not => Kind::Not,
                    ast::UnaryOp::UAdd => Kind::UAdd,
                    ast::UnaryOp::USub => Kind::USub,
                };
                (Kind::UnaryOp, vec![Field::Kind(op), self.expr(&e.operand)?])
            }
            Expr::Lambda(e) => (Kind::Lambda, vec![self.parameters(e.parameters.as_deref())?, self.expr(&e.body)?]),
            Expr::If(e) => {
                let (test, body) = (self.expr(&e.test)?, self.expr(&e.body)?);
                (Kind::IfExp, vec![test, body, self.expr(&e.orelse)?])
            }
            Expr::Dict(e) => {
                let (mut keys, mut values) = (Vec::new(), Vec::new());
                for item in &e.items {
                    keys.push(match &item.key {
                        Some(key) => Some(self.expression(key)?),
                        None => None,
                    });
                    values.push(Some(self.expression(&item.value)?));
                }
                (Kind::Dict, vec![Field::List(keys), Field::List(values)])
            }
            Expr::Set(e) => (Kind::Set, vec![self.exprs(&e.elts)?]),
            Expr::Await(e) => (Kind::Await, vec![self.expr(&e.value)?]),
            Expr::Yield(e) => (Kind::Yield, vec![self.optional(e.value.as_deref())?]),
            Expr::YieldFrom(e) => (Kind::YieldFrom, vec![self.expr(&e.value)?]),
            Expr::Compare(e) => {
                let left = self.expr(&e.left)?;
                let ops = e.ops.iter().map(|&op| comparison(op)).collect();
                (Kind::Compare, vec![left, Field::Kinds(ops), self.exprs(&e.comparators)?])
            }
            Expr::Slice(e) => {
                let (lower, upper) = (self.optional(e.lower.as_deref())?, self.optional(e.upper.as_deref())?);
                (Kind::Slice, vec![lower, upper, self.optional(e.step.as_deref())?])
            }
            _ => return Ok(self.constant(expression)),
        };
        Ok(self.make(kind, expression.range(), fields))
    }

    #[inline(never)]
    fn comprehension(&mut self, expression: &Expr) -> PyResult<Node> {
        let (kind, mut fields, generators) = match expression {
            Expr::ListComp(e) => (Kind::ListComp, vec![self.expr(&e.elt)?], &e.generators),
            Expr::SetComp(e) => (Kind::SetComp, vec![self.expr(&e.elt)?], &e.generators),
            Expr::Generator(e) => (Kind::GeneratorExp, vec![self.expr(&e.elt)?], &e.generators),
            Expr::DictComp(e) => (Kind::DictComp, vec![self.expr(&e.key)?, self.expr(&e.value)?], &e.generators),
            _ => return Ok(self.constant(expression)),
        };
        let mut clauses = Vec::with_capacity(generators.len());
        for clause in generators {
            let (target, iter) = (self.expr(&clause.target)?, self.expr(&clause.iter)?);
            let is_async = Field::Value(Value::small_int(clause.is_async.into()));
            let parts = vec![target, iter, self.exprs(&clause.ifs)?, is_async];
            clauses.push(Some(self.make(Kind::comprehension, clause.range, parts)));
        }
        fields.push(Field::List(clauses));
        Ok(self.make(kind, expression.range(), fields))
    }

    fn constant(&self, expression: &Expr) -> Node {
        let value = match expression {
            Expr::NumberLiteral(number) => number_value(&number.value),
            Expr::BooleanLiteral(literal) => Value::bool(literal.value),
            Expr::EllipsisLiteral(_) => Value::ELLIPSIS.clone(),
            _ => Value::NONE,
        };
        self.make(Kind::Constant, expression.range(), vec![Field::Value(value), Field::None])
    }
}

pub fn number_value(number: &ast::Number) -> Value {
    match number {
        ast::Number::Int(int) => match int_value(int) {
            IntValue::Small(value) => Value::from_bigint(value.into()),
            IntValue::Big { radix, digits } => {
                Value::from_bigint(num_bigint::BigInt::parse_bytes(digits.as_bytes(), radix).unwrap_or_default())
            }
        },
        &ast::Number::Float(value) => Value::float(value),
        &ast::Number::Complex { real, imag } => Complex::new(real, imag).into_value(),
    }
}

fn identifier(name: Option<&ast::Identifier>) -> Field {
    name.map_or(Field::None, |name| Field::Value(intern(name)))
}

fn context(context: ast::ExprContext) -> Field {
    Field::Kind(match context {
        ast::ExprContext::Store => Kind::Store,
        ast::ExprContext::Del => Kind::Del,
        _ => Kind::Load,
    })
}

/// The parser's operators and ours.
pub const OPERATORS: [(ast::Operator, Kind); 13] = [
    (ast::Operator::Add, Kind::Add),
    (ast::Operator::Sub, Kind::Sub),
    (ast::Operator::Mult, Kind::Mult),
    (ast::Operator::MatMult, Kind::MatMult),
    (ast::Operator::Div, Kind::Div),
    (ast::Operator::Mod, Kind::Mod),
    (ast::Operator::Pow, Kind::Pow),
    (ast::Operator::LShift, Kind::LShift),
    (ast::Operator::RShift, Kind::RShift),
    (ast::Operator::BitOr, Kind::BitOr),
    (ast::Operator::BitXor, Kind::BitXor),
    (ast::Operator::BitAnd, Kind::BitAnd),
    (ast::Operator::FloorDiv, Kind::FloorDiv),
];

/// The parser's comparisons and ours.
pub const COMPARISONS: [(ast::CmpOp, Kind); 10] = [
    (ast::CmpOp::Eq, Kind::Eq),
    (ast::CmpOp::NotEq, Kind::NotEq),
    (ast::CmpOp::Lt, Kind::Lt),
    (ast::CmpOp::LtE, Kind::LtE),
    (ast::CmpOp::Gt, Kind::Gt),
    (ast::CmpOp::GtE, Kind::GtE),
    (ast::CmpOp::Is, Kind::Is),
    (ast::CmpOp::IsNot, Kind::IsNot),
    (ast::CmpOp::In, Kind::In),
    (ast::CmpOp::NotIn, Kind::NotIn),
];

fn operator(op: ast::Operator) -> Kind {
    OPERATORS.iter().find(|pair| pair.0 == op).map_or(Kind::Add, |pair| pair.1)
}

fn comparison(op: ast::CmpOp) -> Kind {
    COMPARISONS.iter().find(|pair| pair.0 == op).map_or(Kind::Eq, |pair| pair.1)
}
