//! `product`, `permutations`, `combinations`, `combinations_with_replacement`.
//!
//! They collect their pools when made; each step then only moves indices.

use snakelet_macros::{methods, native_type};
use snakelet_vm::{PyResult, Value, Vm, VmCell, VmRef};

/// Where the next tuple comes from.
#[derive(Default)]
struct Position {
    indices: Vec<usize>,
    /// Of permutations: how far each place has come.
    cycles: Vec<usize>,
    started: bool,
    finished: bool,
}

snakelet_vm::no_references!(Position);

fn pick(pool: &[Value], indices: &[usize]) -> Value {
    Value::from_tuple(indices.iter().map(|&index| pool[index].clone()).collect())
}

async fn pool_and_length(vm: &Vm, iterable: &Value, r: isize) -> PyResult<(Vec<Value>, usize)> {
    let pool = vm.collect(iterable).await?;
    match usize::try_from(r) {
        Ok(r) => {
            vm.check_memory(r.saturating_mul(16))?;
            Ok((pool, r))
        }
        Err(_) => Err(vm.value_error("r must be non-negative")),
    }
}

/// The payload of `product`.
#[native_type(
    name = "product",
    module = "itertools",
    doc = "product(*iterables, repeat=1) --> product object\n\nCartesian product of input iterables.",
    flags(subclassable)
)]
pub struct Product {
    pools: Vec<Vec<Value>>,
    #[skip_traverse]
    position: VmCell<Position>,
}

#[methods]
impl Product {
    #[new("product(*iterables, repeat=1)", text = none)]
    async fn new(vm: VmRef, cls: Value, iterables: Vec<Value>, repeat: isize) -> PyResult {
        let Ok(repeat) = usize::try_from(repeat) else {
            return Err(vm.value_error("repeat argument cannot be negative"));
        };
        let mut once = Vec::with_capacity(iterables.len());
        if repeat > 0 {
            for iterable in &iterables {
                once.push(vm.collect(iterable).await?);
            }
        }
        let size: usize = once.iter().map(|pool| 24 + pool.len() * 8).sum();
        vm.check_memory(size.saturating_mul(repeat))?;
        let mut pools = Vec::with_capacity(once.len() * repeat);
        for _ in 0..repeat {
            pools.extend(once.iter().cloned());
        }
        let position = Position { indices: vec![0; pools.len()], ..Position::default() };
        vm.new_instance(&cls, Product { pools, position: VmCell::new(position) })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(this: &Product) -> Value {
        let position = this.position.borrow_mut();
        if position.finished {
            return Value::UNBOUND;
        }
        if !position.started {
            position.started = true;
            position.finished = this.pools.iter().any(Vec::is_empty);
        } else {
            position.finished = true;
            for (index, pool) in position.indices.iter_mut().zip(&this.pools).rev() {
                *index += 1;
                if *index < pool.len() {
                    position.finished = false;
                    break;
                }
                *index = 0;
            }
        }
        if position.finished {
            return Value::UNBOUND;
        }
        let items = position.indices.iter().zip(&this.pools).map(|(&index, pool)| pool[index].clone());
        Value::from_tuple(items.collect())
    }
}

/// The payload of `combinations`.
#[native_type(
    name = "combinations",
    module = "itertools",
    doc = "Return successive r-length combinations of elements in the iterable.",
    flags(subclassable)
)]
pub struct Combinations {
    pool: Vec<Value>,
    #[skip_traverse]
    position: VmCell<Position>,
}

