//! `date` and `datetime`, which is derived from it: one payload serves both, since each method of `date` takes a datetime as well.

use std::cell::OnceCell;

use snakelet_macros::{methods, native_type};
use snakelet_number::hash;
use snakelet_vm::errors::Exc;
use snakelet_vm::errors::warn::warn;
use snakelet_vm::native::{Args, Native};
use snakelet_vm::object::allocate;
use snakelet_vm::object::intern::intern;
use snakelet_vm::types::builtin::make_derived_class;
use snakelet_vm::types::slots::CompareOp;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm, VmRef};

use super::arguments::{self, Fields, check_date};
use super::calendar::{self, DAY_MICROS, IsoError, MAX_ORDINAL};
use super::clock::{Time, iso_zone};
use super::delta::{Span, span_of};
use super::zone;

/// Date and time without zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    pub year: u16,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub micro: u32,
}

/// Everything about a date or datetime.
#[derive(Clone)]
pub struct Stamp {
    pub moment: Moment,
    pub fold: bool,
    pub zone: Value,
}

/// The payload of dates and datetimes.
#[native_type(
    name = "date",
    module = "datetime",
    doc = "A day of the Gregorian calendar.\n\ndate(year, month, day)",
    flags(subclassable)
)]
pub struct Date {
    #[skip_traverse]
    pub moment: Moment,
    pub fold: bool,
    pub zone: Value,
}

const DATETIME_NAMES: [&str; 9] = ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"];
/// The epoch's microseconds since 0001-01-01.
const EPOCH: i64 = 719_162 * DAY_MICROS;

thread_local! {
    static CLASS: OnceCell<Ref<Type>> = const { OnceCell::new() };
}

/// The class `datetime`.
pub fn datetime_class() -> Ref<Type> {
    const DOC: &str = "A date with a time of day.\n\ndatetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])\n\nThe year, month and day arguments are required; tzinfo may be None, or an\ninstance of a tzinfo subclass. The remaining arguments may be ints.";
    CLASS.with(|class| {
        let make = || make_derived_class("datetime", "datetime", DOC, Date::type_object(), &[Date::DATETIME]);
        class.get_or_init(make).clone()
    })
}

/// The stamp, if the value is a datetime.
pub fn stamp_of(value: &Value) -> Option<Stamp> {
    let date = value.downcast::<Date>()?;
    if value.header()?.ty().is_subtype(&datetime_class()) { Some(date.stamp()) } else { None }
}

/// The payload, if the value is a date but no datetime.
fn plain_date(value: &Value) -> Option<&Date> {
    let date = value.downcast::<Date>()?;
    if value.header()?.ty().is_subtype(&datetime_class()) { None } else { Some(date) }
}

impl Moment {
    pub fn date(year: u16, month: u8, day: u8) -> Moment {
        Moment { year, month, day, hour: 0, minute: 0, second: 0, micro: 0 }
    }

    fn ymd(self) -> (i64, i64, i64) {
        (self.year.into(), self.month.into(), self.day.into())
    }

    pub fn ordinal(self) -> i64 {
        let (year, month, day) = self.ymd();
        calendar::to_ordinal(year, month, day)
    }

    pub fn weekday(self) -> i64 {
        let (year, month, day) = self.ymd();
        calendar::weekday(year, month, day)
    }

    /// Microseconds since midnight.
    fn day_micros(self) -> i64 {
        i64::from(self.hour) * 3_600_000_000
            + i64::from(self.minute) * 60_000_000
            + i64::from(self.second) * 1_000_000
            + i64::from(self.micro)
    }

    /// Microseconds since the beginning of year 1.
    pub fn micros(self) -> i64 {
        (self.ordinal() - 1) * DAY_MICROS + self.day_micros()
    }

    /// The moment of these microseconds; `None` outside the calendar.
    pub fn from_micros(micros: i64) -> Option<Moment> {
        let day = micros.div_euclid(DAY_MICROS) + 1;
        if !(1..=MAX_ORDINAL).contains(&day) {
            return None;
        }
        let (year, month, day) = calendar::from_ordinal(day);
        let rest = micros.rem_euclid(DAY_MICROS);
        let seconds = rest / 1_000_000;
        Some(Moment {
            year: year as u16,
            month: month as u8,
            day: day as u8,
            hour: (seconds / 3600) as u8,
            minute: (seconds / 60 % 60) as u8,
            second: (seconds % 60) as u8,
            micro: (rest % 1_000_000) as u32,
        })
    }

    fn iso_date(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    fn struct_time(self, dst: i64) -> Vec<Value> {
        let (year, month, day) = self.ymd();
        let items = [
            year,
            month,
            day,
            self.hour.into(),
            self.minute.into(),
            self.second.into(),
            self.weekday(),
            calendar::day_of_year(year, month, day),
            dst,
        ];
        items.map(Value::small_int).to_vec()
    }
}

impl Date {
    fn stamp(&self) -> Stamp {
        Stamp { moment: self.moment, fold: self.fold, zone: self.zone.clone() }
    }
}

impl Stamp {
    pub fn new(moment: Moment, zone: Value) -> Stamp {
        Stamp { moment, fold: false, zone }
    }

    fn payload(self) -> Date {
        Date { moment: self.moment, fold: self.fold, zone: self.zone }
    }

