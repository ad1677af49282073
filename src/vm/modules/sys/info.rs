//! The constant tuples of `sys`: versions, and properties of numbers.

use std::cell::RefCell;

use super::SimpleNamespace;
use crate::modules::structs::{make, make_sealed_class};
use crate::object::Ref;
use crate::types::typeobject::Type;
use crate::{Value, Vm};

/// `sys.implementation.cache_tag`
pub const CACHE_TAG: &str = "snakelet-314";

/// 3.14.2 final
pub const HEXVERSION: i64 = 0x030e_02f0;

/// Top-level names of the standard library, native ones left out, between spaces.
const LIBRARY_NAMES: &str = "__future__ _collections_abc _compat_pickle _markupbase _opcode_metadata _py_abc _pydatetime _pydecimal \
    _pyio _pylong _sitebuiltins _strptime _threading_local _weakrefset abc annotationlib antigravity argparse ast asyncio base64 bdb \
    bisect bz2 cProfile calendar cmd code codecs codeop collections colorsys compression concurrent configparser contextlib contextvars copy \
    copyreg csv ctypes dataclasses datetime decimal difflib dis doctest email encodings enum filecmp fileinput fnmatch fractions ftplib \
    functools genericpath getopt getpass gettext glob graphlib gzip hashlib heapq hmac html http imaplib importlib inspect io \
    ipaddress json keyword linecache locale logging lzma mailbox mimetypes mmap modulefinder netrc ntpath numbers opcode operator optparse \
    os pathlib pdb pickle pickletools pkgutil platform plistlib poplib posixpath pprint profile pstats pyclbr pydoc queue quopri \
    random re reprlib rlcompleter runpy sched secrets selectors shelve shlex shutil signal site smtplib socket socketserver sqlite3 \
    sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess symtable sysconfig tabnanny tarfile \
    tempfile textwrap this threading timeit token tokenize tomllib trace traceback tracemalloc types typing unittest urllib uuid \
    warnings wave weakref webbrowser wsgiref xml xmlrpc zipfile zipimport zoneinfo";

thread_local! {
    /// The tuples' classes. They can't be changed, and live for ever as all native types do, so all sessions share them.
    static CLASSES: RefCell<Vec<Ref<Type>>> = const { RefCell::new(Vec::new()) };
}

fn class_of(name: &str, doc: &str, fields: &[&str]) -> Ref<Type> {
    let known = CLASSES.with_borrow(|classes| classes.iter().find(|class| class.name() == name).cloned());
    known.unwrap_or_else(|| {
        let class = make_sealed_class("sys", name, doc, fields);
        CLASSES.with_borrow_mut(|classes| classes.push(class.clone()));
        class
    })
}

/// Sets them.
pub fn fill(vm: &Vm) {
    let sys = &vm.sys;
    let int = Value::from_i64;
    let text = Value::from_str;
    let define = |name: &str, doc: &str, fields: &[(&str, Value)]| {
        let names: Vec<&str> = fields.iter().map(|field| field.0).collect();
        let class = class_of(name, doc, &names);
        let value = make(&class, fields.iter().map(|field| field.1.clone()).collect());
        sys.set_text(name, value.clone());
        value
    };
    let version = define(
        "version_info",
        "Version information as a named tuple.",
        &[
            ("major", int(3)),
            ("minor", int(14)),
            ("micro", int(2)),
            ("releaselevel", text("final")),
            ("serial", int(0)),
        ],
    );
    let implementation = SimpleNamespace::make(vec![
        ("name", text("snakelet")),
        ("cache_tag", text(CACHE_TAG)),
        ("version", version),
        ("hexversion", int(HEXVERSION)),
        ("_multiarch", text("wasm32")),
        ("supports_isolated_interpreters", Value::TRUE),
    ]);
    sys.set_text("implementation", implementation);
    define(
        "float_info",
        "Properties of floats.",
        &[
            ("max", Value::float(f64::MAX)),
            ("max_exp", int(1024)),
            ("max_10_exp", int(308)),
            ("min", Value::float(f64::MIN_POSITIVE)),
            ("min_exp", int(-1021)),
            ("min_10_exp", int(-307)),
            ("dig", int(15)),
            ("mant_dig", int(53)),
            ("epsilon", Value::float(f64::EPSILON)),
            ("radix", int(2)),
            ("rounds", int(1)),
        ],
    );
    define(
        "int_info",
        "Properties of ints.",
        &[
            ("bits_per_digit", int(30)),
            ("sizeof_digit", int(4)),
            ("default_max_str_digits", int(4300)),
            ("str_digits_check_threshold", int(640)),
        ],
    );
    define(
        "hash_info",
        "Properties of hashes.",
        &[
            ("width", int(64)),
            ("modulus", int((1 << 61) - 1)),
            ("inf", int(314_159)),
            ("nan", int(0)),
            ("imag", int(1_000_003)),
            ("algorithm", text("siphash13")),
            ("hash_bits", int(64)),
            ("seed_bits", int(128)),
            ("cutoff", int(0)),
        ],
    );
    define(
        "_emscripten_info",
        "What the platform can do: threads are green ones.",
        &[
            ("emscripten_version", Value::from_tuple(vec![int(0), int(0), int(0)])),
            ("runtime", text("Snakelet")),
            ("pthreads", Value::TRUE),
            ("shared_memory", Value::FALSE),
        ],
    );
    define(
        "thread_info",
        "Properties of threads.",
        &[("name", text("pthread-stubs")), ("lock", Value::NONE), ("version", Value::NONE)],
    );
    let zero = || int(0);
    let flags = define(
        "flags",
        "Switches of the command line.",
        &[
            ("debug", zero()),
            ("inspect", zero()),
            ("interactive", zero()),
            ("optimize", zero()),
            ("dont_write_bytecode", int(1)),
            ("no_user_site", zero()),
            ("no_site", zero()),
            ("ignore_environment", zero()),
            ("verbose", zero()),
            ("bytes_warning", zero()),
            ("quiet", zero()),
            ("hash_randomization", int(1)),
            ("isolated", zero()),
            ("dev_mode", Value::FALSE),
            ("utf8_mode", int(1)),
            ("warn_default_encoding", zero()),
            ("safe_path", Value::FALSE),
            ("int_max_str_digits", int(4300)),
        ],
    );
    // Attributes that are no items.
    let class = vm.class_of(&flags);
    for (name, value) in [("gil", int(1)), ("thread_inherit_context", zero()), ("context_aware_warnings", zero())] {
        class.dict.set_text(name, value);
    }
    class.modified();
    sys.set_text("_git", Value::from_tuple(vec![text("Snakelet"), text(""), text("")]));
    let natives = vm.extension::<crate::import::Imports>().native_names();
    let names = natives.into_iter().chain(LIBRARY_NAMES.split_whitespace()).map(text).collect();
    if let Ok(names) = crate::types::set::frozen_set_of_constants(vm, names) {
        sys.set_text("stdlib_module_names", names);
    }
}
