//! Module `_operator`: the operators as functions, and the callables that fetch items, attributes and methods (`getters`).
//!
//! Nearly all functions are the runtime's own operations in tail position, so that user-defined operators suspend like any call.

mod getters;

use snakelet_macros::{functions, native_module};
use snakelet_vm::native::{ArgBytes, Args, KwArgs, ModuleDef};
use snakelet_vm::protocol::BinaryOp;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::slots::{BinarySlot, CompareOp, Slots};
use snakelet_vm::{PyResult, Value, Vm, VmRef};

pub const MODULE: ModuleDef = Operator::MODULE;

/// Declares module `_operator`.
pub struct Operator;

macro_rules! binary_functions {
    ($block:ident $host:ident: $($name:ident $signature:literal $doc:literal |$vm:ident, $a:ident, $b:ident| $result:expr;)*) => {
        struct $host;

        #[functions("_operator", $block)]
        impl $host {
            $(
                #[doc = $doc]
                #[function($signature)]
                fn $name($vm: &Vm, $a: &Value, $b: &Value) -> PyResult {
                    $result
                }
            )*
        }
    };
}

binary_functions! {
    BINARY Binary:
    add "add(a, b, /)" "Same as a + b." |vm, a, b| vm.binary(BinaryOp::Add, a, b);
    sub "sub(a, b, /)" "Same as a - b." |vm, a, b| vm.binary(BinaryOp::Sub, a, b);
    mul "mul(a, b, /)" "Same as a * b." |vm, a, b| vm.binary(BinaryOp::Mul, a, b);
    matmul "matmul(a, b, /)" "Same as a @ b." |vm, a, b| vm.binary(BinaryOp::MatMul, a, b);
    truediv "truediv(a, b, /)" "Same as a / b." |vm, a, b| vm.binary(BinaryOp::TrueDiv, a, b);
    floordiv "floordiv(a, b, /)" "Same as a // b." |vm, a, b| vm.binary(BinaryOp::FloorDiv, a, b);
    mod_ "mod(a, b, /)" "Same as a % b." |vm, a, b| vm.binary(BinaryOp::Mod, a, b);
    pow "pow(a, b, /)" "Same as a ** b." |vm, a, b| vm.power(a, b, &Value::NONE);
    lshift "lshift(a, b, /)" "Same as a << b." |vm, a, b| vm.binary(BinaryOp::LShift, a, b);
    rshift "rshift(a, b, /)" "Same as a >> b." |vm, a, b| vm.binary(BinaryOp::RShift, a, b);
    and_ "and_(a, b, /)" "Same as a & b." |vm, a, b| vm.binary(BinaryOp::And, a, b);
    or_ "or_(a, b, /)" "Same as a | b." |vm, a, b| vm.binary(BinaryOp::Or, a, b);
    xor "xor(a, b, /)" "Same as a ^ b." |vm, a, b| vm.binary(BinaryOp::Xor, a, b);
    iadd "iadd(a, b, /)" "Same as a += b." |vm, a, b| vm.inplace(BinaryOp::Add, a, b);
    isub "isub(a, b, /)" "Same as a -= b." |vm, a, b| vm.inplace(BinaryOp::Sub, a, b);
    imul "imul(a, b, /)" "Same as a *= b." |vm, a, b| vm.inplace(BinaryOp::Mul, a, b);
    imatmul "imatmul(a, b, /)" "Same as a @= b." |vm, a, b| vm.inplace(BinaryOp::MatMul, a, b);
    itruediv "itruediv(a, b, /)" "Same as a /= b." |vm, a, b| vm.inplace(BinaryOp::TrueDiv, a, b);
    ifloordiv "ifloordiv(a, b, /)" "Same as a //= b." |vm, a, b| vm.inplace(BinaryOp::FloorDiv, a, b);
    imod "imod(a, b, /)" "Same as a %= b." |vm, a, b| vm.inplace(BinaryOp::Mod, a, b);
    ipow "ipow(a, b, /)" "Same as a **= b." |vm, a, b| vm.inplace(BinaryOp::Pow, a, b);
    ilshift "ilshift(a, b, /)" "Same as a <<= b." |vm, a, b| vm.inplace(BinaryOp::LShift, a, b);
    irshift "irshift(a, b, /)" "Same as a >>= b." |vm, a, b| vm.inplace(BinaryOp::RShift, a, b);
    iand "iand(a, b, /)" "Same as a &= b." |vm, a, b| vm.inplace(BinaryOp::And, a, b);
    ior "ior(a, b, /)" "Same as a |= b." |vm, a, b| vm.inplace(BinaryOp::Or, a, b);
    ixor "ixor(a, b, /)" "Same as a ^= b." |vm, a, b| vm.inplace(BinaryOp::Xor, a, b);
    lt "lt(a, b, /)" "Same as a < b." |vm, a, b| vm.rich_compare(a, b, CompareOp::Lt);
    le "le(a, b, /)" "Same as a <= b." |vm, a, b| vm.rich_compare(a, b, CompareOp::Le);
    eq "eq(a, b, /)" "Same as a == b." |vm, a, b| vm.rich_compare(a, b, CompareOp::Eq);
    ne "ne(a, b, /)" "Same as a != b." |vm, a, b| vm.rich_compare(a, b, CompareOp::Ne);
    gt "gt(a, b, /)" "Same as a > b." |vm, a, b| vm.rich_compare(a, b, CompareOp::Gt);
    ge "ge(a, b, /)" "Same as a >= b." |vm, a, b| vm.rich_compare(a, b, CompareOp::Ge);
    is_ "is_(a, b, /)" "Same as a is b." |_vm, a, b| Ok(Value::bool(a.is(b)));
    is_not "is_not(a, b, /)" "Same as a is not b." |_vm, a, b| Ok(Value::bool(!a.is(b)));
    contains "contains(a, b, /)" "Same as b in a (note reversed operands)." |vm, a, b| vm.contains(b, a);
    getitem "getitem(a, b, /)" "Same as a[b]." |vm, a, b| vm.get_item(a, b);
    delitem "delitem(a, b, /)" "Same as del a[b]." |vm, a, b| vm.set_item(a, b, None);
    concat "concat(a, b, /)" "Same as a + b, for a and b sequences." |vm, a, b| concatenate(vm, a, b, false);
    iconcat "iconcat(a, b, /)" "Same as a += b, for a and b sequences." |vm, a, b| concatenate(vm, a, b, true);
}

