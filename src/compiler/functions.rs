//! Function definitions, lambdas, decorators and closures.

use std::rc::Rc;

use snakelet_bytecode::{Code, CodeFlags, Constant, Instr, Reg, flags, intrinsic};
use snakelet_syntax::{Ranged, TextRange, ast};

use crate::compiler::{Compiler, Result};
use crate::location::{definition_range, with_semicolon};
use crate::symtable::{BlockKind, Part, has_defaults};
use crate::unit::{Operand, UnitKind};

impl<'a> Compiler<'a> {
    pub fn function_definition(&mut self, function: &'a ast::StmtFunctionDef) -> Result {
        let range = definition_range(self.source, function.range, &function.decorator_list);
        let range = with_semicolon(self.source, range);
        let first = self.decorators(&function.decorator_list)?;
        let direct =
            if function.decorator_list.is_empty() { self.local_register(function.name.as_str()) } else { None };
        let dst = match direct {
            Some(reg) => reg,
            None => self.unit.alloc(),
        };
        let first_line = function.decorator_list.first().map_or(range, |decorator| decorator.expression.range());
        let first_line = self.line(first_line);
        self.at(range, |c| match &function.type_params {
            None => {
                let defaults = c.default_values(&function.parameters, dst)?;
                c.function_object(function, range, first_line, defaults, dst)
            }
            Some(type_params) => c.generic_function(function, type_params, range, first_line, dst),
        })?;
        let value = self.apply_decorators(&function.decorator_list, first, dst);
        match direct {
            Some(reg) => {
                self.unit.bound.insert(reg.0);
                Ok(())
            }
            None => self.store_name(function.name.as_str(), range, value),
        }
    }

    /// Evaluates decorators into temporaries, each a callee whose argument goes right behind it.
    pub fn decorators(&mut self, decorators: &'a [ast::Decorator]) -> Result<Reg> {
        let first = Reg(self.unit.temp_top as u16);
        for decorator in decorators {
            let reg = self.unit.alloc();
            self.expression_to(&decorator.expression, reg)?;
        }
        Ok(first)
    }

    /// Calls the decorators, innermost first, on the value in `dst`.
    pub fn apply_decorators(&mut self, decorators: &'a [ast::Decorator], first: Reg, dst: Reg) -> Operand {
        if decorators.is_empty() {
            return Operand { reg: dst, temp: self.unit.is_temp(dst) };
        }
        for (index, decorator) in decorators.iter().enumerate().rev() {
            let base = Reg(first.0 + index as u16);
            self.at(decorator.expression.range(), |c| c.unit.emit(Instr::Call(base, base, 1)));
        }
        self.unit.free_from(Reg(first.0 + 1));
        Operand { reg: first, temp: true }
    }

    /// Evaluates default values: a tuple and a dict go to the next temporaries. `dst` will get the function.
    /// Returns where the run starts and which of the two there are.
    pub fn default_values(&mut self, parameters: &'a ast::Parameters, dst: Reg) -> Result<(Reg, u8)> {
        let (positional, keyword) = has_defaults(parameters);
        let base = if positional || keyword { self.unit.run_base(dst) } else { Reg(self.unit.temp_top as u16) };
        let mut bits = 0;
        if positional {
            let values = parameters.posonlyargs.iter().chain(&parameters.args).filter_map(|p| p.default.as_deref());
            self.tuple_of(&values.collect::<Vec<_>>(), base)?;
            bits |= flags::DEFAULTS;
        }
        if keyword {
            let reg = if positional { self.unit.alloc() } else { base };
            let mut count = 0;
            for parameter in parameters.kwonlyargs.iter() {
                let Some(default) = &parameter.default else { continue };
                let key = if count == 0 { reg } else { self.unit.alloc() };
                let name = self.mangled(parameter.name().as_str());
                self.load_constant(key, Constant::Str(name));
                let value = self.unit.alloc();
                self.expression_to(default, value)?;
                count += 1;
            }
            self.unit.free_from(Reg(reg.0 + 1));
            self.unit.emit(Instr::BuildDict(reg, reg, count));
            bits |= flags::KWDEFAULTS;
        }
        Ok((base, bits))
    }

