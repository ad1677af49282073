//! Module `_random`: the Mersenne Twister beneath `random`.

use snakelet_macros::{methods, native_module, native_type};
use snakelet_number::mt19937::Mt19937;
use snakelet_vm::native::{Args, ModuleDef};
use snakelet_vm::types::int_arithmetic::Operand;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{PyResult, Value, Vm, VmCell};

/// How many words the generator's state has.
const WORDS: usize = 624;

/// The payload of generators.
#[native_type(
    name = "Random",
    module = "_random",
    doc = "Random() -> create a random number generator with its own internal state.",
    flags(subclassable)
)]
pub struct Random {
    #[skip_traverse]
    generator: VmCell<Box<Mt19937>>,
}

/// Seeds a generator: by the size of an int, by the hash of anything else, by the host if there is nothing. May defer.
fn seed(vm: &Vm, this: &Value, n: Option<&Value>) -> PyResult {
    let Some(n) = n else {
        let mut bytes = [0u8; 256];
        vm.host().random(&mut bytes);
        let words: Vec<u32> =
            bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect();
        return Ok(put(this, Mt19937::from_key(&words)));
    };
    if let Some(number) = Operand::any(n) {
        return Ok(put(this, Mt19937::from_int(&number.to_big())));
    }
    let (this, by_hash) = (this.clone(), |hash: u64| Mt19937::from_int(&hash.into()));
    if let Some(hash) = vm.hash_now(n) {
        return Ok(put(&this, by_hash(hash?)));
    }
    let (vm, n) = (vm.handle(), n.clone());
    Err(vm.defer(async move { Ok(put(&this, by_hash(vm.hash(&n).await?))) }))
}

fn put(this: &Value, generator: Mt19937) -> Value {
    if let Some(random) = this.downcast::<Random>() {
        **random.generator.borrow_mut() = generator;
    }
    Value::NONE
}

#[methods]
impl Random {
    #[slot(new)]
    fn new_object(vm: &Vm, cls: &Value, _args: Args<'_>) -> PyResult {
        match Mt19937::from_state([0; WORDS], WORDS) {
            Some(generator) => vm.new_instance(cls, Random { generator: VmCell::new(Box::new(generator)) }),
            None => Ok(Value::NONE),
        }
    }

    #[slot(init)]
    fn init(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        if !args.kwnames.is_empty() {
            return Err(vm.type_error("Random() takes no keyword arguments"));
        }
        match args.values {
            [] => seed(vm, this, None),
            [n] => seed(vm, this, if n.is_none() { None } else { Some(n) }),
            _ => Err(vm.type_error("Random() requires 0 or 1 argument")),
        }
    }

    /// random() -> x in the interval [0, 1).
    #[method("random(self, /)")]
    fn random(this: &Random) -> f64 {
        this.generator.borrow_mut().random()
    }

    /// seed([n]) -> None.
    ///
    /// Defaults to use urandom and falls back to a combination of the current time and the process identifier.
    #[method("seed(self, n=None, /)")]
    fn seed(vm: &Vm, this: &Value, n: Option<&Value>) -> PyResult {
        seed(vm, this, n)
    }

    /// getstate() -> tuple containing the current state.
    #[method("getstate(self, /)")]
    fn getstate(this: &Random) -> Value {
        let (words, index) = this.generator.borrow().state();
        let mut state: Vec<Value> = words.iter().map(|&word| Value::small_int(word.into())).collect();
        state.push(Value::from_usize(index));
        Value::from_tuple(state)
    }

    /// setstate(state) -> None.  Restores generator state.
    #[method("setstate(self, state, /)")]
    fn setstate(vm: &Vm, this: &Value, state: &Value) -> PyResult {
        let Some(items) = state.downcast::<Tuple>().map(Tuple::items) else {
            return Err(vm.type_error("state vector must be a tuple"));
        };
        if items.len() != WORDS + 1 {
            return Err(vm.value_error("state vector is the wrong size"));
        }
        let mut words = [0; WORDS];
        for (word, item) in words.iter_mut().zip(items) {
            *word = match Operand::any(item) {
                None => return Err(vm.type_error("an integer is required")),
                Some(Operand::Small(n @ 0..)) => n as u32,
                Some(number) if number.is_negative() => {
                    return Err(vm.overflow_error("can't convert negative value to unsigned int"));
                }
                Some(_) => return Err(vm.overflow_error("Python int too large to convert to C unsigned long")),
            };
        }
        let index = items[WORDS].to_i64().and_then(|index| usize::try_from(index).ok());
        match index.and_then(|index| Mt19937::from_state(words, index)) {
            Some(generator) => Ok(put(this, generator)),
            None => Err(vm.value_error("invalid state")),
        }
    }

    /// getrandbits(k) -> x.  Generates an int with k random bits.
    #[method("getrandbits(self, k, /)")]
    fn getrandbits(vm: &Vm, this: &Value, k: &Value) -> PyResult {
        match vm.index_now(k) {
            Some(k) => random_bits(vm, this, &k?),
            None => {
                let (vm, this, k) = (vm.handle(), this.clone(), k.clone());
                Err(vm.defer(async move {
                    let k = vm.index(&k).await?;
                    random_bits(&vm, &this, &k)
                }))
            }
        }
    }
}

fn random_bits(vm: &Vm, this: &Value, k: &Value) -> PyResult {
    let Some(random) = this.downcast::<Random>() else { return Ok(Value::NONE) };
    let k = match Operand::any(k) {
        Some(k) if k.is_negative() => return Err(vm.value_error("Cannot convert negative int")),
        Some(Operand::Small(k)) => k as u64,
        _ => return Err(vm.overflow_error("Python int too large for C uint64_t")),
    };
    if k < 48 {
        return Ok(Value::small_int(random.generator.borrow_mut().bits_u64(k as u32) as i64));
    }
    vm.check_memory(usize::try_from(k / 8).unwrap_or(usize::MAX))?;
    Ok(Value::from_bigint(random.generator.borrow_mut().bits(k)))
}

/// Declares module `_random`.
pub struct RandomModule;

/// Module implements the Mersenne Twister random number generator.
#[native_module("_random", types = [Random])]
impl RandomModule {}

pub const MODULE: ModuleDef = RandomModule::MODULE;
