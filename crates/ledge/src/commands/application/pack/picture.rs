//! The picture of a school's results beside the nation's: where everything lies.

use app::{Spread, YearOfResults};

use super::sheet::{score, shown};

/// As wide as half a printed page and as a small telephone, so that its words stay readable on both.
const LEFT: f64 = 14.0;
const RIGHT: f64 = 326.0;
/// Between one year and the next.
const ROW: f64 = 42.0;

/// Everything that is drawn, in the picture's own units.
pub(super) struct Picture {
    pub(super) height: String,
    pub(super) axis: String,
    pub(super) axis_text: String,
    pub(super) ticks: Vec<Tick>,
    pub(super) rows: Vec<Row>,
    /// The same in words, for those who do not see it.
    pub(super) told: String,
    pub(super) legend: String,
}

pub(super) struct Tick {
    pub(super) x: String,
    pub(super) label: String,
}

/// One release.
pub(super) struct Row {
    pub(super) year: String,
    pub(super) score: String,
    pub(super) text_y: String,
    pub(super) above: String,
    pub(super) top: String,
    pub(super) middle: String,
    pub(super) bottom: String,
    pub(super) below: String,
    pub(super) band: Option<Band>,
    pub(super) school: Option<Mark>,
}

/// The nation.
pub(super) struct Band {
    pub(super) p10: String,
    pub(super) wide: String,
    pub(super) p25: String,
    pub(super) half: String,
    pub(super) median: String,
    pub(super) threshold: String,
}

/// The school.
pub(super) struct Mark {
    pub(super) lower: String,
    pub(super) upper: String,
    pub(super) diamond: String,
}

/// From which score to which, in points.
#[derive(Clone, Copy)]
struct Scale {
    from: f64,
    to: f64,
}

impl Picture {
    pub(super) fn of(years: &[YearOfResults]) -> Self {
        let scale = Scale::of(years);
        let bottom = ROW.mul_add(f64::from(u16::try_from(years.len()).unwrap_or(u16::MAX)), 2.0);
        Self {
            height: at(bottom + 16.0),
            axis: at(bottom),
            axis_text: at(bottom + 12.0),
            ticks: scale.ticks(),
            rows: years
                .iter()
                .zip(0_u16..)
                .map(|(year, index)| Row::of(year, scale, ROW * f64::from(index)))
                .collect(),
            told: years.iter().map(told).collect::<Vec<_>>().join(" "),
            legend: legend(years),
        }
    }
}

impl Scale {
    /// Wide enough for everything, in half points, and never narrower than most of the nation is.
    fn of(years: &[YearOfResults]) -> Self {
        let school = years.iter().flat_map(|year| [year.progress8, year.lower, year.upper]);
        let nation = years.iter().flat_map(|year| {
            year.nation.map_or([None; 2], |nation| [Some(nation.p10), Some(nation.p90)])
        });
        let all = school.chain(nation).flatten();
        let (from, to) =
            all.fold((-1.0, 1.0), |(from, to), value: f64| (value.min(from), value.max(to)));
        Self { from: (from * 2.0).floor() / 2.0, to: (to * 2.0).ceil() / 2.0 }
    }

    fn x(self, value: f64) -> f64 {
        (value - self.from) / (self.to - self.from) * (RIGHT - LEFT) + LEFT
    }

    fn ticks(self) -> Vec<Tick> {
        let mut ticks = vec![];
        let mut value = self.from;
        while value <= self.to {
            ticks.push(Tick { x: at(self.x(value)), label: format!("{value:.1}") });
            value += 0.5;
        }
        ticks
    }
}

impl Row {
    fn of(year: &YearOfResults, scale: Scale, above: f64) -> Self {
        let (top, middle) = (above + 20.0, above + 27.0);
        Self {
            year: year.release.to_string(),
            score: score(year),
            text_y: at(above + 13.0),
            above: at(top - 3.0),
            top: at(top),
            middle: at(middle),
            bottom: at(top + 14.0),
            below: at(top + 17.0),
            band: year.nation.map(|nation| Band::of(&nation, scale)),
            school: year.progress8.map(|value| {
                let x = scale.x(value);
                Mark {
                    lower: at(scale.x(year.lower.unwrap_or(value))),
                    upper: at(scale.x(year.upper.unwrap_or(value))),
                    diamond: format!("M{} {} l6 6 l-6 6 l-6 -6 z", at(x), at(middle - 6.0)),
                }
            }),
        }
    }
}

impl Band {
    fn of(nation: &Spread, scale: Scale) -> Self {
        let x = |value| scale.x(value);
        Self {
            p10: at(x(nation.p10)),
            wide: at(x(nation.p90) - x(nation.p10)),
            p25: at(x(nation.p25)),
            half: at(x(nation.p75) - x(nation.p25)),
            median: at(x(nation.median)),
            threshold: at(x(nation.threshold)),
        }
    }
}

fn told(year: &YearOfResults) -> String {
    let nation = year.nation.map_or_else(String::new, |nation| {
        format!(
            " Of {} schools half lie between {} and {}; the {}th percentile is {}.",
            nation.schools,
            shown(nation.p25),
            shown(nation.p75),
            nation.percentile,
            shown(nation.threshold)
        )
    });
    format!("{}: this school {}.{nation}", year.release, score(year))
}

fn legend(years: &[YearOfResults]) -> String {
    let Some(nation) = years.iter().find_map(|year| year.nation) else {
        return "Diamond: this school, with its 95% limits.".to_owned();
    };
    format!(
        "Light band: the middle 80% of state-funded mainstream schools; dark band: the middle half; white line: the median; \
         dashed line: the {}th percentile; diamond: this school, with its 95% limits.",
        nation.percentile
    )
}

fn at(position: f64) -> String {
    format!("{position:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(score: Option<f64>, lower: Option<f64>) -> YearOfResults {
        YearOfResults {
            release: "2017/18 final".parse().unwrap(),
            progress8: score,
            lower,
            upper: score.map(|score| score + 0.25),
            withheld: None,
            pupils: None,
            source: None,
            public_from: None,
            nation: Some(Spread {
                percentile: 75,
                threshold: 0.27,
                p10: -0.62,
                p25: -0.29,
                median: 0.0,
                p75: 0.27,
                p90: 0.52,
                schools: 3165,
            }),
        }
    }

    #[test]
    fn the_scale_holds_the_school_and_the_nation_in_half_points() {
        let scale = Scale::of(&[year(Some(-1.62), Some(-2.1)), year(None, None)]);
        assert_eq!((scale.from, scale.to), (-2.5, 1.0));
        assert!((scale.x(-2.5) - LEFT).abs() < 1e-9 && (scale.x(1.0) - RIGHT).abs() < 1e-9);
        let labels: Vec<String> = scale.ticks().into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels, ["-2.5", "-2.0", "-1.5", "-1.0", "-0.5", "0.0", "0.5", "1.0"]);
    }

    #[test]
    fn what_is_seen_is_also_told() {
        let picture = Picture::of(&[year(Some(0.31), Some(0.05))]);
        assert_eq!(
            picture.told,
            "2017/18 final: this school 0.31 (0.05 to 0.56). Of 3165 schools half lie between -0.29 and 0.27; the 75th \
             percentile is 0.27."
        );
        let picture = Picture::of(&[year(None, None)]);
        assert!(picture.rows[0].school.is_none() && picture.rows[0].band.is_some());
    }
}
