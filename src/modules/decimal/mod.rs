//! `_decimal`: decimal floating-point arithmetic, after the General Decimal Arithmetic Specification.
//!
//! - [`coef`]: natural numbers in limbs of nine digits;
//! - [`number`], [`operations`], [`transcendental`]: arithmetic on signs, exponents and coefficients, without objects;
//! - [`text`]: numeric strings and `__format__`;
//! - [`context`]: `Context`, its flags and traps, the current context;
//! - [`object`], [`methods`]: `Decimal`.
//!
//! The exception classes, the dicts' class and `DecimalTuple` are ordinary classes, made when the module is.

mod coef;
mod context;
mod methods;
mod number;
mod object;
mod operations;
mod text;
mod transcendental;

use snakelet_macros::native_module;
use snakelet_vm::errors::Exc;
use snakelet_vm::modules::contextvars;
use snakelet_vm::native::{KwArgs, ModuleDef, Native};
use snakelet_vm::object::intern::intern;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::module::Module;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmCell, VmRef};

use context::{BASIC_TRAPS, Context, DEFAULT_TRAPS, SignalDict};
use number::{Ctx, MAX_EMAX, MAX_PREC, MIN_EMIN, MIN_ETINY, ROUNDINGS, Rounding};
use object::Decimal;

pub const MODULE: ModuleDef = DecimalModule::MODULE;

/// What the module keeps per session.
#[derive(Default)]
pub struct State {
    /// The exception classes by name.
    classes: VmCell<Vec<(&'static str, Value)>>,
    signal_dict: VmCell<Value>,
    /// `DecimalTuple`
    tuple: VmCell<Value>,
    /// `numbers.Rational`
    rational: VmCell<Value>,
    /// The context variable of the current context.
    variable: VmCell<Value>,
    /// `DefaultContext`, `BasicContext`, `ExtendedContext`.
    contexts: VmCell<Vec<Value>>,
}

impl State {
    fn class(&self, name: &str) -> Value {
        self.classes.borrow().iter().find(|class| class.0 == name).map(|class| class.1.clone()).unwrap_or_default()
    }

    /// A new context like `DefaultContext`, without flags.
    fn default_context(&self) -> Context {
        let template = self.contexts.borrow().first().and_then(|context| context.to_ref::<Context>());
        match template {
            Some(template) => template.without_flags(),
            None => Context::new(default_limits(), DEFAULT_TRAPS),
        }
    }
}

fn default_limits() -> Ctx {
    Ctx { prec: 28, emax: 999_999, emin: -999_999, rounding: Rounding::HalfEven, clamp: false, capitals: true }
}

/// The names of the module's contexts.
const CONTEXTS: [&str; 3] = ["DefaultContext", "BasicContext", "ExtendedContext"];

/// Exception classes: name and bases.
const CLASSES: [(&str, &[&str]); 14] = [
    ("DecimalException", &["ArithmeticError"]),
    ("InvalidOperation", &["DecimalException"]),
    ("FloatOperation", &["DecimalException", "TypeError"]),
    ("DivisionByZero", &["DecimalException", "ZeroDivisionError"]),
    ("Inexact", &["DecimalException"]),
    ("Rounded", &["DecimalException"]),
    ("Subnormal", &["DecimalException"]),
    ("Overflow", &["Inexact", "Rounded"]),
    ("Underflow", &["Inexact", "Rounded", "Subnormal"]),
    ("Clamped", &["DecimalException"]),
    ("ConversionSyntax", &["InvalidOperation"]),
    ("DivisionImpossible", &["InvalidOperation"]),
    ("DivisionUndefined", &["InvalidOperation", "ZeroDivisionError"]),
    ("InvalidContext", &["InvalidOperation"]),
];

/// Declares module `_decimal`.
struct DecimalModule;

/// C decimal arithmetic module
#[native_module("_decimal", types = [Decimal, Context])]
impl DecimalModule {
    #[constant("__version__")]
    const VERSION: &str = "1.70";
    #[constant("__libmpdec_version__")]
    const ARITHMETIC_VERSION: &str = "2.5.1";
    #[constant("HAVE_THREADS")]
    const HAVE_THREADS: bool = true;
    #[constant("HAVE_CONTEXTVAR")]
    const HAVE_CONTEXTVAR: bool = true;
    #[constant("MAX_PREC")]
    const MAX_PREC: i64 = MAX_PREC;
    #[constant("MAX_EMAX")]
    const MAX_EMAX: i64 = MAX_EMAX;
    #[constant("MIN_EMIN")]
    const MIN_EMIN: i64 = MIN_EMIN;
    #[constant("MIN_ETINY")]
    const MIN_ETINY: i64 = MIN_ETINY;
    #[constant("IEEE_CONTEXT_MAX_BITS")]
    const IEEE_CONTEXT_MAX_BITS: i64 = 512;

