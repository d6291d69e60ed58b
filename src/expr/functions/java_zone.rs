//! Time zones by the names that Java's `TimeZone` takes; one that it does not know is UTC.

use crate::data::zone::Zone;

/// Zones of three letters, and the regions that they stand for.
const SHORT: &[(&str, &str)] = &[
    ("ACT", "Australia/Darwin"),
    ("AET", "Australia/Sydney"),
    ("AGT", "America/Argentina/Buenos_Aires"),
    ("ART", "Africa/Cairo"),
    ("AST", "America/Anchorage"),
    ("BET", "America/Sao_Paulo"),
    ("BST", "Asia/Dhaka"),
    ("CAT", "Africa/Harare"),
    ("CNT", "America/St_Johns"),
    ("CST", "America/Chicago"),
    ("CTT", "Asia/Shanghai"),
    ("EAT", "Africa/Addis_Ababa"),
    ("ECT", "Europe/Paris"),
    ("IET", "America/Indiana/Indianapolis"),
    ("IST", "Asia/Kolkata"),
    ("JST", "Asia/Tokyo"),
    ("MIT", "Pacific/Apia"),
    ("NET", "Asia/Yerevan"),
    ("NST", "Pacific/Auckland"),
    ("PLT", "Asia/Karachi"),
    ("PNT", "America/Phoenix"),
    ("PRT", "America/Puerto_Rico"),
    ("PST", "America/Los_Angeles"),
    ("SST", "Pacific/Guadalcanal"),
    ("VST", "Asia/Ho_Chi_Minh"),
];

/// The zone of a name: a region, three letters, or `GMT+2`, `GMT-03:00`.
pub(super) fn java_zone(name: &str) -> Zone {
    let region = SHORT.iter().find(|(short, _)| *short == name).map_or(name, |(_, region)| region);
    match region.parse() {
        Ok(zone) => Zone::Named(zone),
        Err(_) => Zone::from_gmt(name).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_have_javas_names() {
        for (name, hours) in [
            ("PST", -8),
            ("GMT+2", 2),
            ("GMT-03:00", -3),
            ("EST", -5),
            ("Asia/Tokyo", 9),
            ("UTC+2", 0),
            ("+02:00", 0),
            ("Nowhere", 0),
        ] {
            assert_eq!(java_zone(name).local_millis(0), hours * 3_600_000, "{name}");
        }
    }
}
