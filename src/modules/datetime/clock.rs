//! `time`: a time of day.

use snakelet_macros::{methods, native_type};
use snakelet_number::hash;
use snakelet_vm::native::{Args, Native};
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::types::slots::CompareOp;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmRef};

use super::arguments::{self, Fields};
use super::calendar::{IsoTime, parse_time, show_offset, show_time};
use super::delta::Span;
use super::stamp::{self, Moment};
use super::zone;

/// The payload of times.
#[native_type(
    name = "time",
    module = "datetime",
    doc = "A time of day, with or without a time zone.\n\ntime([hour[, minute[, second[, microsecond[, tzinfo]]]]])\n\nAll arguments are optional; tzinfo may be None or an instance of a tzinfo subclass.",
    flags(subclassable)
)]
pub struct Time {
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub micro: u32,
    pub fold: bool,
    pub zone: Value,
}

const NAMES: [&str; 6] = ["hour", "minute", "second", "microsecond", "tzinfo", "fold"];

impl Time {
    /// A time whose fields are checked.
    pub fn checked(vm: &Vm, fields: [i64; 4], zone: Value, fold: i64) -> PyResult<Time> {
        arguments::check_time(vm, fields, fold)?;
        zone::check(vm, &zone)?;
        let [hour, minute, second, micro] = fields;
        Ok(Time {
            hour: hour as u8,
            minute: minute as u8,
            second: second as u8,
            micro: micro as u32,
            fold: fold == 1,
            zone,
        })
    }

    /// Microseconds since midnight.
    fn micros(&self) -> i64 {
        i64::from(self.hour) * 3_600_000_000
            + i64::from(self.minute) * 60_000_000
            + i64::from(self.second) * 1_000_000
            + i64::from(self.micro)
    }

    fn fields(&self) -> [Value; 4] {
        [i64::from(self.hour), self.minute.into(), self.second.into(), self.micro.into()].map(Value::small_int)
    }

    fn state(&self, with_fold: bool) -> Value {
        let micro = self.micro.to_be_bytes();
        let hour = if with_fold && self.fold { self.hour | 0x80 } else { self.hour };
        let bytes = vec![hour, self.minute, self.second, micro[1], micro[2], micro[3]];
        let mut args = vec![Value::from_bytes(bytes)];
        if !self.zone.is_none() {
            args.push(self.zone.clone());
        }
        Value::from_tuple(args)
    }
}

/// A time in a class; classes derived from `time` are called. May defer.
fn build(vm: &Vm, cls: &Value, time: Time) -> PyResult {
    if cls.is(Time::type_object().as_value()) {
        return Ok(time.into_value());
    }
    let (vm, cls) = (vm.handle(), cls.clone());
    Err(vm.defer(async move {
        let mut args = time.fields().to_vec();
        args.push(time.zone.clone());
        let mut names = Vec::new();
        if time.fold {
            args.push(Value::small_int(1));
            names.push(snakelet_vm::object::intern::intern("fold"));
        }
        vm.call_kw(&cls, args, names).await
    }))
}

#[methods]
impl Time {
    #[slot(new)]
    fn new_object(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        if let [state, rest @ ..] = args.values
            && rest.len() <= 1
            && args.kwnames.is_empty()
            && let Some(bytes) = arguments::state(state, 6)
            && bytes[0] & 0x7f < 24
        {
            let zone = rest.first().cloned().unwrap_or(Value::NONE);
            if !zone.is_none() && zone.downcast::<zone::TzInfo>().is_none() {
                return Err(vm.type_error("bad tzinfo state arg"));
            }
            let micro = u32::from_be_bytes([0, bytes[3], bytes[4], bytes[5]]);
            let (hour, fold) = (bytes[0] & 0x7f, bytes[0] & 0x80 != 0);
            return vm.new_instance(cls, Time { hour, minute: bytes[1], second: bytes[2], micro, fold, zone });
        }
        let fields = Fields::bind(vm, &NAMES, 5, 0, args)?;
        fields.then(vm, cls, |vm, cls, fields| {
            let numbers = [0, 1, 2, 3].map(|at| fields.int(at, 0));
            let time = Time::checked(vm, numbers, fields.value(4), fields.int(5, 0))?;
            vm.new_instance(cls, time)
        })
    }

