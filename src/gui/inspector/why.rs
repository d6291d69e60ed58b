//! The page "why?": the answer first, then how it follows, from the sink to the culprit.

use egui::{Color32, Ui};

use super::parts::{self, Stop};
use crate::gui::stage::words;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, Selection, View};
use crate::gui::widgets::{Button, label};
use crate::i18n::error_text;
use crate::model::{Job, Reason, Verdict, why};

/// Draws the page.
pub fn ui(ui: &mut Ui, view: &View<'_>, job: &Job, actions: &mut Actions) {
    let Some(why) = why(view.model, job.id) else { return };
    let palette = &view.theme.palette;
    let title = match why.verdict {
        Verdict::Flowing(_) => "why-title-output",
        Verdict::Ended(rows) if rows > 0 => "why-title-output",
        _ => "why-title",
    };
    parts::title(ui, view, &view.tr(title), &job.name);
    let (id, rows) = match &why.verdict {
        Verdict::Flowing(rows) => ("why-flowing", *rows),
        Verdict::Hidden(rows) => ("why-hidden", *rows),
        Verdict::Ended(rows) => ("why-ended", *rows),
        Verdict::NothingRead => ("why-nothing-read", 0),
        Verdict::NoneThrough => ("why-none-through", 0),
        Verdict::Failed => ("why-failed", 0),
        Verdict::NoSlots => ("why-no-slots", 0),
        Verdict::Starting => ("why-starting", 0),
        Verdict::Watermark => ("why-watermark", 0),
        Verdict::BackPressure => ("why-back-pressure", 0),
        Verdict::NoInput => ("why-no-input", 0),
        Verdict::OnTheWay => ("why-on-the-way", 0),
    };
    let answer = view.tr_args(id, &[("rows", rows.into())]);
    label(ui, Type::Lesson, answer, palette.text.primary);
    ui.add_space(10.0);
    for (position, reason) in why.links.iter().enumerate() {
        let goes_on = position + 1 < why.links.len();
        link(ui, view, job, reason, goes_on);
    }
    let culprit = why.links.last().and_then(Reason::subtask);
    if let Some(id) = culprit {
        let name = view.tr_args("why-show", &[("subtask", words::subtask(view, job, id).into())]);
        if ui.add(Button::secondary(&name).small()).clicked() {
            let selection = Selection { subtask: Some(id), ..Selection::default() };
            actions.push(Action::Select(selection));
        }
    }
}

fn link(ui: &mut Ui, view: &View<'_>, job: &Job, reason: &Reason, goes_on: bool) {
    let (title, detail) = reason_words(view, job, reason);
    let color = ring(view, reason, goes_on);
    parts::stop(ui, view, &Stop { title: &title, aside: "", detail: &detail, color, goes_on });
    if let Reason::SmallestOf(inputs) = reason {
        let smallest = inputs.iter().map(|(_, watermark)| *watermark).min();
        for (id, watermark) in inputs {
            let palette = &view.theme.palette;
            let is_smallest = Some(*watermark) == smallest && inputs.len() > 1;
            let color = if is_smallest { palette.status.warn } else { palette.text.primary };
            let name = words::subtask(view, job, *id);
            parts::fact_in(ui, view, &name, &words::watermark(view, *watermark), color);
        }
        ui.add_space(8.0);
    }
}

fn ring(view: &View<'_>, reason: &Reason, goes_on: bool) -> Color32 {
    let palette = &view.theme.palette;
    match (reason, goes_on) {
        (Reason::Error, _) => palette.status.danger,
        (_, false) => palette.status.warn,
        (Reason::SmallestOf(_), _) => palette.stream.watermark,
        _ => palette.text.muted,
    }
}

fn reason_words(view: &View<'_>, job: &Job, reason: &Reason) -> (String, String) {
    let name = |id| words::subtask(view, job, id);
    match reason {
        Reason::SinkEmpty(id) => {
            let args = [("subtask", name(*id).into())];
            (view.tr_args("why-sink-empty", &args), view.tr("why-sink-empty-detail"))
        }
        Reason::Holds { subtask, taken, watermark } => {
            let args = [
                ("rows", (*taken).into()),
                ("watermark", words::watermark(view, *watermark).into()),
            ];
            (name(*subtask), view.tr_args("why-holds", &args))
        }
        Reason::Drops { subtask, taken } => {
            (name(*subtask), view.tr_args("why-drops", &[("rows", (*taken).into())]))
        }
        Reason::SmallestOf(_) => (view.tr("why-smallest"), view.tr("why-smallest-detail")),
        Reason::SourceQuiet { subtask, since, read } => {
            let args = [("rows", (*read).into()), ("time", words::lab_time(view, *since).into())];
            (name(*subtask), view.tr_args("why-source-quiet", &args))
        }
        Reason::HiddenFiles { subtask, rows, checkpoints } => {
            let id = if *checkpoints { "why-hidden-files" } else { "why-hidden-files-for-ever" };
            (name(*subtask), view.tr_args(id, &[("rows", (*rows).into())]))
        }
        Reason::ChannelFull(id) => (name(*id), view.tr("why-channel-full")),
        Reason::NoSlot(id) => (name(*id), view.tr("why-no-slot")),
        Reason::Outside(id) => (name(*id), view.tr("why-outside")),
        Reason::Error => {
            let cause = job.cause.as_deref().map(|cause| error_text(view.language, cause));
            (words::job_state(job.state).to_owned(), cause.unwrap_or_default())
        }
    }
}
