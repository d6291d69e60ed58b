//! People, places, firms and their addresses: names come from a library, in the language asked for.

use deunicode::deunicode;
use fake::Fake;
use fake::faker::{address, company, currency, internet, lorem, name, phone_number};
use fake::locales::{EN, PT_BR};
use rand::RngExt;

use super::provider::{Maker, Provider};
use super::words::Locale;
use crate::base::SeededRandom;

/// A text of the library, in a language.
macro_rules! text {
    ($faker:path, $locale:expr, $random:expr $(, $argument:expr)*) => {{
        let rng = $random.rng();
        let text: String = match $locale {
            Locale::English => $faker(EN $(, $argument)*).fake_with_rng(rng),
            Locale::Portuguese => $faker(PT_BR $(, $argument)*).fake_with_rng(rng),
        };
        text
    }};
}

/// Something without arguments.
macro_rules! plain {
    ($name:literal, |$random:ident, $locale:ident| $make:expr) => {
        Provider {
            name: $name,
            arguments: "",
            maker: |arguments, locale| {
                let make = move |$random: &mut SeededRandom, $locale: Locale| -> String { $make };
                arguments.is_empty().then(|| -> Maker { Box::new(move |r, _| make(r, locale)) })
            },
        }
    };
    ($name:literal, $faker:path) => {
        plain!($name, |random, locale| text!($faker, locale, random))
    };
}

/// What this file makes.
pub(super) const PROVIDERS: &[Provider] = &[
    plain!("Address.buildingNumber", address::raw::BuildingNumber),
    plain!("Address.countryCode", address::raw::CountryCode),
    plain!("Address.fullAddress", |random, locale| {
        let (street, city) = (street_address(random, locale), city(random, locale));
        let state = text!(address::raw::StateAbbr, locale, random);
        format!("{street}, {city} - {state}")
    }),
    plain!("Address.latitude", |random, _locale| degrees(random, 90.0)),
    plain!("Address.longitude", |random, _locale| degrees(random, 180.0)),
    plain!("Address.state", address::raw::StateName),
    plain!("Address.stateAbbr", address::raw::StateAbbr),
    plain!("Address.streetAddress", |random, locale| street_address(random, locale)),
    plain!("Address.streetName", address::raw::StreetName),
    plain!("Address.timeZone", address::raw::TimeZone),
    plain!("Address.zipCode", address::raw::PostCode),
    plain!("Company.catchPhrase", company::raw::CatchPhrase),
    plain!("Company.name", |random, locale| {
        let family = text!(name::raw::LastName, locale, random);
        format!("{family} {}", text!(company::raw::CompanySuffix, locale, random))
    }),
    plain!("Company.suffix", company::raw::CompanySuffix),
    plain!("Currency.code", currency::raw::CurrencyCode),
    plain!("Currency.name", currency::raw::CurrencyName),
    plain!("Internet.domainName", |random, locale| domain(random, locale)),
    // Of domains that belong to nobody (RFC 2606).
    plain!("Internet.emailAddress", |random, locale| {
        let domain = ["example.com", "example.net", "example.org"][random.below(3)];
        format!("{}@{domain}", username(random, locale))
    }),
    plain!("Internet.ipV4Address", internet::raw::IPv4),
    plain!("Internet.ipV6Address", internet::raw::IPv6),
    plain!("Internet.macAddress", internet::raw::MACAddress),
    plain!("Internet.password", |random, locale| text!(
        internet::raw::Password,
        locale,
        random,
        8..16
    )),
    plain!("Internet.url", |random, locale| format!("https://www.{}", domain(random, locale))),
    plain!("Internet.userAgent", internet::raw::UserAgent),
    plain!("Internet.uuid", |random, _locale| uuid(random)),
    plain!("Internet.username", |random, locale| username(random, locale)),
    plain!("Lorem.paragraph", |random, locale| text!(lorem::raw::Paragraph, locale, random, 3..6)),
    plain!("Lorem.sentence", |random, locale| text!(lorem::raw::Sentence, locale, random, 4..10)),
    plain!("Lorem.word", lorem::raw::Word),
    plain!("Name.firstName", name::raw::FirstName),
    plain!("Name.fullName", name::raw::Name),
    plain!("Name.lastName", name::raw::LastName),
    plain!("Name.name", name::raw::Name),
    plain!("Name.username", |random, locale| username(random, locale)),
    plain!("PhoneNumber.cellPhone", phone_number::raw::CellNumber),
    plain!("PhoneNumber.phoneNumber", phone_number::raw::PhoneNumber),
];

fn degrees(random: &mut SeededRandom, most: f64) -> String {
    format!("{:.6}", random.rng().random_range(-most..=most))
}

fn city(random: &mut SeededRandom, locale: Locale) -> String {
    let cities = locale.lists().get("Address.city").map_or(&[][..], Vec::as_slice);
    if cities.is_empty() { String::new() } else { cities[random.below(cities.len())].clone() }
}

fn street_address(random: &mut SeededRandom, locale: Locale) -> String {
    let street = text!(address::raw::StreetName, locale, random);
    let number = random.below(2_000) + 1;
    match locale {
        Locale::English => format!("{number} {street}"),
        Locale::Portuguese => format!("{street}, {number}"),
    }
}

fn domain(random: &mut SeededRandom, locale: Locale) -> String {
    let family = text!(name::raw::LastName, locale, random);
    format!("{}.{}", ascii(&family), text!(internet::raw::DomainSuffix, locale, random))
}

fn username(random: &mut SeededRandom, locale: Locale) -> String {
    let first = text!(name::raw::FirstName, locale, random);
    let last = text!(name::raw::LastName, locale, random);
    let number = random.below(200);
    let number = if number < 100 { number.to_string() } else { String::new() };
    format!("{}.{}{number}", ascii(&first), ascii(&last))
}

/// Small letters of the alphabet.
fn ascii(text: &str) -> String {
    let letters = deunicode(text).to_ascii_lowercase();
    letters.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Version 4, by the seed.
fn uuid(random: &mut SeededRandom) -> String {
    let bits: u128 = random.rng().random();
    let bits = (bits & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
