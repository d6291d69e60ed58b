//! From a folder, or from the program itself, to a lesson; with errors that name file and place.

use std::{fs, path::Path, time::SystemTime};

use serde::Deserialize;

use super::format::{Action, Lesson, Phase, Prediction, Prose, Start, Step, Text, Words};
use crate::base::{Error, Result};

/// The files of one lesson as text.
struct Files<'a> {
    folder: &'a str,
    lesson: &'a str,
    pt: &'a str,
    en: &'a str,
}

macro_rules! embed {
    ($folder:literal) => {
        Files {
            folder: $folder,
            lesson: include_str!(concat!("../../lessons/", $folder, "/lesson.toml")),
            pt: include_str!(concat!("../../lessons/", $folder, "/pt-BR.md")),
            en: include_str!(concat!("../../lessons/", $folder, "/en.md")),
        }
    };
}

/// The files of a lesson's folder.
const FILES: [&str; 3] = ["lesson.toml", "pt-BR.md", "en.md"];

const EMBEDDED: &[Files<'static>] = &[
    embed!("06-o-placar"),
    embed!("11-filesystem"),
    embed!("12-agregar-e-ordenar"),
    embed!("13-por-que-nao-anda"),
    embed!("14-datagen"),
];

/// `lesson.toml` as it stands on disk.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    number: u32,
    start: Start,
    #[serde(default)]
    predictions: Vec<Prediction>,
    steps: Vec<Step>,
    hints: Vec<Words>,
    solution: Words,
    proof: Vec<Action>,
}

/// The lessons that the program carries, in course order.
///
/// # Errors
/// A lesson that does not parse; the lesson test keeps that from being shipped.
pub fn embedded() -> Result<Vec<Lesson>> {
    EMBEDDED.iter().map(parse).collect()
}

/// The lessons of an instructor's folder: each subfolder with a `lesson.toml`, in course order.
///
/// # Errors
/// `lesson-unreadable` with `path` and `reason`, and what [`embedded`] says of a lesson's text.
pub fn open_folder(folder: &Path) -> Result<Vec<Lesson>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| unreadable(folder, &e))? {
        let path = entry.map_err(|e| unreadable(folder, &e))?.path();
        if path.join("lesson.toml").is_file() {
            names.push(path);
        }
    }
    let mut lessons = names.iter().map(|path| open(path)).collect::<Result<Vec<_>>>()?;
    lessons.sort_by(|a, b| (a.number, &a.folder).cmp(&(b.number, &b.folder)));
    Ok(lessons)
}

