//! The methods that `Decimal` and `Context` have in common, from tables: those of a context take all numbers as arguments.

use snakelet_macros::methods;
use snakelet_vm::{PyResult, Value, Vm};

use super::context::{Context, given, no_memory, rounding};
use super::number::{Dec, Kind};
use super::object::{Decimal, convert, div_mod, float_within, unary, within};
use super::operations::{self, Binary};
use super::{text, transcendental};

fn binary(vm: &Vm, a: &Dec, b: &Dec, context: &Context, operation: Binary) -> PyResult {
    let mut status = 0;
    let result = operation(a, b, &context.ctx(), &mut status);
    Decimal::finish(vm, context, result, status)
}

/// A method of `Decimal`, of `Context` with one number, and of `Context` with two.
macro_rules! operations {
    (
        unary { $( $doc1:tt $sig1:tt $ctx1:tt $name1:ident $function1:path; )* }
        binary { $( $doc2:tt $sig2:tt $ctx2:tt $name2:ident $function2:path; )* }
        context_unary { $( $doc3:tt $ctx3:tt $name3:ident $function3:path; )* }
        context_binary { $( $doc4:tt $ctx4:tt $name4:ident $function4:path; )* }
    ) => {
        #[methods(block = OPERATIONS)]
        impl Decimal {
            $(
                #[doc = $doc1]
                #[method($sig1)]
                fn $name1(vm: &Vm, this: &Decimal, context: Option<&Value>) -> PyResult {
                    unary(vm, this.dec(), &*given(vm, context)?, $function1)
                }
            )*
            $(
                #[doc = $doc2]
                #[method($sig2)]
                fn $name2(vm: &Vm, this: &Decimal, other: &Value, context: Option<&Value>) -> PyResult {
                    let context = given(vm, context)?;
                    binary(vm, this.dec(), &*convert(vm, other)?, &context, $function2)
                }
            )*

            /// The product with one number plus another, rounded once.
            #[method("fma(self, /, other, third, context=None)")]
            fn fma(vm: &Vm, this: &Decimal, other: &Value, third: &Value, context: Option<&Value>) -> PyResult {
                let context = given(vm, context)?;
                fused(vm, this.dec(), other, third, &context)
            }

            /// The number with another's exponent.
            #[method("quantize(self, /, exp, rounding=None, context=None)")]
            fn quantize(
                vm: &Vm,
                this: &Decimal,
                exp: &Value,
                rounding: Option<&Value>,
                context: Option<&Value>,
            ) -> PyResult {
                let context = given(vm, context)?;
                let mut ctx = context.ctx();
                if let Some(mode) = rounding {
                    ctx.rounding = super::context::rounding(vm, mode)?;
                }
                let mut status = 0;
                let result = operations::quantize(this.dec(), &*convert(vm, exp)?, &ctx, &mut status);
                Decimal::finish(vm, &context, result, status)
            }

            /// The nearest integer, without the signals Inexact and Rounded.
            #[method("to_integral_value(self, /, rounding=None, context=None)")]
            fn to_integral_value(vm: &Vm, this: &Decimal, rounding: Option<&Value>, context: Option<&Value>) -> PyResult {
                to_integral(vm, this.dec(), rounding, context, operations::to_integral_value)
            }

            /// The same as to_integral_value.
            #[method("to_integral(self, /, rounding=None, context=None)")]
            fn to_integral(vm: &Vm, this: &Decimal, rounding: Option<&Value>, context: Option<&Value>) -> PyResult {
                to_integral(vm, this.dec(), rounding, context, operations::to_integral_value)
            }

            /// The nearest integer, with the signals Inexact and Rounded.
            #[method("to_integral_exact(self, /, rounding=None, context=None)")]
            fn to_integral_exact(vm: &Vm, this: &Decimal, rounding: Option<&Value>, context: Option<&Value>) -> PyResult {
                to_integral(vm, this.dec(), rounding, context, operations::to_integral_exact)
            }

            /// What kind of number it is, in a word.
            #[method("number_class(self, /, context=None)")]
            fn number_class(vm: &Vm, this: &Decimal, context: Option<&Value>) -> PyResult<&'static str> {
                Ok(operations::number_class(this.dec(), &given(vm, context)?.ctx()))
            }

            /// Whether both have the same exponent, or are both infinite or both NaNs.
            #[method("same_quantum(self, /, other, context=None)")]
            fn same_quantum(vm: &Vm, this: &Decimal, other: &Value, context: Option<&Value>) -> PyResult<bool> {
                given(vm, context)?;
                Ok(operations::same_quantum(this.dec(), &*convert(vm, other)?))
            }
        }

        #[methods(block = OPERATIONS)]
        impl Context {
            $(
                #[doc = $doc1]
                #[method($ctx1)]
                fn $name1(vm: &Vm, this: &Context, x: &Value) -> PyResult {
                    unary(vm, &*convert(vm, x)?, this, $function1)
                }
            )*
            $(
                #[doc = $doc3]
                #[method($ctx3)]
                fn $name3(vm: &Vm, this: &Context, x: &Value) -> PyResult {
                    unary(vm, &*convert(vm, x)?, this, $function3)
                }
            )*
            $(
                #[doc = $doc2]
                #[method($ctx2)]
                fn $name2(vm: &Vm, this: &Context, x: &Value, y: &Value) -> PyResult {
                    binary(vm, &*convert(vm, x)?, &*convert(vm, y)?, this, $function2)
                }
            )*
            $(
                #[doc = $doc4]
                #[method($ctx4)]
                fn $name4(vm: &Vm, this: &Context, x: &Value, y: &Value) -> PyResult {
                    binary(vm, &*convert(vm, x)?, &*convert(vm, y)?, this, $function4)
                }
            )*

            /// x * y + z, rounded once.
            #[method("fma(self, x, y, z, /)")]
            fn fma(vm: &Vm, this: &Context, x: &Value, y: &Value, z: &Value) -> PyResult {
                fused(vm, &*convert(vm, x)?, y, z, this)
            }

            /// x // y and x % y.
            #[method("divmod(self, x, y, /)")]
            fn divmod(vm: &Vm, this: &Context, x: &Value, y: &Value) -> PyResult {
                div_mod(vm, &*convert(vm, x)?, &*convert(vm, y)?, this)
            }

            /// a ** b, with a modulus by it.
            #[method("power(self, /, a, b, modulo=None)")]
            fn power(vm: &Vm, this: &Context, a: &Value, b: &Value, modulo: Option<&Value>) -> PyResult {
                let (a, b) = (convert(vm, a)?, convert(vm, b)?);
                let Some(modulus) = modulo else { return binary(vm, &a, &b, this, transcendental::pow) };
                let modulus = convert(vm, modulus)?;
                let mut status = 0;
                let result = transcendental::pow_mod(&a, &b, &modulus, &this.ctx(), &mut status);
                Decimal::finish(vm, this, result, status)
            }

            /// What kind of number x is, in a word.
            #[method("number_class(self, x, /)")]
            fn number_class(vm: &Vm, this: &Context, x: &Value) -> PyResult<&'static str> {
                Ok(operations::number_class(&*convert(vm, x)?, &this.ctx()))
            }

            /// Whether both have the same exponent, or are both infinite or both NaNs.
            #[method("same_quantum(self, x, y, /)")]
            fn same_quantum(vm: &Vm, _this: &Context, x: &Value, y: &Value) -> PyResult<bool> {
                Ok(operations::same_quantum(&*convert(vm, x)?, &*convert(vm, y)?))
            }

            /// The scientific string.
            #[method("to_sci_string(self, x, /)")]
            fn to_sci_string(vm: &Vm, this: &Context, x: &Value) -> PyResult<String> {
                text::show(&*convert(vm, x)?, false, this.ctx().capitals).map_err(no_memory(vm))
            }

            /// The engineering string, in which exponents are multiples of three.
            #[method("to_eng_string(self, x, /)")]
            fn to_eng_string(vm: &Vm, this: &Context, x: &Value) -> PyResult<String> {
                text::show(&*convert(vm, x)?, true, this.ctx().capitals).map_err(no_memory(vm))
            }

            /// The decimal itself.
            #[method("canonical(self, x, /)")]
            fn canonical(vm: &Vm, _this: &Context, x: &Value) -> PyResult {
                match x.downcast::<Decimal>() {
                    Some(_) => Ok(x.clone()),
                    None => Err(vm.type_error("argument must be a Decimal")),
                }
            }

            /// The decimal itself, or an int's value.
            #[method("copy_decimal(self, x, /)")]
            fn copy_decimal(vm: &Vm, _this: &Context, x: &Value) -> PyResult {
                if x.downcast::<Decimal>().is_some() {
                    return Ok(x.clone());
                }
                Ok(Decimal::wrap((*convert(vm, x)?).clone()))
            }

            /// The number without its sign.
            #[method("copy_abs(self, x, /)")]
            fn copy_abs(vm: &Vm, _this: &Context, x: &Value) -> PyResult {
                Ok(Decimal::wrap(convert(vm, x)?.abs()))
            }

            /// The number with the other sign.
            #[method("copy_negate(self, x, /)")]
            fn copy_negate(vm: &Vm, _this: &Context, x: &Value) -> PyResult {
                let x = convert(vm, x)?;
                Ok(Decimal::wrap((*x).clone().with_sign(!x.negative)))
            }

            /// A number within the context's limits.
            #[method("create_decimal(self, num='0', /)")]
            fn create_decimal(vm: &Vm, this: &Context, num: Option<&Value>) -> PyResult {
                match num {
                    Some(num) => within(vm, num, this),
                    None => Ok(Decimal::from_i64(0)),
                }
            }

            /// A float's or an int's value within the context's limits.
            #[method("create_decimal_from_float(self, f, /)")]
            fn create_decimal_from_float(vm: &Vm, this: &Context, f: &Value) -> PyResult {
                float_within(vm, f, this)
            }
        }
    };
}

