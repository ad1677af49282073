//! Module `_json`: the parser (`scan`) and the encoder (`encode`) beneath `json`.
//!
//! Both are machines without recursion. The drivers here run them, make the calls they ask for and turn their failures into
//! exceptions.

mod encode;
mod scan;

use snakelet_macros::{methods, native_module, native_type};
use snakelet_text::{Text, TextBuilder, Units};
use snakelet_vm::errors::{Exc, fields};
use snakelet_vm::native::{Args, ModuleDef, Native, NativeFunction};
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::list::List;
use snakelet_vm::types::string::Str;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm, VmRef};

use encode::{Encoder, Settings, Strings};
use scan::{Hooks, Parser, Step};

pub const MODULE: ModuleDef = Json::MODULE;

/// Runs an expression on the typed units of a text.
macro_rules! with_units {
    ($text:expr, $units:ident => $body:expr) => {
        match $text.units() {
            Units::One($units) => $body,
            Units::Two($units) => $body,
            Units::Four($units) => $body,
        }
    };
}

/// Raises JSONDecodeError (async).
async fn decode_error(vm: &Vm, message: &str, text: &Value, at: usize) -> Raised {
    match make_decode_error(vm, message, text, at).await {
        Ok(error) => vm.raise(error),
        Err(raised) => raised,
    }
}

async fn make_decode_error(vm: &Vm, message: &str, text: &Value, at: usize) -> PyResult {
    let decoder = match vm.modules.get_text("json.decoder") {
        Some(decoder) => decoder,
        None => {
            let import = vm.builtins.get_text("__import__").unwrap_or_default();
            let package = vm.call(&import, vec![Value::from_str("json.decoder")]).await?;
            vm.attr(&package, "decoder").await?
        }
    };
    let class = vm.attr(&decoder, "JSONDecodeError").await?;
    vm.call(&class, vec![Value::from_str(message), text.clone(), Value::from_usize(at)]).await
}

/// The first argument as a str.
fn string_argument<'a>(vm: &Vm, value: &'a Value) -> PyResult<&'a Text> {
    value.as_text().ok_or_else(|| {
        let name = vm.type_name(value);
        vm.type_error(format!("first argument must be a string, not {name}"))
    })
}

/// json speedups
#[native_module("_json", types = [])]
impl Json {
    #[constant("make_scanner")]
    const SCANNER: crate::support::ClassConstant = crate::support::ClassConstant(Scanner::type_object);

    #[constant("make_encoder")]
    const ENCODER: crate::support::ClassConstant = crate::support::ClassConstant(JsonEncoder::type_object);

    /// scanstring(string, end, strict=True) -> (string, end)
    ///
    /// Scan the string for a JSON string. End is the index of the character after the quote that started the JSON string.
    /// Return a tuple of the decoded string and the index of the character after the end quote. Without strict, control
    /// characters are allowed in the string.
    #[function("scanstring(string, end, strict=True, /)", text = none, family = "tuple")]
    fn scanstring(vm: &Vm, string: &Value, end: isize, strict: bool) -> PyResult {
        let text = string_argument(vm, string)?;
        if end < 0 || end as usize > text.len() {
            return Err(vm.value_error("end is out of bounds"));
        }
        match with_units!(text, units => scan::scan_string(text, units, end as usize, strict)) {
            Ok((found, end)) => Ok(Value::from_tuple(vec![vm.new_text(found.finish())?, Value::from_usize(end)])),
            Err((message, at)) => {
                let (vm, string) = (vm.handle(), string.clone());
                Err(vm.defer(async move { Err(decode_error(&vm, message, &string, at).await) }))
            }
        }
    }

    /// Return an ASCII-only JSON representation of a Python string
    #[function("encode_basestring_ascii(object, /)")]
    fn encode_basestring_ascii(vm: &Vm, object: &Value) -> PyResult {
        let text = string_argument(vm, object)?;
        let mut out = TextBuilder::with_capacity(text.len() + 2);
        encode::write_ascii(&mut out, text);
        vm.new_text(out.finish())
    }

    /// Return a JSON representation of a Python string
    #[function("encode_basestring(object, /)")]
    fn encode_basestring(vm: &Vm, object: &Value) -> PyResult {
        let text = string_argument(vm, object)?;
        let mut out = TextBuilder::with_capacity(text.len() + 2);
        encode::write_unicode(&mut out, text);
        vm.new_text(out.finish())
    }
}

