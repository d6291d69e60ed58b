//! LOAD, UNLOAD and USE MODULES: Flink's own functions are the module `core`. Taken out it is no longer
//! listed; what the planner itself knows is called all the same.

use crate::base::{Error, Result};
use crate::sql::statement::{Module, Word};

/// The name of the only module there is.
pub(super) const CORE: &str = "core";

/// Whether the module is loaded, and whether names are looked for in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Modules {
    pub(super) loaded: bool,
    pub(super) used: bool,
}

impl Default for Modules {
    fn default() -> Self {
        Self { loaded: true, used: true }
    }
}

impl Modules {
    /// # Errors
    /// `module-unsupported` for any other module and one that is not loaded, `module-loaded`,
    /// `module-twice`.
    pub(super) fn change(&mut self, statement: &Module) -> Result<()> {
        match statement {
            Module::Load(name) if name.value == CORE && self.loaded => {
                Err(about(name, "module-loaded"))
            }
            Module::Load(name) if name.value == CORE => {
                *self = Self::default();
                Ok(())
            }
            Module::Load(name) => Err(about(name, "module-unsupported")),
            Module::Unload(name) => {
                self.require(name)?;
                *self = Self { loaded: false, used: false };
                Ok(())
            }
            Module::Use(names) => {
                names.iter().try_for_each(|name| self.require(name))?;
                if let [_, again, ..] = names.as_slice() {
                    return Err(about(again, "module-twice"));
                }
                self.used = true;
                Ok(())
            }
        }
    }

    fn require(self, name: &Word) -> Result<()> {
        match self.loaded && name.value == CORE {
            true => Ok(()),
            false => Err(about(name, "module-unsupported")),
        }
    }
}

fn about(name: &Word, code: &'static str) -> Error {
    Error::new(code).arg("name", &name.value).at(name.span)
}
