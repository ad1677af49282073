//! Calls: arguments are evaluated straight into the registers behind the callee's.

use std::rc::Rc;

use snakelet_bytecode::{Constant, Instr, Reg, flags};
use snakelet_syntax::{TextRange, ast};

use crate::compiler::{Compiler, Result};
use crate::unit::{Operand, bit};

/// Calls with more arguments pass a tuple and a dict.
const MAX_ARGUMENTS: usize = 200;

impl<'a> Compiler<'a> {
    pub fn call(&mut self, call: &'a ast::ExprCall, dst: Reg) -> Result {
        let arguments = &call.arguments;
        self.check_keywords(&arguments.keywords)?;
        self.warn_caller(&call.func);
        if !is_plain(&arguments.args, &arguments.keywords, 0) {
            let base = self.unit.run_base(dst);
            self.expression_to(&call.func, base)?;
            let dict = self.packed_arguments(&arguments.args, &arguments.keywords, base, None)?;
            self.unit.free_run(base, dst);
            let bits = if dict { flags::HAS_KWARGS } else { 0 };
            self.at(call.range, |c| c.unit.emit(Instr::CallEx(dst, base).with(bits)));
            return Ok(());
        }
        if let ast::Expr::Attribute(attribute) = &*call.func {
            return self.method_call(call, attribute, dst);
        }
        let base = self.unit.run_base(dst);
        self.expression_to(&call.func, base)?;
        let count = self.plain_arguments(&arguments.args, arguments.range)?;
        let names = self.keyword_arguments(&arguments.keywords)?;
        self.unit.free_run(base, dst);
        let count = count + arguments.keywords.len() as u16;
        let instr = if names { Instr::CallKw(dst, base, count) } else { Instr::Call(dst, base, count) };
        self.at(call.range, |c| c.unit.emit(instr));
        Ok(())
    }

    fn method_call(&mut self, call: &'a ast::ExprCall, attribute: &'a ast::ExprAttribute, dst: Reg) -> Result {
        let arguments = &call.arguments;
        let name = self.mangled(attribute.attr.as_str());
        let base = self.unit.run_base(dst);
        let load_range = self.attribute_range(attribute, attribute.range);
        if let Some(run) = self.super_arguments(&attribute.value, base)? {
            let site = self.unit.attr_site(&name);
            self.at(load_range, |c| {
                c.unit.emit(Instr::LoadSuperMethod(base, run, site).with(bare_super(&attribute.value)))
            });
        } else {
            let object = self.operand(&attribute.value, Some(base))?;
            let site = self.unit.attr_site(&name);
            self.at(load_range, |c| c.unit.emit(Instr::LoadMethod(base, object.reg, site)));
        }
        self.unit.alloc();
        let count = self.plain_arguments(&arguments.args, arguments.range)?;
        let names = self.keyword_arguments(&arguments.keywords)?;
        self.unit.free_run(base, dst);
        let count = count + arguments.keywords.len() as u16;
        let instr = if names { Instr::CallMethodKw(dst, base, count) } else { Instr::CallMethod(dst, base, count) };
        let range = self.attribute_range(attribute, call.range);
        self.at(range, |c| c.unit.emit(instr));
        Ok(())
    }

    fn plain_arguments(&mut self, arguments: &'a [ast::Expr], range: TextRange) -> Result<u16> {
        for argument in arguments {
            match argument {
                ast::Expr::Generator(generator) if !generator.parenthesized => {
                    // `f(x for x in y)`: the call's parentheses are the generator's.
                    let dst = self.unit.alloc();
                    self.at(range, |c| c.generator_expression(generator, range, dst))?;
                }
                argument => {
                    self.temporary(argument)?;
                }
            }
        }
        Ok(arguments.len() as u16)
    }

    /// Evaluates the values of keyword arguments and, behind them, the tuple of their names; false if there are none.
    fn keyword_arguments(&mut self, keywords: &'a [ast::Keyword]) -> Result<bool> {
        if keywords.is_empty() {
            return Ok(false);
        }
        let mut names = Vec::with_capacity(keywords.len());
        for keyword in keywords {
            self.temporary(&keyword.value)?;
            let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
            names.push(Constant::Str(self.mangled(name)));
        }
        let reg = self.unit.alloc();
        self.load_constant(reg, Constant::Tuple(names));
        Ok(true)
    }

    pub fn check_keywords(&self, keywords: &[ast::Keyword]) -> Result {
        for (index, keyword) in keywords.iter().enumerate() {
            let Some(name) = &keyword.arg else { continue };
            let repeated =
                keywords[index + 1..].iter().find(|later| later.arg.as_ref().is_some_and(|n| n.id == name.id));
            if let Some(repeated) = repeated {
                return self.error(repeated.range, format!("keyword argument repeated: {}", name.as_str()));
            }
        }
        Ok(())
    }

