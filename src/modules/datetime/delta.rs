//! `timedelta`.

use std::cell::Cell;

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};
use snakelet_macros::{methods, native_type};
use snakelet_number::{hash, int};
use snakelet_vm::native::{Args, Native};
use snakelet_vm::types::int_arithmetic::Operand;
use snakelet_vm::types::slots::CompareOp;
use snakelet_vm::{PyResult, Value, Vm};

use super::calendar::DAY_MICROS;

/// The payload of timedeltas: normalised, so that seconds and microseconds are not negative.
#[native_type(
    name = "timedelta",
    module = "datetime",
    doc = "A duration: the difference between two dates or times.\n\ntimedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)\n\nAll arguments are optional and may be ints or floats, positive or negative.",
    flags(subclassable)
)]
pub struct TimeDelta {
    #[skip_traverse]
    pub span: Span,
    hash: Cell<i64>,
}

/// A duration.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub days: i32,
    pub seconds: i32,
    pub micros: i32,
}

const MAX_DAYS: i64 = 999_999_999;
const NAMES: [&str; 7] = ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"];
const FACTORS: [i64; 7] = [DAY_MICROS, 1_000_000, 1, 1000, 60_000_000, 3_600_000_000, 7 * DAY_MICROS];
/// The order in which the arguments' fractions are added up: microseconds first.
const ORDER: [usize; 7] = [2, 3, 1, 4, 5, 0, 6];

impl Span {
    pub const MIN: Span = Span { days: -999_999_999, seconds: 0, micros: 0 };
    pub const MAX: Span = Span { days: 999_999_999, seconds: 86_399, micros: 999_999 };
    pub const RESOLUTION: Span = Span { days: 0, seconds: 0, micros: 1 };

    /// Normalised, or OverflowError.
    pub fn normalized(vm: &Vm, days: i64, seconds: i64, micros: i64) -> PyResult<Span> {
        let seconds = seconds + micros.div_euclid(1_000_000);
        let days = days + seconds.div_euclid(86_400);
        if !(-MAX_DAYS..=MAX_DAYS).contains(&days) {
            return Err(vm.overflow_error(format!("days={days}; must have magnitude <= {MAX_DAYS}")));
        }
        Ok(Span {
            days: days as i32,
            seconds: seconds.rem_euclid(86_400) as i32,
            micros: micros.rem_euclid(1_000_000) as i32,
        })
    }

    /// From a number of microseconds that is at most some days.
    pub fn from_micros(micros: i64) -> Span {
        let rest = micros.rem_euclid(DAY_MICROS);
        Span {
            days: micros.div_euclid(DAY_MICROS) as i32,
            seconds: (rest / 1_000_000) as i32,
            micros: (rest % 1_000_000) as i32,
        }
    }

    fn from_total(vm: &Vm, total: i128) -> PyResult<Span> {
        let days = total.div_euclid(i128::from(DAY_MICROS));
        let rest = total.rem_euclid(i128::from(DAY_MICROS)) as i64;
        match i32::try_from(days) {
            Ok(days) => Span::normalized(vm, days.into(), 0, rest),
            Err(_) => Err(vm.overflow_error("Python int too large to convert to C int")),
        }
    }

    fn from_big(vm: &Vm, total: &BigInt) -> PyResult<Span> {
        match total.to_i128() {
            Some(total) => Span::from_total(vm, total),
            None => Err(vm.overflow_error("Python int too large to convert to C int")),
        }
    }

    /// All in microseconds.
    pub fn total(self) -> i128 {
        i128::from(self.days) * i128::from(DAY_MICROS) + i128::from(self.seconds) * 1_000_000 + i128::from(self.micros)
    }

    /// The same, if it fits.
    pub fn small_total(self) -> Option<i64> {
        i64::from(self.days)
            .checked_mul(DAY_MICROS)?
            .checked_add(i64::from(self.seconds) * 1_000_000 + i64::from(self.micros))
    }

    fn negated(self, vm: &Vm) -> PyResult<Span> {
        Span::normalized(vm, -i64::from(self.days), -i64::from(self.seconds), -i64::from(self.micros))
    }

