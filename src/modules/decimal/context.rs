//! `Context`, the dicts of its flags and traps, and the current context.

use std::cell::Cell;
use std::rc::Rc;

use num_traits::ToPrimitive;
use snakelet_macros::{methods, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::modules::contextvars;
use snakelet_vm::native::{Args, KwArgs, Native};
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::list::List;
use snakelet_vm::types::slots::CompareOp;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm, VmCell, VmRef};

use super::State;
use super::coef::NoMemory;
use super::number::status::*;
use super::number::{Ctx, MAX_EMAX, MAX_PREC, MIN_EMIN, ROUNDINGS, Rounding};

/// The signals in the order of the flags' dict, with their bits.
pub const SIGNALS: [(&str, u32); 9] = [
    ("InvalidOperation", ANY_INVALID),
    ("FloatOperation", FLOAT_OPERATION),
    ("DivisionByZero", DIVISION_BY_ZERO),
    ("Overflow", OVERFLOW),
    ("Underflow", UNDERFLOW),
    ("Subnormal", SUBNORMAL),
    ("Inexact", INEXACT),
    ("Rounded", ROUNDED),
    ("Clamped", CLAMPED),
];

/// The order in which `repr` lists signals: that of the bits.
const BY_BIT: [(&str, u32); 9] = [
    ("Clamped", CLAMPED),
    ("InvalidOperation", ANY_INVALID),
    ("DivisionByZero", DIVISION_BY_ZERO),
    ("Inexact", INEXACT),
    ("FloatOperation", FLOAT_OPERATION),
    ("Overflow", OVERFLOW),
    ("Rounded", ROUNDED),
    ("Subnormal", SUBNORMAL),
    ("Underflow", UNDERFLOW),
];

/// Conditions with exception classes of their own, all of them InvalidOperation as signals.
pub const CONDITIONS: [(&str, u32); 5] = [
    ("InvalidOperation", INVALID_OPERATION),
    ("ConversionSyntax", CONVERSION_SYNTAX),
    ("DivisionImpossible", DIVISION_IMPOSSIBLE),
    ("DivisionUndefined", DIVISION_UNDEFINED),
    ("InvalidContext", INVALID_CONTEXT),
];

pub const DEFAULT_TRAPS: u32 = ANY_INVALID | DIVISION_BY_ZERO | OVERFLOW;
pub const BASIC_TRAPS: u32 = DEFAULT_TRAPS | UNDERFLOW | CLAMPED;

const SIGNAL_KEYS: &str = "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]";
const ROUNDING_NAMES: &str = "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]";

/// The payload of contexts.
#[native_type(
    name = "Context",
    module = "decimal",
    doc = "Context(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)\n\nWhat decimal arithmetic goes by: precision, rounding, the exponent's limits, and which signals are traps.",
    flags(subclassable)
)]
pub struct Context {
    #[skip_traverse]
    limits: Cell<Ctx>,
    #[skip_traverse]
    flags: Rc<Cell<u32>>,
    #[skip_traverse]
    traps: Rc<Cell<u32>>,
    /// The dicts that show flags and traps, once they were asked for.
    dicts: VmCell<Vec<Value>>,
}

/// The payload of the dicts of flags and traps.
#[native_type(name = "SignalDictMixin", module = "decimal", flags(subclassable, mapping))]
pub struct SignalDict {
    #[skip_traverse]
    bits: Rc<Cell<u32>>,
}

/// The payload of what `localcontext` answers.
#[native_type(name = "ContextManager", module = "decimal")]
pub struct ContextManager {
    local: Value,
    global: Value,
}

pub fn no_memory(vm: &Vm) -> impl Fn(NoMemory) -> Raised + '_ {
    |_| vm.memory_error()
}

impl Context {
    pub fn new(limits: Ctx, traps: u32) -> Context {
        Context {
            limits: Cell::new(limits),
            flags: Rc::new(Cell::new(0)),
            traps: Rc::new(Cell::new(traps)),
            dicts: VmCell::default(),
        }
    }

    /// A copy, flags included.
    pub fn duplicate(&self) -> Context {
        let copy = Context::new(self.limits.get(), self.traps.get());
        copy.flags.set(self.flags.get());
        copy
    }

    /// A copy with all flags down.
    pub fn without_flags(&self) -> Context {
        Context::new(self.limits.get(), self.traps.get())
    }