fn finish(a: &Dec, ctx: &super::number::Ctx, status: &mut u32) -> super::coef::Result<Dec> {
    a.clone().finish(ctx, status)
}

operations! {
unary {
    "e to the power of the number." "exp(self, /, context=None)" "exp(self, x, /)" exp transcendental::exp;
    "The natural logarithm." "ln(self, /, context=None)" "ln(self, x, /)" ln transcendental::ln;
    "The logarithm to base ten." "log10(self, /, context=None)" "log10(self, x, /)" log10 transcendental::log10;
    "The exponent of the first digit as a decimal." "logb(self, /, context=None)" "logb(self, x, /)" logb operations::logb;
    "The digits inverted; they must be zeros and ones." "logical_invert(self, /, context=None)" "logical_invert(self, x, /)" logical_invert operations::logical_invert;
    "The next smaller number." "next_minus(self, /, context=None)" "next_minus(self, x, /)" next_minus operations::next_minus;
    "The next larger number." "next_plus(self, /, context=None)" "next_plus(self, x, /)" next_plus operations::next_plus;
    "The number without trailing zeros." "normalize(self, /, context=None)" "normalize(self, x, /)" normalize operations::normalize;
    "The square root." "sqrt(self, /, context=None)" "sqrt(self, x, /)" sqrt transcendental::sqrt;
}
binary {
    "-1, 0 or 1, or NaN." "compare(self, /, other, context=None)" "compare(self, x, y, /)" compare operations::compare;
    "As compare, and all NaNs signal." "compare_signal(self, /, other, context=None)" "compare_signal(self, x, y, /)" compare_signal operations::compare_signal;
    "Compares representations in their total order." "compare_total(self, /, other, context=None)" "compare_total(self, x, y, /)" compare_total operations::compare_total;
    "As compare_total, without the signs." "compare_total_mag(self, /, other, context=None)" "compare_total_mag(self, x, y, /)" compare_total_mag operations::compare_total_mag;
    "The first number with the second's sign." "copy_sign(self, /, other, context=None)" "copy_sign(self, x, y, /)" copy_sign operations::copy_sign;
    "Digit by digit: 1 where both are 1." "logical_and(self, /, other, context=None)" "logical_and(self, x, y, /)" logical_and operations::logical_and;
    "Digit by digit: 1 where one is 1." "logical_or(self, /, other, context=None)" "logical_or(self, x, y, /)" logical_or operations::logical_or;
    "Digit by digit: 1 where they differ." "logical_xor(self, /, other, context=None)" "logical_xor(self, x, y, /)" logical_xor operations::logical_xor;
    "The larger number." "max(self, /, other, context=None)" "max(self, x, y, /)" max operations::max;
    "The number of larger magnitude." "max_mag(self, /, other, context=None)" "max_mag(self, x, y, /)" max_mag operations::max_mag;
    "The smaller number." "min(self, /, other, context=None)" "min(self, x, y, /)" min operations::min;
    "The number of smaller magnitude." "min_mag(self, /, other, context=None)" "min_mag(self, x, y, /)" min_mag operations::min_mag;
    "The neighbour in the second number's direction." "next_toward(self, /, other, context=None)" "next_toward(self, x, y, /)" next_toward operations::next_toward;
    "The rest of the division by the second number that is nearest to zero." "remainder_near(self, /, other, context=None)" "remainder_near(self, x, y, /)" remainder_near Dec::rem_near;
    "The digits rotated by so many places." "rotate(self, /, other, context=None)" "rotate(self, x, y, /)" rotate operations::rotate;
    "The exponent changed by so much." "scaleb(self, /, other, context=None)" "scaleb(self, x, y, /)" scaleb operations::scaleb;
    "The digits shifted by so many places." "shift(self, /, other, context=None)" "shift(self, x, y, /)" shift operations::shift;
}
context_unary {
    "The number within the context's limits." "_apply(self, x, /)" apply finish;
    "The magnitude." "abs(self, x, /)" abs operations::abs;
    "The number with the other sign, rounded." "minus(self, x, /)" minus operations::minus;
    "The number, rounded." "plus(self, x, /)" plus operations::plus;
    "The nearest integer." "to_integral(self, x, /)" to_integral operations::to_integral_value;
    "The nearest integer, with the signals Inexact and Rounded." "to_integral_exact(self, x, /)" to_integral_exact operations::to_integral_exact;
    "The nearest integer." "to_integral_value(self, x, /)" to_integral_value operations::to_integral_value;
}
context_binary {
    "The sum." "add(self, x, y, /)" add Dec::add;
    "The quotient." "divide(self, x, y, /)" divide Dec::div;
    "The quotient, truncated to an integer." "divide_int(self, x, y, /)" divide_int Dec::div_int;
    "The product." "multiply(self, x, y, /)" multiply Dec::mul;
    "x with y's exponent." "quantize(self, x, y, /)" quantize operations::quantize;
    "The rest of the division." "remainder(self, x, y, /)" remainder Dec::rem;
    "The difference." "subtract(self, x, y, /)" subtract Dec::sub;
}
}

