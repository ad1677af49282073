//! `tzinfo`, `timezone`, and asking zones for their offsets: at once for `timezone`, by a method call for other classes.

use std::cell::OnceCell;

use snakelet_macros::{methods, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::native::{Args, Native};
use snakelet_vm::object::allocate;
use snakelet_vm::types::builtin::make_derived_class;
use snakelet_vm::types::slots::CompareOp;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm, VmRef};

use super::calendar::{DAY_MICROS, show_offset};
use super::delta::{Span, span_of};
use super::stamp::{self, Stamp};

/// The payload of zones: `tzinfo` and `timezone`, whose offset is fixed.
#[native_type(
    name = "tzinfo",
    module = "datetime",
    doc = "Abstract base class for time zone info objects.",
    flags(subclassable)
)]
pub struct TzInfo {
    /// The offset in microseconds, if fixed.
    offset: Option<i64>,
    /// Its name, or None.
    name: Value,
}

thread_local! {
    static CLASS: OnceCell<Ref<Type>> = const { OnceCell::new() };
    static UTC: OnceCell<Value> = const { OnceCell::new() };
}

/// The class `timezone`.
pub fn timezone_class() -> Ref<Type> {
    const DOC: &str = "Fixed offset from UTC implementation of tzinfo.";
    CLASS.with(|class| {
        let make = || make_derived_class("timezone", "datetime", DOC, TzInfo::type_object(), &[TzInfo::TIMEZONE]);
        class.get_or_init(make).clone()
    })
}

/// `timezone.utc`
pub fn utc() -> Value {
    let make = || allocate(&timezone_class(), TzInfo { offset: Some(0), name: Value::NONE });
    UTC.with(|utc| utc.get_or_init(make).clone())
}

/// The timezone with an offset in microseconds, which must be less than a day.
pub fn fixed(vm: &Vm, offset: i64) -> PyResult {
    check_offset(vm, Span::from_micros(offset))?;
    Ok(if offset == 0 { utc() } else { unchecked(offset, Value::NONE) })
}

/// A timezone of an offset that is known to be less than a day.
pub fn unchecked(offset: i64, name: Value) -> Value {
    allocate(&timezone_class(), TzInfo { offset: Some(offset), name })
}

fn check_offset(vm: &Vm, span: Span) -> PyResult<i64> {
    match span.small_total() {
        Some(total) if total.abs() < DAY_MICROS => Ok(total),
        _ => {
            let shown = span.arguments();
            Err(vm.value_error(format!(
                "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not datetime.timedelta({shown})"
            )))
        }
    }
}

/// Whether the value may be the zone of a time.
pub fn check(vm: &Vm, zone: &Value) -> PyResult<()> {
    if zone.is_none() || zone.downcast::<TzInfo>().is_some() {
        return Ok(());
    }
    let got = vm.type_name(zone);
    Err(vm.type_error(format!("tzinfo argument must be None or of a tzinfo subclass, not type '{got}'")))
}

/// The offset, if no Python code has to be asked: that of `timezone`, and none without a zone.
pub fn offset_now(zone: &Value) -> Option<Option<i64>> {
    if zone.is_none() {
        return Some(None);
    }
    let payload = zone.downcast::<TzInfo>()?;
    let exact = zone.header().is_some_and(|header| std::ptr::eq(header.ty(), &*timezone_class()));
    if exact { Some(payload.offset) } else { None }
}

/// `zone.utcoffset(argument)` or `dst`, in microseconds (async).
pub async fn offset(vm: VmRef, zone: &Value, method: &str, argument: &Value) -> PyResult<Option<i64>> {
    match offset_now(zone) {
        Some(_) if method == "dst" => return Ok(None),
        Some(offset) => return Ok(offset),
        None => {}
    }
    let bound = vm.attr(zone, method).await?;
    let answer = vm.call(&bound, vec![argument.clone()]).await?;
    if answer.is_none() {
        return Ok(None);
    }
    match span_of(&answer) {
        Some(span) => check_offset(&vm, span).map(Some),
        None => {
            let got = vm.type_name(&answer);
            Err(vm.type_error(format!("tzinfo.{method}() must return None or timedelta, not '{got}'")))
        }
    }
}

/// `zone.tzname(argument)`: a str or None (async).
pub async fn name(vm: VmRef, zone: &Value, argument: &Value) -> PyResult {
    if zone.is_none() {
        return Ok(Value::NONE);
    }
    let bound = vm.attr(zone, "tzname").await?;
    let answer = vm.call(&bound, vec![argument.clone()]).await?;
    if answer.is_none() || answer.as_text().is_some() {
        return Ok(answer);
    }
    let got = vm.type_name(&answer);
    Err(vm.type_error(format!("tzinfo.tzname() must return None or a string, not '{got}'")))
}