    #[slot(init)]
    fn init(_vm: &Vm, _this: &Value, _args: Args<'_>) -> PyResult {
        Ok(Value::NONE)
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult<String> {
        let Some(time) = this.downcast::<Time>() else { return Ok(String::new()) };
        let mut text = format!("{}({}, {}", vm.type_name(&this), time.hour, time.minute);
        if time.second != 0 || time.micro != 0 {
            text += &format!(", {}", time.second);
        }
        if time.micro != 0 {
            text += &format!(", {}", time.micro);
        }
        if !time.zone.is_none() {
            text += &format!(", tzinfo={}", vm.repr(&time.zone).await?.to_string_lossy());
        }
        Ok(text + if time.fold { ", fold=1)" } else { ")" })
    }

    #[slot(str)]
    async fn str(vm: VmRef, this: Value) -> PyResult {
        let method = vm.attr(&this, "isoformat").await?;
        vm.call(&method, Vec::new()).await
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: &Value) -> PyResult {
        let Some(time) = this.downcast::<Time>() else { return Ok(Value::NONE) };
        match zone::offset_now(&time.zone) {
            Some(offset) => Ok(Value::from_i64(hash_with(time, offset))),
            None => {
                let (vm, this) = (vm.handle(), this.clone());
                Err(vm.defer(async move {
                    let Some(time) = this.downcast::<Time>() else { return Ok(Value::NONE) };
                    let offset = zone::offset(vm, &time.zone, "utcoffset", &Value::NONE).await?;
                    Ok(Value::from_i64(hash_with(time, offset)))
                }))
            }
        }
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let (Some(a), Some(b)) = (left.downcast::<Time>(), right.downcast::<Time>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if a.zone.is(&b.zone) {
            return Ok(Value::bool(op.matches(a.micros().cmp(&b.micros()))));
        }
        if let (Some(x), Some(y)) = (zone::offset_now(&a.zone), zone::offset_now(&b.zone)) {
            return compare_with(vm, (a, x), (b, y), op);
        }
        let (vm, left, right) = (vm.handle(), left.clone(), right.clone());
        Err(vm.defer(async move {
            let (Some(a), Some(b)) = (left.downcast::<Time>(), right.downcast::<Time>()) else {
                return Ok(Value::NOT_IMPLEMENTED);
            };
            let x = zone::offset(vm, &a.zone, "utcoffset", &Value::NONE).await?;
            let y = zone::offset(vm, &b.zone, "utcoffset", &Value::NONE).await?;
            compare_with(&vm, (a, x), (b, y), op)
        }))
    }

    #[getter("hour")]
    fn hour(this: &Time) -> u8 {
        this.hour
    }

    #[getter("minute")]
    fn minute(this: &Time) -> u8 {
        this.minute
    }

    #[getter("second")]
    fn second(this: &Time) -> u8 {
        this.second
    }

    #[getter("microsecond")]
    fn microsecond(this: &Time) -> u32 {
        this.micro
    }

    #[getter("tzinfo")]
    fn tzinfo(this: &Time) -> Value {
        this.zone.clone()
    }

    #[getter("fold")]
    fn fold(this: &Time) -> u32 {
        this.fold.into()
    }

    /// string -> time from a string in ISO 8601 format
    #[classmethod("fromisoformat(cls, string, /)")]
    fn fromisoformat(vm: &Vm, cls: &Value, string: &Value) -> PyResult {
        let text = arguments::iso_text(vm, string, false)?;
        let digits = text.strip_prefix(&['T']).unwrap_or(&text);
        let Some(mut time) = parse_time(digits) else { return Err(arguments::invalid_iso(vm, string)) };
        if time.hour == 24 {
            if time.minute != 0 || time.second != 0 || time.micro != 0 {
                return Err(vm.value_error("minute, second, and microsecond must be 0 when hour is 24"));
            }
            time.hour = 0;
        }
        let zone = iso_zone(vm, &time)?;
        let fields = [time.hour, time.minute, time.second, time.micro];
        build(vm, cls, Time::checked(vm, fields, zone, 0)?)
    }

    /// Return string in ISO 8601 format, [HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].
    ///
    /// The optional argument timespec specifies the number of additional terms of the time to include.
    #[method("isoformat(self, /, timespec='auto')", text = none)]
    async fn isoformat(vm: VmRef, this: Value, timespec: Option<Value>) -> PyResult<String> {
        let Some(time) = this.downcast::<Time>() else { return Ok(String::new()) };
        let timespec = arguments::timespec(&vm, timespec, 1)?;
        let Some(mut text) = show_time(time.hour, time.minute, time.second, time.micro, &timespec) else {
            return Err(vm.value_error("Unknown timespec value"));
        };
        if let Some(offset) = zone::offset(vm, &time.zone, "utcoffset", &Value::NONE).await? {
            text += &show_offset(offset, ":");
        }
        Ok(text)
    }

    /// format -> strftime() style string.
    #[method("strftime(self, /, format)", text = none)]
    async fn strftime(vm: VmRef, this: Value, format: Value) -> PyResult {
        let Some(time) = this.downcast::<Time>() else { return Ok(Value::NONE) };
        let moment = Moment {
            hour: time.hour,
            minute: time.minute,
            second: time.second,
            micro: time.micro,
            ..Moment::date(1900, 1, 1)
        };
        stamp::strftime(vm, &this, moment, time.zone.clone(), Value::NONE, format).await
    }

    /// Formats self with strftime.
    #[method("__format__(self, format_spec, /)", text = none)]
    async fn format(vm: VmRef, this: Value, format_spec: Value) -> PyResult {
        stamp::format(vm, this, format_spec).await
    }

    /// string, format -> new time parsed from a string (like time.strptime()).
    #[classmethod("strptime(cls, date_string, format, /)", text = none)]
    async fn strptime(vm: VmRef, cls: Value, date_string: Value, format: Value) -> PyResult {
        stamp::strptime(vm, "_strptime_datetime_time", cls, date_string, format).await
    }

    /// Return self.tzinfo.utcoffset(self).
    #[method("utcoffset(self, /)")]
    async fn utcoffset(vm: VmRef, this: Ref<Time>) -> PyResult {
        Ok(zone::show(zone::offset(vm, &this.zone, "utcoffset", &Value::NONE).await?))
    }

    /// Return self.tzinfo.dst(self).
    #[method("dst(self, /)")]
    async fn dst(vm: VmRef, this: Ref<Time>) -> PyResult {
        Ok(zone::show(zone::offset(vm, &this.zone, "dst", &Value::NONE).await?))
    }

    /// Return self.tzinfo.tzname(self).
    #[method("tzname(self, /)")]
    async fn tzname(vm: VmRef, this: Ref<Time>) -> PyResult {
        zone::name(vm, &this.zone, &Value::NONE).await
    }

    /// Return time with new specified fields.
    #[method(
        "replace(self, /, hour=<unrepresentable>, minute=<unrepresentable>, second=<unrepresentable>, microsecond=<unrepresentable>, tzinfo=<unrepresentable>, *, fold=<unrepresentable>)",
        text = "($self, /, hour=unchanged, minute=unchanged, second=unchanged,\n        microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)"
    )]
    fn replace(
        vm: &Vm,
        this: &Value,
        hour: Option<i64>,
        minute: Option<i64>,
        second: Option<i64>,
        microsecond: Option<i64>,
        tzinfo: Option<&Value>,
        fold: Option<i64>,
    ) -> PyResult {
        let Some(time) = this.downcast::<Time>() else { return Ok(Value::NONE) };
        let fields = [
            hour.unwrap_or(time.hour.into()),
            minute.unwrap_or(time.minute.into()),
            second.unwrap_or(time.second.into()),
            microsecond.unwrap_or(time.micro.into()),
        ];
        let zone = tzinfo.unwrap_or(&time.zone).clone();
        let new = Time::checked(vm, fields, zone, fold.unwrap_or(time.fold.into()))?;
        build(vm, vm.class_of(this).as_value(), new)
    }

