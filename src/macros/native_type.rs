//! `#[native_type]`: the `Native` and `Traverse` implementations of a payload struct.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Fields, GenericArgument, Ident, ItemStruct, LitStr, Member, PathArguments, Result, Token, Type};

#[derive(Default)]
struct Options {
    name: Option<LitStr>,
    module: Option<LitStr>,
    doc: Option<LitStr>,
    base: Option<Type>,
    flags: Vec<Ident>,
    manual_traverse: bool,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Options> {
        let mut options = Options::default();
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            let text = key.to_string();
            if matches!(text.as_str(), "name" | "module" | "doc" | "base") {
                input.parse::<Token![=]>()?;
            }
            match text.as_str() {
                "name" => options.name = Some(input.parse()?),
                "module" => options.module = Some(input.parse()?),
                "doc" => options.doc = Some(input.parse()?),
                "base" => options.base = Some(input.parse()?),
                "manual_traverse" => options.manual_traverse = true,
                "flags" => {
                    let inner;
                    syn::parenthesized!(inner in input);
                    options.flags = Punctuated::<Ident, Token![,]>::parse_terminated(&inner)?.into_iter().collect();
                }
                _ => {
                    let message = "expected name, module, doc, base, flags(...) or manual_traverse";
                    return Err(Error::new(key.span(), message));
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

pub fn expand(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let options: Options = syn::parse2(arguments)?;
    let mut item: ItemStruct = syn::parse2(item)?;
    let Some(name) = &options.name else {
        return Err(Error::new(item.ident.span(), "the type needs a name: #[native_type(name = \"list\")]"));
    };
    if !item.generics.params.is_empty() {
        return Err(Error::new(item.ident.span(), "payload types are not generic"));
    }
    let ty = item.ident.clone();
    let (members, is_container) = traversed(&mut item.fields);
    let is_container = is_container || options.manual_traverse;
    let traverse = (!options.manual_traverse).then(|| {
        let (visitor, calls) =
            (if members.is_empty() { format_ident!("_visitor") } else { format_ident!("visitor") }, &members);
        quote! {
            impl __object::Traverse for #ty {
                #[inline]
                fn traverse(&self, #visitor: &mut __object::Visitor<'_>) {
                    #(__object::Traverse::traverse(&self.#calls, #visitor);)*
                }

                fn clear(&mut self) {
                    #(__object::Traverse::clear(&mut self.#calls);)*
                }

                fn clear_shared(&self) {
                    #(__object::Traverse::clear_shared(&self.#calls);)*
                }
            }
        }
    });
    let module = options.module.as_ref().map_or_else(|| "builtins".to_string(), LitStr::value);
    let doc = match &options.doc {
        Some(doc) => quote!(Some(#doc)),
        None => quote!(None),
    };
    let base = match &options.base {
        Some(base) => quote!(Some(<#base as __object::Native>::type_object)),
        None => quote!(None),
    };
    let flags = options.flags.iter().map(|flag| Ident::new(&flag.to_string().to_uppercase(), flag.span()));
    Ok(quote! {
        #item
        const _: () = {
            use ::snakelet_vm::{native as __n, object as __object};
            #traverse
            ::snakelet_vm::local! {
                static TYPE: __n::TypePointer = __n::TypePointer::new();
            }
            impl __object::Native for #ty {
                const TABLE: &'static __object::PayloadTable = {
                    static TABLE: __object::PayloadTable = __object::PayloadTable::new::<#ty>(#name, #is_container);
                    &TABLE
                };

                fn spec() -> __n::TypeSpec {
                    #[allow(unused_imports, reason = "a type with methods has its own BLOCKS")]
                    use __n::NativeMethods as _;
                    const COUNT: usize = <#ty>::BLOCKS.len();
                    __n::TypeSpec {
                        name: #name,
                        module: #module,
                        doc: #doc,
                        base: #base,
                        flags: 0 #(| __n::TypeFlags::#flags)*,
                        defs: const { &__n::block_defs::<COUNT>(<#ty>::BLOCKS) },
                        fill_slots: const { &__n::block_fills::<COUNT>(<#ty>::BLOCKS) },
                        table: <#ty as __object::Native>::TABLE,
                    }
                }

                #[inline]
                fn type_pointer() -> *const __object::Object<__n::Type> {
                    TYPE.with(|ty| ty.get::<#ty>())
                }

                #[inline(always)]
                fn known_type_pointer() -> *const __object::Object<__n::Type> {
                    TYPE.with(|ty| ty.known())
                }
            }
        };
    })
}

/// The fields to show to the collector, and whether any of them can hold references.
fn traversed(fields: &mut Fields) -> (Vec<Member>, bool) {
    let mut members = vec![];
    let mut is_container = false;
    for (index, field) in fields.iter_mut().enumerate() {
        let before = field.attrs.len();
        field.attrs.retain(|attribute| !attribute.path().is_ident("skip_traverse"));
        if field.attrs.len() == before && !is_leaf(&field.ty) {
            is_container = true;
            members.push(match &field.ident {
                Some(name) => Member::Named(name.clone()),
                None => Member::Unnamed(index.into()),
            });
        }
    }
    (members, is_container)
}

/// Whether a type is known to hold no references: numbers, text, and cells and containers of such.
fn is_leaf(ty: &Type) -> bool {
    const LEAVES: [&str; 20] = [
        "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32",
        "f64", "String", "str", "Text", "BigInt",
    ];
    const WRAPPERS: [&str; 7] = ["Box", "Cell", "Option", "Rc", "RefCell", "Vec", "VmCell"];
    match ty {
        Type::Reference(reference) => is_leaf(&reference.elem),
        Type::Slice(slice) => is_leaf(&slice.elem),
        Type::Array(array) => is_leaf(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_leaf),
        Type::Path(path) => path.path.segments.last().is_some_and(|segment| {
            let name = segment.ident.to_string();
            match &segment.arguments {
                PathArguments::None => LEAVES.contains(&name.as_str()),
                PathArguments::AngleBracketed(arguments) if WRAPPERS.contains(&name.as_str()) => {
                    arguments.args.iter().all(|argument| matches!(argument, GenericArgument::Type(ty) if is_leaf(ty)))
                }
                _ => false,
            }
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves() {
        let leaf = |text: &str| is_leaf(&syn::parse_str(text).unwrap());
        assert!(
            leaf("VmCell<Text>") && leaf("Cell<bool>") && leaf("Vec<u8>") && leaf("&'static str") && leaf("Rc<str>")
        );
        assert!(!leaf("Value") && !leaf("VmCell<Vec<Value>>") && !leaf("Ref<List>") && !leaf("Custom<u8>"));
    }

    #[test]
    fn fields_are_chosen() {
        let mut item: ItemStruct = syn::parse_str("struct A { a: Value, b: u8, #[skip_traverse] c: Value }").unwrap();
        let (members, container) = traversed(&mut item.fields);
        assert_eq!(members.len(), 1);
        assert!(container);
        assert!(item.fields.iter().all(|field| field.attrs.is_empty()));
    }
}