    pub fn add(self, vm: &Vm, other: Span) -> PyResult<Span> {
        Span::normalized(
            vm,
            i64::from(self.days) + i64::from(other.days),
            i64::from(self.seconds) + i64::from(other.seconds),
            i64::from(self.micros) + i64::from(other.micros),
        )
    }

    pub fn sub(self, vm: &Vm, other: Span) -> PyResult<Span> {
        Span::normalized(
            vm,
            i64::from(self.days) - i64::from(other.days),
            i64::from(self.seconds) - i64::from(other.seconds),
            i64::from(self.micros) - i64::from(other.micros),
        )
    }

    pub fn is_zero(self) -> bool {
        self == Span { days: 0, seconds: 0, micros: 0 }
    }

    pub fn hash(self) -> i64 {
        hash::tuple([self.days, self.seconds, self.micros].map(|n| hash::small_int(n.into())))
    }

    pub fn into_value(self) -> Value {
        TimeDelta { span: self, hash: Cell::new(-1) }.into_value()
    }

    /// The arguments that make it, as `repr` shows them.
    pub fn arguments(self) -> String {
        let parts: Vec<String> = [("days", self.days), ("seconds", self.seconds), ("microseconds", self.micros)]
            .iter()
            .filter(|part| part.1 != 0)
            .map(|part| format!("{}={}", part.0, part.1))
            .collect();
        if parts.is_empty() { "0".to_string() } else { parts.join(", ") }
    }
}

/// The duration, if the value is a timedelta.
pub fn span_of(value: &Value) -> Option<Span> {
    value.downcast::<TimeDelta>().map(|delta| delta.span)
}

/// a / b to the nearest integer, halves to even.
fn divide_nearest(a: &BigInt, b: &BigInt) -> Option<BigInt> {
    let (quotient, rest) = int::divmod(a, b)?;
    let twice: BigInt = rest * 2;
    let odd = quotient.bit(0);
    let up = match twice.abs().cmp(&b.abs()) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => odd,
        std::cmp::Ordering::Less => false,
    };
    Some(if up { quotient + 1 } else { quotient })
}

/// Numerator and denominator of a float, or the error of `float.as_integer_ratio`.
fn ratio(vm: &Vm, x: f64) -> PyResult<(BigInt, BigInt)> {
    if x.is_nan() {
        return Err(vm.value_error("cannot convert NaN to integer ratio"));
    }
    if x.is_infinite() {
        return Err(vm.overflow_error("cannot convert Infinity to integer ratio"));
    }
    let (mut x, mut power) = (x, 0u32);
    while x.fract() != 0.0 {
        x *= 2.0;
        power += 1;
    }
    Ok((int::from_float(x).unwrap_or_default(), BigInt::from(1) << power))
}

fn nearest(vm: &Vm, numerator: &BigInt, denominator: &BigInt) -> PyResult {
    match divide_nearest(numerator, denominator) {
        Some(total) => Ok(Span::from_big(vm, &total)?.into_value()),
        None => Err(vm.zero_division_error("division by zero")),
    }
}

