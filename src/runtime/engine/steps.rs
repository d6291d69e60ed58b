//! The engine on the step driver: step after step, and over the stretches in which nothing happens.

use super::{Budget, Engine, Pumped, Running};
use crate::base::LabTime;
use crate::cluster::{Step, World, stalled};
use crate::runtime::trace_buffer::TraceBuffer;
use crate::trace::EventKind;

impl Engine {
    pub(super) fn pump_steps(&mut self, budget: Budget) -> Pumped {
        let mut steps = 0;
        loop {
            let now = self.now();
            if steps >= budget.steps || self.has_enough() {
                return Pumped::More;
            }
            if now >= budget.until {
                return Pumped::Until(now);
            }
            self.tick_if_due(now);
            match self.step(now) {
                Some(Step::Progress | Step::Over) => steps += 1,
                Some(Step::Idle { .. } | Step::Blocked(_)) => {}
                None => {
                    if let Some(pumped) = self.wait_for_time(budget.until) {
                        return pumped;
                    }
                }
            }
        }
    }

    fn has_enough(&mut self) -> bool {
        if self.tracer.len() >= TraceBuffer::ENOUGH {
            self.trace.absorb(&mut self.tracer);
        }
        self.trace.has_enough()
    }

    fn step(&mut self, now: LabTime) -> Option<Step> {
        let Running::Step(driver) = &mut self.driver else { return None };
        self.tracer.set_now(now);
        let mut world = World {
            now,
            tracer: &mut self.tracer,
            files: &*self.files,
            reports: &mut self.reports,
        };
        let step = driver.step(&mut world)?;
        if step == Step::Progress && !self.stalled.is_empty() {
            self.stalled.clear();
        }
        if !self.reports.is_empty() {
            self.carry();
        }
        if !self.outlet.is_empty() {
            self.take_outgoing(usize::MAX);
            if self.tracer.records() {
                self.trace_growth();
            }
        }
        Some(step)
    }

    /// No task is ready: goes on to the next moment at which something happens, or says why not.
    fn wait_for_time(&mut self, until: LabTime) -> Option<Pumped> {
        let (part, tick) = (self.next_part(), self.next_tick());
        let Running::Step(driver) = &mut self.driver else { return Some(Pumped::Quiet) };
        let waits = [driver.next_timer(), self.job_manager.next_wait(), part];
        let waits = waits.into_iter().flatten().min();
        // With an end in sight time goes on by itself, periodic checkpoints included; without one it
        // does not run away over them while nothing else can happen.
        let paced = until.0 < i64::MAX;
        let next = match waits {
            Some(at) => Some(tick.map_or(at, |tick| tick.min(at))),
            None if paced => tick,
            None => None,
        };
        if let Some(at) = next.filter(|at| *at <= until) {
            driver.jump(at);
            return None;
        }
        if paced {
            driver.jump(until);
        }
        Some(match waits {
            Some(at) => Pumped::Until(at),
            None => self.look_for_stalls(),
        })
    }

    /// Nothing moves and no timer is pending.
    fn look_for_stalls(&mut self) -> Pumped {
        let Running::Step(driver) = &mut self.driver else { return Pumped::Quiet };
        let waiting = driver.waiting();
        if waiting.is_empty() {
            return Pumped::Quiet;
        }
        let mut all = true;
        for (job, tasks) in &waiting {
            let Some(chain) = stalled::chain(tasks) else {
                all = false;
                continue;
            };
            if self.stalled.insert(*job) {
                self.tracer.emit(EventKind::Stalled { job: *job, chain: chain.into() });
            }
        }
        if all { Pumped::Stalled } else { Pumped::Outside }
    }
}
