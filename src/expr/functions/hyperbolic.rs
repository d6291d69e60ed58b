//! Hyperbolic functions by the formulas of fdlibm, which Java uses: other libraries differ in the last
//! digit.

const HALF_LN_2: f64 = 0.5 * std::f64::consts::LN_2;
/// From here on a term falls below the last digit.
const LARGE: f64 = 22.0;

pub(super) fn sinh(x: f64) -> f64 {
    let (sign, size) = (0.5_f64.copysign(x), x.abs());
    if size >= LARGE {
        return x.sinh();
    }
    let t = size.exp_m1();
    match size < 1.0 {
        true => sign * (2.0 * t - t * t / (t + 1.0)),
        false => sign * (t + t / (t + 1.0)),
    }
}

pub(super) fn cosh(x: f64) -> f64 {
    let size = x.abs();
    if size < HALF_LN_2 {
        let t = size.exp_m1();
        return 1.0 + t * t / (2.0 * (1.0 + t));
    }
    if size >= LARGE {
        return x.cosh();
    }
    let t = size.exp();
    0.5 * t + 0.5 / t
}

pub(super) fn tanh(x: f64) -> f64 {
    let size = x.abs();
    if size >= LARGE || size.is_nan() {
        return x.tanh();
    }
    let result = match size >= 1.0 {
        true => 1.0 - 2.0 / ((2.0 * size).exp_m1() + 2.0),
        false => {
            let t = (-2.0 * size).exp_m1();
            -t / (t + 2.0)
        }
    };
    result.copysign(x)
}
