//! The engine on the threads driver: listens to the slots, and waits for them.

use std::time::Duration;

use crossbeam::channel::Select;

use super::{Engine, OUTLET, Pumped, Running};
use crate::runtime::threads_driver::FromSlot;

impl Engine {
    pub(super) fn pump_threads(&mut self, wait: Duration) -> Pumped {
        if self.listen() {
            return Pumped::More;
        }
        if self.is_quiet() && self.next_part().is_none() {
            return Pumped::Quiet;
        }
        let now = self.now();
        let tick = self.next_tick().map(|at| (at - now).0.max(0) as u64);
        let wait = tick.map_or(wait, |micros| wait.min(Duration::from_micros(micros)));
        if let Running::Threads(driver) = &self.driver {
            let mut select = Select::new();
            select.recv(driver.receiver());
            select.recv(&self.outlet);
            // Whether something came or time is up, the next call looks again.
            let _ = select.ready_timeout(wait);
        }
        self.listen();
        Pumped::More
    }

    /// Takes what the slots have to say. Says whether there was anything.
    fn listen(&mut self) -> bool {
        let now = self.now();
        self.tracer.set_now(now);
        self.tick_if_due(now);
        let mut heard = false;
        // Bounded, so that the caller has its turn.
        for _ in 0..OUTLET {
            let Running::Threads(driver) = &self.driver else { return heard };
            match driver.receiver().try_recv() {
                Ok(FromSlot::Events(events)) => {
                    self.trace.absorb(&mut self.tracer);
                    self.trace.extend(events);
                }
                Ok(FromSlot::Reports(reports)) => {
                    // What tasks handed out before they reported comes first.
                    self.take_outgoing(usize::MAX);
                    self.reports.extend(reports);
                    self.carry();
                }
                Err(_) => break,
            }
            heard = true;
        }
        self.take_outgoing(OUTLET) || heard
    }
}
