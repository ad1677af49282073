//! One annotated function: its attribute, its Rust parameters, the wrapper and the table entry made from them.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, FnArg, Ident, Lit, LitStr, Meta, Result, Token, Type};

use crate::signature::{Kind, Passing, Signature, named_family};

/// The text in an attribute's parentheses: `"signature", family = "...", text = none`.
struct Arguments {
    text: LitStr,
    family: Option<LitStr>,
    /// `text = none`: no `__text_signature__`; `text = "..."`: this one.
    shown: Option<Option<LitStr>>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> Result<Arguments> {
        let mut arguments = Arguments { text: input.parse()?, family: None, shown: None };
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let key: Ident = input.parse()?;
            input.parse::<Token![=]>()?;
            if key == "family" {
                arguments.family = Some(input.parse()?);
            } else if key == "text" {
                arguments.shown = Some(if input.peek(LitStr) {
                    Some(input.parse()?)
                } else {
                    let none: Ident = input.parse()?;
                    if none != "none" {
                        return Err(Error::new(none.span(), "expected `none` or a string"));
                    }
                    None
                });
            } else {
                return Err(Error::new(key.span(), "expected `family` or `text`"));
            }
        }
        Ok(arguments)
    }
}

/// Where the functions live: how the wrappers name them and what the error messages call their owner.
pub struct Host {
    /// `<List>::` for an impl block, nothing for a module.
    pub prefix: TokenStream,
    /// A constant expression: the type's or the module's name.
    pub owner: TokenStream,
}

/// What one annotated function declares.
pub enum Declared {
    /// A `NativeDef`; the wrapper function is named `call`.
    Def {
        entry: TokenStream,
        call: TokenStream,
        fill: Option<TokenStream>,
    },
    Getter {
        name: String,
        doc: TokenStream,
        call: TokenStream,
        span: Span,
    },
    Setter {
        name: String,
        call: TokenStream,
        span: Span,
    },
    /// Statement that fills one slot of `slots`.
    Slot {
        fill: TokenStream,
    },
    /// `#[exec]` of a module: the function's path.
    Exec {
        path: TokenStream,
    },
}