    /// The same as replace().
    #[method("__replace__(self, /, **changes)")]
    async fn replace_protocol(vm: VmRef, this: Value, changes: Vec<(Value, Value)>) -> PyResult {
        stamp::replace_by_method(vm, Time::type_object().into_value(), this, changes).await
    }

    /// __reduce_ex__(proto) -> return state for pickling.
    #[method("__reduce_ex__(self, protocol, /)", text = none)]
    fn reduce_ex(vm: &Vm, this: &Value, protocol: i64) -> Value {
        let Some(time) = this.downcast::<Time>() else { return Value::NONE };
        Value::from_tuple(vec![vm.class_of(this).into_value(), time.state(protocol > 3)])
    }

    /// __reduce__() -> (cls, state)
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &Value) -> Value {
        let Some(time) = this.downcast::<Time>() else { return Value::NONE };
        Value::from_tuple(vec![vm.class_of(this).into_value(), time.state(false)])
    }
}

/// The zone that ISO text gives.
pub fn iso_zone(vm: &Vm, time: &IsoTime) -> PyResult {
    match time.offset {
        None => Ok(Value::NONE),
        // Microseconds alone make no offset.
        Some((0, _)) => Ok(zone::utc()),
        Some((seconds, micros)) => zone::fixed(vm, seconds * 1_000_000 + micros),
    }
}

fn hash_with(time: &Time, offset: Option<i64>) -> i64 {
    match offset {
        None => hash::tuple([time.micros(), 77].map(hash::small_int)),
        Some(offset) => Span::from_micros(time.micros() - offset).hash(),
    }
}

fn compare_with(vm: &Vm, a: (&Time, Option<i64>), b: (&Time, Option<i64>), op: CompareOp) -> PyResult {
    match (a.1, b.1) {
        (None, None) => Ok(Value::bool(op.matches(a.0.micros().cmp(&b.0.micros())))),
        (Some(x), Some(y)) => Ok(Value::bool(op.matches((a.0.micros() - x).cmp(&(b.0.micros() - y))))),
        _ => match op {
            CompareOp::Eq => Ok(Value::bool(false)),
            CompareOp::Ne => Ok(Value::bool(true)),
            _ => Err(vm.type_error("can't compare offset-naive and offset-aware times")),
        },
    }
}

/// A bytes object's contents, kept here for the pickled forms.
pub fn bytes_of(value: &Value) -> Option<Vec<u8>> {
    value.downcast::<Bytes>().map(|bytes| bytes.as_slice().to_vec())
}
