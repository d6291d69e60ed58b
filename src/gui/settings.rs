//! What the window remembers: layout, language, theme, the editor's text, progress in lessons.
//!
//! One TOML file in the system's folder for settings. It is replaced in one move, so that a power cut
//! leaves the old file or the new one; a file that cannot be read is put aside, never overwritten.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::layout::Proportions;
use crate::base::{Error, Result};
use crate::i18n::Language;
use crate::lessons::Progress;

/// Dark or light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// Dark.
    #[default]
    Dark,
    /// Light.
    Light,
}

/// Everything that is remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The language of the screen.
    pub language: Language,
    /// The theme.
    pub ground: Ground,
    /// Magnification of the window.
    pub zoom: f32,
    /// Whether things jump rather than move.
    pub reduced_motion: bool,
    /// The text of the SQL editor.
    pub editor: String,
    /// The file that the editor's text came from.
    pub file: Option<PathBuf>,
    /// Scripts that were run, the newest last.
    pub history: Vec<String>,
    /// The catalog as the statements that make it, if the person wants it kept.
    pub catalog: Option<Vec<String>>,
    /// How parallel the built-in programs run.
    pub parallelism: u32,
    /// Seconds of lab time in a second on the wall.
    pub speed: f64,
    /// Sizes of the panels.
    pub layout: Proportions,
    /// The folder's name of the open lesson.
    pub lesson: String,
    /// An instructor's folder of lessons, in the place of those that are built in.
    pub lessons_folder: Option<PathBuf>,
    /// How far the person is in the lessons.
    pub lessons: Progress,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::default(),
            ground: Ground::default(),
            zoom: 1.0,
            reduced_motion: false,
            editor: String::new(),
            file: None,
            history: Vec::new(),
            catalog: None,
            parallelism: 2,
            // About one record a second: slow enough to follow the first one with the eyes.
            speed: 0.3,
            layout: Proportions::default(),
            lesson: String::new(),
            lessons_folder: None,
            lessons: Progress::default(),
        }
    }
}

impl Settings {
    /// Scripts that the history keeps.
    const HISTORY: usize = 50;

    /// Puts a script at the end of the history; one that is there already moves.
    pub fn remember(&mut self, script: &str) {
        let script = script.trim();
        if script.is_empty() {
            return;
        }
        self.history.retain(|known| known != script);
        self.history.push(script.to_owned());
        let surplus = self.history.len().saturating_sub(Self::HISTORY);
        self.history.drain(..surplus);
    }
}

/// The file of the settings, and when it was last behind what is on the screen.
#[derive(Clone, Debug)]
pub struct Store {
    path: Option<PathBuf>,
    saved: Settings,
    changed_at: Option<f64>,
}

impl Store {
    /// Quiet seconds before a change is written.
    const QUIET_SECONDS: f64 = 1.0;

    /// The file of this person on this system; in memory only if there is no such folder.
    pub fn of_user() -> Self {
        let folders = directories::ProjectDirs::from("", "", "riacho");
        Self::new(folders.map(|folders| folders.config_dir().join("settings.toml")))
    }

    /// Settings in memory only.
    pub fn in_memory() -> Self {
        Self::new(None)
    }

    /// Settings in this file.
    pub fn new(path: Option<PathBuf>) -> Self {
        Self { path, saved: Settings::default(), changed_at: None }
    }

    /// Reads the file; `first` are the settings of a first start. A file that does not parse is put
    /// aside as `settings.toml.unreadable`.
    ///
    /// # Errors
    /// `settings-unreadable` beside `first`, when the file was put aside.
    pub fn load(&mut self, first: Settings) -> (Settings, Result<()>) {
        let Some(path) = &self.path else { return (first, Ok(())) };
        let Ok(text) = std::fs::read_to_string(path) else { return (first, Ok(())) };
        match toml::from_str::<Settings>(&text) {
            Ok(settings) => {
                self.saved = settings.clone();
                (settings, Ok(()))
            }
            Err(error) => {
                let aside = path.with_extension("toml.unreadable");
                let moved = std::fs::rename(path, &aside);
                let error = Error::new("settings-unreadable")
                    .arg("path", if moved.is_ok() { &aside } else { path }.display())
                    .arg("reason", error.message());
                (first, Err(error))
            }
        }
    }

    /// Writes the settings if they have been still for a second since they changed; `now` is the
    /// window's clock. Answers in how many seconds to ask again.
    ///
    /// # Errors
    /// See [`Store::save`].
    pub fn settle(&mut self, settings: &Settings, now: f64) -> Result<Option<f64>> {
        if *settings == self.saved {
            self.changed_at = None;
            return Ok(None);
        }
        let since = *self.changed_at.get_or_insert(now);
        if now - since < Self::QUIET_SECONDS {
            return Ok(Some(Self::QUIET_SECONDS - (now - since)));
        }
        self.save(settings)?;
        Ok(None)
    }

    /// Writes the settings in one move.
    ///
    /// # Errors
    /// `settings-not-saved` with the path and the system's reason; the old file stays as it was.
    pub fn save(&mut self, settings: &Settings) -> Result<()> {
        self.saved = settings.clone();
        self.changed_at = None;
        let Some(path) = &self.path else { return Ok(()) };
        let refuse = |reason: &dyn std::fmt::Display| {
            Error::new("settings-not-saved").arg("path", path.display()).arg("reason", reason)
        };
        let text = toml::to_string(settings).map_err(|error| refuse(&error))?;
        replace(path, text.as_bytes()).map_err(|error| refuse(&error))
    }
}

/// Puts a file in the place of another in one move.
///
/// # Errors
/// The system's; the old file stays as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(folder: &tempfile::TempDir) -> Store {
        Store::new(Some(folder.path().join("deep").join("settings.toml")))
    }

    #[test]
    fn what_is_saved_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings { editor: "SELECT 'ação';\n".into(), ..Settings::default() };
        let lessons = crate::lessons::embedded().unwrap();
        settings.lessons.of(&lessons[0]).answer("who-wins", 2);
        store(&folder).save(&settings).unwrap();
        let (read, problem) = store(&folder).load(Settings::default());
        assert_eq!((read, problem), (settings, Ok(())));
    }

    #[test]
    fn a_file_of_an_older_version_keeps_what_it_has() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, "editor = 'x'\nunknown = 1\n").unwrap();
        let (read, problem) = Store::new(Some(path)).load(Settings::default());
        assert_eq!((read.editor.as_str(), problem), ("x", Ok(())));
    }

    #[test]
    fn an_unreadable_file_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, "editor = [").unwrap();
        let (read, problem) = Store::new(Some(path.clone())).load(Settings::default());
        assert_eq!(read, Settings::default());
        assert_eq!(problem.unwrap_err().code(), "settings-unreadable");
        let aside = path.with_extension("toml.unreadable");
        assert_eq!(std::fs::read_to_string(aside).unwrap(), "editor = [");
    }

    #[test]
    fn a_change_is_written_after_a_quiet_second() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = store(&folder);
        let settings = Settings { zoom: 1.5, ..Settings::default() };
        assert_eq!(store.settle(&settings, 10.0), Ok(Some(1.0)));
        assert_eq!(store.settle(&settings, 10.5), Ok(Some(0.5)));
        assert_eq!(store.settle(&settings, 11.0), Ok(None));
        assert_eq!(store.load(Settings::default()).0, settings);
    }

    #[test]
    fn history_moves_a_known_script_to_the_end() {
        let mut settings = Settings::default();
        for script in ["a", "b", " a ", ""] {
            settings.remember(script);
        }
        assert_eq!(settings.history, ["b", "a"]);
    }
}