    /// The current context.
    #[function("getcontext()")]
    fn getcontext(vm: &Vm) -> Ref<Context> {
        context::current(vm)
    }

    /// Sets a new current context.
    #[function("setcontext(context, /)")]
    fn setcontext(vm: &Vm, context: &Value) -> PyResult<()> {
        context::set_current(vm, context)
    }

    /// A context manager that sets a copy of the current context, or of ctx, for the time of a with statement.
    #[function("localcontext(ctx=None, **kwargs)")]
    fn localcontext(vm: &Vm, ctx: Option<&Value>, kwargs: KwArgs<'_>) -> PyResult {
        context::local(vm, ctx, kwargs)
    }

    /// The context of the IEEE interchange format with so many bits.
    #[function("IEEEContext(bits, /)")]
    fn ieee_context(vm: &Vm, bits: &Value) -> PyResult {
        context::ieee(vm, bits)
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let (vm, module) = (vm.handle(), module.clone());
        Err(vm.defer(async move {
            make_classes(vm, module).await?;
            Ok(Value::NONE)
        }))
    }
}

async fn make_classes(vm: VmRef, module: Value) -> PyResult<()> {
    let Some(module) = module.downcast::<Module>() else { return Ok(()) };
    let state = vm.extension::<State>();
    if !state.contexts.borrow().is_empty() {
        // Imported anew: the classes are the same.
        for (name, class) in state.classes.borrow() {
            module.dict.set_text(name, class.clone());
        }
        module.dict.set_text("DecimalTuple", state.tuple.borrow().clone());
        for (name, context) in CONTEXTS.iter().zip(state.contexts.borrow()) {
            module.dict.set_text(name, context.clone());
        }
        for (name, _) in ROUNDINGS {
            module.dict.set_text(name, intern(name));
        }
        return Ok(());
    }
    let metaclass = Type::type_object().into_value();
    let namespace = |module: &str| {
        let dict = Dict::new_object();
        dict.set_text("__module__", intern(module));
        dict.into_value()
    };
    for (name, bases) in CLASSES {
        let bases = bases.iter().map(|base| match *base {
            "ArithmeticError" => Exc::ArithmeticError.class().into_value(),
            "TypeError" => Exc::TypeError.class().into_value(),
            "ZeroDivisionError" => Exc::ZeroDivisionError.class().into_value(),
            name => state.class(name),
        });
        let args = vec![intern(name), Value::from_tuple(bases.collect()), namespace("decimal")];
        let class = vm.call(&metaclass, args).await?;
        module.dict.set_text(name, class.clone());
        state.classes.borrow_mut().push((name, class));
    }
    let import = vm.builtins.get_text("__import__").unwrap_or_default();
    let collections = vm.call(&import, vec![Value::from_str("collections")]).await?;
    let namedtuple = vm.attr(&collections, "namedtuple").await?;
    let args = vec![intern("DecimalTuple"), Value::from_str("sign digits exponent"), intern("decimal")];
    let tuple = vm.call_kw(&namedtuple, args, vec![intern("module")]).await?;
    module.dict.set_text("DecimalTuple", tuple.clone());
    state.tuple.set(tuple);
    let numbers = vm.call(&import, vec![Value::from_str("numbers")]).await?;
    let number = vm.attr(&numbers, "Number").await?;
    let register = vm.attr(&number, "register").await?;
    vm.call(&register, vec![Decimal::type_object().into_value()]).await?;
    state.rational.set(vm.attr(&numbers, "Rational").await?);
    let abc = vm.call(&import, vec![Value::from_str("collections.abc")]).await?;
    let abc = vm.attr(&abc, "abc").await?;
    let mapping = vm.attr(&abc, "MutableMapping").await?;
    let bases = Value::from_tuple(vec![SignalDict::type_object().into_value(), mapping.clone()]);
    let metaclass = vm.class_of(&mapping).into_value();
    state.signal_dict.set(vm.call(&metaclass, vec![intern("SignalDict"), bases, namespace("abc")]).await?);
    state.variable.set(contextvars::new_variable("decimal_context"));
    let basic = Ctx { prec: 9, ..default_limits() };
    let contexts = [
        (CONTEXTS[0], default_limits(), DEFAULT_TRAPS),
        (CONTEXTS[1], Ctx { rounding: Rounding::HalfUp, ..basic }, BASIC_TRAPS),
        (CONTEXTS[2], basic, 0),
    ];
    for (name, limits, traps) in contexts {
        let context = Context::new(limits, traps).into_value();
        module.dict.set_text(name, context.clone());
        state.contexts.borrow_mut().push(context);
    }
    for (name, _) in ROUNDINGS {
        module.dict.set_text(name, intern(name));
    }
    Ok(())
}
