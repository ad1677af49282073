//! What natives may return.

use num_bigint::BigInt;
use snakelet_text::Text;

use crate::object::{Native, Ref};
use crate::{PyResult, Raised, Value, Vm};

/// A Rust value that becomes a Python object.
pub trait IntoValue {
    fn into_value(self, vm: &Vm) -> PyResult;
}

/// A native's return type: an [`IntoValue`] or a `PyResult` of one.
pub trait IntoResult {
    fn into_result(self, vm: &Vm) -> PyResult;
}

impl<T: IntoValue> IntoResult for Result<T, Raised> {
    #[inline(always)]
    fn into_result(self, vm: &Vm) -> PyResult {
        self?.into_value(vm)
    }
}

macro_rules! into_value {
    ($($ty:ty, $value:ident => $result:expr;)*) => {
        $(
            impl IntoValue for $ty {
                #[inline(always)]
                fn into_value(self, _vm: &Vm) -> PyResult {
                    let $value = self;
                    Ok($result)
                }
            }

            impl IntoResult for $ty {
                #[inline(always)]
                fn into_result(self, vm: &Vm) -> PyResult {
                    self.into_value(vm)
                }
            }
        )*
    };
}

into_value! {
    Value, value => value;
    &Value, value => value.clone();
    (), _value => Value::NONE;
    bool, value => Value::bool(value);
    i64, value => Value::from_i64(value);
    i32, value => Value::from_i64(value.into());
    u32, value => Value::from_i64(value.into());
    u8, value => Value::from_i64(value.into());
    isize, value => Value::from_i64(value as i64);
    usize, value => Value::from_usize(value);
    BigInt, value => Value::from_bigint(value);
    f64, value => Value::float(value);
    &str, value => Value::from_str(value);
    String, value => Value::from_str(&value);
    Text, value => Value::from_text(value);
}

impl<T: Native> IntoValue for Ref<T> {
    #[inline(always)]
    fn into_value(self, _vm: &Vm) -> PyResult {
        Ok(Ref::into_value(self))
    }
}

impl<T: Native> IntoResult for Ref<T> {
    #[inline(always)]
    fn into_result(self, _vm: &Vm) -> PyResult {
        Ok(Ref::into_value(self))
    }
}

impl<T: IntoValue> IntoValue for Option<T> {
    #[inline]
    fn into_value(self, vm: &Vm) -> PyResult {
        match self {
            Some(value) => value.into_value(vm),
            None => Ok(Value::NONE),
        }
    }
}

impl<T: IntoValue> IntoResult for Option<T> {
    #[inline]
    fn into_result(self, vm: &Vm) -> PyResult {
        self.into_value(vm)
    }
}

impl<T: IntoValue> IntoValue for Vec<T> {
    fn into_value(self, vm: &Vm) -> PyResult {
        let mut items = vm.vec_with_capacity(self.len())?;
        for item in self {
            items.push(item.into_value(vm)?);
        }
        Ok(Value::from_list(items))
    }
}

impl<T: IntoValue> IntoResult for Vec<T> {
    fn into_result(self, vm: &Vm) -> PyResult {
        self.into_value(vm)
    }
}
