//! Expressions. Each is evaluated into a register that its user names ([`Compiler::expression_to`]), or wherever it is
//! already ([`Compiler::operand`]).
//!
//! The destination is either dead or a named local. A local must keep its value until the expression is done, so
//! everything that takes several steps builds the value up in a temporary then; see [`Unit::work`](crate::unit::Unit::work).

use snakelet_bytecode::{Constant, Instr, Reg, flags};
use snakelet_syntax::{Ranged, TextRange, ast};

use crate::compiler::{Compiler, Result};
use crate::names::Access;
use crate::unit::{Label, Operand, UnitKind, bit};

impl<'a> Compiler<'a> {
    /// The value of an expression: the register of a local, or a new temporary (or `hint`, a dead register).
    pub fn operand(&mut self, expression: &'a ast::Expr, hint: Option<Reg>) -> Result<Operand> {
        self.operand_before(expression, None, hint)
    }

    /// Like [`operand`](Self::operand) for a value that is used only after `later` has been evaluated: a local that an
    /// assignment expression there may change is copied.
    pub fn operand_before(
        &mut self,
        expression: &'a ast::Expr,
        later: Option<TextRange>,
        hint: Option<Reg>,
    ) -> Result<Operand> {
        if let ast::Expr::Name(name) = expression
            && name.id.as_str() != "__debug__"
            && !later.is_some_and(|later| self.table.has_walrus(later))
            && let Some(reg) = self.local_register(name.id.as_str())
        {
            self.at(name.range, |c| c.check_bound(reg));
            return Ok(Operand::kept(reg));
        }
        if let ast::Expr::Named(named) = expression
            && let ast::Expr::Name(name) = &*named.target
            && !later.is_some_and(|later| self.table.has_walrus(later))
            && let Some(reg) = self.local_register(name.id.as_str())
        {
            self.expression_to(&named.value, reg)?;
            self.unit.bound.insert(reg.0);
            return Ok(Operand::kept(reg));
        }
        let (reg, temp) = match hint {
            Some(reg) => (reg, false),
            None => (self.unit.alloc(), true),
        };
        self.expression_to(expression, reg)?;
        Ok(Operand { reg, temp })
    }

    /// Evaluates into a new temporary.
    pub fn temporary(&mut self, expression: &'a ast::Expr) -> Result<Reg> {
        let reg = self.unit.alloc();
        self.expression_to(expression, reg)?;
        Ok(reg)
    }

    /// Evaluates an expression into `dst`.
    pub fn expression_to(&mut self, expression: &'a ast::Expr, dst: Reg) -> Result {
        self.deeper()?;
        let outer = std::mem::replace(&mut self.unit.range, expression.range());
        self.dispatch(expression, dst)?;
        self.unit.range = outer;
        self.depth -= 1;
        Ok(())
    }

