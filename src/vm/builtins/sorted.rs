//! `sorted`.

use snakelet_macros::functions;

use crate::native::KwArgs;
use crate::types::list::sort_values;
use crate::{PyResult, Value, Vm};

/// The functions of this file.
pub struct Sorted;

#[functions("builtins", FUNCTIONS)]
impl Sorted {
    /// A new list with the items of the iterable in ascending order.
    ///
    /// A key function is called once for each item, and the results are compared; with reverse the order is descending.
    #[function("sorted(*args, **kwargs)", text = "($module, iterable, /, *, key=None, reverse=False)")]
    fn sorted(vm: &Vm, args: &[Value], kwargs: KwArgs<'_>) -> PyResult {
        // The arguments go on to list.sort in CPython, which words the errors.
        let [iterable] = args else {
            let given = args.len();
            return Err(vm.type_error(format!("sorted expected 1 argument, got {given}")));
        };
        let (mut key, mut reverse) = (None, Value::FALSE);
        for (name, value) in kwargs.iter() {
            let Some(name) = name.as_text() else { continue };
            if *name == "key" {
                key = (!value.is_none()).then(|| value.clone());
            } else if *name == "reverse" {
                reverse = value.clone();
            } else {
                let name = name.to_utf8_lossy();
                return Err(vm.type_error(format!("sort() got an unexpected keyword argument '{name}'")));
            }
        }
        let (vm_ref, iterable) = (vm.handle(), iterable.clone());
        vm.start(async move {
            let mut items = vm_ref.collect(&iterable).await?;
            let reverse = vm_ref.truth(&reverse).await?;
            sort_values(vm_ref, &mut items, key.as_ref(), reverse).await?;
            Ok(Value::from_list(items))
        })
    }
}