fn fused(vm: &Vm, a: &Dec, b: &Value, c: &Value, context: &Context) -> PyResult {
    let (b, c) = (convert(vm, b)?, convert(vm, c)?);
    let mut status = 0;
    let result = Dec::fma(a, &b, &c, &context.ctx(), &mut status);
    Decimal::finish(vm, context, result, status)
}

fn to_integral(
    vm: &Vm,
    a: &Dec,
    mode: Option<&Value>,
    context: Option<&Value>,
    operation: operations::Unary,
) -> PyResult {
    let context = given(vm, context)?;
    let mut ctx = context.ctx();
    if let Some(mode) = mode {
        ctx.rounding = rounding(vm, mode)?;
    }
    let mut status = 0;
    let result = operation(a, &ctx, &mut status);
    Decimal::finish(vm, &context, result, status)
}

/// Tests of one number: methods of `Decimal` without arguments, of `Context` with one.
macro_rules! tests {
    ($( $doc:tt $sig:tt $ctx:tt $name:ident $test:expr; )*) => {
        #[methods(block = TESTS)]
        impl Decimal {
            $(
                #[doc = $doc]
                #[method($sig)]
                fn $name(this: &Decimal) -> bool {
                    let test: fn(&Dec) -> bool = $test;
                    test(this.dec())
                }
            )*

            /// Whether the number is normal: finite, not zero and not subnormal.
            #[method("is_normal(self, /, context=None)")]
            fn is_normal(vm: &Vm, this: &Decimal, context: Option<&Value>) -> PyResult<bool> {
                Ok(is_normal(this.dec(), &*given(vm, context)?))
            }

            /// Whether the number is subnormal.
            #[method("is_subnormal(self, /, context=None)")]
            fn is_subnormal(vm: &Vm, this: &Decimal, context: Option<&Value>) -> PyResult<bool> {
                Ok(is_subnormal(this.dec(), &*given(vm, context)?))
            }
        }

        #[methods(block = TESTS)]
        impl Context {
            $(
                #[doc = $doc]
                #[method($ctx)]
                fn $name(vm: &Vm, _this: &Context, x: &Value) -> PyResult<bool> {
                    let test: fn(&Dec) -> bool = $test;
                    Ok(test(&*convert(vm, x)?))
                }
            )*

            /// Whether the number is normal: finite, not zero and not subnormal.
            #[method("is_normal(self, x, /)")]
            fn is_normal(vm: &Vm, this: &Context, x: &Value) -> PyResult<bool> {
                Ok(is_normal(&*convert(vm, x)?, this))
            }

            /// Whether the number is subnormal.
            #[method("is_subnormal(self, x, /)")]
            fn is_subnormal(vm: &Vm, this: &Context, x: &Value) -> PyResult<bool> {
                Ok(is_subnormal(&*convert(vm, x)?, this))
            }

            /// Whether the encoding is canonical: it always is.
            #[method("is_canonical(self, x, /)")]
            fn is_canonical(vm: &Vm, _this: &Context, x: &Value) -> PyResult<bool> {
                match x.downcast::<Decimal>() {
                    Some(_) => Ok(true),
                    None => Err(vm.type_error("argument must be a Decimal")),
                }
            }
        }
    };
}

