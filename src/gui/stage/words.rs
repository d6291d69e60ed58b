//! Words that several views of a run share: states, times, subtasks, partitioners.

use egui::Color32;

use crate::base::{LabDuration, LabTime, SubtaskId, Watermark};
use crate::data::PartStep;
use crate::gui::view::View;
use crate::gui::widgets::{Icon, Tone};
use crate::i18n::number;
use crate::model::Job;
use crate::trace::event::{PartitionerShape, VertexShape};
use crate::trace::{ExecutionState, JobState};

/// A subtask's state as Flink writes it.
pub fn execution_state(state: ExecutionState) -> &'static str {
    use ExecutionState as S;
    match state {
        S::Created => "CREATED",
        S::Scheduled => "SCHEDULED",
        S::Deploying => "DEPLOYING",
        S::Initializing => "INITIALIZING",
        S::Running => "RUNNING",
        S::Finished => "FINISHED",
        S::Canceling => "CANCELING",
        S::Canceled => "CANCELED",
        S::Failed => "FAILED",
    }
}

/// A job's state as Flink writes it.
pub fn job_state(state: JobState) -> &'static str {
    use JobState as S;
    match state {
        S::Created => "CREATED",
        S::Running => "RUNNING",
        S::Failing => "FAILING",
        S::Failed => "FAILED",
        S::Cancelling => "CANCELLING",
        S::Canceled => "CANCELED",
        S::Finished => "FINISHED",
        S::Restarting => "RESTARTING",
    }
}

/// How a job's state is shown beside its word.
pub fn job_look(state: JobState) -> (Tone, Icon) {
    use JobState as S;
    match state {
        S::Running => (Tone::Ok, Icon::Play),
        S::Finished => (Tone::Accent, Icon::Flag),
        S::Failed | S::Failing => (Tone::Danger, Icon::Cross),
        S::Restarting => (Tone::Warn, Icon::Again),
        S::Created => (Tone::Plain, Icon::Clock),
        S::Canceled | S::Cancelling => (Tone::Plain, Icon::Stop),
    }
}

/// What a vertex is called on the stage: its operator that keeps state, else its head.
pub fn vertex_title(vertex: &VertexShape) -> &str {
    let keyed = vertex.operators.iter().find(|operator| operator.keyed_state);
    keyed.or(vertex.operators.first()).map_or(&vertex.name, |operator| &operator.name)
}

/// The operators of a chain from a position on, branches in parentheses as Flink writes them.
pub fn chain(vertex: &VertexShape, position: usize) -> String {
    let name = vertex.operators.get(position).map_or("", |operator| &operator.name);
    let behind: Vec<String> = vertex.behind(position).map(|next| chain(vertex, next)).collect();
    match behind.as_slice() {
        [] => name.to_owned(),
        [next] => format!("{name} → {next}"),
        branches => format!("{name} → ({})", branches.join(", ")),
    }
}

/// `Placar · sub. 1`.
pub fn subtask(view: &View<'_>, job: &Job, id: SubtaskId) -> String {
    let title = job.vertex(id.vertex).map_or("", vertex_title);
    let args = [("vertex", title.to_owned().into()), ("index", id.index.to_string().into())];
    view.tr_args("stage-vertex-subtask", &args)
}

/// How rows find their receiver.
pub fn partitioner(shape: &PartitionerShape) -> String {
    match shape {
        PartitionerShape::Forward => "FORWARD".to_owned(),
        PartitionerShape::Hash(key) if key.is_empty() => "HASH".to_owned(),
        PartitionerShape::Hash(key) => format!("HASH {key}"),
        PartitionerShape::Rebalance => "REBALANCE".to_owned(),
        PartitionerShape::Broadcast => "BROADCAST".to_owned(),
        PartitionerShape::Global => "GLOBAL".to_owned(),
    }
}

/// Event time of day: `10:00:40`, with milliseconds if it has any.
pub fn watermark(view: &View<'_>, watermark: Option<Watermark>) -> String {
    match watermark {
        None | Some(Watermark::MIN) => view.tr("stage-watermark-none"),
        Some(Watermark::MAX) => view.tr("stage-watermark-end"),
        Some(Watermark(millis)) => time_of_day(millis),
    }
}

fn time_of_day(millis: i64) -> String {
    let seconds = millis.div_euclid(1_000).rem_euclid(86_400);
    let rest = millis.rem_euclid(1_000);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match rest {
        0 => format!("{hours:02}:{minutes:02}:{seconds:02}"),
        _ => format!("{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"),
    }
}

/// Lab time since the run began, in seconds and tenths: `00:05,4`.
pub fn lab_time(view: &View<'_>, at: LabTime) -> String {
    duration(view, at - view.clock.start)
}

/// A stretch of lab time: `00:05,4`, with hours when it has some.
pub fn duration(view: &View<'_>, stretch: LabDuration) -> String {
    let tenths = (stretch.0 / 100_000).max(0);
    let (minutes, rest) = (tenths / 600, (tenths % 600) as f64 / 10.0);
    let seconds = format!("{:0>4}", number(view.language, rest, 1));
    if minutes < 60 {
        format!("{minutes:02}:{seconds}")
    } else {
        format!("{}:{:02}:{seconds}", minutes / 60, minutes % 60)
    }
}

/// How a part file's step is shown beside its word.
pub fn part_look(view: &View<'_>, step: PartStep) -> (Icon, Color32) {
    let palette = &view.theme.palette;
    match step {
        PartStep::InProgress { .. } => (Icon::Pencil, palette.text.secondary),
        PartStep::Pending => (Icon::Clock, palette.status.warn),
        PartStep::Finished | PartStep::Compacted => (Icon::Check, palette.status.ok),
    }
}

/// A part file's step in Flink's word.
pub fn part_step(view: &View<'_>, step: PartStep) -> String {
    view.tr(match step {
        PartStep::InProgress { .. } => "part-in-progress",
        PartStep::Pending => "part-pending",
        PartStep::Finished | PartStep::Compacted => "part-finished",
    })
}

/// A part file's name without what all of a statement share: `dia=1/part-…-0-2`.
pub fn part_name(name: &str) -> String {
    let mut from_right = name.rsplitn(3, '-');
    match (from_right.next(), from_right.next(), from_right.next()) {
        (Some(number), Some(writer), Some(begin)) => match begin.find("part-") {
            Some(at) => format!("{}part-…-{writer}-{number}", &begin[..at]),
            None => name.to_owned(),
        },
        _ => name.to_owned(),
    }
}

/// A share as whole percents: `44 %`.
pub fn percent(share: f32) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A state value on the screen: numbers with the decimal sign of the language.
pub fn value(view: &View<'_>, text: &str) -> String {
    let is_decimal = text.parse::<f64>().is_ok() && text.contains('.');
    if is_decimal && view.language == crate::i18n::Language::PtBr {
        text.replace('.', ",")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_file_is_known_by_its_folder_its_writer_and_its_number() {
        let name = "dia=1/part-0a1b2c3d-0000-4abc-a123-0123456789ab-0-12";
        assert_eq!(part_name(name), "dia=1/part-…-0-12");
        assert_eq!(part_name("compacted-part-0a-1-2"), "compacted-part-…-1-2");
        assert_eq!(part_name("respostas.csv"), "respostas.csv");
    }

    #[test]
    fn event_time_shows_milliseconds_only_if_it_has_some() {
        assert_eq!(time_of_day(36_040_000), "10:00:40");
        assert_eq!(time_of_day(36_040_001), "10:00:40.001");
        assert_eq!(time_of_day(-1), "23:59:59.999");
    }
}
