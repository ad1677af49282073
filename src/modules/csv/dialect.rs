//! Dialects: how fields are delimited and quoted.

use snakelet_macros::{methods, native_type};
use snakelet_vm::native::{Args, Native};
use snakelet_vm::object::intern::intern;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm, VmRef};

use super::{Registry, error};

pub const QUOTE_MINIMAL: i64 = 0;
pub const QUOTE_ALL: i64 = 1;
pub const QUOTE_NONNUMERIC: i64 = 2;
pub const QUOTE_NONE: i64 = 3;
pub const QUOTE_STRINGS: i64 = 4;
pub const QUOTE_NOTNULL: i64 = 5;

/// The payload of dialects.
#[native_type(
    name = "Dialect",
    module = "_csv",
    doc = "CSV dialect\n\nThe Dialect type records CSV dialect options.",
    flags(subclassable)
)]
pub struct Dialect {
    pub delimiter: u32,
    /// `u32::MAX` where there is none.
    pub quotechar: u32,
    pub escapechar: u32,
    pub lineterminator: Value,
    pub quoting: i64,
    pub doublequote: bool,
    pub skipinitialspace: bool,
    pub strict: bool,
}

/// No such character.
pub const NOTHING: u32 = u32::MAX;

const NAMES: [&str; 8] =
    ["delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting", "skipinitialspace", "strict"];

fn character(vm: &Vm, name: &str, value: Option<&Value>, default: u32) -> PyResult<u32> {
    let Some(value) = value else { return Ok(default) };
    let optional = name != "delimiter";
    if value.is_none() && optional {
        return Ok(NOTHING);
    }
    let or_none = if optional { " or None" } else { "" };
    let got = match value.as_text() {
        Some(text) if text.len() == 1 => return Ok(text.get(0).unwrap_or(NOTHING)),
        Some(text) => format!("a string of length {}", text.len()),
        None if value.is_none() => "NoneType".to_string(),
        None => vm.type_name(value),
    };
    Err(vm.type_error(format!("\"{name}\" must be a unicode character{or_none}, not {got}")))
}

#[cold]
fn bad(vm: &Vm, what: &str) -> Raised {
    vm.value_error(format!("bad {what} value"))
}

/// A dialect from another, a name or any object with such attributes, and keyword arguments (async).
pub async fn make(vm: &Vm, base: Option<Value>, named: Vec<(Value, Value)>) -> PyResult<Ref<Dialect>> {
    let mut base = base.filter(|base| !base.is_none());
    if let Some(name) = &base
        && name.as_text().is_some()
    {
        base = Some(find(vm, name)?);
    }
    if let Some(known) = &base
        && named.is_empty()
        && let Some(dialect) = known.to_ref::<Dialect>()
    {
        return Ok(dialect);
    }
    let mut given: [Option<Value>; 8] = Default::default();
    for (name, value) in named {
        let text = name.as_text().map_or(String::new(), |name| name.to_utf8_lossy().into_owned());
        match NAMES.iter().position(|&known| known == text) {
            Some(place) => given[place] = Some(value),
            None => {
                return Err(vm.type_error(format!("this function got an unexpected keyword argument '{text}'")));
            }
        }
    }
    if let Some(base) = &base {
        for (place, name) in given.iter_mut().zip(NAMES) {
            if place.is_none() {
                *place = vm.attr_opt(base, &intern(name)).await?;
            }
        }
    }
    let [delimiter, doublequote, escapechar, lineterminator, quotechar, quoting, skipinitialspace, strict] = given;
    let doublequote = match &doublequote {
        Some(value) => vm.truth(value).await?,
        None => true,
    };
    let skipinitialspace = match &skipinitialspace {
        Some(value) => vm.truth(value).await?,
        None => false,
    };
    let strict = match &strict {
        Some(value) => vm.truth(value).await?,
        None => false,
    };
    let delimiter = character(vm, "delimiter", delimiter.as_ref(), ',' as u32)?;
    let escapechar = character(vm, "escapechar", escapechar.as_ref(), NOTHING)?;
    let lineterminator = lineterminator.unwrap_or_else(|| Value::from_str("\r\n"));
    let Some(ends) = lineterminator.as_text() else {
        let got = vm.type_name(&lineterminator);
        return Err(vm.type_error(format!("\"lineterminator\" must be a string, not {got}")));
    };
    let no_quotechar = quotechar.as_ref().is_some_and(Value::is_none);
    let quotechar = character(vm, "quotechar", quotechar.as_ref(), '"' as u32)?;
    let quoting = match &quoting {
        None if no_quotechar => QUOTE_NONE,
        None => QUOTE_MINIMAL,
        Some(value) if !value.is_int() || value.as_bool().is_some() => {
            let got = vm.type_name(value);
            return Err(vm.type_error(format!("\"quoting\" must be an integer, not {got}")));
        }
        Some(value) => match value.to_i64() {
            Some(number @ 0..=5) => number,
            _ => return Err(vm.type_error("bad \"quoting\" value")),
        },
    };
    if quoting != QUOTE_NONE && quotechar == NOTHING {
        return Err(vm.type_error("quotechar must be set if quoting enabled"));
    }
    let is_newline = |code: u32| code == 10 || code == 13;
    for (name, code) in [("delimiter", delimiter), ("escapechar", escapechar), ("quotechar", quotechar)] {
        let space = code == 32 && skipinitialspace && name != "delimiter";
        if is_newline(code) || space {
            return Err(bad(vm, name));
        }
        if code != NOTHING && ends.iter().any(|end| end == code) {
            return Err(bad(vm, &format!("{name} or lineterminator")));
        }
    }
    if escapechar != NOTHING && delimiter == escapechar {
        return Err(bad(vm, "delimiter or escapechar"));
    }
    if delimiter == quotechar {
        return Err(bad(vm, "delimiter or quotechar"));
    }
    if escapechar != NOTHING && escapechar == quotechar {
        return Err(bad(vm, "escapechar or quotechar"));
    }
    let dialect =
        Dialect { delimiter, quotechar, escapechar, lineterminator, quoting, doublequote, skipinitialspace, strict };
    Ok(dialect.into_object())
}