tests! {
    "Whether the number is finite." "is_finite(self, /)" "is_finite(self, x, /)" is_finite Dec::is_finite;
    "Whether the number is infinite." "is_infinite(self, /)" "is_infinite(self, x, /)" is_infinite Dec::is_infinite;
    "Whether the number is a NaN." "is_nan(self, /)" "is_nan(self, x, /)" is_nan Dec::is_nan;
    "Whether the number is a quiet NaN." "is_qnan(self, /)" "is_qnan(self, x, /)" is_qnan |a| a.kind == Kind::Quiet;
    "Whether the number is a signaling NaN." "is_snan(self, /)" "is_snan(self, x, /)" is_snan Dec::is_signaling;
    "Whether the number has a minus sign." "is_signed(self, /)" "is_signed(self, x, /)" is_signed |a| a.negative;
    "Whether the number is a zero." "is_zero(self, /)" "is_zero(self, x, /)" is_zero Dec::is_zero;
}

#[methods(block = CANONICAL)]
impl Decimal {
    /// Whether the encoding is canonical: it always is.
    #[method("is_canonical(self, /)")]
    fn is_canonical(_this: &Decimal) -> bool {
        true
    }
}

fn is_normal(a: &Dec, context: &Context) -> bool {
    a.is_finite() && !a.is_zero() && a.adjusted() >= context.ctx().emin
}

fn is_subnormal(a: &Dec, context: &Context) -> bool {
    a.is_finite() && !a.is_zero() && a.adjusted() < context.ctx().emin
}