/// When anything in an instructor's folder was last saved: another value than before means that
/// [`open_folder`] has something new to say. What cannot be looked at counts as never saved.
pub fn last_saved(folder: &Path) -> SystemTime {
    let lessons = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    lessons
        .flat_map(|lesson| FILES.map(|name| lesson.join(name)))
        .filter_map(|file| fs::metadata(file).and_then(|m| m.modified()).ok())
        .max()
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

fn open(path: &Path) -> Result<Lesson> {
    let read = |name| {
        let file = path.join(name);
        fs::read_to_string(&file).map_err(|e| unreadable(&file, &e))
    };
    let [lesson, pt, en] = FILES.map(read);
    let (lesson, pt, en) = (lesson?, pt?, en?);
    let folder = path.file_name().unwrap_or_default().to_string_lossy();
    parse(&Files { folder: &folder, lesson: &lesson, pt: &pt, en: &en })
}

fn unreadable(path: &Path, reason: &std::io::Error) -> Error {
    Error::new("lesson-unreadable").arg("path", path.display()).arg("reason", reason)
}

fn parse(files: &Files<'_>) -> Result<Lesson> {
    let sheet: Sheet = toml::from_str(files.lesson).map_err(|e| {
        Error::new("lesson-malformed")
            .arg("file", format!("{}/lesson.toml", files.folder))
            .arg("reason", e)
    })?;
    let prose = Prose {
        pt: prose(files.pt, &format!("{}/pt-BR.md", files.folder))?,
        en: prose(files.en, &format!("{}/en.md", files.folder))?,
    };
    let lesson = Lesson {
        folder: files.folder.to_owned(),
        number: sheet.number,
        start: sheet.start,
        predictions: sheet.predictions,
        steps: sheet.steps,
        hints: sheet.hints,
        solution: sheet.solution,
        proof: sheet.proof,
        prose,
    };
    for prediction in &lesson.predictions {
        if prediction.right >= prediction.options.len() {
            return Err(Error::new("lesson-no-such-option")
                .arg("file", format!("{}/lesson.toml", files.folder))
                .arg("prediction", &prediction.id)
                .arg("options", prediction.options.len()));
        }
    }
    Ok(lesson)
}

/// Cuts a Markdown file at its `# ` title and its `## ` sections, one for each phase.
fn prose(markdown: &str, file: &str) -> Result<Text> {
    let mut title = "";
    let mut sections: Vec<String> = Vec::new();
    for line in markdown.lines() {
        if line.starts_with("## ") {
            sections.push(String::new());
        } else if let Some(text) = line.strip_prefix("# ") {
            title = text.trim();
        } else if let Some(section) = sections.last_mut() {
            section.push_str(line);
            section.push('\n');
        }
    }
    let found = sections.len();
    let phases: [String; Phase::COUNT] = sections.try_into().map_err(|_| {
        Error::new("lesson-sections")
            .arg("file", file)
            .arg("expected", Phase::COUNT)
            .arg("found", found)
    })?;
    Ok(Text { title: title.to_owned(), phases: phases.map(|text| text.trim().to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_lesson_parses_and_is_whole() {
        let lessons = embedded().unwrap();
        assert_eq!(lessons.len(), EMBEDDED.len());
        for lesson in lessons {
            assert_eq!(lesson.hints.len(), 3, "{}: three levels of hint", lesson.folder);
            for text in [&lesson.prose.pt, &lesson.prose.en] {
                assert!(!text.title.is_empty(), "{}: a title", lesson.folder);
                assert!(text.phases.iter().all(|t| !t.is_empty()), "{}: prose", lesson.folder);
            }
            for phase in Phase::ALL {
                let things = lesson.steps_of(phase).count() + lesson.predictions_of(phase).count();
                assert!(things > 0, "{}: nothing to do in {phase:?}", lesson.folder);
            }
        }
    }

    #[test]
    fn a_file_without_its_sections_is_named() {
        let error = prose("# T\n\n## a\nx\n", "x/en.md").unwrap_err();
        assert_eq!(error.code(), "lesson-sections");
        assert_eq!((error.get("file"), error.get("found")), (Some("x/en.md"), Some("1")));
    }

    #[test]
    fn a_saved_lesson_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(last_saved(folder.path()), SystemTime::UNIX_EPOCH);
        let lesson = folder.path().join("06-o-placar");
        fs::create_dir(&lesson).unwrap();
        let [embedded, ..] = EMBEDDED else { panic!("a lesson") };
        let texts = [embedded.lesson, embedded.pt, embedded.en];
        FILES
            .iter()
            .zip(texts)
            .for_each(|(name, text)| fs::write(lesson.join(name), text).unwrap());
        let before = last_saved(folder.path());
        assert_eq!(open_folder(folder.path()).unwrap()[0].prose.pt.title, "O placar");
        let later = before + std::time::Duration::from_secs(2);
        fs::write(lesson.join("pt-BR.md"), embedded.pt.replace("# O placar", "# Outro")).unwrap();
        fs::File::open(lesson.join("pt-BR.md")).unwrap().set_modified(later).unwrap();
        assert!(last_saved(folder.path()) > before);
        assert_eq!(open_folder(folder.path()).unwrap()[0].prose.pt.title, "Outro");
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let error = open_folder(Path::new("/no/such/folder")).unwrap_err();
        assert_eq!(error.get("path"), Some("/no/such/folder"));
    }
}
