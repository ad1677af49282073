//! The writer.

use snakelet_macros::{methods, native_type};
use snakelet_text::{Text, TextBuilder};
use snakelet_vm::errors::Exc;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmRef};

use super::dialect::{Dialect, NOTHING, QUOTE_ALL, QUOTE_NONE, QUOTE_NONNUMERIC, QUOTE_NOTNULL, QUOTE_STRINGS};
use super::error;

/// The payload of writers.
#[native_type(
    name = "writer",
    module = "_csv",
    doc = "CSV writer\n\nWriter objects are responsible for generating tabular data\nin CSV format from sequence input."
)]
pub struct Writer {
    pub write: Value,
    pub dialect: Ref<Dialect>,
}

/// Appends a field, quoted if need be.
fn append(vm: &Vm, dialect: &Dialect, out: &mut TextBuilder, field: Option<&Text>, quoted: bool) -> PyResult<()> {
    let mut quoted = quoted;
    let quoting = dialect.quoting;
    if field.is_none_or(Text::is_empty) && dialect.delimiter == 32 && dialect.skipinitialspace {
        if quoting == QUOTE_NONE || (field.is_none() && matches!(quoting, QUOTE_STRINGS | QUOTE_NOTNULL)) {
            return Err(error(vm, "empty field must be quoted if delimiter is a space and skipinitialspace is true"));
        }
        quoted = true;
    }
    let mut body = TextBuilder::new();
    let ends = dialect.lineterminator.as_text();
    for code in field.into_iter().flat_map(Text::iter) {
        let special = code == dialect.delimiter
            || code == dialect.escapechar
            || code == dialect.quotechar
            || code == 10
            || code == 13
            || ends.is_some_and(|ends| ends.iter().any(|end| end == code));
        if special {
            let mut escape = quoting == QUOTE_NONE;
            if !escape {
                if code == dialect.quotechar {
                    if dialect.doublequote {
                        body.push(dialect.quotechar);
                    } else {
                        escape = true;
                    }
                } else if code == dialect.escapechar {
                    escape = true;
                }
                quoted |= !escape;
            }
            if escape {
                if dialect.escapechar == NOTHING {
                    return Err(error(vm, "need to escape, but no escapechar set"));
                }
                body.push(dialect.escapechar);
            }
        }
        body.push(code);
    }
    if quoted {
        out.push(dialect.quotechar);
    }
    out.push_text(body.text());
    if quoted {
        out.push(dialect.quotechar);
    }
    Ok(())
}

async fn write_row(vm: &Vm, this: &Ref<Writer>, row: &Value) -> PyResult {
    let dialect = &this.dialect;
    let iterator = match vm.iter(row).await {
        Ok(iterator) => iterator,
        Err(raised) => {
            return Err(match vm.catch(Exc::TypeError) {
                Some(_) => error(vm, format!("iterable expected, not {}", vm.type_name(row))),
                None => raised,
            });
        }
    };
    let mut out = TextBuilder::new();
    let (mut count, mut last_is_none) = (0, false);
    while let Some(field) = vm.next(&iterator).await? {
        let slots = vm.type_of(&field).slots();
        let quoted = match dialect.quoting {
            QUOTE_NONNUMERIC => {
                !(field.is_int() || slots.float.is_some() || slots.index.is_some() || slots.int.is_some())
            }
            QUOTE_ALL => true,
            QUOTE_STRINGS => field.as_text().is_some(),
            QUOTE_NOTNULL => !field.is_none(),
            _ => false,
        };
        last_is_none = field.is_none();
        if count > 0 {
            out.push(dialect.delimiter);
        }
        count += 1;
        if field.is_none() {
            append(vm, dialect, &mut out, None, quoted)?;
        } else if let Some(text) = field.as_text() {
            append(vm, dialect, &mut out, Some(text), quoted)?;
        } else {
            let shown = vm.str(&field).await?;
            append(vm, dialect, &mut out, Some(shown.text()), quoted)?;
        }
    }
    if count > 0 && out.is_empty() {
        let null = last_is_none && matches!(dialect.quoting, QUOTE_STRINGS | QUOTE_NOTNULL);
        if dialect.quoting == QUOTE_NONE || null {
            return Err(error(vm, "single empty field record must be quoted"));
        }
        append(vm, dialect, &mut out, None, true)?;
    }
    if let Some(end) = dialect.lineterminator.as_text() {
        out.push_text(end);
    }
    let line = vm.new_text(out.finish())?;
    vm.call(&this.write, vec![line]).await
}

#[methods]
impl Writer {
    /// writerow(iterable)
    ///
    /// Construct and write a CSV record from an iterable of fields. Non-string elements will be converted to string.
    #[method("writerow(self, row, /)", text = none)]
    fn writerow(vm: &Vm, this: Ref<Writer>, row: Value) -> PyResult {
        let vm_ref = vm.handle();
        vm.start(async move { write_row(&vm_ref, &this, &row).await })
    }

    /// writerows(iterable of iterables)
    ///
    /// Construct and write a series of iterables to a csv file. Non-string elements will be converted to string.
    #[method("writerows(self, rows, /)", text = none)]
    async fn writerows(vm: VmRef, this: Ref<Writer>, rows: Value) -> PyResult<()> {
        let iterator = vm.iter(&rows).await?;
        while let Some(row) = vm.next(&iterator).await? {
            write_row(&vm, &this, &row).await?;
        }
        Ok(())
    }

    #[getter("dialect")]
    fn dialect(this: &Writer) -> Value {
        this.dialect.value()
    }
}
