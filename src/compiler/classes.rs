//! Class definitions.

use std::rc::Rc;

use snakelet_bytecode::{Code, Constant, Instr, Reg, intrinsic};
use snakelet_syntax::{TextRange, ast};

use crate::compiler::{Compiler, Result};
use crate::location::{definition_range, with_semicolon};
use crate::symtable::Part;
use crate::unit::{Operand, UnitKind};

impl<'a> Compiler<'a> {
    pub fn class_definition(&mut self, class: &'a ast::StmtClassDef) -> Result {
        let range = definition_range(self.source, class.range, &class.decorator_list);
        let range = with_semicolon(self.source, range);
        let first = self.decorators(&class.decorator_list)?;
        let first_line = match class.decorator_list.first() {
            Some(decorator) => self.line(decorator.range),
            None => self.line(range),
        };
        let base = self.unit.alloc();
        self.at(range, |c| match &class.type_params {
            None => c.class_call(class, range, first_line, base, None),
            Some(type_params) => c.generic_class(class, type_params, range, first_line, base),
        })?;
        let value = self.apply_decorators(&class.decorator_list, first, base);
        self.store_name(class.name.as_str(), range, value)
    }

    /// Calls `__build_class__`; the result replaces it in `base`, the topmost temporary.
    fn class_call(
        &mut self,
        class: &'a ast::StmtClassDef,
        range: TextRange,
        first_line: u32,
        base: Reg,
        generic_base: Option<&Rc<str>>,
    ) -> Result {
        self.unit.emit(Instr::LoadBuildClass(base));
        let code = self.class_code(class, range, first_line)?;
        let function = self.unit.alloc();
        self.make_function(code, function, (function, 0));
        let name = self.unit.alloc();
        self.load_constant(name, crate::fold::text(class.name.as_str()));
        let (arguments, keywords): (&'a [ast::Expr], &'a [ast::Keyword]) = match &class.arguments {
            Some(arguments) => (&arguments.args, &arguments.keywords),
            None => (&[], &[]),
        };
        self.check_keywords(keywords)?;
        self.finish_class_call(base, 2, arguments, keywords, generic_base, range)
    }

    /// PEP 695: the class is made inside a scope that holds its type parameters.
    fn generic_class(
        &mut self,
        class: &'a ast::StmtClassDef,
        type_params: &'a ast::TypeParams,
        range: TextRange,
        first_line: u32,
        dst: Reg,
    ) -> Result {
        let scope = self.scope_of(type_params, Part::TypeParameters);
        let name = format!("<generic parameters of {}>", class.name);
        self.open(UnitKind::Other, scope, &name, first_line, range);
        let params = self.unit.alloc();
        self.type_parameter_tuple(type_params, params)?;
        let type_params_name = self.intern(".type_params");
        self.store_mangled(&type_params_name, Operand { reg: params, temp: true });
        let generic = self.unit.alloc();
        self.load_mangled(&type_params_name, generic);
        self.unit.emit(Instr::Intrinsic1(generic, generic, intrinsic::SUBSCRIPT_GENERIC));
        let generic_name = self.intern(".generic_base");
        self.store_mangled(&generic_name, Operand { reg: generic, temp: true });
        let base = self.unit.alloc();
        self.class_call(class, range, first_line, base, Some(&generic_name))?;
        self.return_operand(Operand { reg: base, temp: true });
        let code = self.close()?;
        self.make_function(code, dst, (dst, 0));
        self.unit.emit(Instr::Call(dst, dst, 0));
        Ok(())
    }

    fn class_code(&mut self, class: &'a ast::StmtClassDef, range: TextRange, first_line: u32) -> Result<Rc<Code>> {
        let id = self.scope_of(class, Part::Body);
        let range = if class.decorator_list.is_empty() { range } else { TextRange::empty(class.range.start()) };
        self.open(UnitKind::Class, id, class.name.as_str(), first_line, range);
        let scope = self.scope();
        let (needs_class, needs_dict, conditional) =
            (scope.needs_class_closure, scope.needs_classdict, scope.conditional_annotations);
        let body = &class.body[..];
        let docstring = self.docstring(body);
        if let Some(Some(docstring)) = &docstring {
            self.set_docstring(docstring.clone());
        }
        let reg = self.unit.alloc();
        let value = Operand { reg, temp: true };
        self.unit.free_from(reg);
        self.class_name_store("__module__", |c| {
            let name = c.intern("__name__");
            c.load_mangled(&name, reg);
        });
        let qualname = self.unit.qualname.clone();
        self.class_name_store("__qualname__", |c| c.load_constant(reg, Constant::Str(qualname)));
        self.class_name_store("__firstlineno__", |c| c.load_constant(reg, Constant::Int(first_line.into())));
        if class.type_params.is_some() {
            self.class_name_store("__type_params__", |c| {
                let name = c.intern(".type_params");
                c.load_mangled(&name, reg);
            });
        }
        if needs_dict {
            self.unit.alloc();
            self.unit.emit(Instr::LoadLocals(reg));
            self.store_class_cell("__classdict__", value);
        }
        if conditional {
            self.unit.alloc();
            self.unit.emit(Instr::BuildSet(reg, reg, 0));
            self.store_class_cell("__conditional_annotations__", value);
        }
        self.future_annotations_setup();
        let rest = match docstring {
            Some(Some(docstring)) => {
                let outer = std::mem::replace(&mut self.unit.range, snakelet_syntax::Ranged::range(&body[0]));
                self.class_name_store("__doc__", |c| c.load_constant(reg, docstring));
                self.unit.range = outer;
                &body[1..]
            }
            Some(None) => &body[1..],
            None => body,
        };
        self.statements(rest)?;
        self.unit.range = range;
        self.class_annotations()?;
        self.unit.range = rest.last().map_or(range, snakelet_syntax::Ranged::range);
        self.unit.hidden = true;
        let mut attributes = std::mem::take(&mut self.unit.static_attributes);
        snakelet_text::order::sort(&mut attributes);
        let attributes = Constant::Tuple(attributes.into_iter().map(Constant::Str).collect());
        self.class_name_store("__static_attributes__", |c| c.load_constant(reg, attributes));
        if needs_dict {
            self.class_name_store("__classdictcell__", |c| c.load_cell_object("__classdict__", reg));
        }
        if needs_class {
            self.class_name_store("__classcell__", |c| c.load_cell_object("__class__", reg));
            self.unit.alloc();
            self.load_cell_object("__class__", reg);
            self.return_operand(value);
        } else {
            self.unit.emit(Instr::ReturnNone());
            self.unit.end();
        }
        self.close()
    }

    /// Stores what `load` puts into the next temporary under a name of the class's namespace.
    fn class_name_store(&mut self, name: &str, load: impl FnOnce(&mut Self)) {
        let reg = self.unit.alloc();
        load(self);
        let site_name = self.intern(name);
        let site = self.unit.global_site(&site_name);
        let value = Operand { reg, temp: true };
        let flag = snakelet_bytecode::flags::KILL_B;
        self.unit.emit_using(Instr::StoreName(site, reg), None, &[(value, flag)]);
    }

    fn store_class_cell(&mut self, name: &str, value: Operand) {
        if let Some(&cell) = self.unit.frames[0].registers.get(name) {
            let flag = snakelet_bytecode::flags::KILL_B;
            self.unit.emit_using(Instr::StoreCell(Reg(cell), value.reg), None, &[(value, flag)]);
        }
    }
}
