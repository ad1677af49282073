//! Interned strings: one object per text, so that names compare by identity.
//!
//! Every attribute, global and keyword name is interned; shapes, inline caches and type look-ups rely on it.

use std::cell::RefCell;
use std::collections::HashMap;

use super::Ref;
use crate::Value;
use crate::types::string::Str;

thread_local! {
    static STRINGS: RefCell<HashMap<Box<str>, Ref<Str>>> = RefCell::new(HashMap::new());
}

/// The interned str object with this text.
pub fn intern(text: &str) -> Value {
    intern_as(text, None)
}

/// The same; `object` is the one if there is none yet.
fn intern_as(text: &str, object: Option<Ref<Str>>) -> Value {
    if let Some(known) = STRINGS.with_borrow(|strings| strings.get(text).map(Ref::value)) {
        return known;
    }
    let string = object.unwrap_or_else(|| Str::new_object(snakelet_text::Text::from_str(text)));
    string.mark_interned();
    STRINGS.with_borrow_mut(|strings| strings.insert(text.into(), string.clone()));
    string.into_value()
}

/// The interned str object equal to `string`, which becomes it if there is none yet. Strings with lone surrogates stay as they are.
pub fn intern_value(string: &Value) -> Value {
    let Some(known) = string.downcast::<Str>() else { return string.clone() };
    if known.is_interned() {
        return string.clone();
    }
    let object = string.downcast_exact::<Str>().and_then(|_| string.to_ref());
    if let Some(ascii) = known.text().as_str_if_ascii() {
        return intern_as(ascii, object);
    }
    match known.text().to_utf8() {
        Ok(utf8) => intern_as(&utf8, object),
        Err(_) => string.clone(),
    }
}

/// What `name!` answers.
#[doc(hidden)]
#[inline(never)]
pub fn known(place: &std::cell::OnceCell<Value>, text: &str) -> Value {
    place.get_or_init(|| intern(text)).clone()
}

/// Interned strings by identifier, each made once per thread: `name!(__init__)` is a `Value`.
#[macro_export]
macro_rules! name {
    ($name:ident) => {
        $crate::name!(@ stringify!($name))
    };
    (@ $text:expr) => {{
        $crate::local! { static NAME: std::cell::OnceCell<$crate::Value> = std::cell::OnceCell::new(); }
        NAME.with(|name| $crate::object::intern::known(name, $text))
    }};
}
