//! Recorded specifications and templates; a small renderer over strings stands in for the VM.

use super::*;
use crate::search::split::Range;
use crate::testing::{Record, int, records};
use crate::{Text, escape};

fn part(text: &Text, (start, stop): Range) -> Text {
    text.slice(start, stop).unwrap()
}

fn check(record: &Record, ours: Result<Vec<Text>, Text>) {
    assert_eq!(ours, record.result, "{}", record.line);
}

#[test]
fn specifications() {
    for record in records("spec") {
        let (kind, spec) = (record.args[0].to_utf8().unwrap(), &record.args[1]);
        let message = |error: SpecError| error.message(spec, &record.args[0]);
        if kind == "str" {
            let ours = format_str(&Text::from_static("abc"), spec.units());
            check(&record, ours.map(|text| vec![text]).map_err(message));
            continue;
        }
        // Only what the specification by itself is wrong about.
        let default = (kind == "int").then_some(b'd');
        match FormatSpec::parse(spec.units(), default) {
            Ok(_) => {
                let other = |text: &Text| {
                    text.to_utf8_lossy().contains("Unknown format") || text.to_utf8_lossy().contains("not allowed in")
                };
                assert!(record.result.as_ref().err().is_none_or(other), "{}", record.line);
            }
            Err(error) => check(&record, Err(message(error))),
        }
    }
}

#[test]
fn fields_of_a_specification() {
    let spec = FormatSpec::parse(Text::from_static("*^+z#12_.3,f").units(), None).unwrap();
    let expected = FormatSpec {
        fill: Some(0x2a),
        align: Some(Align::Center),
        sign: Some(Sign::Plus),
        no_negative_zero: true,
        alternate: true,
        zero: false,
        width: Some(12),
        grouping: Some(Grouping::Underscore),
        precision: Some(3),
        fraction_grouping: Some(Grouping::Comma),
        kind: Some(0x66),
    };
    assert_eq!(spec, expected);
}

#[test]
fn pieces() {
    for record in records("pieces") {
        let text = &record.args[0];
        let mut ours = Ok(Vec::new());
        for piece in Template::new(text.units()) {
            match piece {
                Err(error) => ours = Err(error.message()),
                Ok(TemplatePiece { literal, field }) => {
                    let none = || Text::from_static("None");
                    let all = ours.as_mut().unwrap();
                    all.push(part(text, literal));
                    all.push(field.map_or_else(none, |field| part(text, field.name)));
                    all.push(field.map_or_else(none, |field| part(text, field.spec)));
                    let conversion = field.and_then(|field| field.conversion);
                    all.push(conversion.map_or_else(none, |code| Text::from_code(code).unwrap()));
                }
            }
        }
        check(&record, ours);
    }
}

fn render(text: &Text, range: Range, depth: u32, numbering: &mut AutoNumber) -> Result<Text, Text> {
    let mut out = Text::new();
    if depth == 0 {
        return Err(TemplateError::TooDeep.message());
    }
    for piece in Template::of_range(text.units(), range) {
        let TemplatePiece { literal, field } = piece.map_err(TemplateError::message)?;
        out.push_slice(text, literal.0, literal.1).unwrap();
        let Some(field) = field else { continue };
        let name = FieldName::split(text.units(), field.name, Some(numbering)).map_err(TemplateError::message)?;
        let value = match name.first {
            First::Index(index) => ["5", "8", "q\u{e9}"].get(index).copied(),
            First::Key(key) => (part(text, key) == *"a").then_some("12"),
        };
        let mut value = Text::from_str(value.ok_or(Text::from_static("missing"))?);
        for accessor in name.rest {
            match accessor.map_err(TemplateError::message)? {
                Accessor::Index(0) => value = value.slice(0, 1).unwrap(),
                _ => return Err(Text::from_static("accessor")),
            }
        }
        value = match field.conversion.and_then(char::from_u32) {
            None | Some('s') => value,
            Some('r') => escape::repr(&value).unwrap(),
            Some('a') => escape::ascii(&value).unwrap(),
            Some(other) => return Err(TemplateError::UnknownConversion(other.into()).message()),
        };
        let spec = if field.nested { render(text, field.spec, depth - 1, numbering)? } else { part(text, field.spec) };
        let formatted = format_str(&value, spec.units());
        out.push_text(&formatted.map_err(|error| error.message(&spec, &Text::from_static("str")))?).unwrap();
    }
    Ok(out)
}

#[test]
fn templates() {
    for record in records("template") {
        let text = &record.args[0];
        let ours = render(text, (0, text.len()), 2, &mut AutoNumber::default());
        check(&record, ours.map(|text| vec![text]));
    }
}

