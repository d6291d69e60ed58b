//! The window's end of the line to the lab: takes updates, folds them, keeps the moment that is
//! looked at, and sends commands. Draws nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::base::{Error, JobId, LabTime, Location};
use crate::gui::results::store::Results;
use crate::gui::view::{Clock, Moment};
use crate::model::{Model, Recording};
use crate::runtime::api::{
    CatalogSummary, Command, Outcome, PartsStatus, Program, ScriptStatement, Update,
};
use crate::trace::{Event, EventKind, JobState};

/// The lab, wherever it runs: a thread of this program, or a test that steps it by hand.
pub trait LabPort {
    /// Sends a command; never waits.
    fn send(&mut self, command: Command);
    /// The next update, if there is one; never waits.
    fn next(&mut self) -> Option<Update>;
}

/// What one statement or program came to.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The id that was sent.
    pub id: u64,
    /// The statement, or nothing for a program.
    pub text: String,
    /// What it came to.
    pub outcome: Result<Outcome, Error>,
}

/// Everything that the window knows of the lab.
pub struct Link {
    lab: Box<dyn LabPort>,
    recording: Recording,
    past: Option<Model>,
    replaying: bool,
    live_at: LabTime,
    playing: bool,
    speed: f64,
    /// Results of queries.
    pub results: Results,
    /// Names for completion and the catalog panel.
    pub catalog: Arc<CatalogSummary>,
    /// Part files that come into a folder.
    pub parts: Option<PartsStatus>,
    /// Answers, the newest last. At most [`Link::ANSWERS`].
    pub answers: VecDeque<Answer>,
    sent: BTreeMap<u64, String>,
    waiting: VecDeque<ScriptStatement>,
    /// The INSERT whose end the rest of the script waits for, so that it finds what was written.
    awaited: Option<JobId>,
    /// Statements of a kept catalog that have not been answered.
    restoring: BTreeSet<u64>,
    refused: Vec<Error>,
    next_id: u64,
}

impl Link {
    /// Answers kept.
    pub const ANSWERS: usize = 200;
    /// Events folded in one frame: about two milliseconds of work. The rest waits for the next.
    const EVENTS_IN_A_FRAME: usize = 4_096;

    /// A line to a lab.
    pub fn new(lab: Box<dyn LabPort>, speed: f64) -> Self {
        let mut link = Self {
            lab,
            recording: Recording::default(),
            past: None,
            replaying: false,
            live_at: LabTime::default(),
            playing: true,
            speed,
            results: Results::default(),
            catalog: Arc::default(),
            parts: None,
            answers: VecDeque::new(),
            sent: BTreeMap::new(),
            waiting: VecDeque::new(),
            awaited: None,
            restoring: BTreeSet::new(),
            refused: Vec::new(),
            next_id: 1,
        };
        link.send(Command::SetSpeed(speed));
        link
    }

    /// The picture at the moment that is looked at.
    pub fn model(&self) -> &Model {
        self.past.as_ref().unwrap_or(self.recording.live())
    }

    /// Everything recorded.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// Time.
    pub fn clock(&self) -> Clock {
        let live = self.recording.live();
        Clock {
            shown: self.past.as_ref().map_or(self.live_at.max(live.now), |past| past.now),
            start: live.start.unwrap_or(self.live_at),
            live: self.live_at.max(live.now),
            playing: if self.past.is_some() { self.replaying } else { self.playing },
            at_live: self.past.is_none(),
            speed: self.speed,
        }
    }

    /// Whether statements wait for the one before them.
    pub fn busy(&self) -> bool {
        !self.waiting.is_empty() || !self.sent.is_empty() || self.awaited.is_some()
    }

    /// Takes what the lab has to tell. Returns the answers that came, and whether more waits.
    pub fn drain(&mut self) -> (Vec<Answer>, bool) {
        let taken = self.take_updates();
        self.go_on();
        taken
    }

    fn take_updates(&mut self) -> (Vec<Answer>, bool) {
        let (mut answers, mut events) = (Vec::new(), 0);
        while events < Self::EVENTS_IN_A_FRAME {
            let Some(update) = self.lab.next() else { return (answers, false) };
            match update {
                Update::Events(batch) => {
                    events += batch.len();
                    batch.into_iter().for_each(|event| self.recording.push(event));
                }
                Update::Rows { job, first, rows } => self.results.extend(job, first, rows),
                Update::Clock { now, playing } => (self.live_at, self.playing) = (now, playing),
                Update::Catalog(catalog) => self.catalog = catalog,
                Update::Parts(status) => {
                    self.refused.extend(status.cause.clone());
                    self.parts = Some(status);
                }
                Update::Statement { id, outcome } if self.restoring.remove(&id) => {
                    self.refused.extend(outcome.err());
                }
                Update::Statement { id, outcome } => answers.push(self.answer(id, outcome)),
                Update::Reset(_) => self.begin_anew(),
            }
        }
        (answers, true)
    }

    /// Sends a command as it is.
    pub fn send(&mut self, command: Command) {
        match &command {
            Command::Play => self.playing = true,
            Command::Pause => self.playing = false,
            Command::SetSpeed(speed) => self.speed = *speed,
            _ => {}
        }
        self.lab.send(command);
    }

    /// Runs statements one after the other; the first that is refused ends the script.
    pub fn run_script(&mut self, statements: Vec<ScriptStatement>) {
        self.look(Moment::Live);
        self.waiting.extend(statements);
        if self.sent.is_empty() {
            self.run_next();
        }
    }