    #[inline]
    pub fn ctx(&self) -> Ctx {
        self.limits.get()
    }

    /// Records conditions; raises if one of them is trapped.
    #[inline]
    pub fn signal(&self, vm: &Vm, status: u32) -> PyResult<()> {
        if status == 0 {
            return Ok(());
        }
        self.flags.set(self.flags.get() | status);
        let trapped = status & self.traps.get();
        if trapped == 0 { Ok(()) } else { Err(raise_signal(vm, trapped)) }
    }

    fn dict(&self, vm: &Vm, index: usize) -> PyResult {
        if self.dicts.borrow().is_empty() {
            let class = vm.extension::<State>().signal_dict.borrow().clone();
            let make = |bits: &Rc<Cell<u32>>| vm.new_instance(&class, SignalDict { bits: bits.clone() });
            let made = vec![make(&self.flags)?, make(&self.traps)?];
            self.dicts.set(made);
        }
        Ok(self.dicts.borrow().get(index).cloned().unwrap_or_default())
    }

    fn change(&self, change: impl FnOnce(&mut Ctx)) {
        let mut limits = self.limits.get();
        change(&mut limits);
        self.limits.set(limits);
    }

    /// Sets one attribute by its place among the constructor's parameters.
    fn set_field(&self, vm: &Vm, field: usize, value: &Value) -> PyResult<()> {
        match field {
            0 => {
                let prec = ranged(vm, value, 1, MAX_PREC, "valid range for prec is [1, MAX_PREC]")?;
                self.change(|ctx| ctx.prec = prec);
            }
            1 => {
                let rounding = rounding(vm, value)?;
                self.change(|ctx| ctx.rounding = rounding);
            }
            2 => {
                let emin = ranged(vm, value, MIN_EMIN, 0, "valid range for Emin is [MIN_EMIN, 0]")?;
                self.change(|ctx| ctx.emin = emin);
            }
            3 => {
                let emax = ranged(vm, value, 0, MAX_EMAX, "valid range for Emax is [0, MAX_EMAX]")?;
                self.change(|ctx| ctx.emax = emax);
            }
            4 => {
                let capitals = ranged(vm, value, 0, 1, "valid values for capitals are 0 or 1")?;
                self.change(|ctx| ctx.capitals = capitals == 1);
            }
            5 => {
                let clamp = ranged(vm, value, 0, 1, "valid values for clamp are 0 or 1")?;
                self.change(|ctx| ctx.clamp = clamp == 1);
            }
            6 => self.flags.set(signal_bits(vm, value, true)?),
            _ => self.traps.set(signal_bits(vm, value, true)?),
        }
        Ok(())
    }
}

const FIELDS: [&str; 8] = ["prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps"];

fn ranged(vm: &Vm, value: &Value, least: i64, most: i64, message: &str) -> PyResult<i64> {
    if !value.is_int() {
        return Err(vm.type_error("an integer is required"));
    }
    match value.to_i64() {
        Some(n) if (least..=most).contains(&n) => Ok(n),
        Some(_) => Err(vm.value_error(message)),
        None => Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
    }
}

/// A rounding mode by its name.
pub fn rounding(vm: &Vm, value: &Value) -> PyResult<Rounding> {
    let name = value.as_text().and_then(|text| text.as_str_if_ascii());
    match ROUNDINGS.iter().find(|known| Some(known.0) == name) {
        Some(known) => Ok(known.1),
        None => Err(vm.type_error(ROUNDING_NAMES)),
    }
}

pub fn rounding_name(rounding: Rounding) -> &'static str {
    ROUNDINGS[rounding as usize].0
}

/// The class of a signal or condition.
fn class(vm: &Vm, name: &str) -> Value {
    vm.extension::<State>().class(name)
}

/// Raises the first trapped signal; the exception's argument lists all.
#[cold]
fn raise_signal(vm: &Vm, trapped: u32) -> Raised {
    let first = SIGNALS.iter().find(|signal| trapped & signal.1 != 0).map_or("InvalidOperation", |signal| signal.0);
    let conditions = CONDITIONS.iter().filter(|condition| trapped & condition.1 != 0);
    let others = SIGNALS[1..].iter().filter(|signal| trapped & signal.1 != 0);
    let list = conditions.chain(others).map(|known| class(vm, known.0)).collect();
    match class(vm, first).to_ref() {
        Some(class) => {
            let exception = snakelet_vm::types::exception::instantiate(vm, &class, vec![Value::from_list(list)]);
            vm.raise(exception)
        }
        None => vm.value_error("decimal is not initialised"),
    }
}