/// An offset as Python sees it.
pub fn show(offset: Option<i64>) -> Value {
    offset.map_or(Value::NONE, |offset| Span::from_micros(offset).into_value())
}

#[cold]
fn missing(vm: &Vm, method: &str) -> Raised {
    vm.error(Exc::NotImplementedError, &format!("a tzinfo subclass must implement {method}()"))
}

#[methods]
impl TzInfo {
    #[slot(new)]
    fn new_object(vm: &Vm, cls: &Value, _args: Args<'_>) -> PyResult {
        vm.new_instance(cls, TzInfo { offset: None, name: Value::NONE })
    }

    #[slot(init)]
    fn init(_vm: &Vm, _this: &Value, _args: Args<'_>) -> PyResult {
        Ok(Value::NONE)
    }

    /// datetime -> string name of time zone.
    #[method("tzname(self, dt, /)")]
    fn tzname(vm: &Vm, _this: &TzInfo, dt: &Value) -> PyResult {
        let _ = dt;
        Err(missing(vm, "tzname"))
    }

    /// datetime -> timedelta showing offset from UTC, negative values indicating West of UTC
    #[method("utcoffset(self, dt, /)")]
    fn utcoffset(vm: &Vm, _this: &TzInfo, dt: &Value) -> PyResult {
        let _ = dt;
        Err(missing(vm, "utcoffset"))
    }

    /// datetime -> DST offset as timedelta positive east of UTC.
    #[method("dst(self, dt, /)")]
    fn dst(vm: &Vm, _this: &TzInfo, dt: &Value) -> PyResult {
        let _ = dt;
        Err(missing(vm, "dst"))
    }

    /// datetime in UTC -> datetime in local time.
    #[method("fromutc(self, dt, /)")]
    async fn fromutc(vm: VmRef, this: Value, dt: Value) -> PyResult {
        let stamp = own_stamp(&vm, &this, &dt)?;
        let Some(offset) = offset(vm, &this, "utcoffset", &dt).await? else {
            return Err(vm.value_error("fromutc: non-None utcoffset() result required"));
        };
        let Some(dst) = self::offset(vm, &this, "dst", &dt).await? else {
            return Err(vm.value_error("fromutc: non-None dst() result required"));
        };
        let standard = offset - dst;
        let mut result = stamp::shifted(&vm, &dt, stamp, standard).await?;
        if standard != 0 || dst != 0 {
            let shifted = result.clone();
            let Some(dst) = self::offset(vm, &this, "dst", &shifted).await? else {
                return Err(vm.value_error("fromutc: tz.dst() gave inconsistent results; cannot convert"));
            };
            if dst != 0
                && let Some(stamp) = stamp::stamp_of(&shifted)
            {
                result = stamp::shifted(&vm, &shifted, stamp, dst).await?;
            }
        }
        Ok(result)
    }

    #[method("__reduce__(self, /)")]
    async fn reduce(vm: VmRef, this: Value) -> PyResult {
        let initial = snakelet_vm::object::intern::intern("__getinitargs__");
        let args = match vm.attr_opt(&this, &initial).await? {
            Some(method) => vm.call(&method, Vec::new()).await?,
            None => Value::from_tuple(Vec::new()),
        };
        let method = vm.attr(&this, "__getstate__").await?;
        let state = vm.call(&method, Vec::new()).await?;
        Ok(Value::from_tuple(vec![vm.class_of(&this).into_value(), args, state]))
    }
}

/// The datetime argument of `fromutc`, whose zone must be this.
fn own_stamp(vm: &Vm, this: &Value, dt: &Value) -> PyResult<Stamp> {
    let Some(stamp) = stamp::stamp_of(dt) else {
        return Err(vm.type_error("fromutc: argument must be a datetime"));
    };
    if !stamp.zone.is(this) {
        return Err(vm.value_error("fromutc: dt.tzinfo is not self"));
    }
    Ok(stamp)
}

fn check_argument(vm: &Vm, method: &str, dt: &Value) -> PyResult<()> {
    if dt.is_none() || stamp::stamp_of(dt).is_some() {
        return Ok(());
    }
    let got = vm.type_name(dt);
    Err(vm.type_error(format!("{method}(dt) argument must be a datetime instance or None, not {got}")))
}

impl TzInfo {
    fn offset_name(&self) -> Value {
        if !self.name.is_none() {
            return self.name.clone();
        }
        match self.offset {
            None | Some(0) => Value::from_str("UTC"),
            Some(offset) => Value::from_str(&format!("UTC{}", show_offset(offset, ":"))),
        }
    }