    /// Makes a kept catalog again, without a word for each of its statements.
    pub fn restore(&mut self, statements: &[String]) {
        for text in statements {
            let id = self.take_id();
            self.restoring.insert(id);
            let at = Location { line: 1, column: 1 };
            self.lab.send(Command::Execute { id, text: text.clone(), at });
        }
    }

    /// What went wrong without an answer of its own since the last call: of a kept catalog, of part files.
    pub fn take_refused(&mut self) -> Vec<Error> {
        std::mem::take(&mut self.refused)
    }

    /// The script of the catalog, unless a kept one is only being made again.
    pub fn catalog_script(&self) -> Option<&[String]> {
        self.restoring.is_empty().then_some(&self.catalog.script)
    }

    /// Starts a built-in program.
    pub fn run_program(&mut self, program: Program, parallelism: u32) {
        self.look(Moment::Live);
        let id = self.new_id(String::new());
        self.send(Command::RunProgram { id, program, parallelism });
    }

    /// Looks at another moment.
    pub fn look(&mut self, moment: Moment) {
        let next = self.model().next;
        let target = match moment {
            Moment::Live => return self.go_live(),
            Moment::Start => self.recording.span().0,
            Moment::After(sequence) => sequence + 1,
            Moment::At(at) => self.recording.sequence_at(at),
            Moment::Back => match self.recording.find(next, false, moves_a_record) {
                Some(found) => found,
                None => self.recording.span().0,
            },
            Moment::Forward => match self.recording.find(next, true, moves_a_record) {
                Some(found) => found,
                None => return self.go_live(),
            },
        };
        self.replaying = false;
        if target >= self.recording.live().next && moment != Moment::Back {
            self.go_live();
        } else {
            self.pause_live();
            self.past = Some(self.recording.seek(target));
        }
    }

    /// Play or pause, of the lab or of its recording.
    pub fn toggle_play(&mut self) {
        match (self.past.is_some(), self.playing) {
            (true, _) => self.replaying = !self.replaying,
            (false, true) => self.send(Command::Pause),
            (false, false) => self.send(Command::Play),
        }
    }

    /// One record further: in the recording if it is looked at, else in the lab.
    pub fn step(&mut self) {
        if self.past.is_some() {
            self.look(Moment::Forward);
        } else {
            self.playing = false;
            self.lab.send(Command::StepRecord);
        }
    }

    /// Lets the recording go on by a frame of `seconds` on the wall; true while it does.
    pub fn replay(&mut self, seconds: f64) -> bool {
        let Some(past) = self.past.as_mut().filter(|_| self.replaying) else { return false };
        let by = (seconds * self.speed.min(1e6) * 1e6) as i64;
        past.now.0 = past.now.0.saturating_add(by);
        let target = self.recording.sequence_at(past.now);
        let now = past.now;
        if target >= self.recording.live().next || !self.recording.advance(past, target) {
            self.go_live();
            return false;
        }
        past.now = now;
        true
    }

    fn go_live(&mut self) {
        self.past = None;
        self.replaying = false;
    }

    /// Who looks back does not want the lab to run away meanwhile.
    fn pause_live(&mut self) {
        if self.playing {
            self.send(Command::Pause);
        }
    }

    fn answer(&mut self, id: u64, outcome: Result<Outcome, Error>) -> Answer {
        let text = self.sent.remove(&id).unwrap_or_default();
        match &outcome {
            Ok(Outcome::Query(info)) => self.results.begin(info.clone()),
            Ok(Outcome::Insert { job, bounded: true }) if !self.waiting.is_empty() => {
                self.awaited = Some(*job);
            }
            Ok(_) => {}
            Err(_) => self.waiting.clear(),
        }
        let answer = Answer { id, text, outcome };
        self.answers.push_back(answer.clone());
        if self.answers.len() > Self::ANSWERS {
            self.answers.pop_front();
        }
        if self.awaited.is_none() {
            self.run_next();
        }
        answer
    }

    /// Goes on with a script once the INSERT before has ended; one that failed ends the script.
    fn go_on(&mut self) {
        let Some(job) = self.awaited else { return };
        match self.recording.live().job(job).map(|job| job.state) {
            Some(JobState::Finished) => {
                self.awaited = None;
                self.run_next();
            }
            Some(JobState::Failed | JobState::Canceled) => {
                self.awaited = None;
                self.waiting.clear();
            }
            _ => {}
        }
    }

    fn run_next(&mut self) {
        let Some(statement) = self.waiting.pop_front() else { return };
        let at: Location = statement.span.start;
        let id = self.new_id(statement.text.clone());
        self.lab.send(Command::Execute { id, text: statement.text, at });
    }

    fn new_id(&mut self, text: String) -> u64 {
        let id = self.take_id();
        self.sent.insert(id, text);
        id
    }

    fn take_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    fn begin_anew(&mut self) {
        self.recording = Recording::default();
        self.results = Results::default();
        self.parts = None;
        self.go_live();
    }

    /// The job of an answer, if it started one.
    pub fn job_of(answer: &Answer) -> Option<JobId> {
        match &answer.outcome {
            Ok(Outcome::Query(info)) => Some(info.job),
            Ok(Outcome::Insert { job, .. }) => Some(*job),
            _ => None,
        }
    }
}

/// Whether an event is worth a stop when somebody goes record by record.
fn moves_a_record(event: &Event) -> bool {
    matches!(
        event.kind,
        EventKind::RecordsEnqueued { .. }
            | EventKind::RecordsTaken { .. }
            | EventKind::RecordsOutput { .. }
    )
}
