//! The impl blocks and modules that hold annotated functions.
//!
//! From each block come its functions without our attributes, a table of `NativeDef`s, the wrappers (in an anonymous constant, so
//! that several blocks do not clash), and the constant or trait implementation through which the runtime finds the table.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Expr, Ident, ImplItem, Item, LitStr, Result, Token, Type};

use crate::item::{Declared, Host, accessor_entry, declare, doc_comment, entry_name};

/// Everything the attributes of a block may say.
#[derive(Default)]
struct Options {
    /// A string in first place: the module's name.
    name: Option<LitStr>,
    /// The name of the block's constant, in first place or as `block = NAME`.
    block: Option<Ident>,
    with: Vec<Expr>,
    doc: Option<LitStr>,
    types: Vec<Type>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Options> {
        let mut options = Options::default();
        while !input.is_empty() {
            if input.peek(LitStr) {
                options.name = Some(input.parse()?);
            } else {
                let key: Ident = input.parse()?;
                if !input.peek(Token![=]) {
                    options.block = Some(key);
                } else {
                    input.parse::<Token![=]>()?;
                    match key.to_string().as_str() {
                        "name" => options.name = Some(input.parse()?),
                        "doc" => options.doc = Some(input.parse()?),
                        "block" => options.block = Some(input.parse()?),
                        "with" => options.with = bracketed(input)?,
                        "types" => options.types = bracketed(input)?,
                        _ => return Err(Error::new(key.span(), "expected name, doc, block, with or types")),
                    }
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

fn bracketed<T: Parse>(input: ParseStream<'_>) -> Result<Vec<T>> {
    let inner;
    syn::bracketed!(inner in input);
    Ok(Punctuated::<T, Token![,]>::parse_terminated(&inner)?.into_iter().collect())
}

/// What has been collected from one block.
#[derive(Default)]
struct Collected {
    entries: Vec<TokenStream>,
    code: Vec<TokenStream>,
    slots: Vec<TokenStream>,
    constants: Vec<TokenStream>,
    exec: Option<TokenStream>,
    functions: usize,
    /// name, doc comment, the getter's function number, its place in the table
    getters: Vec<(String, TokenStream, usize, usize)>,
    setters: Vec<(String, usize, Span)>,
}

impl Collected {
    fn function(&mut self, attributes: &mut Vec<Attribute>, signature: &syn::Signature, host: &Host) -> Result<()> {
        let index = self.functions;
        let Some(declared) = declare(attributes, signature, host, index, self.entries.len())? else { return Ok(()) };
        self.functions += 1;
        match declared {
            Declared::Def { entry, call, fill } => {
                self.entries.push(entry);
                self.code.push(call);
                self.slots.extend(fill);
            }
            Declared::Getter { name, doc, call, span } => {
                if self.getters.iter().any(|getter| getter.0 == name) {
                    return Err(Error::new(span, "this attribute has a getter already"));
                }
                self.getters.push((name, doc, index, self.entries.len()));
                self.entries.push(TokenStream::new());
                self.code.push(call);
            }
            Declared::Setter { name, call, span } => {
                self.setters.push((name, index, span));
                self.code.push(call);
            }
            Declared::Slot { fill } => self.slots.push(fill),
            Declared::Exec { path } => self.exec = Some(path),
        }
        Ok(())
    }

    /// `#[constant]` or `#[constant("name")]`: the value of a Rust constant under this name in the module.
    fn constant(&mut self, attributes: &mut Vec<Attribute>, name: &Ident, host: &Host) -> Result<()> {
        let Some(position) = attributes.iter().position(|attribute| attribute.path().is_ident("constant")) else {
            return Ok(());
        };
        let attribute = attributes.remove(position);
        let shown = match &attribute.meta {
            syn::Meta::Path(_) => name.to_string(),
            _ => attribute.parse_args::<LitStr>()?.value(),
        };
        let prefix = &host.prefix;
        self.constants.push(quote! {
            __n::ConstantDef { name: #shown, value: |vm| __n::IntoResult::into_result(#prefix #name, vm) }
        });
        Ok(())
    }

    /// Pairs setters with getters, whose table entries are made now.
    fn finish(&mut self, host: &Host) -> Result<()> {
        for (name, doc, function, place) in &self.getters {
            let setter = self.setters.iter().position(|setter| setter.0 == *name).map(|at| self.setters.remove(at).1);
            self.entries[*place] = accessor_entry(name, doc, host, *function, setter);
            if let Some(setter) = setter {
                let constant = entry_name(setter);
                self.code.push(quote!(const #constant: usize = #place;));
            }
        }
        match self.setters.first() {
            Some((_, _, span)) => Err(Error::new(*span, "a setter needs a getter of the same name in the same block")),
            None => Ok(()),
        }
    }

    fn table(&self) -> TokenStream {
        let (entries, code, count) = (&self.entries, &self.code, self.entries.len());
        quote! {
            static DEFS: [__n::NativeDef; #count] = [#(#entries),*];
            #(#code)*
        }
    }
}

/// `#[methods]`.
pub fn methods(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let options: Options = syn::parse2(arguments)?;
    let mut block: syn::ItemImpl = syn::parse2(item)?;
    let ty = block.self_ty.clone();
    let host = Host { prefix: quote!(<#ty>::), owner: quote!(<#ty as __n::Native>::TABLE.name) };
    let collected = collect_impl(&mut block, &host)?;
    let (table, slots) = (collected.table(), &collected.slots);
    let fill = if slots.is_empty() { quote!(|_| {}) } else { quote!(|slots| { #(#slots)* }) };
    let own = quote!(__n::MethodBlock { defs: &DEFS, fill_slots: #fill });
    let registration = match &options.block {
        Some(name) => quote! {
            impl #ty {
                /// A block of methods, for the `with` of the type's main block.
                pub const #name: __n::MethodBlock = #own;
            }
        },
        None => {
            let with = &options.with;
            // An inherent constant: it hides the empty one that every type has by the trait `NativeMethods`.
            quote! {
                impl #ty {
                    #[doc(hidden)]
                    pub const BLOCKS: &'static [__n::MethodBlock] = &[#own, #(#with),*];
                }
            }
        }
    };
    Ok(quote! {
        #block
        const _: () = {
            use ::snakelet_vm::native as __n;
            #table
            #registration
        };
    })
}

/// `#[native_module("name")]`.
pub fn native_module(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let options: Options = syn::parse2(arguments)?;
    let Some(name) = &options.name else {
        return Err(Error::new(Span::call_site(), "a module needs a name: #[native_module(\"math\")]"));
    };
    let doc = match &options.doc {
        Some(doc) => quote!(Some(#doc)),
        None => quote!(None),
    };
    module_part(item, quote!(#name), |own, exec, item_doc| {
        let doc = if options.doc.is_some() { &doc } else { &item_doc };
        let (with, types) = (&options.with, &options.types);
        let exec = match exec {
            Some(exec) => quote!(Some(#exec)),
            None => quote!(None),
        };
        let definition = quote! {
            __n::ModuleDef {
                name: #name,
                part: __n::part_of(::core::module_path!()),
                contents: {
                    fn contents() -> __n::ModuleContents {
                        __n::ModuleContents {
                            doc: #doc,
                            blocks: const { &[#own, #(#with),*] },
                            types: const { &[#(<#types as __n::Native>::type_object),*] },
                            exec: #exec,
                        }
                    }
                    contents
                },
            }
        };
        (quote!(MODULE), quote!(ModuleDef), definition)
    })
}

/// `#[functions(NAME)]`.
pub fn functions(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let options: Options = syn::parse2(arguments)?;
    let constant = options.block.unwrap_or_else(|| Ident::new("FUNCTIONS", Span::call_site()));
    let owner = match &options.name {
        Some(name) => quote!(#name),
        None => return Err(Error::new(Span::call_site(), "name the module: #[functions(\"math\", FUNCTIONS)]")),
    };
    module_part(item, owner, |own, _, _| (quote!(#constant), quote!(FunctionBlock), own))
}

/// Collects an inline module or impl block; `define` gets the block's expression, the exec function and the doc comment and
/// answers with name, type and value of the constant to add.
fn module_part(
    item: TokenStream,
    owner: TokenStream,
    define: impl FnOnce(TokenStream, Option<TokenStream>, TokenStream) -> (TokenStream, TokenStream, TokenStream),
) -> Result<TokenStream> {
    let block = |collected: &Collected| {
        let constants = &collected.constants;
        quote!(__n::FunctionBlock { defs: &DEFS, constants: &[#(#constants),*] })
    };
    match syn::parse2(item)? {
        Item::Impl(mut implementation) => {
            let ty = implementation.self_ty.clone();
            let doc = doc_comment(&implementation.attrs);
            let host = Host { prefix: quote!(<#ty>::), owner };
            let collected = collect_impl(&mut implementation, &host)?;
            let table = collected.table();
            let (name, kind, value) = define(block(&collected), collected.exec, doc);
            Ok(quote! {
                #implementation
                const _: () = {
                    use ::snakelet_vm::native as __n;
                    #table
                    impl #ty {
                        /// What the runtime needs to make the module.
                        pub const #name: __n::#kind = #value;
                    }
                };
            })
        }
        Item::Mod(mut module) => {
            let Some((_, items)) = &mut module.content else {
                return Err(Error::new(module.ident.span(), "the module must be inline: `mod name { ... }`"));
            };
            // The generated code stands in a constant inside the module, so functions are named as they are.
            let host = Host { prefix: TokenStream::new(), owner };
            let mut collected = Collected::default();
            for item in items.iter_mut() {
                match item {
                    Item::Fn(function) => collected.function(&mut function.attrs, &function.sig, &host)?,
                    Item::Const(constant) => {
                        let name = constant.ident.clone();
                        collected.constant(&mut constant.attrs, &name, &host)?;
                    }
                    _ => {}
                }
            }
            collected.finish(&host)?;
            let table = collected.table();
            let (name, kind, value) = define(block(&collected), collected.exec, doc_comment(&module.attrs));
            let (attributes, visibility, ident) = (&module.attrs, &module.vis, &module.ident);
            let items = module.content.iter().flat_map(|content| &content.1);
            Ok(quote! {
                #(#attributes)*
                #visibility mod #ident {
                    #(#items)*
                    /// What the runtime needs to make the module.
                    pub const #name: ::snakelet_vm::native::#kind = {
                        use ::snakelet_vm::native as __n;
                        #table
                        #value
                    };
                }
            })
        }
        other => Err(Error::new_spanned(other, "expected an inline module or an impl block")),
    }
}

fn collect_impl(block: &mut syn::ItemImpl, host: &Host) -> Result<Collected> {
    let mut collected = Collected::default();
    for item in &mut block.items {
        match item {
            ImplItem::Fn(function) => collected.function(&mut function.attrs, &function.sig, host)?,
            ImplItem::Const(constant) => {
                let name = constant.ident.clone();
                collected.constant(&mut constant.attrs, &name, host)?;
            }
            _ => {}
        }
    }
    collected.finish(host)?;
    Ok(collected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappers_are_numbered_without_gaps() {
        let block: TokenStream = quote! {
            impl List {
                #[getter("a")]
                fn a(this: &Value) -> PyResult { Ok(Value::NONE) }
                fn helper() {}
                #[method("append(self, object, /)")]
                fn append(vm: &Vm, this: &List, object: Value) -> PyResult<()> { Ok(()) }
                #[setter("a")]
                fn set_a(this: &Value, value: Option<&Value>) -> PyResult<()> { Ok(()) }
            }
        };
        let code = methods(TokenStream::new(), block).unwrap().to_string();
        assert!(code.contains("[__n :: NativeDef ; 2usize]"), "{code}");
        assert!(code.contains("const ENTRY_2 : usize = 0usize"), "{code}");
        assert!(code.contains("fn call_1"), "{code}");
    }

    #[test]
    fn a_lone_setter_is_refused() {
        let block = quote! { impl List { #[setter("a")] fn a(this: &Value, value: Option<&Value>) {} } };
        assert!(methods(TokenStream::new(), block).is_err());
    }
}
