//! What comes from outside of the cluster by the lab clock: part files.

use super::Engine;
use crate::base::{LabTime, Result};
use crate::connectors::faker::parts::{Parts, PartsOptions, PartsStatus};

impl Engine {
    /// Lets part files come into a folder, the first of them at once.
    ///
    /// Errors: `option-value`, `option-out-of-range`. What goes wrong later is told by the status.
    pub fn bring_parts(&mut self, options: &PartsOptions) -> Result<()> {
        self.parts = Some(Parts::new(options, self.options.seed, self.now())?);
        Ok(())
    }

    /// Lets no more of them come.
    pub fn stop_parts(&mut self) {
        self.parts.iter_mut().for_each(Parts::stop);
    }

    /// How the part files that come stand.
    pub fn parts(&self) -> Option<&PartsStatus> {
        self.parts.as_ref().map(Parts::status)
    }

    /// When the next of them is due.
    pub(super) fn next_part(&self) -> Option<LabTime> {
        self.parts.as_ref().and_then(Parts::next)
    }

    pub(super) fn let_parts_come(&mut self, now: LabTime) {
        if let Some(parts) = &mut self.parts {
            parts.go_on(now, &*self.files);
        }
    }
}