    /// For `CallEx`: evaluates all positional arguments into a list or tuple behind `base`, and the keywords into a dict behind that.
    /// `extra` is a value in a local that follows the positional arguments. Tells whether there is a dict.
    pub fn packed_arguments(
        &mut self,
        arguments: &'a [ast::Expr],
        keywords: &'a [ast::Keyword],
        base: Reg,
        extra: Option<&Rc<str>>,
    ) -> Result<bool> {
        let positional = self.unit.alloc();
        match (arguments, extra) {
            ([ast::Expr::Starred(starred)], None) => {
                // `f(*args)` hands the iterable on; the call unpacks it.
                self.expression_to(&starred.value, positional)?;
            }
            _ => {
                self.long_list(arguments, positional, true)?;
                if let Some(extra) = extra {
                    let reg = self.unit.alloc();
                    self.load_mangled(extra, reg);
                    let value = Operand { reg, temp: true };
                    self.unit.emit_using(Instr::ListAppend(positional, reg), None, &[(value, flags::KILL_B)]);
                }
                self.unit.emit(Instr::ListToTuple(positional, positional));
            }
        }
        if keywords.is_empty() {
            return Ok(false);
        }
        self.packed_keywords(keywords, base)?;
        Ok(true)
    }

    /// The dict of keyword arguments, in the order of the source; `func` is named in the messages about duplicates.
    fn packed_keywords(&mut self, keywords: &'a [ast::Keyword], func: Reg) -> Result<Reg> {
        let dict = self.unit.alloc();
        self.unit.emit(Instr::BuildDict(dict, dict, 0));
        let mut after_mapping = false;
        for keyword in keywords {
            match &keyword.arg {
                None => {
                    after_mapping = true;
                    let value = self.operand(&keyword.value, None)?;
                    let instr = Instr::DictMerge(dict, value.reg, func);
                    self.unit.emit_using(instr, None, &[(value, flags::KILL_B)]);
                }
                Some(name) if after_mapping => {
                    // A mapping before may hold the same name: merged as a dict of its own.
                    let one = self.unit.alloc();
                    let name = self.mangled(name.as_str());
                    self.load_constant(one, Constant::Str(name));
                    self.temporary(&keyword.value)?;
                    self.unit.free_from(Reg(one.0 + 1));
                    self.unit.emit(Instr::BuildDict(one, one, 1));
                    let value = Operand { reg: one, temp: true };
                    self.unit.emit_using(Instr::DictMerge(dict, one, func), None, &[(value, flags::KILL_B)]);
                }
                Some(name) => {
                    let key = self.unit.alloc();
                    let name = self.mangled(name.as_str());
                    self.load_constant(key, Constant::Str(name));
                    let value = self.operand(&keyword.value, None)?;
                    let key = Operand { reg: key, temp: true };
                    let instr = Instr::DictAdd(dict, key.reg, value.reg);
                    self.unit.emit_using(instr, None, &[(key, flags::KILL_B), (value, flags::KILL_C)]);
                }
            }
        }
        Ok(dict)
    }

    /// Completes a call whose callee is in `base` and whose first `fixed` arguments follow already; with `extra` as the last
    /// positional argument. For class definitions, which have no starred arguments here.
    pub fn finish_class_call(
        &mut self,
        base: Reg,
        fixed: u16,
        arguments: &'a [ast::Expr],
        keywords: &'a [ast::Keyword],
        extra: Option<&Rc<str>>,
        range: TextRange,
    ) -> Result {
        if is_plain(arguments, keywords, fixed as usize) {
            let mut count = fixed + self.plain_arguments(arguments, range)?;
            if let Some(extra) = extra {
                let reg = self.unit.alloc();
                self.load_mangled(extra, reg);
                count += 1;
            }
            let names = self.keyword_arguments(keywords)?;
            count += keywords.len() as u16;
            self.unit.free_from(Reg(base.0 + 1));
            let instr = if names { Instr::CallKw(base, base, count) } else { Instr::Call(base, base, count) };
            self.at(range, |c| c.unit.emit(instr));
            return Ok(());
        }
        // The fixed arguments become the start of the list.
        let first = Reg(base.0 + 1);
        self.unit.emit(Instr::BuildList(first, first, fixed));
        self.unit.free_from(Reg(first.0 + 1));
        let more = self.unit.alloc();
        self.long_list(arguments, more, true)?;
        let value = Operand { reg: more, temp: true };
        self.unit.emit_using(Instr::ListExtend(first, more), None, &[(value, flags::KILL_B)]);
        if let Some(extra) = extra {
            let reg = self.unit.alloc();
            self.load_mangled(extra, reg);
            let value = Operand { reg, temp: true };
            self.unit.emit_using(Instr::ListAppend(first, reg), None, &[(value, flags::KILL_B)]);
        }
        self.unit.emit(Instr::ListToTuple(first, first));
        let mut bits = 0;
        if !keywords.is_empty() {
            self.packed_keywords(keywords, base)?;
            bits = flags::HAS_KWARGS;
        }
        self.unit.free_from(Reg(base.0 + 1));
        self.at(range, |c| c.unit.emit(Instr::CallEx(base, base).with(bits)));
        Ok(())
    }
}

/// Whether a call needs no unpacking.
fn is_plain(arguments: &[ast::Expr], keywords: &[ast::Keyword], fixed: usize) -> bool {
    arguments.len() + keywords.len() + fixed <= MAX_ARGUMENTS
        && !arguments.iter().any(ast::Expr::is_starred_expr)
        && keywords.iter().all(|keyword| keyword.arg.is_some())
}

/// The flag of a call of `super` without arguments.
pub(crate) fn bare_super(call: &ast::Expr) -> u8 {
    let bare = call.as_call_expr().is_some_and(|call| call.arguments.args.is_empty());
    bit(bare, flags::NO_ARGUMENTS)
}