    fn dispatch(&mut self, expression: &'a ast::Expr, dst: Reg) -> Result {
        if !matches!(expression, ast::Expr::BinOp(_))
            && let Some(constant) = self.constant_of(expression)
        {
            self.load_constant(dst, constant);
            return Ok(());
        }
        match expression {
            ast::Expr::BoolOp(bool_op) => self.bool_op(bool_op, dst),
            ast::Expr::Named(named) => self.named(named, dst),
            ast::Expr::BinOp(_) => self.binary(expression, dst),
            ast::Expr::UnaryOp(unary) => self.unary(unary, dst),
            ast::Expr::Lambda(lambda) => self.lambda(lambda, dst),
            ast::Expr::If(conditional) => self.conditional(conditional, dst),
            ast::Expr::Dict(dict) => self.dict(dict, dst),
            ast::Expr::Set(set) => self.set(set, dst),
            ast::Expr::List(list) => self.list(&list.elts, dst),
            ast::Expr::Tuple(tuple) => self.tuple(&tuple.elts, dst),
            ast::Expr::ListComp(_) | ast::Expr::SetComp(_) | ast::Expr::DictComp(_) => {
                self.comprehension(expression, dst)
            }
            ast::Expr::Generator(generator) => self.generator_expression(generator, generator.range, dst),
            ast::Expr::Await(await_) => self.await_expression(await_, dst),
            ast::Expr::Yield(yield_) => self.yield_expression(yield_, dst),
            ast::Expr::YieldFrom(yield_) => self.yield_from(yield_, dst),
            ast::Expr::Compare(compare) => self.compare(compare, dst),
            ast::Expr::Call(call) => self.call(call, dst),
            ast::Expr::FString(string) => self.f_string(string, dst),
            ast::Expr::TString(string) => self.t_string(string, dst),
            ast::Expr::Attribute(attribute) => self.attribute(attribute, dst),
            ast::Expr::Subscript(subscript) => self.subscript(subscript, dst),
            ast::Expr::Starred(starred) => self.error(starred.range, "can't use starred expression here"),
            ast::Expr::Name(name) => self.load_name(name.id.as_str(), name.range, dst),
            ast::Expr::Slice(slice) => self.slice(slice, dst),
            ast::Expr::IpyEscapeCommand(command) => self.error(command.range, "invalid syntax"),
            ast::Expr::StringLiteral(_)
            | ast::Expr::BytesLiteral(_)
            | ast::Expr::NumberLiteral(_)
            | ast::Expr::BooleanLiteral(_)
            | ast::Expr::NoneLiteral(_)
            | ast::Expr::EllipsisLiteral(_) => Ok(()),
        }
    }

    pub fn load_constant(&mut self, dst: Reg, constant: Constant) {
        let instr = match constant {
            Constant::None => Instr::LoadNone(dst),
            Constant::True => Instr::LoadTrue(dst),
            Constant::False => Instr::LoadFalse(dst),
            Constant::Int(value) if i32::try_from(value).is_ok() => Instr::LoadInt(dst, value as i32),
            constant => {
                if !self.unit.reachable {
                    return;
                }
                Instr::LoadConst(dst, self.unit.constant(constant))
            }
        };
        self.unit.emit(instr);
    }

    fn bool_op(&mut self, bool_op: &'a ast::ExprBoolOp, dst: Reg) -> Result {
        let work = self.unit.work(dst);
        let end = self.unit.label();
        self.bool_operands(bool_op, work.reg, [end, end])?;
        self.unit.bind(end);
        self.unit.move_to(dst, work);
        Ok(())
    }

    /// Evaluates `bool_op` into `reg`. Where its truth has been asked for on the way, goes on at the label for false or for
    /// true: nothing is asked twice, as in `a and b or c`.
    fn bool_operands(&mut self, bool_op: &'a ast::ExprBoolOp, reg: Reg, known: [Label; 2]) -> Result {
        let decisive = usize::from(bool_op.op == ast::BoolOp::Or);
        let sense = if decisive == 1 { flags::SENSE } else { 0 };
        let Some((last, rest)) = bool_op.values.split_last() else { return Ok(()) };
        for value in rest {
            let next = self.unit.label();
            if let ast::Expr::BoolOp(inner) = value {
                let mut labels = [next; 2];
                labels[decisive] = known[decisive];
                self.deeper()?;
                self.bool_operands(inner, reg, labels)?;
                self.depth -= 1;
            } else {
                self.expression_to(value, reg)?;
            }
            self.at(value.range(), |c| c.unit.emit_jump(Instr::JumpIf(reg, 0).with(sense), known[decisive]));
            if value.is_bool_op_expr() {
                self.unit.bind(next);
            }
        }
        match last {
            ast::Expr::BoolOp(inner) => {
                self.deeper()?;
                self.bool_operands(inner, reg, known)?;
                self.depth -= 1;
                Ok(())
            }
            _ => self.expression_to(last, reg),
        }
    }