/// The registered dialect of this name.
pub fn find(vm: &Vm, name: &Value) -> PyResult {
    let dialects = &vm.extension::<Registry>().dialects;
    match dialects.get_now(vm, name) {
        Some(found) => found?.ok_or_else(|| error(vm, "unknown dialect")),
        None => Err(error(vm, "unknown dialect")),
    }
}

fn shown(code: u32) -> Value {
    if code == NOTHING { Value::NONE } else { Value::from_char(code) }
}

#[methods]
impl Dialect {
    #[slot(new)]
    fn new(vm: &Vm, _cls: &Value, args: Args<'_>) -> PyResult {
        let (positional, values) = args.values.split_at(args.positional_count());
        if positional.len() > 1 {
            let message = format!("Dialect() takes at most 1 positional argument ({} given)", positional.len());
            return Err(vm.type_error(message));
        }
        let mut named: Vec<(Value, Value)> = args.kwnames.iter().cloned().zip(values.iter().cloned()).collect();
        let mut base = positional.first().cloned();
        named.retain(|(name, value)| {
            let is_base = name.as_text().is_some_and(|name| name == "dialect");
            if is_base {
                base = Some(value.clone());
            }
            !is_base
        });
        let vm_ref = vm.handle();
        vm.start(async move { make(&vm_ref, base, named).await.map(Ref::into_value) })
    }

    #[getter("delimiter")]
    fn delimiter(this: &Dialect) -> Value {
        shown(this.delimiter)
    }

    #[getter("quotechar")]
    fn quotechar(this: &Dialect) -> Value {
        shown(this.quotechar)
    }

    #[getter("escapechar")]
    fn escapechar(this: &Dialect) -> Value {
        shown(this.escapechar)
    }

    #[getter("lineterminator")]
    fn lineterminator(this: &Dialect) -> Value {
        this.lineterminator.clone()
    }

    #[getter("quoting")]
    fn quoting(this: &Dialect) -> i64 {
        this.quoting
    }

    #[getter("doublequote")]
    fn doublequote(this: &Dialect) -> bool {
        this.doublequote
    }

    #[getter("skipinitialspace")]
    fn skipinitialspace(this: &Dialect) -> bool {
        this.skipinitialspace
    }

    #[getter("strict")]
    fn strict(this: &Dialect) -> bool {
        this.strict
    }

    /// Dialects can't be pickled.
    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &Value) -> PyResult {
        let name = vm.class_name(this);
        Err(vm.type_error(format!("cannot pickle '{name}' instances")))
    }

    /// Dialects can't be pickled.
    #[method("__reduce_ex__(self, protocol, /)", text = none)]
    fn reduce_ex(vm: &Vm, this: &Value, _protocol: &Value) -> PyResult {
        Dialect::reduce(vm, this)
    }

    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        snakelet_vm::types::generic_alias::alias(cls, object)
    }
}

/// What `register_dialect` does (async).
pub async fn register(vm: VmRef, name: Value, base: Value, named: Vec<(Value, Value)>) -> PyResult<()> {
    if name.as_text().is_none() {
        return Err(vm.type_error("dialect name must be a string"));
    }
    let dialect = make(&vm, Some(base), named).await?;
    let dialects = vm.extension::<Registry>().dialects.clone();
    snakelet_vm::types::dict::Dict::set(&vm, &dialects, &name, dialect.as_value()).await
}