/// Declares module `_json`.
pub struct Json;

/// The payload of scanners.
#[native_type(name = "Scanner", module = "_json", doc = "JSON scanner object", flags(subclassable))]
pub struct Scanner {
    strict: Value,
    object_hook: Value,
    object_pairs_hook: Value,
    parse_float: Value,
    parse_int: Value,
    parse_constant: Value,
    #[skip_traverse]
    is_strict: bool,
}

fn optional(value: &Value) -> Option<Value> {
    (!value.is_none()).then(|| value.clone())
}

impl Scanner {
    fn hooks(&self, vm: &Vm) -> Hooks {
        let unless = |hook: &Value, builtin: &str| {
            let is_builtin = vm.builtins.get_text(builtin).is_some_and(|class| class.is(hook));
            (!is_builtin).then(|| hook.clone())
        };
        Hooks {
            strict: self.is_strict,
            object_hook: optional(&self.object_hook),
            object_pairs_hook: optional(&self.object_pairs_hook),
            parse_float: unless(&self.parse_float, "float"),
            parse_int: unless(&self.parse_int, "int"),
            parse_constant: self.parse_constant.clone(),
            int: vm.builtins.get_text("int").unwrap_or_default(),
        }
    }
}

/// Runs the parser to its end (async).
async fn scan_once(vm: VmRef, hooks: Hooks, string: Ref<Str>, at: usize) -> PyResult {
    let mut parser = Parser::new(at);
    loop {
        let step = {
            let text = string.text();
            with_units!(text, units => parser.run(&vm, text, units, &hooks))?
        };
        match step {
            Step::Done(value, end) => return Ok(Value::from_tuple(vec![value, Value::from_usize(end)])),
            Step::Call(callable, argument) => {
                let value = vm.call(&callable, vec![argument]).await?;
                parser.resume(value);
            }
            Step::Stop(at) => return Err(vm.stop_iteration(Value::from_usize(at))),
            Step::Fail(message, at) => return Err(decode_error(&vm, message, string.as_value(), at).await),
            Step::TooDeep(what) => {
                let message =
                    format!("maximum recursion depth exceeded while decoding a JSON {what} from a unicode string");
                return Err(vm.error(Exc::RecursionError, &message));
            }
            Step::Breathe => vm.breathe(2048).await?,
        }
    }
}

#[methods]
impl Scanner {
    #[new("make_scanner(context)", text = none, family = "keywords")]
    async fn new(vm: VmRef, cls: Value, context: Value) -> PyResult {
        let strict = vm.attr(&context, "strict").await?;
        let is_strict = vm.truth(&strict).await?;
        let scanner = Scanner {
            strict,
            object_hook: vm.attr(&context, "object_hook").await?,
            object_pairs_hook: vm.attr(&context, "object_pairs_hook").await?,
            parse_float: vm.attr(&context, "parse_float").await?,
            parse_int: vm.attr(&context, "parse_int").await?,
            parse_constant: vm.attr(&context, "parse_constant").await?,
            is_strict,
        };
        vm.new_instance(&cls, scanner)
    }

    #[slot(call)]
    fn call(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let Some(scanner) = this.downcast::<Scanner>() else { return Ok(Value::NONE) };
        let mut given = [None, None];
        for (index, value) in args.values.iter().enumerate() {
            let place = match index.checked_sub(args.positional_count()) {
                None => index,
                Some(keyword) => match args.kwnames[keyword].as_text() {
                    Some(name) if name == "string" => 0,
                    Some(name) if name == "idx" => 1,
                    _ => usize::MAX,
                },
            };
            match given.get_mut(place) {
                Some(place) => *place = Some(value),
                None => {
                    let got = args.values.len();
                    return Err(vm.type_error(format!("scan_once() takes at most 2 arguments ({got} given)")));
                }
            }
        }
        let [Some(string), Some(at)] = given else {
            let (name, number) = if given[0].is_none() { ("string", 1) } else { ("idx", 2) };
            return Err(vm.type_error(format!("scan_once() missing required argument '{name}' (pos {number})")));
        };
        string_argument(vm, string)?;
        let at = match vm.index_now(at) {
            Some(at) => vm.index_sized(&at?)?,
            None => return Err(vm.type_error("idx must be an int")),
        };
        if at < 0 {
            return Err(vm.value_error("idx cannot be negative"));
        }
        match string.to_ref::<Str>() {
            Some(string) => vm.start(scan_once(vm.handle(), scanner.hooks(vm), string, at as usize)),
            None => Ok(Value::NONE),
        }
    }