    fn named(&mut self, named: &'a ast::ExprNamed, dst: Reg) -> Result {
        let ast::Expr::Name(target) = &*named.target else { return Ok(()) };
        if let Some(local) = self.local_register(target.id.as_str()) {
            self.expression_to(&named.value, local)?;
            self.unit.bound.insert(local.0);
            self.unit.move_to(dst, Operand::kept(local));
            return Ok(());
        }
        let work = self.unit.work(dst);
        self.expression_to(&named.value, work.reg)?;
        self.store_name(target.id.as_str(), target.range, Operand::kept(work.reg))?;
        self.unit.move_to(dst, work);
        Ok(())
    }

    /// A chain `a + b * c - ...` that leans to the left is walked without recursion.
    fn binary(&mut self, expression: &'a ast::Expr, dst: Reg) -> Result {
        let mut chain = Vec::new();
        let mut left = expression;
        while let ast::Expr::BinOp(binary) = left {
            chain.push(binary);
            left = &binary.left;
        }
        let mut constant = self.constant_of(left);
        let hint = self.unit.is_temp(dst).then_some(dst);
        let mut scratch = None;
        let mut value: Option<Operand> = None;
        while let Some(binary) = chain.pop() {
            if let Some(known) = &constant {
                let right = self.constant_of(&binary.right);
                if let Some(folded) =
                    right.and_then(|right| crate::fold_operators::fold_binary(binary.op, known, &right))
                {
                    constant = Some(folded);
                    continue;
                }
                if let Some(formatted) = self.percent_format(binary, known) {
                    constant = None;
                    let target = if chain.is_empty() { dst } else { self.scratch(hint, &mut scratch) };
                    self.at(binary.range, |c| c.join(formatted, target))?;
                    value = Some(Operand::kept(target));
                    continue;
                }
            }
            let right_range = binary.right.range();
            let left_operand = match (value.take(), constant.take()) {
                (Some(value), _) => value,
                (None, Some(known)) => {
                    let target = self.scratch(hint, &mut scratch);
                    let range = binary.left.range();
                    self.at(range, |c| c.load_constant(target, known));
                    Operand::kept(target)
                }
                (None, None) => {
                    if matches!(left, ast::Expr::Name(_)) {
                        let target = match hint {
                            Some(hint) => Some(hint),
                            None if self.table.has_walrus(right_range) || !self.is_local(left) => {
                                Some(self.scratch(hint, &mut scratch))
                            }
                            None => None,
                        };
                        self.operand_before(left, Some(right_range), target)?
                    } else {
                        let target = self.scratch(hint, &mut scratch);
                        self.expression_to(left, target)?;
                        Operand::kept(target)
                    }
                }
            };
            let target = if chain.is_empty() { dst } else { self.scratch(hint, &mut scratch) };
            // The scratch register dies with its last use.
            let dies = Some(left_operand.reg) == scratch && target != left_operand.reg;
            self.binary_step(binary.op, false, target, left_operand, dies, &binary.right, binary.range)?;
            value = Some(Operand::kept(target));
        }
        if let Some(constant) = constant {
            self.load_constant(dst, constant);
        }
        if let Some(scratch) = scratch
            && !self.unit.is_temp(dst)
        {
            self.unit.free_from(scratch);
        }
        Ok(())
    }

    fn scratch(&mut self, hint: Option<Reg>, scratch: &mut Option<Reg>) -> Reg {
        match (hint, *scratch) {
            (Some(hint), _) => hint,
            (None, Some(reg)) => reg,
            (None, None) => {
                let reg = self.unit.alloc();
                *scratch = Some(reg);
                reg
            }
        }
    }

    pub fn is_local(&mut self, expression: &ast::Expr) -> bool {
        matches!(expression, ast::Expr::Name(name) if self.local_register(name.id.as_str()).is_some())
    }