/// The bit of a signal's class.
fn signal_bit(vm: &Vm, key: &Value) -> PyResult<u32> {
    match SIGNALS.iter().find(|signal| class(vm, signal.0).is(key)) {
        Some(signal) => Ok(signal.1),
        None => Err(vm.error(Exc::KeyError, SIGNAL_KEYS)),
    }
}

/// The bits that a list of signals or a dict of them stands for.
fn signal_bits(vm: &Vm, value: &Value, lists: bool) -> PyResult<u32> {
    if let Some(dict) = value.downcast::<SignalDict>() {
        return Ok(dict.bits.get());
    }
    if lists && value.downcast::<List>().is_some() {
        let mut bits = 0;
        for key in vm.sequence_now(value).unwrap_or_default() {
            bits |= signal_bit(vm, &key)?;
        }
        return Ok(bits);
    }
    let Some(dict) = value.downcast::<Dict>() else { return Err(vm.type_error("argument must be a signal dict")) };
    if dict.len() != SIGNALS.len() {
        return Err(vm.error(Exc::KeyError, "invalid signal dict"));
    }
    let mut bits = 0;
    for signal in &SIGNALS {
        match dict.get_now(vm, &class(vm, signal.0)) {
            Some(Ok(Some(value))) => bits |= if vm.truth_now(&value).unwrap_or(true) { signal.1 } else { 0 },
            Some(Err(raised)) => return Err(raised),
            _ => return Err(vm.error(Exc::KeyError, SIGNAL_KEYS)),
        }
    }
    Ok(bits)
}

fn signal_list(vm: &Vm, bits: u32) -> Value {
    let set = SIGNALS.iter().filter(|signal| bits & signal.1 != 0);
    Value::from_list(set.map(|signal| class(vm, signal.0)).collect())
}

// ---- the current context

/// The running thread's context.
pub fn current(vm: &Vm) -> Ref<Context> {
    let state = vm.extension::<State>();
    let variable = state.variable.borrow();
    if let Some(context) = contextvars::value_of(vm, variable).and_then(|context| context.to_ref()) {
        return context;
    }
    let context = state.default_context().into_object();
    contextvars::set_value(vm, variable, context.value());
    context
}

/// The context argument of a method, or the current one.
pub fn given(vm: &Vm, context: Option<&Value>) -> PyResult<Ref<Context>> {
    match context {
        None => Ok(current(vm)),
        Some(context) => match context.to_ref() {
            Some(context) => Ok(context),
            None => Err(vm.type_error("optional argument must be a context")),
        },
    }
}

/// Makes `context` the current one; the module's own contexts are copied.
pub fn set_current(vm: &Vm, context: &Value) -> PyResult<()> {
    let Some(given) = context.downcast::<Context>() else {
        return Err(vm.type_error("argument must be a context"));
    };
    let state = vm.extension::<State>();
    let context = if state.contexts.borrow().iter().any(|template| template.is(context)) {
        given.without_flags().into_value()
    } else {
        context.clone()
    };
    contextvars::set_value(vm, state.variable.borrow(), context);
    Ok(())
}

/// `localcontext`
pub fn local(vm: &Vm, base: Option<&Value>, kwargs: KwArgs<'_>) -> PyResult {
    let mut changes = Vec::new();
    for (name, value) in kwargs.iter() {
        let text = name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
        match FIELDS.iter().position(|field| *field == text) {
            Some(field) => changes.push((field, value.clone())),
            None => return Err(unexpected(vm, &text)),
        }
    }
    let global = current(vm);
    let context = given(vm, base)?.duplicate();
    for (field, value) in changes {
        if !value.is_none() {
            context.set_field(vm, field, &value)?;
        }
    }
    Ok(ContextManager { local: context.into_value(), global: global.into_value() }.into_value())
}

#[cold]
fn unexpected(vm: &Vm, name: &str) -> Raised {
    vm.type_error(format!("this function got an unexpected keyword argument '{name}'"))
}

