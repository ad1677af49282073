//! Arguments that constructors share: fields by position or name, pickled states, checks of ranges.

use snakelet_vm::native::Args;
use snakelet_vm::{PyResult, Raised, Value, Vm};

use super::calendar::{MAX_YEAR, days_in_month};
use super::clock::bytes_of;

/// The arguments of a constructor in the order of its parameters; absent ones are unbound.
pub struct Fields {
    values: Vec<Value>,
}

impl Fields {
    /// Binds arguments. `positional` of the parameters may be given by position, `required` must be given.
    pub fn bind(vm: &Vm, names: &[&str], positional: usize, required: usize, args: Args<'_>) -> PyResult<Fields> {
        let count = args.positional_count();
        if args.values.len() > names.len() || count > positional {
            let given = args.values.len();
            // Too many at all come before too many by position.
            let (most, given, kind) = match given > names.len() {
                true => (names.len(), given, ""),
                false => (positional, count, " positional"),
            };
            return Err(vm.type_error(format!("function takes at most {most}{kind} arguments ({given} given)")));
        }
        let mut values = vec![Value::UNBOUND; names.len()];
        values[..count].clone_from_slice(&args.values[..count]);
        for (name, value) in args.kwnames.iter().zip(&args.values[count..]) {
            let text = name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
            match names.iter().position(|known| *known == text) {
                None => {
                    return Err(vm.type_error(format!("this function got an unexpected keyword argument '{text}'")));
                }
                Some(at) if !values[at].is_unbound() => {
                    let place = at + 1;
                    return Err(
                        vm.type_error(format!("argument for function given by name ('{text}') and position ({place})"))
                    );
                }
                Some(at) => values[at] = value.clone(),
            }
        }
        if let Some(at) = values[..required].iter().position(Value::is_unbound) {
            let (name, place) = (names[at], at + 1);
            return Err(vm.type_error(format!("function missing required argument '{name}' (pos {place})")));
        }
        Ok(Fields { values })
    }

    /// An int, once the fields are converted.
    pub fn int(&self, at: usize, default: i64) -> i64 {
        self.values[at].to_i64().unwrap_or(default)
    }

    /// Any object; None if absent.
    pub fn value(&self, at: usize) -> Value {
        if self.values[at].is_unbound() { Value::NONE } else { self.values[at].clone() }
    }

    /// Goes on with all fields but the zone as ints. May defer, for `__index__`.
    pub fn then(self, vm: &Vm, cls: &Value, finish: fn(&Vm, &Value, &Fields) -> PyResult) -> PyResult {
        let is_zone = |count: usize, at: usize| count >= 6 && at == count - 2;
        let count = self.values.len();
        let ready = self
            .values
            .iter()
            .enumerate()
            .all(|(at, value)| value.is_unbound() || is_zone(count, at) || value.as_small_int().is_some());
        if ready {
            return finish(vm, cls, &self);
        }
        let (vm, cls) = (vm.handle(), cls.clone());
        Err(vm.defer(async move {
            let mut fields = self;
            for at in 0..count {
                if fields.values[at].is_unbound() || is_zone(count, at) {
                    continue;
                }
                let value = fields.values[at].clone();
                let number = vm.index(&value).await?;
                match number.to_i64() {
                    Some(n) if i32::try_from(n).is_ok() => fields.values[at] = Value::small_int(n),
                    Some(n) if n < 0 => {
                        return Err(vm.overflow_error("signed integer is less than minimum"));
                    }
                    Some(_) => return Err(vm.overflow_error("signed integer is greater than maximum")),
                    None => return Err(vm.overflow_error("Python int too large to convert to C long")),
                }
            }
            let result = finish(&vm, &cls, &fields);
            vm.settle(result).await
        }))
    }
}

/// The bytes of a pickled state of some length: bytes, or a str that was bytes in Python 2.
pub fn state(value: &Value, length: usize) -> Option<Vec<u8>> {
    let bytes = match value.as_text() {
        Some(text) => text.iter().map(|code| u8::try_from(code).ok()).collect::<Option<Vec<u8>>>()?,
        None => bytes_of(value)?,
    };
    if bytes.len() == length { Some(bytes) } else { None }
}

pub fn check_date(vm: &Vm, year: i64, month: i64, day: i64) -> PyResult<()> {
    if !(1..=MAX_YEAR).contains(&year) {
        return Err(vm.value_error(format!("year must be in 1..9999, not {year}")));
    }
    if !(1..=12).contains(&month) {
        return Err(vm.value_error(format!("month must be in 1..12, not {month}")));
    }
    let most = days_in_month(year, month);
    if !(1..=most).contains(&day) {
        return Err(vm.value_error(format!("day {day} must be in range 1..{most} for month {month} in year {year}")));
    }
    Ok(())
}

pub fn check_time(vm: &Vm, fields: [i64; 4], fold: i64) -> PyResult<()> {
    const LIMITS: [(&str, i64); 4] = [("hour", 23), ("minute", 59), ("second", 59), ("microsecond", 999_999)];
    for ((name, most), value) in LIMITS.into_iter().zip(fields) {
        if !(0..=most).contains(&value) {
            return Err(vm.value_error(format!("{name} must be in 0..{most}, not {value}")));
        }
    }
    if fold != 0 && fold != 1 {
        return Err(vm.value_error(format!("fold must be either 0 or 1, not {fold}")));
    }
    Ok(())
}

/// The characters of an ISO text, in which a lone surrogate may only stand as the separator behind a date.
pub fn iso_text(vm: &Vm, value: &Value, has_separator: bool) -> PyResult<Vec<char>> {
    match value.as_text() {
        Some(text) => {
            let surrogate = text.iter().position(|code| char::from_u32(code).is_none());
            let characters: Vec<char> = text.iter().map(|code| char::from_u32(code).unwrap_or('T')).collect();
            let separator = if has_separator { super::calendar::date_length(&characters) } else { None };
            let others = text.iter().filter(|code| char::from_u32(*code).is_none()).count();
            if surrogate.is_some() && (surrogate != separator || others > 1) {
                return Err(invalid_iso(vm, value));
            }
            Ok(characters)
        }
        None => Err(vm.type_error("fromisoformat: argument must be str")),
    }
}

/// May defer, for the text's repr.
#[cold]
pub fn invalid_iso(vm: &Vm, value: &Value) -> Raised {
    let (vm, value) = (vm.handle(), value.clone());
    vm.defer(async move {
        let shown = vm.repr(&value).await?.to_string_lossy();
        Err(vm.value_error(format!("Invalid isoformat string: {shown}")))
    })
}

/// The argument `timespec` of `isoformat`.
pub fn timespec(vm: &Vm, value: Option<Value>, place: usize) -> PyResult<String> {
    let Some(value) = value else { return Ok("auto".to_string()) };
    match value.as_text() {
        Some(text) => Ok(text.to_utf8_lossy().into_owned()),
        None => {
            let got = vm.type_name(&value);
            Err(vm.type_error(format!("isoformat() argument {place} must be str, not {got}")))
        }
    }
}
