//! One error type for the engine: a code, its arguments, and the place it speaks of. No prose.
//!
//! The words of a code live in the translation files (`assets/i18n/*/errors*.ftl`, message
//! `error-<code>`), so that each error exists in both languages; a test keeps codes and files equal.

use std::fmt;

use super::span::Span;

/// The result of anything in the engine that can refuse its input.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A refusal: what (`code`), which (`args`), where (`span`), and what lay behind it (`cause`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    code: &'static str,
    args: Vec<(&'static str, String)>,
    span: Option<Span>,
    cause: Option<Error>,
}

impl Error {
    /// A new error; `code` is kebab-case and has its words under `error-<code>`.
    #[must_use]
    pub fn new(code: &'static str) -> Self {
        Self(Box::new(Inner { code, args: Vec::new(), span: None, cause: None }))
    }

    /// Adds an argument that the words of the code name as `{ $name }`.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.0.args.push((name, value.to_string()));
        self
    }

    /// Says where in the SQL text, if that is known. The innermost place wins: a place once set stays.
    #[must_use]
    pub fn at(mut self, span: impl Into<Option<Span>>) -> Self {
        self.0.span = self.0.span.or(span.into());
        self
    }

    /// Names the error that lay behind this one.
    #[must_use]
    pub fn caused_by(mut self, cause: Error) -> Self {
        self.0.cause = Some(cause);
        self
    }

    /// The code, without the `error-` of its translation.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// The arguments in the order in which they were given.
    pub fn args(&self) -> &[(&'static str, String)] {
        &self.0.args
    }

    /// The value of one argument.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.args.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
    }

    /// The place in the SQL text, if it has one.
    pub fn span(&self) -> Option<Span> {
        self.0.span
    }

    /// The error behind this one.
    pub fn cause(&self) -> Option<&Error> {
        self.0.cause.as_ref()
    }
}

/// A stable text form for logs and goldens; people read the translation.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code)?;
        for (name, value) in &self.0.args {
            write!(f, " {name}={value:?}")?;
        }
        if let Some(span) = self.0.span {
            write!(f, " at {span}")?;
        }
        if let Some(cause) = &self.0.cause {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
