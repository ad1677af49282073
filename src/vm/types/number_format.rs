//! `__format__` of str, int, float and complex: from a format specification to the padded text.
//!
//! The specification is parsed by `snakelet_text`, digits are made by `snakelet_number`; here the two meet, and errors get their
//! words. Small ints without separators are written straight into the result.

use snakelet_number::float;
use snakelet_number::format::{self as numeric, Formatted, NumericSpec};
use snakelet_text::format::{Align, FormatSpec, Grouping, Sign, SpecError, format_str as format_text};
use snakelet_text::{OutOfMemory, Text};

use crate::types::complex::Complex;
use crate::{PyResult, Raised, Value, Vm};

/// `str.__format__` for a specification that is not empty.
pub fn format_str(vm: &Vm, text: &Text, spec: &Text) -> PyResult {
    if spec.is_empty() {
        return vm.new_text(text.try_clone());
    }
    check_width(vm, spec)?;
    match format_text(text, spec.units()) {
        Ok(text) => Ok(Value::from_text(text)),
        Err(error) => Err(spec_error(vm, error, spec, "str")),
    }
}

/// `int.__format__`, for ints, bools and subclasses. May defer (an empty specification is `str(value)`).
pub fn format_int(vm: &Vm, value: &Value, spec: &Text) -> PyResult {
    if spec.is_empty() {
        return vm.str_of(value);
    }
    let parsed = match FormatSpec::parse(spec.units(), Some(b'd')) {
        Ok(parsed) => parsed,
        Err(error) => return Err(spec_error(vm, error, spec, &vm.type_name(value))),
    };
    if let Some(n) = value.as_small_int()
        && let Some(text) = format_simply(n, &parsed)
    {
        vm.check_size(parsed.width.unwrap_or(0))?;
        return vm.new_text(text);
    }
    if parsed.kind == Some(b'c'.into()) {
        return format_character(vm, value, &parsed);
    }
    check_sizes(vm, &parsed)?;
    let Some(n) = value.to_bigint() else { return Ok(Value::NONE) };
    let decimal = matches!(parsed.kind.and_then(char::from_u32), None | Some('d' | 'n'));
    if decimal && n.bits() > 10_000 {
        // The limit on digits is that of `str`; its error is the same.
        return format_long(vm, value, parsed);
    }
    match numeric::format_int(&n, &numeric_spec(&parsed)) {
        Ok(formatted) => vm.new_text(lay_out(&formatted, parsed.fill_code())),
        Err(error) => Err(numeric_error(vm, error, &vm.type_name(value))),
    }
}

/// Formats a large int by way of its `str`, which may take its time. May defer.
fn format_long(vm: &Vm, value: &Value, parsed: FormatSpec) -> PyResult {
    let lay = move |vm: &Vm, digits: Value| -> PyResult {
        let Some(digits) = digits.as_text().and_then(Text::as_str_if_ascii) else { return Ok(Value::NONE) };
        let plain = NumericSpec { precision: None, ..numeric_spec(&parsed) };
        vm.new_text(lay_out(&numeric::format_digits(digits, 'd', &plain), parsed.fill_code()))
    };
    if parsed.precision.is_some() || parsed.no_negative_zero {
        let error =
            if parsed.precision.is_some() { numeric::SpecError::Precision } else { numeric::SpecError::NegativeZero };
        return Err(numeric_error(vm, error, ""));
    }
    // An int of a subclass: its own `__str__` has no say.
    let plain = value.to_bigint().map_or(Value::NONE, |n| Value::from_bigint(n.into_owned()));
    match vm.repr_of(&plain) {
        Ok(digits) => lay(vm, digits),
        Err(raised) if !vm.is_deferred() => Err(raised),
        deferred => {
            let (handle, digits) = (vm.handle(), vm.settle(deferred));
            Err(vm.defer(async move { lay(&handle, digits.await?) }))
        }
    }
}