macro_rules! unary_functions {
    ($block:ident $host:ident: $($name:ident $signature:literal $doc:literal |$vm:ident, $a:ident| $result:expr;)*) => {
        struct $host;

        #[functions("_operator", $block)]
        impl $host {
            $(
                #[doc = $doc]
                #[function($signature)]
                fn $name($vm: &Vm, $a: &Value) -> PyResult {
                    $result
                }
            )*
        }
    };
}

unary_functions! {
    UNARY Unary:
    neg "neg(a, /)" "Same as -a." |vm, a| vm.negative(a);
    pos "pos(a, /)" "Same as +a." |vm, a| vm.positive(a);
    inv "inv(a, /)" "Same as ~a." |vm, a| vm.invert(a);
    invert "invert(a, /)" "Same as ~a." |vm, a| vm.invert(a);
    abs "abs(a, /)" "Same as abs(a)." |vm, a| vm.absolute(a);
    truth "truth(a, /)" "Return True if a is true, False otherwise." |vm, a| vm.truth_of(a);
    is_none "is_none(a, /)" "Same as a is None." |_vm, a| Ok(Value::bool(a.is_none()));
    is_not_none "is_not_none(a, /)" "Same as a is not None." |_vm, a| Ok(Value::bool(!a.is_none()));
    index "index(a, /)" "Same as a.__index__()." |vm, a| index(vm, a);
}

/// Operator interface.
///
/// This module exports a set of functions implemented in Rust corresponding to the intrinsic operators of Python.
#[native_module(
    "_operator",
    types = [getters::ItemGetter, getters::AttrGetter, getters::MethodCaller],
    with = [Binary::BINARY, Unary::UNARY]
)]
impl Operator {
    /// Same as not a.
    #[function("not_(a, /)")]
    fn not(a: bool) -> bool {
        !a
    }

    /// Same as a[b] = c.
    #[function("setitem(a, b, c, /)")]
    fn setitem(vm: &Vm, a: &Value, b: &Value, c: &Value) -> PyResult {
        vm.set_item(a, b, Some(c))
    }

    /// Return the first index of b in a.
    #[function("indexOf(a, b, /)")]
    async fn index_of(vm: VmRef, a: Value, b: Value) -> PyResult<usize> {
        let iterator = search(&vm, &a).await?;
        let mut at = 0;
        while let Some(item) = vm.next(&iterator).await? {
            if vm.eq(&item, &b).await? {
                return Ok(at);
            }
            at += 1;
            vm.breathe(1).await?;
        }
        Err(vm.value_error("sequence.index(x): x not in sequence"))
    }

