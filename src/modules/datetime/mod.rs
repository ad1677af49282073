//! `_datetime`: `date`, `time`, `datetime`, `timedelta`, `tzinfo`, `timezone`.
//!
//! - [`calendar`]: the calendar and ISO text, on plain numbers;
//! - [`delta`], [`stamp`] (`date` and `datetime`), [`clock`] (`time`), [`zone`]: one file per type;
//! - [`arguments`]: what the constructors share.
//!
//! Offsets of `timezone` are known at once; other zones are Python classes, whose methods are awaited.

mod arguments;
mod calendar;
mod clock;
mod delta;
mod stamp;
mod zone;

use std::cell::OnceCell;

use snakelet_macros::native_module;
use snakelet_vm::modules::structs;
use snakelet_vm::native::{ModuleDef, Native};
use snakelet_vm::object::allocate;
use snakelet_vm::types::module::Module;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{PyResult, Ref, Value, Vm};

use clock::Time;
use delta::{Span, TimeDelta};
use stamp::{Date, Moment, datetime_class};
use zone::{TzInfo, timezone_class};

pub const MODULE: ModuleDef = DateTimeModule::MODULE;

thread_local! {
    static ISO_CALENDAR_DATE: OnceCell<Ref<Type>> = const { OnceCell::new() };
}

/// The result of `date.isocalendar()`.
fn iso_calendar_date(items: Vec<Value>) -> Value {
    ISO_CALENDAR_DATE.with(|class| {
        let class = class.get_or_init(|| {
            let doc = "The result of date.isocalendar() or datetime.isocalendar()";

            structs::make_sealed_class("datetime", "IsoCalendarDate", doc, &["year", "week", "weekday"])
        });
        structs::make(class, items)
    })
}

/// Declares module `_datetime`.
struct DateTimeModule;

/// Fast implementation of the datetime module.
#[native_module("_datetime", types = [TimeDelta, Date, Time, TzInfo])]
impl DateTimeModule {
    #[constant("MINYEAR")]
    const MINYEAR: i64 = 1;
    #[constant("MAXYEAR")]
    const MAXYEAR: i64 = calendar::MAX_YEAR;

    #[exec]
    fn exec(_vm: &Vm, module: &Value) -> PyResult<()> {
        let Some(module) = module.downcast::<Module>() else { return Ok(()) };
        let (datetime, timezone) = (datetime_class(), timezone_class());
        module.dict.set_text("datetime", datetime.value());
        module.dict.set_text("timezone", timezone.value());
        module.dict.set_text("UTC", zone::utc());
        let resolution = Span::RESOLUTION.into_value();
        let set = |class: &Ref<Type>, values: [(&str, Value); 3]| {
            for (name, value) in values {
                class.dict.set_text(name, value);
            }
            class.modified();
        };
        set(
            &TimeDelta::type_object(),
            [("min", Span::MIN.into_value()), ("max", Span::MAX.into_value()), ("resolution", resolution.clone())],
        );
        let [first, last] = stamp::limits();
        let date = |m: Moment| {
            Date { moment: Moment::date(m.year, m.month, m.day), fold: false, zone: Value::NONE }.into_value()
        };
        let day = Span { days: 1, seconds: 0, micros: 0 }.into_value();
        set(&Date::type_object(), [("min", date(first)), ("max", date(last)), ("resolution", day)]);
        let stamp = |moment: Moment| allocate(&datetime, Date { moment, fold: false, zone: Value::NONE });
        set(&datetime, [("min", stamp(first)), ("max", stamp(last)), ("resolution", resolution.clone())]);
        let time = |m: Moment| {
            let (hour, minute, second, micro) = (m.hour, m.minute, m.second, m.micro);
            Time { hour, minute, second, micro, fold: false, zone: Value::NONE }.into_value()
        };
        set(&Time::type_object(), [("min", time(first)), ("max", time(last)), ("resolution", resolution)]);
        let zone = |minutes: i64| zone::unchecked(minutes * 60_000_000, Value::NONE);
        set(&timezone, [("min", zone(-1439)), ("max", zone(1439)), ("utc", zone::utc())]);
        Ok(())
    }
}