/// `IEEEContext`: the limits of the interchange format of so many bits.
pub fn ieee(vm: &Vm, bits: &Value) -> PyResult {
    if !bits.is_int() {
        return Err(vm.type_error("an integer is required"));
    }
    let bits = match bits.to_i64() {
        Some(bits) if bits > 0 && bits <= 512 && bits % 32 == 0 => bits,
        Some(_) => {
            return Err(vm.value_error("argument must be a multiple of 32, with a maximum of 512"));
        }
        None => return Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
    };
    let emax = 3 * (1i64 << (bits / 16 + 3));
    let limits = Ctx {
        prec: 9 * (bits / 32) - 2,
        emax,
        emin: 1 - emax,
        rounding: Rounding::HalfEven,
        clamp: true,
        capitals: true,
    };
    Ok(Context::new(limits, 0).into_value())
}

fn context_of(value: &Value) -> Option<&Context> {
    value.downcast::<Context>()
}

#[methods(with = [Context::OPERATIONS, Context::TESTS])]
impl Context {
    #[slot(new)]
    fn new_object(vm: &Vm, cls: &Value, _args: Args<'_>) -> PyResult {
        vm.new_instance(cls, vm.extension::<State>().default_context())
    }

    #[slot(init)]
    fn init(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let Some(context) = context_of(this) else { return Ok(Value::NONE) };
        let count = args.positional_count();
        if count > FIELDS.len() {
            return Err(vm.type_error(format!("function takes at most 8 arguments ({} given)", args.values.len())));
        }
        let mut given: [Option<&Value>; 8] = [None; 8];
        for (place, value) in given.iter_mut().zip(&args.values[..count]) {
            *place = Some(value);
        }
        for (name, value) in args.kwnames.iter().zip(&args.values[count..]) {
            let text = name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
            match FIELDS.iter().position(|field| *field == text) {
                None => return Err(unexpected(vm, &text)),
                Some(field) if given[field].is_some() => {
                    let place = field + 1;
                    return Err(
                        vm.type_error(format!("argument for function given by name ('{text}') and position ({place})"))
                    );
                }
                Some(field) => given[field] = Some(value),
            }
        }
        for (field, value) in given.iter().enumerate() {
            if let Some(value) = value.filter(|value| !value.is_none()) {
                context.set_field(vm, field, value)?;
            }
        }
        Ok(Value::NONE)
    }

    #[slot(repr)]
    fn repr(this: &Context) -> String {
        let ctx = this.ctx();
        let list = |bits: u32| {
            let names: Vec<&str> = BY_BIT.iter().filter(|signal| bits & signal.1 != 0).map(|signal| signal.0).collect();
            names.join(", ")
        };
        format!(
            "Context(prec={}, rounding={}, Emin={}, Emax={}, capitals={}, clamp={}, flags=[{}], traps=[{}])",
            ctx.prec,
            rounding_name(ctx.rounding),
            ctx.emin,
            ctx.emax,
            u8::from(ctx.capitals),
            u8::from(ctx.clamp),
            list(this.flags.get()),
            list(this.traps.get())
        )
    }

    #[slot(setattr)]
    fn setattr(vm: &Vm, this: &Value, name: &Value, value: Option<&Value>) -> PyResult {
        if value.is_none() {
            return Err(vm.attribute_error("context attributes cannot be deleted"));
        }
        snakelet_vm::types::object::object_setattr(vm, this, name, value)
    }

    #[getter("prec")]
    fn prec(this: &Context) -> i64 {
        this.ctx().prec
    }

    #[setter("prec")]
    fn set_prec(vm: &Vm, this: &Context, value: Option<&Value>) -> PyResult<()> {
        value.map_or(Ok(()), |value| this.set_field(vm, 0, value))
    }

    #[getter("rounding")]
    fn rounding(vm: &Vm, this: &Context) -> Value {
        let _ = vm;
        snakelet_vm::object::intern::intern(rounding_name(this.ctx().rounding))
    }

    #[setter("rounding")]
    fn set_rounding(vm: &Vm, this: &Context, value: Option<&Value>) -> PyResult<()> {
        value.map_or(Ok(()), |value| this.set_field(vm, 1, value))
    }

    #[getter("Emin")]
    fn emin(this: &Context) -> i64 {
        this.ctx().emin
    }

    #[setter("Emin")]
    fn set_emin(vm: &Vm, this: &Context, value: Option<&Value>) -> PyResult<()> {
        value.map_or(Ok(()), |value| this.set_field(vm, 2, value))
    }