/// `float.__format__`, for floats and subclasses. May defer (an empty specification is `str(value)`).
pub fn format_float(vm: &Vm, value: &Value, spec: &Text) -> PyResult {
    if spec.is_empty() {
        return vm.str_of(value);
    }
    let Some(x) = value.to_float() else { return Ok(Value::NONE) };
    let parsed = match FormatSpec::parse(spec.units(), None) {
        Ok(parsed) => parsed,
        Err(error) => return Err(spec_error(vm, error, spec, &vm.type_name(value))),
    };
    if let (Some(0x66), Some(precision @ 0..=100)) = (parsed.kind, parsed.precision)
        && parsed == (FormatSpec { kind: parsed.kind, precision: parsed.precision, ..FormatSpec::default() })
    {
        // `.2f` and the like.
        let mut text = String::with_capacity(32);
        float::push(&mut text, x, &float::Layout::new(float::Style::Fixed, precision));
        return Ok(Value::from_str(&text));
    }
    check_sizes(vm, &parsed)?;
    match numeric::format_float(x, &numeric_spec(&parsed)) {
        Ok(formatted) => vm.new_text(lay_out(&formatted, parsed.fill_code())),
        Err(error) => Err(numeric_error(vm, error, &vm.type_name(value))),
    }
}

/// `complex.__format__`, for complex numbers and subclasses. May defer (an empty specification is `str(value)`).
pub fn format_complex(vm: &Vm, value: &Value, spec: &Text) -> PyResult {
    if spec.is_empty() {
        return vm.str_of(value);
    }
    let Some(z) = value.downcast::<Complex>() else { return Ok(Value::NONE) };
    let parsed = match FormatSpec::parse(spec.units(), None) {
        Ok(parsed) => parsed,
        Err(error) => return Err(spec_error(vm, error, spec, &vm.type_name(value))),
    };
    check_sizes(vm, &parsed)?;
    match numeric::format_complex(z.real, z.imag, &numeric_spec(&parsed)) {
        Ok(formatted) => vm.new_text(lay_out(&formatted, parsed.fill_code())),
        Err(error) => Err(numeric_error(vm, error, &vm.type_name(value))),
    }
}

/// A small int in `d x X o b` without separators; `None` if the specification asks for more.
fn format_simply(n: i64, spec: &FormatSpec) -> Option<Result<Text, OutOfMemory>> {
    if spec.grouping.is_some() || spec.fraction_grouping.is_some() || spec.precision.is_some() || spec.no_negative_zero
    {
        return None;
    }
    let kind = u8::try_from(spec.kind.unwrap_or(b'd'.into())).ok()?;
    let mut buffer = [0; 64];
    let magnitude = n.unsigned_abs();
    let mut at = buffer.len();
    let (shift, prefix) = match kind {
        b'd' | b'n' => (0, ""),
        b'x' => (4, "0x"),
        b'X' => (4, "0X"),
        b'o' => (3, "0o"),
        b'b' => (1, "0b"),
        _ => return None,
    };
    let mut rest = magnitude;
    loop {
        at -= 1;
        let digit = if shift == 0 { rest % 10 } else { rest & ((1 << shift) - 1) } as usize;
        buffer[at] = if kind == b'X' { b"0123456789ABCDEF"[digit] } else { b"0123456789abcdef"[digit] };
        rest = if shift == 0 { rest / 10 } else { rest >> shift };
        if rest == 0 {
            break;
        }
    }
    let digits = &buffer[at..];
    let sign = match (n < 0, spec.sign) {
        (true, _) => "-",
        (false, Some(Sign::Plus)) => "+",
        (false, Some(Sign::Space)) => " ",
        _ => "",
    };
    let prefix = if spec.alternate { prefix } else { "" };
    let padding = spec.width.unwrap_or(0).saturating_sub(sign.len() + prefix.len() + digits.len());
    let default = if spec.zero { Align::AfterSign } else { Align::Right };
    let (left, middle, right) = match spec.align.unwrap_or(default) {
        Align::Left => (0, 0, padding),
        Align::Center => (padding / 2, 0, padding - padding / 2),
        Align::AfterSign => (0, padding, 0),
        Align::Right => (padding, 0, 0),
    };
    let write = || -> Result<Text, OutOfMemory> {
        let mut out = Text::with_capacity(sign.len() + prefix.len() + digits.len() + padding)?;
        let fill = spec.fill_code();
        out.push_repeated(fill, left)?;
        out.push_str(sign)?;
        out.push_str(prefix)?;
        out.push_repeated(fill, middle)?;
        out.push_units(snakelet_text::Units::One(digits))?;
        out.push_repeated(fill, right)?;
        Ok(out)
    };
    Some(write())
}

