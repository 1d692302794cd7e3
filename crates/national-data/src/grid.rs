//! From the National Grid to latitude and longitude.
//!
//! Formulae and constants: Ordnance Survey, "A guide to coordinate systems in Great Britain", annexes A to C: transverse
//! Mercator on the Airy 1830 ellipsoid, undone by iteration, then the seven-parameter Helmert transformation from OSGB36
//! to WGS 84, which is good to about 5 metres.

use schools::details::Location;

/// Metres east and north in which Great Britain lies.
const EAST: f64 = 700_000.0;
const NORTH: f64 = 1_300_000.0;

struct Ellipsoid {
    /// Semi-major axis, in metres.
    a: f64,
    /// Semi-minor axis, in metres.
    b: f64,
}

const AIRY_1830: Ellipsoid = Ellipsoid { a: 6_377_563.396, b: 6_356_256.909 };
const WGS_84: Ellipsoid = Ellipsoid { a: 6_378_137.0, b: 6_356_752.314_245 };

/// The National Grid: scale on the central meridian, true origin (degrees) and its coordinates (metres).
const SCALE: f64 = 0.999_601_271_7;
const ORIGIN_LATITUDE: f64 = 49.0;
const ORIGIN_LONGITUDE: f64 = -2.0;
const ORIGIN_EAST: f64 = 400_000.0;
const ORIGIN_NORTH: f64 = -100_000.0;

/// OSGB36 to WGS 84: metres, seconds of arc, and scale.
const SHIFT: [f64; 3] = [446.448, -125.157, 542.060];
const TURN: [f64; 3] = [0.1502, 0.2470, 0.8421];
const STRETCH: f64 = -20.4894e-6;

/// The place of an easting and northing in metres; `None` outside the grid.
pub(crate) fn location(easting: f64, northing: f64) -> Option<Location> {
    if !(0.0..EAST).contains(&easting) || !(0.0..NORTH).contains(&northing) {
        return None;
    }
    let (latitude, longitude) = to_wgs84(on_airy(easting, northing));
    let millionths = |radians: f64| (radians.to_degrees() * 1e6).round() as i32;
    Some(Location { latitude: millionths(latitude), longitude: millionths(longitude) })
}

impl Ellipsoid {
    fn eccentricity_squared(&self) -> f64 {
        1.0 - (self.b * self.b) / (self.a * self.a)
    }

    /// Radius of curvature across the meridian, in metres.
    fn transverse_radius(&self, latitude: f64) -> f64 {
        self.a / (1.0 - self.eccentricity_squared() * latitude.sin().powi(2)).sqrt()
    }

    /// Metres along the meridian from one latitude to another (annex C, equation C3), before the scale.
    fn meridian_arc(&self, from: f64, to: f64) -> f64 {
        let n = (self.a - self.b) / (self.a + self.b);
        let (n2, n3) = (n * n, n * n * n);
        let (less, more) = (to - from, to + from);
        self.b
            * ((1.0 + n + 1.25 * n2 + 1.25 * n3) * less
                - (3.0 * n + 3.0 * n2 + 2.625 * n3) * less.sin() * more.cos()
                + (1.875 * n2 + 1.875 * n3) * (2.0 * less).sin() * (2.0 * more).cos()
                - 35.0 / 24.0 * n3 * (3.0 * less).sin() * (3.0 * more).cos())
    }
}