    /// Return the number of items in a which are, or which equal, b.
    #[function("countOf(a, b, /)")]
    async fn count_of(vm: VmRef, a: Value, b: Value) -> PyResult<usize> {
        let iterator = search(&vm, &a).await?;
        let mut count = 0;
        while let Some(item) = vm.next(&iterator).await? {
            count += usize::from(vm.eq(&item, &b).await?);
            vm.breathe(1).await?;
        }
        Ok(count)
    }

    /// Return an estimate of the number of items in obj.
    ///
    /// The default is returned where the object cannot tell.
    #[function("length_hint(obj, default=0, /)")]
    async fn length_hint(vm: VmRef, obj: Value, default: isize) -> PyResult {
        // A negative default comes back as it is.
        let hint = vm.length_hint_or(&obj, usize::MAX).await?;
        Ok(if hint == usize::MAX { Value::from_i64(default as i64) } else { Value::from_usize(hint) })
    }

    /// Same as obj(*args, **kwargs).
    #[function("call(obj, /, *args, **kwargs)")]
    fn call(vm: &Vm, obj: &Value, args: &[Value], kwargs: KwArgs<'_>) -> PyResult {
        let mut values = args.to_vec();
        let mut names = Vec::new();
        for (name, value) in kwargs.iter() {
            names.push(name.clone());
            values.push(value.clone());
        }
        match vm.type_of(obj).slots().call {
            Some(call) => call(vm, obj, Args { values: &values, kwnames: &names }),
            None => Err(vm.type_error(format!("'{}' object is not callable", vm.type_name(obj)))),
        }
    }

    /// Return 'a == b', in a time that does not depend on where they differ.
    ///
    /// Both must be ASCII strs, or bytes-like objects.
    #[function("_compare_digest(a, b, /)")]
    fn compare_digest(vm: &Vm, a: &Value, b: &Value) -> PyResult<bool> {
        if let (Some(a), Some(b)) = (a.as_text(), b.as_text()) {
            return match (a.as_str_if_ascii(), b.as_str_if_ascii()) {
                (Some(a), Some(b)) => Ok(same_bytes(a.as_bytes(), b.as_bytes())),
                _ => Err(vm.type_error("comparing strings with non-ASCII characters is not supported")),
            };
        }
        match (ArgBytes::of(a), ArgBytes::of(b)) {
            (Some(a), Some(b)) => Ok(same_bytes(&a, &b)),
            (None, None) => {
                let (a, b) = (vm.type_name(a), vm.type_name(b));
                let message = format!("unsupported operand types(s) or combination of types: '{a}' and '{b}'");
                Err(vm.type_error(message))
            }
            (a_bytes, _) => {
                let wrong = vm.type_name(if a_bytes.is_none() { a } else { b });
                Err(vm.type_error(format!("a bytes-like object is required, not '{wrong}'")))
            }
        }
    }
}

fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

fn index(vm: &Vm, value: &Value) -> PyResult {
    match vm.index_now(value) {
        Some(result) => result,
        None => {
            let (vm, value) = (vm.handle(), value.clone());
            Err(vm.defer(async move { vm.index(&value).await }))
        }
    }
}

/// What searches iterate over, with their error for what can't be iterated over.
async fn search(vm: &Vm, sequence: &Value) -> PyResult {
    let slots = vm.type_of(sequence).slots();
    if slots.iter.is_none() && slots.getitem.is_none() {
        let name = vm.type_name(sequence);
        return Err(vm.type_error(format!("argument of type '{name}' is not iterable")));
    }
    vm.iter(sequence).await
}

/// `a + b` for sequences only.
fn concatenate(vm: &Vm, a: &Value, b: &Value, inplace: bool) -> PyResult {
    let slots = vm.type_of(a).slots();
    let own: Option<BinarySlot> = if inplace { slots.inplace_concat.or(slots.concat) } else { slots.concat };
    if let Some(slot) = own {
        return slot(vm, a, b);
    }
    let is_sequence = |value: &Value, slots: &Slots| slots.getitem.is_some() && value.downcast::<Dict>().is_none();
    if is_sequence(a, slots) && is_sequence(b, vm.type_of(b).slots()) {
        return if inplace { vm.inplace(BinaryOp::Add, a, b) } else { vm.binary(BinaryOp::Add, a, b) };
    }
    Err(vm.type_error(format!("'{}' object can't be concatenated", vm.type_name(a))))
}