    #[getter("Emax")]
    fn emax(this: &Context) -> i64 {
        this.ctx().emax
    }

    #[setter("Emax")]
    fn set_emax(vm: &Vm, this: &Context, value: Option<&Value>) -> PyResult<()> {
        value.map_or(Ok(()), |value| this.set_field(vm, 3, value))
    }

    #[getter("capitals")]
    fn capitals(this: &Context) -> i64 {
        this.ctx().capitals.into()
    }

    #[setter("capitals")]
    fn set_capitals(vm: &Vm, this: &Context, value: Option<&Value>) -> PyResult<()> {
        value.map_or(Ok(()), |value| this.set_field(vm, 4, value))
    }

    #[getter("clamp")]
    fn clamp(this: &Context) -> i64 {
        this.ctx().clamp.into()
    }

    #[setter("clamp")]
    fn set_clamp(vm: &Vm, this: &Context, value: Option<&Value>) -> PyResult<()> {
        value.map_or(Ok(()), |value| this.set_field(vm, 5, value))
    }

    #[getter("flags")]
    fn flags(vm: &Vm, this: &Context) -> PyResult {
        this.dict(vm, 0)
    }

    #[setter("flags")]
    fn set_flags(vm: &Vm, this: &Context, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Ok(()) };
        this.flags.set(signal_bits(vm, value, false)?);
        Ok(())
    }

    #[getter("traps")]
    fn traps(vm: &Vm, this: &Context) -> PyResult {
        this.dict(vm, 1)
    }

    #[setter("traps")]
    fn set_traps(vm: &Vm, this: &Context, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Ok(()) };
        this.traps.set(signal_bits(vm, value, false)?);
        Ok(())
    }

    /// The least exponent of subnormal numbers: Emin - prec + 1.
    #[method("Etiny(self, /)")]
    fn etiny(this: &Context) -> i64 {
        this.ctx().etiny()
    }

    /// The largest exponent of numbers with all digits: Emax - prec + 1.
    #[method("Etop(self, /)")]
    fn etop(this: &Context) -> i64 {
        this.ctx().etop()
    }

    /// The base of the number system.
    #[method("radix(self, /)")]
    fn radix(_this: &Context) -> Value {
        super::object::Decimal::from_i64(10)
    }

    /// Sets all flags to False.
    #[method("clear_flags(self, /)")]
    fn clear_flags(this: &Context) {
        this.flags.set(0);
    }

    /// Sets all traps to False.
    #[method("clear_traps(self, /)")]
    fn clear_traps(this: &Context) {
        this.traps.set(0);
    }

    /// A copy, flags and traps included.
    #[method("copy(self, /)")]
    fn copy(this: &Context) -> Value {
        this.duplicate().into_value()
    }

    #[method("__copy__(self, /)")]
    fn copy_protocol(this: &Context) -> Value {
        this.duplicate().into_value()
    }

    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &Value) -> PyResult {
        let Some(context) = context_of(this) else { return Ok(Value::NONE) };
        let ctx = context.ctx();
        let args = vec![
            Value::from_i64(ctx.prec),
            Value::from_str(rounding_name(ctx.rounding)),
            Value::from_i64(ctx.emin),
            Value::from_i64(ctx.emax),
            Value::from_i64(ctx.capitals.into()),
            Value::from_i64(ctx.clamp.into()),
            signal_list(vm, context.flags.get()),
            signal_list(vm, context.traps.get()),
        ];
        Ok(Value::from_tuple(vec![vm.class_of(this).into_value(), Value::from_tuple(args)]))
    }

    #[method("_unsafe_setprec(self, x, /)")]
    fn unsafe_setprec(vm: &Vm, this: &Context, x: i64) -> PyResult<()> {
        if !(1..=1_070_000_000).contains(&x) {
            return Err(vm.value_error("valid range for unsafe prec is [1, 1070000000]"));
        }
        this.change(|ctx| ctx.prec = x);
        Ok(())
    }

    #[method("_unsafe_setemin(self, x, /)")]
    fn unsafe_setemin(vm: &Vm, this: &Context, x: i64) -> PyResult<()> {
        if !(-1_070_000_000..=0).contains(&x) {
            return Err(vm.value_error("valid range for unsafe emin is [-1070000000, 0]"));
        }
        this.change(|ctx| ctx.emin = x);
        Ok(())
    }

    #[method("_unsafe_setemax(self, x, /)")]
    fn unsafe_setemax(vm: &Vm, this: &Context, x: i64) -> PyResult<()> {
        if !(0..=1_070_000_000).contains(&x) {
            return Err(vm.value_error("valid range for unsafe emax is [0, 1070000000]"));
        }
        this.change(|ctx| ctx.emax = x);
        Ok(())
    }
}

