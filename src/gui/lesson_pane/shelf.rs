//! Which lessons there are: those that are built in, or an instructor's folder, which is read again
//! whenever one of its files is saved.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::base::Error;
use crate::lessons::{self, Lesson};

/// Seconds between two looks at a folder.
pub const LOOK_EVERY: f64 = 1.0;

/// The lessons.
#[derive(Default)]
pub struct Shelf {
    lessons: Vec<Lesson>,
    folder: Option<Watched>,
}

/// An instructor's folder.
struct Watched {
    path: PathBuf,
    saved: SystemTime,
    look_again: f64,
}

impl Shelf {
    /// The lessons, in course order.
    pub fn lessons(&self) -> &[Lesson] {
        &self.lessons
    }

    /// Where they come from; built in if nothing.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_ref().map(|folder| &*folder.path)
    }

    /// Takes the lessons of a folder, or those that are built in.
    ///
    /// # Errors
    /// Those of [`lessons::embedded`] and [`lessons::open_folder`]; `lessons-none` for a folder without
    /// one. What was there stays then.
    pub fn open(&mut self, folder: Option<&Path>) -> Result<(), Error> {
        let Some(path) = folder else {
            (self.lessons, self.folder) = (lessons::embedded()?, None);
            return Ok(());
        };
        let saved = lessons::last_saved(path);
        self.lessons = read(path)?;
        self.folder = Some(Watched { path: path.to_owned(), saved, look_again: 0.0 });
        Ok(())
    }

    /// Reads the folder again if a file was saved; `now` in seconds. Whether lessons changed.
    ///
    /// # Errors
    /// As [`Self::open`], once for each time that something wrong was saved.
    pub fn watch(&mut self, now: f64) -> Result<bool, Error> {
        let Some(folder) = self.folder.as_mut().filter(|folder| folder.look_again <= now) else {
            return Ok(false);
        };
        folder.look_again = now + LOOK_EVERY;
        let saved = lessons::last_saved(&folder.path);
        if saved == folder.saved {
            return Ok(false);
        }
        folder.saved = saved;
        self.lessons = read(&folder.path)?;
        Ok(true)
    }
}

fn read(path: &Path) -> Result<Vec<Lesson>, Error> {
    let lessons = lessons::open_folder(path)?;
    if lessons.is_empty() {
        return Err(Error::new("lessons-none").arg("path", path.display()));
    }
    Ok(lessons)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_saved_lesson_is_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let lesson = folder.path().join("06-minha");
        fs::create_dir(&lesson).expect("a lesson");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons/06-o-placar");
        for name in ["lesson.toml", "pt-BR.md", "en.md"] {
            fs::copy(source.join(name), lesson.join(name)).expect("copied");
        }
        let mut shelf = Shelf::default();
        shelf.open(Some(folder.path())).expect("opened");
        assert_eq!(shelf.lessons().len(), 1);
        assert_eq!(shelf.watch(0.0), Ok(false), "nothing was saved");

        let save = |text: &str, later: u64| {
            let file = lesson.join("en.md");
            fs::write(&file, text).expect("saved");
            let at = lessons::last_saved(folder.path()) + Duration::from_secs(later);
            fs::File::open(&file).and_then(|file| file.set_modified(at)).expect("dated");
        };
        let text = fs::read_to_string(source.join("en.md")).expect("text");
        save(&text.replacen("# ", "# My ", 1), 5);
        assert_eq!(shelf.watch(0.5), Ok(false), "not looked at yet");
        assert_eq!(shelf.watch(2.0), Ok(true));
        assert!(shelf.lessons()[0].prose.en.title.starts_with("My "));

        save("no lesson", 10);
        assert!(shelf.watch(4.0).is_err());
        assert_eq!(shelf.watch(6.0), Ok(false), "told once");
        assert_eq!(shelf.lessons().len(), 1, "the last good one stays");
    }
}