    fn initial_arguments(&self) -> Value {
        let mut args = vec![show(self.offset)];
        if !self.name.is_none() {
            args.push(self.name.clone());
        }
        Value::from_tuple(args)
    }
}

#[methods(block = TIMEZONE)]
impl TzInfo {
    #[slot(new)]
    fn new_timezone(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        let _ = cls;
        let (mut offset, mut name) = (None, None);
        let count = args.positional_count();
        if count > 2 {
            return Err(vm.type_error(format!("timezone() takes at most 2 arguments ({} given)", args.values.len())));
        }
        for (at, value) in args.values[..count].iter().enumerate() {
            *(if at == 0 { &mut offset } else { &mut name }) = Some(value);
        }
        for (key, value) in args.kwnames.iter().zip(&args.values[count..]) {
            match key.as_text().and_then(|text| text.as_str_if_ascii()) {
                Some("offset") => offset = Some(value),
                Some("name") => name = Some(value),
                other => {
                    let key = other.unwrap_or("");
                    return Err(vm.type_error(format!("timezone() got an unexpected keyword argument '{key}'")));
                }
            }
        }
        let Some(offset) = offset else {
            return Err(vm.type_error("timezone() missing required argument 'offset' (pos 1)"));
        };
        let Some(span) = span_of(offset) else {
            let got = vm.type_name(offset);
            return Err(vm.type_error(format!("timezone() argument 1 must be datetime.timedelta, not {got}")));
        };
        if let Some(name) = name
            && name.as_text().is_none()
        {
            let got = vm.type_name(name);
            return Err(vm.type_error(format!("timezone() argument 2 must be str, not {got}")));
        }
        let total = check_offset(vm, span)?;
        match name {
            None => fixed(vm, total),
            Some(name) => Ok(unchecked(total, name.clone())),
        }
    }

    #[slot(repr)]
    async fn repr_timezone(vm: VmRef, this: Value) -> PyResult<String> {
        if this.is(&utc()) {
            return Ok("datetime.timezone.utc".to_string());
        }
        let Some(zone) = this.downcast::<TzInfo>() else { return Ok(String::new()) };
        let class = vm.type_name(&this);
        let offset = Span::from_micros(zone.offset.unwrap_or(0)).arguments();
        if zone.name.is_none() {
            return Ok(format!("{class}(datetime.timedelta({offset}))"));
        }
        let name = vm.repr(&zone.name).await?.to_string_lossy();
        Ok(format!("{class}(datetime.timedelta({offset}), {name})"))
    }

    #[slot(str)]
    fn str_timezone(this: &TzInfo) -> Value {
        this.offset_name()
    }

    #[slot(hash)]
    fn hash_timezone(this: &TzInfo) -> i64 {
        Span::from_micros(this.offset.unwrap_or(0)).hash()
    }

    #[slot(compare)]
    fn compare_timezone(_vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let fixed = |zone: &Value| zone.downcast::<TzInfo>().and_then(|zone| zone.offset);
        Ok(match (fixed(left), fixed(right), op) {
            (Some(a), Some(b), CompareOp::Eq) => Value::bool(a == b),
            (Some(a), Some(b), CompareOp::Ne) => Value::bool(a != b),
            _ => Value::NOT_IMPLEMENTED,
        })
    }

    /// If name is specified when timezone is created, returns the name.  Otherwise returns offset as 'UTC(+|-)HH:MM'.
    #[method("tzname(self, dt, /)")]
    fn tzname_timezone(vm: &Vm, this: &TzInfo, dt: &Value) -> PyResult {
        check_argument(vm, "tzname", dt)?;
        Ok(this.offset_name())
    }

    /// Return fixed offset.
    #[method("utcoffset(self, dt, /)")]
    fn utcoffset_timezone(vm: &Vm, this: &TzInfo, dt: &Value) -> PyResult {
        check_argument(vm, "utcoffset", dt)?;
        Ok(show(this.offset))
    }

    /// Return None.
    #[method("dst(self, dt, /)")]
    fn dst_timezone(vm: &Vm, _this: &TzInfo, dt: &Value) -> PyResult {
        check_argument(vm, "dst", dt)?;
        Ok(Value::NONE)
    }

    /// datetime in UTC -> datetime in local time.
    #[method("fromutc(self, dt, /)")]
    async fn fromutc_timezone(vm: VmRef, this: Value, dt: Value) -> PyResult {
        let stamp = own_stamp(&vm, &this, &dt)?;
        let offset = this.downcast::<TzInfo>().and_then(|zone| zone.offset).unwrap_or(0);
        stamp::shifted(&vm, &dt, stamp, offset).await
    }

    #[method("__getinitargs__(self, /)")]
    fn getinitargs(this: &TzInfo) -> Value {
        this.initial_arguments()
    }
}