/// Takes our attribute off `attributes`, if there is one, and makes what it declares. `index` numbers the function in its
/// block, `entry` is the next free place in the block's table.
pub fn declare(
    attributes: &mut Vec<Attribute>,
    signature: &syn::Signature,
    host: &Host,
    index: usize,
    entry: usize,
) -> Result<Option<Declared>> {
    const NAMES: [&str; 10] =
        ["function", "method", "classmethod", "staticmethod", "new", "init", "getter", "setter", "slot", "exec"];
    let Some((position, name)) = attributes.iter().enumerate().find_map(|(position, attribute)| {
        let name = attribute.path().get_ident()?.to_string();
        NAMES.contains(&name.as_str()).then_some((position, name))
    }) else {
        return Ok(None);
    };
    let attribute = attributes.remove(position);
    if let Some(FnArg::Receiver(receiver)) = signature.inputs.first() {
        return Err(Error::new(receiver.span(), "natives take `vm: &Vm, this: &T` (or `this: &Value`), not `self`"));
    }
    let doc = docstring(attributes);
    let rust = RustFunction::new(signature, host);
    let kind = match name.as_str() {
        "function" => Kind::Function,
        "method" => Kind::Method,
        "classmethod" => Kind::ClassMethod,
        "staticmethod" => Kind::StaticMethod,
        "new" => Kind::New,
        "init" => Kind::Init,
        "getter" => {
            let name: LitStr = attribute.parse_args()?;
            let call = accessor(&rust, index, quote!(#entry))?;
            return Ok(Some(Declared::Getter { name: name.value(), doc, call, span: name.span() }));
        }
        "setter" => {
            let name: LitStr = attribute.parse_args()?;
            let place = entry_name(index);
            let call = accessor(&rust, index, quote!(#place))?;
            return Ok(Some(Declared::Setter { name: name.value(), call, span: name.span() }));
        }
        "slot" => {
            let slot: Ident = attribute.parse_args()?;
            return Ok(Some(Declared::Slot { fill: slot_entry(&slot, &rust)? }));
        }
        _ => return Ok(Some(Declared::Exec { path: rust.path })),
    };
    let arguments: Arguments = attribute.parse_args()?;
    let span = arguments.text.span();
    let parsed = Signature::parse(&arguments.text.value(), kind).map_err(|message| Error::new(span, message))?;
    let family = match &arguments.family {
        Some(family) => named_family(&family.value()).ok_or_else(|| {
            Error::new(
                family.span(),
                "families: none, one, positional, keywords, mixed, tuple (see the header of native/mod.rs)",
            )
        })?,
        None => parsed.family(kind),
    };
    let call = wrapper(&rust, &parsed, kind, (index, entry), span)?;
    let fill = match kind {
        Kind::New => Some(format_ident!("new")),
        Kind::Init => Some(format_ident!("init")),
        _ => None,
    };
    let call_name = call_name(index);
    let fill = fill.map(|slot| quote!(slots.#slot = Some(#call_name);));
    Ok(Some(Declared::Def { entry: table_entry(&parsed, &arguments, kind, family, doc, host, index)?, call, fill }))
}

/// The Rust function behind an attribute.
struct RustFunction<'a> {
    path: TokenStream,
    is_async: bool,
    takes_vm: bool,
    /// Types of the parameters after the vm.
    types: Vec<&'a Type>,
    /// Whether the declared result is `PyResult` or `PyResult<Value>`, so that nothing is left to convert.
    plain_result: bool,
    span: Span,
}

impl<'a> RustFunction<'a> {
    fn new(signature: &'a syn::Signature, host: &Host) -> RustFunction<'a> {
        let mut types: Vec<&Type> = vec![];
        for input in &signature.inputs {
            if let FnArg::Typed(typed) = input {
                types.push(&typed.ty);
            }
        }
        let takes_vm = types.first().is_some_and(|ty| matches!(last_segment(ty).as_deref(), Some("Vm" | "VmRef")));
        if takes_vm {
            types.remove(0);
        }
        let (prefix, name) = (&host.prefix, &signature.ident);
        let result = signature.output.to_token_stream().to_string();
        let result = result.trim_start_matches("->").trim();
        RustFunction {
            path: quote!(#prefix #name),
            is_async: signature.asyncness.is_some(),
            takes_vm,
            types,
            plain_result: matches!(result, "PyResult" | "PyResult < Value >"),
            span: signature.ident.span(),
        }
    }

    /// The call with its result turned into a `PyResult`; async functions become the call's continuation.
    fn call(&self, values: &[TokenStream]) -> TokenStream {
        let path = &self.path;
        if self.is_async {
            let vm = self.takes_vm.then(|| quote!(vm,));
            quote! {{
                let vm = vm.handle();
                Err(vm.defer(async move { __n::IntoResult::into_result(#path(#vm #(#values),*).await, &vm) }))
            }}
        } else {
            let vm = self.takes_vm.then(|| quote!(vm,));
            quote!(__n::IntoResult::into_result(#path(#vm #(#values),*), vm))
        }
    }
}

fn wrapper(
    rust: &RustFunction<'_>,
    signature: &Signature,
    kind: Kind,
    (index, entry): (usize, usize),
    span: Span,
) -> Result<TokenStream> {
    let receiver = usize::from(kind.has_receiver());
    let wanted = signature.parameters.len() + receiver;
    if rust.types.len() != wanted {
        let message =
            format!("the signature asks for {wanted} parameters after the vm, the function has {}", rust.types.len());
        return Err(Error::new(rust.span, message));
    }
    let plain = signature.names().len();
    let exact = signature.is_exact();
    let mut statements = vec![];
    statements.push(match (exact, plain) {
        (true, 0) => quote!(cx.exact::<0>()?;),
        (true, _) => quote!(let values = cx.exact::<#plain>()?;),
        (false, 0) => quote!(cx.bind::<0>()?;),
        (false, _) => quote!(let bound = cx.bind::<#plain>()?;),
    });
    let mut values = vec![];
    if receiver == 1 {
        statements.push(quote!(let this = __n::FromSelf::from_self(&cx, cx.receiver)?;));
        values.push(quote!(this));
    }
    let mut number = 0usize;
    for (position, parameter) in signature.parameters.iter().enumerate() {
        let variable = format_ident!("a{position}");
        let ty = rust.types[position + receiver];
        let statement = match parameter.passing {
            Passing::Rest => quote!(let #variable = __n::FromRest::from_rest(&cx);),
            Passing::Keywords => quote!(let #variable = __n::FromKeywords::from_keywords(&cx);),
            _ => {
                let this_number = number;
                number += 1;
                if exact {
                    quote!(let #variable = __n::FromArg::from_arg(&cx, &values[#this_number], #this_number)?;)
                } else {
                    bound_argument(&variable, ty, parameter.default.as_deref(), this_number, span)?
                }
            }
        };
        statements.push(statement);
        values.push(quote!(#variable));
    }
    let call = rust.call(&values);
    let name = call_name(index);
    let (extra, context) = match kind {
        Kind::New | Kind::Init => {
            (Some(quote!(receiver: &__n::Value,)), quote!(__n::Cx::constructor(vm, &DEFS[#entry], receiver, args)))
        }
        Kind::Method | Kind::ClassMethod => (None, quote!(__n::Cx::method(vm, &DEFS[#entry], args)?)),
        Kind::Function | Kind::StaticMethod => (None, quote!(__n::Cx::function(vm, &DEFS[#entry], args))),
    };
    Ok(quote! {
        fn #name(vm: &__n::Vm, #extra args: __n::Args<'_>) -> __n::PyResult {
            let cx = #context;
            #(#statements)*
            #call
        }
    })
}

/// The statement that converts one bound argument, with its default.
fn bound_argument(
    variable: &Ident,
    ty: &Type,
    default: Option<&str>,
    number: usize,
    span: Span,
) -> Result<TokenStream> {
    let value = quote!(bound[#number]);
    let Some(default) = default else {
        return Ok(quote!(let #variable = __n::FromArg::from_arg(&cx, #value, #number)?;));
    };
    let last = last_segment(ty);
    if last.as_deref() == Some("Option") {
        let helper = if default == "None" { quote!(optional_or_none) } else { quote!(optional) };
        return Ok(quote!(let #variable = __n::#helper(&cx, #value, #number)?;));
    }
    let is_reference = matches!(ty, Type::Reference(_));
    if let Some(literal) = rust_literal(default, last.as_deref(), is_reference) {
        return Ok(quote!(let #variable = __n::or_default(&cx, #value, #number, #literal)?;));
    }
    let Some(literal) = value_literal(default) else {
        let message = format!("the default `{default}` of parameter {} has no Rust form: take an Option", number + 1);
        return Err(Error::new(span, message));
    };
    if last.as_deref() == Some("Value") && !is_reference {
        return Ok(quote!(let #variable = __n::or_default(&cx, #value, #number, #literal)?;));
    }
    let holder = format_ident!("{variable}_default");
    Ok(quote! {
        let #holder = #literal;
        let #variable = __n::FromArg::from_arg(&cx, if #value.is_unbound() { &#holder } else { #value }, #number)?;
    })
}

/// A default as a literal of the parameter's own Rust type, where that is simple.
fn rust_literal(default: &str, ty: Option<&str>, is_reference: bool) -> Option<TokenStream> {
    let ty = ty?;
    let literal = match ty {
        "bool" if default == "True" => "true".to_string(),
        "bool" if default == "False" => "false".to_string(),
        "isize" | "usize" | "i64" | "i32" | "u32" if default == "sys.maxsize" => format!("{ty}::MAX"),
        "isize" | "usize" | "i64" | "i32" | "u32" | "u8" if default.parse::<i64>().is_ok() => default.to_string(),
        "f64" => format!("{}f64", default.parse::<f64>().ok()?),
        "str" if is_reference => format!("{:?}", python_str(default)?),
        _ => return None,
    };
    literal.parse().ok()
}

/// A default as an expression of type `Value`.
fn value_literal(default: &str) -> Option<TokenStream> {
    Some(match default {
        "None" => quote!(__n::Value::NONE),
        "True" => quote!(__n::Value::TRUE),
        "False" => quote!(__n::Value::FALSE),
        "()" => quote!(__n::empty_tuple(vm)),
        _ => {
            if let Ok(number) = default.parse::<i32>() {
                let number = i64::from(number);
                quote!(__n::Value::small_int(#number))
            } else {
                let text = python_str(default)?;
                quote!(__n::interned(vm, #text))
            }
        }
    })
}

/// The contents of a simple Python string literal.
fn python_str(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut result = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        result.push(match c {
            '\\' => match chars.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                c @ ('\\' | '\'' | '"') => c,
                _ => return None,
            },
            c => c,
        });
    }
    Some(result)
}

fn table_entry(
    signature: &Signature,
    arguments: &Arguments,
    kind: Kind,
    family: &str,
    doc: TokenStream,
    host: &Host,
    index: usize,
) -> Result<TokenStream> {
    let name = match kind {
        Kind::New => "__new__",
        Kind::Init => "__init__",
        _ => &signature.name,
    };
    let text = match &arguments.shown {
        None => shown_text(&signature.text),
        Some(None) => quote!(__n::Docstring::NONE),
        Some(Some(text)) => shown_text(&text.value()),
    };
    let (owner, call) = (&host.owner, call_name(index));
    let (function, extra) = match kind {
        Kind::New | Kind::Init => (quote!(__n::call_new), quote!(__n::Extra::Constructor(#call))),
        _ => (quote!(#call), quote!(__n::Extra::None)),
    };
    let kind = format_ident!("{kind:?}");
    let family = format_ident!("{family}");
    let names = signature.names();
    let small = |n: usize| u8::try_from(n).map_err(|_| Error::new(arguments.text.span(), "too many parameters"));
    let (only, positional) = (small(signature.positional_only())?, small(signature.positional())?);
    let (required, keywords) = (small(signature.required())?, small(signature.required_keywords())?);
    let (rest, any) = (signature.has(Passing::Rest), signature.has(Passing::Keywords));
    Ok(quote! {
        __n::NativeDef {
            name: #name,
            text: #text,
            doc: #doc,
            owner: #owner,
            function: #function,
            extra: #extra,
            kind: __n::DefKind::#kind,
            params: __n::Params {
                names: &[#(#names),*],
                positional_only: #only,
                positional: #positional,
                required: #required,
                required_keywords: #keywords,
                rest: #rest,
                keywords: #any,
                family: __n::Family::#family,
            },
        }
    })
}

/// The table entry of an attribute made of a getter and maybe a setter.
pub fn accessor_entry(name: &str, doc: &TokenStream, host: &Host, getter: usize, setter: Option<usize>) -> TokenStream {
    let (owner, call) = (&host.owner, call_name(getter));
    let setter = match setter.map(call_name) {
        Some(setter) => quote!(__n::Extra::Setter(#setter)),
        None => quote!(__n::Extra::None),
    };
    quote! {
        __n::NativeDef {
            name: #name,
            text: __n::Docstring::NONE,
            doc: #doc,
            owner: #owner,
            function: #call,
            extra: #setter,
            kind: __n::DefKind::GetSet,
            params: __n::Params::NONE,
        }
    }
}

/// The wrapper of a getter (one parameter) or setter (two). `entry` is the attribute's place in the table; a setter uses its
/// getter's, which the block defines as a constant.
fn accessor(rust: &RustFunction<'_>, index: usize, entry: TokenStream) -> Result<TokenStream> {
    let is_setter = rust.types.len() == 2;
    if !is_setter && rust.types.len() != 1 {
        return Err(Error::new(rust.span, "a getter takes `vm, this`, a setter `vm, this, value: Option<&Value>`"));
    }
    let name = call_name(index);
    let mut values = vec![quote!(this)];
    let mut convert = None;
    if is_setter {
        convert = Some(quote!(let value = __n::optional(&cx, cx.assigned(), 0)?;));
        values.push(quote!(value));
    }
    let call = rust.call(&values);
    Ok(quote! {
        fn #name(vm: &__n::Vm, args: __n::Args<'_>) -> __n::PyResult {
            let cx = __n::Cx::method(vm, &DEFS[#entry], args)?;
            let this = __n::FromSelf::from_self(&cx, cx.receiver)?;
            #convert
            #call
        }
    })
}

/// `slots.name = Some(function)`, through an adapter if the Rust function takes a typed receiver or is async.
fn slot_entry(slot: &Ident, rust: &RustFunction<'_>) -> Result<TokenStream> {
    let path = &rust.path;
    let plain = |ty: &Type| last_segment(ty).is_some_and(|name| name == "Value") && matches!(ty, Type::Reference(_));
    let direct = !rust.is_async && rust.takes_vm && rust.plain_result;
    if direct && rust.types.first().is_none_or(|ty| plain(ty)) {
        return Ok(quote!(slots.#slot = Some(#path);));
    }
    let names: Vec<Ident> = (0..rust.types.len()).map(|index| format_ident!("a{index}")).collect();
    let mut statements = vec![];
    for (position, (name, ty)) in names.iter().zip(&rust.types).enumerate() {
        if position == 0 && !plain(ty) {
            statements.push(quote!(let #name = __n::slot_receiver(vm, #name)?;));
        } else if rust.is_async {
            statements.push(quote!(let #name = __n::SlotArg::own(#name);));
        }
    }
    let values: Vec<TokenStream> = names.iter().map(ToTokens::to_token_stream).collect();
    let body = rust.call(&values);
    Ok(quote! {
        slots.#slot = Some(|vm, #(#names),*| {
            let _ = vm;
            #(#statements)*
            #body
        });
    })
}

/// The wrapper function of the block's `index`th function.
pub fn call_name(index: usize) -> Ident {
    format_ident!("call_{index}")
}

/// The constant that holds the table place of the setter that is function `index`.
pub fn entry_name(index: usize) -> Ident {
    format_ident!("ENTRY_{index}")
}

/// The last path segment of a type, references taken off: `Value` for `&'a Value`.
fn last_segment(ty: &Type) -> Option<String> {
    match ty {
        Type::Reference(reference) => last_segment(&reference.elem),
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        Type::Paren(inner) => last_segment(&inner.elem),
        Type::Group(inner) => last_segment(&inner.elem),
        _ => None,
    }
}

/// The doc comment as `Some("...")`, or `None`.
pub fn doc_comment(attributes: &[Attribute]) -> TokenStream {
    match doc_text(attributes) {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}

/// The doc comment as a `Docstring`.
fn docstring(attributes: &[Attribute]) -> TokenStream {
    match doc_text(attributes) {
        Some(text) => shown_text(&text),
        None => quote!(__n::Docstring::NONE),
    }
}

/// A `Docstring` with this text.
fn shown_text(text: &str) -> TokenStream {
    quote! {
        __n::Docstring::new({
            fn native_docstring() -> &'static str {
                #text
            }
            native_docstring
        })
    }
}

fn doc_text(attributes: &[Attribute]) -> Option<String> {
    let mut text = String::new();
    for attribute in attributes {
        if let Meta::NameValue(meta) = &attribute.meta
            && meta.path.is_ident("doc")
            && let Expr::Lit(literal) = &meta.value
            && let Lit::Str(line) = &literal.lit
        {
            let line = line.value();
            text.push_str(line.strip_prefix(' ').unwrap_or(&line).trim_end());
            text.push('\n');
        }
    }
    let text = text.trim_matches('\n');
    (!text.is_empty()).then(|| text.to_string())
}