    /// Builds a tuple in `dst`, the topmost temporary.
    pub fn tuple_of(&mut self, values: &[&'a ast::Expr], dst: Reg) -> Result {
        let constants: Option<Vec<Constant>> = values.iter().map(|value| self.constant_of(value)).collect();
        if let Some(constants) = constants {
            self.load_constant(dst, Constant::Tuple(constants));
            return Ok(());
        }
        for (index, value) in values.iter().enumerate() {
            let reg = if index == 0 { dst } else { self.unit.alloc() };
            self.expression_to(value, reg)?;
        }
        self.unit.free_from(Reg(dst.0 + 1));
        self.unit.emit(Instr::BuildTuple(dst, dst, values.len() as u16));
        Ok(())
    }

    /// Everything about a function but its default values, which are in temporaries already.
    fn function_object(
        &mut self,
        function: &'a ast::StmtFunctionDef,
        range: TextRange,
        first_line: u32,
        (mut base, mut bits): (Reg, u8),
        dst: Reg,
    ) -> Result {
        if let Some(scope) = self.table.of_node(function, Part::Annotations) {
            let reg = if bits == 0 { self.unit.run_base(dst) } else { self.unit.alloc() };
            if bits == 0 {
                base = reg;
            }
            let code = self.annotate_function(function, scope, range)?;
            self.make_function(code, reg, (reg, 0));
            bits |= flags::ANNOTATE;
        }
        let code = self.function_code(function, range, first_line)?;
        self.make_function(code, dst, (base, bits));
        Ok(())
    }

    fn function_code(
        &mut self,
        function: &'a ast::StmtFunctionDef,
        range: TextRange,
        first_line: u32,
    ) -> Result<Rc<Code>> {
        let scope = self.scope_of(function, Part::Body);
        self.open(UnitKind::Function, scope, function.name.as_str(), first_line, range);
        self.set_parameters(&function.parameters);
        let body = self.function_docstring(&function.body);
        self.statements(body)?;
        self.implicit_return();
        self.close()
    }

    /// Puts the docstring first among the constants; returns the statements after it.
    fn function_docstring(&mut self, body: &'a [ast::Stmt]) -> &'a [ast::Stmt] {
        match self.docstring(body) {
            Some(Some(docstring)) => {
                self.set_docstring(docstring);
                &body[1..]
            }
            Some(None) => &body[1..],
            None => body,
        }
    }

    pub fn set_parameters(&mut self, parameters: &ast::Parameters) {
        let unit = &mut self.unit;
        unit.posonly_count = parameters.posonlyargs.len() as u16;
        unit.arg_count = (parameters.posonlyargs.len() + parameters.args.len()) as u16;
        unit.kwonly_count = parameters.kwonlyargs.len() as u16;
        unit.overflow |= parameters.len() > 0xF000;
        if parameters.vararg.is_some() {
            unit.flags.0 |= CodeFlags::VARARGS;
        }
        if parameters.kwarg.is_some() {
            unit.flags.0 |= CodeFlags::VARKEYWORDS;
        }
    }

    pub fn lambda(&mut self, lambda: &'a ast::ExprLambda, dst: Reg) -> Result {
        let run = match &lambda.parameters {
            Some(parameters) => self.default_values(parameters, dst)?,
            None => (Reg(self.unit.temp_top as u16), 0),
        };
        let scope = self.scope_of(lambda, Part::Body);
        let first_line = self.line(lambda.range);
        self.open(UnitKind::Function, scope, "<lambda>", first_line, lambda.range);
        if let Some(parameters) = &lambda.parameters {
            self.set_parameters(parameters);
        }
        self.unit.range = lambda.body.range();
        let value = self.operand(&lambda.body, None)?;
        self.return_operand(value);
        let code = self.close()?;
        self.make_function(code, dst, run);
        Ok(())
    }

    /// Returns a value, at the current position.
    pub fn return_operand(&mut self, value: Operand) {
        self.unit.emit_using(Instr::Return(value.reg), None, &[(value, flags::KILL_A)]);
        self.unit.end();
    }

    /// Makes a function of `code`; the attributes named by the bits of `run` are in temporaries from its start, the closure is added.
    pub fn make_function(&mut self, code: Rc<Code>, dst: Reg, (base, mut bits): (Reg, u8)) {
        let mut first = base;
        if !code.freevars.is_empty() {
            let reg = if bits == 0 {
                first = self.unit.run_base(dst);
                first
            } else {
                self.unit.alloc()
            };
            for (index, name) in code.freevars.iter().enumerate() {
                let cell = if index == 0 { reg } else { self.unit.alloc() };
                self.load_cell_object(name, cell);
            }
            self.unit.free_from(Reg(reg.0 + 1));
            self.unit.emit(Instr::BuildTuple(reg, reg, code.freevars.len() as u16));
            bits |= flags::CLOSURE;
        }
        if bits != 0 {
            self.unit.free_run(first, dst);
        }
        if !self.unit.reachable {
            return;
        }
        let index = self.unit.constant(Constant::Code(code));
        let index = u16::try_from(index).unwrap_or_else(|_| {
            self.unit.overflow = true;
            0
        });
        let first = if bits == 0 { Reg(self.unit.temp_base as u16) } else { first };
        self.unit.emit(Instr::MakeFunction(dst, first, index).with(bits));
    }

    pub fn scope_of<T>(&self, node: &T, part: Part) -> crate::symtable::ScopeId {
        let scope = self.table.of_node(node, part);
        debug_assert!(scope.is_some(), "the symbol table has an entry for every block");
        scope.unwrap_or(crate::symtable::SymbolTable::TOP)
    }

    /// PEP 695: the function is made inside a scope that holds its type parameters.
    fn generic_function(
        &mut self,
        function: &'a ast::StmtFunctionDef,
        type_params: &'a ast::TypeParams,
        range: TextRange,
        first_line: u32,
        dst: Reg,
    ) -> Result {
        // The default values are arguments of the scope's function.
        let base = self.unit.run_base(dst);
        let arguments = self.unit.alloc();
        let (_, bits) = self.default_values(&function.parameters, arguments)?;
        let count = u16::from(bits & flags::DEFAULTS != 0) + u16::from(bits & flags::KWDEFAULTS != 0);
        let scope = self.scope_of(type_params, Part::TypeParameters);
        let name = format!("<generic parameters of {}>", function.name);
        self.open(UnitKind::Other, scope, &name, first_line, range);
        self.unit.arg_count = count;
        let made = self.unit.alloc();
        let params = self.unit.alloc();
        self.type_parameter_tuple(type_params, params)?;
        let run = self.unit.alloc();
        let mut inner_bits = 0;
        for (parameter, bit) in [(".defaults", flags::DEFAULTS), (".kwdefaults", flags::KWDEFAULTS)] {
            if bits & bit != 0 {
                let reg = if inner_bits == 0 { run } else { self.unit.alloc() };
                let name = self.intern(parameter);
                self.load_mangled(&name, reg);
                inner_bits |= bit;
            }
        }
        if inner_bits == 0 {
            self.unit.free_from(run);
        }
        self.function_object(function, range, first_line, (run, inner_bits), made)?;
        self.unit.free_from(made);
        self.unit.emit(Instr::Intrinsic2(made, made, intrinsic::SET_FUNCTION_TYPE_PARAMS));
        self.unit.free_from(Reg(made.0 + 1));
        self.return_operand(Operand { reg: made, temp: true });
        let code = self.close()?;
        let after = Reg(arguments.0 + count.max(1));
        self.unit.free_from(after);
        // The callee goes below its arguments, which are there already; its closure is built above them.
        let (callee, moved) = if code.freevars.is_empty() { (base, false) } else { (self.unit.alloc(), true) };
        self.make_function(code, callee, (Reg(self.unit.temp_top as u16), 0));
        if moved {
            self.unit.move_to(base, Operand { reg: callee, temp: true });
        }
        self.unit.free_run(base, dst);
        self.unit.emit(Instr::Call(dst, base, count));
        Ok(())
    }

    /// Whether the block being compiled is a function whose `return` gives a value.
    pub fn in_function(&self) -> bool {
        self.unit.kind == UnitKind::Function && self.scope().kind == BlockKind::Function
    }
}
