//! What CPython checks of a tree before it compiles it, with its words.

use snakelet_vm::errors::Exc;
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::types::complex::Complex;
use snakelet_vm::types::set::FrozenSet;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{PyResult, Value, Vm};

use super::nodes::{Kind, NODES, Node};

/// Checks a whole program.
pub fn validate(vm: &Vm, node: &Node) -> PyResult<()> {
    let check = Check { vm };
    match node.kind {
        Kind::Expression => check.required(node, 0, Kind::Load),
        Kind::FunctionType => {
            check.exprs(node, 0, Kind::Load, false)?;
            check.required(node, 1, Kind::Load)
        }
        _ => check.statements(node, 0),
    }
}

struct Check<'a> {
    vm: &'a Vm,
}

type Result = PyResult<()>;

fn name(kind: Kind) -> &'static str {
    NODES[kind as usize].name
}

impl Check<'_> {
    fn error(&self, message: &str) -> Result {
        Err(self.vm.value_error(message))
    }

    fn positions(&self, node: &Node) -> Result {
        let [line, column, end_line, end_column] = node.span;
        if line > end_line {
            return self.error(&format!("AST node line range ({line}, {end_line}) is not valid"));
        }
        if line < 0 && end_line != line || column < 0 && column != end_column {
            return self.error(&format!(
                "AST node column range ({column}, {end_column}) for line range ({line}, {end_line}) is not valid"
            ));
        }
        if line == end_line && column > end_column {
            return self.error(&format!("line {line}, column {column}-{end_column} is not a valid range"));
        }
        Ok(())
    }

    fn nonempty(&self, empty: bool, what: &str, owner: &Node) -> Result {
        if empty { self.error(&format!("empty {what} on {}", name(owner.kind))) } else { Ok(()) }
    }

    fn identifier(&self, value: Option<&Value>) -> Result {
        let Some(text) = value.and_then(Value::as_text) else { return Ok(()) };
        match ["None", "True", "False"].iter().find(|known| *text == ***known) {
            Some(known) => self.error(&format!("identifier field can't represent '{known}' constant")),
            None => Ok(()),
        }
    }

    // ---- statements

    fn statements(&self, node: &Node, field: usize) -> Result {
        for statement in node.list(field) {
            match statement {
                Some(statement) => self.statement(statement)?,
                None => return self.error("None disallowed in statement list"),
            }
        }
        Ok(())
    }

    fn body(&self, node: &Node, field: usize) -> Result {
        self.nonempty(node.list(field).is_empty(), "body", node)?;
        self.statements(node, field)
    }

    fn statement(&self, node: &Node) -> Result {
        use Kind::{Load, Store};
        self.positions(node)?;
        match node.kind {
            Kind::FunctionDef | Kind::AsyncFunctionDef => {
                self.body(node, 2)?;
                self.type_params(node, 6)?;
                self.arguments(node, 1)?;
                self.exprs(node, 3, Load, false)?;
                self.optional(node, 4, Load)
            }
            Kind::ClassDef => {
                self.body(node, 3)?;
                self.type_params(node, 5)?;
                self.exprs(node, 1, Load, false)?;
                self.keywords(node, 2)?;
                self.exprs(node, 4, Load, false)
            }
            Kind::Return => self.optional(node, 0, Load),
            Kind::Delete => self.assigned(node, Kind::Del),
            Kind::Assign => {
                self.assigned(node, Store)?;
                self.required(node, 1, Load)
            }
            Kind::AugAssign => {
                self.required(node, 0, Store)?;
                self.required(node, 2, Load)
            }
            Kind::AnnAssign => {
                if node.int(3) != 0 && node.node(0).is_some_and(|target| target.kind != Kind::Name) {
                    return Err(self.vm.type_error("AnnAssign with simple non-Name target"));
                }
                self.required(node, 0, Store)?;
                self.optional(node, 2, Load)?;
                self.required(node, 1, Load)
            }
            Kind::TypeAlias => {
                if node.node(0).is_some_and(|target| target.kind != Kind::Name) {
                    return Err(self.vm.type_error("TypeAlias with non-Name name"));
                }
                self.required(node, 0, Store)?;
                self.type_params(node, 1)?;
                self.required(node, 2, Load)
            }
            Kind::For | Kind::AsyncFor => {
                self.required(node, 0, Store)?;
                self.required(node, 1, Load)?;
                self.body(node, 2)?;
                self.statements(node, 3)
            }
            Kind::While | Kind::If => {
                self.required(node, 0, Load)?;
                self.body(node, 1)?;
                self.statements(node, 2)
            }
            Kind::With | Kind::AsyncWith => {
                self.nonempty(node.list(0).is_empty(), "items", node)?;
                for item in node.nodes(0) {
                    self.required(item, 0, Load)?;
                    self.optional(item, 1, Store)?;
                }
                self.body(node, 1)
            }
            Kind::Match => {
                self.required(node, 0, Load)?;
                self.nonempty(node.list(1).is_empty(), "cases", node)?;
                for case in node.nodes(1) {
                    if let Some(pattern) = case.node(0) {
                        self.pattern(pattern, false)?;
                    }
                    self.optional(case, 1, Load)?;
                    self.body(case, 2)?;
                }
                Ok(())
            }
            Kind::Raise => {
                if node.node(0).is_none() && node.node(1).is_some() {
                    return self.error("Raise with cause but no exception");
                }
                self.optional(node, 0, Load)?;
                self.optional(node, 1, Load)
            }
            Kind::Try | Kind::TryStar => self.try_statement(node),
            Kind::Assert => {
                self.required(node, 0, Load)?;
                self.optional(node, 1, Load)
            }
            Kind::Import => self.nonempty(node.list(0).is_empty(), "names", node),
            Kind::ImportFrom => {
                if node.int(2) < 0 {
                    return self.error("Negative ImportFrom level");
                }
                self.nonempty(node.list(1).is_empty(), "names", node)
            }
            Kind::Global | Kind::Nonlocal => self.nonempty(node.values(0).is_empty(), "names", node),
            Kind::Expr => self.required(node, 0, Load),
            _ => Ok(()),
        }
    }

    fn try_statement(&self, node: &Node) -> Result {
        self.body(node, 0)?;
        let kind = name(node.kind);
        if node.list(1).is_empty() {
            if node.list(3).is_empty() {
                return self.error(&format!("{kind} has neither except handlers nor finalbody"));
            }
            if !node.list(2).is_empty() {
                return self.error(&format!("{kind} has orelse but no except handlers"));
            }
        }
        for handler in node.nodes(1) {
            self.positions(handler)?;
            self.optional(handler, 0, Kind::Load)?;
            self.body(handler, 2)?;
        }
        self.statements(node, 3)?;
        self.statements(node, 2)
    }

    fn assigned(&self, node: &Node, context: Kind) -> Result {
        self.nonempty(node.list(0).is_empty(), "targets", node)?;
        self.exprs(node, 0, context, false)
    }

    fn keywords(&self, node: &Node, field: usize) -> Result {
        node.nodes(field).try_for_each(|keyword| self.required(keyword, 1, Kind::Load))
    }

    fn type_params(&self, node: &Node, field: usize) -> Result {
        for param in node.nodes(field) {
            self.positions(param)?;
            self.identifier(param.value(0))?;
            for field in 1..param.fields.len() {
                self.optional(param, field, Kind::Load)?;
            }
        }
        Ok(())
    }

    fn arguments(&self, owner: &Node, field: usize) -> Result {
        let Some(node) = owner.node(field) else { return Ok(()) };
        for parameter in
            [0, 1, 3].into_iter().flat_map(|field| node.nodes(field)).chain(node.node(2)).chain(node.node(5))
        {
            self.positions(parameter)?;
            self.optional(parameter, 1, Kind::Load)?;
        }
        if node.list(6).len() > node.list(0).len() + node.list(1).len() {
            return self.error("more positional defaults than args on arguments");
        }
        if node.list(4).len() != node.list(3).len() {
            return self.error("length of kwonlyargs is not the same as kw_defaults on arguments");
        }
        self.exprs(node, 6, Kind::Load, false)?;
        self.exprs(node, 4, Kind::Load, true)
    }

    // ---- expressions

    fn required(&self, node: &Node, field: usize, context: Kind) -> Result {
        self.optional(node, field, context)
    }

    fn optional(&self, node: &Node, field: usize, context: Kind) -> Result {
        node.node(field).map_or(Ok(()), |expression| self.expression(expression, context))
    }

    fn exprs(&self, node: &Node, field: usize, context: Kind, none_allowed: bool) -> Result {
        for expression in node.list(field) {
            match expression {
                Some(expression) => self.expression(expression, context)?,
                None if none_allowed => {}
                None => return self.error("None disallowed in expression list"),
            }
        }
        Ok(())
    }

    fn expression(&self, node: &Node, context: Kind) -> Result {
        use Kind::Load;
        self.positions(node)?;
        let own = match node.kind {
            Kind::Attribute | Kind::Subscript => node.kind_at(2),
            Kind::Starred | Kind::Name | Kind::List | Kind::Tuple => node.kind_at(1),
            _ => None,
        };
        if node.kind == Kind::Name {
            self.identifier(node.value(0))?;
        }
        match own {
            Some(own) if own != context => {
                let (wanted, got) = (name(context), name(own));
                return self.error(&format!("expression must have {wanted} context but has {got} instead"));
            }
            None if context != Load => {
                return self.error(&format!("expression which can't be assigned to in {} context", name(context)));
            }
            _ => {}
        }
        match node.kind {
            Kind::BoolOp => {
                if node.list(1).len() < 2 {
                    return self.error("BoolOp with less than 2 values");
                }
                self.exprs(node, 1, Load, false)
            }
            Kind::NamedExpr => {
                if node.node(0).is_some_and(|target| target.kind != Kind::Name) {
                    return Err(self.vm.type_error("NamedExpr target must be a Name"));
                }
                self.required(node, 1, Load)
            }
            Kind::Lambda => {
                self.arguments(node, 0)?;
                self.required(node, 1, Load)
            }
            Kind::Dict => {
                if node.list(0).len() != node.list(1).len() {
                    return self.error("Dict doesn't have the same number of keys as values");
                }
                self.exprs(node, 0, Load, true)?;
                self.exprs(node, 1, Load, false)
            }
            Kind::Compare => {
                if node.list(2).is_empty() {
                    return self.error("Compare with no comparators");
                }
                if node.list(2).len() != node.kinds(1).len() {
                    return self.error("Compare has a different number of comparators and operands");
                }
                self.exprs(node, 2, Load, false)?;
                self.required(node, 0, Load)
            }
            Kind::ListComp | Kind::SetComp | Kind::GeneratorExp | Kind::DictComp => {
                let clauses = node.fields.len() - 1;
                self.comprehension(node, clauses)?;
                (0..clauses).try_for_each(|field| self.required(node, field, Load))
            }
            Kind::Call => {
                self.required(node, 0, Load)?;
                self.exprs(node, 1, Load, false)?;
                self.keywords(node, 2)
            }
            Kind::Constant => self.constant(node.value(0).unwrap_or(&Value::NONE)),
            Kind::FormattedValue => self.formatted(node, 0),
            Kind::Interpolation => self.formatted(node, 1),
            Kind::Starred => self.required(node, 0, context),
            Kind::List | Kind::Tuple => self.exprs(node, 0, context, false),
            _ => {
                for field in 0..node.fields.len() {
                    self.optional(node, field, Load)?;
                    self.exprs(node, field, Load, false)?;
                }
                Ok(())
            }
        }
    }

    fn formatted(&self, node: &Node, shift: usize) -> Result {
        let conversion = node.int(1 + shift);
        if ![-1, 97, 114, 115].contains(&conversion) {
            let message = format!("Unrecognized conversion character {conversion}");
            return Err(self.vm.error(Exc::SystemError, &message));
        }
        self.required(node, 0, Kind::Load)?;
        self.optional(node, 2 + shift, Kind::Load)
    }

    fn comprehension(&self, node: &Node, field: usize) -> Result {
        if node.list(field).is_empty() {
            return self.error("comprehension with no generators");
        }
        for clause in node.nodes(field) {
            self.required(clause, 0, Kind::Store)?;
            self.required(clause, 1, Kind::Load)?;
            self.exprs(clause, 2, Kind::Load, false)?;
        }
        Ok(())
    }

    fn constant(&self, value: &Value) -> Result {
        if value.is_none() || value.is(&Value::ELLIPSIS) || is_literal(value) || value.as_bool().is_some() {
            return Ok(());
        }
        let items = match (value.downcast_exact::<Tuple>(), value.downcast_exact::<FrozenSet>()) {
            (Some(tuple), _) => tuple.items().to_vec(),
            (_, Some(set)) => set.table.borrow().iter().map(|entry| entry.key.clone()).collect(),
            _ => {
                let got = self.vm.type_name(value);
                return Err(self.vm.type_error(format!("got an invalid type in Constant: {got}")));
            }
        };
        items.iter().try_for_each(|item| self.constant(item))
    }

    // ---- patterns

    fn patterns(&self, node: &Node, field: usize, star: bool) -> Result {
        for pattern in node.list(field) {
            match pattern {
                Some(pattern) => self.pattern(pattern, star)?,
                None => return self.error("None disallowed in pattern list"),
            }
        }
        Ok(())
    }

    fn capture(&self, value: Option<&Value>) -> Result {
        if value.and_then(Value::as_text).is_some_and(|text| *text == *"_") {
            return self.error("can't capture name '_' in patterns");
        }
        self.identifier(value)
    }

    fn pattern(&self, node: &Node, star: bool) -> Result {
        self.positions(node)?;
        match node.kind {
            Kind::MatchValue => node.node(0).map_or(Ok(()), |value| self.matched(value)),
            Kind::MatchSingleton => match node.value(0) {
                Some(value) if value.as_bool().is_some() || value.is_none() => Ok(()),
                _ => self.error("MatchSingleton can only contain True, False and None"),
            },
            Kind::MatchSequence => self.patterns(node, 0, true),
            Kind::MatchMapping => {
                if node.list(0).len() != node.list(1).len() {
                    return self.error("MatchMapping doesn't have the same number of keys as patterns");
                }
                self.capture(node.value(2))?;
                for key in node.nodes(0) {
                    let constant = if key.kind == Kind::Constant { key.value(0) } else { None };
                    if !constant.is_some_and(|value| value.is_none() || value.as_bool().is_some()) {
                        self.matched(key)?;
                    }
                }
                self.patterns(node, 1, false)
            }
            Kind::MatchClass => {
                if node.values(2).len() != node.list(3).len() {
                    return self.error("MatchClass doesn't have the same number of keyword attributes as patterns");
                }
                self.required(node, 0, Kind::Load)?;
                let mut class = node.node(0);
                while let Some(part) = class
                    && part.kind != Kind::Name
                {
                    if part.kind != Kind::Attribute {
                        return self.error("MatchClass cls field can only contain Name or Attribute nodes.");
                    }
                    class = part.node(0);
                }
                node.values(2).iter().try_for_each(|name| self.identifier(Some(name)))?;
                self.patterns(node, 1, false)?;
                self.patterns(node, 3, false)
            }
            Kind::MatchStar => {
                if !star {
                    return self.error("can't use MatchStar here");
                }
                self.capture(node.value(0))
            }
            Kind::MatchAs => {
                self.capture(node.value(1))?;
                match node.node(0) {
                    None => Ok(()),
                    Some(_) if node.value(1).is_none() => {
                        self.error("MatchAs must specify a target name if a pattern is given")
                    }
                    Some(pattern) => self.pattern(pattern, false),
                }
            }
            _ => {
                if node.list(0).len() < 2 {
                    return self.error("MatchOr requires at least 2 patterns");
                }
                self.patterns(node, 0, false)
            }
        }
    }

    /// What a value pattern may compare with.
    fn matched(&self, node: &Node) -> Result {
        self.expression(node, Kind::Load)?;
        let number = |node: &Node, complex: bool| {
            let value = if node.kind == Kind::Constant { node.value(0) } else { None };
            value.is_some_and(|value| match complex {
                true => value.downcast_exact::<Complex>().is_some(),
                false => value.as_bool().is_none() && (value.is_int() || value.as_float().is_some()),
            })
        };
        let signed = |node: &Node, complex: bool| match node.kind {
            Kind::UnaryOp if node.kind_at(0) == Some(Kind::USub) => {
                node.node(1).is_some_and(|operand| number(operand, false) || complex && number(operand, true))
            }
            _ => number(node, false),
        };
        match node.kind {
            Kind::Constant => match node.value(0) {
                Some(value) if is_literal(value) => Ok(()),
                _ => self.error("unexpected constant inside of a literal pattern"),
            },
            Kind::Attribute | Kind::JoinedStr | Kind::TemplateStr => Ok(()),
            Kind::UnaryOp if signed(node, true) => Ok(()),
            Kind::BinOp
                if matches!(node.kind_at(1), Some(Kind::Add | Kind::Sub))
                    && node.node(0).is_some_and(|left| signed(left, false))
                    && node.node(2).is_some_and(|right| number(right, true)) =>
            {
                Ok(())
            }
            _ => self.error("patterns may only match literals and attribute lookups"),
        }
    }
}

/// Whether a value is exactly an int, a float, a complex number, a str or bytes.
fn is_literal(value: &Value) -> bool {
    use snakelet_vm::types::float::Float;
    use snakelet_vm::types::int::Int;
    use snakelet_vm::types::string::Str;
    value.as_small_int().is_some()
        || value.as_float().is_some()
        || value.downcast_exact::<Int>().is_some()
        || value.downcast_exact::<Float>().is_some()
        || value.downcast_exact::<Complex>().is_some()
        || value.downcast_exact::<Str>().is_some()
        || value.downcast_exact::<Bytes>().is_some()
}