/// `timedelta(...)`: ints add up exactly, the floats' fractions apart, rounded once at the end.
fn construct(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
    let count = args.positional_count();
    if count > NAMES.len() {
        let given = args.values.len();
        return Err(vm.type_error(format!("function takes at most 7 arguments ({given} given)")));
    }
    let mut given: [Option<&Value>; 7] = [None; 7];
    for (place, value) in given.iter_mut().zip(&args.values[..count]) {
        *place = Some(value);
    }
    for (name, value) in args.kwnames.iter().zip(&args.values[count..]) {
        let text = name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
        match NAMES.iter().position(|known| *known == text) {
            None => {
                return Err(vm.type_error(format!("this function got an unexpected keyword argument '{text}'")));
            }
            Some(at) if given[at].is_some() => {
                return Err(
                    vm.type_error(format!("argument for function given by name ('{text}') and position ({})", at + 1))
                );
            }
            Some(at) => given[at] = Some(value),
        }
    }
    let mut total = 0i128;
    let mut fractions = 0.0f64;
    let too_large = || vm.overflow_error("Python int too large to convert to C int");
    for at in ORDER {
        let Some(value) = given[at] else { continue };
        let factor = FACTORS[at];
        let whole = match Operand::any(value) {
            Some(Operand::Small(n)) => i128::from(n),
            Some(Operand::Big(n)) => n.to_i128().ok_or_else(too_large)?,
            None => {
                let Some(x) = value.to_float() else {
                    let (name, got) = (NAMES[at], vm.type_name(value));
                    return Err(vm.type_error(format!("unsupported type for timedelta {name} component: {got}")));
                };
                if x.is_nan() {
                    return Err(vm.value_error("cannot convert float NaN to integer"));
                }
                if x.is_infinite() {
                    return Err(vm.overflow_error("cannot convert float infinity to integer"));
                }
                let rest = x.fract() * factor as f64;
                total += rest.trunc() as i128;
                fractions += rest.fract();
                if x.abs() > 1e30 {
                    return Err(too_large());
                }
                x.trunc() as i128
            }
        };
        let part = whole.checked_mul(i128::from(factor)).ok_or_else(too_large)?;
        total = total.checked_add(part).ok_or_else(too_large)?;
    }
    if fractions != 0.0 {
        let mut whole = fractions.round();
        if (whole - fractions).abs() == 0.5 {
            let odd = (total & 1) as f64;
            whole = 2.0 * ((fractions + odd) * 0.5).round() - odd;
        }
        total += whole as i128;
    }
    vm.new_instance(cls, TimeDelta { span: Span::from_total(vm, total)?, hash: Cell::new(-1) })
}

#[methods]
impl TimeDelta {
    #[slot(new)]
    fn new_object(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        construct(vm, cls, args)
    }

