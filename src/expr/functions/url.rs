//! PARSE_URL: the parts of an address, as `java.net.URL` tells them apart.

use arrow::array::StringArray;

use super::Inferred;
use super::string::typed;
use crate::base::Result;
use crate::data::{DataType, LogicalType};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Resolved};
use crate::expr::tree::Expr;
use crate::expr::types::is_text;

pub(super) static FUNCTIONS: &[Function] =
    &[Function::strict("PARSE_URL", "PARSE_URL(text, part[, key])", infer, parse_url)];

/// The protocols that Java can handle.
const PROTOCOLS: [&str; 6] = ["http", "https", "ftp", "file", "jar", "mailto"];

fn infer(operands: &[Expr]) -> Inferred {
    let types = match operands.len() {
        2 => typed(operands, &[is_text, is_text], LogicalType::STRING),
        _ => typed(operands, &[is_text, is_text, is_text], LogicalType::STRING),
    }?;
    Ok(Resolved { result: DataType::nullable(LogicalType::STRING), ..types })
}

fn parse_url(call: &Call<'_>) -> Result<Columnar> {
    let (text, part) = (call.texts(0)?, call.texts(1)?);
    let key = (call.arguments.len() > 2).then(|| call.texts(2)).transpose()?;
    let row = |row| {
        let found = Url::of(text.get(row)?)?.part(part.get(row)?)?;
        match &key {
            None => Some(found),
            Some(key) if part.get(row)? == "QUERY" => value_of(&found, key.get(row)?),
            Some(_) => None,
        }
    };
    Ok(call.collect::<_, StringArray>(row))
}

/// The value of a key in `a=1&b=2`.
fn value_of(query: &str, key: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == key).map(|(_, value)| value.to_owned())
}

struct Url<'a> {
    protocol: &'a str,
    authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
    reference: Option<&'a str>,
}

impl<'a> Url<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (protocol, rest) = text.trim().split_once(':')?;
        if !PROTOCOLS.iter().any(|known| protocol.eq_ignore_ascii_case(known)) {
            return None;
        }
        let (rest, reference) = split(rest, '#');
        let (rest, query) = split(rest, '?');
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                (Some(authority), path)
            }
            None => (None, rest),
        };
        Some(Self { protocol, authority, path, query, reference })
    }

    fn part(&self, name: &str) -> Option<String> {
        match name {
            "PROTOCOL" => Some(self.protocol.to_ascii_lowercase()),
            "AUTHORITY" => self.authority.map(str::to_owned),
            "USERINFO" => self.authority?.rsplit_once('@').map(|(user, _)| user.to_owned()),
            "HOST" => Some(self.host().to_owned()),
            "PATH" => Some(self.path.to_owned()),
            "QUERY" => self.query.map(str::to_owned),
            "FILE" => Some(match self.query {
                Some(query) => format!("{}?{query}", self.path),
                None => self.path.to_owned(),
            }),
            "REF" => self.reference.map(str::to_owned),
            _ => None,
        }
    }

    /// Without user and port.
    fn host(&self) -> &'a str {
        let authority = self.authority.unwrap_or_default();
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => host,
        }
    }
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}
