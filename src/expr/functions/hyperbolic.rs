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
    let t = exp(size);
    0.5 * t + 0.5 / t
}

/// The exponential of a number from half the logarithm of two to [`LARGE`].
fn exp(x: f64) -> f64 {
    const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    const COEFFICIENTS: [f64; 5] = [
        1.666_666_666_666_660_2e-1,
        -2.777_777_777_701_559_3e-3,
        6.613_756_321_437_934e-5,
        -1.653_390_220_546_525_2e-6,
        4.138_136_797_057_238_5e-8,
    ];
    let shift = match x < 1.5 * std::f64::consts::LN_2 {
        true => 1.0,
        false => (x * std::f64::consts::LOG2_E + 0.5).trunc(),
    };
    let (high, low) = (x - shift * LN_2_HIGH, shift * LN_2_LOW);
    let rest = high - low;
    let t = rest * rest;
    let series = COEFFICIENTS.iter().rev().fold(0.0, |sum, c| c + t * sum);
    let c = rest - t * series;
    let y = 1.0 - ((low - (rest * c) / (2.0 - c)) - high);
    y * 2.0_f64.powf(shift)
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
