//! `print`.

use snakelet_macros::functions;

use crate::files::stream::{Class, IoObject};
use crate::files::text::standard_output;
use crate::types::string::Str;
use crate::{PyResult, Value, Vm};

pub struct Print;

#[functions("builtins", FUNCTIONS)]
impl Print {
    /// Prints the values to a stream, or to sys.stdout by default.
    ///
    /// sep
    ///   string inserted between values, default a space.
    /// end
    ///   string appended after the last value, default a newline.
    /// file
    ///   a file-like object (stream); defaults to the current sys.stdout.
    /// flush
    ///   whether to forcibly flush the stream.
    #[function("print(*args, sep=' ', end='\\n', file=None, flush=False)")]
    fn print(vm: &Vm, args: &[Value], sep: &Value, end: &Value, file: Option<&Value>, flush: bool) -> PyResult {
        let sep = separator(vm, sep, "sep", " ")?;
        let end = separator(vm, end, "end", "\n")?;
        let file = match file {
            Some(file) => file.clone(),
            None => match vm.sys.get_str(&crate::name!(stdout)) {
                Some(file) if file.is_none() => return Ok(Value::NONE),
                Some(file) => file,
                None => return Err(vm.runtime_error("lost sys.stdout")),
            },
        };
        if let Some(stream) = standard_output(&file)
            && args.iter().all(is_simple)
        {
            let mut line = String::new();
            for (number, value) in args.iter().enumerate() {
                if number > 0 {
                    push(vm, &mut line, &sep)?;
                }
                push(vm, &mut line, value)?;
            }
            push(vm, &mut line, &end)?;
            vm.write(stream, &line);
            return Ok(Value::NONE);
        }
        let (vm, args) = (vm.handle(), args.to_vec());
        Err(vm.defer(async move {
            for (number, value) in args.iter().enumerate() {
                if number > 0 {
                    write(&vm, &file, &sep).await?;
                }
                let text = vm.str(value).await?.into_value();
                write(&vm, &file, &text).await?;
            }
            write(&vm, &file, &end).await?;
            if flush {
                let method = vm.attr(&file, "flush").await?;
                vm.call(&method, Vec::new()).await?;
            }
            Ok(Value::NONE)
        }))
    }
}

fn separator(vm: &Vm, value: &Value, name: &str, default: &str) -> PyResult {
    if value.is_none() {
        return Ok(crate::object::intern::intern(default));
    }
    if value.as_text().is_none() {
        let got = vm.type_name(value);
        return Err(vm.type_error(format!("{name} must be None or a string, not {got}")));
    }
    Ok(value.clone())
}

/// Whether `push` knows the value.
fn is_simple(value: &Value) -> bool {
    value.is_small_int() || value.is_none() || value.as_bool().is_some() || value.downcast_exact::<Str>().is_some()
}

fn push(vm: &Vm, line: &mut String, value: &Value) -> PyResult<()> {
    if let Some(text) = value.as_text() {
        match text.as_str_if_ascii() {
            Some(ascii) => line.push_str(ascii),
            None => line.push_str(&crate::files::text::encodable(vm, value)?),
        }
    } else if let Some(number) = value.as_small_int() {
        let mut digits = [0; 20];
        let mut at = digits.len();
        let mut rest = number.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if number < 0 {
            line.push('-');
        }
        line.extend(digits[at..].iter().map(|&digit| digit as char));
    } else {
        line.push_str(match value.as_bool() {
            Some(true) => "True",
            Some(false) => "False",
            None => "None",
        });
    }
    Ok(())
}

/// Hands a str to `file.write`.
pub(crate) async fn write(vm: &Vm, file: &Value, text: &Value) -> PyResult {
    if let Some(native) = file.to_ref::<IoObject>()
        && native.is_exactly(file, Class::TextIOWrapper)
    {
        let result = crate::files::text::write(vm, &native, text);
        return vm.settle(result).await;
    }
    let method = vm.attr(file, "write").await?;
    vm.call(&method, vec![text.clone()]).await
}