#[test]
fn field_names() {
    for record in records("names") {
        let text = &record.args[0];
        let split = || {
            let name = FieldName::split(text.units(), (0, text.len()), None)?;
            let number = |index: usize| Text::from_str(&index.to_string());
            let mut out = match name.first {
                First::Index(index) => vec![Text::from_static("int"), number(index)],
                First::Key(key) => vec![Text::from_static("str"), part(text, key)],
            };
            for accessor in name.rest {
                let (attribute, shown) = match accessor? {
                    Accessor::Attribute(name) => (1, part(text, name)),
                    Accessor::Index(index) => (0, number(index)),
                    Accessor::Key(key) => (0, part(text, key)),
                };
                out.extend([number(attribute), shown]);
            }
            Ok(out)
        };
        check(&record, split().map_err(TemplateError::message));
    }
}

/// What the VM does with a template and string arguments ("#" marks the integers among them).
pub(crate) fn percent(text: &Text, args: &[Text]) -> Result<Text, String> {
    let is_mapping = args.first().is_some_and(|arg| *arg == *"dict");
    let mut next = 0;
    let mut arg = || {
        next += 1;
        args.get(next - 1).ok_or("TypeError: not enough arguments for format string".to_string())
    };
    let integer = |arg: &Text| {
        let digits = arg.to_utf8_lossy().strip_prefix('#').map(Text::from_str);
        digits.map(|digits| int(&digits)).ok_or("TypeError: * wants int".to_string())
    };
    let mut out = Text::new();
    for piece in Percent::new(text.units()) {
        let conversion = match piece {
            PercentPiece::Literal((start, stop)) => {
                out.push_slice(text, start, stop).unwrap();
                continue;
            }
            PercentPiece::Conversion(conversion) => conversion,
        };
        let mut value = None;
        if let Some(key) = conversion.key {
            if !is_mapping {
                return Err("TypeError: format requires a mapping".into());
            }
            if conversion.error == Some(PercentError::IncompleteKey) {
                return Err("ValueError: incomplete format key".into());
            }
            value = Some(match &*part(text, key).to_utf8_lossy() {
                "a" => "v",
                "" => "e",
                "a(b)c" => "n",
                other => return Err(format!("KeyError: '{other}'")),
            });
        }
        let mut left = conversion.left;
        let width = match conversion.width {
            Size::None => 0,
            Size::Number(number) => number,
            Size::Argument => {
                let number = integer(arg()?)?;
                left |= number < 0;
                number.unsigned_abs()
            }
        };
        let precision = match conversion.precision {
            Size::None => None,
            Size::Number(number) => Some(number),
            Size::Argument => Some(usize::try_from(integer(arg()?)?).unwrap_or(0)),
        };
        if let Some(error) = conversion.error {
            return Err(format!("ValueError: {}", error.message()));
        }
        let value = match value {
            Some(value) => Text::from_str(value),
            None => arg()?.clone(),
        };
        let number = value.to_utf8_lossy().strip_prefix('#').map(Text::from_str);
        let shown = match char::from_u32(conversion.kind) {
            Some('s') => number.unwrap_or(value),
            Some('r') => number.unwrap_or_else(|| escape::repr(&value).unwrap()),
            Some('a') => number.unwrap_or_else(|| escape::ascii(&value).unwrap()),
            Some('c') if value.len() == 1 => value,
            Some('c') => return Err("%c".into()),
            _ => {
                let shown = if (31..128).contains(&conversion.kind) { conversion.kind } else { 0x3f };
                let shown = char::from_u32(shown).unwrap();
                let (code, at) = (conversion.kind, conversion.at);
                return Err(format!("ValueError: unsupported format character '{shown}' ({code:#x}) at index {at}"));
            }
        };
        let precision = if conversion.kind == 0x63 { None } else { precision };
        out.push_text(&percent::pad(&shown, left, width, precision).unwrap()).unwrap();
    }
    if !is_mapping && next < args.len() {
        return Err("TypeError: not all arguments converted during string formatting".into());
    }
    Ok(out)
}

#[test]
fn percent_templates() {
    for record in records("percent") {
        let text = &record.args[0];
        let args = &record.args[1..];
        // How a whole mapping is shown or fails as a value is not this crate's business.
        if args.first().is_some_and(|arg| *arg == *"dict") && !text.to_utf8_lossy().contains("%(") {
            continue;
        }
        let ours = percent(text, args);
        if ours == Err("%c".into()) {
            continue;
        }
        check(&record, ours.map(|text| vec![text]).map_err(|message| Text::from_str(&message)));
    }
}
