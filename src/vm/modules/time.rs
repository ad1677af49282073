//! `time`: clocks, sleeping, and dates. The local time zone is UTC.

use std::cell::OnceCell;

use snakelet_macros::native_module;
use snakelet_text::TextBuilder;

use super::structs;
use crate::errors::Exc;
use crate::host::{HostReply, HostRequest};
use crate::object::Ref;
use crate::types::module::Module;
use crate::types::tuple::Tuple;
use crate::types::typeobject::Type;
use crate::{PyResult, Value, Vm, VmRef};

pub const MODULE: crate::native::ModuleDef = Time::MODULE;

thread_local! {
    static STRUCT_TIME: OnceCell<Ref<Type>> = const { OnceCell::new() };
}

fn struct_time() -> Ref<Type> {
    const FIELDS: &[&str] =
        &["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst"];
    const DOC: &str = "The time value as returned by gmtime(), localtime() and strptime().";
    STRUCT_TIME.with(|class| {
        class
            .get_or_init(|| {
                structs::make_class_with_more("time", "struct_time", DOC, FIELDS, &["tm_zone", "tm_gmtoff"])
            })
            .clone()
    })
}

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A date and time in the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Moment {
    year: i64,
    /// From 1.
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    /// Monday is 0.
    weekday: i64,
    /// From 1.
    yearday: i64,
    dst: i64,
}

