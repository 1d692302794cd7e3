use super::dice::Dice;
use super::school::{Faith, Gender};

/// The first halves of invented English towns.
const FIRST: [&str; 56] = [
    "Alder", "Amble", "Ash", "Barn", "Beck", "Birch", "Black", "Bram", "Brook", "Burn", "Calder",
    "Castle", "Chal", "Clay", "Cold", "Cran", "Dray", "East", "Elm", "Fal", "Fern", "Gar", "Glen",
    "Hather", "Hawk", "Hazel", "Hether", "Hol", "Kel", "Kings", "Lang", "Larch", "Lin", "Long",
    "Marsh", "Mel", "Mill", "Nether", "North", "Oak", "Over", "Pen", "Quarn", "Raven", "Red",
    "Rook", "Sal", "Shel", "South", "Stan", "Thorn", "Wal", "West", "Whit", "Win", "Wood",
];

/// The second halves.
const SECOND: [&str; 30] = [
    "borough", "bourne", "bridge", "brook", "bury", "by", "combe", "cote", "dale", "den", "don",
    "field", "ford", "gate", "ham", "hampton", "hurst", "ingham", "ington", "leigh", "low", "mere",
    "minster", "port", "ridge", "stead", "thorpe", "ton", "wick", "worth",
];

/// What a school is called after when it is not called after its town.
const FEATURES: [&str; 40] = [
    "Abbey",
    "Ashlands",
    "Beacon Hill",
    "Beechwood",
    "Bishop's Park",
    "Brookfield",
    "Castle View",
    "Cedar Grange",
    "Charterhouse Lane",
    "Chestnut Grove",
    "Churchfields",
    "Copthorne",
    "Cottesmere",
    "Eastgate",
    "Fairfield",
    "Five Elms",
    "Greenacre",
    "Harbourside",
    "Heathlands",
    "Hillcrest",
    "Hollybank",
    "King's Meadow",
    "Lakeside",
    "Limewood",
    "Manor Fields",
    "Meadowbank",
    "Millbrook",
    "Moorside",
    "Northfield",
    "Oakwood",
    "Parkside",
    "Priory",
    "Queen's Park",
    "Ridgeway",
    "Riverside",
    "Rowan Valley",
    "Shepherd's Down",
    "Silverdale",
    "Springwell",
    "Weaver's Green",
];

const SAINTS: [&str; 22] = [
    "All Saints",
    "Blessed Sacrament",
    "Christ the King",
    "Holy Family",
    "Holy Trinity",
    "Sacred Heart",
    "St Aidan's",
    "St Augustine's",
    "St Bede's",
    "St Benedict's",
    "St Chad's",
    "St Cuthbert's",
    "St Edmund's",
    "St George's",
    "St Hilda's",
    "St James's",
    "St Mary's",
    "St Michael's",
    "St Oswald's",
    "St Swithun's",
    "St Wilfrid's",
    "St Thomas à Becket",
];

const STREETS: [&str; 14] = [
    "Church Lane",
    "School Lane",
    "Station Road",
    "Mill Road",
    "Park Avenue",
    "High Street",
    "Green Lane",
    "Manor Road",
    "Chapel Street",
    "London Road",
    "The Avenue",
    "Hill Rise",
    "Queen's Drive",
    "Broad Walk",
];

const TRUSTS: [&str; 12] = [
    "Learning Trust",
    "Academies Trust",
    "Education Trust",
    "Schools Partnership",
    "Multi-Academy Trust",
    "Community Learning Trust",
    "Co-operative Trust",
    "Federation Trust",
    "Education Alliance",
    "Collegiate Trust",
    "Schools' Trust",
    "Trust for Learning",
];

pub(super) fn town(dice: &mut Dice) -> String {
    format!("{}{}", dice.pick(&FIRST), dice.pick(&SECOND))
}

pub(super) fn street(dice: &mut Dice) -> String {
    dice.pick(&STREETS).to_owned()
}

pub(super) fn trust(dice: &mut Dice) -> String {
    match dice.chance(500) {
        true => format!("{} {}", town(dice), dice.pick(&TRUSTS)),
        false => format!("{} {}", dice.pick(&FEATURES), dice.pick(&TRUSTS)),
    }
}

