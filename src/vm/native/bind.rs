//! The argument binder: from what a caller passed to one value for each parameter, or CPython's TypeError.
//!
//! The generated wrappers call [`Cx::exact`] (a fixed number of positional arguments; nothing but two comparisons) or
//! [`Cx::bind`] (optional and keyword parameters). Everything below them is ordinary code that reads the static table, and runs
//! only where the simple cases end.

use super::{Args, DefKind, Family, NativeDef, TypeFlags};
use crate::types::typeobject::Type;
use crate::{PyResult, Raised, Value, Vm};

/// Stands for an argument that was not given.
pub(super) static MISSING: Value = Value::UNBOUND;

/// One call being bound.
pub struct Cx<'a> {
    pub vm: &'a Vm,
    pub def: &'static NativeDef,
    /// The instance or class; unbound for functions.
    pub receiver: &'a Value,
    /// The arguments after the receiver; the last ones are keyword values.
    pub values: &'a [Value],
    pub kwnames: &'a [Value],
}

impl<'a> Cx<'a> {
    #[inline(always)]
    pub fn function(vm: &'a Vm, def: &'static NativeDef, args: Args<'a>) -> Cx<'a> {
        Cx { vm, def, receiver: &MISSING, values: args.values, kwnames: args.kwnames }
    }

    #[inline(always)]
    pub fn method(vm: &'a Vm, def: &'static NativeDef, args: Args<'a>) -> PyResult<Cx<'a>> {
        match args.values {
            [receiver, values @ ..] if values.len() >= args.kwnames.len() => {
                Ok(Cx { vm, def, receiver, values, kwnames: args.kwnames })
            }
            _ => Err(needs_an_argument(vm, def)),
        }
    }

    #[inline(always)]
    pub fn constructor(vm: &'a Vm, def: &'static NativeDef, receiver: &'a Value, args: Args<'a>) -> Cx<'a> {
        Cx { vm, def, receiver, values: args.values, kwnames: args.kwnames }
    }

    /// The arguments of a native that takes exactly `N`, by position only.
    #[inline(always)]
    pub fn exact<const N: usize>(&self) -> PyResult<&'a [Value; N]> {
        if self.kwnames.is_empty()
            && let Ok(values) = self.values.try_into()
        {
            return Ok(values);
        }
        match self.exact_slow(N)?.first_chunk() {
            Some(values) => Ok(values),
            None => Err(self.count_error()),
        }
    }

    /// One value for each of the `N` parameters (starred ones left out); unbound where none was given.
    #[inline(always)]
    pub fn bind<const N: usize>(&self) -> PyResult<[&'a Value; N]> {
        let mut bound = [&MISSING; N];
        self.bind_into(&mut bound)?;
        Ok(bound)
    }

    /// How many arguments were given by position.
    #[inline(always)]
    pub fn given(&self) -> usize {
        self.values.len() - self.kwnames.len()
    }