/// Days from 1970-01-01 to a date.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl Moment {
    fn from_seconds(seconds: i64) -> Moment {
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + (month <= 2) as i64;
        Moment {
            year,
            month,
            day,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
            weekday: (days + 3).rem_euclid(7),
            yearday: days - days_from_civil(year, 1, 1) + 1,
            dst: 0,
        }
    }

    fn into_value(self, zone: &str) -> Value {
        let items = [
            self.year,
            self.month,
            self.day,
            self.hour,
            self.minute,
            self.second,
            self.weekday,
            self.yearday,
            self.dst,
        ];
        let items = items.into_iter().map(Value::from_i64).collect();
        structs::make_with_more(&struct_time(), items, vec![Value::from_str(zone), Value::small_int(0)])
    }

    /// A struct_time or tuple of nine ints.
    fn from_value(vm: &Vm, value: &Value, function: &str) -> PyResult<Moment> {
        let Some(tuple) = value.downcast::<Tuple>() else {
            return Err(vm.type_error("Tuple or struct_time argument required"));
        };
        let numbers: Option<Vec<i64>> = tuple.items().iter().map(Value::to_i64).collect();
        let in_range = |number: &i64| i32::try_from(*number).is_ok();
        let too_large = tuple.items().iter().any(|item| item.is_int() && item.to_i64().is_none());
        if too_large || numbers.as_ref().is_some_and(|numbers| !numbers.iter().all(in_range)) {
            return Err(vm.overflow_error("Python int too large to convert to C long"));
        }
        let Some(&[year, month, day, hour, minute, second, weekday, yearday, dst]) = numbers.as_deref() else {
            return Err(vm.type_error(format!("{function}(): illegal time tuple argument")));
        };
        if year < i64::from(i32::MIN) + 1900 {
            return Err(vm.overflow_error("year out of range"));
        }
        Ok(Moment { year, month, day, hour, minute, second, weekday, yearday, dst })
    }

    fn check(mut self, vm: &Vm) -> PyResult<Moment> {
        // Zeros stand for "unknown" in some fields.
        self.month = if self.month == 0 { 1 } else { self.month };
        self.day = if self.day == 0 { 1 } else { self.day };
        self.yearday = if self.yearday == 0 { 1 } else { self.yearday };
        // C's remainder of the weekday that starts with Sunday.
        let from_sunday = (self.weekday + 1) % 7;
        self.weekday = if from_sunday < 0 { -1 } else { (from_sunday + 6) % 7 };
        let checks = [
            (1, self.month, 12, "month out of range"),
            (1, self.day, 31, "day of month out of range"),
            (0, self.hour, 23, "hour out of range"),
            (0, self.minute, 59, "minute out of range"),
            (0, self.second, 61, "seconds out of range"),
            (0, self.weekday, 6, "day of week out of range"),
            (1, self.yearday, 366, "day of year out of range"),
        ];
        match checks.iter().find(|(low, value, high, _)| value < low || value > high) {
            Some((_, _, _, message)) => Err(vm.value_error(message)),
            None => Ok(self),
        }
    }

    fn asctime(self) -> String {
        format!(
            "{} {} {:2} {:02}:{:02}:{:02} {}",
            &DAYS[self.weekday as usize][..3],
            &MONTHS[self.month as usize - 1][..3],
            self.day,
            self.hour,
            self.minute,
            self.second,
            self.year
        )
    }

    /// Seconds since the epoch; fields beyond their range count on.
    fn seconds(self) -> i64 {
        let months = self.month - 1;
        let (year, month) = (self.year + months.div_euclid(12), months.rem_euclid(12) + 1);
        let days = days_from_civil(year, month, 1) + self.day - 1;
        days * 86_400 + self.hour * 3600 + self.minute * 60 + self.second
    }

    /// ISO 8601: year and number of the week.
    fn iso_week(self) -> (i64, i64) {
        let week = (self.yearday - 1 - self.weekday + 10) / 7;
        let weeks_in = |year: i64| {
            let january = (days_from_civil(year, 1, 1) + 3).rem_euclid(7);
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            if january == 3 || leap && january == 2 { 53 } else { 52 }
        };
        if week < 1 {
            (self.year - 1, weeks_in(self.year - 1))
        } else if week > weeks_in(self.year) {
            (self.year + 1, 1)
        } else {
            (self.year, week)
        }
    }

    fn format_one(self, directive: char) -> Option<String> {
        let (day, month) = (DAYS[self.weekday as usize], MONTHS[self.month as usize - 1]);
        let hour12 = if self.hour % 12 == 0 { 12 } else { self.hour % 12 };
        let sunday_first = (self.weekday + 1) % 7;
        Some(match directive {
            'a' => day[..3].to_string(),
            'A' => day.to_string(),
            'b' | 'h' => month[..3].to_string(),
            'B' => month.to_string(),
            'c' => self.asctime(),
            'C' => format!("{:02}", self.year.div_euclid(100)),
            'd' => format!("{:02}", self.day),
            'D' | 'x' => format!("{:02}/{:02}/{:02}", self.month, self.day, self.year.rem_euclid(100)),
            'e' => format!("{:2}", self.day),
            'F' => format!("{}-{:02}-{:02}", self.year, self.month, self.day),
            'g' => format!("{:02}", self.iso_week().0.rem_euclid(100)),
            'G' => self.iso_week().0.to_string(),
            'H' => format!("{:02}", self.hour),
            'I' => format!("{hour12:02}"),
            'j' => format!("{:03}", self.yearday),
            'm' => format!("{:02}", self.month),
            'M' => format!("{:02}", self.minute),
            'n' => "\n".to_string(),
            'p' => if self.hour < 12 { "AM" } else { "PM" }.to_string(),
            'r' => format!(
                "{hour12:02}:{:02}:{:02} {}",
                self.minute,
                self.second,
                if self.hour < 12 { "AM" } else { "PM" }
            ),
            'R' => format!("{:02}:{:02}", self.hour, self.minute),
            's' => self.seconds().to_string(),
            'S' => format!("{:02}", self.second),
            't' => "\t".to_string(),
            'T' | 'X' => format!("{:02}:{:02}:{:02}", self.hour, self.minute, self.second),
            'u' => (self.weekday + 1).to_string(),
            'U' => format!("{:02}", (self.yearday + 6 - sunday_first) / 7),
            'V' => format!("{:02}", self.iso_week().1),
            'w' => sunday_first.to_string(),
            'W' => format!("{:02}", (self.yearday + 6 - self.weekday) / 7),
            'y' => format!("{:02}", self.year.rem_euclid(100)),
            'Y' => self.year.to_string(),
            'z' => "+0000".to_string(),
            'Z' => "UTC".to_string(),
            '%' => "%".to_string(),
            _ => return None,
        })
    }

    fn format(self, format: &str) -> String {
        let mut text = String::new();
        let mut chars = format.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                text.push(c);
                continue;
            }
            match chars.next() {
                None => text.push('%'),
                Some(directive) => match self.format_one(directive) {
                    Some(formatted) => text.push_str(&formatted),
                    None => {
                        text.push('%');
                        text.push(directive);
                    }
                },
            }
        }
        text
    }
}

