//! The job graph: vertices, the brooks between them, and the records that travel.

pub mod bed;
mod chain;
mod lane;
mod layout;
mod memory;
mod part_files;
mod path;
mod rates;
mod spark;
mod strip;
mod traffic;
mod vertex;

use egui::{CursorIcon, Pos2, Rect, Response, Role, Sense, Ui, WidgetInfo};

pub(super) use lane::dashed;
pub use vertex::state_color;

use crate::base::{JobId, RecordId, SubtaskId};
use crate::gui::stage::words;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, Selection, View};
use crate::gui::widgets::pill;
use crate::gui::widgets::text;
use crate::model::{ItemKind, Job};
use crate::trace::event::EdgeShape;
use layout::{Detail, GraphLayout, Pill};
use rates::Rates;
use traffic::{Pace, Traffic};

/// What the graph keeps between two frames.
#[derive(Default)]
pub struct GraphState {
    layout: Option<(JobId, Rect, GraphLayout)>,
    traffic: Traffic,
    rates: Rates,
}

/// Records on the stage that a screen reader is told of; with more, the inspector is the place.
const MAX_NAMED: usize = 24;
/// Rows written beside their records; with more of them only the followed one is.
const MAX_ROWS: usize = 3;

/// Between vertices that are closer than this the key of a partitioner is left out.
const PILL_FROM: f32 = 150.0;
/// Rows a second from which on a rate is written beside the records.
const FAST: f64 = 12.0;

/// Draws the graph of a job.
pub fn ui(ui: &mut Ui, view: &View<'_>, job: &Job, state: &mut GraphState, actions: &mut Actions) {
    let area = ui.available_rect_before_wrap();
    let margin = if view.compact { 14.0 } else { 24.0 };
    let inner = area.shrink2(egui::vec2(margin, margin * 0.7)).round();
    let ground = ui.interact(area, ui.scope_id().with(("graph", job.id)), Sense::click());
    let layout = match state.layout.take() {
        Some((id, rect, layout)) if id == job.id && rect == inner => layout,
        _ => GraphLayout::new(&job.graph, inner),
    };
    let moving = state.traffic.update(job, view.model.next, &layout, pace(ui, view));
    view.repaint_while(ui.ctx(), moving);
    state.rates.update(job, view.model.now);

    let frame = Frame { view, job, layout: &layout, traffic: &state.traffic, rates: &state.rates };
    bed::beds(ui.painter(), view.theme, &layout.beds, layout.channel_width);
    frame.vertices(ui, actions);
    frame.ports(ui);
    frame.full_channels(ui);
    let pills = frame.pills(ui);
    strip::paint(ui.painter(), view, job, &layout, inner);
    frame.travellers(ui, &ground, pills, actions);
    state.layout = Some((job.id, inner, layout));
}

/// Records keep their speed on screen, and slow down with the lab clock.
fn pace(ui: &Ui, view: &View<'_>) -> Pace {
    let fastest = view.theme.motion.record_pixels_per_second_max;
    let share = if view.clock.playing { view.clock.speed.clamp(0.25, 1.0) as f32 } else { 1.0 };
    let seconds = ui.input(|input| input.stable_dt).min(0.05);
    Pace { points: fastest * share * seconds, jump: view.reduced_motion }
}

/// One frame of the graph.
struct Frame<'a> {
    view: &'a View<'a>,
    job: &'a Job,
    layout: &'a GraphLayout,
    traffic: &'a Traffic,
    rates: &'a Rates,
}

/// A record as it stands on the screen.
struct Seen {
    at: Pos2,
    record: RecordId,
    rows: usize,
    /// Whether its channel rises: words then stand above it, away from the other channels.
    rises: bool,
}

