//! What CPython's module `site` adds for the shell: `exit`, `quit`, `help`, `copyright`, `credits`, `license`.

use snakelet_macros::{functions, methods, native_type};

use crate::errors::Exc;
use crate::host::Stream;
use crate::object::Native;
use crate::{PyResult, Value, Vm};

pub struct Shell;

#[functions("builtins", FUNCTIONS)]
impl Shell {
    #[constant("exit")]
    const EXIT: Quitter = Quitter { name: "exit" };
    #[constant("quit")]
    const QUIT: Quitter = Quitter { name: "quit" };
    #[constant("help")]
    const HELP: Helper = Helper {};
    #[constant("copyright")]
    const COPYRIGHT: Notice = Notice { text: COPYRIGHT };
    #[constant("credits")]
    const CREDITS: Notice =
        Notice { text: "Snakelet is written in Rust. Its standard library is CPython's, by the Python community." };
    #[constant("license")]
    const LICENSE: Notice = Notice {
        text: "Snakelet: MIT licence. The standard library: PSF licence, see https://docs.python.org/3.14/license.html",
    };
}

const COPYRIGHT: &str =
    "Snakelet: see the file LICENSE. The standard library: Copyright (c) 2001 Python Software Foundation.";

macro_rules! constants {
    ($($ty:ty),*) => {
        $(impl crate::native::IntoResult for $ty {
            fn into_result(self, _vm: &Vm) -> PyResult {
                Ok(self.into_value())
            }
        })*
    };
}

constants!(Quitter, Helper, Notice);

/// The payload of `exit` and `quit`.
#[native_type(name = "Quitter", module = "_sitebuiltins")]
struct Quitter {
    name: &'static str,
}

#[methods]
impl Quitter {
    #[slot(repr)]
    fn repr(this: &Quitter) -> String {
        format!("Use {}() or Ctrl-D (i.e. EOF) to exit", this.name)
    }

    #[slot(call)]
    fn call(vm: &Vm, this: &Quitter, args: crate::native::Args<'_>) -> PyResult {
        let _ = this;
        let code = args.values.first().cloned().unwrap_or(Value::NONE);
        Err(vm.error_with_args(Exc::SystemExit, vec![code]))
    }

    #[getter("name")]
    fn name(this: &Quitter) -> &'static str {
        this.name
    }
}

/// The payload of `help`: `pydoc.help`, which is imported when it is called.
#[native_type(name = "_Helper", module = "_sitebuiltins")]
struct Helper {}

#[methods]
impl Helper {
    #[slot(repr)]
    fn repr(_this: &Helper) -> &'static str {
        "Type help() for interactive help, or help(object) for help about object."
    }

    #[slot(call)]
    fn call(vm: &Vm, _this: &Helper, args: crate::native::Args<'_>) -> PyResult {
        let (values, names) = (args.values.to_vec(), args.kwnames.to_vec());
        let vm = vm.handle();
        Err(vm.defer(async move {
            let pydoc = crate::import::import_module(&vm, "pydoc").await?;
            let help = vm.attr(&pydoc, "help").await?;
            vm.call_kw(&help, values, names).await
        }))
    }
}

/// The payload of `copyright` and its like.
#[native_type(name = "_Printer", module = "_sitebuiltins")]
struct Notice {
    text: &'static str,
}

#[methods]
impl Notice {
    #[slot(repr)]
    fn repr(this: &Notice) -> &'static str {
        this.text
    }

    #[slot(call)]
    fn call(vm: &Vm, this: &Notice, args: crate::native::Args<'_>) -> PyResult {
        if !args.values.is_empty() {
            return Err(vm.type_error("_Printer.__call__() takes 1 positional argument"));
        }
        vm.write(Stream::Stdout, &format!("{}\n", this.text));
        Ok(Value::NONE)
    }
}