/// Whole seconds of an optional argument, now by default.
fn seconds(vm: &Vm, argument: &Value) -> PyResult<i64> {
    let seconds = if argument.is_none() {
        vm.host().time()
    } else if let Some(seconds) = argument.to_i64() {
        return if seconds.unsigned_abs() < 1 << 55 { Ok(seconds) } else { Err(too_large(vm)) };
    } else if let Some(seconds) = argument.to_float() {
        seconds
    } else if argument.is_int() {
        return Err(too_large(vm));
    } else {
        let got = vm.type_name(argument);
        return Err(vm.type_error(format!("'{got}' object cannot be interpreted as an integer")));
    };
    if seconds.is_nan() {
        return Err(vm.value_error("Invalid value NaN (not a number)"));
    }
    if seconds.abs() >= (1i64 << 55) as f64 { Err(too_large(vm)) } else { Ok(seconds.floor() as i64) }
}

fn too_large(vm: &Vm) -> crate::Raised {
    vm.overflow_error("timestamp out of range for platform time_t")
}

fn now(vm: &Vm) -> Moment {
    Moment::from_seconds(vm.host().time().floor() as i64)
}

fn nanoseconds(seconds: f64) -> i64 {
    (seconds * 1e9) as i64
}

/// Declares module `time`.
struct Time;

/// This module provides various functions to manipulate time values.
#[native_module("time")]
impl Time {
    #[constant("timezone")]
    const TIMEZONE: i64 = 0;
    #[constant("altzone")]
    const ALTZONE: i64 = 0;
    #[constant("daylight")]
    const DAYLIGHT: i64 = 0;
    /// How many items of a struct_time `_strptime` fills in, the zone's included.
    #[constant("_STRUCT_TM_ITEMS")]
    const STRUCT_TM_ITEMS: i64 = 11;
    #[constant("CLOCK_REALTIME")]
    const CLOCK_REALTIME: i64 = 0;
    #[constant("CLOCK_MONOTONIC")]
    const CLOCK_MONOTONIC: i64 = 1;

    /// Return the current time in seconds since the Epoch, with fractions.
    #[function("time()")]
    fn time(vm: &Vm) -> f64 {
        vm.host().time()
    }

    /// Return the current time in nanoseconds since the Epoch.
    #[function("time_ns()")]
    fn time_ns(vm: &Vm) -> i64 {
        nanoseconds(vm.host().time())
    }

    /// Monotonic clock, cannot go backward.
    #[function("monotonic()")]
    fn monotonic(vm: &Vm) -> f64 {
        vm.host().monotonic()
    }

    /// Monotonic clock, cannot go backward, as nanoseconds.
    #[function("monotonic_ns()")]
    fn monotonic_ns(vm: &Vm) -> i64 {
        nanoseconds(vm.host().monotonic())
    }

    /// Performance counter for benchmarking.
    #[function("perf_counter()")]
    fn perf_counter(vm: &Vm) -> f64 {
        vm.host().monotonic()
    }

    /// Performance counter for benchmarking as nanoseconds.
    #[function("perf_counter_ns()")]
    fn perf_counter_ns(vm: &Vm) -> i64 {
        nanoseconds(vm.host().monotonic())
    }

    /// Process time for profiling; here the monotonic clock.
    #[function("process_time()")]
    fn process_time(vm: &Vm) -> f64 {
        vm.host().monotonic()
    }