    fn state(&self, with_fold: bool) -> Value {
        let m = self.moment;
        let (year, micro) = (m.year.to_be_bytes(), m.micro.to_be_bytes());
        let month = if with_fold && self.fold { m.month | 0x80 } else { m.month };
        let bytes = vec![year[0], year[1], month, m.day, m.hour, m.minute, m.second, micro[1], micro[2], micro[3]];
        let mut args = vec![Value::from_bytes(bytes)];
        if !self.zone.is_none() {
            args.push(self.zone.clone());
        }
        Value::from_tuple(args)
    }
}

#[cold]
fn out_of_range(vm: &Vm) -> Raised {
    vm.overflow_error("date value out of range")
}

/// A datetime in a class; classes derived from `datetime` are called. May defer.
pub fn build(vm: &Vm, cls: &Value, stamp: Stamp) -> PyResult {
    let class = datetime_class();
    if cls.is(class.as_value()) {
        return Ok(allocate(&class, stamp.payload()));
    }
    let (vm, cls) = (vm.handle(), cls.clone());
    Err(vm.defer(async move {
        let m = stamp.moment;
        let (year, month, day) = m.ymd();
        let fields = [year, month, day, m.hour.into(), m.minute.into(), m.second.into(), m.micro.into()];
        let mut args = fields.map(Value::small_int).to_vec();
        args.push(stamp.zone.clone());
        let mut names = Vec::new();
        if stamp.fold {
            args.push(Value::small_int(1));
            names.push(intern("fold"));
        }
        vm.call_kw(&cls, args, names).await
    }))
}

/// A date in a class; classes derived from `date` are called. May defer.
fn build_date(vm: &Vm, cls: &Value, moment: Moment) -> PyResult {
    if cls.is(Date::type_object().as_value()) {
        return Ok(Date { moment, fold: false, zone: Value::NONE }.into_value());
    }
    let (vm, cls) = (vm.handle(), cls.clone());
    Err(vm.defer(async move {
        let (year, month, day) = moment.ymd();
        vm.call(&cls, [year, month, day].map(Value::small_int).to_vec()).await
    }))
}

/// The datetime moved by microseconds, in its class (async).
pub async fn shifted(vm: &Vm, dt: &Value, stamp: Stamp, micros: i64) -> PyResult {
    let moment = Moment::from_micros(stamp.moment.micros() + micros).ok_or_else(|| out_of_range(vm))?;
    let result = build(vm, vm.class_of(dt).as_value(), Stamp::new(moment, stamp.zone));
    vm.settle(result).await
}

fn checked_date(vm: &Vm, year: i64, month: i64, day: i64) -> PyResult<Moment> {
    check_date(vm, year, month, day)?;
    Ok(Moment::date(year as u16, month as u8, day as u8))
}

fn checked(vm: &Vm, fields: [i64; 7], zone: Value, fold: i64) -> PyResult<Stamp> {
    let [year, month, day, hour, minute, second, micro] = fields;
    check_date(vm, year, month, day)?;
    arguments::check_time(vm, [hour, minute, second, micro], fold)?;
    zone::check(vm, &zone)?;
    let moment = Moment {
        year: year as u16,
        month: month as u8,
        day: day as u8,
        hour: hour as u8,
        minute: minute as u8,
        second: second as u8,
        micro: micro as u32,
    };
    Ok(Stamp { moment, fold: fold == 1, zone })
}

/// A timestamp in microseconds since the epoch, rounded half to even. May defer.
fn timestamp_micros(vm: &Vm, value: &Value) -> PyResult<i64> {
    let too_large = || vm.overflow_error("timestamp out of range for platform time_t");
    if let Some(x) = value.to_float() {
        if x.is_nan() {
            return Err(vm.value_error("Invalid value NaN (not a number)"));
        }
        if x.abs() >= 9.2e18 {
            return Err(too_large());
        }
        let (whole, fraction) = (x.trunc(), x.fract());
        let micros = (fraction * 1e6).round_ties_even();
        return (whole as i64)
            .checked_mul(1_000_000)
            .map(|whole| whole + micros as i64)
            .ok_or_else(|| year_error(vm, whole as i64));
    }
    let Some(index) = vm.index_now(value) else {
        return Err(vm.type_error("timestamp must be a number"));
    };
    let seconds = index?.to_i64().ok_or_else(too_large)?;
    seconds.checked_mul(1_000_000).ok_or_else(|| year_error(vm, seconds))
}

/// The error for a timestamp outside the calendar.
#[cold]
fn year_error(vm: &Vm, seconds: i64) -> Raised {
    let days = seconds.div_euclid(86_400) + 719_163;
    let year = calendar::from_ordinal(days).0;
    vm.value_error(format!("year must be in 1..9999, not {year}"))
}

fn from_epoch(vm: &Vm, micros: i64) -> PyResult<Moment> {
    let moment = micros.checked_add(EPOCH).and_then(Moment::from_micros);
    moment.ok_or_else(|| year_error(vm, micros.div_euclid(1_000_000)))
}

/// Local time minus UTC at a moment, in microseconds.
fn local_offset(vm: &Vm, epoch_micros: i64) -> i64 {
    snakelet_vm::zone::local_offset(vm, epoch_micros.div_euclid(1_000_000)) * 1_000_000
}

/// The epoch microseconds of a local time; `fold` chooses among two.
fn from_local(vm: &Vm, moment: Moment, fold: bool) -> PyResult<i64> {
    let local = |u: i64| match Moment::from_micros(u + EPOCH) {
        Some(_) => Ok(u + local_offset(vm, u)),
        None => Err(year_error(vm, u.div_euclid(1_000_000))),
    };
    let t = moment.micros() - EPOCH;
    let a = local(t)? - t;
    let u1 = t - a;
    let t1 = local(u1)?;
    let b;
    if t1 == t {
        // One solution; another is a fold away.
        let u2 = if fold { u1 + DAY_MICROS } else { u1 - DAY_MICROS };
        b = local(u2)? - u2;
        if a == b {
            return Ok(u1);
        }
    } else {
        b = t1 - u1;
    }
    let u2 = t - b;
    if local(u2)? == t {
        return Ok(u2);
    }
    if t1 == t {
        return Ok(u1);
    }
    Ok(if fold { u1.min(u2) } else { u1.max(u2) })
}

fn now_micros(vm: &Vm) -> i64 {
    (vm.host().time() * 1e6).floor() as i64
}

// ---- what date, datetime and time share

/// `replace` as the class has it, for `__replace__`.
pub async fn replace_by_method(vm: VmRef, class: Value, this: Value, changes: Vec<(Value, Value)>) -> PyResult {
    let method = vm.attr(&class, "replace").await?;
    let (names, values): (Vec<Value>, Vec<Value>) = changes.into_iter().unzip();
    vm.call_kw(&method, std::iter::once(this).chain(values).collect(), names).await
}

/// `__format__`
pub async fn format(vm: VmRef, this: Value, format_spec: Value) -> PyResult {
    let Some(text) = format_spec.as_text() else {
        let got = vm.type_name(&format_spec);
        return Err(vm.type_error(format!("__format__() argument 1 must be str, not {got}")));
    };
    if text.is_empty() {
        let shown = vm.str(&this).await?;
        return Ok(shown.into_value());
    }
    let method = vm.attr(&this, "strftime").await?;
    vm.call(&method, vec![format_spec]).await
}

pub async fn strptime(vm: VmRef, function: &'static str, cls: Value, string: Value, format: Value) -> PyResult {
    for (place, value) in [&string, &format].into_iter().enumerate() {
        if value.as_text().is_none() {
            let got = vm.type_name(value);
            return Err(vm.type_error(format!("strptime() argument {} must be str, not {got}", place + 1)));
        }
    }
    let import = vm.builtins.get_text("__import__").unwrap_or_default();
    let module = vm.call(&import, vec![Value::from_str("_strptime")]).await?;
    let function = vm.attr(&module, function).await?;
    vm.call(&function, vec![cls, string, format]).await
}

/// `strftime`: what `time.strftime` does not know is put in before.
pub async fn strftime(
    vm: VmRef,
    this: &Value,
    moment: Moment,
    zone: Value,
    argument: Value,
    format: Value,
) -> PyResult {
    let Some(text) = format.as_text() else {
        let got = vm.type_name(&format);
        return Err(vm.type_error(format!("strftime() argument 1 must be str, not {got}")));
    };
    let codes: Vec<u32> = text.iter().collect();
    let mut out: Vec<u32> = Vec::new();
    let push = |out: &mut Vec<u32>, text: &str| out.extend(text.chars().map(u32::from));
    let (year, month, day) = moment.ymd();
    let mut at = 0;
    while at < codes.len() {
        let code = codes[at];
        at += 1;
        if code != u32::from('%') || at == codes.len() {
            out.push(code);
            continue;
        }
        let directive = char::from_u32(codes[at]).unwrap_or(' ');
        at += 1;
        match directive {
            'f' => push(&mut out, &format!("{:06}", moment.micro)),
            'Y' => push(&mut out, &format!("{year:04}")),
            'G' => push(&mut out, &format!("{:04}", calendar::iso_calendar(year, month, day).0)),
            'C' => push(&mut out, &format!("{:02}", year / 100)),
            'F' => push(&mut out, &moment.iso_date()),
            'z' => {
                if let Some(offset) = zone::offset(vm, &zone, "utcoffset", &argument).await? {
                    push(&mut out, &calendar::show_offset(offset, ""));
                }
            }
            ':' if codes.get(at) == Some(&u32::from('z')) => {
                at += 1;
                if let Some(offset) = zone::offset(vm, &zone, "utcoffset", &argument).await? {
                    push(&mut out, &calendar::show_offset(offset, ":"));
                }
            }
            'Z' => {
                let name = zone::name(vm, &zone, &argument).await?;
                if let Some(name) = name.as_text() {
                    for code in name.iter() {
                        out.push(code);
                        if code == u32::from('%') {
                            out.push(code);
                        }
                    }
                }
            }
            _ => out.extend([code, u32::from(directive)]),
        }
    }
    let format = vm.new_text(snakelet_text::Text::from_code_points(&out))?;
    let import = vm.builtins.get_text("__import__").unwrap_or_default();
    let time = vm.call(&import, vec![Value::from_str("time")]).await?;
    let function = vm.attr(&time, "strftime").await?;
    let tuple = if this.downcast::<Time>().is_some() {
        Value::from_tuple(moment.struct_time(-1))
    } else {
        let method = vm.attr(this, "timetuple").await?;
        vm.call(&method, Vec::new()).await?
    };
    vm.call(&function, vec![format, tuple]).await
}

// ---- date

/// The pickled form of a date.
fn date_state(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult<Option<Value>> {
    let [state] = args.values else { return Ok(None) };
    let Some(bytes) = arguments::state(state, 4).filter(|bytes| (1..=12).contains(&bytes[2])) else {
        return Ok(None);
    };
    let moment = Moment::date(u16::from_be_bytes([bytes[0], bytes[1]]), bytes[2], bytes[3]);
    vm.new_instance(cls, Date { moment, fold: false, zone: Value::NONE }).map(Some)
}

fn ordinal_date(vm: &Vm, ordinal: i64) -> PyResult<Moment> {
    if !(1..=MAX_ORDINAL).contains(&ordinal) {
        return Err(out_of_range(vm));
    }
    let (year, month, day) = calendar::from_ordinal(ordinal);
    Ok(Moment::date(year as u16, month as u8, day as u8))
}

/// A date plus or minus a timedelta's days. May defer.
fn add_days(vm: &Vm, date: &Value, moment: Moment, days: i64) -> PyResult {
    let moment = ordinal_date(vm, moment.ordinal() + days)?;
    build_date(vm, vm.class_of(date).as_value(), moment)
}

#[methods]
impl Date {
    #[slot(new)]
    fn new_date(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        if let Some(date) = date_state(vm, cls, args)? {
            return Ok(date);
        }
        let fields = Fields::bind(vm, &DATETIME_NAMES[..3], 3, 3, args)?;
        fields.then(vm, cls, |vm, cls, fields| {
            let moment = checked_date(vm, fields.int(0, 0), fields.int(1, 0), fields.int(2, 0))?;
            vm.new_instance(cls, Date { moment, fold: false, zone: Value::NONE })
        })
    }

    #[slot(init)]
    fn init(_vm: &Vm, _this: &Value, _args: Args<'_>) -> PyResult {
        Ok(Value::NONE)
    }

    #[slot(repr)]
    fn repr_date(vm: &Vm, this: &Value) -> PyResult<String> {
        let Some(date) = this.downcast::<Date>() else { return Ok(String::new()) };
        let (year, month, day) = date.moment.ymd();
        Ok(format!("{}({year}, {month}, {day})", vm.type_name(this)))
    }

    #[slot(str)]
    async fn str_date(vm: VmRef, this: Value) -> PyResult {
        let method = vm.attr(&this, "isoformat").await?;
        vm.call(&method, Vec::new()).await
    }

    #[slot(hash)]
    fn hash_date(this: &Date) -> i64 {
        hash::tuple([this.moment.ordinal(), 4].map(hash::small_int))
    }

    #[slot(compare)]
    fn compare_date(_vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        Ok(match (plain_date(left), plain_date(right)) {
            (Some(a), Some(b)) => Value::bool(op.matches(a.moment.cmp(&b.moment))),
            _ => Value::NOT_IMPLEMENTED,
        })
    }

    #[slot(add)]
    fn add_date(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        let (date, span) = match (plain_date(left), plain_date(right)) {
            (Some(_), _) => (left, span_of(right)),
            (None, Some(_)) => (right, span_of(left)),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        };
        match (date.downcast::<Date>(), span) {
            (Some(payload), Some(span)) => add_days(vm, date, payload.moment, span.days.into()),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(sub)]
    fn sub_date(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        let Some(date) = plain_date(left) else { return Ok(Value::NOT_IMPLEMENTED) };
        if let Some(other) = plain_date(right) {
            let days = date.moment.ordinal() - other.moment.ordinal();
            return Ok(Span::normalized(vm, days, 0, 0)?.into_value());
        }
        match span_of(right) {
            Some(span) => add_days(vm, left, date.moment, -i64::from(span.days)),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[getter("year")]
    fn year(this: &Date) -> u32 {
        this.moment.year.into()
    }

    #[getter("month")]
    fn month(this: &Date) -> u8 {
        this.moment.month
    }

    #[getter("day")]
    fn day(this: &Date) -> u8 {
        this.moment.day
    }

    /// Current date or datetime:  same as self.__class__.fromtimestamp(time.time()).
    #[classmethod("today(cls, /)")]
    async fn today(vm: VmRef, cls: Value) -> PyResult {
        let now = Value::float(vm.host().time());
        let method = vm.attr(&cls, "fromtimestamp").await?;
        vm.call(&method, vec![now]).await
    }

    /// Create a date from a POSIX timestamp.
    ///
    /// The timestamp is a number of seconds since the epoch, as time.time() gives it; the date is the local one.
    #[classmethod("fromtimestamp(cls, timestamp, /)")]
    fn fromtimestamp(vm: &Vm, cls: &Value, timestamp: &Value) -> PyResult {
        let micros = timestamp_micros(vm, timestamp)?;
        let micros = micros.div_euclid(1_000_000) * 1_000_000;
        let moment = from_epoch(vm, micros + local_offset(vm, micros))?;
        let (year, month, day) = (moment.year, moment.month, moment.day);
        build_date(vm, cls, Moment::date(year, month, day))
    }

    /// int -> date corresponding to a proleptic Gregorian ordinal.
    #[classmethod("fromordinal(cls, ordinal, /)", text = none)]
    fn fromordinal(vm: &Vm, cls: &Value, ordinal: i32) -> PyResult {
        let ordinal = i64::from(ordinal);
        if ordinal < 1 {
            return Err(vm.value_error("ordinal must be >= 1"));
        }
        let (year, month, day) = calendar::from_ordinal(ordinal);
        let moment = checked_date(vm, year, month, day)?;
        build_date(vm, cls, moment)
    }

    /// str -> Construct a date from a string in ISO 8601 format.
    #[classmethod("fromisoformat(cls, string, /)")]
    fn fromisoformat(vm: &Vm, cls: &Value, string: &Value) -> PyResult {
        let text = arguments::iso_text(vm, string, false)?;
        match calendar::parse_date(&text) {
            Some(Ok((year, month, day))) => build_date(vm, cls, checked_date(vm, year, month, day)?),
            _ => Err(arguments::invalid_iso(vm, string)),
        }
    }

    /// int, int, int -> Construct a date from the ISO year, week number and weekday.
    ///
    /// This is the inverse of the function date.isocalendar()
    #[classmethod("fromisocalendar(cls, year, week, day)", text = none)]
    fn fromisocalendar(vm: &Vm, cls: &Value, year: &Value, week: &Value, day: &Value) -> PyResult {
        let number = |value: &Value| -> PyResult<i64> {
            let index = vm.index_now(value).unwrap_or_else(|| Err(vm.type_error("an integer is required")))?;
            let fits = index.to_i64().filter(|&n| i32::try_from(n).is_ok());
            fits.ok_or_else(|| vm.value_error("ISO calendar component out of range"))
        };
        let (year, week, day) = (number(year)?, number(week)?, number(day)?);
        match calendar::from_iso_calendar(year, week, day) {
            Ok(ordinal) => {
                if !(1..=MAX_ORDINAL).contains(&ordinal) {
                    let year = calendar::from_ordinal(ordinal).0;
                    return Err(vm.value_error(format!("year must be in 1..9999, not {year}")));
                }
                build_date(vm, cls, ordinal_date(vm, ordinal)?)
            }
            Err(IsoError::Year) => Err(vm.value_error(format!("year must be in 1..9999, not {year}"))),
            Err(IsoError::Week) => Err(vm.value_error(format!("Invalid week: {week}"))),
            Err(IsoError::Day) => Err(vm.value_error(format!("Invalid weekday: {day} (range is [1, 7])"))),
        }
    }

    /// string, format -> new date parsed from a string (like time.strptime()).
    #[classmethod("strptime(cls, date_string, format, /)", text = none)]
    async fn strptime(vm: VmRef, cls: Value, date_string: Value, format: Value) -> PyResult {
        strptime(vm, "_strptime_datetime_date", cls, date_string, format).await
    }

    /// Return ctime() style string.
    #[method("ctime(self, /)")]
    fn ctime(this: &Date) -> String {
        const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let m = this.moment;
        let (weekday, month) = (DAYS[m.weekday() as usize % 7], MONTHS[(m.month as usize + 11) % 12]);
        format!("{weekday} {month} {:2} {:02}:{:02}:{:02} {:04}", m.day, m.hour, m.minute, m.second, m.year)
    }

    /// format -> strftime() style string.
    #[method("strftime(self, /, format)", text = none)]
    async fn strftime(vm: VmRef, this: Value, format: Value) -> PyResult {
        let Some(date) = this.downcast::<Date>() else { return Ok(Value::NONE) };
        strftime(vm, &this, date.moment, date.zone.clone(), this.clone(), format).await
    }

    /// Formats self with strftime.
    #[method("__format__(self, format_spec, /)", text = none)]
    async fn format(vm: VmRef, this: Value, format_spec: Value) -> PyResult {
        format(vm, this, format_spec).await
    }

    /// Return string in ISO 8601 format, YYYY-MM-DD.
    #[method("isoformat(self, /)")]
    fn isoformat_date(this: &Date) -> String {
        this.moment.iso_date()
    }

    /// Return the day of the week represented by the date.
    /// Monday == 1 ... Sunday == 7
    #[method("isoweekday(self, /)")]
    fn isoweekday(this: &Date) -> i64 {
        this.moment.weekday() + 1
    }

    /// Return the day of the week represented by the date.
    /// Monday == 0 ... Sunday == 6
    #[method("weekday(self, /)")]
    fn weekday(this: &Date) -> i64 {
        this.moment.weekday()
    }

    /// Return a named tuple containing ISO year, week number, and weekday.
    #[method("isocalendar(self, /)")]
    fn isocalendar(this: &Date) -> Value {
        let (year, month, day) = this.moment.ymd();
        let (year, week, weekday) = calendar::iso_calendar(year, month, day);
        super::iso_calendar_date([year, week, weekday].map(Value::small_int).to_vec())
    }

    /// Return time tuple, compatible with time.localtime().
    #[method("timetuple(self, /)")]
    async fn timetuple_date(vm: VmRef, this: Ref<Date>) -> PyResult {
        struct_time(vm, this.moment.struct_time(-1)).await
    }

    /// Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1.
    #[method("toordinal(self, /)")]
    fn toordinal(this: &Date) -> i64 {
        this.moment.ordinal()
    }

    /// Return date with new specified fields.
    #[method(
        "replace(self, /, year=<unrepresentable>, month=<unrepresentable>, day=<unrepresentable>)",
        text = "($self, /, year=unchanged, month=unchanged, day=unchanged)"
    )]
    fn replace_date(vm: &Vm, this: &Value, year: Option<i64>, month: Option<i64>, day: Option<i64>) -> PyResult {
        let Some(date) = this.downcast::<Date>() else { return Ok(Value::NONE) };
        let (own_year, own_month, own_day) = date.moment.ymd();
        let moment = checked_date(vm, year.unwrap_or(own_year), month.unwrap_or(own_month), day.unwrap_or(own_day))?;
        build_date(vm, vm.class_of(this).as_value(), moment)
    }

    /// The same as replace().
    #[method("__replace__(self, /, **changes)")]
    async fn replace_date_protocol(vm: VmRef, this: Value, changes: Vec<(Value, Value)>) -> PyResult {
        replace_by_method(vm, Date::type_object().into_value(), this, changes).await
    }

    /// __reduce__() -> (cls, state)
    #[method("__reduce__(self, /)")]
    fn reduce_date(vm: &Vm, this: &Value) -> Value {
        let Some(date) = this.downcast::<Date>() else { return Value::NONE };
        let year = date.moment.year.to_be_bytes();
        let bytes = Value::from_bytes(vec![year[0], year[1], date.moment.month, date.moment.day]);
        Value::from_tuple(vec![vm.class_of(this).into_value(), Value::from_tuple(vec![bytes])])
    }
}

async fn struct_time(vm: VmRef, items: Vec<Value>) -> PyResult {
    let import = vm.builtins.get_text("__import__").unwrap_or_default();
    let time = vm.call(&import, vec![Value::from_str("time")]).await?;
    let class = vm.attr(&time, "struct_time").await?;
    vm.call(&class, vec![Value::from_tuple(items)]).await
}

// ---- datetime

fn hash_with(stamp: &Stamp, offset: Option<i64>) -> i64 {
    match offset {
        None => hash::tuple([stamp.moment.ordinal(), stamp.moment.day_micros()].map(hash::small_int)),
        Some(offset) => Span::from_micros(stamp.moment.micros() + DAY_MICROS - offset).hash(),
    }
}

/// Compares datetimes with different zones whose offsets are known.
fn compare_with(vm: &Vm, a: (&Stamp, Option<i64>), b: (&Stamp, Option<i64>), op: CompareOp) -> PyResult {
    match (a.1, b.1) {
        (None, None) => Ok(Value::bool(op.matches(a.0.moment.cmp(&b.0.moment)))),
        (Some(x), Some(y)) => Ok(Value::bool(op.matches((a.0.moment.micros() - x).cmp(&(b.0.moment.micros() - y))))),
        _ => match op {
            CompareOp::Eq => Ok(Value::bool(false)),
            CompareOp::Ne => Ok(Value::bool(true)),
            _ => Err(vm.type_error("can't compare offset-naive and offset-aware datetimes")),
        },
    }
}

fn subtract_with(vm: &Vm, a: (&Stamp, Option<i64>), b: (&Stamp, Option<i64>)) -> PyResult {
    let difference = a.0.moment.micros() - b.0.moment.micros();
    match (a.1, b.1) {
        (None, None) => Ok(Span::from_micros(difference).into_value()),
        (Some(x), Some(y)) => Ok(Span::from_micros(difference - x + y).into_value()),
        _ => Err(vm.type_error("can't subtract offset-naive and offset-aware datetimes")),
    }
}

async fn utcoffset(vm: VmRef, stamp: &Stamp, this: &Value) -> PyResult<Option<i64>> {
    zone::offset(vm, &stamp.zone, "utcoffset", this).await
}

/// Whether the offset depends on the fold (PEP 495: such times equal none in other zones).
async fn depends_on_fold(vm: VmRef, stamp: &Stamp, offset: Option<i64>) -> PyResult<bool> {
    if zone::offset_now(&stamp.zone).is_some() {
        return Ok(false);
    }
    let flipped = Stamp { fold: !stamp.fold, ..stamp.clone() };
    let zone = flipped.zone.clone();
    let flipped = allocate(&datetime_class(), flipped.payload());
    Ok(zone::offset(vm, &zone, "utcoffset", &flipped).await? != offset)
}

fn add_span(vm: &Vm, dt: &Value, stamp: Stamp, span: Span, sign: i64) -> PyResult {
    let moved = span.small_total().and_then(|total| stamp.moment.micros().checked_add(sign * total));
    let moment = moved.and_then(Moment::from_micros).ok_or_else(|| out_of_range(vm))?;
    build(vm, vm.class_of(dt).as_value(), Stamp::new(moment, stamp.zone))
}

/// The pickled form of a datetime.
fn datetime_state(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult<Option<Value>> {
    let [state, rest @ ..] = args.values else { return Ok(None) };
    if rest.len() > 1 || !args.kwnames.is_empty() {
        return Ok(None);
    }
    let Some(b) = arguments::state(state, 10).filter(|bytes| (1..=12).contains(&(bytes[2] & 0x7f))) else {
        return Ok(None);
    };
    let zone = rest.first().cloned().unwrap_or(Value::NONE);
    if !zone.is_none() && zone.downcast::<zone::TzInfo>().is_none() {
        return Err(vm.type_error("bad tzinfo state arg"));
    }
    let moment = Moment {
        year: u16::from_be_bytes([b[0], b[1]]),
        month: b[2] & 0x7f,
        day: b[3],
        hour: b[4],
        minute: b[5],
        second: b[6],
        micro: u32::from_be_bytes([0, b[7], b[8], b[9]]),
    };
    vm.new_instance(cls, Date { moment, fold: b[2] & 0x80 != 0, zone }).map(Some)
}

/// A moment of UTC in a zone, by its `fromutc` (async).
async fn in_zone(vm: VmRef, cls: Value, moment: Moment, zone: Value) -> PyResult {
    let utc = build(&vm, &cls, Stamp::new(moment, zone.clone()));
    let utc = vm.settle(utc).await?;
    let method = vm.attr(&zone, "fromutc").await?;
    vm.call(&method, vec![utc]).await
}

/// The local time of an epoch moment, with the fold of repeated times.
fn local_stamp(vm: &Vm, micros: i64) -> PyResult<Stamp> {
    let offset = local_offset(vm, micros);
    let moment = from_epoch(vm, micros + offset)?;
    // In a fold, the time a while ago showed the same clock.
    let earlier = local_offset(vm, micros - DAY_MICROS);
    let transition = offset - earlier;
    let fold = transition < 0 && local_offset(vm, micros + transition) + micros + transition == micros + offset;
    Ok(Stamp { moment, fold, zone: Value::NONE })
}

/// The local zone at an epoch moment as a fixed one.
fn local_zone(vm: &Vm, micros: i64) -> Value {
    let offset = local_offset(vm, micros);
    let name = snakelet_vm::zone::local_name(vm, micros.div_euclid(1_000_000));
    zone::unchecked(offset, Value::from_str(&name))
}

#[methods(block = DATETIME)]
impl Date {
    #[slot(new)]
    fn new_datetime(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        if let Some(datetime) = datetime_state(vm, cls, args)? {
            return Ok(datetime);
        }
        let fields = Fields::bind(vm, &DATETIME_NAMES, 8, 3, args)?;
        fields.then(vm, cls, |vm, cls, fields| {
            let numbers = [0, 1, 2, 3, 4, 5, 6].map(|at| fields.int(at, 0));
            let stamp = checked(vm, numbers, fields.value(7), fields.int(8, 0))?;
            vm.new_instance(cls, stamp.payload())
        })
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult<String> {
        let Some(date) = this.downcast::<Date>() else { return Ok(String::new()) };
        let m = date.moment;
        let class = vm.type_name(&this);
        let mut text = format!("{class}({}, {}, {}, {}, {}", m.year, m.month, m.day, m.hour, m.minute);
        if m.second != 0 || m.micro != 0 {
            text += &format!(", {}", m.second);
        }
        if m.micro != 0 {
            text += &format!(", {}", m.micro);
        }
        if date.fold {
            text += ", fold=1";
        }
        if !date.zone.is_none() {
            text += &format!(", tzinfo={}", vm.repr(&date.zone).await?.to_string_lossy());
        }
        Ok(text + ")")
    }

    #[slot(str)]
    async fn str(vm: VmRef, this: Value) -> PyResult {
        let method = vm.attr(&this, "isoformat").await?;
        vm.call(&method, vec![Value::from_str(" ")]).await
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: &Value) -> PyResult {
        let Some(stamp) = stamp_of(this) else { return Ok(Value::NONE) };
        if let Some(offset) = zone::offset_now(&stamp.zone) {
            return Ok(Value::from_i64(hash_with(&stamp, offset)));
        }
        let vm = vm.handle();
        Err(vm.defer(async move {
            let first = allocate(&datetime_class(), Stamp { fold: false, ..stamp.clone() }.payload());
            let offset = utcoffset(vm, &stamp, &first).await?;
            Ok(Value::from_i64(hash_with(&stamp, offset)))
        }))
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let (Some(a), Some(b)) = (stamp_of(left), stamp_of(right)) else { return Ok(Value::NOT_IMPLEMENTED) };
        if a.zone.is(&b.zone) {
            return Ok(Value::bool(op.matches(a.moment.cmp(&b.moment))));
        }
        if let (Some(x), Some(y)) = (zone::offset_now(&a.zone), zone::offset_now(&b.zone)) {
            return compare_with(vm, (&a, x), (&b, y), op);
        }
        let (vm, left, right) = (vm.handle(), left.clone(), right.clone());
        Err(vm.defer(async move {
            let x = utcoffset(vm, &a, &left).await?;
            let y = utcoffset(vm, &b, &right).await?;
            if matches!(op, CompareOp::Eq | CompareOp::Ne)
                && (depends_on_fold(vm, &a, x).await? || depends_on_fold(vm, &b, y).await?)
            {
                return Ok(Value::bool(op == CompareOp::Ne));
            }
            compare_with(&vm, (&a, x), (&b, y), op)
        }))
    }

    #[slot(add)]
    fn add(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        if let (Some(stamp), Some(span)) = (stamp_of(left), span_of(right)) {
            return add_span(vm, left, stamp, span, 1);
        }
        match (stamp_of(right), span_of(left)) {
            (Some(stamp), Some(span)) => add_span(vm, right, stamp, span, 1),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(sub)]
    fn sub(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        let Some(a) = stamp_of(left) else { return Ok(Value::NOT_IMPLEMENTED) };
        if let Some(span) = span_of(right) {
            return add_span(vm, left, a, span, -1);
        }
        let Some(b) = stamp_of(right) else { return Ok(Value::NOT_IMPLEMENTED) };
        if a.zone.is(&b.zone) {
            return subtract_with(vm, (&a, None), (&b, None));
        }
        if let (Some(x), Some(y)) = (zone::offset_now(&a.zone), zone::offset_now(&b.zone)) {
            return subtract_with(vm, (&a, x), (&b, y));
        }
        let (vm, left, right) = (vm.handle(), left.clone(), right.clone());
        Err(vm.defer(async move {
            let x = utcoffset(vm, &a, &left).await?;
            let y = utcoffset(vm, &b, &right).await?;
            subtract_with(&vm, (&a, x), (&b, y))
        }))
    }

    #[getter("hour")]
    fn hour(this: &Date) -> u8 {
        this.moment.hour
    }

    #[getter("minute")]
    fn minute(this: &Date) -> u8 {
        this.moment.minute
    }

    #[getter("second")]
    fn second(this: &Date) -> u8 {
        this.moment.second
    }

    #[getter("microsecond")]
    fn microsecond(this: &Date) -> u32 {
        this.moment.micro
    }

    #[getter("tzinfo")]
    fn tzinfo(this: &Date) -> Value {
        this.zone.clone()
    }

    #[getter("fold")]
    fn fold(this: &Date) -> u32 {
        this.fold.into()
    }

    /// Returns new datetime object representing current time local to tz.
    ///
    ///   tz
    ///     Timezone object.
    ///
    /// If no tz is specified, uses local timezone.
    #[classmethod("now(cls, /, tz=None)")]
    async fn now(vm: VmRef, cls: Value, tz: Option<Value>) -> PyResult {
        let micros = now_micros(&vm);
        let Some(zone) = tz else {
            let result = build(&vm, &cls, local_stamp(&vm, micros)?);
            return vm.settle(result).await;
        };
        zone::check(&vm, &zone)?;
        in_zone(vm, cls, from_epoch(&vm, micros)?, zone).await
    }

    /// Return a new datetime representing UTC day and time.
    #[classmethod("utcnow(cls, /)")]
    async fn utcnow(vm: VmRef, cls: Value) -> PyResult {
        let message = "datetime.datetime.utcnow() is deprecated and scheduled for removal in a future version. Use timezone-aware objects to represent datetimes in UTC: datetime.datetime.now(datetime.UTC).";
        warn(vm, Exc::DeprecationWarning, message, 1).await?;
        let moment = from_epoch(&vm, now_micros(&vm))?;
        let result = build(&vm, &cls, Stamp::new(moment, Value::NONE));
        vm.settle(result).await
    }

    /// timestamp[, tz] -> tz's local time from POSIX timestamp.
    #[classmethod("fromtimestamp(cls, /, timestamp, tz=None)", text = none)]
    async fn fromtimestamp_datetime(vm: VmRef, cls: Value, timestamp: Value, tz: Option<Value>) -> PyResult {
        let Some(zone) = tz else {
            let micros = timestamp_micros(&vm, &timestamp)?;
            let result = build(&vm, &cls, local_stamp(&vm, micros)?);
            return vm.settle(result).await;
        };
        zone::check(&vm, &zone)?;
        let micros = timestamp_micros(&vm, &timestamp)?;
        in_zone(vm, cls, from_epoch(&vm, micros)?, zone).await
    }

    /// Construct a naive UTC datetime from a POSIX timestamp.
    #[classmethod("utcfromtimestamp(cls, timestamp, /)", text = none)]
    async fn utcfromtimestamp(vm: VmRef, cls: Value, timestamp: Value) -> PyResult {
        let message = "datetime.datetime.utcfromtimestamp() is deprecated and scheduled for removal in a future version. Use timezone-aware objects to represent datetimes in UTC: datetime.datetime.fromtimestamp(timestamp, datetime.UTC).";
        warn(vm, Exc::DeprecationWarning, message, 1).await?;
        let micros = timestamp_micros(&vm, &timestamp)?;
        let result = build(&vm, &cls, Stamp::new(from_epoch(&vm, micros)?, Value::NONE));
        vm.settle(result).await
    }

    /// string, format -> new datetime parsed from a string (like time.strptime()).
    #[classmethod("strptime(cls, date_string, format, /)", text = none)]
    async fn strptime_datetime(vm: VmRef, cls: Value, date_string: Value, format: Value) -> PyResult {
        strptime(vm, "_strptime_datetime_datetime", cls, date_string, format).await
    }

    /// date, time -> datetime with same date and time fields
    #[classmethod("combine(cls, date, time, tzinfo=<unrepresentable>)", text = none)]
    fn combine(vm: &Vm, cls: &Value, date: &Value, time: &Value, tzinfo: Option<&Value>) -> PyResult {
        let Some(day) = date.downcast::<Date>() else {
            let got = vm.type_name(date);
            return Err(vm.type_error(format!("combine() argument 1 must be datetime.date, not {got}")));
        };
        let Some(clock) = time.downcast::<Time>() else {
            let got = vm.type_name(time);
            return Err(vm.type_error(format!("combine() argument 2 must be datetime.time, not {got}")));
        };
        let zone = tzinfo.unwrap_or(&clock.zone).clone();
        zone::check(vm, &zone)?;
        let moment =
            Moment { hour: clock.hour, minute: clock.minute, second: clock.second, micro: clock.micro, ..day.moment };
        build(vm, cls, Stamp { moment, fold: clock.fold, zone })
    }

    /// string -> datetime from a string in most ISO 8601 formats
    #[classmethod("fromisoformat(cls, string, /)")]
    fn fromisoformat_datetime(vm: &Vm, cls: &Value, string: &Value) -> PyResult {
        let text = arguments::iso_text(vm, string, true)?;
        let invalid = || arguments::invalid_iso(vm, string);
        let length = calendar::date_length(&text).filter(|&length| length <= text.len()).ok_or_else(invalid)?;
        let (year, month, day) = match calendar::parse_date(&text[..length]) {
            Some(Ok(date)) => date,
            _ => return Err(invalid()),
        };
        let mut time = match text.get(length + 1..) {
            Some(rest) if !rest.is_empty() => calendar::parse_time(rest).ok_or_else(invalid)?,
            _ if text.len() > length => return Err(invalid()),
            _ => calendar::IsoTime::default(),
        };
        let zone = iso_zone(vm, &time)?;
        let midnight = time.hour == 24;
        if midnight {
            if time.minute != 0 || time.second != 0 || time.micro != 0 {
                return Err(vm.value_error("minute, second, and microsecond must be 0 when hour is 24"));
            }
            time.hour = 0;
        }
        let mut stamp = checked(vm, [year, month, day, time.hour, time.minute, time.second, time.micro], zone, 0)?;
        if midnight {
            let next = Moment::from_micros(stamp.moment.micros() + DAY_MICROS);
            stamp.moment = next.ok_or_else(|| vm.value_error("year must be in 1..9999, not 10000"))?;
        }
        build(vm, cls, stamp)
    }

    /// Return date object with same year, month and day.
    #[method("date(self, /)")]
    fn date(this: &Date) -> Value {
        let moment = Moment::date(this.moment.year, this.moment.month, this.moment.day);
        Date { moment, fold: false, zone: Value::NONE }.into_value()
    }

    /// Return time object with same time but with tzinfo=None.
    #[method("time(self, /)")]
    fn time(this: &Date) -> Value {
        clock_of(this, Value::NONE)
    }

    /// Return time object with same time and tzinfo.
    #[method("timetz(self, /)")]
    fn timetz(this: &Date) -> Value {
        clock_of(this, this.zone.clone())
    }

    /// Return ctime() style string.
    #[method("ctime(self, /)")]
    fn ctime_datetime(this: &Date) -> String {
        Date::ctime(this)
    }

    /// Return time tuple, compatible with time.localtime().
    #[method("timetuple(self, /)")]
    async fn timetuple(vm: VmRef, this: Value) -> PyResult {
        let Some(stamp) = stamp_of(&this) else { return Ok(Value::NONE) };
        let dst = match zone::offset(vm, &stamp.zone, "dst", &this).await? {
            None => -1,
            Some(dst) => i64::from(dst != 0),
        };
        struct_time(vm, stamp.moment.struct_time(dst)).await
    }

    /// Return UTC time tuple, compatible with time.localtime().
    #[method("utctimetuple(self, /)")]
    async fn utctimetuple(vm: VmRef, this: Value) -> PyResult {
        let Some(stamp) = stamp_of(&this) else { return Ok(Value::NONE) };
        let offset = utcoffset(vm, &stamp, &this).await?.unwrap_or(0);
        let moment = Moment::from_micros(stamp.moment.micros() - offset).ok_or_else(|| out_of_range(&vm))?;
        struct_time(vm, moment.struct_time(0)).await
    }

    /// Return POSIX timestamp as float.
    #[method("timestamp(self, /)")]
    async fn timestamp(vm: VmRef, this: Value) -> PyResult<f64> {
        let Some(stamp) = stamp_of(&this) else { return Ok(0.0) };
        let micros = if stamp.zone.is_none() {
            from_local(&vm, stamp.moment, stamp.fold)?
        } else {
            let offset = utcoffset(vm, &stamp, &this).await?.unwrap_or(0);
            stamp.moment.micros() - EPOCH - offset
        };
        let seconds = micros.div_euclid(1_000_000);
        if stamp.zone.is_none() {
            return Ok(seconds as f64 + f64::from(stamp.moment.micro) / 1e6);
        }
        Ok(if micros.abs() < 1 << 53 {
            micros as f64 / 1e6
        } else {
            let (micros, million) = (num_bigint::BigInt::from(micros), num_bigint::BigInt::from(1_000_000));
            snakelet_number::int::true_div(&micros, &million).unwrap_or(0.0)
        })
    }

    /// [sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].
    ///
    /// sep is used to separate the year from the time, and defaults to 'T'. The optional argument timespec specifies the
    /// number of additional terms of the time to include.
    #[method("isoformat(self, /, sep='T', timespec='auto')", text = none)]
    async fn isoformat(vm: VmRef, this: Value, sep: Option<Value>, timespec: Option<Value>) -> PyResult {
        let Some(stamp) = stamp_of(&this) else { return Ok(Value::NONE) };
        let separator = match &sep {
            None => u32::from('T'),
            Some(sep) => match sep.as_text() {
                Some(text) if text.len() == 1 => text.get(0).unwrap_or(0x54),
                Some(text) => {
                    let count = text.len();
                    return Err(vm.type_error(format!(
                        "isoformat() argument 1 must be a unicode character, not a string of length {count}"
                    )));
                }
                None => {
                    let got = vm.type_name(sep);
                    return Err(vm.type_error(format!("isoformat() argument 1 must be a unicode character, not {got}")));
                }
            },
        };
        let timespec = arguments::timespec(&vm, timespec, 2)?;
        let m = stamp.moment;
        let Some(mut time) = calendar::show_time(m.hour, m.minute, m.second, m.micro, &timespec) else {
            return Err(vm.value_error("Unknown timespec value"));
        };
        if let Some(offset) = utcoffset(vm, &stamp, &this).await? {
            time += &calendar::show_offset(offset, ":");
        }
        let mut codes: Vec<u32> = m.iso_date().chars().map(u32::from).collect();
        codes.push(separator);
        codes.extend(time.chars().map(u32::from));
        vm.new_text(snakelet_text::Text::from_code_points(&codes))
    }

    /// tz -> convert to local time in new timezone tz
    #[method("astimezone(self, /, tz=None)", text = none)]
    async fn astimezone(vm: VmRef, this: Value, tz: Option<Value>) -> PyResult {
        let Some(stamp) = stamp_of(&this) else { return Ok(Value::NONE) };
        if let Some(zone) = &tz
            && zone.downcast::<zone::TzInfo>().is_none()
        {
            let got = vm.type_name(zone);
            return Err(
                vm.type_error(format!("tzinfo argument must be None or of a tzinfo subclass, not type '{got}'"))
            );
        }
        if let Some(zone) = &tz
            && stamp.zone.is(zone)
        {
            return Ok(this);
        }
        let offset = if stamp.zone.is_none() { None } else { utcoffset(vm, &stamp, &this).await? };
        let utc = match offset {
            Some(offset) => stamp.moment.micros() - offset,
            None => {
                let local = from_local(&vm, stamp.moment, stamp.fold)?;
                let other = from_local(&vm, stamp.moment, !stamp.fold)?;
                // In a gap the zone is that of the other side.
                let is_gap = other != local && (other > local) == stamp.fold;
                stamp.moment.micros() - local_offset(&vm, if is_gap { other } else { local })
            }
        };
        let moment = Moment::from_micros(utc).ok_or_else(|| out_of_range(&vm))?;
        let zone = tz.unwrap_or_else(|| local_zone(&vm, utc - EPOCH));
        in_zone(vm, vm.class_of(&this).into_value(), moment, zone).await
    }

    /// Return self.tzinfo.utcoffset(self).
    #[method("utcoffset(self, /)")]
    async fn utcoffset(vm: VmRef, this: Value) -> PyResult {
        let Some(stamp) = stamp_of(&this) else { return Ok(Value::NONE) };
        Ok(zone::show(utcoffset(vm, &stamp, &this).await?))
    }

    /// Return self.tzinfo.dst(self).
    #[method("dst(self, /)")]
    async fn dst(vm: VmRef, this: Value) -> PyResult {
        let Some(stamp) = stamp_of(&this) else { return Ok(Value::NONE) };
        Ok(zone::show(zone::offset(vm, &stamp.zone, "dst", &this).await?))
    }

    /// Return self.tzinfo.tzname(self).
    #[method("tzname(self, /)")]
    async fn tzname(vm: VmRef, this: Value) -> PyResult {
        let Some(stamp) = stamp_of(&this) else { return Ok(Value::NONE) };
        zone::name(vm, &stamp.zone, &this).await
    }

    /// Return datetime with new specified fields.
    #[method(
        "replace(self, /, year=<unrepresentable>, month=<unrepresentable>, day=<unrepresentable>, hour=<unrepresentable>, minute=<unrepresentable>, second=<unrepresentable>, microsecond=<unrepresentable>, tzinfo=<unrepresentable>, *, fold=<unrepresentable>)",
        text = "($self, /, year=unchanged, month=unchanged, day=unchanged,\n        hour=unchanged, minute=unchanged, second=unchanged,\n        microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)"
    )]
    #[expect(clippy::too_many_arguments, reason = "as many as the method has")]
    fn replace(
        vm: &Vm,
        this: &Value,
        year: Option<i64>,
        month: Option<i64>,
        day: Option<i64>,
        hour: Option<i64>,
        minute: Option<i64>,
        second: Option<i64>,
        microsecond: Option<i64>,
        tzinfo: Option<&Value>,
        fold: Option<i64>,
    ) -> PyResult {
        let Some(stamp) = stamp_of(this) else { return Ok(Value::NONE) };
        let m = stamp.moment;
        let own = [
            m.year.into(),
            m.month.into(),
            m.day.into(),
            m.hour.into(),
            m.minute.into(),
            m.second.into(),
            m.micro.into(),
        ];
        let mut fields: [i64; 7] = own;
        for (field, given) in fields.iter_mut().zip([year, month, day, hour, minute, second, microsecond]) {
            *field = given.unwrap_or(*field);
        }
        let zone = tzinfo.unwrap_or(&stamp.zone).clone();
        let new = checked(vm, fields, zone, fold.unwrap_or(stamp.fold.into()))?;
        build(vm, vm.class_of(this).as_value(), new)
    }

    /// The same as replace().
    #[method("__replace__(self, /, **changes)")]
    async fn replace_protocol(vm: VmRef, this: Value, changes: Vec<(Value, Value)>) -> PyResult {
        replace_by_method(vm, datetime_class().into_value(), this, changes).await
    }

    /// __reduce_ex__(proto) -> return state for pickling.
    #[method("__reduce_ex__(self, protocol, /)", text = none)]
    fn reduce_ex(vm: &Vm, this: &Value, protocol: i64) -> Value {
        let Some(stamp) = stamp_of(this) else { return Value::NONE };
        Value::from_tuple(vec![vm.class_of(this).into_value(), stamp.state(protocol > 3)])
    }

    /// __reduce__() -> (cls, state)
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &Value) -> Value {
        let Some(stamp) = stamp_of(this) else { return Value::NONE };
        Value::from_tuple(vec![vm.class_of(this).into_value(), stamp.state(false)])
    }
}

fn clock_of(this: &Date, zone: Value) -> Value {
    let m = this.moment;
    Time { hour: m.hour, minute: m.minute, second: m.second, micro: m.micro, fold: this.fold, zone }.into_value()
}

/// The first and the last moment.
pub fn limits() -> [Moment; 2] {
    let last = Moment { hour: 23, minute: 59, second: 59, micro: 999_999, ..Moment::date(9999, 12, 31) };
    [Moment::date(1, 1, 1), last]
}