    /// The value given to a setter; unbound in a deletion.
    #[inline(always)]
    pub fn assigned(&self) -> &'a Value {
        self.values.first().unwrap_or(&MISSING)
    }

    #[cold]
    #[inline(never)]
    fn exact_slow(&self, count: usize) -> PyResult<&'a [Value]> {
        self.check_keywords()?;
        let positional = &self.values[..self.given()];
        if positional.len() == count { Ok(positional) } else { Err(self.count_error()) }
    }

    fn bind_into(&self, bound: &mut [&'a Value]) -> PyResult<()> {
        let params = &self.def.params;
        let (given, maximum) = (self.given(), params.positional as usize);
        if self.kwnames.is_empty()
            && given >= params.required as usize
            && (given <= maximum || params.rest)
            && params.required_keywords == 0
        {
            for (place, value) in bound.iter_mut().zip(&self.values[..given.min(maximum)]) {
                *place = value;
            }
            return Ok(());
        }
        self.bind_slow(bound)
    }

    #[inline(never)]
    fn bind_slow(&self, bound: &mut [&'a Value]) -> PyResult<()> {
        let params = &self.def.params;
        let by_name = match params.family {
            Family::Keywords => true,
            Family::Mixed => !self.kwnames.is_empty(),
            _ => false,
        };
        if by_name {
            return self.bind_keywords(bound);
        }
        self.check_keywords()?;
        let given = self.given();
        if given < params.required as usize || given > params.positional as usize && !params.rest {
            return Err(self.count_error());
        }
        for (place, value) in bound.iter_mut().zip(&self.values[..given.min(params.positional as usize)]) {
            *place = value;
        }
        Ok(())
    }

    /// Refuses keywords. A constructor ignores them when it runs for a Python class that has an `__init__` (or for `__init__`:
    /// a `__new__`) of its own to take them.
    fn check_keywords(&self) -> PyResult<()> {
        if self.kwnames.is_empty() || self.def.params.keywords || self.is_for_subclass() {
            return Ok(());
        }
        Err(self.error(format!("{}() takes no keyword arguments", self.def.full_name())))
    }

    fn is_for_subclass(&self) -> bool {
        let class = match self.def.kind {
            DefKind::New => self.receiver.downcast::<Type>(),
            DefKind::Init => self.receiver.header().map(|header| header.ty()),
            _ => None,
        };
        let Some(class) = class.filter(|class| class.has_flag(TypeFlags::HEAP)) else { return false };
        let base = class.mro.borrow().iter().find(|ty| !ty.has_flag(TypeFlags::HEAP)).cloned();
        let Some(base) = base else { return false };
        let slot = |ty: &Type| match self.def.kind {
            DefKind::New => ty.slots().init.map(|f| f as usize),
            _ => ty.slots().new.map(|f| f as usize),
        };
        slot(class) != slot(&base)
    }

    /// Arguments by position and name.
    fn bind_keywords(&self, bound: &mut [&'a Value]) -> PyResult<()> {
        let params = &self.def.params;
        let (given, named) = (self.given(), self.kwnames.len());
        let (only, maximum) = (params.positional_only as usize, params.positional as usize);
        let (required, total) = (params.required as usize, params.names.len());
        let name = self.def.message_name();
        if !params.rest && !params.keywords && given + named > total {
            let what = if given == 0 { "keyword " } else { "" };
            let plural = plural(total);
            let message = format!("{name}() takes at most {total} {what}argument{plural} ({} given)", given + named);
            return Err(self.error(message));
        }
        if given > maximum && !params.rest {
            if maximum == 0 {
                return Err(self.error(format!("{name}() takes no positional arguments")));
            }
            return Err(self.positional_error(if required < maximum { "at most" } else { "exactly" }, maximum));
        }
        let minimum = only.min(required);
        if given < minimum {
            return Err(self.positional_error(if minimum < maximum { "at least" } else { "exactly" }, minimum));
        }
        let by_position = given.min(maximum);
        for (place, value) in bound.iter_mut().zip(&self.values[..by_position]) {
            *place = value;
        }
        let mut left = named;
        let first = by_position.max(only);
        for (index, (place, parameter)) in bound.iter_mut().zip(params.names).enumerate().skip(first) {
            if let Some(value) = self.keyword(parameter) {
                *place = value;
                left -= 1;
            } else if index < required || (maximum..maximum + params.required_keywords as usize).contains(&index) {
                let message = format!("{name}() missing required argument '{parameter}' (pos {})", index + 1);
                return Err(self.error(message));
            }
        }
        if left == 0 {
            return Ok(());
        }
        for index in only..by_position {
            if self.keyword(params.names[index]).is_some() {
                let parameter = params.names[index];
                let message =
                    format!("argument for {name}() given by name ('{parameter}') and position ({})", index + 1);
                return Err(self.error(message));
            }
        }
        if params.keywords {
            return Ok(());
        }
        let known = &params.names[only..];
        let unknown =
            self.kwnames.iter().filter_map(Value::as_text).find(|text| !known.iter().any(|name| *text == name));
        let unknown = unknown.map(|text| text.to_utf8_lossy().into_owned()).unwrap_or_default();
        Err(self.error(format!("{name}() got an unexpected keyword argument '{unknown}'")))
    }

    /// The value given for the keyword `name`.
    fn keyword(&self, name: &str) -> Option<&'a Value> {
        let at = self.kwnames.iter().position(|known| known.as_text().is_some_and(|text| text == name))?;
        Some(&self.values[self.given() + at])
    }

    #[cold]
    fn positional_error(&self, bound: &str, count: usize) -> Raised {
        let (name, plural, given) = (self.def.message_name(), plural(count), self.given());
        self.error(format!("{name}() takes {bound} {count} positional argument{plural} ({given} given)"))
    }

    /// The wrong number of positional arguments, in the family's words.
    #[cold]
    #[inline(never)]
    fn count_error(&self) -> Raised {
        let params = &self.def.params;
        let (minimum, maximum, given) = (params.required as usize, params.positional as usize, self.given());
        let bounds = match (minimum == maximum && !params.rest, given < minimum) {
            (true, _) => "",
            (false, true) => "at least ",
            (false, false) => "at most ",
        };
        let count = if given < minimum { minimum } else { maximum };
        let plural = plural(count);
        let constructor = matches!(self.def.kind, DefKind::New | DefKind::Init);
        self.error(match params.family {
            Family::NoArguments if constructor => format!("{}() takes no arguments", self.def.owner),
            Family::NoArguments => format!("{}() takes no arguments ({given} given)", self.def.full_name()),
            Family::OneArgument => format!("{}() takes exactly one argument ({given} given)", self.def.full_name()),
            Family::Tuple if maximum == 0 => {
                format!("{}() takes no arguments ({given} given)", self.def.message_name())
            }
            Family::Tuple => {
                let bounds = if bounds.is_empty() { "exactly " } else { bounds };
                format!("{}() takes {bounds}{count} argument{plural} ({given} given)", self.def.message_name())
            }
            _ => format!("{} expected {bounds}{count} argument{plural}, got {given}", self.def.message_name()),
        })
    }

    #[cold]
    #[inline(never)]
    fn error(&self, message: String) -> Raised {
        self.vm.type_error(message)
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

#[cold]
#[inline(never)]
fn needs_an_argument(vm: &Vm, def: &NativeDef) -> Raised {
    vm.type_error(format!("unbound method {}() needs an argument", def.full_name()))
}