    /// Process time for profiling as nanoseconds.
    #[function("process_time_ns()")]
    fn process_time_ns(vm: &Vm) -> i64 {
        nanoseconds(vm.host().monotonic())
    }

    /// Thread time for profiling; here the monotonic clock.
    #[function("thread_time()")]
    fn thread_time(vm: &Vm) -> f64 {
        vm.host().monotonic()
    }

    /// Thread time for profiling as nanoseconds.
    #[function("thread_time_ns()")]
    fn thread_time_ns(vm: &Vm) -> i64 {
        nanoseconds(vm.host().monotonic())
    }

    /// Return the time of the specified clock clk_id as a float.
    #[function("clock_gettime(clk_id, /)")]
    fn clock_gettime(vm: &Vm, clk_id: i64) -> PyResult<f64> {
        match clk_id {
            0 => Ok(vm.host().time()),
            1 => Ok(vm.host().monotonic()),
            _ => Err(vm.os_error(crate::files::errno::Errno::EINVAL, None)),
        }
    }

    /// Return the time of the specified clock clk_id as nanoseconds, an int.
    #[function("clock_gettime_ns(clk_id, /)")]
    fn clock_gettime_ns(vm: &Vm, clk_id: i64) -> PyResult<i64> {
        Time::clock_gettime(vm, clk_id).map(nanoseconds)
    }

    /// Return the information of the specified clock.
    #[function("get_clock_info(name, /)")]
    fn get_clock_info(vm: &Vm, name: String) -> PyResult {
        let (monotonic, function) = match name.as_str() {
            "time" => (false, "clock_gettime(CLOCK_REALTIME)"),
            "monotonic" | "perf_counter" | "process_time" | "thread_time" => (true, "clock_gettime(CLOCK_MONOTONIC)"),
            _ => return Err(vm.value_error("unknown clock")),
        };
        Ok(super::sys::SimpleNamespace::make(vec![
            ("implementation", Value::from_str(function)),
            ("monotonic", Value::bool(monotonic)),
            ("adjustable", Value::bool(!monotonic)),
            ("resolution", Value::float(1e-6)),
        ]))
    }

    /// Delay execution for a given number of seconds, which may have fractions.
    #[function("sleep(seconds, /)")]
    async fn sleep(vm: VmRef, seconds: Value) -> PyResult<()> {
        let seconds = match seconds.to_float() {
            Some(seconds) => seconds,
            None if seconds.is_int() => seconds.to_i64().map_or(f64::INFINITY, |seconds| seconds as f64),
            None => match vm.type_of(&seconds).slots().index {
                Some(_) => vm.index(&seconds).await?.to_i64().map_or(f64::INFINITY, |seconds| seconds as f64),
                None => {
                    let got = vm.type_name(&seconds);
                    return Err(vm.type_error(format!("'{got}' object cannot be interpreted as an integer or float")));
                }
            },
        };
        if seconds.is_nan() {
            return Err(vm.value_error("Invalid value NaN (not a number)"));
        }
        if seconds < 0.0 {
            return Err(vm.value_error("sleep length must be non-negative"));
        }
        if seconds > 9.2e9 {
            return Err(vm.overflow_error("timestamp too large to convert to C PyTime_t"));
        }
        if seconds == 0.0 {
            // Gives way to other threads.
            return vm.breathe(u32::MAX).await;
        }
        let until = vm.host().monotonic() + seconds;
        match vm.ask_host(HostRequest::Sleep { until }).await? {
            HostReply::Failed(message) => Err(vm.error(Exc::OSError, &message)),
            _ => Ok(()),
        }
    }

    /// gmtime([seconds]) -> struct_time: seconds since the Epoch in UTC; now without an argument.
    #[function("gmtime(seconds=None, /)", text = none)]
    fn gmtime(vm: &Vm, seconds: &Value) -> PyResult {
        Ok(Moment::from_seconds(self::seconds(vm, seconds)?).into_value("GMT"))
    }