    /// `dst = left op right`; `dies` says that `left` is a temporary to be cleared although it is not on top of the stack.
    #[expect(clippy::too_many_arguments, reason = "an instruction and how to place it")]
    pub fn binary_step(
        &mut self,
        op: ast::Operator,
        inplace: bool,
        dst: Reg,
        left: Operand,
        dies: bool,
        right: &'a ast::Expr,
        range: TextRange,
    ) -> Result {
        let bits = bit(inplace, flags::INPLACE) | bit(dies, flags::KILL_B);
        if let Some(n) = self.small_int(right)
            && let Some(instr) = immediate(op, dst, left.reg, n)
        {
            self.at(range, |c| c.unit.emit_using(instr.with(bits), Some(dst), &[(left, flags::KILL_B)]));
            return Ok(());
        }
        let right = self.operand(right, None)?;
        let instr = binary_instr(op, dst, left.reg, right.reg).with(bits);
        self.at(range, |c| {
            c.unit.emit_using(instr, Some(dst), &[(left, flags::KILL_B), (right, flags::KILL_C)]);
        });
        Ok(())
    }

    /// The value of an expression that is an int constant of 16 bits.
    pub fn small_int(&mut self, expression: &ast::Expr) -> Option<i16> {
        if !matches!(expression, ast::Expr::NumberLiteral(_) | ast::Expr::UnaryOp(_) | ast::Expr::BinOp(_)) {
            return None;
        }
        match self.constant_of(expression)? {
            Constant::Int(value) => i16::try_from(value).ok(),
            _ => None,
        }
    }

    fn unary(&mut self, unary: &'a ast::ExprUnaryOp, dst: Reg) -> Result {
        let hint = self.unit.is_temp(dst).then_some(dst);
        let operand = self.operand(&unary.operand, hint)?;
        let instr = match unary.op {
            ast::UnaryOp::Invert => Instr::Invert(dst, operand.reg),
            ast::UnaryOp::Not => Instr::Not(dst, operand.reg),
            ast::UnaryOp::UAdd => Instr::Pos(dst, operand.reg),
            ast::UnaryOp::USub => Instr::Neg(dst, operand.reg),
        };
        self.unit.emit_using(instr, Some(dst), &[(operand, flags::KILL_B)]);
        Ok(())
    }

    fn conditional(&mut self, conditional: &'a ast::ExprIf, dst: Reg) -> Result {
        let (otherwise, end) = (self.unit.label(), self.unit.label());
        self.jump_if(&conditional.test, false, otherwise)?;
        self.expression_to(&conditional.body, dst)?;
        self.unit.jump(end);
        self.unit.bind(otherwise);
        self.expression_to(&conditional.orelse, dst)?;
        self.unit.bind(end);
        Ok(())
    }

    fn attribute(&mut self, attribute: &'a ast::ExprAttribute, dst: Reg) -> Result {
        let name = self.mangled(attribute.attr.as_str());
        let range = self.attribute_range(attribute, attribute.range);
        if let Some(base) = self.super_arguments(&attribute.value, dst)? {
            let bare = crate::calls::bare_super(&attribute.value);
            let site = self.unit.attr_site(&name);
            self.at(range, |c| c.unit.emit(Instr::LoadSuperAttr(dst, base, site).with(bare)));
            return Ok(());
        }
        let hint = self.unit.is_temp(dst).then_some(dst);
        let object = self.operand(&attribute.value, hint)?;
        let site = self.unit.attr_site(&name);
        self.at(range, |c| {
            c.unit.emit_using(Instr::LoadAttr(dst, object.reg, site), Some(dst), &[(object, flags::KILL_B)]);
        });
        Ok(())
    }

    /// Where an attribute access that spans lines is said to happen: at the attribute's name.
    pub fn attribute_range(&self, attribute: &ast::ExprAttribute, whole: TextRange) -> TextRange {
        let name = attribute.attr.range;
        if self.lines.line(whole.start()) == self.lines.line(attribute.range.end()) {
            return whole;
        }
        if self.lines.line(whole.end()) == self.lines.line(name.start()) {
            return name;
        }
        TextRange::new(name.start(), whole.end())
    }