    /// strict
    #[getter("strict")]
    fn strict(this: &Scanner) -> bool {
        this.is_strict
    }

    /// object_hook
    #[getter("object_hook")]
    fn object_hook(this: &Scanner) -> Value {
        this.object_hook.clone()
    }

    #[getter("object_pairs_hook")]
    fn object_pairs_hook(this: &Scanner) -> Value {
        this.object_pairs_hook.clone()
    }

    /// parse_float
    #[getter("parse_float")]
    fn parse_float(this: &Scanner) -> Value {
        this.parse_float.clone()
    }

    /// parse_int
    #[getter("parse_int")]
    fn parse_int(this: &Scanner) -> Value {
        this.parse_int.clone()
    }

    /// parse_constant
    #[getter("parse_constant")]
    fn parse_constant(this: &Scanner) -> Value {
        this.parse_constant.clone()
    }
}

/// The payload of encoders.
#[native_type(name = "Encoder", module = "_json", doc = "Encoder(markers, default, encoder, ...)", flags(subclassable))]
pub struct JsonEncoder {
    markers: Value,
    encoder: Value,
    default: Value,
    skip: bool,
    #[skip_traverse]
    settings: std::rc::Rc<Settings>,
}

/// How an encoder function encodes: in one of the known ways, or by itself.
fn strings_of(encoder: &Value) -> Strings {
    let name = encoder.downcast_exact::<NativeFunction>().map(|function| (function.def.owner, function.def.name));
    match name {
        Some(("_json", "encode_basestring_ascii")) => Strings::Ascii,
        Some(("_json", "encode_basestring")) => Strings::Unicode,
        _ => Strings::Function(encoder.clone()),
    }
}

/// Runs the encoder to its end (async).
async fn encode_all(vm: VmRef, settings: std::rc::Rc<Settings>, object: Value, indent: usize) -> PyResult {
    let mut encoder = Encoder::new(object, indent);
    if let Err(raised) = drive(&vm, &settings, &mut encoder).await {
        if !encoder.notes().is_empty() && !vm.is_deferred() {
            let exception = vm.take_raised();
            for (object, place, is_key) in encoder.notes() {
                let name = vm.type_name(&object);
                let note = match place {
                    None => format!("when serializing {name} object"),
                    Some(key) if is_key => {
                        let key = vm.repr(&key).await.map_or(String::new(), |key| key.to_string_lossy());
                        format!("when serializing {name} item {key}")
                    }
                    Some(index) => format!("when serializing {name} item {}", index.to_i64().unwrap_or(0)),
                };
                fields::add_note(&exception, &note);
            }
            return Err(vm.raise(exception));
        }
        return Err(raised);
    }
    let text = vm.new_text(std::mem::take(&mut encoder.out).finish())?;
    Ok(Value::from_tuple(vec![text]))
}

async fn drive(vm: &Vm, settings: &Settings, encoder: &mut Encoder) -> PyResult<()> {
    loop {
        match encoder.run(vm, settings)? {
            encode::Step::Done => return Ok(()),
            encode::Step::Breathe => vm.breathe(2048).await?,
            encode::Step::Encode(function, text) => {
                let encoded = vm.call(&function, vec![text]).await?;
                match encoded.as_text() {
                    Some(text) => encoder.out.push_text(text),
                    None => return Err(encode::not_a_string(vm, &encoded)),
                }
                encoder.finish_key(settings);
            }
            encode::Step::Default(object) => match vm.call(&settings.default, vec![object]).await {
                Ok(object) => encoder.resume(object),
                Err(raised) => {
                    encoder.forget_default();
                    return Err(raised);
                }
            },
            encode::Step::Long(number) => {
                let shown = snakelet_vm::types::int_text::repr(vm, &number);
                let shown = vm.settle(shown).await?;
                if let Some(text) = shown.as_text() {
                    encoder.out.push_text(text);
                }
            }
            encode::Step::Items(mapping) => {
                let items = vm.attr(&mapping, "items").await?;
                let items = vm.call(&items, Vec::new()).await?;
                let items = Value::from_list(vm.collect(&items).await?);
                if settings.sort_keys {
                    let sort = vm.attr(&items, "sort").await?;
                    vm.call(&sort, Vec::new()).await?;
                }
                let items = items.downcast::<List>().map_or(Vec::new(), |list| list.items.get());
                encoder.with_items(settings, mapping, items);
            }
        }
    }
}