    /// localtime([seconds]) -> struct_time: seconds since the Epoch in local time; now without an argument.
    #[function("localtime(seconds=None, /)", text = none)]
    fn localtime(vm: &Vm, seconds: &Value) -> PyResult {
        Ok(Moment::from_seconds(self::seconds(vm, seconds)?).into_value("UTC"))
    }

    /// mktime(tuple) -> floating-point number: seconds since the Epoch of a local time.
    #[function("mktime(tuple, /)", text = none)]
    fn mktime(vm: &Vm, tuple: &Value) -> PyResult<f64> {
        Ok(Moment::from_value(vm, tuple, "mktime")?.seconds() as f64)
    }

    /// asctime([tuple]) -> string such as 'Sat Jun 06 16:26:11 1998'; now without an argument.
    #[function("asctime(tuple=<unrepresentable>, /)", text = none)]
    fn asctime(vm: &Vm, tuple: Option<&Value>) -> PyResult<String> {
        let moment = match tuple {
            Some(tuple) => Moment::from_value(vm, tuple, "asctime")?.check(vm)?,
            None => now(vm),
        };
        Ok(moment.asctime())
    }

    /// ctime(seconds) -> string such as 'Sat Jun 06 16:26:11 1998'; now without an argument.
    #[function("ctime(seconds=None, /)", text = none)]
    fn ctime(vm: &Vm, seconds: &Value) -> PyResult<String> {
        Ok(Moment::from_seconds(self::seconds(vm, seconds)?).asctime())
    }

    /// strftime(format[, tuple]) -> string: a time by a format specification; now without a tuple.
    #[function("strftime(format, tuple=<unrepresentable>, /)", text = none)]
    fn strftime(vm: &Vm, format: &Value, tuple: Option<&Value>) -> PyResult {
        let Some(format) = format.as_text() else {
            let got = vm.type_name(format);
            return Err(vm.type_error(format!("strftime() argument 1 must be str, not {got}")));
        };
        let moment = match tuple {
            Some(tuple) => Moment::from_value(vm, tuple, "strftime")?.check(vm)?,
            None => now(vm),
        };
        if let Ok(format) = format.to_utf8() {
            return Ok(Value::from_str(&moment.format(&format)));
        }
        // Lone surrogates stay as they are.
        let mut result = TextBuilder::new();
        let mut codes = format.iter();
        while let Some(code) = codes.next() {
            let directive = if code == u32::from('%') { codes.next().or(Some(code)) } else { None };
            match directive.map(|directive| (directive, char::from_u32(directive))) {
                None => result.push(code),
                Some((_, Some(directive))) => result.push_str(&moment.format(&format!("%{directive}"))),
                Some((surrogate, None)) => {
                    result.push_str("%");
                    result.push(surrogate);
                }
            }
        }
        vm.new_text(result.finish())
    }

    /// strptime(string, format) -> struct_time: a string read by a format specification.
    #[function("strptime(*args)", text = none)]
    async fn strptime(vm: VmRef, args: Vec<Value>) -> PyResult {
        let module = crate::import::import_module(&vm, "_strptime").await?;
        let function = vm.attr(&module, "_strptime_time").await?;
        vm.call(&function, args).await
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let _ = vm;
        if let Some(module) = module.downcast::<Module>() {
            module.dict.set_text("struct_time", struct_time().into_value());
            let utc = Value::from_str("UTC");
            module.dict.set_text("tzname", Value::from_tuple(vec![utc.clone(), utc]));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar() {
        for seconds in [0, 951_782_400, 1_709_164_800, -1, -62_135_596_800, 253_402_300_799] {
            assert_eq!(Moment::from_seconds(seconds).seconds(), seconds);
        }
        let moment = Moment::from_seconds(1_709_168_523);
        assert_eq!((moment.year, moment.month, moment.day, moment.yearday, moment.weekday), (2024, 2, 29, 60, 3));
        assert_eq!(moment.format("%G-W%V-%u %I%p %q"), "2024-W09-4 01AM %q");
    }
}