impl Frame<'_> {
    fn vertices(&self, ui: &mut Ui, actions: &mut Actions) {
        let (job, layout) = (self.job, self.layout);
        let newest_write = job.subtasks().filter_map(|s| s.last_write()).map(|e| e.sequence).max();
        let followed = self.followed();
        for ((vertex, place), subtasks) in
            job.graph.vertices.iter().zip(&layout.vertices).zip(&job.vertices)
        {
            // Bars are too thin to show by themselves which is selected.
            let alone = place.lanes.is_empty() || layout.detail == Detail::Bar;
            let chosen = self.view.selection.subtask;
            let selected = alone && subtasks.iter().any(|subtask| chosen == Some(subtask.id));
            let of = (place.rect, layout.detail);
            let only = match subtasks.as_slice() {
                [subtask] if place.lanes.is_empty() => Some(subtask),
                _ => None,
            };
            vertex::frame(ui.painter(), self.view.theme, vertex, of, (only, selected));
            if let Some(subtask) = only {
                let of = (vertex, place);
                vertex::closed(ui.painter(), self.view, job, of, subtask, layout.detail);
                self.subtask_response(ui, place.rect, subtask.id, actions);
            }
            for (subtask, rect) in subtasks.iter().zip(&place.lanes) {
                let lane = lane::Lane {
                    rect: *rect,
                    detail: layout.detail,
                    selected: self.view.selection.subtask == Some(subtask.id),
                    lit: followed == Some(subtask.id),
                    newest_write,
                };
                lane::paint(ui.painter(), self.view, job, subtask, lane);
                self.subtask_response(ui, *rect, subtask.id, actions);
            }
        }
    }

    fn subtask_response(&self, ui: &mut Ui, rect: Rect, id: SubtaskId, actions: &mut Actions) {
        let response = ui.interact(rect, ui.scope_id().with(("subtask", id)), Sense::click());
        let selected = self.view.selection.subtask == Some(id);
        response.widget_info(|| {
            let state = self.job.subtask(id).map_or("", |s| words::execution_state(s.state));
            let name = format!("{} {state}", words::subtask(self.view, self.job, id));
            WidgetInfo::selected(Role::Button, true, selected, name)
        });
        if response.clicked() {
            let subtask = (!selected).then_some(id);
            actions.push(Action::Select(Selection { subtask, ..Selection::default() }));
        }
        crate::gui::widgets::focus_ring(ui, &response, self.view.theme.radius.card);
    }

    /// Where the followed record is: who took it last, or the receiver of its channel.
    fn followed(&self) -> Option<SubtaskId> {
        let id = self.view.selection.record?;
        let holds = |kind: &ItemKind| matches!(kind, ItemKind::Records(ids) if ids.contains(&id));
        let on_the_way = self.job.channels.iter().find(|c| c.items.iter().any(|i| holds(&i.kind)));
        let here = |s: &&crate::model::Subtask| s.current == Some(id);
        on_the_way
            .map(|channel| channel.to)
            .or_else(|| self.job.subtasks().find(here).map(|s| s.id))
    }

    fn ports(&self, ui: &Ui) {
        let radius = match self.layout.detail {
            Detail::Full | Detail::Compact | Detail::Tall => 5.0,
            Detail::Row => 3.5,
            Detail::Bar => 0.0,
        };
        if radius > 0.0 {
            for at in &self.layout.ports {
                bed::port(ui.painter(), self.view.theme, *at, radius);
            }
        }
    }

    /// Writes the partitioners; answers where.
    fn pills(&self, ui: &Ui) -> Vec<Rect> {
        let edges = &self.job.graph.edges;
        let mut written = Vec::with_capacity(edges.len());
        for (position, (edge, place)) in edges.iter().zip(&self.layout.pills).enumerate() {
            let words = self.partitioner(edge);
            let alike = |other: &EdgeShape| {
                (other.from, other.to) == (edge.from, edge.to) && self.partitioner(other) == words
            };
            // Over the water it is written only where nobody else who comes here says the same.
            let said = |(other, pill): (&EdgeShape, &Pill)| {
                pill.free && other.to == edge.to && self.partitioner(other) == words
            };
            let drowned = !place.free && edges.iter().zip(&self.layout.pills).any(said);
            if drowned || edges[..position].iter().any(alike) {
                continue;
            }
            written.push(pill(ui.painter(), place.at, self.view.theme, &words));
            let all = edges.iter().enumerate().filter(|(_, other)| alike(other));
            self.rate(ui, all.map(|(edge, _)| self.rates.of(edge)).sum(), place.at);
        }
        written
    }

    /// How rows find their receiver, as there is room for it.
    fn partitioner(&self, edge: &EdgeShape) -> String {
        let place = |vertex: usize| self.layout.vertices.get(vertex).map(|place| place.rect);
        let gap = match (place(edge.from), place(edge.to)) {
            (Some(from), Some(to)) => to.left() - from.right(),
            _ => 0.0,
        };
        let words = words::partitioner(&edge.partitioner);
        match gap < PILL_FROM || self.layout.detail > Detail::Full {
            true => words.split(' ').next().unwrap_or_default().to_owned(),
            false => words,
        }
    }

    /// A flow that is too fast for the eye is said in numbers.
    fn rate(&self, ui: &Ui, rate: f64, pill: Pos2) {
        if rate < FAST || !self.view.clock.playing {
            return;
        }
        let words = self.view.tr_args("stage-rate", &[("rows", (rate.round() as u64).into())]);
        let look = (Type::LabelStrong, self.view.theme.palette.text.secondary);
        let at = pill + egui::vec2(0.0, 14.0);
        text::line(ui.painter(), at, egui::Align2::CENTER_TOP, look, &words, 120.0);
    }

    /// Channels that nobody can put anything into.
    fn full_channels(&self, ui: &Ui) {
        if self.layout.detail > Detail::Row {
            return;
        }
        let channels = self.job.channels.iter().zip(&self.layout.channels);
        for (channel, path) in channels.filter(|(channel, _)| channel.is_full()) {
            bed::buffers(ui.painter(), self.view.theme, path, channel.used, channel.capacity);
        }
    }

    /// The records on their way; rows are not written over what is written already.
    fn travellers(
        &self,
        ui: &mut Ui,
        ground: &Response,
        written: Vec<Rect>,
        actions: &mut Actions,
    ) {
        let seen = self.paint_travellers(ui);
        let near = ground.hover_pos().and_then(|pointer| {
            let reach = self.layout.record_radius + 4.0;
            let close = seen.iter().filter(|seen| seen.at.distance(pointer) <= reach);
            close.min_by(|a, b| a.at.distance(pointer).total_cmp(&b.at.distance(pointer)))
        });
        if near.is_some() {
            ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
        }
        if ground.clicked() {
            let record = near.map(|seen| seen.record);
            actions.push(Action::Select(Selection { record, ..Selection::default() }));
        }
        for one in seen.iter().take(MAX_NAMED) {
            self.name(ui, one, actions);
        }
        let hovered = near.map(|seen| seen.record);
        self.row_tags(ui, &seen, hovered, written);
    }

    fn paint_travellers(&self, ui: &Ui) -> Vec<Seen> {
        let (theme, radius) = (self.view.theme, self.layout.record_radius);
        let width = self.layout.channel_width;
        let painter = ui.painter();
        let mut seen = Vec::new();
        for (channel, path) in self.job.channels.iter().zip(&self.layout.channels) {
            for traveller in self.traffic.of(channel.id) {
                let (at, along) = path.at(traveller.way);
                match &traveller.item.kind {
                    ItemKind::Watermark(_) => bed::watermark(painter, theme, at, along, width),
                    ItemKind::Barrier(id) => bed::barrier(painter, theme, at, along, width, id.0),
                    ItemKind::Records(ids) => {
                        let Some(first) = ids.first() else { continue };
                        let record = self.view.model.records.get(*first);
                        bed::record(painter, theme, at, radius, record);
                        let rises = along.y < -0.05;
                        seen.push(Seen { at, record: *first, rows: ids.len(), rises });
                    }
                }
            }
        }
        let clear = radius.max(width / 2.0);
        for one in seen.iter().filter(|one| one.rows > 1) {
            let others = seen.iter().filter(|other| other.record != one.record);
            bed::count(painter, theme, (one.at, clear), one.rows, |badge| {
                others.clone().any(|other| badge.expand(radius).contains(other.at))
            });
        }
        seen
    }

    /// A record has a name and takes the keyboard, while there are few.
    fn name(&self, ui: &mut Ui, seen: &Seen, actions: &mut Actions) {
        let side = egui::Vec2::splat(2.0 * self.layout.record_radius + 8.0);
        let rect = Rect::from_center_size(seen.at, side);
        let response =
            ui.interact(rect, ui.scope_id().with(("record", seen.record)), Sense::click());
        let followed = self.view.selection.record == Some(seen.record);
        response.widget_info(|| {
            let text = self.view.model.records.get(seen.record).map(|r| r.text());
            let args = [("row", text.unwrap_or_default().into())];
            let name = self.view.tr_args("stage-record", &args);
            WidgetInfo::selected(Role::Button, true, followed, name)
        });
        if response.clicked() {
            let record = (!followed).then_some(seen.record);
            actions.push(Action::Select(Selection { record, ..Selection::default() }));
        }
        crate::gui::widgets::focus_ring(ui, &response, self.layout.record_radius as u8 + 4);
    }

    fn row_tags(&self, ui: &Ui, seen: &[Seen], hovered: Option<RecordId>, mut written: Vec<Rect>) {
        let (theme, radius) = (self.view.theme, self.layout.record_radius);
        let few = seen.len() <= MAX_ROWS && self.layout.detail == Detail::Full;
        let followed = self.view.selection.record;
        let is_named = |one: &&Seen| [followed, hovered].contains(&Some(one.record));
        // What is looked at is written first: the others give way.
        let (named, others): (Vec<_>, Vec<_>) = seen.iter().partition(is_named);
        for one in named.into_iter().chain(others.into_iter().filter(|_| few)) {
            let (named, followed) = (is_named(&one), followed == Some(one.record));
            let Some(record) = self.view.model.records.get(one.record) else { continue };
            if followed {
                bed::ring(ui.painter(), theme, one.at, radius);
            }
            let above = one.rises || !named;
            let cards = &self.layout.vertices;
            let tag = bed::Tag { text: &record.text(), framed: named, above, cards };
            bed::row_tag(ui.painter(), theme, (one.at, radius), &tag, &mut written);
        }
    }
}