#[methods]
impl SignalDict {
    #[slot(new)]
    fn new_object(vm: &Vm, cls: &Value, _args: Args<'_>) -> PyResult {
        vm.new_instance(cls, SignalDict { bits: Rc::new(Cell::new(0)) })
    }

    #[slot(init)]
    fn init(_vm: &Vm, _this: &Value, _args: Args<'_>) -> PyResult {
        Ok(Value::NONE)
    }

    #[slot(repr)]
    fn repr(this: &SignalDict) -> String {
        let bits = this.bits.get();
        let items: Vec<String> = SIGNALS
            .iter()
            .map(|signal| {
                let state = if bits & signal.1 != 0 { "True" } else { "False" };
                format!("<class 'decimal.{}'>:{state}", signal.0)
            })
            .collect();
        format!("{{{}}}", items.join(", "))
    }

    #[slot(len)]
    fn len(_this: &SignalDict) -> usize {
        SIGNALS.len()
    }

    #[slot(iter)]
    fn iter(vm: &Vm, _this: &Value) -> PyResult {
        let keys = SIGNALS.iter().map(|signal| class(vm, signal.0)).collect();
        vm.get_iter(&Value::from_tuple(keys))
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        let bit = signal_bit(vm, key)?;
        Ok(Value::bool(this.downcast::<SignalDict>().is_some_and(|dict| dict.bits.get() & bit != 0)))
    }

    #[slot(setitem)]
    fn setitem(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> PyResult {
        let Some(value) = value else { return Err(vm.value_error("signal keys cannot be deleted")) };
        let bit = signal_bit(vm, key)?;
        let set = move |this: &Value, truth: bool| {
            if let Some(dict) = this.downcast::<SignalDict>() {
                let bits = dict.bits.get();
                dict.bits.set(if truth { bits | bit } else { bits & !bit });
            }
            Value::NONE
        };
        if let Some(truth) = vm.truth_now(value) {
            return Ok(set(this, truth));
        }
        let (vm, this, value) = (vm.handle(), this.clone(), value.clone());
        Err(vm.defer(async move { Ok(set(&this, vm.truth(&value).await?)) }))
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let (Some(dict), CompareOp::Eq | CompareOp::Ne) = (left.downcast::<SignalDict>(), op) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let equal = match signal_bits(vm, right, false) {
            Ok(bits) => bits == dict.bits.get(),
            Err(raised) => {
                if vm.catch(Exc::TypeError).is_some() || vm.catch(Exc::KeyError).is_some() {
                    return Ok(Value::NOT_IMPLEMENTED);
                }
                return Err(raised);
            }
        };
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    /// The flags as a dict.
    #[method("copy(self, /)")]
    async fn copy(vm: VmRef, this: Ref<SignalDict>) -> PyResult {
        let dict = Dict::new_object();
        let bits = this.bits.get();
        for signal in &SIGNALS {
            let value = Value::bool(bits & signal.1 != 0);
            Dict::set(&vm, &dict, &class(&vm, signal.0), &value).await?;
        }
        Ok(dict.into_value())
    }
}

#[methods]
impl ContextManager {
    #[method("__enter__(self, /)")]
    fn enter(vm: &Vm, this: &ContextManager) -> PyResult {
        set_current(vm, &this.local)?;
        Ok(this.local.clone())
    }

    #[method("__exit__(self, /, *args)", text = none)]
    fn exit(vm: &Vm, this: &ContextManager, args: &[Value]) -> PyResult<bool> {
        let _ = args;
        set_current(vm, &this.global)?;
        Ok(false)
    }
}

/// A machine-sized integer, for `Context` methods that take one.
pub fn to_ssize(vm: &Vm, value: &Value) -> PyResult<i64> {
    match value.to_bigint().and_then(|n| n.to_i64()) {
        Some(n) => Ok(n),
        None => Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
    }
}