    fn subscript(&mut self, subscript: &'a ast::ExprSubscript, dst: Reg) -> Result {
        self.warn_subscript(subscript);
        let hint = self.unit.is_temp(dst).then_some(dst);
        let object = self.operand_before(&subscript.value, Some(subscript.slice.range()), hint)?;
        if let Some(index) = self.small_int(&subscript.slice) {
            let instr = Instr::LoadItemImm(dst, object.reg, index);
            self.unit.emit_using(instr, Some(dst), &[(object, flags::KILL_B)]);
            return Ok(());
        }
        if let ast::Expr::Slice(slice) = &*subscript.slice
            && slice.step.is_none()
        {
            let bounds = self.slice_bounds(slice)?;
            self.unit.free_from(bounds);
            let instr = Instr::LoadSlice(dst, object.reg, bounds);
            self.unit.emit_using(instr, Some(dst), &[(object, flags::KILL_B)]);
            return Ok(());
        }
        let key = self.operand(&subscript.slice, None)?;
        let instr = Instr::LoadItem(dst, object.reg, key.reg);
        self.unit.emit_using(instr, Some(dst), &[(object, flags::KILL_B), (key, flags::KILL_C)]);
        Ok(())
    }

    /// Evaluates start and stop into two temporaries.
    pub fn slice_bounds(&mut self, slice: &'a ast::ExprSlice) -> Result<Reg> {
        let bounds = self.unit.alloc();
        self.bound_to(slice.lower.as_deref(), bounds)?;
        let stop = self.unit.alloc();
        self.bound_to(slice.upper.as_deref(), stop)?;
        Ok(bounds)
    }

    fn bound_to(&mut self, bound: Option<&'a ast::Expr>, dst: Reg) -> Result {
        match bound {
            Some(bound) => self.expression_to(bound, dst),
            None => {
                self.unit.emit(Instr::LoadNone(dst));
                Ok(())
            }
        }
    }

    fn slice(&mut self, slice: &'a ast::ExprSlice, dst: Reg) -> Result {
        let base = self.unit.run_base(dst);
        self.bound_to(slice.lower.as_deref(), base)?;
        let stop = self.unit.alloc();
        self.bound_to(slice.upper.as_deref(), stop)?;
        let mut count = 2;
        if let Some(step) = &slice.step {
            let reg = self.unit.alloc();
            self.expression_to(step, reg)?;
            count = 3;
        }
        self.unit.free_run(base, dst);
        self.unit.emit(Instr::BuildSlice(dst, base, count));
        Ok(())
    }

    fn await_expression(&mut self, await_: &'a ast::ExprAwait, dst: Reg) -> Result {
        let work = self.unit.work(dst);
        let awaitable = self.operand(&await_.value, Some(work.reg))?;
        let instr = Instr::GetAwaitable(work.reg, awaitable.reg, 0);
        self.unit.emit_using(instr, Some(work.reg), &[(awaitable, flags::KILL_B)]);
        self.unit.release(work);
        self.unit.emit(Instr::YieldFrom(dst, work.reg));
        Ok(())
    }

    fn yield_expression(&mut self, yield_: &'a ast::ExprYield, dst: Reg) -> Result {
        if !self.in_function() {
            return self.error(yield_.range, "'yield' outside function");
        }
        let hint = self.unit.is_temp(dst).then_some(dst);
        let value = match &yield_.value {
            Some(value) => self.operand(value, hint)?,
            None => {
                let (reg, temp) = match hint {
                    Some(hint) => (hint, false),
                    None => (self.unit.alloc(), true),
                };
                self.unit.emit(Instr::LoadNone(reg));
                Operand { reg, temp }
            }
        };
        self.unit.emit_using(Instr::Yield(dst, value.reg), Some(dst), &[(value, flags::KILL_B)]);
        Ok(())
    }

