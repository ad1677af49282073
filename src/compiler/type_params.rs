//! Type parameters and `type` statements (PEP 695, PEP 696). Bounds, defaults and alias values are functions that are
//! called when somebody asks.

use snakelet_bytecode::{Constant, Instr, Reg, flags, intrinsic};
use snakelet_syntax::{Ranged, TextRange, ast};

use crate::compiler::{Compiler, Result};
use crate::symtable::Part;
use crate::unit::{Operand, UnitKind};

impl<'a> Compiler<'a> {
    /// Makes the type parameters, stores each under its name, and builds their tuple in `dst`, the topmost temporary.
    pub fn type_parameter_tuple(&mut self, type_params: &'a ast::TypeParams, dst: Reg) -> Result {
        for (index, parameter) in type_params.iter().enumerate() {
            let reg = if index == 0 { dst } else { self.unit.alloc() };
            let range = parameter.range();
            self.at(range, |c| c.type_parameter(parameter, reg))?;
            let name = self.mangled(parameter.name().as_str());
            self.at(range, |c| c.store_mangled(&name, Operand::kept(reg)));
        }
        self.unit.free_from(Reg(dst.0 + 1));
        self.unit.emit(Instr::BuildTuple(dst, dst, type_params.len() as u16));
        Ok(())
    }

    fn type_parameter(&mut self, parameter: &'a ast::TypeParam, dst: Reg) -> Result {
        let name = parameter.name();
        self.load_constant(dst, crate::fold::text(name.as_str()));
        let default = match parameter {
            ast::TypeParam::TypeVar(variable) => {
                match &variable.bound {
                    Some(bound) => {
                        let function = self.unit.alloc();
                        self.lazy_value(variable, Part::Bound, name.as_str(), bound, function)?;
                        self.unit.free_from(function);
                        let which = if bound.is_tuple_expr() {
                            intrinsic::TYPE_VAR_WITH_CONSTRAINTS
                        } else {
                            intrinsic::TYPE_VAR_WITH_BOUND
                        };
                        self.unit.emit(Instr::Intrinsic2(dst, dst, which));
                    }
                    None => self.unit.emit(Instr::Intrinsic1(dst, dst, intrinsic::TYPE_VAR)),
                }
                match &variable.default {
                    Some(default) => Some(self.lazy_default(variable, name.as_str(), default)?),
                    None => None,
                }
            }
            ast::TypeParam::TypeVarTuple(variable) => {
                self.unit.emit(Instr::Intrinsic1(dst, dst, intrinsic::TYPE_VAR_TUPLE));
                match &variable.default {
                    Some(default) => Some(self.lazy_default(variable, name.as_str(), default)?),
                    None => None,
                }
            }
            ast::TypeParam::ParamSpec(variable) => {
                self.unit.emit(Instr::Intrinsic1(dst, dst, intrinsic::PARAM_SPEC));
                match &variable.default {
                    Some(default) => Some(self.lazy_default(variable, name.as_str(), default)?),
                    None => None,
                }
            }
        };
        if let Some(function) = default {
            self.unit.free_from(function);
            self.unit.emit(Instr::Intrinsic2(dst, dst, intrinsic::SET_TYPE_PARAM_DEFAULT));
        }
        Ok(())
    }

    fn lazy_default<T>(&mut self, node: &T, name: &str, value: &'a ast::Expr) -> Result<Reg> {
        let function = self.unit.alloc();
        self.lazy_value(node, Part::Default, name, value, function)?;
        Ok(function)
    }

    /// A function of the wanted format (VALUE unless given) that evaluates `value`, in `dst`, the topmost temporary.
    fn lazy_value<T>(&mut self, node: &T, part: Part, name: &str, value: &'a ast::Expr, dst: Reg) -> Result {
        let scope = self.scope_of(node, part);
        self.lazy_function(scope, name, value, value.range(), dst)
    }

    fn lazy_function(
        &mut self,
        scope: crate::symtable::ScopeId,
        name: &str,
        value: &'a ast::Expr,
        range: TextRange,
        dst: Reg,
    ) -> Result {
        self.open_annotation_scope(scope, name, range);
        self.unit.range = value.range();
        let result = match value {
            // The default of a TypeVarTuple may be unpacked: `[*Ts = *tuple[int, str]]`.
            ast::Expr::Starred(starred) => {
                let reg = self.temporary(&starred.value)?;
                self.unit.emit(Instr::Unpack(reg, reg, 1));
                Operand { reg, temp: true }
            }
            value => self.operand(value, None)?,
        };
        self.return_operand(result);
        let code = self.close()?;
        self.load_constant(dst, Constant::Tuple(vec![Constant::Int(1)]));
        self.make_function(code, dst, (dst, flags::DEFAULTS));
        Ok(())
    }

    pub fn type_alias(&mut self, alias: &'a ast::StmtTypeAlias) -> Result {
        let ast::Expr::Name(name) = &*alias.name else { return Ok(()) };
        let dst = self.unit.alloc();
        match &alias.type_params {
            None => self.type_alias_object(alias, name, None, dst)?,
            Some(type_params) => {
                let scope = self.scope_of(&**type_params, Part::TypeParameters);
                let scope_name = format!("<generic parameters of {}>", name.id);
                let first_line = self.line(alias.range);
                self.open(UnitKind::Other, scope, &scope_name, first_line, alias.range);
                let inner = self.unit.alloc();
                self.type_alias_object(alias, name, Some(type_params), inner)?;
                self.return_operand(Operand { reg: inner, temp: true });
                let code = self.close()?;
                self.make_function(code, dst, (dst, 0));
                self.unit.emit(Instr::Call(dst, dst, 0));
            }
        }
        self.store_name(name.id.as_str(), name.range, Operand { reg: dst, temp: true })
    }

    /// Makes the alias from its name, type parameters and lazy value.
    fn type_alias_object(
        &mut self,
        alias: &'a ast::StmtTypeAlias,
        name: &'a ast::ExprName,
        type_params: Option<&'a ast::TypeParams>,
        dst: Reg,
    ) -> Result {
        self.load_constant(dst, crate::fold::text(name.id.as_str()));
        let params = self.unit.alloc();
        match type_params {
            Some(type_params) => self.type_parameter_tuple(type_params, params)?,
            None => self.unit.emit(Instr::LoadNone(params)),
        }
        let function = self.unit.alloc();
        let scope = self.scope_of(alias, Part::Body);
        self.lazy_function(scope, name.id.as_str(), &alias.value, alias.range, function)?;
        self.unit.range = alias.range;
        self.unit.free_from(params);
        self.unit.emit(Instr::BuildTuple(dst, dst, 3));
        self.unit.emit(Instr::Intrinsic1(dst, dst, intrinsic::TYPE_ALIAS));
        Ok(())
    }
}