    #[slot(init)]
    fn init(_vm: &Vm, _this: &Value, _args: Args<'_>) -> PyResult {
        Ok(Value::NONE)
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult<String> {
        let arguments = span_of(this).map_or(String::new(), Span::arguments);
        Ok(format!("{}({arguments})", vm.type_name(this)))
    }

    #[slot(str)]
    fn str(this: &TimeDelta) -> String {
        let span = this.span;
        let mut text = String::new();
        if span.days != 0 {
            let plural = if span.days.abs() == 1 { "" } else { "s" };
            text = format!("{} day{plural}, ", span.days);
        }
        text += &format!("{}:{:02}:{:02}", span.seconds / 3600, span.seconds / 60 % 60, span.seconds % 60);
        if span.micros != 0 {
            text += &format!(".{:06}", span.micros);
        }
        text
    }

    #[slot(hash)]
    fn hash(this: &TimeDelta) -> i64 {
        if this.hash.get() == -1 {
            this.hash.set(this.span.hash());
        }
        this.hash.get()
    }

    #[slot(compare)]
    fn compare(_vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        Ok(match (span_of(left), span_of(right)) {
            (Some(a), Some(b)) => Value::bool(op.matches(a.cmp(&b))),
            _ => Value::NOT_IMPLEMENTED,
        })
    }

    #[slot(bool)]
    fn bool(this: &TimeDelta) -> bool {
        !this.span.is_zero()
    }

    #[slot(add)]
    fn add(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        match (span_of(left), span_of(right)) {
            (Some(a), Some(b)) => Ok(a.add(vm, b)?.into_value()),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(sub)]
    fn sub(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        match (span_of(left), span_of(right)) {
            (Some(a), Some(b)) => Ok(a.sub(vm, b)?.into_value()),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(mul)]
    fn mul(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        let (span, factor) = match (span_of(left), span_of(right)) {
            (Some(span), None) => (span, right),
            (None, Some(span)) => (span, left),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        };
        if let Some(n) = Operand::any(factor) {
            return Ok(Span::from_big(vm, &(BigInt::from(span.total()) * n.to_big()))?.into_value());
        }
        match factor.to_float() {
            Some(x) => {
                let (numerator, denominator) = ratio(vm, x)?;
                nearest(vm, &(BigInt::from(span.total()) * numerator), &denominator)
            }
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(truediv)]
    fn truediv(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        let Some(span) = span_of(left) else { return Ok(Value::NOT_IMPLEMENTED) };
        let total = BigInt::from(span.total());
        if let Some(other) = span_of(right) {
            if other.is_zero() {
                return Err(vm.zero_division_error("division by zero"));
            }
            return Ok(Value::float(int::true_div(&total, &BigInt::from(other.total())).unwrap_or(0.0)));
        }
        if let Some(n) = Operand::any(right) {
            return nearest(vm, &total, &n.to_big());
        }
        match right.to_float() {
            Some(x) => {
                let (numerator, denominator) = ratio(vm, x)?;
                nearest(vm, &(total * denominator), &numerator)
            }
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(floordiv)]
    fn floordiv(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        let Some(span) = span_of(left) else { return Ok(Value::NOT_IMPLEMENTED) };
        let zero = || vm.zero_division_error("division by zero");
        let total = BigInt::from(span.total());
        if let Some(other) = span_of(right) {
            let quotient = int::floor_div(&total, &BigInt::from(other.total())).ok_or_else(zero)?;
            return Ok(Value::from_bigint(quotient));
        }
        match Operand::any(right) {
            Some(n) => {
                let quotient = int::floor_div(&total, &n.to_big()).ok_or_else(zero)?;
                Ok(Span::from_big(vm, &quotient)?.into_value())
            }
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(mod_)]
    fn modulo(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        match (span_of(left), span_of(right)) {
            (Some(a), Some(b)) if b.is_zero() => {
                let _ = a;
                Err(vm.zero_division_error("division by zero"))
            }
            (Some(a), Some(b)) => {
                let (a, b) = (BigInt::from(a.total()), BigInt::from(b.total()));
                Ok(Span::from_big(vm, &int::floor_mod(&a, &b).unwrap_or_default())?.into_value())
            }
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(divmod)]
    fn divmod(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        let (Some(a), Some(b)) = (span_of(left), span_of(right)) else { return Ok(Value::NOT_IMPLEMENTED) };
        match int::divmod(&BigInt::from(a.total()), &BigInt::from(b.total())) {
            Some((quotient, rest)) => {
                let rest = Span::from_big(vm, &rest)?.into_value();
                Ok(Value::from_tuple(vec![Value::from_bigint(quotient), rest]))
            }
            None => Err(vm.zero_division_error("division by zero")),
        }
    }

    #[slot(neg)]
    fn neg(vm: &Vm, this: &TimeDelta) -> PyResult {
        Ok(this.span.negated(vm)?.into_value())
    }

    #[slot(pos)]
    fn pos(this: &TimeDelta) -> Value {
        this.span.into_value()
    }

    #[slot(abs)]
    fn abs(vm: &Vm, this: &TimeDelta) -> PyResult {
        Ok(if this.span.days < 0 { this.span.negated(vm)? } else { this.span }.into_value())
    }

    /// Number of days.
    #[getter("days")]
    fn days(this: &TimeDelta) -> i32 {
        this.span.days
    }

    /// Number of seconds (>= 0 and less than 1 day).
    #[getter("seconds")]
    fn seconds(this: &TimeDelta) -> i32 {
        this.span.seconds
    }

    /// Number of microseconds (>= 0 and less than 1 second).
    #[getter("microseconds")]
    fn microseconds(this: &TimeDelta) -> i32 {
        this.span.micros
    }

    /// Total seconds in the duration.
    #[method("total_seconds(self, /)")]
    fn total_seconds(this: &TimeDelta) -> f64 {
        match this.span.small_total() {
            Some(total) if total.abs() < 1 << 53 => total as f64 / 1e6,
            _ => int::true_div(&BigInt::from(this.span.total()), &BigInt::from(1_000_000)).unwrap_or(0.0),
        }
    }

    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &Value) -> Value {
        let Some(span) = span_of(this) else { return Value::NONE };
        let fields = [span.days, span.seconds, span.micros].map(|n| Value::small_int(n.into())).to_vec();
        Value::from_tuple(vec![vm.class_of(this).into_value(), Value::from_tuple(fields)])
    }
}