    fn yield_from(&mut self, yield_: &'a ast::ExprYieldFrom, dst: Reg) -> Result {
        if !self.in_function() {
            return self.error(yield_.range, "'yield from' outside function");
        }
        if self.scope().coroutine {
            return self.error(yield_.range, "'yield from' inside async function");
        }
        let work = self.unit.work(dst);
        let source = self.operand(&yield_.value, Some(work.reg))?;
        let instr = Instr::GetYieldFromIter(work.reg, source.reg);
        self.unit.emit_using(instr, Some(work.reg), &[(source, flags::KILL_B)]);
        self.unit.release(work);
        self.unit.emit(Instr::YieldFrom(dst, work.reg));
        Ok(())
    }

    /// `super()` or `super(a, b)` whose attribute is taken at once: evaluates into a run of three temporaries, given back. Without
    /// arguments the method's class and first parameter are meant.
    pub fn super_arguments(&mut self, value: &'a ast::Expr, dst: Reg) -> Result<Option<Reg>> {
        let ast::Expr::Call(call) = value else { return Ok(None) };
        let ast::Expr::Name(name) = &*call.func else { return Ok(None) };
        let arguments = &call.arguments;
        if name.id.as_str() != "super"
            || self.unit.kind != UnitKind::Function
            || !arguments.keywords.is_empty()
            || arguments.args.iter().any(ast::Expr::is_starred_expr)
            || self.access("super", true) != Access::Global
        {
            return Ok(None);
        }
        if arguments.args.len() == 2 {
            let base = self.unit.run_base(dst);
            self.expression_to(&call.func, base)?;
            for argument in &arguments.args {
                self.temporary(argument)?;
            }
            self.unit.free_run(base, dst);
            return Ok(Some(base));
        }
        let has_class = matches!(self.access("__class__", true), Access::Free(_));
        if !arguments.args.is_empty() || !has_class || self.unit.arg_count == 0 {
            return Ok(None);
        }
        let base = self.unit.run_base(dst);
        self.expression_to(&call.func, base)?;
        let class = self.unit.alloc();
        let first = self.unit.alloc();
        let name = self.intern("__class__");
        self.at(call.range, |c| {
            c.load_mangled(&name, class);
            // The method's own first parameter, whatever a comprehension calls its variables.
            let cell = c.unit.cell_registers.contains(&0);
            if cell {
                c.unit.emit(Instr::LoadCell(first, Reg(0)));
            } else {
                c.check_bound(Reg(0));
                c.unit.emit(Instr::Move(first, Reg(0)));
            }
        });
        self.unit.free_run(base, dst);
        Ok(Some(base))
    }
}

/// The instruction of a binary operator.
fn binary_instr(op: ast::Operator, dst: Reg, left: Reg, right: Reg) -> Instr {
    let make = match op {
        ast::Operator::Add => Instr::Add,
        ast::Operator::Sub => Instr::Sub,
        ast::Operator::Mult => Instr::Mul,
        ast::Operator::MatMult => Instr::MatMul,
        ast::Operator::Div => Instr::TrueDiv,
        ast::Operator::Mod => Instr::Mod,
        ast::Operator::Pow => Instr::Pow,
        ast::Operator::LShift => Instr::LShift,
        ast::Operator::RShift => Instr::RShift,
        ast::Operator::BitOr => Instr::Or,
        ast::Operator::BitXor => Instr::Xor,
        ast::Operator::BitAnd => Instr::And,
        ast::Operator::FloorDiv => Instr::FloorDiv,
    };
    make(dst, left, right)
}

/// The form with an immediate right operand, where there is one.
fn immediate(op: ast::Operator, dst: Reg, left: Reg, n: i16) -> Option<Instr> {
    let make = match op {
        ast::Operator::Add => Instr::AddImm,
        ast::Operator::Sub => Instr::SubImm,
        ast::Operator::Mult => Instr::MulImm,
        ast::Operator::FloorDiv => Instr::FloorDivImm,
        ast::Operator::Mod => Instr::ModImm,
        ast::Operator::BitAnd => Instr::AndImm,
        ast::Operator::LShift => Instr::LShiftImm,
        ast::Operator::RShift => Instr::RShiftImm,
        _ => return None,
    };
    Some(make(dst, left, n))
}