/// What a secondary school that an authority or a foundation keeps is called.
pub(super) fn secondary(dice: &mut Dice, town: &str, faith: Faith, gender: Gender) -> String {
    let saint = |dice: &mut Dice| dice.pick(&SAINTS);
    match faith {
        Faith::RomanCatholic => {
            let kind = dice.pick(&["Catholic High School", "Catholic School", "Catholic College"]);
            return format!("{} {kind}", saint(dice));
        }
        Faith::ChurchOfEngland => {
            let kind =
                dice.pick(&["Church of England School", "CofE High School", "C of E School"]);
            return format!("{} {kind}", saint(dice));
        }
        Faith::None => {}
    }
    let called = match dice.chance(550) {
        true => town,
        false => dice.pick(&FEATURES),
    };
    match gender {
        Gender::Girls => format!("{called} {}", dice.pick(&["School for Girls", "Girls' School"])),
        Gender::Boys => format!("{called} {}", dice.pick(&["School for Boys", "Boys' School"])),
        Gender::Mixed => {
            let kind = dice.weighed(&[
                (36, "School"),
                (34, "High School"),
                (12, "Community College"),
                (8, "Community School"),
                (3, "College"),
                (3, "Sports College"),
                (2, "Upper School"),
                (2, "Comprehensive School"),
            ]);
            format!("{called} {kind}")
        }
    }
}

pub(super) fn grammar(dice: &mut Dice, town: &str, gender: Gender) -> String {
    match gender {
        Gender::Girls => format!("{town} Grammar School for Girls"),
        Gender::Boys => format!("{town} Boys' Grammar School"),
        Gender::Mixed if dice.chance(500) => format!("{} Grammar School", dice.pick(&FEATURES)),
        Gender::Mixed => format!("{town} Grammar School"),
    }
}

/// What a school is called once it is an academy: often as before, often with the new word in place of the old.
pub(super) fn academy(dice: &mut Dice, before: &str, town: &str, renamed: u32) -> String {
    if !dice.chance(renamed) {
        return before.to_owned();
    }
    let stem = [" High School", " Community College", " Community School", " School", " College"]
        .iter()
        .find_map(|ending| before.strip_suffix(ending));
    match stem {
        Some(stem) if dice.chance(800) => format!("{stem} Academy"),
        _ if dice.chance(500) => format!("The {town} Academy"),
        _ => format!("{} Academy", dice.pick(&FEATURES)),
    }
}

pub(super) fn new_secondary(dice: &mut Dice, town: &str) -> String {
    match dice.chance(400) {
        true => format!("{town} Free School"),
        false => {
            format!("{} {}", dice.pick(&FEATURES), dice.pick(&["School", "Academy", "College"]))
        }
    }
}

pub(super) fn technical(dice: &mut Dice, town: &str) -> String {
    match dice.chance(500) {
        true => format!("UTC {town}"),
        false => format!("{town} University Technical College"),
    }
}

pub(super) fn studio(town: &str) -> String {
    format!("{town} Studio School")
}

pub(super) fn special(dice: &mut Dice) -> String {
    format!(
        "{} {}",
        dice.pick(&FEATURES),
        dice.pick(&["School", "Special School", "Centre School"])
    )
}

pub(super) fn independent(dice: &mut Dice, town: &str) -> String {
    match dice.below(4) {
        0 => format!("{town} College"),
        1 => format!("{} House School", dice.pick(&FIRST)),
        2 => format!("{} Hall", dice.pick(&FEATURES)),
        _ => format!("{} School", dice.pick(&SAINTS)),
    }
}

pub(super) fn further_education(town: &str) -> String {
    format!("{town} College of Further Education")
}

pub(super) fn sixth_form_centre(town: &str) -> String {
    format!("{town} Sixth Form Centre")
}

pub(super) fn primary(dice: &mut Dice, town: &str, faith: Faith) -> String {
    let kind = dice.weighed(&[
        (74, "Primary School"),
        (8, "Community Primary School"),
        (9, "Infant School"),
        (9, "Junior School"),
    ]);
    match faith {
        Faith::RomanCatholic => format!("{} Catholic {kind}", dice.pick(&SAINTS)),
        Faith::ChurchOfEngland => format!("{} CofE {kind}", dice.pick(&SAINTS)),
        Faith::None if dice.chance(500) => format!("{town} {kind}"),
        Faith::None => format!("{} {kind}", dice.pick(&FEATURES)),
    }
}