/// Latitude and longitude on OSGB36, in radians.
fn on_airy(easting: f64, northing: f64) -> (f64, f64) {
    let origin = ORIGIN_LATITUDE.to_radians();
    let goal = (northing - ORIGIN_NORTH) / SCALE;
    let mut foot = origin;
    // Each step gains several digits; five are more than enough anywhere on the grid.
    for _ in 0..8 {
        foot += (goal - AIRY_1830.meridian_arc(origin, foot)) / AIRY_1830.a;
    }
    let e2 = AIRY_1830.eccentricity_squared();
    let nu = SCALE * AIRY_1830.transverse_radius(foot);
    let rho = nu * (1.0 - e2) / (1.0 - e2 * foot.sin().powi(2));
    let eta2 = nu / rho - 1.0;
    let (t, sec) = (foot.tan(), 1.0 / foot.cos());
    let (t2, t4, t6) = (t.powi(2), t.powi(4), t.powi(6));
    let d = easting - ORIGIN_EAST;

    let latitude = foot - t / (2.0 * rho * nu) * d.powi(2)
        + t / (24.0 * rho * nu.powi(3)) * (5.0 + 3.0 * t2 + eta2 - 9.0 * t2 * eta2) * d.powi(4)
        - t / (720.0 * rho * nu.powi(5)) * (61.0 + 90.0 * t2 + 45.0 * t4) * d.powi(6);
    let longitude = ORIGIN_LONGITUDE.to_radians() + sec / nu * d
        - sec / (6.0 * nu.powi(3)) * (nu / rho + 2.0 * t2) * d.powi(3)
        + sec / (120.0 * nu.powi(5)) * (5.0 + 28.0 * t2 + 24.0 * t4) * d.powi(5)
        - sec / (5040.0 * nu.powi(7)) * (61.0 + 662.0 * t2 + 1320.0 * t4 + 720.0 * t6) * d.powi(7);
    (latitude, longitude)
}

/// From OSGB36 to WGS 84, both in radians, at ground level.
fn to_wgs84((latitude, longitude): (f64, f64)) -> (f64, f64) {
    let nu = AIRY_1830.transverse_radius(latitude);
    let x = nu * latitude.cos() * longitude.cos();
    let y = nu * latitude.cos() * longitude.sin();
    let z = nu * (1.0 - AIRY_1830.eccentricity_squared()) * latitude.sin();

    let [rx, ry, rz] = TURN.map(|seconds| (seconds / 3600.0).to_radians());
    let [tx, ty, tz] = SHIFT;
    let stretched = 1.0 + STRETCH;
    let (x, y, z) = (
        tx + stretched * x - rz * y + ry * z,
        ty + rz * x + stretched * y - rx * z,
        tz - ry * x + rx * y + stretched * z,
    );

    let e2 = WGS_84.eccentricity_squared();
    let across = x.hypot(y);
    let mut latitude = z.atan2(across * (1.0 - e2));
    for _ in 0..6 {
        latitude = (z + e2 * WGS_84.transverse_radius(latitude) * latitude.sin()).atan2(across);
    }
    (latitude, y.atan2(x))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The guide's worked example, the water tower at Caister: 651409.903 E, 313177.270 N is 52°39'27.2531" N,
    /// 1°43'4.5177" E on OSGB36.
    #[test]
    fn the_guides_own_example_comes_out() {
        let (latitude, longitude) = on_airy(651_409.903, 313_177.270);
        let seconds =
            |degrees: f64, minutes: f64, seconds: f64| degrees + minutes / 60.0 + seconds / 3600.0;
        assert!(
            (latitude.to_degrees() - seconds(52.0, 39.0, 27.2531)).abs() < 1e-7,
            "{}",
            latitude.to_degrees()
        );
        assert!(
            (longitude.to_degrees() - seconds(1.0, 43.0, 4.5177)).abs() < 1e-7,
            "{}",
            longitude.to_degrees()
        );
    }

    /// Greenwich: the zero meridian of WGS 84 passes about 102 metres east of Airy's transit circle (538884 E, 177323 N).
    #[test]
    fn the_transit_circle_lies_west_of_the_zero_meridian() {
        let place = location(538_884.0, 177_323.0).unwrap();
        let metres_west =
            f64::from(-place.longitude) / 1e6 * 111_320.0 * 51.4779_f64.to_radians().cos();
        assert!((metres_west - 102.0).abs() < 6.0, "{metres_west}");
        assert!((place.latitude - 51_477_800).abs() < 200, "{place:?}");
    }

    #[test]
    fn what_is_not_on_the_grid_is_nowhere() {
        assert_eq!(location(-1.0, 5.0), None);
        assert_eq!(location(700_000.0, 5.0), None);
        assert_eq!(location(f64::NAN, 5.0), None);
    }
}
