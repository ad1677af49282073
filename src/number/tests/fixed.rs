//! Fixed notation of short numbers against Rust's own exact formatting.

use snakelet_number::float::{Layout, Style, push};
use snakelet_number::mt19937::Mt19937;

#[test]
fn short_fixed_equals_exact() {
    let mut random = Mt19937::from_key(&[7]);
    let check = |x: f64, precision: usize| {
        let mut text = String::new();
        push(&mut text, x, &Layout::new(Style::Fixed, precision));
        assert_eq!(text, format!("{x:.precision$}"), "{x:?} {precision}");
    };
    let ties = [0.5, 1.5, 2.5, 0.125, 0.375, 2.675, 1e17, 0.0, -0.0, 1e-300, 5e-324, 999999.9999995, 0.05, 9.995, 99.5];
    for precision in 0..=17 {
        for x in ties {
            check(x, precision);
            check(-x, precision);
        }
        for _ in 0..2000 {
            let scale = 10f64.powi(random.bits_u64(5) as i32 - 14);
            check((random.random() - 0.5) * scale, precision);
            check((random.random() * 4000.0).floor() / 64.0, precision);
        }
    }
}