#[methods]
impl Combinations {
    #[new("combinations(iterable, r)")]
    async fn new(vm: VmRef, cls: Value, iterable: Value, r: isize) -> PyResult {
        let (pool, r) = pool_and_length(&vm, &iterable, r).await?;
        let finished = r > pool.len();
        let indices = if finished { Vec::new() } else { (0..r).collect() };
        let position = VmCell::new(Position { indices, finished, ..Position::default() });
        vm.new_instance(&cls, Combinations { pool, position })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(this: &Combinations) -> Value {
        let position = this.position.borrow_mut();
        if position.finished {
            return Value::UNBOUND;
        }
        let (n, r) = (this.pool.len(), position.indices.len());
        if position.started {
            match (0..r).rev().find(|&place| position.indices[place] != place + n - r) {
                Some(place) => {
                    position.indices[place] += 1;
                    for later in place + 1..r {
                        position.indices[later] = position.indices[later - 1] + 1;
                    }
                }
                None => {
                    position.finished = true;
                    return Value::UNBOUND;
                }
            }
        }
        position.started = true;
        pick(&this.pool, &position.indices)
    }
}

/// The payload of `combinations_with_replacement`.
#[native_type(
    name = "combinations_with_replacement",
    module = "itertools",
    doc = "Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.",
    flags(subclassable)
)]
pub struct CombinationsWithReplacement {
    pool: Vec<Value>,
    #[skip_traverse]
    position: VmCell<Position>,
}

#[methods]
impl CombinationsWithReplacement {
    #[new("combinations_with_replacement(iterable, r)")]
    async fn new(vm: VmRef, cls: Value, iterable: Value, r: isize) -> PyResult {
        let (pool, r) = pool_and_length(&vm, &iterable, r).await?;
        let finished = pool.is_empty() && r > 0;
        let indices = if finished { Vec::new() } else { vec![0; r] };
        let position = VmCell::new(Position { indices, finished, ..Position::default() });
        vm.new_instance(&cls, CombinationsWithReplacement { pool, position })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(this: &CombinationsWithReplacement) -> Value {
        let position = this.position.borrow_mut();
        if position.finished {
            return Value::UNBOUND;
        }
        if position.started {
            match position.indices.iter().rposition(|&index| index + 1 != this.pool.len()) {
                Some(place) => {
                    let index = position.indices[place] + 1;
                    position.indices[place..].fill(index);
                }
                None => {
                    position.finished = true;
                    return Value::UNBOUND;
                }
            }
        }
        position.started = true;
        pick(&this.pool, &position.indices)
    }
}

/// The payload of `permutations`.
#[native_type(
    name = "permutations",
    module = "itertools",
    doc = "Return successive r-length permutations of elements in the iterable.",
    flags(subclassable)
)]
pub struct Permutations {
    pool: Vec<Value>,
    r: usize,
    #[skip_traverse]
    position: VmCell<Position>,
}

#[methods]
impl Permutations {
    #[new("permutations(iterable, r=None)")]
    async fn new(vm: VmRef, cls: Value, iterable: Value, r: Option<Value>) -> PyResult {
        let r = match r {
            None => None,
            Some(r) if r.is_int() => Some(vm.to_index_isize(&r).await?),
            Some(_) => return Err(vm.type_error("Expected int as r")),
        };
        let (pool, r) = match r {
            None => {
                let pool = vm.collect(&iterable).await?;
                let r = pool.len();
                (pool, r)
            }
            Some(r) => pool_and_length(&vm, &iterable, r).await?,
        };
        let n = pool.len();
        let finished = r > n;
        let cycles = if finished { Vec::new() } else { (n - r + 1..=n).rev().collect() };
        let position = Position { indices: (0..n).collect(), cycles, finished, started: false };
        vm.new_instance(&cls, Permutations { pool, r, position: VmCell::new(position) })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(this: &Permutations) -> Value {
        let position = this.position.borrow_mut();
        if position.finished {
            return Value::UNBOUND;
        }
        let n = this.pool.len();
        if position.started {
            let mut moved = false;
            for place in (0..this.r).rev() {
                position.cycles[place] -= 1;
                if position.cycles[place] == 0 {
                    position.indices[place..].rotate_left(1);
                    position.cycles[place] = n - place;
                } else {
                    let other = n - position.cycles[place];
                    position.indices.swap(place, other);
                    moved = true;
                    break;
                }
            }
            if !moved {
                position.finished = true;
                return Value::UNBOUND;
            }
        }
        position.started = true;
        pick(&this.pool, &position.indices[..this.r])
    }
}