#[methods]
impl JsonEncoder {
    #[new(
        "make_encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
        text = none,
        family = "keywords"
    )]
    fn new(
        vm: &Vm,
        cls: &Value,
        markers: &Value,
        default: &Value,
        encoder: &Value,
        indent: &Value,
        key_separator: &Value,
        item_separator: &Value,
        sort_keys: bool,
        skipkeys: bool,
        allow_nan: bool,
    ) -> PyResult {
        for (number, separator) in [(5, key_separator), (6, item_separator)] {
            if separator.as_text().is_none() {
                let name = vm.type_name(separator);
                return Err(vm.type_error(format!("make_encoder() argument {number} must be str, not {name}")));
            }
        }
        if !markers.is_none() && markers.downcast::<Dict>().is_none() {
            let name = vm.type_name(markers);
            return Err(vm.type_error(format!("make_encoder() argument 1 must be dict or None, not {name}")));
        }
        let settings = Settings {
            markers: !markers.is_none(),
            default: default.clone(),
            strings: strings_of(encoder),
            indent: optional(indent),
            key_separator: key_separator.clone(),
            item_separator: item_separator.clone(),
            sort_keys,
            skipkeys,
            allow_nan,
        };
        let payload = JsonEncoder {
            markers: markers.clone(),
            encoder: encoder.clone(),
            default: default.clone(),
            skip: skipkeys,
            settings: std::rc::Rc::new(settings),
        };
        vm.new_instance(cls, payload)
    }

    #[slot(call)]
    fn call(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let Some(encoder) = this.downcast::<JsonEncoder>() else { return Ok(Value::NONE) };
        let by_name = |wanted: &str| {
            let at = args.kwnames.iter().position(|name| name.as_text().is_some_and(|name| name == wanted))?;
            args.values.get(args.positional_count() + at)
        };
        let positional = &args.values[..args.positional_count()];
        let Some(object) = positional.first().or_else(|| by_name("obj")) else {
            return Err(vm.type_error("_iterencode() missing required argument 'obj' (pos 1)"));
        };
        let Some(indent) = positional.get(1).or_else(|| by_name("_current_indent_level")) else {
            return Err(vm.type_error("_iterencode() missing required argument '_current_indent_level' (pos 2)"));
        };
        let indent = indent.to_i64().map_or(0, |indent| indent.clamp(0, 1 << 20) as usize);
        vm.start(encode_all(vm.handle(), encoder.settings.clone(), object.clone(), indent))
    }

    /// markers
    #[getter("markers")]
    fn markers(this: &JsonEncoder) -> Value {
        this.markers.clone()
    }

    /// default
    #[getter("default")]
    fn default(this: &JsonEncoder) -> Value {
        this.default.clone()
    }

    /// encoder
    #[getter("encoder")]
    fn encoder(this: &JsonEncoder) -> Value {
        this.encoder.clone()
    }

    /// indent
    #[getter("indent")]
    fn indent(this: &JsonEncoder) -> Option<Value> {
        this.settings.indent.clone()
    }

    /// key_separator
    #[getter("key_separator")]
    fn key_separator(this: &JsonEncoder) -> Value {
        this.settings.key_separator.clone()
    }

    /// item_separator
    #[getter("item_separator")]
    fn item_separator(this: &JsonEncoder) -> Value {
        this.settings.item_separator.clone()
    }

    /// sort_keys
    #[getter("sort_keys")]
    fn sort_keys(this: &JsonEncoder) -> bool {
        this.settings.sort_keys
    }

    /// skipkeys
    #[getter("skipkeys")]
    fn skipkeys(this: &JsonEncoder) -> bool {
        this.skip
    }
}
