//! Errors in words: the message of the code, its place, and what lay behind it.

use super::{FluentValue, Language, tr_args, words};
use crate::base::{Error, Span};

/// What a person reads for an error: the words of its code with its arguments, the place in the SQL
/// text, and on a line of its own each cause.
pub fn error_text(language: Language, error: &Error) -> String {
    let mut text = message(language, error);
    if let Some(span) = error.span() {
        text.push(' ');
        text.push_str(&place(language, span));
    }
    let mut behind = error.cause();
    while let Some(cause) = behind {
        text.push('\n');
        text.push_str(&tr_args(
            language,
            "error-cause",
            &[("cause", message(language, cause).into())],
        ));
        behind = cause.cause();
    }
    text
}

fn message(language: Language, error: &Error) -> String {
    let args: Vec<_> = error.args().iter().map(|(name, value)| (*name, argument(value))).collect();
    words(language, &format!("error-{}", error.code()), &args).unwrap_or_else(|| error.to_string())
}

fn place(language: Language, span: Span) -> String {
    let (line, column) = (span.start.line.into(), span.start.column.into());
    tr_args(language, "error-place", &[("line", line), ("column", column)])
}

/// Whole numbers choose plural forms; anything else is quoted as it was written (`1.50` stays).
fn argument(value: &str) -> FluentValue<'_> {
    match value.parse::<i64>() {
        Ok(number) if number.to_string() == value => number.into(),
        _ => value.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Location;

    #[test]
    fn an_error_has_words_a_place_and_a_cause() {
        let at = Location { line: 2, column: 9 };
        let error = Error::new("cli-unknown-command")
            .arg("name", "fly")
            .at(Span::new(at, at))
            .caused_by(Error::new("cli-unknown-command").arg("name", "1.50"));
        let text = error_text(Language::En, &error);
        insta::assert_snapshot!(text, @r"
        There is no command “fly”. The commands are sql and run; without one the window opens. (line 2, column 9)
        Cause: There is no command “1.50”. The commands are sql and run; without one the window opens.
        ");
        let text = error_text(Language::PtBr, &error);
        insta::assert_snapshot!(text, @r"
        Não existe o comando “fly”. Os comandos são sql e run; sem comando, a janela se abre. (linha 2, coluna 9)
        Causa: Não existe o comando “1.50”. Os comandos são sql e run; sem comando, a janela se abre.
        ");
    }
}