/// `c`: the character of an int.
fn format_character(vm: &Vm, value: &Value, spec: &FormatSpec) -> PyResult {
    if spec.precision.is_some() {
        return Err(vm.value_error("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        return Err(vm.value_error("Negative zero coercion (z) not allowed in integer format specifier"));
    }
    if spec.sign.is_some() {
        return Err(vm.value_error("Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        return Err(vm.value_error("Alternate form (#) not allowed with integer format specifier 'c'"));
    }
    let Some(n) = value.to_i64() else {
        return Err(vm.overflow_error("Python int too large to convert to C long"));
    };
    let Some(code) = u32::try_from(n).ok().filter(|&code| code < 0x110000) else {
        return Err(vm.overflow_error("%c arg not in range(0x110000)"));
    };
    check_sizes(vm, spec)?;
    let text = Text::from_code(code).and_then(|text| {
        let default = if spec.zero { Align::AfterSign } else { Align::Right };
        spec.pad(&text, default)
    });
    vm.new_text(text)
}

/// The parts of a specification that numbers know.
pub fn numeric_spec(spec: &FormatSpec) -> NumericSpec {
    let grouping = |grouping: Option<Grouping>| match grouping {
        None => numeric::Grouping::None,
        Some(Grouping::Comma) => numeric::Grouping::Comma,
        Some(Grouping::Underscore) => numeric::Grouping::Underscore,
    };
    NumericSpec {
        fill_is_zero: spec.fill == Some(b'0'.into()),
        align: match spec.align {
            None => numeric::Align::Default,
            Some(Align::Left) => numeric::Align::Left,
            Some(Align::Right) => numeric::Align::Right,
            Some(Align::Center) => numeric::Align::Center,
            Some(Align::AfterSign) => numeric::Align::AfterSign,
        },
        sign: match spec.sign {
            None | Some(Sign::Minus) => numeric::SignMode::Minus,
            Some(Sign::Plus) => numeric::SignMode::Plus,
            Some(Sign::Space) => numeric::SignMode::Space,
        },
        no_negative_zero: spec.no_negative_zero,
        alternate: spec.alternate,
        zero: spec.zero,
        width: spec.width.unwrap_or(0),
        grouping: grouping(spec.grouping),
        precision: spec.precision,
        fraction_grouping: grouping(spec.fraction_grouping),
        kind: spec.kind.map(|kind| char::from_u32(kind).unwrap_or('\u{fffd}')),
    }
}

/// The text of a laid out number.
pub fn lay_out(number: &Formatted, fill: u32) -> Result<Text, OutOfMemory> {
    let mut out = Text::with_capacity(number.len())?;
    out.push_repeated(fill, number.left)?;
    out.push_str(&number.head)?;
    out.push_repeated(fill, number.middle)?;
    out.push_str(&number.body)?;
    out.push_repeated(fill, number.right)?;
    Ok(out)
}

/// MemoryError (or ValueError) for widths and precisions beyond all measure.
fn check_sizes(vm: &Vm, spec: &FormatSpec) -> PyResult<()> {
    let precision = spec.precision.unwrap_or(0);
    if precision > i32::MAX as usize {
        return Err(vm.value_error("precision too big"));
    }
    vm.check_size(spec.width.unwrap_or(0).saturating_add(precision).saturating_mul(4))
}

/// The same for a specification that is yet to be parsed.
fn check_width(vm: &Vm, spec: &Text) -> PyResult<()> {
    if spec.len() < 5 {
        return Ok(());
    }
    match FormatSpec::parse(spec.units(), Some(b's')) {
        Ok(parsed) => vm.check_size(parsed.width.unwrap_or(0)),
        Err(_) => Ok(()),
    }
}

#[cold]
fn spec_error(vm: &Vm, error: SpecError, spec: &Text, type_name: &str) -> Raised {
    if error == SpecError::OutOfMemory {
        return vm.memory_error();
    }
    let message = error.message(spec, &Text::from_str(type_name));
    vm.value_error(&*message.to_utf8_lossy())
}

#[cold]
fn numeric_error(vm: &Vm, error: numeric::SpecError, type_name: &str) -> Raised {
    let message = match error {
        numeric::SpecError::UnknownCode(code) => {
            let code = SpecError::UnknownCode(code.into());
            return spec_error(vm, code, &Text::new(), type_name);
        }
        numeric::SpecError::Precision => "Precision not allowed in integer format specifier",
        numeric::SpecError::NegativeZero => "Negative zero coercion (z) not allowed in integer format specifier",
        numeric::SpecError::ZeroPadding => "Zero padding is not allowed in complex format specifier",
        numeric::SpecError::AfterSign => "'=' alignment flag is not allowed in complex format specifier",
        numeric::SpecError::Overflow => return vm.overflow_error("int too large to convert to float"),
    };
    vm.value_error(message)
}
